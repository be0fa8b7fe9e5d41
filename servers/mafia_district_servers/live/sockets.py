"""WebSockets, `mafia.v1`: JSON text frames, never compressed. Here is the door to them.

A socket is for one viewer of one game: a seat, which must be the caller's own, or a spectator.
Whoever may not have it is told by its close code, for a browser cannot see the status of a refused
upgrade.
"""

import asyncio
from collections import Counter
from typing import Final

from aiohttp import web

from mafia_district.ids import Viewer
from mafia_district.machine import Code
from mafia_district_servers.games import gate
from mafia_district_servers.games.authority import Authority, NoSuchGame
from mafia_district_servers.identity.sessions import Sessions
from mafia_district_servers.identity.tokens import Session
from mafia_district_servers.live.admission import Door
from mafia_district_servers.live.closing import Close, close_code, reason
from mafia_district_servers.live.connection import Connection
from mafia_district_servers.live.frames import PROTOCOL
from mafia_district_servers.live.hub import Hub
from mafia_district_servers.live.line import Line
from mafia_district_servers.live.outbox import Outbox
from mafia_district_servers.ports import Clock
from mafia_district_servers.problems import Fault, Problem, problem_of
from mafia_district_servers.settings import Settings

GUESSER: Final = web.RequestKey("guesser", gate.Guesser)  # where a handshake carries its own
_HEARTBEAT: Final = 30.0  # seconds of silence before a ping; half as long again, and it is dead


class Sockets:
    """All open sockets of this process, by game."""

    def __init__(
        self,
        authority: Authority,
        sessions: Sessions,
        door: Door,
        clock: Clock,
        settings: Settings,
    ) -> None:
        self._authority = authority
        self._door = door
        self._clock = clock
        self._settings = settings
        self._hubs: dict[str, Hub] = {}
        self._open: dict[Connection, asyncio.Task[None] | None] = {}
        self._of_account: Counter[str] = Counter()
        self._closing = False
        sessions.listeners.append(self.end_session)

    async def open(self, request: web.Request, game: str, viewer: Viewer) -> web.WebSocketResponse:
        """Upgrade a request and serve its socket until it closes."""
        if self._closing:
            raise Problem(Fault.CLOSING, "the server is closing: come back and resume")
        ticket = self._door.look(request)
        response = web.WebSocketResponse(
            protocols=(PROTOCOL,), compress=False, heartbeat=_HEARTBEAT,
            max_msg_size=self._settings.max_body_bytes,
        )  # fmt: skip
        if not response.can_prepare(request):
            raise Problem(Fault.BAD_REQUEST, "this address speaks WebSocket")
        stream = await response.prepare(request)
        try:
            session = await self._admit(request, ticket, game, viewer)
            self._check_number(session.caller.account, game, viewer)
        except Exception as error:
            problem = problem_of(error)
            await response.close(code=close_code(problem), message=reason(problem.detail))
        else:
            if request.transport is not None and stream is not None:
                line = Line(request.transport, stream, self._outbox())
                await self._serve(response, line, session, game, viewer)
        return response

    def end_session(self, session: str) -> None:
        """Close the sockets of a session that was ended."""
        for connection in self._open:
            if connection.session.id == session:
                connection.cut(Close.BAD_TOKEN, "the session was ended")

    async def close(self) -> None:
        """Send every client away to resume elsewhere, and wait until they are gone."""
        self._closing = True
        for connection in self._open:
            connection.cut(Close.RESUME_ELSEWHERE, "the server is closing")
        serving = [task for task in self._open.values() if task is not None]
        if serving:
            await asyncio.wait(serving)

    async def _admit(self, request: web.Request, ticket: str, game: str, viewer: Viewer) -> Session:
        """Find out who asks, and whether they may know of the game."""
        admission = await self._door.admit(request, ticket, game, viewer)
        account, code = admission.session.caller.account, admission.code
        guesser: gate.Guesser | None = request.get(GUESSER) if code else None
        if guesser is not None:
            guesser.check(account)
        try:
            await gate.enter(self._authority, admission.session.caller, game, code)
        except NoSuchGame:
            if guesser is not None:
                guesser.wrong(account)
            raise
        return admission.session

    def _check_number(self, account: str, game: str, viewer: Viewer) -> None:
        """Refuse one socket too many; one that the new one replaces is as good as gone."""
        most, hub = self._settings.sockets_per_account, self._hubs.get(game)
        replaced = hub is not None and hub.would_replace(account, viewer)
        if self._of_account[account] - replaced >= most:
            raise Problem(Code.RATE_LIMITED, f"you have {most} sockets open: close another first")

    def _forget(self, account: str) -> None:
        self._of_account[account] -= 1
        if not self._of_account[account]:
            del self._of_account[account]

    def _outbox(self) -> Outbox:
        return Outbox(self._settings.socket_queue_frames, self._settings.socket_queue_bytes)

    async def _serve(
        self,
        response: web.WebSocketResponse,
        line: Line,
        session: Session,
        game: str,
        viewer: Viewer,
    ) -> None:
        hub = self._hubs.setdefault(game, Hub(game, self._authority, self._clock))
        connection = Connection(response, line, hub, session, viewer)
        hub.users += 1
        self._open[connection] = asyncio.current_task()
        self._of_account[connection.account] += 1
        if self._closing:
            connection.cut(Close.RESUME_ELSEWHERE, "the server is closing")
        left = session.expires - self._clock.now() / 1000
        expiry = asyncio.get_running_loop().call_later(
            left, connection.cut, Close.BAD_TOKEN, "the token has expired"
        )
        try:
            await connection.run()
        finally:
            expiry.cancel()
            del self._open[connection]
            self._forget(connection.account)
            hub.users -= 1
            if not hub.users:
                del self._hubs[game]
                await hub.close()
