"""A connection: one open WebSocket.

Its reader takes the client's frames one after another, so that a client waits for its own commands
and for nobody else's. A client that does not read what it is sent is cut with 4008 and may resume:
everything that it missed is in the log.
"""

import asyncio
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Annotated, Any, Final

import attrs
import msgspec
from aiohttp import WSMsgType, web

from mafia_district.ids import Cursor, PlayerId, Viewer
from mafia_district.machine import Command
from mafia_district_servers import json_door
from mafia_district_servers.games import commands
from mafia_district_servers.games.authority import Key, NotSeated
from mafia_district_servers.identity.tokens import Session
from mafia_district_servers.live import frames
from mafia_district_servers.live.closing import Close, close_code, reason
from mafia_district_servers.live.hub import Hub
from mafia_district_servers.live.line import Line
from mafia_district_servers.problems import Fault, Problem, problem_of

_GRACE: Final = 5.0  # seconds that a client has to read its close frame
_PACE: Final = 50  # frames that a client may send in a second, on average
BURST: Final = 200  # frames that it may send at once


@attrs.frozen
class Resume:
    """The client's place: send what comes after it."""

    type: str
    epoch: str
    cursor: Annotated[Cursor, msgspec.Meta(ge=0)]


@attrs.frozen
class Order:
    """A command, with the id that makes a repeat of it harmless."""

    type: str
    id: str
    command: dict[str, Any]


class Pace:
    """A leaky bucket: how many frames a client has sent of late."""

    __slots__ = ("_at", "_level")

    def __init__(self, now: float) -> None:
        self._at = now
        self._level = 0.0

    def allows(self, now: float) -> bool:
        """Count a frame; False if it is one too many. `now` is in seconds."""
        self._level = max(0.0, self._level - (now - self._at) * _PACE) + 1
        self._at = now
        return self._level <= BURST


class Connection:
    """One client's socket: a `Listener` of its game's hub."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        line: Line,
        hub: Hub,
        session: Session,
        viewer: Viewer,
    ) -> None:
        self.session = session
        self.account = session.caller.account
        self.viewer = viewer
        self._socket = socket
        self._line = line
        self._hub = hub
        self._loop = asyncio.get_running_loop()
        self._pace = Pace(self._loop.time())
        self._closing: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Serve the client until it goes or is cut."""
        try:
            await self._hub.attach(self)
            async for message in self._socket:
                if message.type is not WSMsgType.TEXT:
                    self.cut(Close.TEXT_ONLY, "text frames only")
                    break
                await self._receive(message.data.encode())
        except Exception as error:
            problem = problem_of(error)
            self.cut(close_code(problem), problem.detail)
        finally:
            self._hub.detach(self)
            if self._closing is not None:
                await self._closing
            self._line.drop()

    def offer(self, frames: Sequence[bytes]) -> None:
        """Send frames; one who is too far behind is cut."""
        if self._closing is None and not self._line.send(frames):
            self.cut(Close.TOO_SLOW, "too slow: come back and resume")

    def repeat(self, frames: Iterator[bytes]) -> None:
        """Send frames that are made when they are sent."""
        if self._closing is None and not self._line.repeat(frames):
            self.cut(Close.TOO_SLOW, "too slow: come back and resume")

    def cut(self, code: Close, why: str) -> None:
        """Close with a code, after what is still to be sent; to one too slow, nothing more is."""
        if self._closing is None:
            if code is Close.TOO_SLOW:
                self._line.drop()
            self._closing = asyncio.create_task(self._close(code, why))

    async def _close(self, code: Close, why: str) -> None:
        self._loop.call_later(_GRACE, self._line.abort)
        await self._line.flush()
        await self._socket.close(code=code, message=reason(why), drain=False)

    async def _receive(self, data: bytes) -> None:
        if self._closing is not None:
            return
        if not self._pace.allows(self._loop.time()):
            self.cut(Close.TOO_MANY, "too many frames")
            return
        try:
            frame = _read(data)
        except Problem as problem:
            self.offer([frames.refused("", problem.code, problem.detail)])
            return
        if isinstance(frame, Resume):
            await self._hub.resume(self, frame.epoch, frame.cursor)
        else:
            await self._obey(frame)

    async def _obey(self, order: Order) -> None:
        hub = self._hub
        key = Key(order.id, sha256(b"frame\0" + _canonical(order.command)).digest())
        try:
            await hub.authority.act(hub.game, self.session.caller, self._make(order), key)
        except Exception as error:
            problem = problem_of(error)
            self.offer([frames.refused(order.id, problem.code, problem.detail)])
        else:
            await hub.reach(0)  # so that what the command brought about precedes its ack
            self.offer([frames.ack(order.id)])

    def _make(self, order: Order) -> commands.Make:
        make = commands.of_json(order.command)

        def for_this_seat(seat: PlayerId) -> Command:
            if seat != self.viewer:
                raise NotSeated(self._hub.game)
            return make(seat)

        return for_this_seat


_FRAMES: Final[dict[str, type[Resume] | type[Order]]] = {"resume": Resume, "command": Order}
_canonical = msgspec.json.Encoder(order="sorted").encode


def _read(data: bytes) -> Resume | Order:
    """Read a client's frame; raises a `bad_json` or `bad_request` problem."""
    value = json_door.parse(data)
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in _FRAMES:
        raise Problem(Fault.BAD_REQUEST, f'"type" must be one of: {", ".join(_FRAMES)}')
    frame = json_door.fit(value, _FRAMES[kind])
    if isinstance(frame, Order) and not commands.is_key(frame.id):
        raise Problem(Fault.BAD_REQUEST, commands.KEY_RULE)
    return frame
