"""`mafia-district setups`: the published setups that can be named, or one of them in full."""

from typing import Annotated, Any

import attrs
import typer
from rich.table import Table

from mafia_district.night import ambiguous
from mafia_district.roles import role
from mafia_district.setups import PUBLISHED, Published, published, setup_of
from mafia_district_cli.errors import wrong_usage
from mafia_district_cli.output import print_json, print_table, table_of
from mafia_district_cli.rule_options import setup_names

app = typer.Typer(add_completion=False)


@app.command()
def setups(
    name: Annotated[
        str | None, typer.Argument(help="One setup; all if absent.", autocompletion=setup_names)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Print what published setups there are; of one, its roles or its draw, and its rules."""
    with wrong_usage():
        chosen = [published(name)] if name else list(PUBLISHED.values())
    if as_json:
        print_json({row.name: _plain(row) for row in chosen})
    elif name:
        _tell(chosen[0])
    else:
        print_table(_listed(chosen))


def _plain(row: Published) -> dict[str, Any]:
    plain = attrs.asdict(row, recurse=False) | {"rules": dict(row.rules), "seats": _seats(row)}
    table = row.draw.table() if row.draw else ((),)
    head, *rows = table
    return plain | {"draw": [dict(zip(head, cells, strict=True)) for cells in rows]}


def _seats(row: Published) -> int | None:
    setup = setup_of(row.name)
    return setup.seats if setup else None


def _listed(chosen: list[Published]) -> Table:
    rows = [(row.name, row.title, str(_seats(row) or "any"), row.summary) for row in chosen]
    return table_of(("setup", "title", "seats", "what it is"), rows)


def _doubts(row: Published) -> tuple[tuple[str, str], ...]:
    """List the pairs of night actions whose order only the fixed list or the seats can tell."""
    dealt = row.draw.compositions() if row.draw else ()
    names = dict.fromkeys(name for one in dealt for name, _ in one.roles)
    return ambiguous(role(name) for name in names)


def _tell(row: Published) -> None:
    """Print all of one setup."""
    print(row.summary)
    if row.draw:
        head, *rows = row.draw.table()
        print_table(table_of(head, rows, title=row.title))
    else:
        print("Its counts depend on the number of players.")
    for name, value in row.rules.items():
        print(f"rule: {name}={str(value).lower() if isinstance(value, bool) else value}")
    for one, other in _doubts(row):
        print(f"order in doubt where each modifies the other: {one}, {other}")
    if row.free:
        print("size: free, the roles are an example: give others by `simulate --roles`")
    for label, lines in (("unknown", row.unknown), ("plays otherwise", row.departs)):
        for line in lines:
            print(f"{label}: {line}")
    print(f"source: {row.source}")
