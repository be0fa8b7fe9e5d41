"""A game in the town beside a classic one: what a command costs the engine, as a share.

Games are played once by players that try whatever is open to them, and what they did is kept. Then
the same commands are done again on copies of the same tables, so that no player's thinking counts,
but the laying of the table, the deal, every command and every phase's end do, and of the bench
itself the loop over the steps alone. 0.5 means that a command of the district costs twice what a
classic one costs.
"""

from collections.abc import Callable, Sequence

from bench.common import ratios
from mafia_district.bots import Monkey
from mafia_district.chance import SEED_BYTES, Dice
from mafia_district.game import Game
from mafia_district.ids import Instant
from mafia_district.lab.play import play, table
from mafia_district.machine import Command
from mafia_district.rules import Rules

SECONDS = 0.3  # of one measurement
SEATS = 12
GAMES = 20

Step = tuple[Command | None, Instant]  # a command, or None for the time that passes


class Kept(Game):
    """A game that keeps what was done with it."""

    __slots__ = ("steps",)

    steps: list[Step]

    def do(self, command: Command, at: Instant, command_id: str = "") -> None:
        """Do a command, and keep it if it was not refused."""
        super().do(command, at, command_id)
        self.steps.append((command, at))

    def tick(self, at: Instant) -> None:
        """Let time pass, and keep that."""
        self.steps.append((None, at))
        super().tick(at)


def _kept(laid: Game, seed: bytes) -> Sequence[Step]:
    game = Kept(laid.rules, seed, chosen_seed=True)
    game.become(laid, seed)
    game.steps = []
    dice = Dice(seed)
    play(game, [Monkey(dice) for _ in range(SEATS)])
    return game.steps


def _games(preset: str) -> Callable[[], int]:
    """Give a function that does one kept game after the other and counts its commands."""
    laid, number = table(Rules.preset(preset), SEATS), 0
    seeds = [place.to_bytes(SEED_BYTES, "big") for place in range(GAMES)]
    kept = [(seed, _kept(laid, seed)) for seed in seeds]
    counts = [sum(command is not None for command, _ in steps) for _, steps in kept]
    game = laid.fork()

    def one_game() -> int:
        nonlocal number
        number = (number + 1) % GAMES
        seed, steps = kept[number]
        game.become(laid, seed)
        for command, at in steps:
            if command is None:
                game.tick(at)
            else:
                game.do(command, at)
        return counts[number]

    return one_game


def measure(pairs: int) -> dict[str, list[float]]:
    """Play both kinds of game in turn, several times; gives the ratios."""
    return {"beside_classic": ratios(_games("classic"), _games("district"), SECONDS, pairs)}
