"""Fire: it is laid first and lit later.

Whoever is doused burns when an arsonist ignites, each in a kill of its own, and then is doused no
more. Some houses let those who call on an arsonist walk away doused, and let no guard stop a fire.
"""

from typing import Final

from mafia_district.ids import members
from mafia_district.night.deed import Blow, Dawn, Deed, Place, Verb
from mafia_district.night.verbs.killing import strike


def _douse(deed: Deed, dawn: Dawn) -> None:
    role = dawn.cast[deed.target]
    if not dawn.house.arsonist_can_be_doused and role is not None and role.can("ignite"):
        deed.fail("immune", deed.target)
        return
    dawn.doused |= 1 << deed.target
    dawn.reeking |= 1 << deed.target


def _ignite(deed: Deed, dawn: Dawn) -> None:
    """Have everybody burnt who is doused: the burnings follow the deed at once."""
    after = dawn.deeds.index(deed) + 1
    dawn.deeds[after:after] = [Deed(deed.actor, _BURN, seat, seat) for seat in members(dawn.doused)]
    dawn.doused = 0


def douse_visitors(dawn: Dawn) -> None:
    """Let those walk away doused who call on somebody who can set fire."""
    for seat in members(dawn.alive):
        role = dawn.cast[seat]
        if role is not None and role.can("ignite"):
            dawn.doused |= sum(1 << visitor for visitor in dawn.visitors(seat))
    dawn.reeking |= dawn.doused


def _burn(deed: Deed, dawn: Dawn) -> None:
    if dawn.house.ignite_pierces_protection:
        dawn.deaths.setdefault(deed.target, []).append(Blow("fire", deed.actor))
    else:
        strike(deed, dawn, "fire")


_BURN: Final = Verb(
    "burn",
    Place.KILL,
    _burn,
    did="burned {target} to death",
    do="burn {target} to death",
    visits=False,
)

VERBS: Final = (
    Verb("douse", Place.MISC, _douse, did="doused {target}", do="douse {target}"),
    Verb(
        "ignite",
        Place.KILL,
        _ignite,
        did="set fire to all who were doused",
        do="set fire to all who were doused",
        visits=False,
        targets=0,
    ),
    _BURN,
)
