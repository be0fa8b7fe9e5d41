"""How the rows of the catalogue are written: a role of each side, with its traits as words."""

from typing import Any

from mafia_district.roles.role import Ability, Alignment, Role


def town(name: str, summary: str, *abilities: Ability, traits: str = "", **more: Any) -> Role:
    """Make a role of the town."""
    return _row(name, "town", summary, abilities, traits, more)


def mafia(name: str, summary: str, *abilities: Ability, traits: str = "gun", **more: Any) -> Role:
    """Make a role of the mafia, which has a gun if nothing else is said."""
    return _row(name, "mafia", summary, abilities, traits, more)


def neutral(name: str, summary: str, *abilities: Ability, traits: str = "", **more: Any) -> Role:
    """Make a role that belongs to neither side."""
    return _row(name, "neutral", summary, abilities, traits, more)


def _row(
    name: str,
    side: Alignment,
    summary: str,
    abilities: tuple[Ability, ...],
    traits: str,
    more: dict[str, Any],
) -> Role:
    source = more.pop("source", "MafiaScum")
    held = frozenset(traits.split())
    return Role(name, side, summary, abilities=abilities, traits=held, source=source, **more)
