"""The catalogue of roles."""

import re
from collections.abc import Mapping
from typing import get_args

import attrs
import pytest

from mafia_district.catalogue.lint_roles import ABLE
from mafia_district.catalogue.records import METHODS
from mafia_district.house import HOUSES, House
from mafia_district.night.awake import EFFECTS
from mafia_district.night.verbs import VERBS
from mafia_district.roles import ROLES, TRAITS, Ability, Method, Role, find_role, role
from mafia_district.roles.description import OF_TRAITS, OF_VERBS
from mafia_district.roles.modifiers import MODIFIERS


def houses_with(switch: str) -> set[str]:
    """Name the houses that answer otherwise than is usual."""
    return {name for name, own in HOUSES.items() if switch in own}


def claims(variants: str) -> Mapping[str, set[str]]:
    """Read for each switch, in brackets, the houses that are named in the same sentence."""
    found: dict[str, set[str]] = {}
    for sentence in variants.split(". "):
        houses = HOUSES.keys() & set(re.findall(r"\w+", sentence))
        for switch in re.findall(r"\((\w+)\)", sentence):
            found.setdefault(switch, set()).update(houses)
    return found


@pytest.mark.parametrize("name", ROLES)
def test_a_role_is_described_in_one_paragraph(name: str) -> None:
    """Given any role, its description says more than its summary, once, in whole sentences."""
    row = role(name)
    assert len(row.description) >= 120
    assert row.description.isprintable()
    assert row.description.startswith(row.summary)
    sentences = re.split(r"(?<=\.) ", row.description)
    assert len(sentences) == len(set(sentences)), "a sentence stands twice"
    assert all(said.endswith(".") and said[0].isupper() for said in sentences)


@pytest.mark.parametrize("name", ROLES)
def test_variants_name_the_houses_that_play_so(name: str) -> None:
    """Given what houses play otherwise, each is named with its switch, and no house besides."""
    variants = role(name).variants
    told = claims(variants)
    assert told.keys() <= attrs.fields_dict(House).keys()
    assert told == {switch: houses_with(switch) for switch in told}
    named = HOUSES.keys() & set(re.findall(r"\w+", variants))
    assert named == set().union(*told.values())


def test_there_are_enough_to_choose_from() -> None:
    """Given the catalogue, it has the field's roles of every side, and words for all they do."""
    assert len(ROLES) >= 100
    assert OF_VERBS.keys() == set(ABLE)
    assert OF_TRAITS.keys() <= TRAITS.keys()
    assert {trait for held in ROLES.values() for trait in held.traits} <= TRAITS.keys()


@pytest.mark.parametrize("name", ROLES)
def test_a_row_is_whole(name: str) -> None:
    """Given any role, it stands under its own name, can be read, and uses verbs that exist."""
    row = role(name)
    assert row.name == name
    assert re.sub(r"\W", "_", row.title.lower()) == name
    assert row.summary.endswith(".")
    assert {ability.verb for ability in row.abilities} <= VERBS.keys() | EFFECTS.keys()
    assert row.traits <= TRAITS.keys()
    assert row.wins == "town" or row.alignment != "town"
    assert row.source


def test_limited_verbs_are_those_with_shots() -> None:
    """Given counted and uncounted abilities, only the counted verbs are limited."""
    abilities = (Ability("kill", shots=2), Ability("protect"))
    row = Role("x", "town", "A test.", abilities=abilities)
    assert row.limited == {"kill"}
    assert role("one_shot_vigilante").limited == {"kill"}
    assert not role("town_vigilante").limited


def test_an_unknown_role_is_answered_with_the_nearest_and_where_all_are() -> None:
    """Given a misspelt name, the error says what may have been meant and where to look."""
    with pytest.raises(
        ValueError, match=r"^unknown role 'town_copp'; did you mean .*town_cop"
    ) as error:
        role("town_copp")
    assert str(error.value).endswith("; all are listed by `mafia-district roles`")


def test_a_role_like_no_other_is_answered_without_a_guess() -> None:
    """Given a name that resembles none, the error does not guess."""
    with pytest.raises(ValueError, match=r"^unknown role '42'; all are listed by"):
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
    exclusive = {held.name for held in ROLES.values() if held.exclusive}
    assert exclusive == {"arsonist", "town_jack_of_all_trades"}


@pytest.mark.parametrize("prefix", MODIFIERS)
def test_a_modifier_stands_before_any_role(prefix: str) -> None:
    """Given any role, each modifier makes another of the same side, and says what it adds.

    Only of the town's can one make a mason, as all masons know each other to be town.
    """
    sides = ("town",) if prefix == "mason" else ("town", "mafia", "neutral")
    named = [held for held in ROLES.values() if f"town_{held.name}" not in ROLES]
    assert find_role("mason_mafia_goon") is None
    for base in named:
        if f"{prefix}_{base.name}" in ROLES or base.alignment not in sides:
            continue
        made = role(f"{prefix}_{base.name}")
        assert made.name == f"{prefix}_{base.name}"
        assert made.summary.startswith(base.summary)
        assert (made.alignment, made.wins, made.faction) == (
            base.alignment,
            base.wins,
            base.faction,
        )
        assert len(made.abilities) == len(base.abilities)


def test_modifiers_are_put_on_from_the_inside() -> None:
    """Given two modifiers, both hold, and the town's role may be named without its side."""
    made = role("odd_night_weak_doctor")
    assert made.title == "Odd Night Weak Doctor"
    assert "weak" in made.traits
    assert made.abilities == (Ability("protect", nights="odd"),)
    assert role("two_shot_cop").abilities == (Ability("investigate", shots=2),)
    assert role("macho_villager").traits == {"macho"}
