"""Requests over HTTP beside a bare aiohttp handler: processor time of the server per request.

Thirty-two clients vote in four games, each vote a command that is decided, stored and answered;
or they read the tally, which is kept. Three servers run side by side, each in a process of its own:
a handler that does nothing, ours with its games in memory, and ours with the durable SQLite store.
Bare and one of ours are loaded in turn, each first in every second pair, and the ratio is taken
pair by pair: 0.5 means that a request costs the server twice what the bare handler costs it. The
clients' own time does not count. Linux only.
"""

import asyncio
import json
import socket
import sys
import tempfile
from pathlib import Path

from aiohttp import web

from mafia_district_servers import bootstrap
from mafia_district_servers.adapters.store_memory import MemoryStore
from mafia_district_servers.client.guest import Guest
from mafia_district_servers.settings import Settings

GAMES = 4
SEATS = 8
CLIENTS = GAMES * SEATS
SECONDS = 2.0  # that a server is loaded in one run
RULES = {"vote": "plurality", "countdown_ms": 1, "day_ms": 86_400_000}
KINDS = ("memory", "durable")  # servers of ours that take commands
PAGE = "page"  # the one in memory, read


async def _bare(port: int) -> None:
    """Serve a handler that does nothing."""

    async def handler(request: web.Request) -> web.Response:
        return web.Response(body=b'{"ok":true}', content_type="application/json")

    app = web.Application()
    app.router.add_get("/", handler)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print("up", flush=True)
    await asyncio.Event().wait()


async def _ours(kind: str, port: int) -> None:
    """Serve games, in memory or on disk."""
    if kind == "memory":
        bootstrap.SqliteStore = lambda database: MemoryStore()  # type: ignore[misc, assignment]
    with tempfile.TemporaryDirectory() as home:
        flags = {"database_url": f"sqlite:///{home}/bench.db", "port": str(port)}
        settings = Settings.load({**flags, "log_level": "error", "rate_per_user": "1000000000"}, {})
        async with bootstrap.running(settings):
            print("up", flush=True)
            await asyncio.Event().wait()


class Server:
    """A server in a process of its own."""

    def __init__(self, kind: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.kind = kind
        self.requests: dict[str, list[bytes]] = {}

    async def start(self) -> None:
        """Start it, and make the requests that its clients will send."""
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.http", self.kind, str(self.port),
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert self.process.stdout is not None
        await self.process.stdout.readline()
        if self.kind == "bare":
            self.requests = {self.kind: [b"GET / HTTP/1.1\r\nHost: bench\r\n\r\n"] * CLIENTS}
            return
        url = f"http://127.0.0.1:{self.port}"
        pairs = [row for _ in range(GAMES) for row in await _requests(url)]
        self.requests = {self.kind: [vote for vote, _ in pairs], PAGE: [look for _, look in pairs]}

    def cpu(self) -> float:
        """Seconds of processor time that all of its threads have used."""
        tasks = Path(f"/proc/{self.process.pid}/task")
        return (
            sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()) / 1e9
        )

    async def load(self, seconds: float, kind: str) -> float:
        """Load it for a while; gives its processor time per request, in microseconds."""
        until = asyncio.get_running_loop().time() + seconds
        before = self.cpu()
        counts = await asyncio.gather(
            *(_client(self.port, row, until) for row in self.requests[kind])
        )
        return 1e6 * (self.cpu() - before) / sum(counts)


async def _requests(url: str) -> list[tuple[bytes, bytes]]:
    """Open a game, seat its players, and write each one's vote and look at the tally."""
    guests = [Guest(url, f"Player {place}") for place in range(SEATS)]
    lobby = {"rules": "classic", "settings": RULES}
    game = (await guests[0].request("POST", "/api/game/lobbies", lobby))["game"]
    for guest in guests:
        await guest.request("POST", f"/api/game/{game}/join", {})
    for guest in guests:
        await guest.request("POST", f"/api/game/{game}/ready", {})
    await guests[0].request("POST", f"/api/game/{game}/start", {})
    view: dict[str, dict[str, str]] = {"view": {"phase": ""}}
    while view["view"]["phase"] != "day":
        view = await guests[0].request("GET", f"/api/game/{game}/view")
    requests = []
    for place, guest in enumerate(guests):
        body = json.dumps({"target": (place + 1) % SEATS}).encode()
        token = f"HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {guest._access}\r\n"
        vote = (
            f"POST /api/voting/{game}/vote {token}Content-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        look = f"GET /api/voting/{game}/tally {token}\r\n"
        requests.append((vote.encode() + body, look.encode()))
        await guest.close()
    return requests


async def _client(port: int, request: bytes, until: float) -> int:
    """Send a request over one connection as often as it is answered; counts the answers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    clock, count = asyncio.get_running_loop().time, 0
    while clock() < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]
        await reader.readexactly(int(length))
        count += 1
    writer.close()
    return count


async def measure(pairs: int) -> dict[str, list[float]]:
    """Load bare and each of ours in turn; gives the ratios of every pair by kind."""
    bare, *ours = servers = [Server(kind) for kind in ("bare", *KINDS)]
    for server in servers:
        await server.start()
        for kind in server.requests:
            await server.load(SECONDS / 4, kind)  # warm
    contests = [(server, server.kind) for server in ours] + [(ours[0], PAGE)]
    ratios: dict[str, list[float]] = {kind: [] for _, kind in contests}
    for pair in range(pairs):
        for server, kind in contests:
            order = [(bare, "bare"), (server, kind)]
            cost = {what: await who.load(SECONDS, what) for who, what in order[:: 1 - pair % 2 * 2]}
            ratios[kind].append(cost["bare"] / cost[kind])
    for server in servers:
        server.process.kill()
        await server.process.wait()
    return ratios


if __name__ == "__main__":
    kind, port = sys.argv[1], int(sys.argv[2])
    asyncio.run(_bare(port) if kind == "bare" else _ours(kind, port))
