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
from aiohttp.hdrs import CONTENT_TYPE, ETAG, IF_NONE_MATCH, METH_GET
from multidict import CIMultiDict

from mafia_district_servers import json_door
from mafia_district_servers.games import commands, gate
from mafia_district_servers.games.authority import Key
from mafia_district_servers.games.gate import join_code
from mafia_district_servers.house import House
from mafia_district_servers.http.routes import JSON, Call, Nothing, Reply, Route, SocketRoute
from mafia_district_servers.http.slots import slotted
from mafia_district_servers.live.sockets import GUESSER
from mafia_district_servers.middleware import auth, cors, limits, problems, request_id, security
from mafia_district_servers.middleware.invalidation import changes_the_list, drop_list
from mafia_district_servers.middleware.pages import HEADERS as PAGE_HEADERS
from mafia_district_servers.middleware.pages import is_held
from mafia_district_servers.middleware.pages import tag as page_tag
from mafia_district_servers.ports import Clock
from mafia_district_servers.problems import Fault, Problem

Endpoint = Callable[[web.Request], Awaitable[web.StreamResponse]]

IDEMPOTENCY_KEY: Final = "Idempotency-Key"

_log = logging.getLogger(__name__)
HEADERS: Final = CIMultiDict(  # which is copied in a quarter of the time that a dict takes
    {CONTENT_TYPE: JSON, "Cache-Control": "no-store", **security.HEADERS}
)
_CHARSETS: Final = ("", "charset=utf-8", 'charset="utf-8"')  # JSON knows no other
_NOTHING: Final = Nothing()
_INTERFACE: Final = "/api/"
_NO_KEY: Final = Key("", b"")  # of a request that changes nothing


class Mount(NamedTuple):
    """An address, and what answers there."""

    method: str
    path: str
    endpoint: Endpoint

    @property
    def pattern(self) -> str:
        """The address as the router matches it: no word of another route is an account's id."""
        return self.path.replace("{user}", "{user:host|[a-z]+-[a-z0-9]+}")


def application(house: House, mounts: Iterable[Mount]) -> web.Application:
    """Put mounts behind the one door."""
    app = web.Application(middlewares=[_door(house)], client_max_size=house.settings.max_body_bytes)
    for mount in mounts:
        app.router.add_route(mount.method, mount.pattern, mount.endpoint)
    return app


def local(
    house: House, routes: Iterable[Route], sockets: Iterable[SocketRoute] = ()
) -> Iterator[Mount]:
    """Mount services of this process."""
    for route in routes:
        endpoint = _paged_endpoint if route.paged else _endpoint
        yield Mount(route.method, route.path, endpoint(house, route))
    for socket in sockets:
        yield Mount(METH_GET, socket.path, _upgrade(house, socket))


def _door(house: House) -> Any:
    rates, origins = house.rates, house.settings.cors_origins
    behind_tls = security.is_behind_tls(house.settings)

    @web.middleware
    async def door(request: web.Request, handler: Endpoint) -> web.StreamResponse:
        name = request_id.begin(request.headers)
        try:
            limits.url(request)
            rates.arrive(request)
            response = cors.preflight(request, origins) or await handler(request)
        except Exception as error:
            response = problems.answer(error, name)
        _note(request, response)
        if not response.prepared:
            response.headers[request_id.HEADER] = name
            security.protect(request, response, behind_tls=behind_tls)
            rates.answered(response)
            cors.allow(request, response, origins)
        return response

    return door


def _note(request: web.Request, response: web.StreamResponse) -> None:
    """Log method, path and status, never the query; the ordinary only where it is asked for."""
    status = response.status
    level = logging.ERROR if status >= 500 else logging.INFO if status >= 400 else logging.DEBUG
    if _log.isEnabledFor(level):
        _log.log(level, "%s %s %d", request.method, request.rel_url.raw_path, response.status)


def _endpoint(house: House, route: Route) -> Endpoint:
    most_bytes = house.settings.max_body_bytes
    sessions, clock, roles = house.sessions, house.clock, route.roles
    check, listed = _check(house, route.path), changes_the_list(route.method, route.path)
    rates, handle = house.rates, slotted(house.managers, route)

    async def endpoint(request: web.Request) -> web.StreamResponse:
        headers = request.headers
        check(headers)
        session = await auth.session(sessions, headers, roles)
        rates.known(session)
        data = await limits.body(request, most_bytes)
        call = Call(
            house,
            session,
            request.match_info,
            _body(data, headers.get(CONTENT_TYPE), route),
            _query(request, route),
            _NO_KEY if route.method == METH_GET else _key(request, data, clock),
            join_code(headers),
            address=request.remote or "",
        )
        reply = await handle(call)
        if listed:
            await drop_list(house.cache)
        return _response(reply)

    return endpoint


def _paged_endpoint(house: House, route: Route) -> Endpoint:
    """Answer from what is kept, where the caller still stands at the same place."""
    most_bytes, pages = house.settings.max_body_bytes, house.pages
    sessions, authority, roles = house.sessions, house.authority, route.roles
    check = _check(house, route.path)
    rates, handle = house.rates, slotted(house.managers, route)

    async def endpoint(request: web.Request) -> web.StreamResponse:
        headers, path = request.headers, request.match_info
        check(headers)
        session = await auth.session(sessions, headers, roles)
        rates.known(session)
        assert session is not None, "nobody sees a game without a token"
        json_door.nothing(await limits.body(request, most_bytes))
        code = join_code(headers)
        warm = await gate.enter(authority, session.caller, path["game"], code)
        tag = page_tag(warm, session.caller, request.raw_path)
        if is_held(headers.get(IF_NONE_MATCH), tag):
            return web.Response(status=304, headers={ETAG: tag, **PAGE_HEADERS})
        body = await pages.find(tag)
        if body is None:
            query = _query(request, route)
            call = Call(house, session, path, _NOTHING, query, _NO_KEY, code, warm=warm)
            reply = await handle(call)
            if not reply.kept:
                return _response(reply)
            body = reply.body
            await pages.keep(tag, body)
        return web.Response(body=body, headers={**HEADERS, **PAGE_HEADERS, ETAG: tag})

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
        request[GUESSER] = house.rates.codes()
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
    kind, _, parameter = (content_type or "").partition(";")
    if kind.strip().lower() != JSON or parameter.strip().lower() not in _CHARSETS:
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
    headers = HEADERS if reply.headers is None else {**HEADERS, **reply.headers}
    return web.Response(body=reply.body, status=reply.status, headers=headers)
