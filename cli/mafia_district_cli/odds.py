"""`mafia-district odds`: exact win probabilities under random lynching."""

from fractions import Fraction
from typing import Annotated, Any

import typer
from rich.table import Table

from mafia_district.lab.odds import CONVENTIONS, End, FirstPhase
from mafia_district.lab.odds import odds as exact_odds
from mafia_district.lab.odds import table as all_odds
from mafia_district_cli.errors import UsageError, wrong_usage
from mafia_district_cli.output import print_json, print_table, table_of

TABLE_PLAYERS = 20

app = typer.Typer(add_completion=False)


@app.command()
def odds(
    players: Annotated[int | None, typer.Argument(help="How many play.")] = None,
    mafia: Annotated[int | None, typer.Argument(help="How many of them are mafia.")] = None,
    first_phase: Annotated[FirstPhase, typer.Option(help="What the game begins with.")] = "day",
    end: Annotated[End, typer.Option(help="When the mafia has won.")] = "parity",
    no_lynch_on_even: Annotated[
        bool, typer.Option("--no-lynch-on-even", help="No lynch when an even number lives.")
    ] = False,
    nightless: Annotated[bool, typer.Option("--nightless", help="No night kills.")] = False,
    white_flag: Annotated[
        bool, typer.Option("--white-flag", help="The town also wins at one mafioso.")
    ] = False,
    table: Annotated[
        bool, typer.Option("--table", help=f"All conventions up to {TABLE_PLAYERS} players.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Print the exact chance of the mafia when everybody is lynched at random."""
    if table:
        _print_all(as_json)
        return
    if players is None or mafia is None:
        raise UsageError("give PLAYERS and MAFIA, as in `odds 7 2`, or --table")
    with wrong_usage():
        chance = exact_odds(
            players,
            mafia,
            first_phase=first_phase,
            end=end,
            no_lynch_on_even=no_lynch_on_even,
            nightless=nightless,
            white_flag=white_flag,
        )
    if as_json:
        size = {"players": players, "mafia": mafia, "first_phase": first_phase, "end": end}
        print_json(size | _fields(chance))
    else:
        print(f"mafia {_both(chance)}, town {_both(1 - chance)}")


def _print_all(as_json: bool) -> None:
    """Print every convention's odds, as a table or as one JSON document."""
    chances = all_odds(TABLE_PLAYERS)
    if as_json:
        print_json(
            {
                name: {f"{n},{m}": _fields(chance) for (n, m), chance in rows.items()}
                for name, rows in chances.items()
            }
        )
    else:
        print_table(_compare(chances))


def _compare(chances: dict[str, dict[tuple[int, int], Fraction]]) -> Table:
    """Lay the conventions side by side, for every size where not all of them are certain."""
    columns = ("players", "mafia", *(name.replace("_", " ") for name in CONVENTIONS))
    rows = [
        (
            str(players),
            str(mafia),
            *(str(chances[c].get((players, mafia), "-")) for c in CONVENTIONS),
        )
        for players in range(2, TABLE_PLAYERS + 1)
        for mafia in range(1, players // 2 + 1)
    ]
    table = table_of(columns, rows, title="the mafia's chance")
    for column in table.columns:
        column.justify = "right"
    return table


def _fields(chance: Fraction) -> dict[str, Any]:
    """Return a chance as its JSON fields."""
    return {"p_mafia": str(chance), "p_mafia_float": float(chance)}


def _both(chance: Fraction) -> str:
    """Return a chance as a fraction and in per cent."""
    return f"{chance} ({float(chance):.2%})"
