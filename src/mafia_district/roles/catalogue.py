"""The catalogue: the roles that are built in, by their catalogue names.

Most names, and what they mean, are MafiaScum's, where most of these roles were first played. The
last ones are the town's own cast.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from mafia_district.roles.role import Ability, Role

_ROWS: Final = (
    Role(
        name="vanilla_townie",
        title="Vanilla Townie",
        alignment="town",
        wins="town",
        summary="Has no power but a voice and a vote.",
    ),
    Role(
        name="mafia_goon",
        title="Mafia Goon",
        alignment="mafia",
        wins="mafia",
        summary="Knows the other mafia and shares their nightly kill.",
    ),
    Role(
        name="town_cop",
        title="Town Cop",
        alignment="town",
        wins="town",
        summary="Each night learns of one player whether they are town.",
        abilities=(Ability("investigate"),),
    ),
    Role(
        name="town_doctor",
        title="Town Doctor",
        alignment="town",
        wins="town",
        summary="Each night guards one other player against one kill.",
        abilities=(Ability("protect"),),
    ),
    Role(
        name="town_roleblocker",
        title="Town Roleblocker",
        alignment="town",
        wins="town",
        summary="Each night keeps one other player from doing anything.",
        abilities=(Ability("roleblock"),),
    ),
    Role(
        name="mafia_roleblocker",
        title="Mafia Roleblocker",
        alignment="mafia",
        wins="mafia",
        summary="Shares the mafia's kill; each night keeps one other player from doing anything.",
        abilities=(Ability("roleblock"),),
    ),
    Role(
        name="town_vigilante",
        title="Town Vigilante",
        alignment="town",
        wins="town",
        summary="Each night may shoot one other player.",
        abilities=(Ability("kill"),),
    ),
    Role(
        name="one_shot_vigilante",
        title="One-Shot Vigilante",
        alignment="town",
        wins="town",
        summary="May shoot one other player, on one night of the game; a blocked shot is spent.",
        abilities=(Ability("kill", shots=1),),
    ),
    Role(
        name="jester",
        title="Jester",
        alignment="neutral",
        wins="jester",
        summary="Belongs to nobody and wins by being lynched.",
    ),
    Role(
        name="villager",
        title="Villager",
        alignment="town",
        wins="town",
        summary="Has no power but eyes, ears, a voice and a vote.",
    ),
    Role(
        name="vampire",
        title="Vampire",
        alignment="mafia",
        wins="mafia",
        summary="Knows the other vampires; each night together they bite one player to death.",
        method="bite",
    ),
    Role(
        name="sheriff",
        title="Sheriff",
        alignment="town",
        wins="town",
        summary="Each night learns of one player whether they are town.",
        abilities=(Ability("investigate"),),
    ),
    Role(
        name="doctor",
        title="Doctor",
        alignment="town",
        wins="town",
        summary="Each night guards one other player against one kill, never the same one twice"
        " running.",
        abilities=(Ability("protect", repeats=False),),
    ),
    Role(
        name="arsonist",
        title="Arsonist",
        alignment="neutral",
        wins="arsonist",
        summary="Belongs to nobody: each night douses one other player, or sets fire to all who are"
        " doused. Wins alone, by holding half of the votes.",
        abilities=(Ability("douse"), Ability("ignite")),
        method="fire",
        exclusive=True,
    ),
)

ROLES: Final[Mapping[str, Role]] = MappingProxyType({row.name: row for row in _ROWS})


def role(name: str) -> Role:
    """Look a role up by its catalogue name.

    Raises ValueError, with the nearest names and all that are known, if there is no such role.

    >>> role("town_cop").title
    'Town Cop'
    """
    try:
        return ROLES[name]
    except KeyError:
        nearest = get_close_matches(name, ROLES)
        hint = f"did you mean {' or '.join(nearest)}; " if nearest else ""
        raise ValueError(f"unknown role {name!r}; {hint}known: {', '.join(ROLES)}") from None
