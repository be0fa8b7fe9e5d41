"""The field's own answers: the cases of the oracle, played through the real engine."""

import json
from pathlib import Path
from typing import Any

import pytest

from mafia_district.lab.cases import BadCase, check, read, solve

FILE = Path(__file__).parents[1] / "oracles" / "night_cases.json"
OURS = Path(__file__).parent / "field_cases.json"  # more of the same make, from the same sources
CASES = {raw["id"]: raw for file in (FILE, OURS) for raw in json.loads(file.read_bytes())["cases"]}


@pytest.mark.parametrize("name", CASES)
def test_a_case_ends_as_the_field_says(name: str) -> None:
    """Given a case of a house, every key that it expects is as it says."""
    (case,) = read({"cases": [CASES[name]]})
    assert check(case, solve(case)) == []


def test_a_wrong_answer_is_told_by_its_key() -> None:
    """Given a case that expects something else, the difference is named."""
    raw = {**CASES["inv-01"], "expected": {"deaths": ["C"], "results": {"C": "town"}}}
    (case,) = read({"cases": [raw]})
    assert check(case, solve(case)) == [
        "deaths: expected ['C'], found []",
        "results C: expected 'town', found 'not_town'",
    ]


def test_a_case_is_played_by_the_rules_of_another_house_if_wanted() -> None:
    """Given one doctor and two kills, the patient lives where a protection lasts all night."""
    (case,) = read({"cases": [CASES["pro-03"]]})
    assert solve(case)["deaths"] == ["V"]
    assert solve(case, house="calder")["deaths"] == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"kind": "noon"}, "its kind is 'noon'"),
        ({"players": {"C": "town_copp"}}, "unknown role 'town_copp'"),
        ({"ruleset": "mafiascam"}, "no house is called 'mafiascam'"),
        ({"actions": [{"actor": "X", "action": "kill", "target": "G"}]}, "no player 'X'"),
        ({"actions": [{"actor": "C", "action": "dance", "target": "G"}]}, "no action 'dance'"),
        ({"actions": [{"action": "kill"}]}, "is missing or of the wrong kind"),
    ],
)
def test_a_case_that_cannot_be_played_says_why(change: dict[str, Any], complaint: str) -> None:
    """Given a fault in a case, one line names the case and the fault."""
    with pytest.raises(BadCase, match=complaint) as error:
        solve(*read({"cases": [{**CASES["inv-01"], **change}]}))
    assert "inv-01" in str(error.value)
