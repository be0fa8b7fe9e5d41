"""`mafia-district replay`, run as a user runs it."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from mafia_district import wire
from mafia_district.game import Game
from mafia_district.ids import KEEPER, SPECTATOR

Run = Callable[..., CompletedProcess[str]]
Played = tuple[Game, Path]


@pytest.mark.parametrize(
    ("name", "viewer"), [("keeper", KEEPER), ("spectator", SPECTATOR), ("4", 4)]
)
def test_json_is_what_the_viewer_saw(run: Run, recorded: Played, name: str, viewer: int) -> None:
    """Given a viewer, the document holds that viewer's events and view, and no others."""
    game, path = recorded
    finished = run("replay", str(path), "--as", name, "--json")
    assert (finished.returncode, finished.stderr) == (0, "")
    document = json.loads(finished.stdout)
    assert document["events"] == [
        {
            "cursor": sight.cursor,
            "at": sight.at,
            "event": json.loads(wire.event_bytes(sight.event)),
        }
        for sight in game.entries(viewer)
    ]
    assert document["view"] == json.loads(wire.view_bytes(game.view(viewer)))


def test_until_stops_after_a_version(run: Run, recorded: Played) -> None:
    """Given --until, nothing is told that was recorded later."""
    finished = run("replay", str(recorded[1]), "--until", "10")
    lines = finished.stdout.splitlines()
    assert len(lines) == 10
    assert lines[0].split(maxsplit=2) == ["1", "0:00:00", "A public lobby opens."]


def test_a_town_of_ones_own_has_its_own_titles(run: Run, town: Played) -> None:
    """Given a log of such a town, places are called as that town calls them."""
    told = run("replay", str(town[1])).stdout.splitlines()
    assert any("has tasks today" in line and "[/b]" in line for line in told)


def test_a_whole_log_is_verified(run: Run, recorded: Played) -> None:
    """Given an untouched log, --verify counts its entries and finds the deal fair."""
    game, path = recorded
    finished = run("replay", str(path), "--verify", "--json")
    assert finished.returncode == 0
    document = json.loads(finished.stdout)
    assert document["hash"] == json.loads(path.read_bytes().splitlines()[-1])["hash"]
    assert document["entries"] == game.version
    assert document["verified"]
    assert document["deal_verified"]


def test_a_flipped_byte_is_named(run: Run, recorded: Played) -> None:
    """Given a log with one digit changed, the exit code is 1 and the entry is named."""
    path = recorded[1]
    lines = path.read_bytes().splitlines(keepends=True)
    lines[7] = lines[7].replace(b'"version":7', b'"version":8')
    path.write_bytes(b"".join(lines))
    finished = run("replay", str(path), "--verify")
    assert (finished.returncode, finished.stdout) == (1, "")
    assert "damaged at entry 7" in finished.stderr


@pytest.mark.parametrize("arguments", [[], ["--json"], ["--verify"]])
def test_lost_lines_are_named(run: Run, recorded: Played, arguments: list[str]) -> None:
    """Given a log without the choices that others take back, one line names the first bad entry."""
    path = recorded[1]
    lines = path.read_bytes().splitlines(keepends=True)
    lost = [version for version, line in enumerate(lines) if b'"night.action_chosen"' in line]
    path.write_bytes(b"".join(line for n, line in enumerate(lines) if n not in lost))
    finished = run("replay", str(path), *arguments)
    assert (finished.returncode, finished.stdout) == (1, "")
    assert f"damaged at entry {lost[0]}" in finished.stderr
    assert finished.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "arguments", "code", "sentence"),
    [
        (None, [], 1, "cannot read nothing.log: No such file"),
        (b"", [], 1, "damaged at the header"),
        (b"\x89PNG\r\n\x1a\n", [], 1, "damaged at the header"),
        (b"{}\n", [], 1, "damaged at the header"),
    ],
)
def test_a_wrong_file_is_one_line(
    run: Run, tmp_path: Path, content: bytes | None, arguments: list[str], code: int, sentence: str
) -> None:
    """Given a file that is no log, one line on stderr says so."""
    if content is not None:
        (tmp_path / "nothing.log").write_bytes(content)
    finished = run("replay", "nothing.log", *arguments)
    assert (finished.returncode, finished.stdout) == (code, "")
    assert sentence in finished.stderr
    assert finished.stderr.count("\n") == 1


def test_an_unknown_viewer_is_wrong_usage(run: Run, recorded: Played) -> None:
    """Given a seat that nobody held, one line on stderr lists the viewers there are."""
    finished = run("replay", str(recorded[1]), "--as", "9")
    assert (finished.returncode, finished.stdout) == (2, "")
    assert "spectator, or keeper, and not '9'" in finished.stderr
