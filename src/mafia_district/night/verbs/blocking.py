"""To block: whoever is blocked does nothing tonight.

A block is on a person, not on an action: all that they do fails. Only a strongman's kill goes
through. Blocks that wait for each other in a ring all fail (`order.py`).
"""

from typing import Final

from mafia_district.night.deed import Dawn, Deed, Place, Verb


def acts_under(deed: Deed, other: Deed) -> bool:
    """Tell whether the other action is done by the seat on which this one lands."""
    return other.actor == deed.target


def block(deed: Deed, dawn: Dawn) -> None:
    """Let all fail that the target does tonight."""
    for other in dawn.pending(deed):
        if acts_under(deed, other) and not unstoppable(other, dawn):
            other.fail("blocked", deed.actor)


def unstoppable(deed: Deed, dawn: Dawn) -> bool:
    """Tell whether neither a block nor handcuffs stop a deed."""
    everything = dawn.house.strongman_pierces == "all"
    return everything and deed.kills and dawn.has(deed.actor, "strongman")


VERBS: Final = (
    Verb(
        "roleblock",
        Place.BLOCK,
        block,
        did="blocked {target}",
        do="block {target}",
        modifies=acts_under,
    ),
)
