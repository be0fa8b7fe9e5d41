"""The catalogue of roles."""

import re

import pytest

from mafia_district.night.verbs import VERBS
from mafia_district.roles import ROLES, Ability, Role, role


@pytest.mark.parametrize("name", ROLES)
def test_a_row_is_whole(name: str) -> None:
    """Given any role, it stands under its own name, can be read, and uses verbs that exist."""
    row = role(name)
    assert row.name == name
    assert re.sub(r"\W", "_", row.title.lower()) == name
    assert row.summary.endswith(".")
    assert {ability.verb for ability in row.abilities} <= VERBS.keys()
    assert row.wins == ("jester" if row.alignment == "neutral" else row.alignment)


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
