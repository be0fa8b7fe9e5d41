"""The town: places, moves, and who is where.

By day the living walk about, so many moves a day. One sees who is in one's own place: who comes is
seen by those there, who leaves is seen to go by those there, and neither learns whither or whence.
At dawn and at dusk everybody stands on the Town Square; nobody is seen to come or go for that. Who
has died or walked out stands nowhere: they see nobody and fill no place. The record of all moves is
the keeper's, and the raw material of tasks and rumors.

*The trace*: whoever killed at night had been somewhere the day before, and one such place, drawn,
is found at dawn. The Town Square does not count, for there everybody was.

What a seat knows of the others is the company in its own place: told whole when it walks in, and
kept up by who comes and goes. So the state keeps it by place: a viewer looks at one's own alone.
"""

import attrs

from mafia_district.catalogue import Place
from mafia_district.catalogue.records import SQUARE as SQUARE
from mafia_district.chance import shuffled
from mafia_district.ids import (
    BITS,
    EVERYONE,
    Day,
    Instant,
    Millis,
    PlaceId,
    PlayerId,
    Seats,
    has,
    members,
)
from mafia_district.machine import (
    Code,
    Command,
    Event,
    Events,
    Fact,
    Machine,
    Refused,
    allowed,
    interned,
    to_seat,
)
from mafia_district.phases import DAY, EXTENDED, DeadlineMoved, require_phase
from mafia_district.roster import (
    GameStarted,
    PlayerDied,
    PlayerLeft,
    SeatPassed,
    require_living,
)
from mafia_district.rules import Rules
from mafia_district.table import Table

Path = tuple[PlaceId, ...]


@attrs.frozen
class Move(Command):
    """Walk to another place."""

    place: PlaceId


@attrs.frozen
class CareersDealt(Event):
    """What everybody does for a living, by seat; public."""

    careers: tuple[str, ...]


@attrs.frozen
class DawnBroke(Event):
    """A day begins: everybody stands on the Town Square."""

    day: Day


@attrs.frozen
class DuskFell(Event):
    """An evening begins: everybody is brought to the Town Square; `vote` says if there is one."""

    day: Day
    vote: bool


@attrs.frozen
class WentAway(Event):
    """Somebody left a place, as those who are there see; not whither."""

    seat: PlayerId
    place: PlaceId


@attrs.frozen
class Walked(Event):
    """One's own move: where one is now, and who else is there, oneself included."""

    seat: PlayerId
    place: PlaceId
    company: Seats


@attrs.frozen
class CameIn(Event):
    """Somebody came into a place, as those who are there see; not whence."""

    seat: PlayerId
    place: PlaceId


@attrs.frozen
class SteppedIn(Event):
    """A substitute begins on the Town Square; who else is there, themself included."""

    seat: PlayerId
    company: Seats


@attrs.frozen
class TraceFound(Event):
    """The killer of one who died at night had been in this place the day before."""

    victim: PlayerId
    place: PlaceId


went_away = interned(WentAway)
walked = interned(Walked)
came_in = interned(CameIn)


class Town:
    """Where everybody is and has been.

    `salts` are those of the deal, by which the town's lots are drawn. `where` and the paths of
    today and yesterday are known of oneself; `company`, by place, of one's own place. Who is in no
    `where` stands on the Town Square.
    """

    __slots__ = (
        "careers", "company", "dawn", "day_length", "salts", "today", "traces", "where",
        "yesterday",
    )  # fmt: skip

    def __init__(self, rules: Rules) -> None:
        self.salts: tuple[bytes, ...] = ()
        self.careers: tuple[str, ...] = ()
        self.dawn: Instant = 0  # of today; it moves with the clock, so that hours keep their length
        self.day_length: Millis = 0  # from dawn to dusk
        self.where: dict[PlayerId, PlaceId] = {}
        self.company: dict[PlaceId, Seats] = {}
        self.today: dict[PlayerId, Path] = {}
        self.yesterday: dict[PlayerId, Path] = {}
        self.traces: tuple[TraceFound, ...] = ()

    def fork(self) -> "Town":
        """Copy the town; nothing that changes is shared."""
        copy = Town.__new__(Town)
        copy.careers, copy.traces, copy.yesterday = self.careers, self.traces, self.yesterday
        copy.dawn, copy.day_length, copy.salts = self.dawn, self.day_length, self.salts
        copy.where = self.where.copy()
        copy.company = self.company.copy()
        copy.today = self.today.copy()
        return copy

    def place(self, seat: PlayerId) -> PlaceId:
        """Give the place in which a seat is by day, as far as that is known here."""
        return self.where.get(seat, SQUARE)

    def at_dusk(self, seat: PlayerId) -> PlaceId:
        """Give the place in which a seat stood when the dusk of today fell, as far as known."""
        return self.today.get(seat, (SQUARE,))[-1]

    def here(self, seat: PlayerId) -> Seats:
        """Give all who are in a seat's place, as far as that is known here."""
        return self.company.get(self.place(seat), 0)

    def career(self, seat: PlayerId) -> str:
        """Give a seat's career, or an empty text before the deal."""
        return self.careers[seat] if 0 <= seat < len(self.careers) else ""


