"""Tables for tests of the authority: a store that can be held up, and a table of players."""

import asyncio
from collections.abc import Callable, Iterable
from hashlib import sha256

from mafia_district import Rules, log
from mafia_district.clock import Done
from mafia_district.ids import PlayerId, Version
from mafia_district.lobby import SetReady, Start
from mafia_district.machine import Command, Entry
from mafia_district_servers.adapters.feed_memory import MemoryFeed
from mafia_district_servers.adapters.store_memory import MemoryStore
from mafia_district_servers.games.authority import Answer, Authority, Caller, Key
from mafia_district_servers.ports import Append, EventStore, Look, Outcome
from mafia_district_servers.settings import Settings

from .virtual import PredictableIds, VirtualClock

CLASSIC = Rules.preset("classic")


def caller(name: str) -> Caller:
    """Give the caller of a name."""
    return Caller(f"guest-{name}", name)


def key(name: str, body: str = "") -> Key:
    """Give the key of a request."""
    return Key(name, sha256(body.encode()).digest())


def settings(**changes: object) -> Settings:
    """Give a server's settings, bots at once."""
    return Settings(**{"bot_pace_ms": 0, **changes})  # type: ignore[arg-type]


class HeldStore(MemoryStore):
    """A store whose appends can be held up, and can fail before or after they happen."""

    def __init__(self) -> None:
        super().__init__()
        self.held: list[tuple[Append, asyncio.Future[Outcome]]] | None = None
        self.fault: Exception | None = None
        self.happens = False
        self.looks = 0

    async def look(self, game: str, actor: str, command_id: str) -> Look:
        """Look, and count it."""
        self.looks += 1
        return await super().look(game, actor, command_id)

    def append(self, append: Append) -> "asyncio.Future[Outcome]":
        """Store a command, or hold it, or fail."""
        if self.held is None and self.fault is None:
            return super().append(append)
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        if self.fault is not None:
            if self.happens:
                super().append(append)
            future.set_exception(self.fault)
            self.fault = None
        elif self.held is not None:
            self.held.append((append, future))
        return future

    def hold(self) -> None:
        """Hold up what comes from now on."""
        self.held = []

    def release(self) -> None:
        """Store what was held up, in its order, and whatever comes at once."""
        held, self.held = self.held or [], None
        for append, future in held:
            future.set_result(super().append(append).result())


class Place:
    """One process with an authority on a store, which may be shared with others."""

    def __init__(
        self,
        store: EventStore,
        clock: VirtualClock | None = None,
        label: str = "ids",
        **changes: object,
    ) -> None:
        self.store = store
        self.clock = clock or VirtualClock()
        self.feed = MemoryFeed()
        ids = PredictableIds(label)
        self.authority = Authority(store, self.feed, self.clock, ids, settings(**changes))

    async def open(self, rules: Rules = CLASSIC, *, public: bool = True, name: str = "t") -> str:
        """Open a lobby for Ann."""
        opener = caller("ann")
        return await self.authority.open(opener, rules, public=public, name=name, key=key(name))

    async def join(self, game: str, name: str, code: str = "") -> Answer:
        """Seat somebody."""
        return await self.authority.join(
            game, caller(name), name=name, code=code, commitment="", key=key(f"join-{name}")
        )

    async def act(
        self, game: str, name: str, make: Callable[[PlayerId], Command], id: str, body: str = ""
    ) -> Answer:
        """Let somebody act."""
        return await self.authority.act(game, caller(name), make, key(id, body))

    async def ready(self, game: str, name: str, id: str, ready: bool = True) -> Answer:
        """Let somebody say that they are ready, or not."""
        return await self.act(game, name, lambda seat: SetReady(seat, ready), id, str(ready))

    async def seat(self, game: str, names: Iterable[str]) -> None:
        """Seat people."""
        for name in names:
            await self.join(game, name)

    async def start(self, names: Iterable[str], rules: Rules = CLASSIC) -> str:
        """Open a table, seat people, and start; the countdown runs."""
        host, *others = names
        game = await self.open(rules)
        await self.seat(game, [host, *others])
        for name in others:
            await self.ready(game, name, f"ready-{name}")
        return await self.go(game, host)

    async def go(self, game: str, host: str) -> str:
        """Let the host start."""
        await self.act(game, host, Start, "start")
        return game

    async def done(self, game: str, name: str, id: str) -> Answer:
        """Let somebody say that they are done."""
        return await self.act(game, name, lambda seat: Done(seat, True), id)

    async def log(self, game: str) -> list[Entry]:
        """Check the whole record, and give its entries."""
        record = await self.authority.log(game)
        log.verify(record)
        return [log.unseal(line) for line in record.lines]

    async def commands(self, game: str) -> list[str]:
        """List the command ids of the record, each as often as it stands there."""
        return [entry.command_id for entry in await self.log(game)]

    async def version(self, game: str) -> Version:
        """Give the version that is shown."""
        return (await self.authority.read(game)).game.version
