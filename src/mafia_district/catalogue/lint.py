"""What makes a catalogue one that a game can be played with.

The tables say what a number, a word or a name may be; the functions below them say what no table
can. Every check reads one row or one question about the whole, and all of them are asked, so that
an author sees everything that is wrong at once.

Rows are looked at as plain values, so that rows which cannot become records yet are looked at too.
A value that is missing is one that somebody has complained about already, and nothing more is said
of it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final, TypeAlias, get_args

import attrs

from mafia_district.catalogue.records import (
    BUREAU,
    EFFECTS,
    METHODS,
    SHOP,
    SLOTS,
    SQUARE,
    Asset,
    Career,
    Catalogue,
    Category,
    Item,
    Place,
    Rumor,
    Task,
    TaskKind,
    Trade,
)
from mafia_district.ids import MAX_SEATS
from mafia_district.roles import ROLES, find_role

RECORDS: Final[Mapping[str, type]] = {
    "places": Place,
    "careers": Career,
    "items": Item,
    "tasks": Task,
    "rumors": Rumor,
    "assets": Asset,
    "trades": Trade,
}
OBLIGATORY: Final = (SQUARE, SHOP, BUREAU)
CATEGORIES: Final[tuple[str, ...]] = get_args(Category)

LONGEST_DAY: Final = 86_400_000
DEAREST: Final = 10_000
TITLE_LENGTH: Final = 40
TEXT_LENGTH: Final = 200
ID: Final = re.compile(r"[a-z0-9_]{1,32}")
BRACES: Final = re.compile(r"\{[^{}]*\}|[{}]")

# Lowest and highest of every number.
NUMBERS: Final[Mapping[tuple[str, str], tuple[int, int]]] = {
    ("places", "capacity"): (0, MAX_SEATS),
    ("places", "opens_ms"): (0, LONGEST_DAY),
    ("places", "closes_ms"): (0, LONGEST_DAY),
    ("items", "price"): (0, DEAREST),
    ("items", "chance"): (0, 1_000),
    ("tasks", "reward"): (1, 1_000),
    ("assets", "rank"): (0, 1_000_000),
    ("trades", "price"): (0, DEAREST),
    ("trades", "reliability"): (0, 1_000),
}

# Words that the code knows; a list is one of words.
WORDS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("items", "effect"): EFFECTS,
    ("items", "methods"): METHODS,
    ("tasks", "kind"): get_args(TaskKind),
    ("rumors", "category"): CATEGORIES,
    ("assets", "slot"): SLOTS,
    ("trades", "category"): CATEGORIES,
}

# Ids of other rows; an empty one names nothing.
NAMES: Final[Mapping[tuple[str, str], str]] = {
    ("places", "careers"): "careers",
    ("careers", "place"): "places",
    ("tasks", "career"): "careers",
    ("tasks", "place"): "places",
    ("tasks", "item"): "items",
}

# What the words of a rumor are about; all of it stands in every wording.
BLANKS: Final[Mapping[str, tuple[str, ...]]] = {
    "appearance": ("{asset}", "{place}"),
    "whereabouts": ("{person}", "{place}"),
    "task": ("{person}", "{place}"),
    "role": ("{persons}", "{role}"),
}

# What names a task's goal, by kind.
GOALS: Final[Mapping[str, str]] = {"visit": "place", "use": "item"}

Known: TypeAlias = Mapping[str, Mapping[str, "Row"]]
Said: TypeAlias = Iterator[str]


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


def key_of(table: str) -> str:
    """Name the field by which the rows of a table are told apart."""
    return "category" if table == "trades" else "id"


def label_of(table: str, key: str) -> str:
    """Name a row to its author."""
    return f"{table} {key!r}"


def rows_of(catalogue: Catalogue) -> tuple[Row, ...]:
    """List all rows of a catalogue as plain values."""
    rows = [
        (table, attrs.asdict(record, recurse=False))
        for table in RECORDS
        for record in getattr(catalogue, table)
    ]
    return tuple(Row(table, label_of(table, row[key_of(table)]), row) for table, row in rows)


def lint(catalogue: Catalogue) -> list[str]:
    """List what is wrong with a catalogue, a line each that names table, row and fix."""
    return faults(rows_of(catalogue))


def faults(rows: tuple[Row, ...]) -> list[str]:
    """List what is wrong with rows that make up a whole catalogue, a line each."""
    known: dict[str, dict[str, Row]] = {table: {} for table in RECORDS}
    for row in rows:
        if row.key is not None:
            known[row.table].setdefault(row.key, row)
    said = [f"{row.label}: {fault}" for row in rows for fault in _row(row, known)]
    return [*_twice(rows), *said, *_whole(rows)]


def _row(row: Row, known: Known) -> Said:
    """Ask everything that can be asked of one row."""
    for field, value in row.values.items():
        column = row.table, field
        if field == "id":
            yield from _id(value)
        if field in ("title", "text"):
            yield from _text(field, value, TITLE_LENGTH if field == "title" else TEXT_LENGTH)
        if column in NUMBERS:
            yield from _number(field, value, *NUMBERS[column])
        if column in WORDS:
            yield from _words(field, value, WORDS[column])
        if column in NAMES:
            yield from _names(field, value, NAMES[column], known)
    yield from _braces(row)
    if row.table in PECULIAR:
        yield from PECULIAR[row.table](row.values, known)


def _id(value: str) -> Said:
    if not ID.fullmatch(value):
        yield "id must be 1 to 32 of the characters a to z, 0 to 9 and _"


def _text(field: str, value: str, most: int) -> Said:
    if not 1 <= len(value) <= most:
        yield f"{field} has {len(value)} characters, but must have 1 to {most}"
    if not value.isprintable():
        yield f"{field} must be a single line without control characters"


def _number(field: str, value: int, low: int, high: int) -> Said:
    if not low <= value <= high:
        yield f"{field} is {value}, but must be from {low} to {high}"


def _words(field: str, value: str | tuple[str, ...], known: tuple[str, ...]) -> Said:
    for word in _each(value):
        if word not in known:
            yield f"{field} {word!r} is unknown: it must be one of {', '.join(known)}"


def _names(field: str, value: str | tuple[str, ...], table: str, known: Known) -> Said:
    for name in filter(None, _each(value)):
        if name not in known[table]:
            near = get_close_matches(name, known[table], n=1)
            hint = f"did you mean {near[0]}?" if near else f"add it to {table}, or name another"
            yield f"{field} {name!r} does not exist: {hint}"


def _each(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _braces(row: Row) -> Said:
    """Find blanks that nothing fills in, and rumors that leave out what they are about."""
    blanks, wordings = _blanks(row), _wordings(row)
    if blanks is None:
        return
    lawful = " ".join(blanks) or "no braces"
    for field, text in wordings:
        for brace in BRACES.findall(text):
            if brace not in blanks:
                yield f"{field} has {brace!r}, but there may stand {lawful}"
        if row.table == "rumors":
            yield from (f"{field} must say {blank}" for blank in blanks if blank not in text)


def _blanks(row: Row) -> tuple[str, ...] | None:
    """List the blanks that are filled in for a row; None if that cannot be told."""
    values = row.values
    if row.table == "rumors":
        return BLANKS.get(values.get("category", ""))
    if row.table == "tasks":
        filled = {"place": values.get("place", "?"), "item": values.get("item", "?")}
        filled["person"] = "?" if values.get("kind", "meet") == "meet" else ""
        return tuple(f"{{{name}}}" for name, value in filled.items() if value)
    return ()


def _wordings(row: Row) -> list[tuple[str, str]]:
    """List all texts of a row with the names of their fields."""
    plain = [(field, row.values[field]) for field in ("title", "text") if field in row.values]
    return plain + [(f"the voice of {role!r}", said) for role, said in row.values.get("voices", ())]


def _place(values: Mapping[str, Any], known: Known) -> Said:
    opens, closes = values.get("opens_ms", 0), values.get("closes_ms", 0)
    if closes and opens >= closes:
        yield f"it never opens: closes_ms {closes} must be later than opens_ms {opens}"
    if opens and "closes_ms" in values and not closes:
        yield "opens_ms is nothing without closes_ms: say when it closes"
    limits = ("capacity", "closes_ms", "careers")
    if values.get("id") == SQUARE and any(values.get(limit) for limit in limits):
        yield f"everybody gathers here: leave out {', '.join(limits)}"


def _item(values: Mapping[str, Any], known: Known) -> Said:
    if values.get("effect") in ("ward", "vest") and values.get("methods") == ():
        yield f"it stops nothing: list its methods, some of {', '.join(METHODS)}"


def _task(values: Mapping[str, Any], known: Known) -> Said:
    kind = values.get("kind")
    goal = GOALS.get(kind or "", "")
    if values.get(goal) == "":
        yield f"a {kind} task needs {goal}"
    if kind in ("visit", "meet") and values.get("item"):
        yield f"a {kind} task uses nothing: leave item out, or make its kind 'use'"
    if kind == "meet" and values.get("place") == SQUARE:
        yield f"everybody meets on the {SQUARE}: name another place, or none"
    yield from _welcome(values, known)
    for role, said in values.get("voices", ()):
        if find_role(role) is None:
            near = get_close_matches(role, ROLES, n=1)
            hint = f"did you mean {near[0]}?" if near else "see `mafia-district roles`"
            yield f"the voice of {role!r} is no role's: {hint}"
        yield from _text(f"the voice of {role!r}", said, TEXT_LENGTH)


def _welcome(values: Mapping[str, Any], known: Known) -> Said:
    """Find tasks at a place that does not let in who is to do them."""
    place, career = known["places"].get(values.get("place", "")), values.get("career")
    allowed = place.values.get("careers") if place else ()
    if allowed and career is not None and career not in allowed:
        who = f"the career {career!r}" if career else "everybody"
        yield f"its place {values['place']!r} is not open to {who}: choose another"


PECULIAR: Final = {"places": _place, "items": _item, "tasks": _task}


def _twice(rows: tuple[Row, ...]) -> Said:
    """Find rows of one table that cannot be told apart."""
    keys = Counter((row.table, row.key) for row in rows if row.key is not None)
    for (table, key), count in keys.items():
        if count > 1:
            own = key_of(table)
            yield f"{label_of(table, key)}: is there {count} times: give each its own {own}"


def _whole(rows: tuple[Row, ...]) -> Said:
    """Ask what a town cannot do without."""
    careers = [row.key for row in rows if row.table == "careers"]
    for place in _lacking(rows, "places", "id", OBLIGATORY):
        yield f"places: {place!r} is missing: every town needs it"
    if not careers:
        yield "careers: there is none: add one"
    for career in _lacking(rows, "tasks", "career", ("", *filter(None, careers))):
        whose = f"the career {career!r}" if career else "the pool (without a career)"
        yield f"tasks: {whose} has none: add one"
    for table in ("rumors", "trades"):
        for category in _lacking(rows, table, "category", CATEGORIES):
            yield f"{table}: the category {category!r} has none: add one"
    plain = tuple(row for row in rows if row.table == "assets" and not row.values.get("rank"))
    for slot in _lacking(plain, "assets", "slot", SLOTS):
        yield f"assets: the slot {slot!r} has none of rank 0: add one"


def _lacking(rows: tuple[Row, ...], table: str, field: str, needed: tuple[str, ...]) -> list[str]:
    """List what no row of a table has; nothing while one of them cannot be read."""
    found = [row.values.get(field) for row in rows if row.table == table]
    return [] if None in found else [name for name in needed if name not in found]
