"""`mafia-district setups` and `simulate SETUP`, run as a user runs them."""

import json
from collections.abc import Callable
from math import sqrt
from subprocess import CompletedProcess

import pytest

from mafia_district.setups import PUBLISHED
from mafia_district_cli.rule_options import setup_names

Run = Callable[..., CompletedProcess[str]]


def test_all_setups_are_listed(run: Run) -> None:
    """Given no name, every setup is there with its seats and what it is."""
    document = json.loads(run("setups", "--json").stdout)
    assert document.keys() == PUBLISHED.keys()
    assert (document["matrix6"]["seats"], document["district"]["seats"]) == (9, None)
    printed = run("setups").stdout
    assert all(row.title in printed and row.summary in printed for row in PUBLISHED.values())


def test_one_setup_is_told_in_full(run: Run) -> None:
    """Given a name, a person reads its draw with its chances, and all that is said of it."""
    printed = run("setups", "f11").stdout
    row = PUBLISHED["f11"]
    assert printed.count("1/4") == 4
    assert "7 vanilla_townie, 1 mafia_goon, 1 mafia_roleblocker" in printed
    assert all(text in printed for text in (row.summary, row.source, *row.unknown))
    assert "rule: nightless=true\n" in run("setups", "vengeful").stdout
    assert "size: free" in run("setups", "mountainous").stdout
    assert "depend on the number of players" in run("setups", "district").stdout


def test_a_draw_of_letters_is_told_by_its_letters(run: Run) -> None:
    """Given C9++, its letters stand there with their chances, and not its 792 compositions."""
    (setup,) = json.loads(run("setups", "c9_plus_plus", "--json").stdout).values()
    letters = {cells["letter"]: cells["chance"] for cells in setup["draw"]}
    assert letters == {"T": "1/2", "C": "3/20", "D": "1/10", "V": "1/10", "M": "1/10", "B": "1/20"}
    assert setup["rules"] == {}
    assert setup["departs"]


@pytest.mark.parametrize("command", ["setups", "simulate"])
def test_an_unknown_setup_is_one_line_that_names_the_nearest(run: Run, command: str) -> None:
    """Given a setup that does not exist, one line on stderr guesses, and says where all are."""
    finished = run(command, "matrix7")
    assert (finished.returncode, finished.stdout) == (2, "")
    assert finished.stderr.count("\n") == 1
    assert "did you mean matrix6" in finished.stderr
    assert "`mafia-district setups`" in finished.stderr


def test_a_setup_is_simulated_with_its_roles_and_rules(run: Run) -> None:
    """Given White Flag, the town wins as often as its source prints: 1436 games of 3003."""
    games, exact = 4_000, 1436 / 3003
    finished = run("simulate", "white_flag", "--games", str(games), "--json")
    report = json.loads(finished.stdout)
    assert report["setup"] == "white_flag"
    z = (report["wins"]["town"] - games * exact) / sqrt(games * exact * (1 - exact))
    assert abs(z) <= 3.3


def test_a_setup_takes_other_options_as_well(run: Run) -> None:
    """Given a setup with other counts, another first phase or a rule set, those win."""
    told = ("--roles", "4 vanilla_townie, 1 mafia_goon", "--set", "nightless=false")
    finished = run("simulate", "nightless", *told, "--first-phase", "night", "--games", "5")
    assert finished.returncode == 0
    assert "nightless: 4 vanilla_townie, 1 mafia_goon" in finished.stdout
    for options in (("c9", "--rules", "district"), ("district", "--players", "6"), ("dethy",)):
        assert run("simulate", *options, "--games", "2").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("matrix6", "--players", "8"), "leave --players out, or give --roles for 8"),
        (("dethy", "--rules", "district", "--set", "nightless=true"), "nightless"),
        (("lovers", "--rules", "district"), "a town needs its nights"),
    ],
)
def test_a_setup_that_cannot_be_played_so_is_one_line(
    run: Run, arguments: tuple[str, ...], sentence: str
) -> None:
    """Given options that do not fit the setup, one line on stderr says what to do."""
    finished = run("simulate", *arguments)
    assert (finished.returncode, finished.stdout) == (2, "")
    assert finished.stderr.count("\n") == 1
    assert sentence in finished.stderr


def test_the_shell_completes_setups() -> None:
    """Given the beginning of a name, all setups that begin so are offered."""
    assert setup_names("c9") == ["c9", "c9_plus_plus"]
    assert setup_names("") == list(PUBLISHED)
