"""The network client: plays as in a simulation, through cuts, restarts and repeats."""

import asyncio
from contextlib import AsyncExitStack
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import attrs
import pytest

from mafia_district import log, wire
from mafia_district.bots import make
from mafia_district.chance import Dice
from mafia_district.game import Game
from mafia_district.ids import SPECTATOR
from mafia_district.lobby import LobbyOpened
from mafia_district.machine import Command
from mafia_district.roster import GameStarted
from mafia_district.view import View
from mafia_district_servers import bootstrap, listening
from mafia_district_servers.adapters.clock import SystemClock
from mafia_district_servers.client import Client, ServerRefused, StreamEnded, Unreachable, stream
from mafia_district_servers.client.guest import Guest
from mafia_district_servers.house import House
from mafia_district_servers.settings import Settings

from ..virtual import in_loop

QUICK = {"countdown_ms": 50}
NINE = ["random"] * 9


@attrs.define
class Running:
    """A server on the system's clock, that can be stopped and started again."""

    home: Path
    port: int = 0
    sockets_per_account: int = 16
    house: House = attrs.field(init=False)
    url: str = attrs.field(init=False)
    stack: AsyncExitStack = attrs.field(init=False)

    async def __aenter__(self) -> "Running":
        """Start."""
        settings = Settings(
            database_url=f"sqlite:///{self.home / 'games.db'}",
            port=self.port,
            bot_pace_ms=0,
            sockets_per_account=self.sockets_per_account,
        )
        self.stack = AsyncExitStack()
        self.house = await bootstrap.build(settings, SystemClock(), self.stack)
        self.url = await listening.listen(self.house, self.stack)
        self.port = int(self.url.rpartition(":")[2])
        return self

    async def __aexit__(self, *error: object) -> None:
        """Stop."""
        await self.stack.aclose()

    async def restart(self) -> None:
        """Stop, and start again on the same port and database."""
        await self.__aexit__()
        await self.__aenter__()

    async def cut_all(self) -> None:
        """Cut every socket, as a broken line does."""
        for connection in list(self.house.sockets._open):
            connection._line.abort()

    async def game(self, game: str) -> Game:
        """Give a game as the server has it."""
        return (await self.house.authority.read(game)).game


async def seat(
    place: Running, stack: AsyncExitStack, *players: str, **lobby: object
) -> list[Client]:
    """Seat clients at a new table and start it; the first hosts."""
    clients = [
        await stack.enter_async_context(
            Client(place.url, make(player, Dice(b"%d" % number)), name=f"P{number}")
        )
        for number, player in enumerate(players)
    ]
    game, code = await clients[0].open(**{"rules": "classic", "settings": QUICK, **lobby})
    for client in clients:
        await client.join(game, code)
    for client in clients[1:]:
        await client.post("ready")
    await clients[0].post("start")
    return clients


async def check(place: Running, clients: list[Client]) -> None:
    """Check that all clients have seen just what their seats may see, and the log is whole."""
    game = await place.game(clients[0].game)
    for client in clients:
        assert wire.view_bytes(client.view) == wire.view_bytes(game.view(client.seat))
        assert wire.choices_bytes(client.view.choices) == wire.choices_bytes(
            game.choices(client.seat)
        )
    file = BytesIO()
    log.write(await place.house.authority.log(clients[0].game), file)
    file.seek(0)
    log.verify(log.read(file))
    ids = [entry.command_id for entry in game.log if entry.command_id]
    assert len(ids) - len(set(ids)) == sum(
        1
        for before, after in zip(game.log, game.log[1:], strict=False)
        if before.command_id and before.command_id == after.command_id
    )  # the entries of one command lie together: no command is there twice


@pytest.mark.parametrize("others", ["random", "monkey"])
@in_loop
async def test_a_whole_game_over_the_network(tmp_path: Path, others: str) -> None:
    """Given nine clients at a private table, then they play it out and all see the same end."""
    async with Running(tmp_path) as place, AsyncExitStack() as stack:
        quick = {**QUICK, "day_ms": 200, "night_ms": 100}
        players = ["random", *[others] * 8]
        clients = await seat(place, stack, *players, public=False, settings=quick)
        watcher = await stack.enter_async_context(Client(place.url, name="Zoe"))
        watcher.watch(clients[0].game, clients[0].code)
        outcomes = await asyncio.gather(*(client.play() for client in (*clients, watcher)))
        assert outcomes[0] is not None
        assert len({(outcome.winners, outcome.reason) for outcome in outcomes if outcome}) == 1
        assert watcher.seat == SPECTATOR
        await check(place, [*clients, watcher])
        game = await place.game(clients[0].game)
        (started,) = [e.event for e in game.log if isinstance(e.event, GameStarted)]
        assert all(started.salts)


@in_loop
async def test_cuts_lose_nothing_and_repeat_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given lines that break all the time, then the game is played out and nobody misses a word."""
    monkeypatch.setattr(stream, "_FIRST_WAIT", 0.001)
    async with Running(tmp_path) as place, AsyncExitStack() as stack:
        clients = await seat(place, stack, *NINE)
        playing = asyncio.gather(*(client.play() for client in clients))
        cuts = 0
        while not playing.done():
            await asyncio.wait((playing,), timeout=0.02)
            await place.cut_all()
            cuts += 1
        await playing
        assert cuts > 3
        await check(place, clients)


@in_loop
async def test_a_restart_is_only_a_pause(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a server that stops in mid-game and comes back, then its clients play on."""
    monkeypatch.setattr(stream, "_FIRST_WAIT", 0.001)
    async with Running(tmp_path) as place, AsyncExitStack() as stack:
        clients = await seat(place, stack, *NINE)
        playing = asyncio.gather(*(client.play() for client in clients))
        while clients[0].view.day < 1:
            await asyncio.sleep(0)
        await place.restart()
        await playing
        await check(place, clients)


