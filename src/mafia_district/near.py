"""Near: what somebody may have meant who wrote a name that is not there."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

SHORTEST: Final = 3  # of what is looked for within other names
MOST: Final = 5
LONGEST: Final = 64  # of a name that is looked for at all: it costs time, and is no mistake


def nearest(name: str, known: Iterable[str], most: int = MOST) -> list[str]:
    """List the names that hold a name as one of their words, or are written nearly like it.

    >>> nearest("cop", ["copper", "town_cop", "macho_cop", "doctor"])
    ['town_cop', 'macho_cop', 'copper']
    >>> nearest("docter", ["copper", "town_cop", "macho_cop", "doctor"])
    ['doctor']
    """
    names = list(known) if len(name) <= LONGEST else []
    holding = [other for other in names if len(name) >= SHORTEST and name in other]
    holding.sort(key=lambda other: _unlike(name, other))
    return list(dict.fromkeys([*holding, *get_close_matches(name, names)]))[:most]


def hint(name: str, known: Iterable[str], before: str = "; ") -> str:
    """Ask whether another name was meant; empty where there is none like it.

    >>> hint("targt", ["actor", "target"])
    '; did you mean target?'
    """
    near = nearest(name, known, most=2)
    return f"{before}did you mean {' or '.join(near)}?" if near else ""


def _unlike(name: str, other: str) -> tuple[bool, bool, int]:
    """Put whole words before parts, what ends with the name before the rest, short before long."""
    words = other.split("_")
    return name not in words, words[-1] != name, len(words)
