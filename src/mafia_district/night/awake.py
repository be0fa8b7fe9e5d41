"""Awake: what roles do while the town is awake, at once.

By day a role may be revealed or a shot fired; in the twilight between the vote and the death a
governor may pardon and the condemned may take somebody along. Who used a power is known to that
seat alone, as the use of it counts; what comes of it happens before all.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from mafia_district.ids import PlayerId, has
from mafia_district.machine import Code, Events, Refused
from mafia_district.night.powers import ability_of, targets
from mafia_district.phases import DAY, EVENING, NIGHT, TWILIGHT, Phase, require_phase
from mafia_district.roster import RoleRevealed
from mafia_district.sentence import LastShot, Pardoned
from mafia_district.table import Table

if TYPE_CHECKING:
    from mafia_district.night.collect import Night

_HOURS: Final[Mapping[str, tuple[Phase, ...]]] = MappingProxyType(
    {"day": (DAY, EVENING), "twilight": (TWILIGHT,), "night": (NIGHT,), "grave": (NIGHT,)}
)


def by_day(table: Table, night: "Night", seat: PlayerId, verb: str, target: PlayerId) -> Events:
    """Decide what a power brings about; raises Refused where it is not open."""
    own = ability_of(table.roster, seat, verb)
    require_phase(table.phases, *_HOURS[own.when])
    if night.uses.get((seat, verb), 1) < 1:
        raise Refused(Code.NO_USES_LEFT, f"you have no {verb} left")
    if target < 0 or not has(targets(table, night, seat, own), target):
        raise Refused(Code.BAD_TARGET, f"{verb} cannot name seat {target}")
    return EFFECTS[verb](table, seat, target)


def _reveal(table: Table, seat: PlayerId, target: PlayerId) -> Events:
    return (RoleRevealed(seat, table.roster.now[seat]),)


def _pardon(table: Table, seat: PlayerId, target: PlayerId) -> Events:
    return (Pardoned(target),)


def _take_along(table: Table, seat: PlayerId, target: PlayerId) -> Events:
    return (LastShot(seat, target),)


def _shoot(table: Table, seat: PlayerId, target: PlayerId) -> Events:
    """Leave it to the course of the game: a shot by day may pull others along and end the vote."""
    return ()


# What is done by day alone, in words.
MEANT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "reveal": "show who one is",
        "shoot": "shoot {target} before all",
        "pardon": "let a condemned player live",
    }
)

EFFECTS: Final[Mapping[str, Callable[[Table, PlayerId, PlayerId], Events]]] = MappingProxyType(
    {"reveal": _reveal, "pardon": _pardon, "revenge": _take_along, "shoot": _shoot}
)
