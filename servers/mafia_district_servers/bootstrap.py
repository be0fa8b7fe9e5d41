"""The composition root: the one place that names adapters and puts a server together.

Nothing is built at import. The port is bound before anything is written, so that a server that
cannot have it leaves no trace in games; it is listened to when they are all taken up. A server is
up when `running` has entered, and it drains when it is left: sockets are sent away to resume
elsewhere, requests in flight are answered, what is queued for the store is committed, and only then
is the store closed.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

import attrs
from aiohttp import web
from yarl import URL

from mafia_district_servers import logs
from mafia_district_servers.adapters.cache_memory import MemoryCache
from mafia_district_servers.adapters.clock import SystemClock, SystemIds
from mafia_district_servers.adapters.feed_memory import MemoryFeed
from mafia_district_servers.adapters.sessions_sqlite import SqliteSessions
from mafia_district_servers.adapters.sqlite_database import SqliteDatabase
from mafia_district_servers.adapters.store_sqlite import SqliteStore
from mafia_district_servers.games.authority import Authority
from mafia_district_servers.house import House
from mafia_district_servers.http import front
from mafia_district_servers.http.application import application
from mafia_district_servers.identity.keys import derived, gateway_keys
from mafia_district_servers.identity.root_secret import root_secret
from mafia_district_servers.identity.sessions import Sessions
from mafia_district_servers.identity.tickets import Tickets
from mafia_district_servers.identity.tokens import Tokens
from mafia_district_servers.live.sockets import Sockets
from mafia_district_servers.middleware import limits
from mafia_district_servers.ports import Clock, StoreRefused, StoreUnavailable
from mafia_district_servers.services import communication, game, gateway, lobbies, roleplay, voting
from mafia_district_servers.settings import Settings, SettingsError

SERVICES: Final = (gateway, lobbies, game, voting, roleplay, communication)
ROUTES: Final = tuple(route for service in SERVICES for route in service.ROUTES)
SOCKETS: Final = (*game.SOCKETS, *roleplay.SOCKETS)

_BACKLOG: Final = 128  # connections that may wait to be accepted
_DRAIN: Final = 10.0  # seconds that requests in flight have when the server closes


class StartRefused(Exception):
    """The server cannot start; one line that names the fix."""


@attrs.frozen
class Started:
    """A server that is up: its address, the token that administers it, and the games it hosts.

    The games are for whoever runs the server in their own process, and shows all that is in them.
    """

    url: str
    host_token: str
    games: Authority

    @property
    def host_link(self) -> str:
        """The host's own link; what follows # never leaves the browser."""
        return f"{self.url}/#host={self.host_token}"


async def serve(
    settings: Settings,
    ready: Callable[[Started], None],
    stop: asyncio.Event,
    tls: ssl.SSLContext | None = None,
) -> None:
    """Serve until `stop` is set, then drain; `ready` is called once the server is up.

    Raises StartRefused.
    """
    async with running(settings, tls) as started:
        ready(started)
        await stop.wait()


@asynccontextmanager
async def running(
    settings: Settings, tls: ssl.SSLContext | None = None, *, chosen_seed: int | None = None
) -> AsyncIterator[Started]:
    """Run a server for as long as the context lasts; raises StartRefused.

    With a chosen seed every game is dealt by it, and its record says so.
    """
    logs.configure(settings.log_level, settings.log_format)
    async with AsyncExitStack() as stack:
        house = await build(settings, SystemClock(), stack, chosen_seed)
        url = await listen(house, stack, tls)
        yield Started(settings.public_url or url, house.sessions.host_link(), house.authority)


async def build(
    settings: Settings, clock: Clock, stack: AsyncExitStack, chosen_seed: int | None = None
) -> House:
    """Put the parts together; what has to be closed is put on the stack. Raises StartRefused."""
    ids = SystemIds()
    try:
        database = SqliteDatabase.open(settings.database_path)  # it says if a directory is missing
        stack.push_async_callback(database.close)
        store = SqliteStore(database)
        stack.push_async_callback(store.close)
        root = root_secret(settings)
        authority = Authority(store, MemoryFeed(), clock, ids, settings, chosen_seed)
        stack.push_async_callback(authority.close)
    except (SettingsError, StoreRefused) as refused:
        raise StartRefused(str(refused)) from None
    tokens, kept = Tokens(gateway_keys([root]), clock, ids), SqliteSessions(database)
    sessions = Sessions(tokens, kept, clock, ids, derived(root, "refresh tokens"))
    tickets = Tickets(tokens, sessions, kept, clock)
    sockets = Sockets(authority, sessions, tickets, clock, settings)
    return House(
        settings, authority, MemoryCache(clock), clock, ids, root, tokens, sessions, tickets,
        sockets,
    )  # fmt: skip


async def listen(house: House, stack: AsyncExitStack, tls: ssl.SSLContext | None = None) -> str:
    """Bind the port, take up all games, and answer from then on; give the address.

    Closing goes on the stack. Raises StartRefused.
    """
    routes = (*ROUTES, *front.routes(ROUTES, SOCKETS))
    runner = web.AppRunner(
        application(house, routes, SOCKETS),
        access_log=None,
        auto_decompress=False,
        keepalive_timeout=limits.HEAD_SECONDS,
        lingering_time=limits.LINGER_SECONDS,
        shutdown_timeout=_DRAIN,
    )
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    server = await _bind(house.settings, runner, tls)
    stack.push_async_callback(house.sockets.close)
    stack.callback(server.close)
    try:
        await house.authority.start()
        looking = asyncio.create_task(house.sessions.run())
        stack.callback(looking.cancel)
        await server.start_serving()
    except StoreUnavailable as refused:
        raise StartRefused(str(refused)) from None
    except OSError as error:  # another process bound it too, and has listened first
        raise StartRefused(_why(house.settings, error)) from None
    port = server.sockets[0].getsockname()[1]
    return str(URL.build(scheme="https" if tls else "http", host=house.settings.host, port=port))


async def _bind(
    settings: Settings, runner: web.AppRunner, tls: ssl.SSLContext | None
) -> asyncio.Server:
    """Take the port without listening to it yet; raises StartRefused."""
    assert runner.server is not None, "the runner is set up"
    try:
        return await asyncio.get_running_loop().create_server(
            runner.server, settings.host, settings.port, ssl=tls, backlog=_BACKLOG,
            start_serving=False,
        )  # fmt: skip
    except (OSError, UnicodeError) as error:  # the latter from a name that DNS cannot spell
        raise StartRefused(_why(settings, error)) from None


def _why(settings: Settings, error: OSError | UnicodeError) -> str:
    where = f"{settings.host}:{settings.port}"
    reason = error.strerror if isinstance(error, OSError) else "that is no host name"
    return f"cannot listen on {where}: {reason}: choose another with --port or --host"
