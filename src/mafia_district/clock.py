"""The clock's hands: saying done, pausing, extending, and giving back an outage.

Everything here is public. A pause keeps what is left of the phase; while it lasts, the game
refuses all but open talk, leaving and resuming. A phase may be extended only so often, so that a
host cannot hold a lost vote open for ever.
"""

import attrs

from mafia_district.ids import Millis
from mafia_district.machine import Code, Command, Events, Machine, Refused
from mafia_district.phases import (
    EXTENDED,
    PLAYED,
    RESUMED,
    SHIFTED,
    ClockPaused,
    DeadlineMoved,
    done_set,
    require_phase,
)
from mafia_district.roster import require_host, require_house, require_living
from mafia_district.table import Table

MAX_EXTENSION_SECONDS = 3_600


@attrs.frozen
class Done(Command):
    """Say that one has nothing more to do in this phase, or take that back."""

    done: bool


@attrs.frozen
class Pause(Command):
    """Stop the clock; the host's."""


@attrs.frozen
class Resume(Command):
    """Let the clock run on; the host's."""


@attrs.frozen
class Extend(Command):
    """Add whole seconds to the phase; the host's."""

    seconds: int


@attrs.frozen
class ShiftClock(Command):
    """Give back the milliseconds of an outage; the house's."""

    by: Millis


class Hands:
    """The clock's commands keep no state of their own: the clock's face is `table.phases`."""

    __slots__ = ()

    def __init__(self, rules: object = None) -> None: ...

    def fork(self) -> "Hands":
        """Share the hands, which never change."""
        return self


def _done(table: Table, own: Hands, command: Done) -> Events:
    require_phase(table.phases, *PLAYED)
    require_living(table.roster, command.actor)
    return (done_set(command.actor, command.done),)


def _pause(table: Table, own: Hands, command: Pause) -> Events:
    require_host(table.roster, command.actor)
    return (ClockPaused(_running(table) - table.at),)


def _resume(table: Table, own: Hands, command: Resume) -> Events:
    require_host(table.roster, command.actor)
    if table.phases.paused is None:
        raise Refused(Code.NOT_PAUSED, "the clock is running")
    return (DeadlineMoved(table.at + table.phases.paused, RESUMED),)


def _extend(table: Table, own: Hands, command: Extend) -> Events:
    require_host(table.roster, command.actor)
    deadline = _running(table)
    if not 1 <= command.seconds <= MAX_EXTENSION_SECONDS:
        raise Refused(Code.BAD_TARGET, f"extend by 1 to {MAX_EXTENSION_SECONDS} seconds")
    if table.phases.extensions >= table.rules.extensions:
        raise Refused(Code.TOO_MANY_EXTENSIONS, "this phase has been extended often enough")
    return (DeadlineMoved(deadline + 1_000 * command.seconds, EXTENDED),)


def _shift_clock(table: Table, own: Hands, command: ShiftClock) -> Events:
    require_house(command.actor)
    if table.phases.deadline is None:
        raise Refused(Code.WRONG_PHASE, "there is no deadline to shift")
    return (DeadlineMoved(table.phases.deadline + command.by, SHIFTED),)


def _running(table: Table) -> int:
    """Give the deadline of the phase that is played, or refuse."""
    require_phase(table.phases, *PLAYED)
    if table.phases.deadline is None:
        raise Refused(Code.PAUSED, "the clock is stopped: resume it first")
    return table.phases.deadline


MACHINE = Machine(
    name="clock",
    begin=Hands,
    commands={
        Done: _done,
        Pause: _pause,
        Resume: _resume,
        Extend: _extend,
        ShiftClock: _shift_clock,
    },
    events={},
)
