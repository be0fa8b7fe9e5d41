"""Why the night went as it did: each action's reason as a sentence.

The keeper may read them at once, the players after the end. A sentence says who did what to whom,
or who meant to and what came between. What one did to several, and came to the same for all of
them, is one sentence.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final

import attrs

from mafia_district.ids import NOBODY, PlayerId
from mafia_district.night.deed import Outcome
from mafia_district.night.resolve import Reason
from mafia_district.night.verbs import VERBS

_SENTENCES: Final[Mapping[Outcome, str]] = MappingProxyType(
    {
        "done": "{actor} {did}.",
        "blocked": "{actor} meant to {do}, but was blocked by {by}.",
        "cuffed": "{actor} meant to {do}, but was in handcuffs.",
        "protected": "{actor} meant to {do}, but {by} was on guard.",
        "warded": "{actor} meant to {do}, but {by} was warded.",
        "loop": "{actor} meant to {do}, but {by} meant to block {actor}:"
        " in a loop of blocks all fail.",
        "away": "{actor} meant to {do}, but {by} was out of town.",
        "hidden": "{actor} meant to {do}, but {by} was in hiding.",
        "stopped": "{actor} meant to {do}, but {by} let nobody near.",
        "immune": "{actor} meant to {do}, but nothing of the kind reaches {by}.",
        "wrong_side": "{actor} meant to {do}, but {by} was of the wrong side for it.",
        "cancelled": "{actor} meant to {do}, but {by} meant to as well, and they undid each other.",
        "in_vain": "{actor} meant to {do}, but it was in vain.",
    }
)


def why(reason: Reason, names: Callable[[PlayerId], str]) -> str:
    """Tell how an action ended, in one sentence; `names` gives each seat's name.

    >>> why(Reason(0, "protect", 1, "blocked", 2), "Ann Bob Cid".split().__getitem__)
    'Ann meant to guard Bob, but was blocked by Cid.'
    """
    return _sentence(reason, [reason.target], names)


def whys(reasons: Iterable[Reason], names: Callable[[PlayerId], str]) -> list[str]:
    """Tell how all actions of a night ended, in the order of their first reasons.

    >>> night = [Reason(0, "protect", 1, "done"), Reason(0, "protect", 2, "done")]
    >>> whys(night, "Ann Bob Cid".split().__getitem__)
    ['Ann guarded Bob and Cid.']
    """
    alike: dict[Reason, list[PlayerId]] = {}
    for reason in reasons:
        alike.setdefault(attrs.evolve(reason, target=NOBODY), []).append(reason.target)
    return [_sentence(reason, targets, names) for reason, targets in alike.items()]


def _sentence(reason: Reason, targets: list[PlayerId], names: Callable[[PlayerId], str]) -> str:
    actor, target2, by = (
        names(seat) if seat >= 0 else "" for seat in (reason.actor, reason.target2, reason.by)
    )
    target = _listed([names(seat) for seat in targets if seat >= 0])
    row = VERBS[reason.verb]
    did, do = (words.format(target=target, target2=target2) for words in (row.did, row.do))
    return _SENTENCES[reason.outcome].format(actor=actor, did=did, do=do, by=by)


def _listed(names: list[str]) -> str:
    *others, last = names or [""]
    return f"{', '.join(others)} and {last}" if others else last
