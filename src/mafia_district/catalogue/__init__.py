"""The catalogue: what a town is made of, as data.

`records` says what a row is, `files` reads a catalogue that somebody wrote as TOML; every other
module here is a table of the one that is built in. `files` alone touches the world, so no rule
imports it.
"""

from mafia_district.catalogue.built_in import BUILT_IN
from mafia_district.catalogue.records import (
    Asset,
    Career,
    Catalogue,
    Item,
    Place,
    RoleRow,
    Rumor,
    Task,
    Trade,
)

__all__ = [
    "BUILT_IN",
    "Asset",
    "Career",
    "Catalogue",
    "Item",
    "Place",
    "RoleRow",
    "Rumor",
    "Task",
    "Trade",
]
