"""The rules of a game and its roles: what may be said, and what is said against the rest."""

from typing import Any

import attrs
import pytest

from mafia_district.catalogue import BUILT_IN, RoleRow
from mafia_district.ids import MAX_SEATS
from mafia_district.roles import ROLES, Book
from mafia_district.rules import HIGHEST, Rules
from mafia_district.setup import Setup
from mafia_district.setups import setup_of


@pytest.mark.parametrize("seats", range(5, MAX_SEATS + 1))
def test_the_default_roles_fill_the_table_and_leave_the_town_ahead(seats: int) -> None:
    """Given a number of seats, both presets deal a role to each, and the mafia are outnumbered."""
    for preset in Rules.presets():
        setup = Rules.preset(preset).setup(seats)
        counts = dict(setup.roles)
        assert len(setup.names()) == setup.seats == seats
        mafia = sum(
            counts[name] for name in counts if ROLES[name.split("|")[0]].alignment == "mafia"
        )
        assert 2 * mafia < seats


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"day_length": "5"}, "no rule called 'day_length'"),
        ({"day_ms": "soon"}, "day_ms is 'soon', but must be a whole number"),
        ({"day_ms": "0"}, "must be from 1"),
        ({"day_ms": str(HIGHEST + 1)}, f"to {HIGHEST}"),
        ({"vote": "loud"}, "must be one of hammer, trial, plurality, ballot"),
        ({"self_vote": "maybe"}, "must be true or false"),
        ({"min_seats": "9", "max_seats": "5"}, "make no table"),
        ({"nightless": "true", "first_phase": "night"}, "set first_phase=day"),
        ({"roles": "2 wizard"}, "unknown role 'wizard'"),
        ({"roles": "two town_cop"}, "write a count and a role"),
        ({"roles": "0 town_cop"}, "at least 1"),
        ({"roles": "99999999999 vanilla_townie"}, "at most 30 seats"),
    ],
)
def test_an_impossible_rule_is_refused_with_its_reason(settings: dict[str, str], said: str) -> None:
    """Given a value that makes no sense, a sentence says which rule, and what it may be."""
    with pytest.raises(ValueError, match=said.replace("(", r"\(")):
        Rules.preset("classic").with_settings(settings)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"nightless": True}, "a town needs its nights: set nightless=false"),
        ({"day_ms": 30_000}, "set shop_opens_ms below day_ms, which is 30000"),
        ({"start_coins": 10_001}, "start_coins must be at most 10000, or the bank runs dry"),
        ({"tools_bonus": 10_001}, "tools_bonus must be at most 10000"),
    ],
)
def test_a_rule_that_no_town_can_be_played_with_is_refused_in_a_town_alone(
    settings: dict[str, Any], said: str
) -> None:
    """Given a value on which only a town stumbles, a classic game takes it."""
    with pytest.raises(ValueError, match=said):
        Rules.preset("district").replace(**settings)
    assert Rules.preset("classic").replace(**settings)
    assert Rules.preset("district").replace(day_ms=30_001, start_coins=10_000)


def test_no_name_of_a_rule_is_taken_for_something_else() -> None:
    """Given a rule by the name of a parameter, it is unknown like any other."""
    with pytest.raises(ValueError, match="no rule called 'self'"):
        Rules.preset("classic").replace(self=1)


def test_roles_for_another_number_of_seats_are_refused() -> None:
    """Given roles for seven, when five sit, the rules say so."""
    rules = Rules.preset("classic").replace(
        roles=Setup.parse("5 vanilla_townie, 2 mafia_goon").roles
    )
    with pytest.raises(ValueError, match="for 7 seats, but 5 are taken"):
        rules.setup(5)


def test_a_published_setup_deals_the_roles_of_the_rules_own_catalogue() -> None:
    """Given a catalogue with a cop of its own, that cop is what the setup deals."""
    own = RoleRow("town_cop", "town", "Sees nothing.")
    small = attrs.evolve(BUILT_IN, name="own", roles=(own,))
    rules = Rules.published("c9").replace(catalogue=small)
    setup = rules.named_setup
    assert setup is not None
    assert setup.book is rules.book
    assert setup.book.role("town_cop").summary == "Sees nothing."
    with pytest.raises(ValueError, match="the setup c9 cannot be dealt: unknown role"):
        setup_of("c9", Book([]))
