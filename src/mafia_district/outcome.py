"""The outcome: who has won, and why.

Victory is judged when a day or a night closes, after all of its deaths, never on a death itself.
The town wins when nobody is left who must be eliminated and a townsperson lives. The mafia win at
parity, when they hold half of the living votes and no living killer outside can change that, or,
where the rules say *elimination*, when nobody else lives. A killer without a faction must be
eliminated as well, and wins at the same parity. Nobody left is a draw, and so are too many days
without a death. Some win alone, and the game goes on: a jester by being lynched, a lyncher or an
executioner when the one is lynched whom the deal has given them for it. A setup may end a game in
other ways, by rules that are looked at first: a lynch that wins, or enough of them.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, TypeAlias

import attrs

from mafia_district.cast import Sides, Weights, weight
from mafia_district.ids import EVERYONE, Day, PlayerId, Seats, has, members
from mafia_district.machine import Command, Event, Events, Fact, Machine, interned, to_seat
from mafia_district.phases import PLAYED, require_phase
from mafia_district.roster import Roster, require_host
from mafia_district.rules import Rules
from mafia_district.table import Table

Verdict: TypeAlias = tuple[tuple[str, ...], str]  # the winning factions, and why

TOWN = "town"
MAFIA = "mafia"

JESTERS_DAY: Final = "a jester was lynched"
ONLY_OTHERS: Final = "only those live who belong to nobody"

BY_LYNCH: Final = ("lyncher", "executioner")  # goals that name somebody else


@attrs.frozen
class End(Command):
    """End a running game without a winner; the host's."""


@attrs.frozen
class GoalSet(Event):
    """Somebody learns at the deal whose lynch it is that they want."""

    seat: PlayerId
    target: PlayerId


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
    """How the game ended, or `over` is False: winners by faction, and seats that won alone.

    `goals` says whose lynch a seat wants; `special` is whether a setup's rules or a goal may end
    or change a game in a way of their own.
    """

    __slots__ = ("goals", "over", "reason", "seats", "seed", "special", "winners")

    def __init__(self, rules: Rules) -> None:
        self.special = bool(rules.flag or rules.lynches_to_win or rules.stalemate_wins)
        self.over = False
        self.goals: Mapping[PlayerId, PlayerId] = {}
        self.winners: tuple[str, ...] = ()
        self.seats: tuple[PlayerId, ...] = ()
        self.reason = ""
        self.seed = ""

    @property
    def drawn(self) -> bool:
        """Whether the game is over and went to nobody, whoever may have won alone before."""
        alone = self.seats and self.reason in (JESTERS_DAY, ONLY_OTHERS)
        return self.over and not self.winners and not alone

    def fork(self) -> "Outcome":
        """Copy the outcome."""
        copy = Outcome.__new__(Outcome)
        copy.over, copy.winners, copy.seats = self.over, self.winners, self.seats
        copy.reason, copy.seed, copy.goals = self.reason, self.seed, self.goals
        copy.special = self.special
        return copy


def judge(table: Table, alive: Seats, armed: Seats) -> Verdict | None:
    """Judge the game for those who will be alive; None while it goes on.

    `armed` are the seats that can still kill on their own account.
    """
    held, rules = table.roster.cast, table.rules
    mafia = held.alone & alive
    if 0 < 2 * mafia.bit_count() < alive.bit_count() and not (armed or rules.white_flag):
        return None  # as most games stand at most times
    return _judged(
        held.sides, held.town, held.killers, held.heavy, alive, armed & alive,
        rules.end == "parity", rules.white_flag,
        rules.parity_counts == "heads", rules.parity == "more",
    )  # fmt: skip


def unarmed(table: Table, alive: Seats) -> Verdict | None:
    """Judge a table at which no faction can kill any more, by the setup's own rule."""
    roster = table.roster
    foes = sum(seats for _, seats in roster.cast.sides) & alive
    if not foes or 2 * weight(foes, roster.cast.heavy) < weight(alive, roster.cast.heavy):
        return None
    return (table.rules.stalemate_wins,), "nobody can kill any more"


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
    by_heads: bool,
    more: bool,
) -> Verdict | None:
    """Judge by nothing but what is named; the same few positions come up again and again."""
    if not alive:
        return (), "nobody lives"
    living = [(wins, seats & alive) for wins, seats in sides if seats & alive]
    if not living:
        return _without_enemies(alive & town)
    if white_flag and alive & town and [seats.bit_count() for _, seats in living] == [1]:
        return (TOWN,), "the last of the mafia raised the white flag"
    weights = () if by_heads else heavy
    foes = sum(seats for _, seats in living)
    for wins, seats in living:
        if seats == alive:
            return (wins,), f"only {_told(wins)} live"
        others = foes & ~seats & ~killers | armed & ~seats  # who can kill as well
        half = 2 * weight(seats, weights) >= weight(alive, weights) + more
        if parity and not others and half:
            return (wins,), f"{_told(wins)} hold half of the votes"
    return None


