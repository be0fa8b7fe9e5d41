"""The night: collected in the dark, resolved by the golden rule, explained afterwards."""

from mafia_district.night.deed import Before
from mafia_district.night.explain import why, whys
from mafia_district.night.gear import NO_GEAR, Gear, Vest, Ward, vest_methods
from mafia_district.night.order import ambiguous
from mafia_district.night.resolve import (
    Action,
    Death,
    Reason,
    Resolution,
    Result,
    carried_out,
    faction_kill,
    methods_in_play,
    resolve,
    visitors,
)

__all__ = [
    "NO_GEAR",
    "Action",
    "Before",
    "Death",
    "Gear",
    "Reason",
    "Resolution",
    "Result",
    "Vest",
    "Ward",
    "ambiguous",
    "carried_out",
    "faction_kill",
    "methods_in_play",
    "resolve",
    "vest_methods",
    "visitors",
    "why",
    "whys",
]
