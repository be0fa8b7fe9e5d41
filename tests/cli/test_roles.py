"""`mafia-district roles`, run as a user runs it."""

import json
from collections.abc import Callable
from subprocess import CompletedProcess

from mafia_district.roles import ROLES

Run = Callable[..., CompletedProcess[str]]


def test_all_roles_are_listed(run: Run) -> None:
    """Given no name, every role is there with its title, its side and what it does."""
    document = json.loads(run("roles", "--json").stdout)
    assert document.keys() == ROLES.keys()
    printed = run("roles").stdout
    assert all(role.title in printed and role.summary in printed for role in ROLES.values())


def test_one_role_is_shown_alone(run: Run) -> None:
    """Given a name, that role alone is shown with all its abilities."""
    (doctor,) = json.loads(run("roles", "doctor", "--json").stdout).values()
    assert [ability["verb"] for ability in doctor["abilities"]] == ["protect"]
    assert not doctor["abilities"][0]["repeats"]


def test_an_unknown_role_is_one_line_that_names_the_nearest(run: Run) -> None:
    """Given a role that does not exist, one line on stderr guesses, and says where all are."""
    finished = run("roles", "sherif")
    assert (finished.returncode, finished.stdout) == (2, "")
    assert finished.stderr.count("\n") == 1
    assert "sheriff" in finished.stderr
