"""What a player remembers: whom it saw where, and what it has heard, read only once.

A player that begins in the middle, or again after a restart, reads at its first look all that the
view has of its seat's past: what was said and heard, its traces and its results. Whom the seat met,
and whom it visited on the nights before, no view shows; that it lacks, and it takes it that an
arsonist who sat there went to a house every night.

The trace of a death is of the day before it was found, and the view does not date deaths. The votes
do: the dead had a ballot in the last vote before it.
"""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from mafia_district.bots.talk import Line, parse
from mafia_district.chat import MessageSaid
from mafia_district.ids import NOBODY, Day, PlaceId, PlayerId, Seats
from mafia_district.night.deed import FACTION_KILL
from mafia_district.phases import DAY, EVENING
from mafia_district.town import SQUARE
from mafia_district.town_view import RumorView, TownView
from mafia_district.view import View

DOUSE = "douse"
_OPEN_ROOMS = frozenset({"town", "place"})


When = tuple[Day, PlaceId]


class Statement(NamedTuple):
    """A canned line as it was meant: who said it, of which seats, places and role."""

    speaker: PlayerId
    kind: str
    day: Day
    who: PlayerId
    names: Seats
    places: tuple[PlaceId, ...]
    role: str


class Memory:
    """The sightings of one player by day and place, and the statements of all."""

    __slots__ = (
        "_places", "_read", "_roles", "_seats", "bots", "doused", "forgotten", "idle", "names",
        "phase", "rumors", "seen", "statements", "struck", "texts", "traces", "tried", "words",
    )  # fmt: skip

    def __init__(self) -> None:
        self.seen: dict[tuple[Day, PlaceId], Seats] = {}
        self.statements: list[Statement] = []
        self.texts: set[tuple[PlayerId, str]] = set()  # who has said what
        self.names: dict[PlayerId, str] = {}
        self.bots: Seats = 0
        self.phase = 0  # the number of the phase of its last look
        self.words = 0  # how often it has spoken in this phase
        self.tried: set[PlaceId] = set()  # where it has tried to go in this phase
        self.idle = 0  # how often there has been nothing more to do
        self.traces: tuple[When, ...] = ()
        self.rumors: tuple[RumorView, ...] = ()  # as of this evening
        self.doused: Seats = 0
        self.forgotten = 0  # nights on which its seat has acted without it
        self.struck: Seats = 0  # whom it chose to kill last
        self._read = 0
        self._roles: Mapping[str, str] = {}
        self._seats: dict[str, PlayerId] = {}
        self._places: dict[str, PlaceId] = {}

    def begin(self, view: View) -> None:
        """Note what changes from phase to phase only; at the first look, all of it."""
        first = not self.names
        if not first and self.phase == view.phase_number:
            return
        self.phase = view.phase_number
        self.words = self.idle = 0
        self.tried = set()
        if first:
            self._meet(view)
            self._resume(view)
        if town := view.town:
            if first or view.phase is DAY:
                self.traces = traces(view, town)
            if first or view.phase is EVENING:
                self.rumors = town.rumors

    def _resume(self, view: View) -> None:
        """Take over what the seat has done: tonight by the view, before by the calendar."""
        self.forgotten = view.day - 1
        for own in (action for action in view.actions if action.seat == view.viewer):
            if own.action == DOUSE:
                self.doused |= 1 << own.target
            elif own.action == FACTION_KILL:
                self.struck = 1 << own.target

    def look(self, view: View, place: PlaceId, here: Seats) -> None:
        """Remember who is beside the player; on the Town Square everybody is."""
        if place != SQUARE:
            key = view.day, place
            self.seen[key] = self.seen.get(key, 0) | here & ~(1 << view.viewer)

    def listen(self, view: View) -> int:
        """Read the messages that are new, and count all."""
        messages = view.messages
        if self._read == len(messages):
            return self._read
        for message in messages[self._read :]:
            if isinstance(message, MessageSaid):
                self._hear(message)
        self._read = len(messages)
        return self._read

    def _meet(self, view: View) -> None:
        """Learn who sits where; a name that two have means neither."""
        for seat in view.seats:
            self.names[seat.seat] = seat.name
            self.bots |= seat.bot << seat.seat
        twice = Counter(self.names.values())
        self._seats = {name: seat for seat, name in self.names.items() if twice[name] == 1}
        self._roles = view.rules.book.names
        self._places = {place.title: place.id for place in view.rules.catalogue.places}

    def _hear(self, message: MessageSaid) -> None:
        self.texts.add((message.seat, message.text))
        if message.room in _OPEN_ROOMS and (line := parse(message.text)):
            self.statements.append(self._understand(message.seat, line))

    def _understand(self, speaker: PlayerId, line: Line) -> Statement:
        """Find the seats and places that a line names; unknown names mean nobody."""
        return Statement(
            speaker,
            line.kind,
            line.day,
            self._seats.get(line.who, NOBODY),
            sum({1 << self._seats[name] for name in line.names if name in self._seats}),
            tuple(self._places[title] for title in line.places if title in self._places),
            self._roles.get(line.role, ""),
        )


def traces(view: View, town: TownView) -> tuple[When, ...]:
    """Date the traces: each with the day on which the killer was in the place."""
    return tuple((_last_day(view, trace.victim), trace.place) for trace in town.traces)


def _last_day(view: View, victim: PlayerId) -> Day:
    """Give the last day on which somebody was alive in the evening, by the votes they cast."""
    first = 1 if view.rules.vote_on_day_one else 2
    return max(
        (
            first + number
            for number, verdict in enumerate(view.verdicts)
            if any(voter == victim for voter, _ in verdict.ballots)
        ),
        default=1,
    )
