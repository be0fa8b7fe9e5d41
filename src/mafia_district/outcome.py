"""The outcome: who has won, and why.

Victory is judged when a day or a night closes, after all of its deaths, never on a death itself.
The town wins when nobody is left who must be eliminated and a townsperson lives. The mafia win at
parity, when they hold half of the living votes and no living killer outside can change that, or,
where the rules say *elimination*, when nobody else lives. A killer without a faction must be
eliminated as well, and wins at the same parity. Nobody left is a draw, and so are too
many days without a death. A jester wins alone by being lynched, and the game goes on.
"""

from typing import TypeAlias

import attrs

from mafia_district.ids import EVERYONE, Day, PlayerId, Seats, has
from mafia_district.machine import Command, Event, Events, Fact, Machine, interned
from mafia_district.phases import PLAYED, require_phase
from mafia_district.roster import require_host
from mafia_district.table import Table

Verdict: TypeAlias = tuple[tuple[str, ...], str]  # the winning factions, and why

TOWN = "town"
MAFIA = "mafia"


@attrs.frozen
class End(Command):
    """End a running game without a winner; the host's."""


@attrs.frozen
class WonAlone(Event):
    """A player reached a goal of their own; the game goes on."""

    seat: PlayerId


@attrs.frozen
class GameEnded(Event):
    """The game is over: winning factions, seats that won alone, and the reason."""

    winners: tuple[str, ...]
    seats: tuple[PlayerId, ...]
    reason: str


@attrs.frozen
class SeedShown(Event):
    """The end: the seed in hexadecimal, for everyone to check the deal."""

    seed: str


game_ended = interned(GameEnded)


class Outcome:
    """How the game ended, or `over` is False: winners by faction, and seats that won alone."""

    __slots__ = ("over", "reason", "seats", "seed", "winners")

    def __init__(self, rules: object = None) -> None:
        self.over = False
        self.winners: tuple[str, ...] = ()
        self.seats: tuple[PlayerId, ...] = ()
        self.reason = ""
        self.seed = ""

    def fork(self) -> "Outcome":
        """Copy the outcome."""
        copy = Outcome.__new__(Outcome)
        copy.over, copy.winners, copy.seats = self.over, self.winners, self.seats
        copy.reason, copy.seed = self.reason, self.seed
        return copy


def judge(table: Table, alive: Seats, armed: Seats) -> Verdict | None:
    """Judge the game for those who will be alive; None while it goes on.

    `armed` are the seats that can still kill on their own account.
    """
    roster, rules = table.roster, table.rules
    mafia = alive & roster.mafia
    if not alive:
        return (), "nobody lives"
    loners = alive & roster.killers & roster.neutral
    if not mafia and not loners:
        return _town_or_nobody(alive & roster.town)
    if not mafia:
        return _lone_killer(table, alive, loners, armed)
    if mafia == alive:
        return (MAFIA,), "only the mafia live"
    if rules.white_flag and mafia.bit_count() == 1 and alive & roster.town and not loners:
        return (TOWN,), "the last of the mafia raised the white flag"
    parity = 2 * mafia.bit_count() >= alive.bit_count()
    if parity and rules.end == "parity" and not armed & alive & ~mafia:
        return (MAFIA,), "the mafia hold half of the votes"
    return None


def stalemate(table: Table, day: Day) -> Verdict | None:
    """Judge a day that would begin: a draw after too many days without a death."""
    if day - table.roster.last_death <= table.rules.stalemate_days:
        return None
    return (), f"{table.rules.stalemate_days} days without a death"


def won_by_lynch(table: Table, seat: PlayerId) -> tuple[WonAlone, ...]:
    """Give the jester the lynch that they asked for."""
    if not has(table.roster.neutral, seat):
        return ()
    role = table.roster.role(seat)
    return (WonAlone(seat),) if role and role.wins == "jester" else ()


def _lone_killer(table: Table, alive: Seats, loners: Seats, armed: Seats) -> Verdict | None:
    """Judge a game without mafia in which some kill for themselves: at parity, the last of them."""
    elimination = table.rules.end == "elimination"
    enough = alive == loners if elimination else alive.bit_count() <= 2
    if loners & (loners - 1) or not enough or armed & alive & ~loners:
        return None
    role = table.roster.role(loners.bit_length() - 1)
    assert role is not None, "only the whole game is judged"
    return (role.wins,), "a lone killer holds half of the votes"


def _town_or_nobody(town: Seats) -> Verdict:
    return ((TOWN,), "all of the mafia are dead") if town else ((), "nobody is left to win")


def _end(table: Table, own: Outcome, command: End) -> Events:
    require_host(table.roster, command.actor)
    require_phase(table.phases, *PLAYED)
    return (GameEnded((), own.seats, "ended by the host"),)


def _won_alone(table: Table, own: Outcome, event: WonAlone) -> None:
    own.seats = (*own.seats, event.seat)


def _game_ended(table: Table, own: Outcome, event: GameEnded) -> None:
    own.over = True
    own.winners, own.seats, own.reason = event.winners, event.seats, event.reason


def _seed_shown(table: Table, own: Outcome, event: SeedShown) -> None:
    own.seed = event.seed


MACHINE = Machine(
    name="outcome",
    begin=Outcome,
    commands={End: _end},
    events={
        WonAlone: Fact(EVERYONE, _won_alone),
        GameEnded: Fact(EVERYONE, _game_ended),
        SeedShown: Fact(EVERYONE, _seed_shown),
    },
)
