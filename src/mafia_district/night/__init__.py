"""The night: collected in the dark, resolved by the golden rule, explained afterwards."""

from mafia_district.night.explain import why
from mafia_district.night.order import ambiguous
from mafia_district.night.resolve import (
    Action,
    Death,
    Reason,
    Resolution,
    Result,
    faction_kill,
    resolve,
)

__all__ = [
    "Action",
    "Death",
    "Reason",
    "Resolution",
    "Result",
    "ambiguous",
    "faction_kill",
    "resolve",
    "why",
]
