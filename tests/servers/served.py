"""A server for tests: the real application on a real port, on a clock that stands still.

It is one process's, or as many as there are services, all of them in this loop; tests are the same.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import aiohttp
import attrs
import msgspec
from argon2 import PasswordHasher

from mafia_district_servers import bootstrap, keys, listening, tables
from mafia_district_servers.adapters.bus_memory import Hub, MemoryBus
from mafia_district_servers.house import House
from mafia_district_servers.http.routes import Route
from mafia_district_servers.live.frames import PROTOCOL
from mafia_district_servers.settings import Settings

from .virtual import VirtualClock

NOW = 1_800_000_000_000
PATIENCE = 10.0  # seconds until a test that waits for nothing fails
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # tests are no place to wait
PASSWORD = "correct horse battery"
FIVE = ("Ann", "Bob", "Cat", "Dan", "Eve")

# A body with which a route may be called, by the last word of its path.
BODIES: dict[str, dict[str, object]] = {
    "join": {"code": ""},
    "kick": {"seat": 1},
    "salt": {"salt": "00"},
    "extend": {"seconds": 60},
    "substitute": {"seat": 1},
    "vote": {"target": 1},
    "actions": {"action": "investigate", "target": 1},
    "messages": {"text": "hello"},
    "commands": {"type": "voting.unvote"},
    "looks": {"assets": []},
    "assets": {"asset": "nothing"},
    "use": {"target": 1},
    "give": {"to": 1},
    "moves": {"place": "shop"},
    "share": {"to": [1]},
    "purchases": {"item": "garlic"},
    "register": {"username": "Zoe", "password": "short"},
    "password": {"old": "wrong", "new": "correct horse battery"},
    "reports": {"user": "user-nobody", "reason": "rude"},
}


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
        self.refresh = ""
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
        self,
        houses: Mapping[str, House],
        clock: VirtualClock,
        url: str,
        http: aiohttp.ClientSession,
    ) -> None:
        self.houses = houses  # by service; the same one for all in one process
        self.house = houses["gateway"]
        self.clock = clock
        self.url = url
        self.http = http
        self.sockets: list[aiohttp.ClientWebSocketResponse] = []
        self.nobody = Person(self, "nobody")

    async def drain(self) -> None:
        """Send all sockets away, as when the server closes."""
        await asyncio.gather(self.house.sockets.close(), self.house.tunnels.close())

    async def forget(self) -> None:
        """Empty all caches: an answer that was kept would hide a leak from who asks again."""
        for house in self.houses.values():
            await house.cache.clear()

    async def guest(self, name: str) -> Person:
        """Let somebody in."""
        got = await self.nobody.post("/api/gateway/user-token", {"guest_name": name})
        assert got.status == 200, got.bytes
        return Person(self, name, got.json["access_token"], got.json["user"]["id"])

    async def member(self, name: str, **more: object) -> Person:
        """Register somebody and log them in."""
        asked = {"username": name, "password": PASSWORD, **more}
        got = await self.nobody.post("/api/user/register", asked)
        assert got.status == 201, got.bytes
        return await self.login(name)

    async def login(self, name: str, password: str = PASSWORD) -> Person:
        """Log somebody in who is registered."""
        asked = {"username": name, "password": password}
        got = await self.nobody.post("/api/gateway/user-token", asked)
        assert got.status == 200, got.bytes
        person = Person(self, name, got.json["access_token"], got.json["user"]["id"])
        person.refresh = got.json["refresh_token"]
        return person

    async def admin(self) -> Person:
        """Give whoever runs the server."""
        link = self.house.sessions.host_link()
        got = await self.nobody.post("/api/gateway/user-token", {"refresh_token": link})
        assert got.status == 200, got.bytes
        return Person(self, "Host", got.json["access_token"], got.json["user"]["id"])

    async def lobby(self, *names: str, **lobby: object) -> tuple[str, list[Person]]:
        """Open a lobby and seat people; give the game and them."""
        return await self.table([await self.guest(name) for name in names], **lobby)

    async def table(self, people: list[Person], **lobby: object) -> tuple[str, list[Person]]:
        """Open a lobby and seat those who are there; give the game and them."""
        opened = await people[0].post("/api/game/lobbies", {"rules": "classic", **lobby})
        assert opened.status == 201, opened.bytes
        game, code = opened.json["game"], opened.json["code"]
        for person in people:
            joined = await person.post(f"/api/game/{game}/join", {"code": code})
            assert joined.status == 200, joined.bytes
            person.seat = joined.json["seat"]
        return game, people

    async def day(self, *names: str, **lobby: object) -> tuple[str, list[Person]]:
        """Open a lobby, seat people and go on to the first day."""
        return await self.begin(*await self.lobby(*names, **lobby))

    async def begin(self, game: str, people: list[Person]) -> tuple[str, list[Person]]:
        """Go on from a lobby to the first day."""
        for person in people[1:]:
            assert (await person.post(f"/api/game/{game}/ready")).status == 200
        started = await people[0].post(f"/api/game/{game}/start")
        assert started.status == 200, started.bytes
        self.clock.jump(5_000)
        view = await people[0].post(f"/api/game/{game}/done", {"done": False})
        assert view.status == 200, view.bytes
        return game, people


class Line:
    """A client's end of a socket."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def raw(self) -> str:
        """Take the next frame as it came."""
        message = await self.socket.receive(PATIENCE)
        assert message.type is aiohttp.WSMsgType.TEXT, (message, self.socket.close_code)
        return str(message.data)

    async def next(self, *kinds: str) -> Any:
        """Take the next frame of these kinds, or of any; the others are let go by."""
        while True:
            frame = msgspec.json.decode(await self.raw())
            if not kinds or frame["type"] in kinds:
                return frame

    async def events_until(self, kind: str, **fields: object) -> list[Any]:
        """Take events until a frame comes that says this."""
        events: list[Any] = []
        while True:
            frame = await self.next()
            if frame["type"] == kind and fields.items() <= frame.items():
                return events
            if frame["type"] == "event":
                events.append(frame["event"])

    async def first(self) -> object:
        """Give the type of the frame that comes first, or the code of a close."""
        message = await self.socket.receive(PATIENCE)
        if message.type is aiohttp.WSMsgType.CLOSE:
            return message.data
        return msgspec.json.decode(message.data)["type"]

    async def closed(self) -> int:
        """Wait until the server closes; give the code."""
        while True:
            message = await self.socket.receive(PATIENCE)
            if message.type is aiohttp.WSMsgType.CLOSE:
                return int(message.data)
            assert message.type is aiohttp.WSMsgType.TEXT, message

    async def order(self, id: str, command: object) -> Any:
        """Send a command and wait for what is said to it."""
        await self.send({"type": "command", "id": id, "command": command})
        return await self.next("ack", "refused")

    async def send(self, frame: object) -> None:
        """Send a frame, or a text as it is."""
        text = frame if isinstance(frame, str) else msgspec.json.encode(frame).decode()
        await self.socket.send_str(text)


