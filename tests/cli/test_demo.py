"""`mafia-district demo` plays a whole game over HTTP and WebSocket."""

import json
import os
import pty
import re
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from mafia_district_cli.demo import demo
from mafia_district_cli.errors import CommandError
from mafia_district_servers.client import Client, ServerRefused

Run = Callable[..., subprocess.CompletedProcess[str]]

ROOT = Path(__file__).parents[2]
SEAT = re.compile(r"^  \d+ +(\w+) +(\w+) +(?:alive|done|dead) *(\w*)$", re.MULTILINE)


def test_a_fast_demo_plays_to_the_verdict(run: Run) -> None:
    """Given twelve seats, the demo tells the story, of the README's deal, and then who has won."""
    ran = run("demo", "--speed", "fast", "--seed", "7")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("After day ")
    assert "-- day 1 --" in ran.stderr
    assert "The seed was" in ran.stderr
    pictured = SEAT.findall((ROOT / "README.md").read_text("utf-8"))
    assert len(pictured) == 12
    for name, career, role in pictured:
        assert re.search(rf"{name} is an? {career}\b", ran.stderr), "the picture in the README"
        assert not role or f"{name} is {role}" in ran.stderr


def test_the_end_of_the_story_can_be_read_below_the_picture(script: Path) -> None:
    """Given a narrow terminal, what the picture cuts off stands below it in full."""
    terminal, inside = pty.openpty()
    running = subprocess.Popen(
        [script, "demo", "--speed", "fast", "--players", "5"],
        stdout=subprocess.DEVNULL,
        stderr=inside,
        env=os.environ | {"COLUMNS": "60", "LINES": "30", "TERM": "xterm"},
    )
    os.close(inside)
    shown = b""
    with suppress(OSError):  # which is how the other end of a terminal says that it has closed
        while more := os.read(terminal, 4096):
            shown += more
    os.close(terminal)
    assert running.wait(timeout=30) == 0
    below = shown.decode().rpartition("Euler  ")[2]
    assert re.search(r"Night 1 is resolved, [^\n]+\.\r\n", below)
    assert re.search(r"The seed was [0-9a-f]{64}\.\r\n", below)


def test_the_verdict_is_one_json_document(run: Run) -> None:
    """Given --json, when a demo of five ends, stdout is one JSON document with the verdict."""
    ran = run("demo", "--players", "5", "--speed", "fast", "--json")
    verdict = json.loads(ran.stdout)
    assert set(verdict) == {"winners", "seats", "reason", "days", "wall_seconds", "cache"}
    assert verdict["cache"]["hits"] > verdict["cache"]["misses"]
    assert verdict["winners"] in (["town"], ["mafia"], [])


def test_the_keeper_sees_what_the_public_does_not(run: Run) -> None:
    """Given one deal, the keeper is told of errands and coins, and a spectator is not."""
    told = run("demo", "--speed", "fast", "--seed", "3", "--players", "5", "--keeper").stderr
    seen = run("demo", "--speed", "fast", "--seed", "3", "--players", "5").stderr
    for secret in ("has tasks today", "hears a rumor", " coins ("):
        assert secret in told
        assert secret not in seen.replace("coins now", "")


def test_a_demo_is_no_business_of_the_servers_variables(run: Run) -> None:
    """Given variables that are for a real server, a demo heeds none of them."""
    settings = {"PUBLIC_URL": "http://127.0.0.1:9", "ALLOW_GUESTS": "false", "PORT": "1"}
    settings |= {"HOST": "nowhere.invalid", "JWT_SECRET": "short"}
    ran = run("demo", "--players", "5", "--speed", "fast", **settings)
    assert ran.returncode == 0, ran.stderr


def test_a_player_who_fails_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a server that has no more of its players, the demo says the first one's reason."""

    async def lost(_: Client) -> None:
        raise ServerRefused(403, "gone", "the seat is lost")

    monkeypatch.setattr(Client, "play", lost)
    with pytest.raises(CommandError, match="the seat is lost"):
        demo(players=5, speed="fast")


def test_a_demo_that_is_told_to_end_leaves_nothing(script: Path, tmp_path: Path) -> None:
    """Given SIGTERM in the middle, the exit code says so and its directory is gone."""
    running = subprocess.Popen(
        [script, "demo", "--speed", "slow"],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    assert running.stderr is not None
    running.stderr.readline()
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=30)
    assert (running.returncode, list(tmp_path.iterdir())) == (143, [])


def test_too_few_for_a_kind_of_game_is_wrong_usage(run: Run) -> None:
    """Given four players, a district says how many it takes, and a classic game is played."""
    ran = run("demo", "--players", "4")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "--players 5" in ran.stderr


def test_too_few_players_are_wrong_usage(run: Run) -> None:
    """Given two players, when a demo is asked for, it says the range and exits with 2."""
    ran = run("demo", "--players", "2")
    assert ran.returncode == 2
    assert "3" in ran.stderr
