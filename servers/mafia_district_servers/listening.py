"""Listening: a server's port, from the binding of it to the last answer.

The port is bound before anything is written, so that a server that cannot have it leaves no trace
in games; it is listened to when they are all taken up.
"""

import asyncio
import ssl
from collections.abc import Collection, Iterator
from contextlib import AsyncExitStack
from functools import partial
from typing import Final

from aiohttp import web
from yarl import URL

from mafia_district_servers.house import House
from mafia_district_servers.http import front
from mafia_district_servers.http.application import Mount, application, local
from mafia_district_servers.http.connections import Connections
from mafia_district_servers.http.forwarding import forwarded, tunnelled
from mafia_district_servers.live import relay
from mafia_district_servers.middleware import limits
from mafia_district_servers.ports import StoreUnavailable
from mafia_district_servers.services import status
from mafia_district_servers.settings import Settings
from mafia_district_servers.tables import (
    ALL,
    GATEWAY,
    KEEPS_TIME,
    ROUTES,
    SERVICES,
    SOCKETS,
)

_BACKLOG: Final = 1_024  # connections that may wait to be accepted
_DRAIN: Final = 10.0  # seconds that requests in flight have when the server closes


class StartRefused(Exception):
    """The server cannot start; one line that names the fix."""


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
    if house.counts is not None:
        works.append(partial(house.rates.run, house.counts))
    if KEEPS_TIME in names:
        await house.authority.start()
        works.append(house.people.standings.run)
    else:
        house.authority.follow()
    for work in works:
        stack.callback(asyncio.create_task(work()).cancel)


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
