"""The field's own answers: the oracle's night cases whose roles and actions the catalogue knows."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from mafia_district.night import Action, Resolution, faction_kill, resolve
from mafia_district.night.verbs import VERBS
from mafia_district.roles import ROLES, Ability, Role, role

Case = Mapping[str, Any]

FILE = Path(__file__).parents[2] / "oracles" / "night_cases.json"


def _known(case: Case) -> bool:
    return (
        (case["kind"], case["ruleset"]) == ("night", "mafiascum")
        and ROLES.keys() >= set(case["players"].values())
        and VERBS.keys() >= {action["action"] for action in case["actions"]}
    )


CASES = {case["id"]: case for case in json.loads(FILE.read_bytes())["cases"] if _known(case)}


class Night:
    """A case as it is played: seats in the order of the players, then one resolution.

    A kill by a mafioso who has none of their own is a pick for the faction's. An action that the
    role does not have, or may not use so, is dropped and its actor told.
    """

    def __init__(self, case: Case) -> None:
        self.names = list(case["players"])
        self.cast = [role(name) for name in case["players"].values()]
        self.illegal: dict[str, str] = {}
        actions, picks = [], []
        for told in case["actions"]:
            actor, target = self.names.index(told["actor"]), self.names.index(told["target"])
            verb = told["action"]
            ability = _ability(self.cast[actor], verb)
            if ability is None and "kill" in verb and self.cast[actor].alignment == "mafia":
                picks.append((actor, target))
            elif ability is None or (actor == target and not ability.on_self):
                self.illegal[told["actor"]] = "illegal_action"
            else:
                actions.append(Action(actor, verb, target))
        if shared := faction_kill(picks):
            actions.append(shared)
        self.resolution: Resolution = resolve(self.cast, actions)

    def results(self) -> dict[str, str]:
        """Say what each asker learns."""
        told = {self.names[result.seat]: result.word for result in self.resolution.results}
        return told | self.illegal

    def blocked(self) -> set[str]:
        """Name those of whose actions one was blocked."""
        reasons = self.resolution.reasons
        return {self.names[r.actor] for r in reasons if r.outcome in ("blocked", "loop")}

    def shots(self) -> dict[str, int]:
        """Count the uses left of limited abilities, as in a case's `state`."""
        return {
            f"{name}.shots": ability.shots - self.resolution.spent.count((seat, ability.verb))
            for seat, name in enumerate(self.names)
            for ability in self.cast[seat].abilities
            if ability.shots
        }


def _ability(held: Role, verb: str) -> Ability | None:
    return next((ability for ability in held.abilities if ability.verb == verb), None)


def test_the_cases_covered_are_these() -> None:
    """Given the oracle's file, exactly these cases are within what the catalogue knows."""
    assert list(CASES) == [
        *("inv-01", "inv-02", "inv-07"),
        *("pro-01", "pro-02", "pro-03", "pro-04", "pro-05", "pro-28", "pro-29"),
        *("loop-01", "loop-02", "loop-03"),
        "kil-01",
    ]


@pytest.mark.parametrize("name", CASES)
def test_a_case_ends_as_the_field_says(name: str) -> None:
    """Given a case's actions, its deaths, results, blocks and state are as expected."""
    night, expected = Night(CASES[name]), CASES[name]["expected"]
    assert expected.keys() <= {"deaths", "results", "blocked", "state"}
    assert {night.names[death.seat] for death in night.resolution.deaths} == set(expected["deaths"])
    assert night.results() == expected["results"]
    assert night.blocked() >= set(expected.get("blocked", ()))
    assert night.shots().items() >= expected.get("state", {}).items()
