"""`mafia-district resolve`, run as a user runs it."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

Run = Callable[..., CompletedProcess[str]]

CASE = {
    "id": "two-shots",
    "kind": "night",
    "ruleset": "mafiascum",
    "players": {"D": "town_doctor", "G": "mafia_goon", "X": "town_vigilante", "V": "villager"},
    "actions": [
        {"actor": "D", "action": "protect", "target": "V"},
        {"actor": "G", "action": "kill", "target": "V"},
        {"actor": "X", "action": "kill", "target": "V"},
    ],
    "expected": {"deaths": ["V"]},
}


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., str]:
    """Write cases to a file, each the one above with some changes."""

    def write(*changes: dict[str, Any]) -> str:
        path = tmp_path / "cases.json"
        path.write_text(json.dumps({"cases": [{**CASE, **change} for change in changes]}))
        return str(path)

    return write


def test_a_night_is_told_with_its_reasons(run: Run, written: Callable[..., str]) -> None:
    """Given a case, a person reads who died and why; a program one document."""
    printed = run("resolve", written({})).stdout
    assert "D guarded V." in printed
    (answer,) = json.loads(run("resolve", written({}), "--json").stdout)
    assert answer["deaths"] == ["V"]
    assert len(answer["why"]) == 4


def test_another_house_may_answer_otherwise(run: Run, written: Callable[..., str]) -> None:
    """Given a house in which a protection lasts all night, the patient lives."""
    (answer,) = json.loads(run("resolve", written({}), "--house", "calder", "--json").stdout)
    assert answer["deaths"] == []


def test_every_disagreement_is_listed(run: Run, written: Callable[..., str]) -> None:
    """Given cases of which one expects something else, it is named and the exit code is 1."""
    assert run("resolve", written({}), "--check").stdout == "1 of 1 cases agree\n"
    checked = run("resolve", written({}, {"id": "odd", "expected": {"deaths": []}}), "--check")
    assert checked.returncode == 1
    assert checked.stderr.splitlines() == [
        "mafia-district: 1 of 2 cases differ",
        "  case odd: deaths: expected [], found ['V']",
    ]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"players": {"D": "town_docter"}}, "did you mean town_doctor"),
        ({"ruleset": "nowhere"}, "choose mafiascum, tos"),
        ({"kind": "dusk"}, "choose night, day, win"),
    ],
)
def test_a_faulty_case_is_wrong_usage(
    run: Run, written: Callable[..., str], change: dict[str, Any], complaint: str
) -> None:
    """Given a case that cannot be played, one line says which and why."""
    finished = run("resolve", written(change))
    assert (finished.returncode, finished.stdout) == (2, "")
    assert "two-shots" in finished.stderr
    assert complaint in finished.stderr


def test_a_file_that_is_no_cases_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    """Given no file, or one that is no JSON, one line says so."""
    (tmp_path / "text").write_text("not JSON")
    for name, complaint in (("none", "No such file"), ("text", "is no JSON")):
        finished = run("resolve", name)
        assert finished.returncode == 2
        assert finished.stderr.count("\n") == 1
        assert complaint in finished.stderr


def test_a_check_tells_each_case_whether_it_agrees(run: Run, written: Callable[..., str]) -> None:
    """Given cases that agree, differ, expect nothing and cannot be played, JSON says which is."""
    file = written(
        {},
        {"id": "odd", "expected": {"deaths": []}},
        {"id": "silent", "expected": {}},
        {"id": "broken", "players": {"D": "town_docter"}},
    )
    checked = run("resolve", file, "--check", "--json")
    answers = json.loads(checked.stdout)
    assert [(answer["id"], answer["agrees"]) for answer in answers] == [
        ("two-shots", True), ("odd", False), ("silent", None), ("broken", False),
    ]  # fmt: skip
    assert answers[1]["differences"] == ["deaths: expected [], found ['V']"]
    assert "did you mean town_doctor" in answers[3]["differences"][0]
    assert checked.returncode == 1
    assert "2 of 4 cases differ, 1 expects nothing" in checked.stderr


def test_what_expects_nothing_is_not_counted_as_agreeing(
    run: Run, written: Callable[..., str]
) -> None:
    """Given a case without `expected`, it is counted apart, and is no failure."""
    checked = run("resolve", written({}, {"id": "silent", "expected": None}), "--check")
    assert (checked.returncode, checked.stdout) == (0, "1 of 2 cases agree, 1 expects nothing\n")


def test_a_wrong_house_is_told_once(run: Run, written: Callable[..., str]) -> None:
    """Given several cases and a house that does not exist, one line guesses which was meant."""
    finished = run("resolve", written({}, {"id": "odd"}), "--house", "toss")
    assert (finished.returncode, finished.stdout) == (2, "")
    assert finished.stderr.count("\n") == 1
    assert "did you mean tos?" in finished.stderr


def test_a_name_that_stands_twice_is_told(run: Run, tmp_path: Path) -> None:
    """Given two players of one name, of whom JSON would lose the first, a line says so."""
    (tmp_path / "twice").write_text('{"cases": [{"players": {"A": "villager", "A": "jester"}}]}')
    finished = run("resolve", "twice")
    assert (finished.returncode, finished.stdout) == (2, "")
    assert "'A' stands twice" in finished.stderr
