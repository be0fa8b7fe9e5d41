"""`mafia-district check-roles`: what is wrong with a catalogue file, and what to know about it.

All faults are told at once. An order that the golden rule cannot tell is no fault, so it is only a
warning: the night settles it, and the line says how.
"""

from pathlib import Path
from typing import Annotated, Final

import typer

from mafia_district.catalogue.files import BadCatalogue, Findings, check
from mafia_district_cli.errors import UsageError
from mafia_district_cli.output import print_json
from mafia_district_cli.town_story import printable

app = typer.Typer(add_completion=False)

FAILED: Final = 1


@app.command("check-roles")
def check_roles(
    file: Annotated[
        Path, typer.Argument(help="A catalogue as TOML; docs/roles-of-your-own.md has the format.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Check the roles and all else of a catalogue file.

    Exits with 1 if anything is wrong with it, and with 2 where it cannot be read at all.
    """
    try:
        found = check(str(file))
    except BadCatalogue as bad:
        if as_json:
            print_json({"file": str(file), "errors": bad.problems, "warnings": []})
        raise UsageError(str(bad)) from None
    if as_json:
        print_json({"file": str(file), "errors": found.errors, "warnings": found.warnings})
    else:
        print("\n".join(map(printable, _told(file, found))))
    if found.errors:
        raise typer.Exit(FAILED)


def _told(file: Path, found: Findings) -> list[str]:
    """List the findings below a line that counts them."""
    return [
        f"{file}: {_count(found.errors, 'error')}, {_count(found.warnings, 'warning')}",
        *(f"  error: {line}" for line in found.errors),
        *(f"  warning: {line}" for line in found.warnings),
    ]


def _count(lines: tuple[str, ...], what: str) -> str:
    return f"{len(lines) or 'no'} {what}{'s' * (len(lines) != 1)}"