def require_town(table: Table) -> None:
    """Refuse what there is only in a town."""
    if not table.rules.town:
        raise Refused(Code.NO_TOWN, "this game is played without a town")


def require_daylight(table: Table, seat: PlayerId) -> None:
    """Refuse all but the living, by day, in a town."""
    require_town(table)
    require_phase(table.phases, DAY)
    require_living(table.roster, seat)


def require_in(table: Table, seat: PlayerId, place: PlaceId) -> None:
    """Refuse who does not stand in a place."""
    if table.town.place(seat) != place:
        title = table.rules.catalogue.place(place).title
        raise Refused(Code.NOT_HERE, f"that is done in the place {title}")


def require_company(table: Table, seat: PlayerId, other: PlayerId) -> None:
    """Refuse all but another living player who is in the same place."""
    if not has(beside(table, seat), other):
        raise Refused(Code.NOT_HERE, "that takes another living player in the same place")


def beside(table: Table, seat: PlayerId) -> Seats:
    """Give the mask of those who stand by day in the same place as a seat that lives there."""
    if not allowed(require_daylight, table, seat):
        return 0
    return table.town.here(seat) & ~(1 << seat)


def moves_left(table: Table, seat: PlayerId) -> int:
    """Count how often a seat may still walk today; never by night, nor when it is gone."""
    if not allowed(require_daylight, table, seat):
        return 0
    return table.rules.moves_a_day - len(table.town.today.get(seat, ()))


def places_open(table: Table, seat: PlayerId) -> tuple[PlaceId, ...]:
    """List where a seat may try to walk; whether a place is full one learns by trying.

    The hours are left out: the present instant is that of the last command, and so of anybody's.
    """
    here, career = table.town.place(seat), table.town.career(seat)
    places = table.rules.catalogue.places if moves_left(table, seat) else ()
    return tuple(place.id for place in places if place.id != here and place.admits(career))


def careers(table: Table) -> CareersDealt:
    """Deal the careers: each as often as any other, as far as the seats go; a reaction."""
    seats = members(table.roster.seats)
    names = [career.id for career in table.rules.catalogue.careers]
    order = shuffled(table.lot("careers", 0), names)
    dealt = [""] * table.roster.seats.bit_length()
    for place, seat in enumerate(seats):
        dealt[seat] = order[place % len(order)]
    return CareersDealt(tuple(dealt))


def stepped_in(table: Table, seat: PlayerId) -> SteppedIn:
    """Let somebody stand on the Town Square in the place of one who has walked out."""
    return SteppedIn(seat, table.town.company.get(SQUARE, 0) | BITS[seat])


def _move(table: Table, town: Town, command: Move) -> Events:
    seat, old = command.actor, town.place(command.actor)
    require_daylight(table, seat)
    new = _place(table, command.place)
    if new.id == old:
        raise Refused(Code.NO_SUCH_PLACE, "you are there already")
    if not moves_left(table, seat):
        raise Refused(Code.NO_MOVES_LEFT, "you have walked as often as one may in a day")
    if not new.admits(town.career(seat)):
        raise Refused(Code.NOT_HERE, f"the place {new.title} is for some careers only")
    if new.closes_ms and not _open_at(table, new):
        raise Refused(Code.CLOSED, f"the place {new.title} is closed at this hour")
    there = town.company.get(new.id, 0)
    if new.capacity and there.bit_count() >= new.capacity:
        raise Refused(Code.FULL, f"the place {new.title} is full")
    return went_away(seat, old), walked(seat, new.id, there | 1 << seat), came_in(seat, new.id)


