"""To act from beyond, and to reach into the day: revenge, haunting, stolen votes.

Who says by night whom they would take along does so only if they die; then nothing protects from
it, as from no death that pulls another along. The dead who may act once more strike at once: a
haunting nothing stops, a revenge is a shot like any other. A stolen vote counts for the thief in
the day to come.
"""

from typing import Final

from mafia_district.ids import has
from mafia_district.night.deed import Blow, Dawn, Deed, Place, Verb
from mafia_district.night.verbs.killing import strike
from mafia_district.roles import SHOT


def _take_along(deed: Deed, dawn: Dawn) -> None:
    if has(dawn.alive, deed.actor):
        dawn.sworn[deed.actor] = deed.target
    else:
        strike(deed, dawn, SHOT)


def _haunt(deed: Deed, dawn: Dawn) -> None:
    dawn.deaths.setdefault(deed.target, []).append(Blow("haunting", deed.actor))


def _steal(deed: Deed, dawn: Dawn) -> None:
    if deed.target in dict(dawn.stolen):
        deed.fail("in_vain", deed.target)
    else:
        dawn.stolen += ((deed.target, deed.actor),)


VERBS: Final = (
    Verb(
        "steal_vote",
        Place.MISC,
        _steal,
        did="stole the vote of {target}",
        do="steal the vote of {target}",
    ),
    Verb(
        "revenge",
        Place.KILL,
        _take_along,
        did="swore to take {target} along",
        do="take {target} along",
        visits=False,
    ),
    Verb(
        "haunt",
        Place.KILL,
        _haunt,
        did="haunted {target} to death",
        do="haunt {target}",
        visits=False,
    ),
)
