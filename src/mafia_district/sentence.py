"""The sentence: what may still happen between the vote and the death.

Where the rules hold trials, a majority of the votes only *accuses*: the accused defends themself,
and then all the others judge in secret. Who is acquitted lives, and the vote goes on with the time
that it had left, so often a day as the rules allow.

Who is condemned dies at once, unless somebody may still have a say: a governor may pardon anybody
but themself, and who is vengeful may take somebody along. Then the death waits through a *twilight*
for the word or for its end, and victory is judged after it. Some of the dead have their say in the
night after.

By day somebody may die at once: of a shot, or because the house takes them out. What comes of such
a death is a reaction (`course.py`). All machines may read this page, so it stands on the table.
"""

import attrs

from mafia_district.ids import BITS, EVERYONE, NOBODY, Day, Millis, PlayerId, Seats
from mafia_district.machine import Command, Event, Events, Fact, Machine, to_seat
from mafia_district.phases import DAY, EVENING, require_phase
from mafia_district.roster import death, require_house, require_target
from mafia_district.table import Table

STRUCK = "struck"


@attrs.frozen
class Strike(Command):
    """Take a player out of the game at once, by day; the house's."""

    seat: PlayerId


@attrs.frozen
class TrialCalled(Event):
    """A majority accuses somebody; `left` is what the vote still had of its time."""

    seat: PlayerId
    left: Millis


@attrs.frozen
class Condemned(Event):
    """Somebody is to die, but somebody may have a say: a governor who lives, or the condemned."""

    seat: PlayerId


@attrs.frozen
class Pardoned(Event):
    """A governor let the condemned live; nobody is told which governor."""

    seat: PlayerId


@attrs.frozen
class LastShot(Event):
    """The condemned takes somebody along."""

    seat: PlayerId
    target: PlayerId


@attrs.frozen
class GraveOpened(Event):
    """One who was lynched may act once more, in the night to come, against one of these seats."""

    seat: PlayerId
    among: Seats


@attrs.frozen
class DiedByDay(Event):
    """Some have died while the town was awake; no vote of them or for them counts any more."""

    seats: Seats


class Sentence:
    """Who is accused and how often somebody was today; who is condemned, and what came of it.

    `restless` are the dead who may act in the night of a day, each with that day and against whom.
    """

    __slots__ = ("accused", "condemned", "day", "left", "pardoned", "restless", "shots", "trials")

    def __init__(self, rules: object = None) -> None:
        self.accused: PlayerId = NOBODY
        self.day: Day = 0  # of the last trial
        self.trials = 0  # on that day
        self.left: Millis = 0
        self.condemned: PlayerId = NOBODY
        self.pardoned = False
        self.shots: tuple[tuple[PlayerId, PlayerId], ...] = ()
        self.restless: tuple[tuple[PlayerId, Day, Seats], ...] = ()

    def fork(self) -> "Sentence":
        """Copy the sentence."""
        copy = Sentence.__new__(Sentence)
        copy.accused, copy.day, copy.trials, copy.left = (
            self.accused, self.day, self.trials, self.left,
        )  # fmt: skip
        copy.condemned, copy.pardoned = self.condemned, self.pardoned
        copy.shots, copy.restless = self.shots, self.restless
        return copy


def restless(table: Table, seat: PlayerId) -> Seats:
    """Give whom one of the dead may act against tonight; 0 for those who rest."""
    for dead, day, among in table.sentence.restless:
        if dead == seat and day == table.phases.day:
            return among & table.roster.alive
    return 0


def died_by_day(table: Table, *killed: tuple[PlayerId, str]) -> Events:
    """Make the events of deaths, each a seat and a cause, while the town is awake."""
    roster, reveal = table.roster, table.rules.reveal_on_death
    deaths = [death(roster, seat, cause, reveal) for seat, cause in killed]
    return *deaths, DiedByDay(sum(BITS[seat] for seat, _ in killed))


def _strike(table: Table, own: Sentence, command: Strike) -> Events:
    require_house(command.actor)
    require_phase(table.phases, DAY, EVENING)
    require_target(table.roster, command.seat)
    return died_by_day(table, (command.seat, STRUCK))


def _died_by_day(table: Table, own: Sentence, event: DiedByDay) -> None:
    """Record nothing: the deaths are, and the votes will be."""


def _trial_called(table: Table, own: Sentence, event: TrialCalled) -> None:
    today = table.phases.day
    own.accused, own.left = event.seat, event.left
    own.trials = own.trials + 1 if own.day == today else 1
    own.day = today


def _condemned(table: Table, own: Sentence, event: Condemned) -> None:
    own.condemned, own.pardoned, own.shots = event.seat, False, ()


def _pardoned(table: Table, own: Sentence, event: Pardoned) -> None:
    own.pardoned, own.shots = True, ()


def _last_shot(table: Table, own: Sentence, event: LastShot) -> None:
    own.shots = ((event.seat, event.target),)


def _grave_opened(table: Table, own: Sentence, event: GraveOpened) -> None:
    own.restless += ((event.seat, table.phases.day, event.among),)


MACHINE = Machine(
    name="sentence",
    begin=Sentence,
    commands={Strike: _strike},
    events={
        TrialCalled: Fact(EVERYONE, _trial_called),
        Condemned: Fact(EVERYONE, _condemned),
        Pardoned: Fact(EVERYONE, _pardoned),
        LastShot: Fact(EVERYONE, _last_shot),
        GraveOpened: Fact(to_seat, _grave_opened),
        DiedByDay: Fact(EVERYONE, _died_by_day),
    },
)