async def line(person: Person, game: str, viewer: object, **headers: str) -> Line:
    """Open a socket."""
    return Line(await person.socket(f"/api/game/ws/{game}/{viewer}", **headers))


async def call(person: Person, route: Route, game: str) -> Got:
    """Call a route of a game with a plausible body."""
    path = route.path.format(
        game=game, channel="town", action="investigate", task=1, item="garlic", rumor=1,
        user="user-nobody",
    )  # fmt: skip
    body = BODIES.get(path.rpartition("/")[2]) if route.method in ("POST", "PUT") else None
    if path.endswith("rumors/" + game + "/purchases"):
        body = {"category": "task"}
    return await person.send(route.method, path, body)


SPLIT: ContextVar[bool] = ContextVar("split", default=False)  # each service on its own?


@asynccontextmanager
async def town(home: Path, seed: int | None = None, **changes: Any) -> AsyncIterator[Town]:
    """Run a server on the database in a directory; with a seed, every game is dealt by it."""
    settings = Settings(
        **{"database_url": f"sqlite:///{home / 'games.db'}", "port": 0, "bot_pace_ms": 0, **changes}
    )
    clock = VirtualClock(NOW)
    async with AsyncExitStack() as stack:
        serve = _apart if SPLIT.get() else _together
        houses, url = await serve(settings, clock, stack, seed)
        for house in houses.values():
            house.people.passwords.hasher = CHEAP
        async with aiohttp.ClientSession() as http:
            served = Town(houses, clock, url, http)
            yield served
            for opened in served.sockets:
                await opened.close()


async def _together(
    settings: Settings, clock: VirtualClock, stack: AsyncExitStack, seed: int | None
) -> tuple[Mapping[str, House], str]:
    """Run all services in one process."""
    house = await bootstrap.build(settings, clock, stack, seed)
    return dict.fromkeys(tables.SERVICES, house), await listening.listen(house, stack)


async def _apart(
    settings: Settings, clock: VirtualClock, stack: AsyncExitStack, seed: int | None
) -> tuple[Mapping[str, House], str]:
    """Run each service as a process of its own would, the gateway last, for it knows the others."""
    hub, houses, urls = Hub(), {}, {}
    root = settings.jwt_secret or b"a root secret for tests, 32 bytes"
    public = keys.read_public(keys.write_public(keys.gateway_keys([root])))
    for name in sorted(tables.SERVICES, key="gateway".__eq__):
        if name == "gateway":
            elsewhere = {f"{other}_url": (url,) for other, url in urls.items()}
            own = attrs.evolve(settings, jwt_secret=root, **elsewhere)
        else:
            secret = keys.service_secret(root, name).encode()
            own = attrs.evolve(
                settings, jwt_secret=None, jwt_public_keys=public, service_secret=secret
            )
        names, bus = (name,), MemoryBus(hub)
        houses[name] = await bootstrap.build(own, clock, stack, seed, names, bus)
        urls[name] = await listening.listen(houses[name], stack, names=names)
    return houses, urls["gateway"]
