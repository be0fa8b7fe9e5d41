"""The catalogue: the roles that are built in, by their catalogue names.

Most names, and what they mean, are MafiaScum's, where most of these roles were first played. A
modifier before a name makes another role of it (`modifiers.py`).
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from mafia_district.roles import district, mafia, neutral, town
from mafia_district.roles.modifiers import modified
from mafia_district.roles.role import Role

ROLES: Final[Mapping[str, Role]] = MappingProxyType(
    {row.name: row for side in (town, mafia, neutral, district) for row in side.ROLES}
)


def role(name: str) -> Role:
    """Look a role up by its catalogue name, with modifiers before it if any.

    Raises ValueError, with the nearest names, if there is no such role.

    >>> role("town_cop").title
    'Town Cop'
    """
    found = find_role(name)
    if found is not None:
        return found
    nearest = get_close_matches(name, ROLES)
    hint = f"did you mean {' or '.join(nearest)}; " if nearest else ""
    raise ValueError(f"unknown role {name!r}; {hint}all are listed by `mafia-district roles`")


@lru_cache(maxsize=1 << 10)
def find_role(name: str) -> Role | None:
    """Look a role up as `role` does; None where that would raise."""
    return ROLES.get(name) or modified(name, _of_any_side)


def _of_any_side(name: str) -> Role | None:
    """Find the role that a modifier stands before, where the town's may be named without a side."""
    names = (f"town_{name}", f"vanilla_{name}", name, f"mafia_{name}")
    known: Iterator[Role] = (ROLES[full] for full in names if full in ROLES)
    return next(known, None) or find_role(name)
