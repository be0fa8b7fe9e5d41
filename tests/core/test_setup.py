"""Setups: default counts for every table, and choices that the deal makes."""

from collections import Counter
from math import factorial

import pytest

from mafia_district.chance import number, seed_from, shuffled
from mafia_district.ids import MAX_SEATS
from mafia_district.setup import Setup


@pytest.mark.parametrize("seats", range(3, MAX_SEATS + 1))
def test_a_district_has_a_few_vampires_and_some_help(seats: int) -> None:
    """Given a table, its default counts fill it, a fifth to a third of it with vampires."""
    setup = Setup.default("district", seats)
    counts = Counter(dict(setup.roles))
    assert setup.seats == seats == counts.total()
    assert seats // 5 <= counts["vampire"] <= max(1, seats // 3)
    helpers = 0 if seats < 5 else 1 if seats in (5, 7, 8) else 2
    assert counts["sheriff"] + counts["doctor"] == helpers
    assert counts["jester"] == (10 <= seats < 12)
    assert counts["jester|arsonist"] == (seats >= 12) + (seats >= 22)
    assert counts["villager"] >= seats // 3


def test_the_tables_of_the_district_at_its_edges() -> None:
    """Given the sizes where something is added, the counts are these."""
    rows = {seats: Setup.default("district", seats).roles for seats in (5, 6, 10, 12, 22)}
    assert rows[5] == (("villager", 3), ("vampire", 1), ("doctor", 1))
    assert rows[6] == (("villager", 2), ("vampire", 2), ("sheriff", 1), ("doctor", 1))
    assert [dict(rows[seats])["villager"] for seats in (10, 12, 22)] == [4, 6, 12]


def test_a_choice_is_made_by_what_the_shuffle_leaves_over() -> None:
    """Given draws that shuffle alike, the left-over digits choose, each slot for itself."""
    setup = Setup.parse("1 villager, 2 jester|arsonist|sheriff")
    turn = factorial(3)
    dealt = [setup.names(turn * rest + shuffle) for rest in range(9) for shuffle in range(turn)]
    assert set(Counter(dealt).values()) == {turn}
    assert len(set(dealt)) == 9
    assert setup.names(turn * 7) == ("villager", "arsonist", "sheriff")


def test_no_seat_is_told_the_choice_by_its_place() -> None:
    """Given many deals, the neutral is each one half the time, wherever it is dealt."""
    setup, deals = Setup.default("district", 12), 4_000
    told = Counter()
    for seed in range(deals):
        drawn = number(seed_from(seed), "deal", 0)
        order = shuffled(drawn, setup.names(drawn))
        told["arsonist" in order, order[0] == "vampire"] += 1
    for vampire, share in ((True, 1 / 4), (False, 3 / 4)):
        expected = deals * share / 2
        chi = sum((told[arson, vampire] - expected) ** 2 / expected for arson in (True, False))
        assert chi < 13.82


def test_a_setup_without_a_choice_does_not_look_at_the_draw() -> None:
    """Given plain roles, every draw gives the same names."""
    setup = Setup.parse("2 villager, 1 vampire")
    assert setup.names(0) == setup.names(2**256 - 1) == ("villager", "villager", "vampire")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("1 jester|arsonsit", "unknown role 'arsonsit'; did you mean arsonist"),
        ("1 jester|", "cannot read '1 jester|'"),
        ("0 jester|arsonist", "0 of jester|arsonist cannot be dealt"),
    ],
)
def test_a_wrong_choice_is_answered_with_what_is_wrong(text: str, complaint: str) -> None:
    """Given a choice that makes no sense, the error names it."""
    with pytest.raises(ValueError, match="^" + complaint.replace("|", r"\|")):
        Setup.parse(text)
