"""The composition root: the one place that names adapters and puts a server together.

Nothing is built at import. A process serves all services, or those that it is told to; the gateway
sends on what is for the others. The port is bound before anything is written, so that a server that
cannot have it leaves no trace in games; it is listened to when they are all taken up. A server is
up when `running` has entered, and it drains when it is left: sockets are sent away to resume
elsewhere, requests in flight are answered, what is queued for the store is committed, and only then
is the store closed.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

import aiohttp
import attrs
from aiohttp import web
from yarl import URL

from mafia_district_servers import logs
from mafia_district_servers.adapters.accounts_sqlite import SqliteAccounts
from mafia_district_servers.adapters.bus_redis import RedisBus
from mafia_district_servers.adapters.bus_roleplay import RoleplayBus
from mafia_district_servers.adapters.bus_several import SeveralBuses
from mafia_district_servers.adapters.cache_memory import MemoryCache
from mafia_district_servers.adapters.cache_redis import RedisCache
from mafia_district_servers.adapters.clock import SystemClock, SystemIds
from mafia_district_servers.adapters.counts_redis import RedisCounts
from mafia_district_servers.adapters.feed_memory import TOPIC as GAME
from mafia_district_servers.adapters.feed_memory import MemoryFeed
from mafia_district_servers.adapters.own_token import OwnToken
from mafia_district_servers.adapters.sessions_sqlite import SqliteSessions
from mafia_district_servers.adapters.sqlite_database import SqliteDatabase
from mafia_district_servers.adapters.store_sqlite import SqliteStore
from mafia_district_servers.caller import Caller, Role
from mafia_district_servers.games.authority import Authority, Key
from mafia_district_servers.gateway.forward import Forwarder
from mafia_district_servers.gateway.tunnel import Tunnels
from mafia_district_servers.gateway.upstreams import Upstreams
from mafia_district_servers.house import House
from mafia_district_servers.http import front
from mafia_district_servers.http.application import Mount, application, local
from mafia_district_servers.http.connections import Connections
from mafia_district_servers.http.forwarding import forwarded, tunnelled
from mafia_district_servers.http.routes import Route, SocketRoute
from mafia_district_servers.identity.root_secret import root_secrets
from mafia_district_servers.identity.service_tokens import Gatekeeper, Voice
from mafia_district_servers.identity.sessions import TOPIC as SESSION
from mafia_district_servers.identity.sessions import Sessions
from mafia_district_servers.identity.tickets import Tickets
from mafia_district_servers.identity.tokens import Tokens
from mafia_district_servers.keys import Keys, derived, gateway_keys, service_secret
from mafia_district_servers.live import relay
from mafia_district_servers.live.admission import BackDoor, FrontDoor
from mafia_district_servers.live.relay import Relay
from mafia_district_servers.live.sockets import Sockets
from mafia_district_servers.live.words import Words
from mafia_district_servers.middleware import limits
from mafia_district_servers.middleware.pages import Pages
from mafia_district_servers.names import folded
from mafia_district_servers.people.moderation import TOPIC as MUTE
from mafia_district_servers.people.moderation import Moderation
from mafia_district_servers.people.people import People
from mafia_district_servers.ports import Bus, Cache, Clock, StoreRefused, StoreUnavailable
from mafia_district_servers.services import (
    character,
    communication,
    game,
    gateway,
    lobbies,
    roleplay,
    rumors,
    shop,
    status,
    table,
    task,
    town,
    users,
    voting,
)
from mafia_district_servers.settings import Settings, SettingsError


@attrs.frozen
class Service:
    """A service: its tables."""

    routes: tuple[Route, ...]
    sockets: tuple[SocketRoute, ...] = ()


GATEWAY: Final = "gateway"
KEEPS_TIME: Final = "game"  # the service that lets phases end and bots play
_RELAY: Final = "roleplay"  # the service that tells the others' news where there is no Redis
SERVICES: Final[Mapping[str, Service]] = {
    GATEWAY: Service(gateway.ROUTES),
    KEEPS_TIME: Service((*lobbies.ROUTES, *game.ROUTES, *table.ROUTES), game.SOCKETS),
    "voting": Service(voting.ROUTES),
    "roleplay": Service(roleplay.ROUTES, roleplay.SOCKETS),
    "communication": Service(communication.ROUTES),
    "task": Service(task.ROUTES),
    "shop": Service(shop.ROUTES),
    "character": Service(character.ROUTES),
    "town": Service(town.ROUTES),
    "rumors": Service(rumors.ROUTES),
    "user": Service(users.ROUTES),
}
ALL: Final = frozenset(SERVICES)
ROUTES: Final = (*status.ROUTES, *(route for each in SERVICES.values() for route in each.routes))
SOCKETS: Final = tuple(socket for each in SERVICES.values() for socket in each.sockets)

_BACKLOG: Final = 1_024  # connections that may wait to be accepted
_DRAIN: Final = 10.0  # seconds that requests in flight have when the server closes
_CONNECT: Final = aiohttp.ClientTimeout(total=None, sock_connect=2.0, sock_read=60.0)


class StartRefused(Exception):
    """The server cannot start; one line that names the fix."""


@attrs.frozen
class Started:
    """A server that is up: its address, the token that administers it, and the games it hosts.

    The games are for whoever runs the server in their own process, and show all that is in them.
    Only a gateway has a host's token.
    """

    url: str
    host_token: str
    games: Authority
    cache: Cache

    @property
    def host_link(self) -> str:
        """The host's own link; what follows # never leaves the browser."""
        return f"{self.url}/#host={self.host_token}"


