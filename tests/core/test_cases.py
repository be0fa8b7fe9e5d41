"""The field's own answers: the oracle's day and win cases whose roles the catalogue knows."""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from mafia_district.game import Game
from mafia_district.ids import NO_LYNCH
from mafia_district.machine import Refused
from mafia_district.voting import CastVote, Unvote

from .tables import CAST, dead, dealt, do, end_phase

Case = Mapping[str, Any]

FILE = Path(__file__).parents[1] / "oracles" / "night_cases.json"
LETTERS = {name: letter for letter, name in CAST.items()}


def _known(case: Case) -> bool:
    return (
        case["kind"] in ("day", "win")
        and case["ruleset"] == "mafiascum"
        and LETTERS.keys() >= set(case["players"].values())
        and {"vote", "unvote", "end_day"} >= {action["action"] for action in case["actions"]}
    )


CASES = {case["id"]: case for case in json.loads(FILE.read_bytes())["cases"] if _known(case)}


def test_the_cases_covered_are_these() -> None:
    """Given the oracle's file, exactly these cases are within what the catalogue knows."""
    assert list(CASES) == [
        *("day-02", "day-04", "day-05", "day-06", "day-07", "day-08", "day-14", "day-25"),
        *("win-01", "win-02", "win-03"),
    ]


@pytest.mark.parametrize("name", CASES)
def test_a_case_ends_as_the_field_says(name: str) -> None:
    """Given a case's votes, its deaths, phase and winners are as expected."""
    case, expected = CASES[name], CASES[name]["expected"]
    names = list(case["players"])
    game = dealt("".join(LETTERS[role] for role in case["players"].values()), min_seats=1)
    for told in case["actions"]:
        _act(game, names, told)
    assert {names[seat] for seat in dead(game)} == set(expected["deaths"])
    assert game.phase.value == expected.get("phase", game.phase.value)
    assert (game.outcome is not None) == (case["kind"] == "win")
    won = [*game.state.outcome.winners, *(names[seat] for seat in game.view(0).won_alone)]
    assert won == (expected.get("winners") or [])


def _act(game: Game, names: list[str], told: Mapping[str, str]) -> None:
    """Do what a case says; what comes too late is refused and does not count."""
    if told["action"] == "end_day":
        end_phase(game)
        return
    seat, target = names.index(told["actor"]), told.get("target", "")
    aim = NO_LYNCH if target == "no_lynch" else names.index(target) if target else 0
    with suppress(Refused):
        do(game, CastVote(seat, aim) if told["action"] == "vote" else Unvote(seat))
