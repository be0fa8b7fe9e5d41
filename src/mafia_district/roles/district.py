"""The town's own cast: the roles of the district."""

from typing import Final

from mafia_district.roles.investigators import DOUSED
from mafia_district.roles.mafia import PICKS
from mafia_district.roles.role import Ability
from mafia_district.roles.rows import mafia, town
from mafia_district.roles.town import DOCTORS

ROLES: Final = (
    town(
        "villager",
        "Has no power but eyes, ears, a voice and a vote.",
        traits="vanilla",
        source="Mafia District",
        detail="Works, walks, shops and listens like everybody; tasks, prices and rumors never"
        " depend on the role.",
    ),
    mafia(
        "vampire",
        "Knows the other vampires; each night together they bite one player to death.",
        traits="vanilla",
        method="bite",
        source="Mafia District",
        detail="Garlic and a cross stop a bite, and a bulletproof vest where nobody shoots or"
        " stabs. A vampire has no gun.",
        variants=PICKS,
    ),
    town(
        "sheriff",
        "Each night learns of one player whether they are town.",
        Ability("investigate"),
        traits="gun",
        source="Mafia District",
        variants=DOUSED,
    ),
    town(
        "doctor",
        "Each night guards one other player against one kill, never the same one twice running.",
        Ability("protect", repeats=False),
        source="Mafia District",
        variants=DOCTORS,
    ),
)
