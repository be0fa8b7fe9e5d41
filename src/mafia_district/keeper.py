"""The keeper's desk: one who does not play may see everything, and everybody may know of it.

That the desk was opened is told to all at once. Every look from it is recorded for the keeper
alone, for when somebody looks is nobody's business while the game runs, and all looks are shown to
all after the end. Who may open the desk is for the servers to say: here is nobody but seats, and
who holds one has no desk.
"""

import attrs

from mafia_district.ids import EVERYONE, KEEPER_ONLY, Instant
from mafia_district.machine import Code, Command, Event, Events, Fact, Machine, Refused
from mafia_district.phases import LOBBY, PLAYED, STARTING, require_phase
from mafia_district.roster import require_house
from mafia_district.table import Table


@attrs.frozen
class OpenDesk(Command):
    """Open the keeper's desk; the house's, for somebody who does not play."""


@attrs.frozen
class LookIn(Command):
    """Look at the game from the keeper's desk; the house's."""

    what: str


@attrs.frozen
class DeskOpened(Event):
    """Somebody who does not play sees everything from now on."""


@attrs.frozen
class LookedIn(Event):
    """A look from the keeper's desk, at the view or at the events."""

    what: str


@attrs.frozen
class Glance:
    """A look from the keeper's desk, and when it was taken."""

    at: Instant
    what: str


@attrs.frozen
class LooksShown(Event):
    """The end: every look that was taken from the keeper's desk."""

    looks: tuple[Glance, ...]


class Desk:
    """How many have opened the desk, and every look from it."""

    __slots__ = ("looks", "opened")

    def __init__(self, rules: object = None) -> None:
        self.opened = 0
        self.looks: tuple[Glance, ...] = ()

    def fork(self) -> "Desk":
        """Copy the desk."""
        copy = Desk.__new__(Desk)
        copy.opened, copy.looks = self.opened, self.looks
        return copy


def _open_desk(table: Table, desk: Desk, command: OpenDesk) -> Events:
    require_house(command.actor)
    require_phase(table.phases, LOBBY, STARTING, *PLAYED)
    return (DeskOpened(),)


def _look_in(table: Table, desk: Desk, command: LookIn) -> Events:
    require_house(command.actor)
    require_phase(table.phases, LOBBY, STARTING, *PLAYED)
    if not desk.opened:
        raise Refused(Code.NOT_NOW, "open the keeper's desk first, for all to see")
    return (LookedIn(command.what),)


def _desk_opened(table: Table, desk: Desk, event: DeskOpened) -> None:
    desk.opened += 1


def _looked_in(table: Table, desk: Desk, event: LookedIn) -> None:
    desk.looks += (Glance(table.at, event.what),)


def _looks_shown(table: Table, desk: Desk, event: LooksShown) -> None:
    desk.looks = event.looks


MACHINE = Machine(
    name="keeper",
    begin=Desk,
    commands={OpenDesk: _open_desk, LookIn: _look_in},
    events={
        DeskOpened: Fact(EVERYONE, _desk_opened),
        LookedIn: Fact(KEEPER_ONLY, _looked_in),
        LooksShown: Fact(EVERYONE, _looks_shown),
    },
)
