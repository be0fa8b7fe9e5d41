"""`mafia-district demo`: a whole game by bots over real HTTP and WebSocket, to watch.

A server on a free port, a client for every seat, one of them by HTTP alone, a spectator, and a
gallery of visitors who look in now and then: what is shown is what any spectator of that game may
see. With `--keeper` it is all that happens, read from the server that the demo runs itself. The
database goes when the game is over.
"""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Literal, TypeAlias

import attrs
import typer
from rich.live import Live

from mafia_district.bots import make
from mafia_district.chance import Dice
from mafia_district.ids import KEEPER, MAX_SEATS
from mafia_district.machine import Event
from mafia_district.outcome import Outcome
from mafia_district.phases import ENDED
from mafia_district.rules import Rules
from mafia_district.view import View
from mafia_district_cli.errors import CommandError, UsageError
from mafia_district_cli.output import print_json, progress_console
from mafia_district_cli.processes import GATEWAY, split
from mafia_district_cli.rule_options import SEATS, SEATS_SHOWN, CatalogueFile, Preset
from mafia_district_cli.screen import Screen, verdict
from mafia_district_cli.serve import load_settings
from mafia_district_servers.bootstrap import running
from mafia_district_servers.client import Client, ServerRefused, StreamEnded, Unreachable
from mafia_district_servers.games.authority import Authority
from mafia_district_servers.listening import StartRefused
from mafia_district_servers.ports import Cache, CacheStats

NAMES = (
    "Ada", "Boole", "Curie", "Darwin", "Euler", "Fermat", "Gauss", "Hopper", "Ising", "Joule",
    "Kepler", "Laplace", "Meitner", "Noether", "Ohm", "Pascal", "Quine", "Riemann", "Somerville",
    "Turing", "Ulam", "Volta", "Watt", "Xenakis", "Yalow", "Zeno", "Abel", "Bohr", "Cantor",
    "Dirac",
)  # fmt: skip

# From and to how many seconds a bot waits before it does something.
PACES = {"fast": (0.0, 0.05), "normal": (0.3, 1.5), "slow": (1.0, 5.0)}
LOOKS = {"fast": 0.1, "normal": 0.2, "slow": 0.5}  # seconds between two looks by HTTP
POLLER = 2  # the seat that plays by HTTP alone
GALLERY = 12  # visitors
COUNTDOWN_MS = {"fast": 500, "normal": 3_000, "slow": 5_000}
SHOP_OPENS_MS = {"fast": 0, "normal": 5_000, "slow": 15_000}

FAILURES = (StartRefused, ServerRefused, StreamEnded, Unreachable)
TERMINATED = 128 + signal.SIGTERM

Story: TypeAlias = AsyncIterator[tuple[Event, View]]


@attrs.frozen
class Demo:
    """What is to be shown: a kind of game, for how many, how fast, with which deal, and to whom."""

    rules: str
    players: int
    speed: str
    seed: int | None
    catalogue: Path | None
    keeper: bool
    split: bool

    @property
    def settings(self) -> dict[str, int]:
        """The rules that make it go at this speed."""
        return {
            "countdown_ms": COUNTDOWN_MS[self.speed],
            "shop_opens_ms": SHOP_OPENS_MS[self.speed],
        }


@attrs.frozen
class Stage:
    """A server to play on; its games and its cache are at hand only in this process."""

    url: str
    games: Authority | None = None
    cache: Cache | None = None


app = typer.Typer(add_completion=False)


@app.command()
def demo(
    players: Annotated[
        int | None,
        typer.Option(min=3, max=MAX_SEATS, help="How many play.", show_default=SEATS_SHOWN),
    ] = None,
    rules: Preset = "district",
    catalogue: CatalogueFile = None,
    speed: Annotated[
        Literal["fast", "normal", "slow"], typer.Option(help="How long the bots think.")
    ] = "normal",
    seed: Annotated[
        int | None, typer.Option(help="Choose the deal; how the bots race stays open.")
    ] = None,
    keeper: Annotated[
        bool, typer.Option("--keeper", help="Show everything: roles, places, bags, whispers.")
    ] = False,
    split: Annotated[
        bool, typer.Option("--split", help="Run each of the services in a process of its own.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the verdict as one JSON document.")
    ] = False,
) -> None:
    """Play a whole game by bots on a server of its own, shown live; prints the verdict.

    The story goes to stderr: on a terminal as a live picture with its last
    lines below it, elsewhere line by line. Only the verdict goes to stdout.
    """
    started = time.perf_counter()
    demo = Demo(rules, players or SEATS[rules], speed, seed, catalogue, keeper, split)
    _require_enough(demo)
    try:
        view, stats = asyncio.run(_host(demo))
    except asyncio.CancelledError:
        raise typer.Exit(TERMINATED) from None
    except (*FAILURES, ExceptionGroup) as failure:
        raise CommandError(str(_first(failure))) from None
    outcome = _outcome(view)
    if as_json:
        print_json({
            "winners": outcome.winners,
            "seats": outcome.seats,
            "reason": outcome.reason,
            "days": view.day,
            "wall_seconds": time.perf_counter() - started,
            "cache": None if stats is None else {"hits": stats.hits, "misses": stats.misses},
        })  # fmt: skip
    else:
        print(verdict(view))


