"""Catalogues that somebody wrote: a TOML file that adds to the built-in one, or stands alone.

A file is read in three steps: text to plain values, plain values to rows of the right types, rows
to a catalogue that `lint` finds playable. What is wrong in the second and third step is said all at
once. A row replaces the built-in one of the same id; with `extends = false` nothing is built in.

This module reads files, so no module that a game is decided by imports it.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping
from stat import S_ISREG
from typing import Any, Final, Literal, get_origin

import attrs

from mafia_district.catalogue.built_in import BUILT_IN
from mafia_district.catalogue.lint import labelled
from mafia_district.catalogue.lint_roles import doubts, remarks
from mafia_district.catalogue.records import Catalogue
from mafia_district.catalogue.rows import (
    PARTS,
    RECORDS,
    Fault,
    Row,
    key_of,
    label_of,
    part_of,
    rows_of,
)
from mafia_district.near import hint
from mafia_district.roles import Ability

MOST_BYTES: Final = 256 * 1_024
NAME_LENGTH: Final = 40

TYPES: Final[Mapping[object, str]] = {
    int: "a whole number",
    bool: "true or false",
    str: "a text",
    tuple[str, ...]: "a list of texts",
    tuple[tuple[str, str], ...]: "a table of texts",
    tuple[Ability, ...]: "a list of tables",
}


class BadCatalogue(ValueError):
    """A file that makes no catalogue; `problems` says all that is wrong with it, a line each."""

    def __init__(self, path: str, problems: list[str]) -> None:
        self.path = path
        self.problems = problems
        super().__init__(path, problems)

    def __str__(self) -> str:
        if len(self.problems) == 1:
            return f"{self.path}: {self.problems[0]}"
        head = f"{self.path}: {len(self.problems)} problems"
        return "\n  ".join([head, *self.problems])


def read(path: str) -> Catalogue:
    """Read a catalogue from a TOML file; raises BadCatalogue with everything that is wrong."""
    raw = _parse(path)
    draft = _draft(raw)
    if said := draft.faults():
        raise BadCatalogue(path, said)
    return _catalogue(raw["name"], draft.rows)


@attrs.frozen
class Findings:
    """What is wrong with a catalogue, and what its author should know; a line each."""

    errors: tuple[str, ...]
    warnings: tuple[str, ...]


def check(path: str) -> Findings:
    """Look a TOML file through to the end; raises BadCatalogue only where it cannot be read."""
    draft = _draft(_parse(path))
    return Findings(tuple(draft.faults()), (*remarks(draft.rows), *doubts(draft.rows)))


def problems(raw: Mapping[str, Any]) -> list[str]:
    """List what is wrong with a catalogue given as plain values, as TOML would give them.

    >>> mole = {"id": "mole", "title": "Mole", "capacity": -1}
    >>> for line in problems({"name": "Saltmarsh", "places": [mole]}):
    ...     print(line)
    places 'mole': text is missing
    places 'mole': capacity is -1, but must be from 0 to 30
    """
    return _draft(raw).faults()


def _parse(path: str) -> dict[str, Any]:
    content = _content(path)
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadCatalogue(path, [f"is no TOML: line {line} is not UTF-8"]) from None
    except RecursionError:
        raise BadCatalogue(path, ["is no catalogue: it is nested too deeply"]) from None
    except ValueError as error:
        raise BadCatalogue(path, [f"is no TOML: {error}"]) from None


def _content(path: str) -> bytes:
    try:
        if not S_ISREG(os.stat(path).st_mode):  # to open a pipe would wait for ever
            raise BadCatalogue(path, ["is no regular file: write the catalogue to one"])
        with open(path, "rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise BadCatalogue(path, [f"cannot be read: {error.strerror}"]) from None
    if len(content) > MOST_BYTES:
        raise BadCatalogue(path, [f"is too large: at most {MOST_BYTES // 1_024} KiB"])
    return content


@attrs.frozen
class Draft:
    """A file as rows, those of the built-in catalogue first, and what has been said of it so far.

    `places` says where the file has what a label names.
    """

    rows: tuple[Row, ...]
    said: list[Fault]
    places: Mapping[str, tuple[int, int]]

    def faults(self) -> list[str]:
        """List all that is wrong, as the file goes, and then what is missing in it."""
        end = len(self.places), 0
        found = [*self.said, *labelled(self.rows)]
        found.sort(key=lambda fault: self.places.get(fault[0], end))
        return [line for _, line in found]


def _draft(raw: Mapping[str, Any]) -> Draft:
    """Make rows of all that can be read."""
    said = list(_head(raw))
    tops = {table: place for place, table in enumerate(raw)}
    places = {key: (place, 0) for key, place in tops.items()}
    rows: list[Row] = []
    for table in RECORDS:
        written = raw.get(table, [])
        if not isinstance(written, list):
            rows.append(Row(table, table, {}))
            said.append((table, f"{table}: must be written as [[{table}]], once for each row"))
            continue
        for number, values in enumerate(written, 1):
            row, wrong = _row(table, number, values)
            rows.append(row)
            places.setdefault(row.label, (tops[table], number))
            said += [(row.label, line) for line in wrong]
    replaced = {(row.table, row.key) for row in rows}
    base = rows_of(BUILT_IN) if raw.get("extends", True) is not False else ()
    kept = (row for row in base if (row.table, row.key) not in replaced)
    return Draft((*kept, *rows), said, places)


def _head(raw: Mapping[str, Any]) -> Iterator[Fault]:
    name = raw.get("name")
    if not isinstance(name, str) or not 1 <= len(name) <= NAME_LENGTH or not name.isprintable():
        yield "name", f"name: must be given, a text of 1 to {NAME_LENGTH} characters"
    elif name == BUILT_IN.name:
        yield "name", f"name: {name!r} is the built-in catalogue: choose another"
    if not isinstance(raw.get("extends", True), bool):
        yield "extends", "extends: must be true or false"
    known = ("name", "extends", *RECORDS)
    for key in raw:
        if key not in known:
            said = f"is unknown: there may stand {', '.join(known)}{hint(key, known)}"
            yield key, f"{key!r}: {said}"


def _row(table: str, number: int, written: object) -> tuple[Row, list[str]]:
    """Give a row with what can be used of it, and what is wrong with the rest."""
    label = f"{table} {number}"
    if isinstance(written, dict) and isinstance(key := written.get(key_of(table)), str):
        label = label_of(table, key)
    values, said = _values(RECORDS[table], label, written)
    for part in PARTS.keys() & values.keys():
        read = [
            _values(PARTS[part], part_of(label, part, place), inner)
            for place, inner in enumerate(values[part], 1)
        ]
        values[part] = tuple(inner for inner, _ in read)
        said += [fault for _, wrong in read for fault in wrong]
    return Row(table, label, values), said


def _values(record: type, label: str, written: object) -> tuple[dict[str, Any], list[str]]:
    """Give the values of a record that can be used, and what is wrong with the others."""
    if not isinstance(written, dict):
        return {}, [f"{label}: must be a table of names and values"]
    fields = attrs.fields_dict(record)
    said = [
        f"{label}: {name!r} is unknown: there may stand {', '.join(fields)}{hint(name, fields)}"
        for name in written
        if name not in fields
    ]
    values: dict[str, Any] = {}
    for name, field in fields.items():
        try:
            values[name] = _value(field, written)
        except TypeError as error:
            said.append(f"{label}: {name} {error}")
    return values, said


def _value(field: "attrs.Attribute[Any]", written: Mapping[str, Any]) -> object:
    """Give the value of a field; raises TypeError that says what it must be."""
    if field.name not in written:
        if field.default is attrs.NOTHING:
            raise TypeError("is missing")
        return field.default
    kind = str if get_origin(field.type) is Literal else field.type
    value = _frozen(written[field.name])
    if not _fits(value, kind):
        raise TypeError(f"must be {TYPES[kind]}")
    return value


def _frozen(value: object) -> object:
    """Give a list or a table of TOML as a record holds it."""
    if isinstance(value, dict):
        return tuple(value.items())
    return tuple(value) if isinstance(value, list) else value


def _fits(value: object, kind: object) -> bool:
    if kind in (int, bool, str):
        return type(value) is kind
    if not isinstance(value, tuple):
        return False
    if kind == tuple[str, ...]:
        return all(isinstance(part, str) for part in value)
    if kind == tuple[Ability, ...]:
        return all(isinstance(part, dict) for part in value)
    return all(isinstance(part, tuple) and isinstance(part[1], str) for part in value)


def _catalogue(name: str, rows: tuple[Row, ...]) -> Catalogue:
    """Make a catalogue of rows that are found to be right."""
    tables = {
        table: tuple(record(**_whole(row.values)) for row in rows if row.table == table)
        for table, record in RECORDS.items()
    }
    return Catalogue(name=name, **tables)


def _whole(values: Mapping[str, Any]) -> dict[str, Any]:
    """Make records of what is nested in a row that is found to be right."""
    parts = PARTS.keys() & values.keys()
    return {**values, **{part: tuple(PARTS[part](**row) for row in values[part]) for part in parts}}
