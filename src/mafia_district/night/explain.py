"""Why the night went as it did: each action's reason as a sentence.

The keeper may read them at once, the players after the end. A sentence says who did what to whom,
or who meant to and what came between.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from mafia_district.ids import PlayerId
from mafia_district.night.resolve import Reason
from mafia_district.night.verbs import Outcome

# The verb done, and the verb meant.
_WORDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "roleblock": ("blocked {target}", "block {target}"),
        "protect": ("guarded {target}", "guard {target}"),
        "douse": ("doused {target}", "douse {target}"),
        "kill": ("killed {target}", "kill {target}"),
        "faction_kill": ("killed {target} for the faction", "kill {target} for the faction"),
        "ignite": ("set fire to all who were doused", "set fire to all who were doused"),
        "burn": ("burned {target} to death", "burn {target} to death"),
        "investigate": ("investigated {target}", "investigate {target}"),
    }
)

_SENTENCES: Final[Mapping[Outcome, str]] = MappingProxyType(
    {
        "done": "{actor} {did}.",
        "blocked": "{actor} meant to {do}, but was blocked by {by}.",
        "cuffed": "{actor} meant to {do}, but was in handcuffs.",
        "protected": "{actor} meant to {do}, but {by} was on guard.",
        "warded": "{actor} meant to {do}, but {by} was warded.",
        "loop": "{actor} meant to {do}, but {by} meant to block {actor}:"
        " in a loop of blocks all fail.",
    }
)


def why(reason: Reason, names: Callable[[PlayerId], str]) -> str:
    """Tell how an action ended, in one sentence; `names` gives each seat's name.

    >>> why(Reason(0, "protect", 1, "blocked", 2), "Ann Bob Cid".split().__getitem__)
    'Ann meant to guard Bob, but was blocked by Cid.'
    """
    actor = names(reason.actor)
    target = names(reason.target) if reason.target >= 0 else ""
    did, do = (words.format(target=target) for words in _WORDS[reason.verb])
    by = names(reason.by) if reason.by >= 0 else ""
    return _SENTENCES[reason.outcome].format(actor=actor, did=did, do=do, by=by)
