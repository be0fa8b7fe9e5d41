"""The routes of services that are elsewhere, as the gateway mounts them.

They are the same tables that the services run by. So the gateway itself refuses what has no route,
no token or too large a body, in the same words, and a service hears only what may be for it.
"""

from collections.abc import Iterable, Iterator

from aiohttp import web
from aiohttp.hdrs import METH_GET

from mafia_district_servers.gateway.forward import Forwarder
from mafia_district_servers.gateway.tunnel import Tunnels
from mafia_district_servers.house import House
from mafia_district_servers.http.application import Endpoint, Mount
from mafia_district_servers.http.routes import Route, SocketRoute
from mafia_district_servers.logs import REQUEST_ID
from mafia_district_servers.middleware import auth, limits


def forwarded(
    house: House, forwarder: Forwarder, service: str, routes: Iterable[Route]
) -> Iterator[Mount]:
    """Mount the routes of a service that is elsewhere."""
    for route in routes:
        yield Mount(route.method, route.path, _endpoint(house, forwarder, service, route))


def tunnelled(tunnels: Tunnels, service: str, sockets: Iterable[SocketRoute]) -> Iterator[Mount]:
    """Mount its sockets."""
    for socket in sockets:
        yield Mount(METH_GET, socket.path, _upgrade(tunnels, service, socket))


def _endpoint(house: House, forwarder: Forwarder, service: str, route: Route) -> Endpoint:
    sessions, roles, most_bytes = house.sessions, route.roles, house.settings.max_body_bytes

    async def endpoint(request: web.Request) -> web.StreamResponse:
        await auth.session(sessions, request.headers, roles)
        body = await limits.body(request, most_bytes)
        return await forwarder.forward(request, service, body, REQUEST_ID.get())

    return endpoint


def _upgrade(tunnels: Tunnels, service: str, route: SocketRoute) -> Endpoint:
    async def upgrade(request: web.Request) -> web.StreamResponse:
        path = request.match_info
        return await tunnels.open(request, service, path["game"], route.viewer(path))

    return upgrade
