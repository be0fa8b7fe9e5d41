"""Admission: who may have a socket, and whose it is.

At the front door a native client shows its access token, and a browser a ticket as a second
subprotocol; a page of a wrong origin is turned away before the upgrade. At the back door, that of a
service behind the gateway, the gateway shows its own token and one that it made for this socket.
"""

from typing import Protocol

import attrs
from aiohttp import web
from aiohttp.hdrs import AUTHORIZATION, ORIGIN, SEC_WEBSOCKET_PROTOCOL

from mafia_district.ids import Viewer
from mafia_district_servers.games import gate
from mafia_district_servers.identity.sessions import Sessions
from mafia_district_servers.identity.tickets import Admission, Tickets
from mafia_district_servers.identity.tokens import Kind, bearer, unauthorized
from mafia_district_servers.live.frames import PROTOCOL
from mafia_district_servers.problems import Fault, Problem
from mafia_district_servers.settings import Settings


class Door(Protocol):
    """A way in for sockets."""

    def look(self, request: web.Request) -> str:
        """Look at a handshake before the upgrade; gives the ticket, if there is one."""
        ...

    async def admit(
        self, request: web.Request, ticket: str, game: str, viewer: Viewer
    ) -> Admission:
        """Find out whose socket it is; raises an `unauthorized` problem, or StoreUnavailable."""
        ...


class FrontDoor:
    """For clients."""

    def __init__(self, sessions: Sessions, tickets: Tickets, settings: Settings) -> None:
        self._sessions = sessions
        self._tickets = tickets
        self._settings = settings

    def look(self, request: web.Request) -> str:
        """Check origin and subprotocol; give the ticket, if there is one."""
        origin = request.headers.get(ORIGIN)
        if origin is not None and not self._is_ours(origin, request.host):
            raise Problem(Fault.FORBIDDEN, "pages of that origin may not connect")
        return offered(request)

    async def admit(
        self, request: web.Request, ticket: str, game: str, viewer: Viewer
    ) -> Admission:
        """Redeem a ticket, or verify an access token."""
        if ticket:
            return await self._tickets.redeem(ticket, game, viewer)
        session = await self._sessions.access(bearer(request.headers.get(AUTHORIZATION)))
        return Admission(session, gate.join_code(request.headers))

    def _is_ours(self, origin: str, host: str) -> bool:
        settings = self._settings
        own = (f"http://{host}", f"https://{host}", settings.public_url)
        return origin in (*own, *settings.cors_origins)


class BackDoor:
    """For the gateway."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def look(self, request: web.Request) -> str:
        """Check the subprotocol; that it is the gateway who asks was seen before."""
        return offered(request)

    async def admit(
        self, request: web.Request, ticket: str, game: str, viewer: Viewer
    ) -> Admission:
        """Verify the token that the gateway made for this socket."""
        token = bearer(request.headers.get(AUTHORIZATION))
        session = await self._sessions.verify(token, Kind.SOCKET)
        claims = session.claims
        if (claims["game"], claims["viewer"]) != (game, viewer):
            raise unauthorized("the token is for another socket")
        return Admission(attrs.evolve(session, expires=claims["until"]), claims["code"])


def offered(request: web.Request) -> str:
    """Check that `mafia.v1` is offered first; give what is offered second."""
    names = request.headers.get(SEC_WEBSOCKET_PROTOCOL, "").split(",")
    protocol, *rest = [name.strip() for name in names]
    if protocol != PROTOCOL:
        raise Problem(Fault.BAD_REQUEST, f"the subprotocol is {PROTOCOL}")
    return rest[0] if rest else ""
