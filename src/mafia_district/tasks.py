"""Tasks: two errands a day for everybody who lives, paid for what was really done.

One errand is of the career. The other is called the role's and is not: it comes from one pool for
all, dealt without a look at the roles, and only its words fit whoever reads it. So holding an
errand, or standing in the Laboratory, proves nothing.

An errand wants a place visited, an item used, or somebody met: both in one place, which is not the
Town Square, for there everybody meets everybody. It is done when the recorded facts are there,
whatever anybody says; to *complete* it is only to claim the pay, once, until dusk. Then all errands
expire, and so do those of the dead and of who has walked out. An errand about one of them stays,
but nobody can do it any more.
"""

from collections.abc import Mapping
from typing import Final

import attrs

from mafia_district.catalogue import Catalogue, Task
from mafia_district.ids import NOBODY, Coins, Day, ItemId, PlaceId, PlayerId, has, members
from mafia_district.items import ItemUsed, ItemWornOut
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
from mafia_district.purse import TASK, CoinsMoved
from mafia_district.roster import PlayerDied
from mafia_district.rules import Rules
from mafia_district.table import Table
from mafia_district.town import SQUARE, DuskFell, Walked, require_daylight

POOL: Final = ""  # the career of those templates that are nobody's
TOOLS: Final = "tools"


@attrs.frozen
class Complete(Command):
    """Claim the pay of one of today's errands, by its number."""

    number: int


@attrs.frozen
class Errand:
    """A task as it was dealt to somebody: number 1 is the career's, number 2 the pool's.

    With a `person` it is done by meeting them, with an `item` by using it, else by a visit; `place`
    is where, empty for anywhere.
    """

    number: int
    task: str
    place: PlaceId
    item: ItemId
    person: PlayerId
    reward: Coins


@attrs.frozen
class TasksDealt(Event):
    """Somebody's errands of a day."""

    seat: PlayerId
    day: Day
    errands: tuple[Errand, ...]


@attrs.frozen
class ErrandDone(Event):
    """The facts are there, at this place: an errand may be claimed."""

    seat: PlayerId
    number: int
    place: PlaceId


@attrs.frozen
class ErrandPaid(Event):
    """An errand was paid, with what tools have added."""

    seat: PlayerId
    number: int
    reward: Coins


_interned = interned(Errand)  # the same errands are dealt again and again


class Tasks:
    """Today's errands by seat, as far as they are known, and which of them are done and paid."""

    __slots__ = ("done", "errands", "paid")

    def __init__(self, rules: Rules) -> None:
        self.errands: dict[PlayerId, tuple[Errand, ...]] = {}
        self.done: dict[PlayerId, tuple[ErrandDone, ...]] = {}
        self.paid: dict[PlayerId, tuple[int, ...]] = {}

    def fork(self) -> "Tasks":
        """Copy the tasks; nothing that changes is shared."""
        copy = Tasks.__new__(Tasks)
        copy.errands = self.errands.copy()
        copy.done = self.done.copy()
        copy.paid = self.paid.copy()
        return copy

    def find(self, seat: PlayerId, number: int) -> Errand | None:
        """Look one of a seat's errands up by its number."""
        return next((e for e in self.errands.get(seat, ()) if e.number == number), None)

    def is_done(self, seat: PlayerId, number: int) -> bool:
        """Tell whether the facts of an errand are there."""
        return bool(self.spot(seat, number))

    def spot(self, seat: PlayerId, number: int) -> PlaceId:
        """Give the place where an errand was done, or an empty text."""
        done = self.done.get(seat, ())
        return next((fact.place for fact in done if fact.number == number), "")

    def is_paid(self, seat: PlayerId, number: int) -> bool:
        """Tell whether an errand has been paid."""
        return number in self.paid.get(seat, ())


def claimable(table: Table, seat: PlayerId) -> tuple[int, ...]:
    """List the errands, by number, for which a seat may claim its pay now."""
    if not allowed(require_daylight, table, seat):
        return ()
    tasks = table.tasks
    numbers = (fact.number for fact in tasks.done.get(seat, ()))
    return tuple(number for number in numbers if not tasks.is_paid(seat, number))


def words(
    catalogue: Catalogue, role_name: str, errand: Errand, names: Mapping[PlayerId, str]
) -> str:
    """Say what an errand wants, in the voice of its owner's role; names are by seat."""
    task = catalogue.task(errand.task)
    return (
        dict(task.voices)
        .get(role_name, task.text)
        .format(
            place=catalogue.place(errand.place).title if errand.place else "",
            item=catalogue.item(errand.item).title if errand.item else "",
            person=names.get(errand.person, ""),
        )
    )


def deal(table: Table, tasks: Tasks, day: Day) -> Events:
    """Deal the errands of a day to all who live; a reaction to the dawn, after its deaths."""
    return tuple(
        [TasksDealt(seat, day, _errands(table, seat, day)) for seat in members(table.roster.alive)]
    )


