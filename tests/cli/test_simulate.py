"""`mafia-district simulate`, run as a user runs it."""

import json
import os
import pty
import signal
import subprocess
from collections.abc import Callable
from math import sqrt
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from mafia_district.lab.odds import FirstPhase, odds

Run = Callable[..., CompletedProcess[str]]

SEVEN = ("--rules", "classic", "--roles", "5 vanilla_townie, 2 mafia_goon")


def document(finished: CompletedProcess[str]) -> dict[str, Any]:
    """Return the one JSON document that a run has printed, and nothing else."""
    assert (finished.returncode, finished.stderr) == (0, "")
    read: dict[str, Any] = json.loads(finished.stdout)
    return read


def test_json_has_the_fields_that_scripts_rely_on(run: Run) -> None:
    """Given a few games, the document has exactly the promised fields, and they add up."""
    report = document(run("simulate", *SEVEN, "--games", "40", "--seed", "3", "--json"))
    assert list(report) == [
        "setup", "games", "seed", "wins", "rates", "mean_days", "commands", "games_per_second",
        "commands_per_second", "wall_seconds", "cpu_seconds",
    ]  # fmt: skip
    assert (report["setup"], report["games"], report["seed"]) == (SEVEN[-1], 40, 3)
    assert sum(report["wins"].values()) == 40
    assert {"town", "mafia", "draw"} == set(report["wins"]) == set(report["rates"])
    for side, rate in report["rates"].items():
        assert rate["p"] == report["wins"][side] / 40
        assert rate["low"] <= rate["p"] <= rate["high"]


@pytest.mark.parametrize("first_phase", ["day", "night"])
def test_random_play_comes_to_the_exact_odds(run: Run, first_phase: FirstPhase) -> None:
    """Given thousands of games, wins lie within 3.3 standard deviations of the odds."""
    games, exact = 4_000, float(odds(7, 2, first_phase=first_phase))
    report = document(
        run("simulate", *SEVEN, "--games", str(games), "--first-phase", first_phase, "--json")
    )
    z = (report["wins"]["mafia"] - games * exact) / sqrt(games * exact * (1 - exact))
    assert abs(z) <= 3.3


def test_the_number_of_workers_changes_nothing(run: Run) -> None:
    """Given one seed, one worker and two find the same; another seed finds something else."""

    def found(seed: int, workers: int) -> tuple[Any, ...]:
        choice = (
            "--players",
            "9",
            "--games",
            "240",
            "--seed",
            str(seed),
            "--workers",
            str(workers),
        )
        report = document(run("simulate", *choice, "--json"))
        return report["wins"], report["mean_days"], report["commands"]

    assert found(1, 1) == found(1, 2) != found(2, 1)


def test_a_person_reads_a_table(run: Run) -> None:
    """Given no --json, each side has a row with its share and interval."""
    finished = run("simulate", *SEVEN, "--games", "30", "--set", "vote=plurality")
    assert (finished.returncode, finished.stderr) == (0, "")
    assert SEVEN[-1] in finished.stdout
    for side in ("draw", "mafia", "town"):
        (row,) = [line for line in finished.stdout.splitlines() if line.startswith(f"│ {side} ")]
        assert row.count("%") == 3


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["--roles", "5 vanilla_towny, 2 mafia_goon"], 2, "did you mean vanilla_townie"),
        (["--roles", "many goons"], 2, "write a count and a role"),
        (["--set", "day_ms"], 2, "write --set KEY=VALUE"),
        (["--set", "dya_ms=5"], 2, "did you mean day_ms"),
        (["--set", "name=mine"], 2, "choose another preset"),
        (["--house", "ours"], 2, "choose mafiascum or tos"),
        ([*SEVEN, "--players", "9"], 2, "the roles are for 7, and not for 9"),
        (["--bots", "genius"], 2, "choose random or monkey"),
        (["--players", "2"], 1, "2 sit here, 5 are needed: --players 5"),
        (["--players", "3"], 1, "5 are needed: --rules classic or --set min_seats=3"),
        (["--players", "2", "--rules", "classic"], 1, "3 are needed: --set min_seats=2"),
        (["--rules", "tos"], 2, "tos is a house: --house tos"),
        (["--rules", "c9"], 2, "c9 is a setup: `mafia-district simulate c9`"),
        (["--rules", "clasic"], 2, "choose district or classic; did you mean classic?"),
        (["--house", "toss"], 2, "did you mean tos?"),
    ],
)
def test_a_wrong_choice_is_one_line_that_names_the_fix(
    run: Run, arguments: list[str], code: int, sentence: str
) -> None:
    """Given a table that cannot be played, one line on stderr says why, and no game is played."""
    finished = run("simulate", *arguments)
    assert (finished.returncode, finished.stdout) == (code, "")
    assert sentence in finished.stderr
    assert finished.stderr.count("\n") == 1


def test_games_that_the_deal_decides_are_told(run: Run) -> None:
    """Given as many mafia as others, a line on stderr says that nothing was played."""
    finished = run(
        "simulate", "--rules", "classic", "--roles", "1 villager, 2 mafia_goon", "--json"
    )
    assert json.loads(finished.stdout)["wins"]["mafia"] == 1_000
    assert finished.stderr.count("\n") == 1
    assert "every game was over before it began" in finished.stderr


def test_few_can_play_as_the_message_says(run: Run) -> None:
    """Given three players, both ways out that are named lead to games."""
    for way in (("--rules", "classic"), ("--set", "min_seats=3")):
        assert run("simulate", "--players", "3", *way, "--games", "2").returncode == 0


def test_an_interrupt_ends_the_run_from_its_progress_bar(script: Path, tmp_path: Path) -> None:
    """Given a terminal, a bar shows the games played; interrupted, the exit code is 130."""
    terminal, inside = pty.openpty()
    running = subprocess.Popen(
        [script, "simulate", *SEVEN, "--games", "9999999", "--workers", "1", "--json"],
        stdout=subprocess.PIPE,
        stderr=inside,
        cwd=tmp_path,
    )
    os.close(inside)
    shown = b""
    while b"100/9999999" not in shown:
        shown += os.read(terminal, 4096)
    running.send_signal(signal.SIGINT)
    printed, _ = running.communicate(timeout=30)
    os.close(terminal)
    assert (running.returncode, printed) == (130, b"")
