"""Modifiers: what can be said of any role, and makes another role of it.

A role's name may be given with modifiers before it, as `weak_doctor`, `odd_night_town_cop` or
`two_shot_town_tracker`. A modifier is a function of a role; several are put on one after another,
the one that stands nearest first.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

import attrs

from mafia_district.roles.role import ANY, Nights, Role

Modifier: TypeAlias = Callable[[Role], Role]

_COUNTS: Final = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}


def _shots(count: int) -> Modifier:
    """Let each ability, and the vest, be used so often in a game."""

    def limit(role: Role) -> Role:
        abilities = tuple(attrs.evolve(own, shots=count) for own in role.abilities)
        vests = min(role.vests, count)
        words = f" May be used {count} time{'s' if count > 1 else ''} in the game."
        return attrs.evolve(role, abilities=abilities, vests=vests, summary=role.summary + words)

    return limit


def _on(nights: Nights, words: str) -> Modifier:
    """Let the abilities be used on some nights only."""

    def restrict(role: Role) -> Role:
        abilities = tuple(attrs.evolve(own, nights=nights) for own in role.abilities)
        return attrs.evolve(role, abilities=abilities, summary=f"{role.summary} {words}")

    return restrict


def _trait(trait: str, words: str) -> Modifier:
    """Add a trait; whoever has one is no longer vanilla."""

    def add(role: Role) -> Role:
        traits = role.traits - {"vanilla"} | {trait}
        return attrs.evolve(role, traits=traits, summary=f"{role.summary} {words}")

    return add


def _bulletproof(role: Role) -> Role:
    words = f"{role.summary} Cannot be killed at night, but by a strongman."
    return attrs.evolve(role, vests=ANY, traits=role.traits - {"vanilla"}, summary=words)


def _double_voter(role: Role) -> Role:
    words = f"{role.summary} Has two votes."
    return attrs.evolve(role, votes=2, traits=role.traits - {"vanilla"}, summary=words)


MODIFIERS: Final[Mapping[str, Modifier]] = MappingProxyType(
    {
        **{f"{word}_shot": _shots(count) for word, count in _COUNTS.items()},
        "odd_night": _on("odd", "Acts on odd nights only."),
        "even_night": _on("even", "Acts on even nights only."),
        "novice": _on("later", "Does not act in the first night."),
        "ascetic": _trait("ascetic", "Nothing that others do at night reaches them, but kills."),
        "bulletproof": _bulletproof,
        "disloyal": _trait("disloyal", "Fails on their own side."),
        "explosive": _trait("bomb", "Takes along whoever kills them at night."),
        "loyal": _trait("loyal", "Fails on all but their own side."),
        "macho": _trait("macho", "Cannot be protected."),
        "ninja": _trait("ninja", "Is not seen when killing."),
        "strongman": _trait("strongman", "Kills through blocks and protections."),
        "weak": _trait("weak", "Dies of calling on somebody who is not town."),
        "double_voting": _double_voter,
    }
)


def modified(name: str, find: Callable[[str], Role | None]) -> Role | None:
    """Read a name as a modifier and a role, which may be modified itself; None if it is not one.

    >>> from mafia_district.roles import role
    >>> role("odd_night_macho_town_cop").title
    'Odd Night Macho Town Cop'
    """
    for prefix, modifier in MODIFIERS.items():
        rest = name.removeprefix(f"{prefix}_")
        if rest != name and (base := find(rest)) is not None:
            title = f"{prefix.replace('_', ' ').title()} {base.title}"
            return attrs.evolve(modifier(base), name=name, title=title)
    return None
