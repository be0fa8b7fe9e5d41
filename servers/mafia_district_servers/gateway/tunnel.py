"""The tunnel: a client's WebSocket, and beyond it one to the service that serves it.

The gateway finds out whose socket it is and opens the next hop with a token made for it, which
names user, game and seat and is good for thirty seconds. Then it carries frames both ways. Each
side is read only as fast as the other takes what was read, so nobody's slowness piles up here;
each hop has its own heartbeat; and whoever closes, the other side is told the same code and why.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final, TypeAlias

import aiohttp
from aiohttp import WSMsgType, hdrs, web

from mafia_district.ids import Viewer
from mafia_district_servers.gateway.upstreams import Upstreams
from mafia_district_servers.identity import service_tokens
from mafia_district_servers.identity.tickets import Admission
from mafia_district_servers.identity.tokens import Kind, Tokens
from mafia_district_servers.live.admission import Door
from mafia_district_servers.live.closing import Close, close_code, reason
from mafia_district_servers.live.frames import PROTOCOL
from mafia_district_servers.problems import Fault, Problem, problem_of

_HEARTBEAT: Final = 30.0  # seconds of silence before a ping; half as long again, and it is dead
_GRACE: Final = 2.0  # seconds that a client has to answer a close frame
_NOT_SENT: Final = (1005, 1006, 1015)  # codes that say that no code was received

Hop: TypeAlias = web.WebSocketResponse | aiohttp.ClientWebSocketResponse


class Tunnels:
    """All sockets that pass through this gateway."""

    def __init__(
        self,
        door: Door,
        tokens: Tokens,
        upstreams: Upstreams,
        http: aiohttp.ClientSession,
        speak: Callable[[], str],
        most_bytes: int,
    ) -> None:
        self._door = door
        self._tokens = tokens
        self._upstreams = upstreams
        self._http = http
        self._speak = speak
        self._most_bytes = most_bytes
        self._open: dict[web.WebSocketResponse, str] = {}
        self._closing: set[asyncio.Task[bool]] = set()

    async def open(
        self, request: web.Request, service: str, game: str, viewer: Viewer
    ) -> web.WebSocketResponse:
        """Upgrade a request and carry its socket until one side closes."""
        ticket = self._door.look(request)
        client = web.WebSocketResponse(
            protocols=(PROTOCOL,), compress=False, heartbeat=_HEARTBEAT, timeout=_GRACE,
            max_msg_size=self._most_bytes,
        )  # fmt: skip
        if not client.can_prepare(request):
            raise Problem(Fault.BAD_REQUEST, "this address speaks WebSocket")
        await client.prepare(request)
        try:
            admission = await self._door.admit(request, ticket, game, viewer)
            service_side = await self._connect(request, service, game, viewer, admission)
        except Exception as error:
            problem = problem_of(error)
            await client.close(code=close_code(problem), message=reason(problem.detail))
            return client
        self._open[client] = admission.session.id
        try:
            await _carry(client, service_side)
        finally:
            del self._open[client]
        return client

    def end_session(self, session: str) -> None:
        """Close the sockets of a session that was ended."""
        for client, whose in self._open.items():
            if whose == session:
                self._close(client, Close.BAD_TOKEN, "the session was ended")

    async def close(self) -> None:
        """Send every client away to resume elsewhere."""
        for client in self._open:
            self._close(client, Close.RESUME_ELSEWHERE, "the server is closing")
        if self._closing:
            await asyncio.wait(self._closing)

    def _close(self, client: web.WebSocketResponse, code: Close, why: str) -> None:
        closing = asyncio.create_task(client.close(code=code, message=reason(why)))
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)

    async def _connect(
        self, request: web.Request, service: str, game: str, viewer: Viewer, admission: Admission
    ) -> aiohttp.ClientWebSocketResponse:
        """Open the next hop; raises an `unreachable` problem."""
        session = admission.session
        token = self._tokens.issue(
            Kind.SOCKET, session.caller, session.id,
            game=game, viewer=viewer, code=admission.code, until=session.expires,
        )  # fmt: skip
        headers = {hdrs.AUTHORIZATION: f"Bearer {token}", service_tokens.HEADER: self._speak()}
        for instance in self._upstreams[service].order(game):
            try:
                return await self._http.ws_connect(
                    instance.url + request.rel_url.raw_path, protocols=(PROTOCOL,), compress=0,
                    heartbeat=_HEARTBEAT, headers=headers, max_msg_size=0,
                )  # fmt: skip
            except (aiohttp.ClientError, OSError):
                instance.failed()
        raise Problem(Fault.UNREACHABLE, "come back and resume")


async def _carry(client: web.WebSocketResponse, service: aiohttp.ClientWebSocketResponse) -> None:
    """Carry frames both ways until one side closes; the other is told why."""
    ways = (
        asyncio.create_task(_one_way(client, service, Close.GONE)),
        asyncio.create_task(_one_way(service, client, Close.RESUME_ELSEWHERE)),
    )
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        await service.close()
        await client.close()


async def _one_way(source: Hop, target: Hop, broken: Close) -> None:
    """Carry frames; when the source closes, close the target, with `broken` if it just broke."""
    with contextlib.suppress(ConnectionError, RuntimeError):
        while True:
            message = await source.receive()
            if message.type is WSMsgType.TEXT:
                await target.send_str(message.data)
            elif message.type is WSMsgType.BINARY:
                await target.send_bytes(message.data)
            else:
                break
        code = source.close_code
        if code is None or code in _NOT_SENT:
            await target.close(code=broken)
        else:
            await target.close(code=code, message=reason(message.extra or ""))
