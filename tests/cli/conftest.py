"""What every test of the command line needs: the installed script, run as a user runs it."""

import os
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import attrs
import pytest

from mafia_district import log
from mafia_district.bots import make
from mafia_district.catalogue import BUILT_IN
from mafia_district.chance import Dice
from mafia_district.game import Game
from mafia_district.ids import KEEPER, NOBODY
from mafia_district.lab.play import play, table
from mafia_district.lobby import AddBots, Start, TakeSeat
from mafia_district.rules import Rules

SCRIPT = Path(sys.executable).with_name("mafia-district")
TELL_MODULES = """
import atexit, sys
from mafia_district_cli.main import main
atexit.register(lambda: print(*sys.modules, file=sys.stderr))
main()
"""


def finish(
    command: list[str], directory: Path, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end in a directory, with additions to the environment."""
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=directory,
        env=os.environ | environment,
        timeout=60,
        check=False,
    )


@pytest.fixture
def script() -> Path:
    """Return the installed script beside the running Python."""
    return SCRIPT


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the installed script in an empty directory; keywords extend the environment."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return finish([str(SCRIPT), *arguments], tmp_path, environment)

    return run


@pytest.fixture
def imports(tmp_path: Path) -> Callable[..., set[str]]:
    """Run the command line in a fresh interpreter and return the modules loaded at its end."""

    def imports(*arguments: str) -> set[str]:
        finished = finish([sys.executable, "-c", TELL_MODULES, *arguments], tmp_path, {})
        assert finished.returncode == 0, finished.stderr
        return set(finished.stderr.split())

    return imports


def play_and_write(game: Game, bots: str, path: Path) -> None:
    """Play a game by bots of a kind to its end, and write its log to a file."""
    dice = Dice(b"recorded".ljust(32, b"."))
    play(game, [make(bots, dice) for _ in game.view(KEEPER).seats])
    salts = (number.to_bytes(16, "big") for number in count())
    with path.open("wb") as file:
        log.write(log.record(game.record(), lambda: next(salts)), file)


@pytest.fixture
def recorded(tmp_path: Path) -> tuple[Game, Path]:
    """Play a whole game of nine with everything in it, and write its log to a file."""
    game, path = table(Rules.preset("classic"), 9).fork(bytes(32)), tmp_path / "game.log"
    play_and_write(game, "monkey", path)
    return game, path


@pytest.fixture
def town(tmp_path: Path) -> tuple[Game, Path]:
    """Do so in a town of one's own: its places, and one of its five, are called like markup."""
    places = tuple(attrs.evolve(place, title=f"{place.title} [/b]") for place in BUILT_IN.places)
    bracketed = attrs.evolve(BUILT_IN, name="Bracketed", places=places)
    rules = Rules.preset("district").replace(catalogue=bracketed)
    game, path = Game.open(rules, 0, 0), tmp_path / "town.log"
    for command in (TakeSeat(NOBODY, "Ann [/red]"), AddBots(KEEPER, 4), Start(KEEPER)):
        game.handle(command, 0)
    game = game.fork(bytes(32))
    play_and_write(game, "random", path)
    return game, path
