"""The deal: who gets which role, decided by the seed and by every player's salt.

The house promised its seed when the lobby opened, the players promised their salts when they sat
down; nobody could choose theirs after seeing the others'. A player who reveals no salt adds
nothing, and cannot be made worse off by that than by chance. `docs/fair-deal.md` has the bits.

Of a setup that is drawn, the deal draws the composition too. Which one it is stays with the keeper
until the end, or the first death would tell of all who live.
"""

from collections.abc import Sequence
from typing import TypeAlias

import attrs

from mafia_district.chance import deal_key, number, shuffled
from mafia_district.ids import PlayerId
from mafia_district.machine import Event
from mafia_district.setup import RoleCounts, Setup

Salt: TypeAlias = tuple[PlayerId, str, str]  # seat, commitment, salt; the last two hexadecimal


@attrs.frozen
class SetupDrawn(Event):
    """The composition that was drawn, of a setup that may come to several."""

    roles: RoleCounts


@attrs.frozen
class SetupShown(Event):
    """The end: the composition that was drawn."""

    roles: RoleCounts


def dealt(
    seed: bytes, seats: Sequence[PlayerId], salts: Sequence[Salt], setup: Setup
) -> tuple[str, ...]:
    """Give the role names by seat, empty where there is no seat; salts in seat order."""
    drawn = _draw(seed, salts)
    roles = shuffled(drawn, setup.names(drawn))
    if len(seats) <= seats[-1]:
        for gap in sorted(set(range(seats[-1])).difference(seats)):
            roles.insert(gap, "")
    return tuple(roles)


def composition(seed: bytes, salts: Sequence[Salt], setup: Setup) -> RoleCounts:
    """Give the composition that the deal draws; empty where the setup is not drawn."""
    return setup.composition(_draw(seed, salts)) if setup.compositions else ()


def _draw(seed: bytes, salts: Sequence[Salt]) -> int:
    key = deal_key(seed, [bytes.fromhex(salt) for _, _, salt in salts])
    return number(key, "deal", 0)
