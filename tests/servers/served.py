"""A server for tests: the real application on a real port, on a clock that stands still."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import attrs
import msgspec

from mafia_district_servers import bootstrap
from mafia_district_servers.house import House
from mafia_district_servers.settings import Settings
from mafia_district_servers.sockets import PROTOCOL

from .virtual import VirtualClock

NOW = 1_800_000_000_000


@attrs.frozen
class Got:
    """An answer."""

    status: int
    headers: Any
    bytes: bytes

    @property
    def json(self) -> Any:
        """The body, read."""
        return msgspec.json.decode(self.bytes)

    @property
    def told(self) -> tuple[int, str]:
        """Status and code of a problem."""
        assert self.headers["Content-Type"] == "application/problem+json"
        return self.status, self.json["code"]


class Person:
    """Somebody with a token, or without one."""

    def __init__(self, town: "Town", name: str, token: str = "", account: str = "") -> None:
        self.town = town
        self.name = name
        self.token = token
        self.account = account
        self.seat = -1

    async def send(self, method: str, path: str, body: object = None, **headers: str) -> Got:
        """Send a request; plain values go as JSON, underscores in headers are dashes."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent = {"Authorization": f"Bearer {self.token}", **sent}
        if body is not None:
            sent = {"Content-Type": "application/json", **sent}
        data: Any = msgspec.json.encode(body) if isinstance(body, dict) else body
        async with self.town.http.request(
            method, self.town.url + path, data=data, headers=sent
        ) as got:
            return Got(got.status, got.headers, await got.read())

    async def get(self, path: str, **headers: str) -> Got:
        """Read."""
        return await self.send("GET", path, **headers)

    async def post(self, path: str, body: object = None, **headers: str) -> Got:
        """Do."""
        return await self.send("POST", path, body, **headers)

    async def socket(
        self, path: str, *more: str, **headers: str
    ) -> aiohttp.ClientWebSocketResponse:
        """Open a WebSocket; `more` are further subprotocols."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token and not more:
            sent = {"Authorization": f"Bearer {self.token}", **sent}
        opened = await self.town.http.ws_connect(
            self.town.url + path, protocols=(PROTOCOL, *more), headers=sent
        )
        self.town.sockets.append(opened)
        return opened


class Town:
    """A running server and what a test needs of its inside."""

    def __init__(
        self, house: House, clock: VirtualClock, url: str, http: aiohttp.ClientSession
    ) -> None:
        self.house = house
        self.clock = clock
        self.url = url
        self.http = http
        self.sockets: list[aiohttp.ClientWebSocketResponse] = []
        self.nobody = Person(self, "nobody")

    async def guest(self, name: str) -> Person:
        """Let somebody in."""
        got = await self.nobody.post("/api/gateway/user-token", {"guest_name": name})
        assert got.status == 200, got.bytes
        return Person(self, name, got.json["access_token"], got.json["user"]["id"])

    async def lobby(self, *names: str, **lobby: object) -> tuple[str, list[Person]]:
        """Open a lobby and seat people; give the game and them."""
        people = [await self.guest(name) for name in names]
        opened = await people[0].post("/api/game/lobbies", lobby)
        assert opened.status == 201, opened.bytes
        game, code = opened.json["game"], opened.json["code"]
        for person in people:
            joined = await person.post(f"/api/game/{game}/join", {"code": code})
            assert joined.status == 200, joined.bytes
            person.seat = joined.json["seat"]
        return game, people

    async def day(self, *names: str, **lobby: object) -> tuple[str, list[Person]]:
        """Open a lobby, seat people and go on to the first day."""
        game, people = await self.lobby(*names, **lobby)
        for person in people[1:]:
            assert (await person.post(f"/api/game/{game}/ready")).status == 200
        started = await people[0].post(f"/api/game/{game}/start")
        assert started.status == 200, started.bytes
        self.clock.jump(5_000)
        view = await people[0].post(f"/api/game/{game}/done", {"done": False})
        assert view.status == 200, view.bytes
        return game, people


@asynccontextmanager
async def town(home: Path, **changes: Any) -> AsyncIterator[Town]:
    """Run a server on the database in a directory."""
    settings = Settings(
        **{"database_url": f"sqlite:///{home / 'games.db'}", "port": 0, "bot_pace_ms": 0, **changes}
    )
    clock = VirtualClock(NOW)
    async with AsyncExitStack() as stack:
        house = await bootstrap.build(settings, clock, stack)
        url = await bootstrap.listen(house, stack)
        async with aiohttp.ClientSession() as http:
            served = Town(house, clock, url, http)
            yield served
            for opened in served.sockets:
                await opened.close()
