"""The outcome: who has won, and why.

Victory is judged when a day or a night closes, after all of its deaths, never on a death itself.
The town wins when nobody is left who must be eliminated and a townsperson lives. The mafia win at
parity, when they hold half of the living votes and no living killer outside can change that, or,
where the rules say *elimination*, when nobody else lives. A killer without a faction must be
eliminated as well, and wins at the same parity. Nobody left is a draw, and so are too
many days without a death. A jester wins alone by being lynched, and the game goes on.
"""

from functools import lru_cache
from typing import TypeAlias

import attrs

from mafia_district.cast import Sides, Weights, weight
from mafia_district.ids import EVERYONE, Day, PlayerId, Seats, has, members
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
    mafia = roster.alone & alive
    if 0 < 2 * mafia.bit_count() < alive.bit_count() and not (armed or rules.white_flag):
        return None  # as most games stand at most times
    return _judged(
        roster.sides, roster.town, roster.killers, roster.heavy, alive, armed & alive,
        rules.end == "parity", rules.white_flag,
    )  # fmt: skip


@lru_cache(maxsize=1 << 13)
def _judged(
    sides: Sides,
    town: Seats,
    killers: Seats,
    heavy: Weights,
    alive: Seats,
    armed: Seats,
    parity: bool,
    white_flag: bool,
) -> Verdict | None:
    """Judge by nothing but what is named; the same few positions come up again and again."""
    if not alive:
        return (), "nobody lives"
    living = [(wins, seats & alive) for wins, seats in sides if seats & alive]
    if not living:
        return _without_enemies(alive & town)
    if white_flag and alive & town and [seats.bit_count() for _, seats in living] == [1]:
        return (TOWN,), "the last of the mafia raised the white flag"
    foes = sum(seats for _, seats in living)
    for wins, seats in living:
        if seats == alive:
            return (wins,), f"only {_told(wins)} live"
        others = foes & ~seats & ~killers | armed & ~seats  # who can kill as well
        if parity and not others and 2 * weight(seats, heavy) >= weight(alive, heavy):
            return (wins,), f"{_told(wins)} hold half of the votes"
    return None


def _told(wins: str) -> str:
    """Name a side in a sentence, as many."""
    return "the mafia" if wins == MAFIA else f"those of the {wins.replace('_', ' ')}"


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


def _without_enemies(town: Seats) -> Verdict:
    if town:
        return (TOWN,), "all who had to be eliminated are dead"
    return (), "only those live who belong to nobody"


def survivors(table: Table, alive: Seats) -> tuple[PlayerId, ...]:
    """List those who win by living at the end."""
    own = [(seat, table.roster.role(seat)) for seat in members(alive & table.roster.neutral)]
    return tuple(seat for seat, role in own if role is not None and role.wins == "survivor")


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
