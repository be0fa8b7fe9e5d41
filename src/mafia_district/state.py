"""The state of a game: the small machines put together, and the fold of events into them.

`State` is all that the events have told. Fed with every event it is the whole game; fed with the
events that one viewer may see it is that viewer's game, by the same code. It is private to its
owner, changed in place by `apply` and copied by `fork`; look at it through `view.View`.
"""

from typing import Any, Final

from mafia_district import (
    chat,
    clock,
    items,
    keeper,
    lobby,
    looks,
    outcome,
    phases,
    purse,
    roster,
    rumors,
    sentence,
    shop,
    substitution,
    tasks,
    town,
    voting,
)
from mafia_district.ids import Instant, Seats
from mafia_district.machine import (
    Code,
    Command,
    Decide,
    Event,
    Events,
    Evolve,
    Fact,
    Machine,
    Refused,
)
from mafia_district.night import collect as night
from mafia_district.rules import Rules
from mafia_district.table import Table

_ALWAYS: Final = (
    roster.MACHINE,
    phases.MACHINE,
    clock.MACHINE,
    sentence.MACHINE,
    lobby.MACHINE,
    voting.MACHINE,
    night.MACHINE,
    chat.MACHINE,
    outcome.MACHINE,
    substitution.MACHINE,
    keeper.MACHINE,
)
IN_TOWN: Final = (
    town.MACHINE,
    purse.MACHINE,
    looks.MACHINE,
    items.MACHINE,
    shop.MACHINE,
    tasks.MACHINE,
    rumors.MACHINE,
)
MACHINES: Final = _ALWAYS + IN_TOWN


def _no_town(table: Table, own: object, command: Command) -> Events:
    raise Refused(Code.NO_TOWN, "this game is played without a town")


def _deciders(machines: tuple[Machine, ...]) -> dict[type[Any], tuple[Decide, int]]:
    """Say what decides a command, and the place of its machine."""
    return {kind: (_no_town, 0) for machine in MACHINES for kind in machine.commands} | {
        kind: (decide, place)
        for place, machine in enumerate(machines)
        for kind, decide in machine.commands.items()
    }


# What decides a command, without a town and with one.
DECIDES: Final = {False: _deciders(_ALWAYS), True: _deciders(MACHINES)}


def _evolvers(machines: tuple[Machine, ...], kind: type[Any]) -> tuple[tuple[Evolve, int], ...]:
    """List what records an event: its own machine first, then those that hear of it."""
    own = [(m.events[kind].evolve, place) for place, m in enumerate(machines) if kind in m.events]
    heard = [(m.hears[kind], place) for place, m in enumerate(machines) if kind in m.hears]
    return (*own, *heard)


FACTS: Final[dict[type[Any], Fact]] = {
    kind: fact for machine in MACHINES for kind, fact in machine.events.items()
}
# What records an event, without a town and with one: without, no event of the town is known.
EVOLVES: Final = {
    town: {kind: _evolvers(machines, kind) for machine in machines for kind in machine.events}
    for town, machines in ((False, _ALWAYS), (True, MACHINES))
}


class State:
    """The machines of one game around their table."""

    __slots__ = (
        "chat", "desk", "lobby", "machines", "night", "outcome", "rumors", "shop", "substitution",
        "table", "voting",
    )  # fmt: skip

    table: Table
    lobby: lobby.Lobby
    voting: voting.Voting
    night: night.Night
    chat: chat.Chat
    outcome: outcome.Outcome
    substitution: substitution.Substitution
    desk: keeper.Desk
    shop: shop.Shop
    rumors: rumors.Rumors

    def __init__(self, rules: Rules) -> None:
        begun = MACHINES if rules.town else _ALWAYS
        self._put_together(rules, [machine.begin(rules) for machine in begun])

    def _put_together(self, rules: Rules, machines: list[Any]) -> None:
        (
            roster,
            phases,
            _,
            judged,
            self.lobby,
            self.voting,
            self.night,
            self.chat,
            self.outcome,
            self.substitution,
            self.desk,
            *quarter,
        ) = machines
        self.table = table = Table(rules, roster, phases)
        table.sentence = judged
        self.machines = machines
        if quarter:
            table.town, table.purse, table.looks, table.bags, self.shop, *others = quarter
            table.tasks, self.rumors = others

    def apply(self, event: Event, at: Instant = 0) -> None:
        """Record an event that happened at an instant."""
        table, machines = self.table, self.machines
        table.at = at
        for evolve, place in EVOLVES[table.rules.town][type(event)]:
            evolve(table, machines[place], event)

    def audience(self, event: Event) -> Seats:
        """Give the seats that may know an event that would happen now.

        Raises KeyError for an event that cannot happen by these rules.
        """
        if type(event) not in EVOLVES[self.table.rules.town]:
            raise KeyError(f"{type(event).__name__} happens only in a town")
        audience = FACTS[type(event)].audience
        return audience if isinstance(audience, int) else audience(self.table, event)

    def fork(self) -> "State":
        """Copy the state; nothing that changes is shared."""
        copy = State.__new__(State)
        copy.become(self)
        return copy

    def become(self, other: "State", seed: bytes | None = None) -> None:
        """Turn into a copy of another state; windows on this one stay open and show it."""
        self._put_together(other.table.rules, [own.fork() for own in other.machines])
        self.table.at = other.table.at
        self.table.seed = other.table.seed if seed is None else seed
