"""To call: one comes, and says so, or brings something, or not even that.

A friendly neighbor tells who they are, a fruit vendor leaves fruit and no name. A visitor does
nothing at all, but can be seen doing it; a checker does no more, and learns whether it worked.
"""

from typing import Final

from mafia_district.night.deed import Dawn, Deed, Place, Verb
from mafia_district.night.verbs.looking import look


def _befriend(deed: Deed, dawn: Dawn) -> None:
    """Say who one is: that one is of the town is true, for no other role may do it."""
    deed.word = "is_town"


def _vend(deed: Deed, dawn: Dawn) -> None:
    deed.word = "fruit"


def _arrive(deed: Deed, dawn: Dawn) -> None:
    """Do nothing but be there."""


def _check(deed: Deed, dawn: Dawn) -> None:
    deed.word = "success"


VERBS: Final = (
    Verb("visit", Place.MISC, _arrive, did="visited {target}", do="visit {target}"),
    Verb(
        "befriend",
        Place.INSPECT,
        _befriend,
        did="made friends with {target}",
        do="make friends with {target}",
        tells=True,
        answers=("is_town",),
    ),
    Verb(
        "vend",
        Place.INSPECT,
        _vend,
        did="left fruit with {target}",
        do="leave fruit with {target}",
        tells=True,
        nameless=True,
        answers=("fruit",),
    ),
    look(
        "try_out",
        _check,
        "knocked at the door of {target}",
        "knock at the door of {target}",
        "success",
    ),
)
