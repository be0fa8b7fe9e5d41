"""`mafia-district items`: the goods of a town, with what they cost and what they do."""

from typing import Annotated

import attrs
import typer
from rich.table import Table

from mafia_district.catalogue import Item
from mafia_district_cli.output import print_json, print_table, table_of
from mafia_district_cli.rule_options import CatalogueFile, catalogue_of

app = typer.Typer(add_completion=False)


@app.command()
def items(
    catalogue: CatalogueFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Print the goods that the Shop sells."""
    goods = catalogue_of(catalogue).items
    if as_json:
        print_json({item.id: attrs.asdict(item) for item in goods})
    else:
        print_table(_listed(goods))


def _listed(goods: tuple[Item, ...]) -> Table:
    rows = [(item.id, item.title, str(item.price), _kind(item), item.text) for item in goods]
    return table_of(("item", "title", "price", "kind", "what it does"), rows)


def _kind(item: Item) -> str:
    """Say which stock an item is part of."""
    return "special" if item.special else "ward" if item.ward else "common"