def _place(table: Table, name: PlaceId) -> Place:
    try:
        return table.rules.catalogue.place(name)
    except ValueError as unknown:
        raise Refused(Code.NO_SUCH_PLACE, str(unknown)) from None


def _open_at(table: Table, place: Place) -> bool:
    """Tell whether a place is open now; its hours are counted from dawn."""
    if not place.closes_ms or table.phases.deadline is None:
        return True
    return place.opens_ms <= table.at - table.town.dawn < place.closes_ms


def _those_here(table: Table, event: WentAway | CameIn) -> Seats:
    """Audience: who is in the place at this moment, and who walks."""
    return table.town.company.get(event.place, 0) | 1 << event.seat


def _game_started(table: Table, town: Town, event: GameStarted) -> None:
    town.salts = tuple(bytes.fromhex(salt) for _, _, salt in event.salts)


def _careers_dealt(table: Table, town: Town, event: CareersDealt) -> None:
    town.careers = event.careers


def _gather(table: Table, town: Town) -> None:
    """Put everybody on the Town Square."""
    town.where = {}
    town.company = {SQUARE: table.roster.here}


def _dawn_broke(table: Table, town: Town, event: DawnBroke) -> None:
    _gather(table, town)
    town.yesterday, town.today = town.today, {}
    town.dawn = table.at
    town.day_length = table.rules.day_ms


def _deadline_moved(table: Table, town: Town, event: DeadlineMoved) -> None:
    """Lengthen an extended day, and shift one that stood still."""
    if event.why == EXTENDED:
        town.day_length = event.deadline - town.dawn
    else:
        town.dawn = event.deadline - town.day_length


def _dusk_fell(table: Table, town: Town, event: DuskFell) -> None:
    _gather(table, town)


def _went_away(table: Table, town: Town, event: WentAway) -> None:
    town.company[event.place] = town.company.get(event.place, 0) & ~(1 << event.seat)


def _walked(table: Table, town: Town, event: Walked) -> None:
    seat, place = event.seat, event.place
    town.where[seat] = place
    town.company[place] = event.company
    town.today[seat] = (*town.today.get(seat, ()), place)


def _came_in(table: Table, town: Town, event: CameIn) -> None:
    town.company[event.place] = town.company.get(event.place, 0) | 1 << event.seat


def _gone(table: Table, town: Town, event: PlayerDied | PlayerLeft) -> None:
    """Take somebody away from wherever they stood; seen from afar, that may be anywhere."""
    rest = ~(1 << event.seat)
    town.company = {place: seats & rest for place, seats in town.company.items()}


def _seat_passed(table: Table, town: Town, event: SeatPassed) -> None:
    """Let those on the Town Square see who comes back for one who had walked out."""
    if event.left:
        town.company[SQUARE] = town.company.get(SQUARE, 0) | BITS[event.seat]


def _stepped_in(table: Table, town: Town, event: SteppedIn) -> None:
    town.where.pop(event.seat, None)
    town.company[SQUARE] = event.company


def _trace_found(table: Table, town: Town, event: TraceFound) -> None:
    town.traces += (event,)


MACHINE = Machine(
    name="town",
    begin=Town,
    commands={Move: _move},
    events={
        CareersDealt: Fact(EVERYONE, _careers_dealt),
        DawnBroke: Fact(EVERYONE, _dawn_broke),
        DuskFell: Fact(EVERYONE, _dusk_fell),
        WentAway: Fact(_those_here, _went_away),
        Walked: Fact(to_seat, _walked),
        CameIn: Fact(_those_here, _came_in),
        SteppedIn: Fact(to_seat, _stepped_in),
        TraceFound: Fact(EVERYONE, _trace_found),
    },
    hears={
        GameStarted: _game_started,
        DeadlineMoved: _deadline_moved,
        PlayerDied: _gone,
        PlayerLeft: _gone,
        SeatPassed: _seat_passed,
    },
)
