"""`mafia-district replay`: a recorded game, step by step, as anyone may have seen it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import attrs
import typer

from mafia_district import log, wire
from mafia_district.game import Game
from mafia_district.ids import KEEPER, SPECTATOR, Viewer
from mafia_district.state import State
from mafia_district_cli.errors import CommandError, UsageError
from mafia_district_cli.output import print_json
from mafia_district_cli.story import clock, tell

VIEWERS = {"keeper": KEEPER, "spectator": SPECTATOR}

app = typer.Typer(add_completion=False)


@app.command()
def replay(
    path: Annotated[Path, typer.Argument(metavar="LOG", help="The file of the recorded game.")],
    until: Annotated[
        int | None, typer.Option(metavar="VERSION", min=1, help="Stop after this entry.")
    ] = None,
    viewer: Annotated[
        str,
        typer.Option("--as", metavar="SEAT", help="A seat's number, or spectator, or keeper."),
    ] = "keeper",
    verify: Annotated[
        bool, typer.Option("--verify", help="Only check hashes, audiences, state and deal.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Tell a recorded game as a seat, a spectator or the keeper saw it, or verify it."""
    try:
        stored = _read(path)
        if verify:
            _print_checked(stored, log.verify(stored), as_json)
        else:
            with _damage_named(stored):
                _print_story(_follow(stored, until), viewer, as_json)
    except log.Damaged as damaged:
        raise CommandError(f"{path} is damaged at {damaged}") from damaged


def _read(path: Path) -> log.Record:
    """Read a record from a file."""
    try:
        with path.open("rb") as file:
            return log.read(file)
    except OSError as error:
        raise CommandError(f"cannot read {path}: {error.strerror}") from error


def _follow(stored: log.Record, until: int | None) -> Game:
    """Replay a record up to a version."""
    recorded = log.recorded(stored)
    return Game.replay(attrs.evolve(recorded, entries=recorded.entries[:until]))


@contextmanager
def _damage_named(stored: log.Record) -> Iterator[None]:
    """Name the first bad entry where a record cannot be told; a whole record's fault is ours."""
    try:
        yield
    except (CommandError, log.Damaged):
        raise
    except Exception:
        log.verify(stored)
        raise


def _print_checked(stored: log.Record, state: State, as_json: bool) -> None:
    """Print what was verified."""
    last = stored.lines[-1].hash if stored.lines else log.first_hash(stored.header)
    deal_checked = bool(state.outcome.seed)
    if as_json:
        print_json(
            {
                "verified": True,
                "entries": len(stored.lines),
                "hash": last.hex(),
                "deal_verified": deal_checked,
                "winners": state.outcome.winners if state.outcome.over else None,
            }
        )
        return
    deal = "the deal is fair" if deal_checked else "the seed is not shown yet, so not the deal"
    print(f"{len(stored.lines)} entries are whole and in order, {deal}. Last hash: {last.hex()}")


def _print_story(game: Game, viewer: str, as_json: bool) -> None:
    """Print what a viewer has seen, entry by entry."""
    who = _viewer(viewer, game)
    sights = game.entries(who)
    if as_json:
        events = [
            {"cursor": sight.cursor, "at": sight.at, "event": wire.event_plain(sight.event)}
            for sight in sights
        ]
        print_json({"viewer": viewer, "events": events, "view": wire.view_plain(game.view(who))})
        return
    names, town = {seat.seat: seat.name for seat in game.view(who).seats}, game.rules.catalogue
    story = [
        f"{sight.cursor:>5}  {clock(sight.at, sights[0].at)}  {tell(sight.event, names, town)}"
        for sight in sights
    ]
    print("\n".join(story))


def _viewer(text: str, game: Game) -> Viewer:
    """Read --as: a name of a viewer, or a seat that is taken in this game."""
    seats = [seat.seat for seat in game.view(KEEPER).seats]
    if text in VIEWERS:
        return VIEWERS[text]
    if text.isdecimal() and int(text) in seats:
        return int(text)
    raise UsageError(f"--as is a seat from {seats}, or spectator, or keeper, and not {text!r}")
