"""Simulating: many whole games through the real engine, spread over processes.

Every game has its own seed, made from the run's seed and the game's number, so the outcome does
not depend on how the games are shared out: any number of workers gives the same result. Rates are
per second of CPU of all workers, set-up and the players' own thinking included.
"""

import multiprocessing
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256

import attrs

from mafia_district.bots import PLAYERS as BUILT_IN
from mafia_district.bots import MakePlayer
from mafia_district.chance import Dice
from mafia_district.game import Game
from mafia_district.lab.play import play, table
from mafia_district.lab.wilson import wilson
from mafia_district.rules import Rules

CHUNK = 100  # games a worker plays before it reports


@attrs.frozen
class Tally:
    """What some games came to; tallies add up."""

    games: int = 0
    wins: Counter[str] = attrs.field(factory=Counter)
    days: int = 0
    commands: int = 0
    cpu_seconds: float = 0.0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.games + other.games,
            self.wins + other.wins,
            self.days + other.days,
            self.commands + other.commands,
            self.cpu_seconds + other.cpu_seconds,
        )


@attrs.frozen
class Rate:
    """A share of games with its 95 % Wilson interval."""

    p: float
    low: float
    high: float


@attrs.frozen
class Report:
    """What a simulation found; `wins` counts games by winner, `draw` those without one.

    A player who won alone is counted under the name of that goal, beside the faction that won.
    """

    setup: str
    games: int
    seed: int
    wins: dict[str, int]
    rates: dict[str, Rate]
    mean_days: float
    commands: int
    games_per_second: float
    commands_per_second: float
    wall_seconds: float
    cpu_seconds: float


@attrs.frozen
class Chunk:
    """Some games of a run: which rules, how many seats, which numbers, who plays."""

    rules: Rules
    seats: int
    seed: int
    numbers: range
    make: MakePlayer


def simulate(
    rules: Rules,
    *,
    seats: int | None = None,
    games: int = 1_000,
    seed: int = 0,
    bots: str | MakePlayer = "random",
    workers: int = 1,
    progress: Callable[[int], None] = lambda games: None,
) -> Report:
    """Play whole games and count who wins.

    `seats` may be left out where the rules name the roles. `bots` is a built-in player's name or
    something that makes a player of dice. `progress` is called with the games finished so far.
    Raises ValueError for impossible numbers and Refused where the rules allow no such table.

    >>> rules = Rules.preset("classic").with_settings({"roles": "2 vanilla_townie, 1 mafia_goon"})
    >>> sum(simulate(rules, games=10).wins.values())
    10
    """
    _check(games, workers)
    named = rules.named_setup
    seats = seats or (named.seats if named else 0)
    make = _maker(bots)
    table(rules, seats)  # a table that cannot start is refused before any process does
    chunks = [
        Chunk(rules, seats, seed, range(first, min(first + CHUNK, games)), make)
        for first in range(0, games, CHUNK)
    ]
    started, tally = time.perf_counter(), Tally()
    with _mapper(min(workers, len(chunks))) as map_chunks:
        for part in map_chunks(play_chunk, chunks):
            tally += part
            progress(tally.games)
    return _report(_told(rules, seats), seed, tally, time.perf_counter() - started)


def play_chunk(chunk: Chunk) -> Tally:
    """Play some games and tally them."""
    started, laid = time.process_time(), table(chunk.rules, chunk.seats)
    game = laid.fork()
    wins: Counter[str] = Counter()
    days = commands = 0
    for number in chunk.numbers:
        key = sha256(b"simulate %d %d" % (chunk.seed, number)).digest()
        game.become(laid, key)
        dice = Dice(key)
        commands += play(game, [chunk.make(dice) for _ in range(chunk.seats)])
        days += game.day
        wins.update(_winners(game))
    cpu = time.process_time() - started
    return Tally(len(chunk.numbers), wins, days, commands, cpu)


def _winners(game: Game) -> list[str]:
    outcome = game.outcome
    assert outcome is not None, "a simulated game is played to its end"
    roles = game.state.table.roster.cast.roles
    alone = [role.wins for role in (roles[seat] for seat in outcome.seats) if role]
    return [*(["draw"] if outcome.drawn else outcome.winners), *alone]


def _told(rules: Rules, seats: int) -> str:
    """Name the setup: by its name if it has one, and by its roles if they are not its own."""
    if rules.setup_name and not rules.roles:
        return rules.setup_name
    roles = ", ".join(f"{count} {name}" for name, count in rules.setup(seats).roles)
    return f"{rules.setup_name}: {roles}" if rules.setup_name else roles


def _check(games: int, workers: int) -> None:
    if games < 1:
        raise ValueError(f"{games} games cannot be played: at least 1")
    if workers < 1:
        raise ValueError(f"{workers} workers cannot play: at least 1")


def _maker(bots: str | MakePlayer) -> MakePlayer:
    if not isinstance(bots, str):
        return bots
    if bots not in BUILT_IN:
        raise ValueError(f"no player is called {bots!r}: choose {' or '.join(BUILT_IN)}")
    return BUILT_IN[bots]


@contextmanager
def _mapper(
    workers: int,
) -> Iterator[Callable[[Callable[[Chunk], Tally], list[Chunk]], Iterable[Tally]]]:
    """Give a `map` over so many processes that keeps the order; one worker is this process."""
    if workers == 1:
        yield map
        return
    # A forked worker starts in a millisecond; a fresh interpreter costs as much as 2,000 games.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    # An interrupt is for the parent, which then ends its workers.
    with context.Pool(workers, signal.signal, (signal.SIGINT, signal.SIG_IGN)) as pool:
        yield pool.imap


def _report(setup: str, seed: int, tally: Tally, wall: float) -> Report:
    wins = {side: tally.wins[side] for side in sorted({"town", "mafia", "draw", *tally.wins})}
    cpu = tally.cpu_seconds
    return Report(
        setup=setup,
        games=tally.games,
        seed=seed,
        wins=wins,
        rates={side: _rate(count, tally.games) for side, count in wins.items()},
        mean_days=tally.days / tally.games,
        commands=tally.commands,
        games_per_second=tally.games / cpu,
        commands_per_second=tally.commands / cpu,
        wall_seconds=wall,
        cpu_seconds=cpu,
    )


def _rate(wins: int, games: int) -> Rate:
    return Rate(wins / games, *wilson(wins, games))
