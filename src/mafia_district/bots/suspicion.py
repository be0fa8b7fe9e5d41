"""Suspicion: how likely each other player is to be mafia, as the log of the odds.

Each piece of evidence adds its weight; zero is what the numbers of roles alone would say. The
weights stand in one table and are rough logarithms of how much likelier the evidence is if the
player is mafia than if not. Who was at the place of a trace gains, who was known to be elsewhere
all day loses; who was seen there and keeps silent about it gains most. Ballots count once the one
they named is dead and known. A sheriff is believed until there are more of them than were dealt.
"""

from math import log
from typing import Final

from mafia_district.bots.evidence import Evidence, alignment
from mafia_district.ids import PlayerId, Seats, has, members
from mafia_district.roles import Book
from mafia_district.view import View

CHECKED: Final = 5.0  # by a sheriff whom one believes
MASKABLE: Final = 0.7  # of that weight, for an innocent: it may be a mask
CONTESTED: Final = 1.0  # by one of too many sheriffs
SHERIFF: Final = -3.0  # says so, and nobody contests it
LIED: Final = 5.0  # a sheriff whose word a death has disproved
ELSEWHERE: Final = -1.6  # the whole path is known, and the trace does not lie on it
CONCEALED: Final = 1.0  # besides, who was seen at the trace and does not say so
NOT_SEEN: Final = -0.5  # at the trace, where somebody was who would say so
VISITOR: Final = 2.0  # came in the night to one who died
NAMED: Final = 0.8  # in a rumor of a mafia role
NAMED_GOOD: Final = -0.3  # in a rumor of any other role
ACCUSED: Final = 0.25  # by each who accuses today
VOTED_MAFIA: Final = -0.7
VOTED_TOWN: Final = 0.2


class Suspicion:
    """The scores of all living players but the viewer, by seat."""

    def __init__(self, view: View, evidence: Evidence) -> None:
        self.scores = dict.fromkeys(members(view.alive & ~(1 << view.viewer)), 0.0)
        self.evidence = evidence
        self._weigh_traces()
        self._weigh_claims(view)
        self._weigh_words(view.rules.book)
        self._weigh_ballots(view)

    def of(self, seat: PlayerId) -> float:
        """Give a seat's score, 0 for the viewer and the dead."""
        return self.scores.get(seat, 0.0)

    def most(self, among: Seats) -> list[PlayerId]:
        """Rank the seats of a mask, the most suspicious first."""
        return sorted(members(among), key=lambda seat: (-self.of(seat), seat))

    def _add(self, seats: Seats, weight: float) -> None:
        for seat in members(seats):
            if seat in self.scores:
                self.scores[seat] += weight

    def _weigh_traces(self) -> None:
        for day, place in self.evidence.traces:
            there = self.evidence.present[day, place] | self.evidence.admitted[day, place]
            if not there & self.evidence.proven:
                self._weigh_trace(day, place)

    def _weigh_trace(self, day: int, place: str) -> None:
        """Weigh a trace: the fewer were there, the more it says of them."""
        known, when = self.evidence, (day, place)
        present, admitted = known.present[when], known.admitted[when]
        there = (present | admitted).bit_count() or 1
        crowd = known.crowded(when, len(self.scores))
        at_trace = log(max(1.0, len(self.scores) / there))
        for seat in self.scores:
            path = known.paths.get((day, seat))
            if path is not None:
                self.scores[seat] += at_trace if place in path else ELSEWHERE
            elif has(present | admitted, seat):
                silent = has(known.bots & ~admitted, seat) and not crowd
                self.scores[seat] += at_trace + CONCEALED * silent
            elif admitted:
                self.scores[seat] += NOT_SEEN

    def _weigh_claims(self, view: View) -> None:
        """Weigh what sheriffs have found, and whether they are to be believed."""
        sheriffs, liars = self.evidence.sheriffs, self._liars(view)
        contested = sheriffs.bit_count() > _dealt(view)
        self._add(liars, LIED)
        self._add(sheriffs & ~liars, 0.0 if contested else SHERIFF)
        for speaker, target, guilty in self.evidence.checks:
            if has(liars, speaker):
                continue
            sure = speaker == view.viewer or not contested
            weight = CHECKED if sure else CONTESTED
            self._add(1 << target, weight if guilty else -weight * MASKABLE)

    def _liars(self, view: View) -> Seats:
        """Give the sheriffs who have called somebody what a death has shown not to be so."""
        known = self.evidence
        lies = 0
        for speaker, target, guilty in known.checks:
            lies |= has(known.cleared if guilty else known.proven, target) << speaker
        return lies & ~(1 << view.viewer)

    def _weigh_words(self, book: Book) -> None:
        known = self.evidence
        for names, role in known.lineups:
            self._add(names, NAMED if alignment(book, role) == "mafia" else NAMED_GOOD)
        for target, visitors in known.visits:
            if target not in self.scores:
                self._add(visitors, VISITOR / max(1, visitors.bit_count()))
        for target, accusers in known.accusers.items():
            self._add(1 << target, ACCUSED * accusers.bit_count())

    def _weigh_ballots(self, view: View) -> None:
        known = self.evidence
        for verdict in view.verdicts:
            for voter, target in verdict.ballots:
                if has(known.proven, target):
                    self._add(1 << voter, VOTED_MAFIA)
                elif has(known.cleared, target):
                    self._add(1 << voter, VOTED_TOWN)


def _dealt(view: View) -> int:
    """Count the investigators among the roles that were dealt."""
    return sum(count for name, count in view.roles if investigates(view.rules.book, name))


def investigates(book: Book, role: str) -> bool:
    """Tell whether a role investigates at night."""
    held = book.find(role)
    return held is not None and held.can("investigate")