def _errands(table: Table, seat: PlayerId, day: Day) -> tuple[Errand, ...]:
    """Draw an errand of the career and one of the pool; neither draw looks at a role."""
    drawn, catalogue = table.lot(f"tasks {seat}", day), table.rules.catalogue
    career = table.town.career(seat)
    others = members(table.roster.alive & ~(1 << seat)) or (NOBODY,)
    errands = []
    for number, deck in enumerate((catalogue.deck(career), catalogue.deck(career, POOL)), 1):
        if deck:
            drawn, which = divmod(drawn, len(deck))
            drawn, who = divmod(drawn, len(others))
            errands.append(_errand(number, deck[which], others[who]))
    return tuple(errands)


def _errand(number: int, task: Task, person: PlayerId) -> Errand:
    return _interned(
        number,
        task.id,
        task.place,
        task.item if task.kind == "use" else "",
        person if task.kind == "meet" else NOBODY,
        task.reward,
    )


def walked(table: Table, tasks: Tasks, event: Walked) -> Events:
    """Find what a step has done, for who took it and for who wanted to meet them; a reaction."""
    walker, done = event.seat, []
    for seat in members(event.company):
        for errand in tasks.errands.get(seat, ()):
            due = walker in (seat, errand.person) and _reached(errand, event)
            if due and not tasks.is_done(seat, errand.number):
                done.append(ErrandDone(seat, errand.number, event.place))
    return tuple(done)


def _reached(errand: Errand, event: Walked) -> bool:
    """Tell whether the facts of somebody's errand are there, now that they are all in one place."""
    if errand.item or errand.place not in ("", event.place):
        return False
    if errand.person == NOBODY:
        return True
    return event.place != SQUARE and has(event.company, errand.person)


def used(table: Table, tasks: Tasks, event: ItemUsed) -> Events:
    """Find what the use of an item has done for its user; a reaction."""
    here = table.town.place(event.seat)
    return tuple(
        ErrandDone(event.seat, errand.number, here)
        for errand in tasks.errands.get(event.seat, ())
        if errand.item == event.item
        and errand.place in ("", here)
        and not tasks.is_done(event.seat, errand.number)
    )


def _complete(table: Table, tasks: Tasks, command: Complete) -> Events:
    seat, number = command.actor, command.number
    require_daylight(table, seat)
    errand = tasks.find(seat, number)
    if errand is None:
        raise Refused(Code.NO_SUCH_TASK, f"you have no task {number} today")
    if tasks.is_paid(seat, number):
        return ()
    if not tasks.is_done(seat, number):
        raise Refused(Code.NOT_NOW, f"that task is not done yet: {_missing(table, errand)}")
    return _pay(table, seat, errand)


def _missing(table: Table, errand: Errand) -> str:
    """Say what an errand still wants."""
    catalogue = table.rules.catalogue
    where = catalogue.place(errand.place).title if errand.place else ""
    if errand.item:
        deed = f"use {catalogue.item(errand.item).title}"
    elif errand.person == NOBODY:
        return f"go to {where or 'some other place'}"
    elif not has(table.roster.here, errand.person):
        return "whom you were to meet is gone, so nobody can do it any more"
    else:
        deed = f"meet {table.roster.names[errand.person]}"
        where = where or "any place but the Town Square"
    return f"{deed} at {where}" if where else deed


def _pay(table: Table, seat: PlayerId, errand: Errand) -> Events:
    """Pay an errand, and one of the career better to who has tools; they are used up by it."""
    task = table.rules.catalogue.task(errand.task)
    tools = table.bags.wears(seat, TOOLS)[:1] if task.career else ()
    reward = errand.reward + table.rules.tools_bonus * len(tools)
    return (
        ErrandPaid(seat, errand.number, reward),
        CoinsMoved(seat, reward, TASK, task.id),
        *(ItemWornOut(seat, worn.item) for worn in tools),
    )


def _tasks_dealt(table: Table, tasks: Tasks, event: TasksDealt) -> None:
    tasks.errands[event.seat] = event.errands


def _errand_done(table: Table, tasks: Tasks, event: ErrandDone) -> None:
    tasks.done[event.seat] = (*tasks.done.get(event.seat, ()), event)


def _errand_paid(table: Table, tasks: Tasks, event: ErrandPaid) -> None:
    tasks.paid[event.seat] = (*tasks.paid.get(event.seat, ()), event.number)


def _expire(table: Table, tasks: Tasks, event: DuskFell) -> None:
    tasks.errands, tasks.done, tasks.paid = {}, {}, {}


def _gone(table: Table, tasks: Tasks, event: PlayerDied) -> None:
    for known in (tasks.errands, tasks.done, tasks.paid):
        known.pop(event.seat, None)


MACHINE = Machine(
    name="tasks",
    begin=Tasks,
    commands={Complete: _complete},
    events={
        TasksDealt: Fact(to_seat, _tasks_dealt),
        ErrandDone: Fact(to_seat, _errand_done),
        ErrandPaid: Fact(to_seat, _errand_paid),
    },
    hears={
        DuskFell: _expire,
        PlayerDied: _gone,
    },
)
