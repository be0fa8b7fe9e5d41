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
from typing import Any, Final, get_args

from mafia_district.catalogue import lint_roles
from mafia_district.catalogue.records import (
    BUREAU,
    EFFECTS,
    METHODS,
    SHOP,
    SLOTS,
    SQUARE,
    Catalogue,
    Category,
    TaskKind,
)
from mafia_district.catalogue.rows import (
    RECORDS,
    Fault,
    Known,
    Row,
    Said,
    key_of,
    label_of,
    rows_of,
)
from mafia_district.ids import MAX_SEATS
from mafia_district.roles import ANY, TRAITS, Alignment, Nights, Reach, Role, book_of

OBLIGATORY: Final = (SQUARE, SHOP, BUREAU)
CATEGORIES: Final[tuple[str, ...]] = get_args(Category)

LONGEST_DAY: Final = 86_400_000
DEAREST: Final = 10_000
TITLE_LENGTH: Final = 40
TEXT_LENGTH: Final = 200
DETAIL_LENGTH: Final = 600
MOST_VOTES: Final = 9
MOST_SHOTS: Final = 99
ID: Final = re.compile(r"[a-z0-9_]{1,32}")
ROLE_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
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
    ("roles", "vests"): (0, ANY),
    ("roles", "votes"): (1, MOST_VOTES),
    ("roles", "votes_revealed"): (1, MOST_VOTES),
    ("abilities", "shots"): (0, MOST_SHOTS),
}

# Words that the code knows; a list is one of words.
WORDS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("items", "effect"): EFFECTS,
    ("items", "methods"): METHODS,
    ("tasks", "kind"): get_args(TaskKind),
    ("rumors", "category"): CATEGORIES,
    ("assets", "slot"): SLOTS,
    ("trades", "category"): CATEGORIES,
    ("roles", "alignment"): get_args(Alignment),
    ("roles", "method"): METHODS,
    ("roles", "traits"): tuple(TRAITS),
    ("abilities", "verb"): lint_roles.ABLE,
    ("abilities", "nights"): get_args(Nights),
    ("abilities", "reach"): get_args(Reach),
}

# Lengths of texts, least and most; what may be empty need not be given.
LENGTHS: Final[Mapping[tuple[str, str], tuple[int, int]]] = {
    **{(table, "title"): (1, TITLE_LENGTH) for table in ("places", "careers", "items", "assets")},
    **{
        (table, "text"): (1, TEXT_LENGTH)
        for table in ("places", "careers", "items", "tasks", "rumors")
    },
    ("roles", "title"): (0, TITLE_LENGTH),
    ("roles", "summary"): (1, TEXT_LENGTH),
    ("roles", "source"): (0, TEXT_LENGTH),
    ("roles", "variants"): (0, TEXT_LENGTH),
    ("roles", "detail"): (0, DETAIL_LENGTH),
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


def lint(catalogue: Catalogue) -> list[str]:
    """List what is wrong with a catalogue, a line each that names table, row and fix."""
    return faults(rows_of(catalogue))


def faults(rows: tuple[Row, ...]) -> list[str]:
    """List what is wrong with rows that make up a whole catalogue, a line each."""
    return [line for _, line in labelled(rows)]


def labelled(rows: tuple[Row, ...]) -> list[Fault]:
    """List it with the label of the row, or else the table, that each line is about."""
    known: dict[str, dict[str, Row]] = {table: {} for table in RECORDS}
    for row in rows:
        if row.key is not None:
            known[row.table].setdefault(row.key, row)
    said = [
        (row.label, f"{part.label}: {fault}")
        for row in rows
        for part in (row, *row.parts())
        for fault in _row(part, known)
    ]
    missing = [(line.partition(":")[0], line) for line in _whole(rows)]
    return [*_twice(rows), *said, *missing]


def _row(row: Row, known: Known) -> Said:
    """Ask everything that can be asked of one row."""
    for field, value in row.values.items():
        column = row.table, field
        if field == "id":
            yield from _id(value)
        if column in LENGTHS:
            yield from _text(field, value, *LENGTHS[column])
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


def _text(field: str, value: str, least: int, most: int) -> Said:
    if not least <= len(value) <= most:
        yield f"{field} has {len(value)} characters, but must have {least} to {most}"
    if not value.isprintable():
        yield f"{field} must be a single line without control characters"


def _number(field: str, value: int, low: int, high: int) -> Said:
    if not low <= value <= high:
        yield f"{field} is {value}, but must be from {low} to {high}"


def _words(field: str, value: str | tuple[str, ...], known: tuple[str, ...]) -> Said:
    for word in _each(value):
        if word not in known:
            near = get_close_matches(word, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            yield f"{field} {word!r} is unknown: it must be one of {', '.join(known)}{hint}"


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
    book = book_of(tuple(Role(name, "town", "") for name in known["roles"]))
    for role, said in values.get("voices", ()):
        if book.find(role) is None:
            near = get_close_matches(role, book.roles, n=1)
            hint = f"did you mean {near[0]}?" if near else "see `mafia-district roles`"
            yield f"the voice of {role!r} is no role's: {hint}"
        yield from _text(f"the voice of {role!r}", said, 1, TEXT_LENGTH)


def _welcome(values: Mapping[str, Any], known: Known) -> Said:
    """Find tasks at a place that does not let in who is to do them."""
    place, career = known["places"].get(values.get("place", "")), values.get("career")
    allowed = place.values.get("careers") if place else ()
    if allowed and career is not None and career not in allowed:
        who = f"the career {career!r}" if career else "everybody"
        yield f"its place {values['place']!r} is not open to {who}: choose another"


def _role(values: Mapping[str, Any], known: Known) -> Said:
    """Ask for a name that stands for nothing else, and what makes a role one that can be played."""
    name = values.get("name", "x")
    if not ROLE_NAME.fullmatch(name):
        yield "name must be 1 to 32 of the characters a to z, 0 to 9 and _, a letter first"
    elif name in get_args(Alignment):
        yield f"name {name!r} is a side: choose another"
    for field in ("faction", "wins"):
        if (word := values.get(field)) and not ROLE_NAME.fullmatch(word):
            yield f"{field} {word!r} must be written as a name is"
    yield from lint_roles.role(values, known)


PECULIAR: Final = {
    "places": _place,
    "items": _item,
    "tasks": _task,
    "roles": _role,
    "abilities": lint_roles.ability,
}


def _twice(rows: tuple[Row, ...]) -> Iterator[Fault]:
    """Find rows of one table that cannot be told apart."""
    keys = Counter((row.table, row.key) for row in rows if row.key is not None)
    for (table, key), count in keys.items():
        if count > 1:
            label, own = label_of(table, key), key_of(table)
            yield label, f"{label}: is there {count} times: give each its own {own}"


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