async def serve(
    settings: Settings,
    ready: Callable[[Started], None],
    stop: asyncio.Event,
    tls: ssl.SSLContext | None = None,
    names: Collection[str] = ALL,
    chosen_seed: int | None = None,
) -> None:
    """Serve until `stop` is set, then drain; `ready` is called once the server is up.

    Raises StartRefused.
    """
    async with running(settings, tls, names=names, chosen_seed=chosen_seed) as started:
        ready(started)
        await stop.wait()


@asynccontextmanager
async def running(
    settings: Settings,
    tls: ssl.SSLContext | None = None,
    *,
    chosen_seed: int | None = None,
    names: Collection[str] = ALL,
) -> AsyncIterator[Started]:
    """Run services for as long as the context lasts, all of them or some; raises StartRefused.

    With a chosen seed every game is dealt by it, and its record says so.
    """
    logs.configure(settings.log_level, settings.log_format)
    async with AsyncExitStack() as stack:
        house = await build(settings, SystemClock(), stack, chosen_seed, names)
        url = await listen(house, stack, tls, names)
        link = house.sessions.host_link() if GATEWAY in names else ""
        yield Started(settings.public_url or url, link, house.authority, house.cache)


async def build(
    settings: Settings,
    clock: Clock,
    stack: AsyncExitStack,
    chosen_seed: int | None = None,
    names: Collection[str] = ALL,
    bus: Bus | None = None,
) -> House:
    """Put the parts together; what has to be closed is put on the stack. Raises StartRefused."""
    ids = SystemIds()
    http = await stack.enter_async_context(aiohttp.ClientSession(timeout=_CONNECT))
    try:
        database = SqliteDatabase.open(settings.database_path)  # it says if a directory is missing
        stack.push_async_callback(database.close)
        last = await stack.enter_async_context(AsyncExitStack())  # before the database closes
        store = SqliteStore(database)
        stack.push_async_callback(store.close)
        keys, root = _keys(settings, names)
    except (SettingsError, StoreRefused) as refused:
        raise StartRefused(str(refused)) from None
    tokens, kept = Tokens(keys, clock, ids), SqliteSessions(database)
    gatekeeper = Gatekeeper(tokens)
    hub = Relay(gatekeeper) if _RELAY in names else None
    bus = bus or _bus(settings, names, hub, http)
    feed = MemoryFeed(bus)
    authority = Authority(store, feed, clock, ids, settings, chosen_seed, alone=ALL.issubset(names))
    stack.push_async_callback(authority.close)
    secret = derived(root, "refresh tokens") if root else b""
    sessions = Sessions(tokens, kept, clock, ids, secret, bus)
    accounts, own = SqliteAccounts(database), _own_secret(settings, root)
    people = People(accounts, sessions, authority, clock, ids, settings, own, bus)
    stack.callback(people.passwords.close)
    last.push_async_callback(people.standings.settled)
    tickets = Tickets(tokens, sessions, kept, clock)
    front_door = FrontDoor(sessions, tickets, settings)
    door = front_door if GATEWAY in names else BackDoor(sessions)
    upstreams = Upstreams(_elsewhere(settings, names), clock, http)
    speak = Voice(tokens).speak
    tunnels = Tunnels(front_door, tokens, upstreams, http, speak, settings.max_body_bytes)
    sessions.listeners.append(tunnels.end_session)
    listeners: dict[str, Callable[[str], None]] = {
        GAME: feed.hear, SESSION: sessions.hear, MUTE: people.moderation.hear,
    }  # fmt: skip
    cache = _cache(settings, clock, stack)
    return House(
        settings, authority, cache, Pages(cache), clock, ids, root, tokens, sessions, tickets,
        Sockets(authority, sessions, door, clock, settings), people, upstreams, tunnels,
        Forwarder(upstreams, http, speak),
        gatekeeper=None if GATEWAY in names else gatekeeper,
        words=Words(bus, listeners),
        relay=hub,
    )  # fmt: skip