class Silent:
    """A player that never does anything."""

    turns = 1

    def act(self, view: View, choices: object) -> Command | None:
        """Do nothing."""
        return None


@in_loop
async def test_one_with_nothing_to_do_says_done(tmp_path: Path) -> None:
    """Given players who never act, then phases end by their being done, day after day."""
    async with Running(tmp_path) as place, AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(Client(place.url, Silent(), name=f"P{number}"))
            for number in range(3)
        ]
        game, _ = await clients[0].open(rules="classic", settings={**QUICK, "stalemate_days": 2})
        for client in clients:
            await client.join(game)
        for client in clients[1:]:
            await client.post("ready")
        await clients[0].post("start")
        outcome, *_ = await asyncio.gather(*(client.play() for client in clients))
        assert outcome is not None
        assert outcome.reason == "2 days without a death"


@in_loop
async def test_a_closed_lobby_has_no_outcome(tmp_path: Path) -> None:
    """Given a lobby that its host closes, then the client's play is over without an outcome."""
    async with Running(tmp_path) as place, Client(place.url, Silent(), name="Ann") as ann:
        game, code = await ann.open(public=False)
        await ann.join(game, code)
        playing = asyncio.create_task(ann.play())
        await ann.post("end")
        assert await playing is None


@in_loop
async def test_refusals_are_told_as_they_are(tmp_path: Path) -> None:
    """Given wrong requests, then the client raises the server's code; for a lost seat, its end."""
    async with Running(tmp_path) as place, AsyncExitStack() as stack:
        ann, bob, zoe = [
            await stack.enter_async_context(Client(place.url, Silent(), name=name))
            for name in ("Ann", "Bob", "Zoe")
        ]
        game, code = await ann.open(public=False)
        await ann.join(game, code)
        await bob.join(game, code)
        with pytest.raises(ServerRefused) as caught:
            await zoe.join(game, "WRONG")
        assert (caught.value.status, caught.value.code) == (404, "no_such_game")
        with pytest.raises(ServerRefused, match="bad_rules"):
            await ann.open(rules="chess")
        playing = asyncio.create_task(bob.play())
        while not bob.view.seats:
            await asyncio.sleep(0)
        await ann.post("kick", seat=bob.seat)
        with pytest.raises(StreamEnded, match="left this seat"):
            await playing


@in_loop
async def test_an_expired_token_is_renewed(tmp_path: Path) -> None:
    """Given a session whose access token is refused, then the client renews it and goes on."""
    async with Running(tmp_path) as place, Client(place.url, name="Ann") as ann:
        game, code = await ann.open()
        ann._guest._access = "stale"
        await ann.join(game, code)
        account = (await place.house.authority.read(game)).seats
        assert len(account) == 1
        ann._guest._access = "stale"
        events = ann.events()
        assert isinstance(await anext(events), LobbyOpened)
        await events.aclose()


@in_loop
async def test_tasks_of_one_client_renew_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given six requests whose token is refused at once, then one renews it, and all go on."""
    asked, once = [], Guest._once

    async def counted(self: Guest, method: str, path: str, *request: Any) -> Any:
        asked.append(path)
        return await once(self, method, path, *request)

    monkeypatch.setattr(Guest, "_once", counted)
    async with Running(tmp_path) as place, Client(place.url, name="Ann") as ann:
        for _ in range(3):
            await asyncio.gather(*(ann.open() for _ in range(6)))
            ann._guest._access = "stale"
        assert len(await place.house.authority.games()) == 18
        assert asked.count("/api/gateway/user-token") == 3


@in_loop
async def test_a_renewal_whose_answer_was_lost_is_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a renewal that was done but never answered, then the next one gets its tokens."""
    monkeypatch.setattr(stream, "_FIRST_WAIT", 0.0)
    async with Running(tmp_path) as place, Client(place.url, name="Ann") as ann:
        game, _ = await ann.open()
        once = Guest._once

        async def unheard(self: Guest, *request: Any) -> Any:
            await once(self, *request)
            raise aiohttp.ServerDisconnectedError

        ann._guest._access = "stale"
        with monkeypatch.context() as patch:
            patch.setattr(Guest, "_once", unheard)
            with pytest.raises(Unreachable):
                await ann._guest.log_in("stale")
        await ann.join(game)


@in_loop
async def test_too_many_sockets_end_the_stream(tmp_path: Path) -> None:
    """Given an account that has all its sockets, then one more ends, with what would help."""
    async with Running(tmp_path, sockets_per_account=1) as place, Client(place.url) as ann:
        game, _ = await ann.open()
        ann.watch(game)
        first, second = ann.events(), ann.events()
        assert isinstance(await anext(first), LobbyOpened)
        with pytest.raises(StreamEnded, match="1 sockets open: close another first"):
            await anext(second)
        await first.aclose()


@in_loop
async def test_a_server_that_is_not_there_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given nobody at the address, then the client gives up after several tries, in one line."""
    monkeypatch.setattr(stream, "_FIRST_WAIT", 0.0)
    async with Client("http://127.0.0.1:9", name="Ann") as ann:
        with pytest.raises(Unreachable, match=r"http://127\.0\.0\.1:9 does not answer"):
            await ann.open()
