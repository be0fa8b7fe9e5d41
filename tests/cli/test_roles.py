"""`mafia-district roles`, run as a user runs it."""

import json
from collections.abc import Callable
from subprocess import CompletedProcess

from mafia_district.roles import ROLES, role

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


def test_one_role_is_told_in_full(run: Run) -> None:
    """Given a name with modifiers, all that there is to know of that role is printed."""
    printed = run("roles", "two_shot_weak_doctor").stdout
    made = role("two_shot_weak_doctor")
    assert printed.startswith(f"Two Shot Weak Doctor. {made.description}\n")
    for said in (
        *("two_shot_weak_doctor", "with the town", "guard a player: at night, 2 times in the game"),
        *("dies of visiting somebody who is not town", made.variants, "MafiaScum"),
    ):
        assert said in printed
    assert "votes" not in printed
    document = json.loads(run("roles", "two_shot_weak_doctor", "--json").stdout)
    assert document["two_shot_weak_doctor"]["description"] == made.description


def test_an_unknown_role_is_one_line_that_names_the_nearest(run: Run) -> None:
    """Given a role that does not exist, one line on stderr guesses, and says where all are."""
    finished = run("roles", "sherif")
    assert (finished.returncode, finished.stdout) == (2, "")
    assert finished.stderr.count("\n") == 1
    assert "sheriff" in finished.stderr


def test_a_part_of_a_name_is_enough_to_be_told_the_rest(run: Run) -> None:
    """Given a word of names, the roles that have it are offered, and so are setups."""
    assert "did you mean town_cop or macho_cop or" in run("roles", "cop").stderr
    assert "did you mean original_newbie" in run("setups", "newbie").stderr
