"""The state of a game: the small machines put together, and the fold of events into them.

`State` is all that the events have told. Fed with every event it is the whole game; fed with the
events that one viewer may see it is that viewer's game, by the same code. It is private to its
owner, changed in place by `apply` and copied by `fork`; look at it through `view.View`.
"""

from typing import Any, Final

from mafia_district import chat, clock, lobby, outcome, phases, roster, voting
from mafia_district.ids import Instant, Seats
from mafia_district.machine import Decide, Event, Evolve, Fact
from mafia_district.night import collect as night
from mafia_district.rules import Rules
from mafia_district.table import Table

MACHINES: Final = (
    roster.MACHINE,
    phases.MACHINE,
    clock.MACHINE,
    lobby.MACHINE,
    voting.MACHINE,
    night.MACHINE,
    chat.MACHINE,
    outcome.MACHINE,
)

# What decides a command, and the place of its machine.
DECIDES: Final[dict[type[Any], tuple[Decide, int]]] = {
    kind: (decide, place)
    for place, machine in enumerate(MACHINES)
    for kind, decide in machine.commands.items()
}


def _evolvers(kind: type[Any]) -> tuple[tuple[Evolve, int], ...]:
    """List what records an event: its own machine first, then those that hear of it."""
    own = [(m.events[kind].evolve, place) for place, m in enumerate(MACHINES) if kind in m.events]
    heard = [(m.hears[kind], place) for place, m in enumerate(MACHINES) if kind in m.hears]
    return (*own, *heard)


FACTS: Final[dict[type[Any], Fact]] = {
    kind: fact for machine in MACHINES for kind, fact in machine.events.items()
}
EVOLVES: Final = {kind: _evolvers(kind) for kind in FACTS}


class State:
    """The machines of one game around their table."""

    __slots__ = ("chat", "lobby", "machines", "night", "outcome", "table", "voting")

    table: Table
    lobby: lobby.Lobby
    voting: voting.Voting
    night: night.Night
    chat: chat.Chat
    outcome: outcome.Outcome

    def __init__(self, rules: Rules) -> None:
        self._put_together(rules, tuple([machine.begin(rules) for machine in MACHINES]))

    def _put_together(self, rules: Rules, machines: tuple[Any, ...]) -> None:
        self.machines = machines
        roster, phases, _, self.lobby, self.voting, self.night, self.chat, self.outcome = machines
        self.table = Table(rules, roster, phases)

    def apply(self, event: Event, at: Instant = 0) -> None:
        """Record an event that happened at an instant."""
        table, machines = self.table, self.machines
        table.at = at
        for evolve, place in EVOLVES[type(event)]:
            evolve(table, machines[place], event)

    def audience(self, event: Event) -> Seats:
        """Give the seats that may know an event that would happen now."""
        audience = FACTS[type(event)].audience
        return audience if isinstance(audience, int) else audience(self.table, event)

    def fork(self) -> "State":
        """Copy the state; nothing that changes is shared."""
        copy = State.__new__(State)
        copy.become(self)
        return copy

    def become(self, other: "State") -> None:
        """Turn into a copy of another state; windows on this one stay open and show it."""
        self._put_together(other.table.rules, tuple([own.fork() for own in other.machines]))
        self.table.at = other.table.at
