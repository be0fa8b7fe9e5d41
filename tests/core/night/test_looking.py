"""To look: what somebody is, as those learn who ask."""

import pytest

from mafia_district.night.collect import Act
from mafia_district.night.deed import FACTION_KILL

from ..tables import do, end_phase, lobby, refused, started, with_deal
from .scenes import Scene

PAIRED = "P=town_parity_cop A={one} B={other} F=mafia_framer U=town_bus_driver M=mafia_goon"


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("town_cop", "vanilla_townie", "same_side"),
        ("town_cop", "mafia_goon", "different_sides"),
        ("mafia_goon", "mafia_roleblocker", "same_side"),
        ("fire_mafia_goon", "ice_mafia_goon", "different_sides"),
        ("jester", "mafia_goon", "different_sides"),
        ("town_cop", "mafia_godfather", "same_side"),
        ("town_miller", "mafia_goon", "same_side"),
    ],
)
def test_a_parity_cop_compares_two_as_a_cop_reads_them(one: str, other: str, told: str) -> None:
    """Given two players, it is told whether they seem to be of one side, in either order."""
    cast = PAIRED.format(one=one, other=other)
    assert Scene(cast, "P compare A B").told("P") == [told]
    assert Scene(cast, "P compare B A").told("P") == [told]


def test_a_comparison_is_misled_and_driven_at_either_end() -> None:
    """Given two townspeople, a frame on the second and a bus from the second both count."""
    cast = PAIRED.format(one="vanilla_townie", other="vanilla_townie")
    assert Scene(cast, "P compare A B").told("P") == ["same_side"]
    assert Scene(cast, "P compare A B", "F frame B").told("P") == ["different_sides"]
    driven = Scene(cast, "P compare A B", "U busdrive B M")
    assert driven.told("P") == ["different_sides"]
    assert (1, 5) not in driven.resolved.visits
    assert {(0, 1), (0, 5)} <= set(driven.resolved.visits)


def test_a_weak_parity_cop_dies_of_either() -> None:
    """Given a weak one, it is enough that one of the two is not town."""
    cast = PAIRED.format(one="vanilla_townie", other="jester").replace("town_", "weak_", 1)
    assert Scene(cast, "P compare A B").dead() == "P"
    assert Scene(cast, "P compare A U").dead() == ""


def test_nobody_is_compared_with_oneself() -> None:
    """Given a night, a parity cop may name neither themself first nor second, nor one twice."""
    game = started(lobby(5, first_phase="night"))
    end_phase(game)
    names = ("town_parity_cop", "mafia_goon", *["vanilla_townie"] * 3)
    game = with_deal(game, names)
    for pair in ((0, 1), (1, 0), (1, 1)):
        refused(game, Act(0, "compare", *pair))
    assert game.choices(0).seconds("compare", 1) == 0b11100
    do(game, Act(0, "compare", 1, 2))
    end_phase(game)
    assert [learnt.result for learnt in game.view(0).results] == ["different_sides"]


@pytest.mark.parametrize(
    ("held", "told"),
    [
        ("mafia_goon", "goon"),
        ("werewolf_goon", "goon"),
        ("mafia_godfather", "not_goon"),
        ("vanilla_townie", "not_goon"),
        ("jester", "not_goon"),
    ],
)
def test_a_goon_is_a_mafioso_without_a_power(held: str, told: str) -> None:
    """Given a goon cop, only mafiosi without a power are goons."""
    assert Scene(f"C=town_goon_cop X={held}", "C goon_check X").told("C") == [told]


@pytest.mark.parametrize(
    ("held", "told"),
    [
        ("mafia_goon", "positive"),
        ("town_vigilante", "positive"),
        ("town_day_vigilante", "negative"),
        ("arsonist", "positive"),
        ("mafia_traitor", "negative"),
        ("paranoid_gun_owner", "negative"),
        ("vanilla_townie", "negative"),
    ],
)
def test_a_psychologist_finds_a_kill_that_could_be_chosen(held: str, told: str) -> None:
    """Given somebody who has never killed, it goes by whether they can by choice."""
    assert Scene(f"P=town_psychologist X={held}", "P psych X").told("P") == [told]


def test_a_psychologist_finds_no_kill_that_was_used() -> None:
    """Given two goons of whom one kills, that one reads negative in this night and the next."""
    game = started(lobby(7, first_phase="night"))
    end_phase(game)
    names = ("town_psychologist", "mafia_goon", "mafia_goon", *["vanilla_townie"] * 4)
    game = with_deal(game, names)
    do(game, Act(1, FACTION_KILL, 3), Act(0, "psych", 1))
    end_phase(game)
    end_phase(game)
    do(game, Act(0, "psych", 1))
    end_phase(game)
    end_phase(game)
    do(game, Act(0, "psych", 2))
    end_phase(game)
    assert [learnt.result for learnt in game.view(0).results] == [
        "negative",
        "negative",
        "positive",
    ]
