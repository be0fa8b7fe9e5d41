"""Evidence: what a seat knows of the others, put in order so that it can be weighed.

Everything is gathered from the view and from what has been heard; nothing is weighed here. A trace
is about one day and one place, so that what counts is who was *there then*: whom one has seen, who
says so of themself, of whom others say so.

What the dead have been shown to be decides whom to believe: what a proven liar said is left out.
"""

from collections import defaultdict

from mafia_district.bots import talk
from mafia_district.bots.memory import Memory, Statement, When
from mafia_district.ids import NOBODY, Day, PlaceId, PlayerId, Seats, has
from mafia_district.items import PathSeen, VisitorsHeard
from mafia_district.roles import Book
from mafia_district.sayings import ROLE, WHEREABOUTS
from mafia_district.view import View

INVESTIGATE = "investigate"
TOWN = "town"


class Evidence:
    """What one seat knows of the others; `private` False leaves out what only it can know.

    Masks are of seats: `proven` mafia and `cleared` townspeople among all, as deaths have shown.
    """

    def __init__(self, view: View, memory: Memory, *, private: bool = True) -> None:
        self.proven: Seats = 0
        self.cleared: Seats = 0
        self.present: dict[When, Seats] = defaultdict(int)  # seen there by somebody
        self.admitted: dict[When, Seats] = defaultdict(int)
        self.paths: dict[tuple[Day, PlayerId], tuple[PlaceId, ...]] = {}  # of whole days
        self.visits: list[tuple[PlayerId, Seats]] = []
        self.checks: list[tuple[PlayerId, PlayerId, bool]] = []  # who says, of whom, if not town
        self.sheriffs: Seats = 0
        self.lineups: set[tuple[Seats, str]] = set()  # one of these is of this role
        self.accusers: dict[PlayerId, Seats] = defaultdict(int)  # today, by the accused
        self.bots = memory.bots
        self.traces = memory.traces
        self._read_deaths(view, memory)
        for statement in memory.statements:
            own = private and statement.speaker == view.viewer  # it knows that by itself
            if not own and not has(self.proven, statement.speaker):
                self._believe(statement, view.day)
        if private:
            self._read_own(view, memory)

    def crowded(self, when: When, living: int) -> bool:
        """Tell whether half of the living were somewhere, so that it means little to have been."""
        return 2 * (self.present[when] | self.admitted[when]).bit_count() >= living

    def _read_deaths(self, view: View, memory: Memory) -> None:
        for seat in memory.names:
            if not has(view.alive, seat):
                self._place(seat, alignment(view.rules.book, view.role_of(seat)))

    def _place(self, seat: PlayerId, side: str) -> None:
        self.proven |= (side == "mafia") << seat
        self.cleared |= (side == TOWN) << seat

    def _believe(self, said: Statement, today: Day) -> None:
        """Put a statement where it belongs."""
        speaker, when = said.speaker, [(said.day, place) for place in said.places]
        if said.kind == talk.WITNESS:
            for key in when:
                self.admitted[key] |= 1 << speaker
                self.present[key] |= said.names
        elif said.kind == talk.PRESENCE:
            for key in when:
                self.admitted[key] |= 1 << speaker
        elif said.kind == talk.ROLE_RUMOR:
            self.lineups.add((said.names, said.role))
        elif said.who == NOBODY:
            return  # of one of whom nobody has heard, or no more than a greeting
        elif said.kind == talk.GLASS:
            self.paths[said.day, said.who] = said.places
        elif said.kind == talk.SEEN_RUMOR:
            for key in when:
                self.present[key] |= 1 << said.who
        elif said.kind in (talk.GUILTY, talk.INNOCENT):
            self.sheriffs |= 1 << speaker
            self.checks.append((speaker, said.who, said.kind == talk.GUILTY))
        elif said.kind == talk.WIRE:
            self.visits.append((said.who, said.names))
        elif said.kind == talk.ACCUSATION and said.day == today:
            self.accusers[said.who] |= 1 << speaker

    def _read_own(self, view: View, memory: Memory) -> None:
        """Add what the seat has found out by itself."""
        me = view.viewer
        for key, seats in memory.seen.items():
            self.present[key] |= seats
        for result in view.results:
            if result.action == INVESTIGATE and result.result in ("town", "not_town"):
                self.checks.append((me, result.target, result.result == "not_town"))
        if view.town is None:
            return
        for learnt in view.town.learnt:
            if isinstance(learnt.fact, PathSeen):
                self.paths[learnt.day - 1, learnt.fact.target] = learnt.fact.places
            elif isinstance(learnt.fact, VisitorsHeard):
                heard = sum(1 << seat for seat in learnt.fact.visitors)
                self.visits.append((learnt.fact.target, heard))
        told = {said.day for said in memory.statements if said.kind == talk.ROLE_RUMOR}
        for rumor in memory.rumors:
            if rumor.category == ROLE and (rumor.giver == NOBODY or rumor.day not in told):
                self.lineups.add((sum(1 << seat for seat in rumor.persons), rumor.role))
            elif rumor.category == WHEREABOUTS:
                self.present[rumor.day - 1, rumor.place] |= sum(1 << s for s in rumor.persons)


def alignment(book: Book, shown: str) -> str:
    """Give the alignment of what a death has shown: a role, or an alignment by itself."""
    known = book.find(shown)
    return known.alignment if known else shown
