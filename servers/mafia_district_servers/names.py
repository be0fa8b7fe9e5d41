"""Names: those that people give, to be shown and nothing else, and those that are drawn.

A drawn name guards nothing, so it need not come from the system's source of secrets, which costs a
call into the system each time.
"""

import random
from unicodedata import normalize

from mafia_district_servers.problems import Fault, Problem

_bits = random.Random().getrandbits  # noqa: S311


def printable(name: str, most: int) -> str:
    """Trim a name; raises a `bad_request` problem for one that cannot be shown on one line."""
    trimmed = name.strip()
    if not 1 <= len(trimmed) <= most or not trimmed.isprintable():
        raise Problem(Fault.BAD_REQUEST, f"a name has 1 to {most} printable characters")
    return trimmed


def folded(text: str) -> str:
    """Spell a name for comparing: two that differ in case, width or spaces alone are the same."""
    return " ".join(normalize("NFKC", normalize("NFKC", text).casefold()).split())


def random_name() -> str:
    """Make a name that is new, with all likelihood: 128 random bits."""
    return f"{_bits(128):032x}"
