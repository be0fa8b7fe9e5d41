"""Looks: how everybody goes about, one asset to a slot, for all to see.

A look is chosen while the table gathers and kept for the whole game; who has not chosen is dressed
by lot when the roles are dealt. Looks tell nothing of a role. That an account owns what it wears is
for the account's keeper to see to: the core knows no accounts.
"""

import attrs

from mafia_district.catalogue.records import SLOTS
from mafia_district.ids import EVERYONE, PlayerId, members
from mafia_district.machine import Code, Command, Event, Events, Fact, Machine, Refused
from mafia_district.phases import LOBBY, STARTING, require_phase
from mafia_district.roster import SeatLeft, require_seat
from mafia_district.rules import Rules
from mafia_district.table import Table
from mafia_district.town import require_town


@attrs.frozen
class Dress(Command):
    """Choose one's look: an asset for every slot, in the order of the slots."""

    assets: tuple[str, ...]


@attrs.frozen
class LookChosen(Event):
    """How somebody looks: an asset for every slot."""

    seat: PlayerId
    assets: tuple[str, ...]


class Looks:
    """The looks by seat."""

    __slots__ = ("worn",)

    def __init__(self, rules: Rules) -> None:
        self.worn: dict[PlayerId, tuple[str, ...]] = {}

    def fork(self) -> "Looks":
        """Copy the looks; nothing that changes is shared."""
        copy = Looks.__new__(Looks)
        copy.worn = self.worn.copy()
        return copy

    def of(self, seat: PlayerId) -> tuple[str, ...]:
        """Give a seat's look, empty if it has none yet."""
        return self.worn.get(seat, ())


def dressed(table: Table) -> Events:
    """Dress all by lot who have not chosen; a reaction to the deal."""
    naked = [seat for seat in members(table.roster.seats) if not table.looks.of(seat)]
    return tuple(LookChosen(seat, _by_lot(table, seat)) for seat in naked)


def _by_lot(table: Table, seat: PlayerId) -> tuple[str, ...]:
    drawn, look = table.lot(f"look {seat}", 0), []
    for slot in SLOTS:
        free = [a.id for a in table.rules.catalogue.assets if a.slot == slot and not a.rank]
        drawn, which = divmod(drawn, len(free))
        look.append(free[which])
    return tuple(look)


def _dress(table: Table, looks: Looks, command: Dress) -> Events:
    require_town(table)
    require_seat(table.roster, command.actor)
    require_phase(table.phases, LOBBY, STARTING)
    try:
        slots = tuple(table.rules.catalogue.asset(name).slot for name in command.assets)
    except ValueError as unknown:
        raise Refused(Code.BAD_LOOK, str(unknown)) from None
    if slots != SLOTS:
        raise Refused(Code.BAD_LOOK, f"a look has one asset for each of {', '.join(SLOTS)}")
    return (LookChosen(command.actor, command.assets),)


def _look_chosen(table: Table, looks: Looks, event: LookChosen) -> None:
    looks.worn[event.seat] = event.assets


def _seat_left(table: Table, looks: Looks, event: SeatLeft) -> None:
    looks.worn.pop(event.seat, None)


MACHINE = Machine(
    name="looks",
    begin=Looks,
    commands={Dress: _dress},
    events={LookChosen: Fact(EVERYONE, _look_chosen)},
    hears={SeatLeft: _seat_left},
)
