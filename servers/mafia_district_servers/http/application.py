"""The application: the routes of all services, mounted on aiohttp.

Every request passes through one door, which gives it an id, turns errors into problem documents and
counts; a stack of middlewares would cost more than the rest of a request. Behind the door, one
endpoint per route reads token, query and body by the route's table and calls the handler.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any, Final, NamedTuple

from aiohttp import web
from aiohttp.hdrs import CONTENT_TYPE, METH_GET

from mafia_district_servers import json_door
from mafia_district_servers.games import commands
from mafia_district_servers.games.authority import Key
from mafia_district_servers.games.gate import join_code
from mafia_district_servers.house import House
from mafia_district_servers.http.routes import JSON, Call, Nothing, Reply, Route, SocketRoute
from mafia_district_servers.middleware import auth, cors, limits, problems, request_id
from mafia_district_servers.ports import Clock
from mafia_district_servers.problems import Fault, Problem

Endpoint = Callable[[web.Request], Awaitable[web.StreamResponse]]

IDEMPOTENCY_KEY: Final = "Idempotency-Key"

_log = logging.getLogger(__name__)
_HEADERS: Final = {
    CONTENT_TYPE: JSON, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
}  # fmt: skip
_NOTHING: Final = Nothing()
_INTERFACE: Final = "/api/"
_NO_KEY: Final = Key("", b"")  # of a request that changes nothing


class Mount(NamedTuple):
    """An address, and what answers there."""

    method: str
    path: str
    endpoint: Endpoint


def application(house: House, mounts: Iterable[Mount]) -> web.Application:
    """Put mounts behind the one door."""
    app = web.Application(middlewares=[_door(house)], client_max_size=house.settings.max_body_bytes)
    for method, path, endpoint in mounts:
        app.router.add_route(method, path, endpoint)
    return app


def local(
    house: House, routes: Iterable[Route], sockets: Iterable[SocketRoute] = ()
) -> Iterator[Mount]:
    """Mount services of this process."""
    for route in routes:
        yield Mount(route.method, route.path, _endpoint(house, route))
    for socket in sockets:
        yield Mount(METH_GET, socket.path, _upgrade(house, socket))


def _door(house: House) -> Any:
    meter, origins = house.meter, house.settings.cors_origins

    @web.middleware
    async def door(request: web.Request, handler: Endpoint) -> web.StreamResponse:
        name = request_id.begin(request.headers)
        meter.running += 1
        try:
            response = cors.preflight(request, origins) or await handler(request)
        except Exception as error:
            response = problems.answer(error, name)
        finally:
            meter.running -= 1
        _count_and_log(house, request, response)
        if not response.prepared:
            response.headers[request_id.HEADER] = name
            cors.allow(request, response, origins)
        return response

    return door


def _count_and_log(house: House, request: web.Request, response: web.StreamResponse) -> None:
    """Log method, path and status, never the query; the ordinary only where it is asked for."""
    failed = response.status >= 500
    house.meter.failed += failed
    house.meter.completed += not failed
    level = logging.ERROR if failed else logging.INFO if response.status >= 400 else logging.DEBUG
    if _log.isEnabledFor(level):
        _log.log(level, "%s %s %d", request.method, request.rel_url.raw_path, response.status)


def _endpoint(house: House, route: Route) -> Endpoint:
    most_bytes = house.settings.max_body_bytes
    sessions, clock, roles = house.sessions, house.clock, route.roles
    check = _check(house, route.path)

    async def endpoint(request: web.Request) -> web.StreamResponse:
        headers = request.headers
        check(headers)
        session = await auth.session(sessions, headers, roles)
        data = await limits.body(request, most_bytes)
        call = Call(
            house,
            session,
            request.match_info,
            _body(data, headers.get(CONTENT_TYPE), route),
            _query(request, route),
            _NO_KEY if route.method == "GET" else _key(request, data, clock),
            join_code(headers),
        )
        return _response(await route.handler(call))

    return endpoint


def _check(house: House, path: str) -> Callable[[Mapping[str, str]], None]:
    """Say who may call: behind the gateway nobody else, but to ask how the process is."""
    if house.gatekeeper is None or not path.startswith(_INTERFACE):
        return lambda headers: None
    return house.gatekeeper.check


def _upgrade(house: House, route: SocketRoute) -> Endpoint:
    check = _check(house, route.path)

    async def upgrade(request: web.Request) -> web.StreamResponse:
        check(request.headers)
        path = request.match_info
        return await house.sockets.open(request, path["game"], route.viewer(path))

    return upgrade


def _body(data: bytes, content_type: str | None, route: Route) -> object:
    """Read the body by the route's table; none at all is an empty object."""
    if data and content_type != JSON:
        _require_json(content_type)
    if route.request is Nothing:
        json_door.nothing(data)
        return _NOTHING
    return json_door.read(data or b"{}", route.request)


def _require_json(content_type: str | None) -> None:
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind != JSON:
        raise Problem(Fault.UNSUPPORTED_MEDIA_TYPE, f"send the body as {JSON}")


def _query(request: web.Request, route: Route) -> object:
    if route.query is Nothing and not request.rel_url.raw_query_string:
        return _NOTHING
    return json_door.read_query(request.query, route.query)


def _key(request: web.Request, data: bytes, clock: Clock) -> Key:
    """Take or make the idempotency key; bound to method, path and body."""
    given = request.headers.get(IDEMPOTENCY_KEY)
    if given is None:
        given = commands.make_key(clock.now())
    elif not commands.is_key(given):
        raise Problem(Fault.BAD_REQUEST, commands.KEY_RULE)
    asked = f"{request.method} {request.raw_path}\0".encode(errors="surrogateescape")
    return Key(given, sha256(asked + data).digest())


def _response(reply: Reply) -> web.Response:
    headers = _HEADERS if reply.headers is None else {**_HEADERS, **reply.headers}
    return web.Response(body=reply.body, status=reply.status, headers=headers)