def _told(wins: str) -> str:
    """Name a side in a sentence, as many."""
    return "the mafia" if wins == MAFIA else f"those of the {wins.replace('_', ' ')}"


def by_the_setup(table: Table, lynched: PlayerId, alive: Seats) -> Verdict | None:
    """Judge a lynch by the rules that a setup may add; None where it adds none that matters."""
    roster, rules = table.roster, table.rules
    role = roster.role(lynched)
    if role is None or not alive & roster.cast.town:
        return None
    if rules.flag == role.name:
        return (TOWN,), f"the {role.title} was lynched"
    enemies = sum(seats for _, seats in roster.cast.sides)
    count = ((roster.lynched | 1 << lynched) & enemies).bit_count()
    if has(enemies, lynched) and 0 < rules.lynches_to_win <= count:
        return (TOWN,), f"{count} of the mafia were lynched"
    return None


def stalemate(table: Table, day: Day) -> Verdict | None:
    """Judge a day that would begin: a draw after too many days without a death."""
    if day - table.roster.last_death <= table.rules.stalemate_days:
        return None
    return (), f"{table.rules.stalemate_days} days without a death"


def won_by_lynch(table: Table, own: Outcome, seat: PlayerId) -> tuple[WonAlone, ...]:
    """Give those their goal who wanted just this lynch: a jester, or who lives and wanted it."""
    roster = table.roster
    wanted = [who for who, target in own.goals.items() if target == seat and has(roster.alive, who)]
    hunters = [who for who in wanted if _wins(roster, who) in BY_LYNCH and who not in own.seats]
    jester = [seat] if _wins(roster, seat) == "jester" else []
    return tuple(WonAlone(who) for who in (*jester, *hunters))


def _wins(roster: Roster, seat: PlayerId) -> str:
    role = roster.role(seat)
    return role.wins if role is not None else ""


def bereft(table: Table, own: Outcome, dead: Seats) -> tuple[PlayerId, ...]:
    """List the living executioners whose target has died without being lynched."""
    roster = table.roster
    return tuple(
        who
        for who, target in own.goals.items()
        if has(dead, target)
        and has(roster.alive & ~dead, who)
        and _wins(roster, who) == "executioner"
        and who not in own.seats
    )


def goals(table: Table, draw: Callable[[str], int]) -> tuple[GoalSet, ...]:
    """Draw for each who wants a lynch whose it is: one of the town's."""
    roster = table.roster
    town = members(roster.cast.town)
    return tuple(
        GoalSet(seat, town[draw(f"goal {seat}") % len(town)])
        for seat in members(roster.cast.neutral)
        if _wins(roster, seat) in BY_LYNCH and town
    )


def _without_enemies(town: Seats) -> Verdict:
    if town:
        return (TOWN,), "all who had to be eliminated are dead"
    return (), ONLY_OTHERS


def survivors(table: Table, alive: Seats) -> tuple[PlayerId, ...]:
    """List those who win by living at the end."""
    own = [(seat, table.roster.role(seat)) for seat in members(alive & table.roster.cast.neutral)]
    return tuple(seat for seat, role in own if role is not None and role.wins == "survivor")


def _end(table: Table, own: Outcome, command: End) -> Events:
    require_host(table.roster, command.actor)
    require_phase(table.phases, *PLAYED)
    return (GameEnded((), own.seats, "ended by the host"),)


def _goal_set(table: Table, own: Outcome, event: GoalSet) -> None:
    own.goals = {**own.goals, event.seat: event.target}
    own.special = True


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
        GoalSet: Fact(to_seat, _goal_set),
        WonAlone: Fact(EVERYONE, _won_alone),
        GameEnded: Fact(EVERYONE, _game_ended),
        SeedShown: Fact(EVERYONE, _seed_shown),
    },
)