def _own_secret(settings: Settings, root: bytes) -> bytes:
    """Give the secret of accounts, which the gateway and the user service have alike."""
    return service_secret(root, "user").encode() if root else settings.service_secret or b""


async def appoint(settings: Settings, name: str, role: Role) -> bool:
    """Give an account another role, in the database itself; False if there is no such account.

    A server that runs on it takes note as it does of its own: a demotion ends sessions within a
    second. Raises StartRefused, StoreUnavailable and OutcomeUnknown.
    """
    clock, ids = SystemClock(), SystemIds()
    try:
        database = SqliteDatabase.open(settings.database_path)
    except StoreRefused as refused:
        raise StartRefused(str(refused)) from None
    try:
        accounts = SqliteAccounts(database)
        sessions = Sessions(Tokens(Keys({}), clock, ids), SqliteSessions(database), clock, ids)
        account = await accounts.named(folded(name))
        if account is not None:
            console = Caller("console", "Console", Role.ADMIN)
            key = Key(ids.secret(16).hex(), b"")
            await Moderation(accounts, sessions, clock).appoint(console, account, role, key)
        return account is not None
    finally:
        await database.close()


def _bus(
    settings: Settings,
    names: Collection[str],
    hub: Relay | None,
    http: aiohttp.ClientSession,
) -> Bus | None:
    """Connect this process to the others, if there are any: by Redis, by the relay, or by both."""
    buses: list[Bus] = [] if settings.redis_url is None else [RedisBus(settings.redis_url)]
    if ALL.issubset(names):
        return buses[0] if buses else None
    if hub is not None:
        buses.append(hub)
    elif settings.service_secret is not None:
        service, secret = next(iter(names)), settings.service_secret.decode()
        token = OwnToken(http, settings.urls(GATEWAY), service, secret)
        buses.append(RoleplayBus(http, settings.urls(_RELAY), token.get))
    return SeveralBuses(buses)


def _cache(settings: Settings, clock: Clock, stack: AsyncExitStack) -> Cache:
    if settings.redis_url is None:
        return MemoryCache(clock)
    cache = RedisCache(settings.redis_url)
    stack.push_async_callback(cache.close)
    return cache


def _keys(settings: Settings, names: Collection[str]) -> tuple[Keys, bytes]:
    """Give the keys of this process, and the root secret if it is a gateway's."""
    if GATEWAY in names:
        roots = root_secrets(settings)
        return gateway_keys(roots), roots[0]
    if settings.jwt_public_keys is None:
        raise SettingsError(
            "JWT_PUBLIC_KEYS is not set, and without the gateway nothing else tells who a caller"
            " is: print it with `mafia-district admin keys`"
        )
    return settings.jwt_public_keys, b""


