"""`mafia-district roles`: every role that can be dealt, or one of them in full."""

from typing import Annotated, Any

import attrs
import typer
from rich.table import Table

from mafia_district.night.sheet import sheet
from mafia_district.roles import ROLES, Role
from mafia_district_cli.errors import wrong_usage
from mafia_district_cli.output import print_json, print_table, print_text, table_of
from mafia_district_cli.rule_options import CatalogueFile, catalogue_of

app = typer.Typer(add_completion=False)


def _complete(incomplete: str) -> list[str]:
    """Offer the roles that begin so."""
    return [name for name in ROLES if name.startswith(incomplete)]


@app.command()
def roles(
    name: Annotated[
        str | None, typer.Argument(help="One role; all if absent.", autocompletion=_complete)
    ] = None,
    catalogue: CatalogueFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Print what roles there are and what they do; of one, all that is to be known of it."""
    book = catalogue_of(catalogue).book
    with wrong_usage():
        chosen = [book.role(name)] if name else list(book.roles.values())
    if as_json:
        print_json({row.name: _plain(row) for row in chosen})
    elif name:
        _tell(chosen[0])
    else:
        print_table(_listed(chosen))


def _plain(row: Role) -> dict[str, Any]:
    fields = attrs.fields(Role)
    plain = attrs.asdict(
        row, filter=attrs.filters.exclude(fields.name, fields.told, fields.limited, fields.wide)
    )
    return plain | {"traits": sorted(row.traits), "description": row.description}


def _tell(row: Role) -> None:
    """Print all of one role."""
    print_text(f"{row.title}. {row.description}")
    print_table(table_of((row.name, ""), sheet(row)))


def _listed(chosen: list[Role]) -> Table:
    rows = [(row.name, row.title, row.alignment, _verbs(row), row.summary) for row in chosen]
    return table_of(("role", "title", "side", "by night", "what it does"), rows)


def _verbs(row: Role) -> str:
    return ", ".join(ability.verb.replace("_", " ") for ability in row.abilities)
