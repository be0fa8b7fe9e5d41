"""Phases: the clock of the game, and who is ready for the next hour.

    lobby -> starting -> day <-> night -> ended               without a town
    lobby -> starting -> day -> evening -> night -> day ...   with one

Between the vote and the death there may be a *trial* and a *judgement*, where the rules want one,
and a *twilight* (MafiaScum's word), where somebody may still pardon or take revenge.

A phase ends at its deadline, or early when every living player has said *done*: every one, with
something to do or without, so that who is waited for never shows who has a power. Deadlines are
plain instants; the one who keeps the time lets a phase end through `Game.pass_time`. Something may
be due within a phase as well, so much ahead of its end: the `alarm` is the next instant at which
anything is due. This page is the clock's face, which all machines may read; who may set it is in
`clock.py`.
"""

import enum
from typing import Final

import attrs

from mafia_district.ids import EVERYONE, Day, Instant, Millis, PlayerId, Seats
from mafia_district.machine import Code, Event, Fact, Machine, Refused, interned


@enum.unique
class Phase(enum.Enum):
    """The phases by their wire names."""

    __hash__ = object.__hash__  # members are single objects, and an Enum's own hash is slow

    LOBBY = "lobby"
    STARTING = "starting"
    DAY = "day"
    EVENING = "evening"
    TRIAL = "trial"
    JUDGEMENT = "judgement"
    TWILIGHT = "twilight"
    NIGHT = "night"
    ENDED = "ended"


# Reaching a member through its class is slow, and phases are compared at every command.
LOBBY: Final = Phase.LOBBY
STARTING: Final = Phase.STARTING
DAY: Final = Phase.DAY
EVENING: Final = Phase.EVENING
TRIAL: Final = Phase.TRIAL
JUDGEMENT: Final = Phase.JUDGEMENT
TWILIGHT: Final = Phase.TWILIGHT
NIGHT: Final = Phase.NIGHT
ENDED: Final = Phase.ENDED

PLAYED: Final = (DAY, EVENING, TRIAL, JUDGEMENT, TWILIGHT, NIGHT)

RESUMED: Final = "resumed"
EXTENDED: Final = "extended"
SHIFTED: Final = "shifted"


@attrs.frozen
class PhaseBegan(Event):
    """A phase began; `number` counts all phases of the game, `deadline` is None for open ends."""

    phase: Phase
    number: int
    day: Day
    deadline: Instant | None


@attrs.frozen
class DoneSet(Event):
    """A player said done, or took it back."""

    seat: PlayerId
    done: bool


@attrs.frozen
class AlarmSet(Event):
    """Something is due so many milliseconds before this phase ends; 0: nothing more."""

    ahead: Millis


@attrs.frozen
class ClockPaused(Event):
    """The host stopped the clock with so many milliseconds left."""

    left: Millis


@attrs.frozen
class DeadlineMoved(Event):
    """The phase ends at another instant: resumed, extended or shifted, as `why` says."""

    deadline: Instant
    why: str


done_set = interned(DoneSet)
phase_began = interned(PhaseBegan, typed=False)


class Phases:
    """Which phase it is, when it ends, and who is done with it."""

    __slots__ = (
        "ahead", "alarm", "day", "deadline", "done", "extensions", "number", "paused", "phase",
    )  # fmt: skip

    def __init__(self, rules: object = None) -> None:
        self.phase = LOBBY
        self.number = 0
        self.day: Day = 0
        self.deadline: Instant | None = None
        self.ahead: Millis = 0  # of the deadline, something is due
        self.alarm: Instant | None = None  # when next anything is due
        self.paused: Millis | None = None  # what was left when the clock stopped
        self.extensions = 0
        self.done: Seats = 0

    def fork(self) -> "Phases":
        """Copy the clock."""
        copy = Phases.__new__(Phases)
        copy.phase, copy.number, copy.day = self.phase, self.number, self.day
        copy.deadline, copy.alarm, copy.ahead = self.deadline, self.alarm, self.ahead
        copy.paused = self.paused
        copy.extensions, copy.done = self.extensions, self.done
        return copy


def require_phase(phases: Phases, *lawful: Phase) -> None:
    """Refuse what is not done in this phase."""
    if phases.phase not in lawful:
        names = " or ".join(phase.value for phase in lawful)
        raise Refused(Code.WRONG_PHASE, f"that is for the {names}; it is {phases.phase.value} now")


def _phase_began(table: object, phases: Phases, event: PhaseBegan) -> None:
    phases.phase = event.phase
    phases.number = event.number
    phases.day = event.day
    phases.deadline = phases.alarm = event.deadline
    phases.ahead = 0
    phases.paused = None
    phases.extensions = 0
    phases.done = 0


def _alarm_set(table: object, phases: Phases, event: AlarmSet) -> None:
    phases.ahead = event.ahead
    _set_alarm(phases)


def _set_alarm(phases: Phases) -> None:
    phases.alarm = None if phases.deadline is None else phases.deadline - phases.ahead


def _done_set(table: object, phases: Phases, event: DoneSet) -> None:
    bit = 1 << event.seat
    phases.done = phases.done | bit if event.done else phases.done & ~bit


def _clock_paused(table: object, phases: Phases, event: ClockPaused) -> None:
    phases.paused = event.left
    phases.deadline = phases.alarm = None


def _deadline_moved(table: object, phases: Phases, event: DeadlineMoved) -> None:
    if event.why == EXTENDED and phases.ahead and phases.deadline is not None:
        # What is due within the phase stays due when it was.
        phases.ahead += event.deadline - phases.deadline
    phases.deadline = event.deadline
    phases.paused = None
    phases.extensions += event.why == EXTENDED
    _set_alarm(phases)


MACHINE = Machine(
    name="phases",
    begin=Phases,
    commands={},
    events={
        PhaseBegan: Fact(EVERYONE, _phase_began),
        DoneSet: Fact(EVERYONE, _done_set),
        AlarmSet: Fact(EVERYONE, _alarm_set),
        ClockPaused: Fact(EVERYONE, _clock_paused),
        DeadlineMoved: Fact(EVERYONE, _deadline_moved),
    },
)
