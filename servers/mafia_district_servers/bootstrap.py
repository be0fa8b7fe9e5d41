"""The composition root: the one place that names adapters and puts a server together.

Nothing is built at import. A process serves all services, or those that it is told to; the gateway
sends on what is for the others. A server is up when `running` has entered, and it drains when it is
left: sockets are sent away to resume elsewhere, requests in flight are answered, what is queued for
the store is committed, and only then is the store closed.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

import aiohttp
import attrs

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
from mafia_district_servers.identity.root_secret import root_secrets
from mafia_district_servers.identity.service_tokens import Gatekeeper, Voice
from mafia_district_servers.identity.sessions import TOPIC as SESSION
from mafia_district_servers.identity.sessions import Sessions
from mafia_district_servers.identity.tickets import Tickets
from mafia_district_servers.identity.tokens import Tokens
from mafia_district_servers.keys import Keys, derived, gateway_keys, service_secret
from mafia_district_servers.listening import StartRefused, listen
from mafia_district_servers.live.admission import BackDoor, FrontDoor
from mafia_district_servers.live.relay import Relay
from mafia_district_servers.live.sockets import Sockets
from mafia_district_servers.live.words import Words
from mafia_district_servers.middleware.pages import Pages
from mafia_district_servers.names import folded
from mafia_district_servers.people.moderation import TOPIC as MUTE
from mafia_district_servers.people.moderation import Moderation
from mafia_district_servers.people.people import People
from mafia_district_servers.ports import Bus, Cache, Clock, Counts, StoreRefused
from mafia_district_servers.settings import Settings, SettingsError
from mafia_district_servers.tables import (
    ALL,
    GATEWAY,
    RELAYS,
    SERVICES,
)

_CONNECT: Final = aiohttp.ClientTimeout(total=None, sock_connect=2.0, sock_read=60.0)


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
    hub = Relay(gatekeeper) if RELAYS in names else None
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
        relay=hub, counts=_counts(settings, stack),
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
        buses.append(RoleplayBus(http, settings.urls(RELAYS), token.get))
    return SeveralBuses(buses)


def _cache(settings: Settings, clock: Clock, stack: AsyncExitStack) -> Cache:
    if settings.redis_url is None:
        return MemoryCache(clock)
    cache = RedisCache(settings.redis_url)
    stack.push_async_callback(cache.close)
    return cache


def _counts(settings: Settings, stack: AsyncExitStack) -> Counts | None:
    if settings.redis_url is None:
        return None
    counts = RedisCounts(settings.redis_url)
    stack.push_async_callback(counts.close)
    return counts


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
