"""The reasons as sentences."""

from typing import get_args

import pytest

from mafia_district.ids import NOBODY
from mafia_district.night import Reason, why, whys
from mafia_district.night.deed import Outcome
from mafia_district.night.verbs import VERBS

NAMES = ("Ann", "Bob", "{Cid}")


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (Reason(0, "faction_kill", 1, "done"), "Ann killed Bob for the faction."),
        (Reason(0, "kill", 2, "done"), "Ann killed {Cid}."),
        (
            Reason(2, "investigate", 1, "blocked", 0),
            "{Cid} meant to investigate Bob, but was blocked by Ann.",
        ),
        (
            Reason(0, "kill", 1, "protected", 2),
            "Ann meant to kill Bob, but {Cid} was on guard.",
        ),
        (Reason(0, "kill", 1, "warded", 1), "Ann meant to kill Bob, but Bob was warded."),
        (
            Reason(0, "protect", 1, "cuffed"),
            "Ann meant to guard Bob, but was in handcuffs.",
        ),
        (Reason(0, "ignite", NOBODY, "done"), "Ann set fire to all who were doused."),
        (Reason(0, "burn", 1, "done"), "Ann burned Bob to death."),
        (
            Reason(0, "roleblock", 1, "loop", 2),
            "Ann meant to block Bob, but {Cid} meant to block Ann: in a loop of blocks all fail.",
        ),
    ],
)
def test_a_reason_reads_as_a_sentence(reason: Reason, sentence: str) -> None:
    """Given a reason and the names, braces in them included, the sentence tells who and why."""
    assert why(reason, NAMES.__getitem__) == sentence


def test_every_verb_and_outcome_has_words() -> None:
    """Given any verb and outcome, a sentence names the actor, and target and cause if any."""
    for name, verb in VERBS.items():
        for outcome in get_args(Outcome):
            sentence = why(Reason(0, name, 1, outcome, 2), NAMES.__getitem__)
            assert sentence.startswith("Ann ")
            assert ("Bob" in sentence) == (verb.targets > 0)
            assert ("{Cid}" in sentence) == (outcome not in ("done", "cuffed", "in_vain"))


def test_what_came_to_the_same_for_several_is_one_sentence() -> None:
    """Given reasons that differ in the target alone, they are told together."""
    reasons = [
        Reason(0, "protect", 1, "done"),
        Reason(0, "protect", 2, "stopped", 1),
        Reason(0, "protect", 0, "done"),
        Reason(1, "protect", 2, "done"),
        Reason(1, "alert", NOBODY, "done"),
    ]
    assert whys(reasons, NAMES.__getitem__) == [
        "Ann guarded Bob and Ann.",
        "Ann meant to guard {Cid}, but Bob let nobody near.",
        "Bob guarded {Cid}.",
        "Bob lay in wait.",
    ]
    assert whys([], NAMES.__getitem__) == []
