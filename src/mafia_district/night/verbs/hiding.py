"""To be elsewhere: who commutes is out of town, who hides is behind somebody.

Nothing reaches who is out of town, a strongman's kill included. Who hides cannot be killed where
they are looked for, but dies with whoever they hide behind.
"""

from typing import Final

from mafia_district.night.deed import Dawn, Deed, Place, Verb, kills_its_actor


def _comes_to_me(deed: Deed, other: Deed) -> bool:
    return other.lands_on(deed.actor) and bool(other.verb.targets)


def _commute(deed: Deed, dawn: Dawn) -> None:
    for other in dawn.pending(deed):
        if _comes_to_me(deed, other):
            other.fail("away", deed.actor)


def _hide(deed: Deed, dawn: Dawn) -> None:
    dawn.hiding[deed.actor] = deed.target
    for other in dawn.pending(deed):
        if kills_its_actor(deed, other):
            other.fail("hidden", deed.actor)


VERBS: Final = (
    Verb(
        "commute",
        Place.HIDE,
        _commute,
        did="was out of town",
        do="leave town",
        modifies=_comes_to_me,
        visits=False,
        targets=0,
    ),
    Verb(
        "hide",
        Place.HIDE,
        _hide,
        did="hid behind {target}",
        do="hide behind {target}",
        modifies=kills_its_actor,
    ),
)
