"""Rows: a catalogue as plain values, before it is known to be one.

A record can only be made of values of the right types. What somebody wrote may lack some of them,
and is to be looked at all the same; so the reader and the lint speak of rows.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

import attrs

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
from mafia_district.roles import Ability

RECORDS: Final[Mapping[str, type]] = {
    "places": Place,
    "careers": Career,
    "items": Item,
    "tasks": Task,
    "rumors": Rumor,
    "assets": Asset,
    "trades": Trade,
    "roles": RoleRow,
}
PARTS: Final[Mapping[str, type]] = {"abilities": Ability}  # tables within a row
PART: Final[Mapping[str, str]] = {"abilities": "ability"}
KEYS: Final[Mapping[str, str]] = {"trades": "category", "roles": "name"}  # the others have an id

Known: TypeAlias = Mapping[str, Mapping[str, "Row"]]
Said: TypeAlias = Iterator[str]
Fault: TypeAlias = tuple[str, str]  # the label of what it is about, and the line


@attrs.frozen
class Row:
    """A row as plain values; `label` names it to its author."""

    table: str
    label: str
    values: Mapping[str, Any]

    @property
    def key(self) -> Any:
        """What tells it from the other rows of its table."""
        return self.values.get(key_of(self.table))

    def parts(self) -> Iterator["Row"]:
        """Go through the rows within it."""
        for table in PARTS:
            for number, values in enumerate(self.values.get(table, ()), 1):
                yield Row(table, part_of(self.label, table, number), values)


def key_of(table: str) -> str:
    """Name the field by which the rows of a table are told apart."""
    return KEYS.get(table, "id")


def label_of(table: str, key: str) -> str:
    """Name a row to its author."""
    return f"{table} {key!r}"


def part_of(label: str, table: str, number: int) -> str:
    """Name a row within another to its author.

    >>> part_of("roles 'locksmith'", "abilities", 2)
    "roles 'locksmith', ability 2"
    """
    return f"{label}, {PART[table]} {number}"


def rows_of(catalogue: Catalogue) -> tuple[Row, ...]:
    """List all rows of a catalogue as plain values."""
    rows = [
        (table, attrs.asdict(record)) for table in RECORDS for record in getattr(catalogue, table)
    ]
    return tuple(Row(table, label_of(table, row[key_of(table)]), row) for table, row in rows)
