"""`mafia-district odds`, run as a user runs it."""

import json
from collections.abc import Callable
from subprocess import CompletedProcess

import pytest

from mafia_district.lab.odds import table

Run = Callable[..., CompletedProcess[str]]


def test_json_is_one_document_with_the_fraction(run: Run) -> None:
    """Given two numbers, stdout holds the fraction and its float, and nothing else."""
    finished = run("odds", "7", "2", "--json")
    assert (finished.returncode, finished.stderr) == (0, "")
    assert json.loads(finished.stdout) == {
        "players": 7,
        "mafia": 2,
        "first_phase": "day",
        "end": "parity",
        "p_mafia": "27/35",
        "p_mafia_float": 27 / 35,
    }


@pytest.mark.parametrize(
    ("switches", "mafia"),
    [
        ("", "27/35"),
        ("--first-phase night", "11/12"),
        ("--first-phase night --end elimination", "5/8"),
        ("--nightless", "4/7"),
        ("--white-flag", "3/7"),
        ("--no-lynch-on-even --first-phase night", "13/15"),
    ],
)
def test_switches_choose_the_convention(run: Run, switches: str, mafia: str) -> None:
    """Given the switches of a convention, a person reads its fraction."""
    finished = run("odds", "7", "2", *switches.split())
    assert finished.returncode == 0
    assert finished.stdout.startswith(f"mafia {mafia} (")


def test_the_table_holds_all_conventions_up_to_twenty(run: Run) -> None:
    """Given --table, the document has every fraction and the printed table cuts none."""
    exact = table(20)
    document = json.loads(run("odds", "--table", "--json").stdout)
    assert {
        (name, size): row["p_mafia"]
        for name, rows in document.items()
        for size, row in rows.items()
    } == {
        (name, f"{players},{mafia}"): str(chance)
        for name, rows in exact.items()
        for (players, mafia), chance in rows.items()
    }

    printed = run("odds", "--table").stdout
    assert all(str(exact[name][20, 3]) in printed for name in exact)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("odds", "give PLAYERS and MAFIA"),
        ("odds 5", "give PLAYERS and MAFIA"),
        ("odds 5 6", "at most as many as players"),
        ("odds 5 two", "integer"),
        ("odds 5 2 --end soon", "'soon'"),
        ("odds 5 2 --nightless --first-phase night", "cannot begin with a night"),
    ],
)
def test_wrong_usage_gets_a_sentence(run: Run, arguments: str, sentence: str) -> None:
    """Given what no game can be, the exit code is 2 and stderr says why."""
    finished = run(*arguments.split())
    assert (finished.returncode, finished.stdout) == (2, "")
    assert sentence in finished.stderr
    assert "Traceback" not in finished.stderr
