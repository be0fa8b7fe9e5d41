"""`mafia-district simulate`: many whole games through the real engine, and who won them."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Literal

import attrs
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn
from rich.table import Table

from mafia_district.lab.simulate import Report
from mafia_district.lab.simulate import simulate as play_games
from mafia_district.machine import Code, Refused
from mafia_district.rules import Rules
from mafia_district_cli.errors import CommandError, UsageError, wrong_usage
from mafia_district_cli.output import print_json, print_table, progress_console, remark, table_of
from mafia_district_cli.rule_options import (
    ROLES_HELP,
    SEATS,
    SEATS_SHOWN,
    SET_HELP,
    CatalogueFile,
    HouseName,
    SetupName,
    chosen_rules,
    kind_option,
)

app = typer.Typer(add_completion=False)

SMALL = "classic"  # the kind of game that the fewest can play


@app.command()
def simulate(
    setup: SetupName = None,
    roles: Annotated[str, typer.Option(help=ROLES_HELP)] = "",
    players: Annotated[
        int | None,
        typer.Option(
            min=1, help="How many play, where no roles are named.", show_default=SEATS_SHOWN
        ),
    ] = None,
    rules: Annotated[str | None, kind_option("district, or the setup's own")] = None,
    house: HouseName = "mafiascum",
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help=SET_HELP)
    ] = None,
    first_phase: Annotated[
        Literal["day", "night"] | None, typer.Option(help="What the game begins with.")
    ] = None,
    catalogue: CatalogueFile = None,
    games: Annotated[int, typer.Option(min=1, help="How many games to play.")] = 1_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same result.")] = 0,
    bots: Annotated[str, typer.Option(help="The built-in player in all seats.")] = "random",
    workers: Annotated[
        int | None, typer.Option(min=1, help="How many processes; all processors if absent.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Play whole games and print who won, with intervals, lengths and speed."""
    chosen = chosen_rules(
        rules or ("" if setup else "district"),
        setup=setup or "",
        roles=roles,
        first_phase=first_phase or "",
        settings=settings or (),
        house=house,
        catalogue=catalogue,
    )
    seats = _seats(chosen, players)
    with wrong_usage(), _refusals(chosen, seats), _progress(games) as progress:
        report = play_games(
            chosen,
            seats=seats,
            games=games,
            seed=seed,
            bots=bots,
            workers=workers or os.cpu_count() or 1,
            progress=progress,
        )
    if as_json:
        print_json(attrs.asdict(report))
    else:
        print_table(_rates(report))
        print(_summary(report))
    if not report.commands and not report.mean_days:
        remark("every game was over before it began: the roles decide it as they are dealt")


def _seats(rules: Rules, players: int | None) -> int:
    """Find how many play: as many as the roles are, where the rules name them."""
    named = rules.named_setup
    if named is None:
        return players or SEATS[rules.name]
    if players not in (None, named.seats):
        said = f"the roles are for {named.seats}, and not for {players}: leave --players out"
        raise UsageError(f"{said}, or give --roles for {players}" if rules.setup_name else said)
    return named.seats


@contextmanager
def _refusals(rules: Rules, seats: int) -> Iterator[None]:
    """Turn a refusal of the table into a failure of the command, which names the fix."""
    try:
        yield
    except Refused as refused:
        few = refused.code is Code.TOO_FEW_PLAYERS
        fix = f": {' or '.join(_for_few(rules, seats))}" if few else ""
        raise CommandError(refused.detail + fix) from refused


def _for_few(rules: Rules, seats: int) -> Iterator[str]:
    """List the options by which so few may play after all, or else how many it takes."""
    if not rules.setup_name and rules.min_seats > seats >= Rules.preset(SMALL).min_seats:
        yield f"--rules {SMALL}"
    try:
        rules.replace(min_seats=seats).setup(seats)
        yield f"--set min_seats={seats}"
    except ValueError:
        yield f"--players {rules.min_seats}"


@contextmanager
def _progress(games: int) -> Iterator[Callable[[int], None]]:
    """Draw a progress bar on a terminal, and nothing elsewhere.

    It draws only when told, without a thread: the workers are forked while it is on the screen.
    """
    console = progress_console()
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(
        *columns,
        console=console,
        auto_refresh=False,
        transient=True,
        disable=not console.is_terminal,
    ) as bar:
        task = bar.add_task("games", total=games)

        def finished(count: int) -> None:
            bar.update(task, completed=count, refresh=True)

        yield finished


def _rates(report: Report) -> Table:
    """Lay out who won how often."""
    rows = [
        (side, f"{report.wins[side]:,}", f"{rate.p:.2%}", f"{rate.low:.2%} to {rate.high:.2%}")
        for side, rate in report.rates.items()
    ]
    return table_of(("winner", "games", "share", "95 % interval"), rows, title=report.setup)


def _summary(report: Report) -> str:
    """Say how long the games were and how fast they were played."""
    return (
        f"{report.games:,} games of {report.mean_days:.2f} days on average, seed {report.seed}, "
        f"in {report.wall_seconds:.1f} s. Per second of CPU: {report.games_per_second:,.0f} games, "
        f"{report.commands_per_second:,.0f} commands."
    )