def _require_enough(demo: Demo) -> None:
    fewest = Rules.preset(demo.rules).min_seats
    if demo.keeper and demo.split:
        raise UsageError("the keeper looks into the server's own process: leave --split out")
    if demo.players < fewest:
        raise UsageError(f"a {demo.rules} game takes {fewest} players at least: --players {fewest}")


def _first(failure: Exception) -> Exception:
    """Give what went wrong first, of all that did; a fault of ours stays as it is."""
    while isinstance(failure, ExceptionGroup):
        failure = failure.exceptions[0]
    if not isinstance(failure, FAILURES):
        raise failure
    return failure


def _outcome(view: View) -> Outcome:
    if view.outcome is None:
        raise CommandError("the lobby closed before a game began")
    return view.outcome


async def _host(demo: Demo) -> tuple[View, CacheStats | None]:
    """Play on a server of the demo's own; gives the end, and how its cache did."""
    watched = asyncio.current_task()
    assert watched is not None, "a coroutine runs in a task"
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, watched.cancel)
    with TemporaryDirectory(prefix="mafia-district-") as home:
        serving = _in_processes if demo.split else _in_this_process
        async with serving(Path(home), demo) as stage:
            view = await _play(stage, demo)
            return view, None if stage.cache is None else await stage.cache.stats()


@asynccontextmanager
async def _in_this_process(home: Path, demo: Demo) -> AsyncIterator[Stage]:
    """Run a server here: of its own making all through, whatever variables are for a real one."""
    flags = {
        "database_url": f"sqlite:///{home / 'demo.db'}",
        "port": "0",
        "log_level": "error",
        "catalogue": str(demo.catalogue) if demo.catalogue else None,
    }
    async with running(load_settings(flags, {}), chosen_seed=demo.seed) as server:
        yield Stage(server.url, server.games, server.cache)


@asynccontextmanager
async def _in_processes(home: Path, demo: Demo) -> AsyncIterator[Stage]:
    """Run a server of many processes."""
    options = [] if demo.seed is None else ["--seed", str(demo.seed)]
    if demo.catalogue:
        options += ["--catalogue", str(demo.catalogue.absolute())]
    async with split(home, tuple(options)) as processes:
        yield Stage(processes.urls[GATEWAY])


async def _play(stage: Stage, demo: Demo) -> View:
    """Seat everybody, start, and watch until the game is over; gives what was seen at the end."""
    async with AsyncExitStack() as stack:
        seated = [
            await stack.enter_async_context(_client(stage.url, place, demo))
            for place in range(demo.players)
        ]
        watcher = await stack.enter_async_context(Client(stage.url, name="Spectator"))
        host = seated[0]
        game, code = await host.open(name="Demo", rules=demo.rules, settings=demo.settings)
        watcher.watch(game, code)
        for client in seated:
            await client.join(game, code)
        for client in seated[1:]:
            await client.post("ready", ready=True)
        if demo.keeper and stage.games is not None:
            story = _told_to_the_keeper(stage.games, game)
        else:
            story = _told_to_all(watcher)
        async with asyncio.TaskGroup() as playing:
            for client in seated:
                playing.create_task(client.play())
            await host.post("start")
            looking = playing.create_task(_look_in(watcher, LOOKS[demo.speed]))
            view = await _show(story)
            looking.cancel()
            return view


async def _look_in(spectator: Client, pause: float) -> None:
    """Let the gallery look at the game together, as pages that refresh themselves do."""
    while True:
        await asyncio.gather(*(spectator.get("view?as=spectator") for _ in range(GALLERY)))
        await asyncio.sleep(pause)


async def _told_to_all(watcher: Client) -> Story:
    """Give what a spectator is told over the network."""
    async for event in watcher.events():
        yield event, watcher.view


async def _told_to_the_keeper(games: Authority, game: str) -> Story:
    """Give all that happens, as the server records it."""
    shown = 0
    async with games.feed.subscribe(game) as changes:
        while True:
            now = (await games.read(game)).game
            for sight in now.entries(KEEPER, shown):
                yield sight.event, now.view(KEEPER)
            shown = now.version
            if now.phase is ENDED:
                return
            await anext(changes)


def _client(url: str, place: int, demo: Demo) -> Client:
    drawn = f"demo {time.time_ns() if demo.seed is None else demo.seed} {place}"
    key = sha256(drawn.encode()).digest()
    salt = sha256(key).digest()
    player = make("sensible", Dice(key))
    polls = LOOKS[demo.speed] if place == POLLER else None
    return Client(url, player, name=NAMES[place], pace=PACES[demo.speed], salt=salt, polls=polls)


async def _show(story: Story) -> View:
    """Show the game as it goes on, and give what was seen at its end."""
    with _screen() as screen:
        async for event, view in story:
            screen.show(event, view)
        return view


@contextmanager
def _screen() -> Iterator[Screen]:
    """Draw a live table on a terminal; elsewhere tell the story line by line on stderr.

    The frame cuts long lines off, so the last ones are told again below it, in full.
    """
    console = progress_console()

    def say(line: str) -> None:
        console.print(line, markup=False, highlight=False, soft_wrap=True)

    if not console.is_terminal:
        yield Screen(say)
        return
    screen = Screen(lambda line: None)
    with Live(console=console, get_renderable=lambda: screen.render(console.size.height)):
        yield screen
    for line in screen.last:
        say(line)
