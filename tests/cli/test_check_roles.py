"""`mafia-district check-roles`, and a role of one's own in every other command."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]

EXAMPLE = str(Path(__file__).parents[2] / "examples" / "locksmith.toml")
FAULTY = """
name = "Faulty"

[[roles]]
name = "smith"
alignment = "town"
summary = "Forges."
abilities = [{ verb = "protct" }, { verb = "redirect" }, { verb = "roleblock" }]

[[roles]]
name = "hermit"
alignment = "neutral"
summary = "Sits."
"""
CASE = {
    "id": "locked",
    "kind": "night",
    "ruleset": "mafiascum",
    "players": {"L": "locksmith", "G": "mafia_goon", "V": "villager", "W": "caretaker"},
    "actions": [
        {"actor": "L", "action": "protect", "target": "V"},
        {"actor": "G", "action": "kill", "target": "V"},
        {"actor": "W", "action": "watch", "target": "V"},
    ],
    "expected": {"deaths": [], "results": {"W": ["G", "L"]}},
}


def test_faults_and_doubts_are_told_together(run: Run, tmp_path: Path) -> None:
    """Given two faults and a doubt, each has a line below their count, and the exit code is 1."""
    (tmp_path / "mine.toml").write_text(FAULTY)
    finished = run("check-roles", "mine.toml")
    head, *lines = finished.stdout.splitlines()
    assert (finished.returncode, finished.stderr) == (1, "")
    assert head == "mine.toml: 2 errors, 1 warning"
    kinds = [line.strip().split(": ")[:2] for line in lines]
    assert kinds == [
        ["error", "roles 'smith', ability 1"],
        ["error", "roles 'hermit'"],
        ["warning", "roles 'smith'"],
    ]
    document = json.loads(run("check-roles", "mine.toml", "--json").stdout)
    assert [len(document[kind]) for kind in ("errors", "warnings")] == [2, 1]


def test_a_doubt_alone_is_no_failure(run: Run, tmp_path: Path) -> None:
    """Given roles whose order alone is in doubt, the exit code is 0."""
    sound = FAULTY.replace("protct", "protect").replace('"neutral"', '"town"')
    (tmp_path / "mine.toml").write_text(sound)
    finished = run("check-roles", "mine.toml")
    assert finished.returncode == 0
    assert finished.stdout.startswith("mine.toml: no errors, 1 warning\n  warning: roles 'smith'")
    assert run("check-roles", EXAMPLE).stdout == f"{EXAMPLE}: no errors, no warnings\n"


@pytest.mark.parametrize("content", [None, "name = "])
def test_a_file_that_cannot_be_read_is_one_line(
    run: Run, tmp_path: Path, content: str | None
) -> None:
    """Given no file, or no TOML, one line on stderr says so, and nothing is printed."""
    if content is not None:
        (tmp_path / "mine.toml").write_text(content)
    finished = run("check-roles", "mine.toml")
    assert (finished.returncode, finished.stdout) == (2, "")
    assert finished.stderr.startswith("mafia-district: mine.toml: ")
    assert finished.stderr.count("\n") == 1
    told = run("check-roles", "mine.toml", "--json")
    document = json.loads(told.stdout)
    assert (told.returncode, document["warnings"], len(document["errors"])) == (2, [], 1)


@pytest.mark.parametrize("rules", ["district", "classic"])
def test_a_role_of_ones_own_is_simulated(run: Run, rules: str) -> None:
    """Given a locksmith in the setup, games are played in either kind, in several processes."""
    roles = "1 locksmith, 1 burglar, 4 villager, 2 vampire"
    finished = run(
        *("simulate", "--catalogue", EXAMPLE, "--roles", roles, "--rules", rules),
        *("--games", "4", "--workers", "2", "--json"),
    )
    assert finished.returncode == 0, finished.stderr
    assert json.loads(finished.stdout)["setup"] == roles
    unknown = run("simulate", "--roles", roles, "--games", "1")
    assert (unknown.returncode, "'locksmith'" in unknown.stderr) == (2, True)


def test_a_role_of_ones_own_is_resolved(run: Run, tmp_path: Path) -> None:
    """Given a case with a locksmith, it agrees with the file, and without the file is refused."""
    (tmp_path / "cases.json").write_text(json.dumps({"cases": [CASE]}))
    checked = run("resolve", "cases.json", "--catalogue", EXAMPLE, "--check")
    assert checked.stdout == "1 of 1 cases agree\n", checked.stderr
    assert "unknown role 'locksmith'" in run("resolve", "cases.json").stderr


def test_a_role_of_ones_own_is_listed(run: Run) -> None:
    """Given the file, its roles are listed after the built-in ones, or shown alone."""
    names = list(json.loads(run("roles", "--catalogue", EXAMPLE, "--json").stdout))
    assert names[-3:] == ["locksmith", "burglar", "caretaker"]
    shown = run("roles", "novice_locksmith", "--catalogue", EXAMPLE, "--json")
    (row,) = json.loads(shown.stdout).values()
    assert row["abilities"] == [
        {
            "verb": "protect",
            "shots": 0,
            "on_self": False,
            "repeats": False,
            "nights": "later",
            "roams": False,
            "rests": False,
            "reach": "place",
        }
    ]
