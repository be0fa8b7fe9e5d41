"""The town's own cast: the roles of the district."""

from typing import Final

from mafia_district.roles.role import Ability, Role

ROLES: Final = (
    Role(
        "villager",
        "town",
        "Has no power but eyes, ears, a voice and a vote.",
        traits=frozenset({"vanilla"}),
        source="Mafia District",
    ),
    Role(
        "vampire",
        "mafia",
        "Knows the other vampires; each night together they bite one player to death.",
        method="bite",
        traits=frozenset({"vanilla"}),
        source="Mafia District",
    ),
    Role(
        "sheriff",
        "town",
        "Each night learns of one player whether they are town.",
        abilities=(Ability("investigate"),),
        traits=frozenset({"gun"}),
        source="Mafia District",
    ),
    Role(
        "doctor",
        "town",
        "Each night guards one other player against one kill, never the same one twice running.",
        abilities=(Ability("protect", repeats=False),),
        source="Mafia District",
    ),
)
