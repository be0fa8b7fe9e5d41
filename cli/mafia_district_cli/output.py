"""Where output goes: data to stdout, everything else to stderr.

A program that reads a command's `--json` must find one JSON document on stdout and nothing else;
a person reads tables there. Progress and remarks go to stderr, so that a pipe stays clean.
"""

import json
import sys
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

PIPE_WIDTH = 360
"""Columns of a table that no terminal shows: enough that nothing is folded or cut."""


def print_json(document: Any) -> None:
    """Print one JSON document on stdout; characters beyond ASCII are escaped for any locale."""
    print(json.dumps(document, allow_nan=False))


def table_of(columns: Iterable[str], rows: Iterable[Iterable[str]], title: str = "") -> Table:
    """Lay rows out as a table; what stands in them is text, and steers nothing."""
    table = Table(title=Text(title) if title else None)
    for column in columns:
        table.add_column(Text(column))
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def print_table(table: Table) -> None:
    """Print a table on stdout, fitted to the terminal if there is one."""
    Console(width=None if sys.stdout.isatty() else PIPE_WIDTH).print(table)


def print_text(text: str) -> None:
    """Print a paragraph on stdout, folded at words to fit the terminal if there is one."""
    if sys.stdout.isatty():
        Console(highlight=False).print(Text(text))
    else:
        print(text)


def progress_console() -> Console:
    """Return the console on stderr that progress bars and live views draw on."""
    return Console(stderr=True)


def complain(message: str) -> None:
    """Print what failed on stderr, in one line, or with one more for each of several faults."""
    first, *more = (" ".join(line.split()) for line in message.splitlines() or [""])
    print("\n  ".join([f"mafia-district: {first}", *more]), file=sys.stderr)


def remark(message: str) -> None:
    """Print what one should know, in one line on stderr."""
    print(f"mafia-district: {message}", file=sys.stderr)
