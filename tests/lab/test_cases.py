"""The field's own answers: the cases of the oracle, played through the real engine."""

import json
from pathlib import Path
from typing import Any

import attrs
import pytest

from mafia_district.catalogue import files as catalogue_files
from mafia_district.lab.cases import BadCase, check, read, solve

FILE = Path(__file__).parents[1] / "oracles" / "night_cases.json"
OURS = Path(__file__).parent / "field_cases.json"  # more of the same make, from the same sources
CASES = {raw["id"]: raw for file in (FILE, OURS) for raw in json.loads(file.read_bytes())["cases"]}


@pytest.mark.parametrize("name", CASES)
def test_a_case_ends_as_the_field_says(name: str) -> None:
    """Given a case of a house, every key that it expects is as it says."""
    (case,) = read({"cases": [CASES[name]]})
    assert check(case, solve(case)) == []


def act(actor: str, action: str, target: str = "") -> dict[str, Any]:
    """Give an action as a case writes it."""
    return {"actor": actor, "action": action} | ({"target": target} if target else {})


def late(actor: str, night: int) -> dict[str, Any]:
    """Give an investigation of G in a night."""
    return act(actor, "investigate", "G") | {"night": night}


def solved(players: dict[str, str], *actions: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Resolve a night among players."""
    raw = {"id": "own", "kind": "night", "players": players, "actions": [*actions], **more}
    return solve(*read({"cases": [raw]}))


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
        ({"actions": [{"action": "kill"}]}, "action 1: actor is missing"),
        ({"actions": ["kill"]}, "action 1: an action is an object"),
        ({"actions": [act("C", "investigat", "G")]}, "action 1: .* did you mean investigate"),
        ({"actions": [act("C", "investigate", "g")]}, "no player 'g': there are C, G"),
        ({"actions": [act("C", "vote", "nobody")]}, "no player 'nobody': there are .*, no_lynch"),
        ({"actions": [act("C", "vote", "")]}, "target is missing: a vote names a player or no_l"),
        ({"actions": [act("Z", "end_day")]}, "ended by the actor 'deadline', not by 'Z'"),
        ({"actions": [act("C", "investigate", "G") | {"night": 0}]}, "night must be a whole"),
        ({"actions": [act("C", "investigate", "G") | {"targt": "G"}]}, "1: 'targt' is unknown.*, "),
        ({"actions": [late("C", 3), late("C", 2)]}, "action 2: night 2 is over by then"),
        ({"rulset": "tos"}, "'rulset' is unknown: .*; did you mean ruleset?"),
        ({"ruleset": "tosh"}, "no house is called 'tosh': .*; did you mean tos?"),
        ({"ruleset": "c9"}, "'c9' is no house but a setup: write setup:c9"),
        ({"night": "two"}, "night must be a whole number from 1"),
        ({"players": {}}, "players is missing"),
        ({"players": {"C": {"role": "town_cop"}}}, "player C: is written as a name with a role"),
        ({"players": {"no_lynch": "town_cop"}}, "player no_lynch: that name means something"),
        ({"expected": {"death": []}}, "expected: 'death' is unknown: .*; did you mean deaths?"),
        ({"expected": {"deaths": "C"}}, "expected: deaths must be a list of names"),
        ({"expected": {"deaths": ["Z"]}}, "expected: deaths: there is no player 'Z'"),
        ({"expected": {"results": {"Z": "town"}}}, "expected: results: there is no player 'Z'"),
        ({"expected": {"state": {"C.vests": 1}}}, "state: 'C.vests' is unknown: .*NAME.vest"),
        ({"expected": {"state": {"Z.vest": 1}}}, "state: there is no player 'Z'"),
        ({"expected": {"phase": "dusk"}}, "there is no phase 'dusk': choose lobby"),
        ({"kind": "day", "expected": {"next_night_deaths": []}}, "a day case does not answer next"),
        ({"kind": None}, "its kind is None: choose night, day, win"),
    ],
)
def test_a_case_that_cannot_be_played_says_why(change: dict[str, Any], complaint: str) -> None:
    """Given a fault in a case, one line names the case and the fault."""
    with pytest.raises(BadCase, match=complaint) as error:
        solve(*read({"cases": [{**CASES["inv-01"], **change}]}))
    assert "inv-01" in str(error.value)


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ([], 'a file of cases is {"cases"'),
        ({"case": []}, "did you mean cases?"),
        ({"cases": []}, "there is no case in it"),
        ({"cases": [CASES["inv-01"]], "caes": []}, "'caes' is unknown: .*; did you mean cases?"),
        ({"cases": [CASES["inv-01"]] * 2}, "case inv-01: is there 2 times"),
        ({"cases": ["inv-01"]}, "case number 1: a case is an object"),
    ],
)
def test_a_file_that_holds_no_cases_says_so(document: Any, complaint: str) -> None:
    """Given a document of another form, an empty list or a case twice, a line says so."""
    with pytest.raises(BadCase, match=complaint):
        read(document)


def test_all_faults_of_a_file_are_told_at_once() -> None:
    """Given faults in several cases and places of them, each has its line, in their order."""
    raws = [
        {**CASES["inv-01"], "kind": "noon", "actions": [act("C", "investigate"), {"actor": 5}]},
        {**CASES["inv-02"], "house": "tos"},
    ]
    with pytest.raises(BadCase) as error:
        read({"cases": raws})
    assert [line.split(": ")[0] for line in str(error.value).splitlines()] == [
        "case inv-01",
        "case inv-01, action 2",
        "case inv-01, action 2",
        "case inv-02",
    ]


NIGHT = {
    "C": "town_cop", "D": "odd_night_town_doctor", "V": "one_shot_vigilante", "W": "veteran",
    "B": "town_bus_driver", "G": "mafia_goon", "X": "dead_villager",
}  # fmt: skip


@pytest.mark.parametrize(
    ("actions", "why"),
    [
        ([act("C", "investigate")], "in night 2 was refused: it names somebody, and target is mi"),
        ([act("C", "investigate", "C")], "of C in night 2 was refused: one may not name oneself"),
        ([act("C", "investigate", "X")], "X was dead"),
        ([act("X", "kill", "C")], "X's kill of C in night 2 was refused: X was dead"),
        ([act("C", "protect", "G")], "town_cop has no protect, but investigate"),
        ([act("D", "protect", "C")], "it is for odd nights alone"),
        ([act("W", "alert", "G")], "it names nobody: leave target out"),
        ([act("B", "busdrive", "C")], "it names two, and target2 is missing"),
        ([act("B", "busdrive", "C") | {"target2": "C"}], "it names two who are not the same"),
        ([act("B", "busdrive", "C") | {"target2": "X"}], "X was dead"),
        ([act("C", "investigate", "G") | {"target2": "D"}], "it names one: leave target2 out"),
        (
            [act("V", "kill", "C") | {"night": 2}, act("V", "kill", "D") | {"night": 3}],
            "V's kill of D in night 3 was refused: all its uses were spent",
        ),
    ],
)
def test_a_refused_action_says_why(actions: list[dict[str, Any]], why: str) -> None:
    """Given an action that a live game refuses, its actor is told so, and the account says why."""
    answer = solved(NIGHT, *actions)
    assert answer["results"][actions[-1]["actor"]] == "illegal_action"
    assert why in answer["why"][0]


@pytest.mark.parametrize(
    ("ruleset", "players", "actions", "why"),
    [
        ("tos", {"H": "mafia_goon"}, [act("G", "kill", "H")], "H is one of their own"),
        ("tos", {}, [act("V", "kill", "G") | {"night": 1}], "nobody of the town shoots in the fi"),
        ("setup:semi_nightless", {}, [act("G", "kill", "C")], "no faction may kill in this night"),
        ("mafiascum", {"D": "doctor"}, [late("C", 2), act("D", "protect", "C") | {"night": 2},
                                        act("D", "protect", "C") | {"night": 3}],
         "C was named the night before"),
        ("mafiascum", {"M": "mayor"}, [act("M", "reveal_mayor")] * 2, "one reveals oneself, once"),
        ("mafiascum", {"M": "governor"}, [act("M", "pardon", "C")], "that is for the twilight"),
    ],
)  # fmt: skip
def test_a_rule_that_refuses_an_action_is_told(
    ruleset: str, players: dict[str, str], actions: list[dict[str, Any]], why: str
) -> None:
    """Given an action that the rules of a house or of a role forbid, the account names the rule."""
    kind = {"kind": "day"} if "M" in players else {}
    answer = solved(NIGHT | players, *actions, ruleset=ruleset, **kind)
    assert [line for line in answer["why"] if why in line] != []


def test_every_refused_action_and_vote_is_told() -> None:
    """Given several refusals of one actor, and a vote that comes too late, each has its line."""
    twice = solved(NIGHT, act("C", "protect", "G"), act("C", "investigate", "X"))
    assert [line.startswith("C's ") for line in twice["why"]] == [True, True]
    players = {"A": "vanilla_townie", "B": "vanilla_townie", "G": "mafia_goon"}
    votes = [act(name, "vote", "B") for name in players]
    answer = solved(players, *votes, kind="day")
    assert answer["results"] == {}
    assert answer["why"][0] == "G's vote for B on day 1 was refused: the game was over."


def test_a_night_case_is_night_two_unless_it_says_otherwise() -> None:
    """Given no night, an even-night role acts; `night` on the case is for all its actions."""
    odd = {"D": "odd_night_town_doctor", "E": "even_night_town_doctor", "G": "mafia_goon"}
    both = [act("D", "protect", "E"), act("E", "protect", "D")]
    assert solved(odd, *both)["results"] == {"D": "illegal_action"}
    assert solved(odd, *both, night=3)["results"] == {"E": "illegal_action"}
    assert solved(odd, *(step | {"night": 3} for step in both), night=2)["results"] == {
        "E": "illegal_action"
    }


def test_a_case_without_a_ruleset_is_played_at_mafiascum() -> None:
    """Given no ruleset, the answers are those of the default house."""
    (case,) = read({"cases": [{k: v for k, v in CASES["inv-01"].items() if k != "ruleset"}]})
    assert case.ruleset == "mafiascum"


def test_what_is_null_is_not_there_but_for_the_winners() -> None:
    """Given null in all that a case may have, it is as if left out; no winners are none yet."""
    expected = dict.fromkeys(["deaths", "results", "blocked", "state", "phase", "winners"])
    action = act("C", "investigate", "G") | {"target2": None, "night": None}
    more = {"night": None, "players": NIGHT, "actions": [action], "expected": expected}
    raw = CASES["inv-01"] | more
    (case,) = read({"cases": [raw]})
    assert case.expected == {"winners": None}
    assert check(case, solve(case)) == []


@pytest.mark.parametrize("name", ["doctor", "mafia_doctor"])
def test_a_role_is_expected_by_its_short_name_or_by_the_catalogues(name: str) -> None:
    """Given what a role cop reads and what somebody is, both names agree; another side differs."""
    players = {"R": "town_rolecop", "M": "mafia_doctor", "V": "villager"}
    expected = {"results": {"R": name}, "state": {"M.role": name}}
    raw = {"id": "own", "kind": "night", "players": players, "expected": expected}
    (case,) = read({"cases": [raw | {"actions": [act("R", "rolecheck", "M")]}]})
    assert check(case, solve(case)) == []
    wrong = attrs.evolve(case, expected={"results": {}, "state": {"M.role": "town_doctor"}})
    assert check(wrong, solve(wrong)) != []


KILLER = """
name = "Mine"
[[roles]]
name = "mad_jester"
alignment = "neutral"
summary = "Kills, and wants the rope."
wins = "jester"
abilities = [{ verb = "kill" }]
"""


def test_a_killer_with_a_goal_wins_by_it_and_by_outliving_the_others(tmp_path: Path) -> None:
    """Given a jester who kills, a lynch is its win, and so is to be left with one other."""
    (tmp_path / "mine.toml").write_text(KILLER)
    catalogue = catalogue_files.read(str(tmp_path / "mine.toml"))
    players = {"J": "mad_jester", "A": "villager", "B": "villager", "G": "mafia_goon"}
    votes = [act(name, "vote", "J") for name in "ABG"]
    lynched = {"id": "rope", "kind": "day", "players": players, "actions": votes}
    left = {"id": "left", "kind": "win", "players": {"J": "mad_jester", "A": "villager"}}
    ends = [solve(case, catalogue=catalogue) for case in read({"cases": [lynched, left]})]
    assert [end["winners"] for end in ends] == [["J"], ["jester"]]