def _elsewhere(settings: Settings, names: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Say where the services are that the gateway has to send for."""
    if GATEWAY not in names:
        return {}
    return {name: settings.urls(name) for name in SERVICES if name not in names}


async def listen(
    house: House,
    stack: AsyncExitStack,
    tls: ssl.SSLContext | None = None,
    names: Collection[str] = ALL,
) -> str:
    """Bind the port, take up all games, and answer from then on; give the address.

    Closing goes on the stack. Raises StartRefused.
    """
    runner = web.AppRunner(
        application(house, _mounts(house, names)), access_log=None, shutdown_timeout=_DRAIN
    )
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    stack.push_async_callback(house.managers.close, round(_DRAIN * 1_000))
    server = await _bind(house, runner, tls)
    stack.push_async_callback(house.sockets.close)
    stack.push_async_callback(house.tunnels.close)
    if house.relay is not None:
        stack.push_async_callback(house.relay.close)
    stack.callback(server.close)
    try:
        await _begin(house, stack, names)
        await server.start_serving()
    except StoreUnavailable as refused:
        raise StartRefused(str(refused)) from None
    except OSError as error:  # another process bound it too, and has listened first
        raise StartRefused(_why(house.settings, error)) from None
    port = server.sockets[0].getsockname()[1]
    return str(URL.build(scheme="https" if tls else "http", host=house.settings.host, port=port))


async def _begin(house: House, stack: AsyncExitStack, names: Collection[str]) -> None:
    """Start what runs by itself."""
    works = [house.sessions.run, house.upstreams.watch, house.words.run]
    works.append(house.people.moderation.run)
    if KEEPS_TIME in names:
        await house.authority.start()
        works.append(house.people.standings.run)
    else:
        house.authority.follow()
    for work in works:
        stack.callback(asyncio.create_task(work()).cancel)
    if house.settings.redis_url is not None:
        counts = RedisCounts(house.settings.redis_url)
        stack.push_async_callback(counts.close)
        stack.callback(asyncio.create_task(house.rates.run(counts)).cancel)


def _mounts(house: House, names: Collection[str]) -> Iterator[Mount]:
    """Mount what is served here, and at the gateway what is elsewhere."""
    yield from local(house, status.ROUTES)
    for name, service in SERVICES.items():
        if name in names:
            yield from local(house, service.routes, service.sockets)
    if house.relay is not None and not ALL.issubset(names):
        yield Mount("GET", relay.PATH, house.relay.serve)
    if GATEWAY not in names:
        return
    yield from local(house, front.routes(ROUTES, SOCKETS))
    for upstream in house.upstreams:
        service = SERVICES[upstream.service]
        yield from forwarded(house, upstream.service, service.routes)
        yield from tunnelled(house, upstream.service, service.sockets)


async def _bind(house: House, runner: web.AppRunner, tls: ssl.SSLContext | None) -> asyncio.Server:
    """Take the port without listening to it yet; raises StartRefused."""
    assert runner.server is not None, "the runner is set up"
    settings = house.settings
    most = settings.connections_per_address if house.rates.in_front else None  # a gateway has many
    connections = Connections(runner.server, house.rates.addresses, most)
    try:
        return await asyncio.get_running_loop().create_server(
            connections, settings.host, settings.port, ssl=tls, backlog=_BACKLOG,
            ssl_handshake_timeout=limits.HANDSHAKE_SECONDS if tls else None,
            ssl_shutdown_timeout=limits.LEAVE_SECONDS if tls else None,
            start_serving=False,
        )  # fmt: skip
    except (OSError, UnicodeError) as error:  # the latter from a name that DNS cannot spell
        raise StartRefused(_why(settings, error)) from None


def _why(settings: Settings, error: OSError | UnicodeError) -> str:
    where = f"{settings.host}:{settings.port}"
    reason = error.strerror if isinstance(error, OSError) else "that is no host name"
    return f"cannot listen on {where}: {reason}: choose another with --port or --host"
