"""Modifiers: what can be said of any role, and makes another role of it.

A role's name may be given with modifiers before it, as `weak_doctor`, `odd_night_town_cop` or
`two_shot_town_tracker`. A modifier is a function of a role; several are put on one after another,
the one that stands nearest first. One that would make a role say what is not so, as a mason of the
mafia, gives none.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import attrs

from mafia_district.roles.role import ANY, Nights, Role

Modifier: TypeAlias = Callable[[Role], Role | None]

_COUNTS: Final = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_NUMBERS: Final[Mapping[str, Nights]] = MappingProxyType(
    {"one": "first", "two": "second", "three": "third", "four": "fourth", "five": "fifth"}
)


def _shots(count: int) -> Modifier:
    """Let each ability, and the vest, be used so often in a game."""

    def limit(role: Role) -> Role:
        abilities = tuple(attrs.evolve(own, shots=count) for own in role.abilities)
        words = f" May be used {count} time{'s' if count > 1 else ''} in the game."
        vests = min(role.vests, count)
        return attrs.evolve(role, abilities=abilities, vests=vests, summary=role.summary + words)

    return limit


def _able(words: str, **changes: Any) -> Modifier:
    """Change what each ability may be used for."""

    def restrict(role: Role) -> Role:
        abilities = tuple(attrs.evolve(own, **changes) for own in role.abilities)
        return attrs.evolve(role, abilities=abilities, summary=f"{role.summary} {words}")

    return restrict


def _on(nights: Nights, words: str) -> Modifier:
    """Let the abilities be used on some nights only."""
    return _able(words, nights=nights)


def _natured(words: str, *traits: str, **changes: Any) -> Modifier:
    """Change what a role is by nature; whoever is something is no longer vanilla."""

    def change(role: Role) -> Role:
        held = role.traits - {"vanilla"} | set(traits)
        return attrs.evolve(role, traits=held, summary=f"{role.summary} {words}", **changes)

    return change


def _of_town(modifier: Modifier) -> Modifier:
    """Keep a modifier to the town."""
    return lambda role: modifier(role) if role.alignment == "town" else None


MODIFIERS: Final[Mapping[str, Modifier]] = MappingProxyType(
    {
        **{f"{word}_shot": _shots(count) for word, count in _COUNTS.items()},
        "odd_night": _on("odd", "Acts on odd nights only."),
        "even_night": _on("even", "Acts on even nights only."),
        **{
            f"night_{word}": _on(night, f"Acts on the {night} night only.")
            for word, night in _NUMBERS.items()
        },
        "novice": _on("later", "Does not act in the first night."),
        "non_consecutive": _able("Does not act on two nights running.", rests=True),
        "indecisive": _able("Does not name the same player two nights running.", repeats=False),
        "roaming": _able("Never names the same player twice.", roams=True),
        "ascetic": _natured("Nothing that others do at night reaches them, but kills.", "ascetic"),
        "bulletproof": _natured("Cannot be killed at night, but by a strongman.", vests=ANY),
        "complex": _natured("Fails on all who have no power.", "complex"),
        "disloyal": _natured("Fails on their own side.", "disloyal"),
        "double_voting": _natured("Has two votes.", votes=2),
        "explosive": _natured("Takes along whoever kills them at night.", "bomb"),
        "godfather": _natured("Reads as town to everybody who checks their side.", "godfather"),
        "gun_toting_paranoid": _natured("Shoots everybody who visits at night.", "paranoid", "gun"),
        "lazy": _natured("Fails when a single one is left who is not town.", "lazy"),
        "lover": _natured("Dies when another lover dies.", "lover"),
        "loyal": _natured("Fails on all but their own side.", "loyal"),
        "macho": _natured("Cannot be protected.", "macho"),
        "mason": _of_town(_natured("May talk with the other masons, who are all town.", "mason")),
        "miller": _natured("Reads as not town to everybody who checks their side.", "miller"),
        "neighbor": _natured("May talk with the other neighbors at night.", "neighbor"),
        "ninja": _natured("Is not seen when killing.", "ninja"),
        "simple": _natured("Fails on all who have a power.", "simple"),
        "strongman": _natured("Kills through blocks and protections.", "strongman"),
        "unlynchable": _natured("A lynch does not kill them.", "unlynchable"),
        "voteless": _natured("Has no vote.", votes=0, votes_revealed=0),
        "weak": _natured("Dies of calling on somebody who is not town.", "weak"),
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
        base = find(rest) if rest != name else None
        made = modifier(base) if base is not None else None
        if base is not None and made is not None:
            title = f"{prefix.replace('_', ' ').title()} {base.title}"
            return attrs.evolve(made, name=name, title=title)
    return None
