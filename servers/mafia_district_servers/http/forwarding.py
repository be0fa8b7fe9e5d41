"""The routes of services that are elsewhere, as the gateway mounts them.

They are the same tables that the services run by. So the gateway itself refuses what has no route,
no token or too large a body, in the same words, and a service hears only what may be for it.
"""

from collections.abc import Iterable, Iterator

from aiohttp import web
from aiohttp.hdrs import ETAG, IF_NONE_MATCH, METH_GET
from multidict import CIMultiDict

from mafia_district_servers.caller import Caller
from mafia_district_servers.house import House
from mafia_district_servers.http.application import HEADERS, Endpoint, Mount
from mafia_district_servers.http.routes import Route, SocketRoute
from mafia_district_servers.http.slots import priority
from mafia_district_servers.identity.tokens import Session
from mafia_district_servers.middleware import auth, limits
from mafia_district_servers.middleware.pages import HEADERS as PAGE_HEADERS
from mafia_district_servers.middleware.pages import Page, is_held


def forwarded(house: House, service: str, routes: Iterable[Route]) -> Iterator[Mount]:
    """Mount the routes of a service that is elsewhere."""
    for route in routes:
        yield Mount(route.method, route.path, _endpoint(house, service, route))


def tunnelled(house: House, service: str, sockets: Iterable[SocketRoute]) -> Iterator[Mount]:
    """Mount its sockets."""
    for socket in sockets:
        yield Mount(METH_GET, socket.path, _upgrade(house, service, socket))


def _endpoint(house: House, service: str, route: Route) -> Endpoint:
    sessions, roles, most_bytes = house.sessions, route.roles, house.settings.max_body_bytes

    async def endpoint(request: web.Request) -> web.StreamResponse:
        session = await auth.session(sessions, request.headers, roles)
        house.rates.known(session)
        body = await limits.body(request, most_bytes)

        async def pass_on(session: Session | None) -> web.StreamResponse:
            if route.paged and session is not None:
                return await _revalidated(house, request, service, session.caller)
            return await house.forwarder.forward(request, service, body, request.headers)

        return await house.managers.gateway.run(pass_on, session, priority(route))

    return endpoint


async def _revalidated(
    house: House, request: web.Request, service: str, caller: Caller
) -> web.StreamResponse:
    """Answer from what is kept, if the service says that it still holds."""
    address, headers = request.raw_path, CIMultiDict(request.headers)
    kept, held = await house.pages.last(caller, address), headers.get(IF_NONE_MATCH)
    if kept is not None:
        headers[IF_NONE_MATCH] = kept.tag
    got = await house.forwarder.forward(request, service, b"", headers)
    if got.status == 304 and kept is not None and not is_held(held, kept.tag):
        return web.Response(body=kept.body, headers={**HEADERS, **PAGE_HEADERS, ETAG: kept.tag})
    answer = got.body if isinstance(got, web.Response) else None
    if got.status == 200 and isinstance(answer, bytes) and ETAG in got.headers:
        await house.pages.keep_last(caller, address, Page(got.headers[ETAG], answer))
    return got


def _upgrade(house: House, service: str, route: SocketRoute) -> Endpoint:
    async def upgrade(request: web.Request) -> web.StreamResponse:
        path = request.match_info
        return await house.tunnels.open(request, service, path["game"], route.viewer(path))

    return upgrade
