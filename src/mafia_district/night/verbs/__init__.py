"""The verbs: everything that an action can do at night, and what each of them modifies.

No verb has a priority number. A verb declares, as a predicate over two actions, which others it
*modifies*: a roleblock every action of the seat that it lands on, a protection every kill that
lands where it does. The order of a night follows from these declarations (`order.py`), so that a
new verb is a row in the file of its family and nothing is renumbered.

A verb that sends other actions elsewhere also declares where each one goes (`turns`): an action
can then be foreseen to land, and to modify, where it does not yet. Its effect changes the `target`
of those actions; whom their actors named is kept.
"""

from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from mafia_district.night.deed import Verb, Verbs
from mafia_district.night.verbs import (
    blocking,
    calling,
    fire,
    haunting,
    hiding,
    killing,
    looking,
    moving,
    protecting,
    recruiting,
    spying,
)

_FAMILIES: Final = (
    hiding,
    moving,
    blocking,
    protecting,
    fire,
    killing,
    haunting,
    recruiting,
    looking,
    spying,
    calling,
)

VERBS: Final[Verbs] = MappingProxyType(
    {row.name: row for family in _FAMILIES for row in family.VERBS}
)


def verb(name: str) -> Verb:
    """Look a verb up; raises ValueError, with the nearest and all known names, if there is none."""
    try:
        return VERBS[name]
    except KeyError:
        nearest = get_close_matches(name, VERBS)
        hint = f"did you mean {' or '.join(nearest)}; " if nearest else ""
        raise ValueError(f"unknown verb {name!r}; {hint}known: {', '.join(VERBS)}") from None
