"""The deal: who gets which role, decided by the seed and by every player's salt.

The house promised its seed when the lobby opened, the players promised their salts when they sat
down; nobody could choose theirs after seeing the others'. A player who reveals no salt adds
nothing, and cannot be made worse off by that than by chance. `docs/fair-deal.md` has the bits.
"""

from collections.abc import Sequence
from typing import TypeAlias

from mafia_district.chance import deal_key, number, shuffled
from mafia_district.ids import PlayerId
from mafia_district.setup import Setup

Salt: TypeAlias = tuple[PlayerId, str, str]  # seat, commitment, salt; the last two hexadecimal


def dealt(
    seed: bytes, seats: Sequence[PlayerId], salts: Sequence[Salt], setup: Setup
) -> tuple[str, ...]:
    """Give the role names by seat, empty where there is no seat; salts in seat order."""
    key = deal_key(seed, [bytes.fromhex(salt) for _, _, salt in salts])
    drawn = number(key, "deal", 0)
    roles = shuffled(drawn, setup.names(drawn))
    if len(seats) <= seats[-1]:
        for gap in sorted(set(range(seats[-1])).difference(seats)):
            roles.insert(gap, "")
    return tuple(roles)
