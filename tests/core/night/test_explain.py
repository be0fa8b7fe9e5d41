"""The reasons as sentences."""

from typing import get_args

import pytest

from mafia_district.night import Reason, why
from mafia_district.night.verbs import VERBS, Outcome

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
    """Given any verb and any outcome, there is a sentence that names the actor and the target."""
    for verb in VERBS:
        for outcome in get_args(Outcome):
            sentence = why(Reason(0, verb, 1, outcome, 2), NAMES.__getitem__)
            assert sentence.startswith("Ann ")
            assert "Bob" in sentence
            assert ("{Cid}" in sentence) == (outcome != "done")
