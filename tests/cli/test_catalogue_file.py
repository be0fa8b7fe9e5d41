"""A town of one's own on the command line: `--catalogue FILE`."""

import os
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]

EXAMPLE = Path(__file__).parents[2] / "examples" / "my-town.toml"
FAULTY = """
name = "Faulty"

[[items]]
id = "wand"
title = "Wand"
text = "Turns one into a frog."
price = 10
effect = "frog"

[[items]]
id = "rope"
title = "Rope"
text = "Long enough."
price = -5
effect = "cuffs"

[[tasks]]
id = "fly"
kind = "visit"
reward = 10
text = "Fly to the moon."
place = "moon"

[[rumors]]
id = "twice"
category = "role"
text = "{persons}: the {role}?"

[[rumors]]
id = "twice"
category = "role"
text = "{persons}, some say: the {role}."
"""


def test_a_game_is_played_in_a_town_of_ones_own(run: Run) -> None:
    """Given a catalogue file, games are simulated and shown in that town."""
    finished = run("simulate", "--catalogue", str(EXAMPLE), "--games", "2", "--players", "5")
    assert finished.returncode == 0, finished.stderr
    shown = run(
        *("demo", "--catalogue", str(EXAMPLE), "--players", "5", "--speed", "fast"), "--seed", "1"
    )
    assert shown.returncode == 0, shown.stderr


@pytest.mark.parametrize("command", ["simulate", "items", "serve", "demo"])
def test_all_that_is_wrong_with_a_file_is_said_at_once(
    run: Run, tmp_path: Path, command: str
) -> None:
    """Given a file with four faults, each has a clear line, and the command does nothing else."""
    (tmp_path / "town.toml").write_text(FAULTY)
    finished = run(command, "--catalogue", "town.toml")
    assert (finished.returncode, finished.stdout) == (2, "")
    head, *faults = finished.stderr.splitlines()
    assert "4 problems" in head
    for row in ("items 'rope': ", "items 'wand': ", "rumors 'twice': ", "tasks 'fly': "):
        assert sum(row in fault for fault in faults) == 1
    assert len(faults) == 4


def test_what_is_no_file_is_refused_at_once(run: Run, tmp_path: Path) -> None:
    """Given a pipe that nobody writes to, or a directory, one line says so."""
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "."):
        finished = run("items", "--catalogue", name)
        assert (finished.returncode, finished.stderr.count("\n")) == (2, 1)


def test_words_in_brackets_are_words(run: Run, tmp_path: Path) -> None:
    """Given a title that looks like markup, it is printed as it is."""
    text = EXAMPLE.read_text().replace('title = "Bag of salt"', 'title = "Bag [/b] of salt"')
    (tmp_path / "town.toml").write_text(text)
    assert "Bag [/b] of salt" in run("items", "--catalogue", "town.toml").stdout


def test_the_hosts_town_is_a_setting(run: Run, tmp_path: Path) -> None:
    """Given a file in the environment, the server's settings name its town."""
    assert "Saltmarsh" in run("serve", "--print-config", CATALOGUE=str(EXAMPLE)).stdout
    finished = run("serve", "--print-config", CATALOGUE=str(tmp_path / "none.toml"))
    assert finished.returncode == 2
    assert "none.toml" in finished.stderr
