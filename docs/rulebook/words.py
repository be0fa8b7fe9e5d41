"""How the rulebook writes what the rules know in milliseconds, thousandths and names."""

from textwrap import wrap
from typing import Final

from marked import Lines

from mafia_district import Rules
from mafia_district.ids import Millis
from mafia_district.roles import ROLES
from mafia_district.setup import OR

DISTRICT: Final = Rules.preset("district")
CLASSIC: Final = Rules.preset("classic")
TOWN: Final = DISTRICT.catalogue


def seconds(length: Millis) -> str:
    """Write a duration."""
    return f"{length / 1_000:g} s"


def percent(thousandths: int) -> str:
    """Write a share."""
    return f"{thousandths / 10:g} %"


def count(number: int, thing: str) -> str:
    """Write a number of things."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def prose(sentences: str) -> Lines:
    """Break sentences into lines."""
    yield from wrap(sentences, 100)


def title(role: str) -> str:
    """Name a role of a setup, or the roles between which it leaves the choice."""
    return " or ".join(ROLES[name].title for name in role.split(OR))
