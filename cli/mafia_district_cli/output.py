"""Where output goes: data to stdout, everything else to stderr.

A program that reads a command's `--json` must find one JSON document on stdout and nothing else;
a person reads tables there. Progress and remarks go to stderr, so that a pipe stays clean.
"""

import json
import sys
from typing import Any

from rich.console import Console
from rich.table import Table

PIPE_WIDTH = 250
"""Columns of a table that no terminal shows: enough that nothing is folded or cut."""


def print_json(document: Any) -> None:
    """Print one JSON document on stdout; characters beyond ASCII are escaped for any locale."""
    print(json.dumps(document, allow_nan=False))


def print_table(table: Table) -> None:
    """Print a table on stdout, fitted to the terminal if there is one."""
    Console(width=None if sys.stdout.isatty() else PIPE_WIDTH).print(table)


def progress_console() -> Console:
    """Return the console on stderr that progress bars and live views draw on."""
    return Console(stderr=True)


def complain(message: str) -> None:
    """Print what failed on stderr, in one line, or with one more for each of several faults."""
    first, *more = (" ".join(line.split()) for line in message.splitlines() or [""])
    print("\n  ".join([f"mafia-district: {first}", *more]), file=sys.stderr)
