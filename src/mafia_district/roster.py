"""The roster: who sits where, who lives, and who holds which role.

Every machine may read it and none but itself writes it. A seat's role is known here as far as the
events told it: the whole game knows all roles, the fold of one viewer's events knows that viewer's
own, its faction's, and what deaths have shown. Living seats and factions are kept as masks, so
that a headcount is one instruction and no count is stored that a viewer could not know.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import attrs

from mafia_district.cast import NOBODY_CAST, cast
from mafia_district.deal import Salt
from mafia_district.ids import (
    BITS,
    EVERYONE,
    KEEPER,
    MAX_SEATS,
    NOBODY,
    Day,
    PlayerId,
    Seats,
    has,
    members,
)
from mafia_district.machine import Code, Event, Fact, Machine, Refused, interned, to_seat
from mafia_district.roles import Book, Role
from mafia_district.rules import Rules

LEFT_TOWN: Final = "left_town"
LYNCHED: Final = "lynched"
MAX_NAME: Final = 32


@attrs.frozen
class SeatTaken(Event):
    """Somebody sat down; `commitment` is the digest of the salt that they add to the deal."""

    seat: PlayerId
    name: str = attrs.field(metadata={"erasable": True})
    bot: bool
    commitment: str


@attrs.frozen
class SeatLeft(Event):
    """Somebody got up before the game began, or was sent away."""

    seat: PlayerId
    kicked: bool


@attrs.frozen
class SeatPassed(Event):
    """Somebody else holds a seat now; `left` says that its last person had walked out."""

    seat: PlayerId
    name: str = attrs.field(metadata={"erasable": True})
    bot: bool
    left: bool


@attrs.frozen
class HostChanged(Event):
    """Another seat hosts the table now."""

    seat: PlayerId


@attrs.frozen
class GameStarted(Event):
    """The deal is made: what everybody needs to check it, once the seed is shown.

    `roles` are the counts; `salts` lists (seat, commitment, salt) of those who gave a salt, in
    seat order.
    """

    commitment: str
    roles: tuple[tuple[str, int], ...]
    salts: tuple[Salt, ...]


@attrs.frozen
class RolesDealt(Event):
    """The deal: a role name by seat, empty where there is no seat or where it is not told."""

    roles: tuple[str, ...]


@attrs.frozen
class PlayerDied(Event):
    """A death; `shown` is what the rules tell of the dead: role, alignment or nothing."""

    seat: PlayerId
    cause: str
    shown: str


@attrs.frozen
class PlayerLeft(Event):
    """A player walked out; the seat counts until the phase ends and then dies."""

    seat: PlayerId


@attrs.frozen
class RolesShown(Event):
    """The end: every role, by seat."""

    roles: tuple[str, ...]


@attrs.frozen
class RoleRevealed(Event):
    """Somebody, while they live, is shown to all for what they are."""

    seat: PlayerId
    role: str


@attrs.frozen
class LoversPaired(Event):
    """Who is in love with whom; each pair knows of itself alone."""

    pairs: tuple[Seats, ...]


@attrs.frozen
class RoleTurned(Event):
    """Somebody has become something else; known to them and to the faction they are of now."""

    seat: PlayerId
    role: str


@attrs.frozen
class MatesTold(Event):
    """A newcomer learns who is of their faction: role names by seat, empty for all others."""

    seat: PlayerId
    roles: tuple[str, ...]


roles_dealt = interned(RolesDealt)
roles_shown = interned(RolesShown)


class Roster:
    """Seats, names, life and roles; masks where a set is meant, lists by seat elsewhere."""

    __slots__ = (
        "alive",
        "book",
        "bots",
        "cast",
        "deal",
        "dealt",
        "gone",
        "here",
        "host",
        "last_death",
        "lynched",
        "names",
        "now",
        "pairs",
        "revealed",
        "seats",
        "shown",
    )

    def __init__(self, rules: Rules) -> None:
        self.book: Book = rules.book
        self.cast = NOBODY_CAST  # as far as it is known here
        self.seats: Seats = 0
        self.bots: Seats = 0
        self.alive: Seats = 0
        self.gone: Seats = 0  # walked out, and die when the phase ends
        self.here: Seats = 0  # live and have not walked out: those who may act
        self.revealed: Seats = 0  # live, and were shown to all for what they are
        self.lynched: Seats = 0
        self.pairs: tuple[Seats, ...] = ()  # who die together, where lovers are linked by two
        self.dealt = False
        self.host: PlayerId = NOBODY
        self.names: Mapping[PlayerId, str] = {}
        self.deal: tuple[str, ...] = ()  # as it was dealt
        self.now: tuple[str, ...] = ()  # what has become of it
        self.shown: dict[PlayerId, str] = {}
        self.last_death: Day = 0

    def fork(self) -> "Roster":
        """Copy the roster; nothing that changes is shared."""
        copy = Roster.__new__(Roster)
        copy.book = self.book
        copy.seats, copy.bots = self.seats, self.bots
        copy.alive, copy.gone, copy.here = self.alive, self.gone, self.here
        copy.cast, copy.dealt, copy.host = self.cast, self.dealt, self.host
        copy.deal, copy.now, copy.last_death = self.deal, self.now, self.last_death
        copy.revealed, copy.lynched, copy.pairs = self.revealed, self.lynched, self.pairs
        copy.names = self.names  # which a change makes anew, for a game is copied far more often
        copy.shown = self.shown.copy() if self.shown else {}
        return copy

    @property
    def dead(self) -> Seats:
        """Mask of the seats that have died."""
        return self.seats & ~self.alive if self.dealt else 0

    @property
    def persons(self) -> Seats:
        """Mask of the seats that people hold."""
        return self.seats & ~self.bots

    def role(self, seat: PlayerId) -> Role | None:
        """Give the role of a seat as far as it is known here."""
        return self.cast.roles[seat] if 0 <= seat < len(self.cast.roles) else None

    def with_trait(self, trait: str) -> Seats:
        """Give the mask of those whose roles are known here to have a trait."""
        held = [(1 << seat, own) for seat, own in enumerate(self.cast.roles) if own is not None]
        return sum(bit for bit, own in held if trait in own.traits)

    @property
    def love(self) -> tuple[Seats, ...]:
        """List the masks of those who die together: pairs, or all lovers at once."""
        return self.pairs or (self.with_trait("lover"),)

    def faction(self, seat: PlayerId) -> Seats:
        """Give the mask of the faction that a seat knows as its own; 0 for those without one."""
        return self.cast.mates[seat] if 0 <= seat < len(self.cast.mates) else 0


def require_seat(roster: Roster, seat: PlayerId) -> None:
    """Refuse a seat that nobody holds."""
    if not has(roster.seats, seat):
        raise Refused(Code.NO_SUCH_SEAT, f"there is no seat {seat} at this table")


def require_name(name: str) -> None:
    """Refuse what nobody at a table may be called."""
    if not 1 <= len(name.strip()) <= MAX_NAME or not name.isprintable():
        raise Refused(Code.BAD_NAME, f"a name has 1 to {MAX_NAME} printable characters")


def require_host(roster: Roster, actor: PlayerId) -> None:
    """Refuse all but the host and the house."""
    if actor not in (roster.host, KEEPER):
        raise Refused(Code.NOT_HOST, "only the host may do that")


def require_house(actor: PlayerId) -> None:
    """Refuse all but the house itself."""
    if actor != KEEPER:
        raise Refused(Code.NOT_HOST, "that is the house's own command")


def require_living(roster: Roster, seat: PlayerId) -> None:
    """Refuse a seat that is dead, has left, or is not there."""
    if seat >= 0 and roster.here >> seat & 1:
        return
    require_seat(roster, seat)
    raise Refused(Code.DEAD, "the dead and those who left do not act")


def require_target(roster: Roster, seat: PlayerId) -> None:
    """Refuse a target that does not live."""
    if seat < 0 or not roster.alive >> seat & 1:
        raise Refused(Code.BAD_TARGET, f"seat {seat} is not a living player")


def death(roster: Roster, seat: PlayerId, cause: str, reveal: str) -> PlayerDied:
    """Make the event of a death, telling of the dead what the rule `reveal_on_death` says."""
    role = roster.cast.roles[seat]
    assert role is not None, "only the whole game decides deaths"
    if reveal == "role":
        return _deaths(cause, role.told)[seat]
    return _deaths(cause, role.alignment if reveal == "alignment" else "")[seat]


@lru_cache(maxsize=1 << 10)
def _deaths(cause: str, shown: str) -> tuple[PlayerDied, ...]:
    """Make the deaths that there can be of one cause, by seat: deaths are many, records few."""
    return tuple(PlayerDied(seat, cause, shown) for seat in range(MAX_SEATS))


def _seat_taken(table: object, roster: Roster, event: SeatTaken) -> None:
    bit = 1 << event.seat
    roster.seats |= bit
    roster.names = {**roster.names, event.seat: event.name}
    if event.bot:
        roster.bots |= bit


def _seat_left(table: object, roster: Roster, event: SeatLeft) -> None:
    keep = ~(1 << event.seat)
    roster.seats &= keep
    roster.bots &= keep
    left = event.seat
    roster.names = {seat: name for seat, name in roster.names.items() if seat != left}


def _seat_passed(table: object, roster: Roster, event: SeatPassed) -> None:
    bit = BITS[event.seat]
    roster.names = {**roster.names, event.seat: event.name}
    roster.bots = roster.bots | bit if event.bot else roster.bots & ~bit
    roster.gone &= ~bit
    roster.here |= bit & roster.alive


def _host_changed(table: object, roster: Roster, event: HostChanged) -> None:
    roster.host = event.seat


def _game_started(table: object, roster: Roster, event: GameStarted) -> None:
    roster.alive = roster.here = roster.seats
    roster.dealt = True


def _roles_dealt(table: object, roster: Roster, event: RolesDealt) -> None:
    roster.deal = event.roles
    _become(roster, event.roles)


def _become(roster: Roster, names: tuple[str, ...]) -> None:
    roster.now = names
    roster.cast = cast(roster.book, names, roster.revealed)


def _role_revealed(table: object, roster: Roster, event: RoleRevealed) -> None:
    seat = event.seat
    roster.revealed |= BITS[seat]
    roster.shown[seat] = event.role
    _become(roster, (*roster.now[:seat], event.role, *roster.now[seat + 1 :]))


def _lovers_paired(table: object, roster: Roster, event: LoversPaired) -> None:
    roster.pairs = event.pairs


def _role_turned(table: object, roster: Roster, event: RoleTurned) -> None:
    _become(roster, (*roster.now[: event.seat], event.role, *roster.now[event.seat + 1 :]))


def _mates_told(table: object, roster: Roster, event: MatesTold) -> None:
    pairs = zip(event.roles, roster.now, strict=True)
    _become(roster, tuple(told or known for told, known in pairs))


def turned(roster: Roster, seat: PlayerId, name: str) -> tuple[Event, ...]:
    """Make the events by which a seat becomes something else and learns who its mates are."""
    own, find = roster.book.role(name), roster.book.role
    mates = tuple(other if other and _mates(own, find(other)) else "" for other in roster.now)
    told = (MatesTold(seat, mates),) if any(mates) else ()
    return RoleTurned(seat, name), *told


def _player_died(table: Any, roster: Roster, event: PlayerDied) -> None:
    seat = event.seat
    roster.alive &= ~(1 << seat)
    roster.here &= roster.alive
    if event.cause == LYNCHED:
        roster.lynched |= 1 << seat
    roster.shown[seat] = event.shown
    roster.last_death = table.phases.day


def _player_left(table: object, roster: Roster, event: PlayerLeft) -> None:
    bit = 1 << event.seat
    roster.gone |= bit
    roster.here &= ~bit


def _roles_shown(table: object, roster: Roster, event: RolesShown) -> None:
    roster.shown = dict(enumerate(event.roles))


def _all_dealt(table: Any, event: RolesDealt) -> Seats:
    """Audience: all who sit at the table."""
    seats: Seats = table.roster.seats
    return seats


def _lovers(table: object, event: LoversPaired) -> Seats:
    """Audience: all who are in love."""
    return sum(event.pairs)


def _own_pair(rules: object, event: LoversPaired, seat: PlayerId) -> LoversPaired:
    """Keep the pair that a seat is of."""
    return LoversPaired(tuple(pair for pair in event.pairs if has(pair, seat)))


def _new_mates(table: Any, event: RoleTurned) -> Seats:
    """Audience: who has become something else, and the living of the faction they are of now."""
    roster = table.roster
    turned = roster.book.role(event.role)
    mates = [
        seat for seat in members(roster.here) if _same_faction(roster.cast.roles[seat], turned)
    ]
    return sum(BITS[seat] for seat in {*mates, event.seat})


def _same_faction(held: Role | None, other: Role) -> bool:
    return held is not None and _mates(held, other)


def _own_deal(rules: Rules, event: RolesDealt, seat: PlayerId) -> RolesDealt:
    """Keep one's own role, and for a faction those of the faction."""
    find = rules.book.role
    own = find(event.roles[seat])
    return RolesDealt(
        tuple(
            find(name).told if other == seat or (name and _mates(own, find(name))) else ""
            for other, name in enumerate(event.roles)
        )
    )


def _mates(own: Role, other: Role) -> bool:
    return bool(own.faction) and own.faction == other.faction


MACHINE = Machine(
    name="roster",
    begin=Roster,
    commands={},
    events={
        SeatTaken: Fact(EVERYONE, _seat_taken),
        SeatLeft: Fact(EVERYONE, _seat_left),
        SeatPassed: Fact(EVERYONE, _seat_passed),
        HostChanged: Fact(EVERYONE, _host_changed),
        GameStarted: Fact(EVERYONE, _game_started),
        RolesDealt: Fact(_all_dealt, _roles_dealt, form=_own_deal),
        RoleRevealed: Fact(EVERYONE, _role_revealed),
        LoversPaired: Fact(_lovers, _lovers_paired, form=_own_pair),
        RoleTurned: Fact(_new_mates, _role_turned),
        MatesTold: Fact(to_seat, _mates_told),
        PlayerDied: Fact(EVERYONE, _player_died),
        PlayerLeft: Fact(EVERYONE, _player_left),
        RolesShown: Fact(EVERYONE, _roles_shown),
    },
)
