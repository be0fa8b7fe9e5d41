"""The catalogue of roles."""

import re
from typing import get_args

import pytest

from mafia_district.catalogue.records import METHODS
from mafia_district.night.verbs import VERBS
from mafia_district.roles import ROLES, Ability, Method, Role, role


@pytest.mark.parametrize("name", ROLES)
def test_a_row_is_whole(name: str) -> None:
    """Given any role, it stands under its own name, can be read, and uses verbs that exist."""
    row = role(name)
    assert row.name == name
    assert re.sub(r"\W", "_", row.title.lower()) == name
    assert row.summary.endswith(".")
    assert {ability.verb for ability in row.abilities} <= VERBS.keys()
    assert row.wins == (row.name if row.alignment == "neutral" else row.alignment)


def test_limited_verbs_are_those_with_shots() -> None:
    """Given counted and uncounted abilities, only the counted verbs are limited."""
    abilities = (Ability("kill", shots=2), Ability("protect"))
    row = Role("x", "X", "town", "town", "A test.", abilities)
    assert row.limited == {"kill"}
    assert role("one_shot_vigilante").limited == {"kill"}
    assert not role("town_vigilante").limited


def test_an_unknown_role_is_answered_with_the_nearest_and_all_names() -> None:
    """Given a misspelt name, the error says what may have been meant and what there is."""
    with pytest.raises(
        ValueError, match=r"^unknown role 'town_copp'; did you mean .*town_cop"
    ) as error:
        role("town_copp")
    assert str(error.value).endswith(f"; known: {', '.join(ROLES)}")


def test_a_role_like_no_other_is_answered_with_all_names() -> None:
    """Given a name that resembles none, the error does not guess."""
    with pytest.raises(ValueError, match=r"^unknown role '42'; known: vanilla_townie, "):
        role("42")


def test_the_methods_of_roles_are_those_that_goods_may_stop() -> None:
    """Given the methods of kills and those that a catalogue's wards may name, they are the same."""
    assert get_args(Method) == METHODS


def test_the_town_has_its_own_cast() -> None:
    """Given the district's roles, they bite, burn and guard as its rules say."""
    assert {name: role(name).method for name in ("vampire", "arsonist", "mafia_goon")} == {
        "vampire": "bite",
        "arsonist": "fire",
        "mafia_goon": "shot",
    }
    assert [ability.repeats for ability in role("doctor").abilities] == [False]
    assert [ability.repeats for ability in role("town_doctor").abilities] == [True]
    assert [held.name for held in ROLES.values() if held.exclusive] == ["arsonist"]
