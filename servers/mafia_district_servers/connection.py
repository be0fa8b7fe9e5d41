"""A connection: one open WebSocket, with its two tasks.

The reader takes the client's frames one after another, so that a client waits for its own commands
and for nobody else's. The writer empties the outbox as fast as the client reads. A client that does
not keep up is cut with 4008 and may resume: everything that it missed is in the log.
"""

import asyncio
import contextlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Annotated, Any, Final

import attrs
import msgspec
from aiohttp import WSMsgType, web

from mafia_district.ids import Cursor, PlayerId, Viewer
from mafia_district.machine import Command
from mafia_district_servers import commands, frames, json_door
from mafia_district_servers.authority import Authority, Key, NotSeated
from mafia_district_servers.hub import Hub
from mafia_district_servers.outbox import Outbox
from mafia_district_servers.problems import AnyCode, Fault, Problem, problem_of
from mafia_district_servers.tokens import Session

BAD_TOKEN: Final = 4001
NOT_IN_SEAT: Final = 4003
NO_SUCH_GAME: Final = 4004
TOO_SLOW: Final = 4008
TOO_MANY: Final = 4029

_GRACE: Final = 5.0  # seconds that a client has to read its close frame
_PACE: Final = 50  # frames that a client may send in a second, on average
BURST: Final = 200  # frames that it may send at once
_ID: Final = 64  # most characters of a command id

_log = logging.getLogger(__name__)

# What a close code says for the problem that ends a connection; otherwise 1011, an error of ours.
CLOSE_CODES: Final[Mapping[AnyCode, int]] = {
    Fault.UNAUTHORIZED: BAD_TOKEN,
    Fault.NOT_SEATED: NOT_IN_SEAT,
    Fault.NO_SUCH_GAME: NO_SUCH_GAME,
}


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
        transport: asyncio.Transport,
        hub: Hub,
        authority: Authority,
        session: Session,
        viewer: Viewer,
        outbox: Outbox,
    ) -> None:
        self.session = session
        self.account = session.caller.account
        self.viewer = viewer
        self.gone = asyncio.Event()
        self._socket = socket
        self._transport = transport
        self._hub = hub
        self._authority = authority
        self._outbox = outbox
        self._loop = asyncio.get_running_loop()
        self._pace = Pace(self._loop.time())
        self._writer = asyncio.create_task(self._write())
        self._closing: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Serve the client until it goes or is cut."""
        try:
            await self._hub.attach(self)
            async for message in self._socket:
                if message.type is not WSMsgType.TEXT:
                    self.cut(1003, "text frames only")
                    break
                await self._receive(message.data.encode())
        except Exception as error:
            problem = problem_of(error)
            self.cut(CLOSE_CODES.get(problem.code, 1011), problem.detail)
        finally:
            self._hub.detach(self)
            if self._closing is not None:
                await self._closing
            self._writer.cancel()
            self.gone.set()

    def offer(self, frames: Sequence[bytes]) -> None:
        """Take frames to send; a full outbox ends the connection."""
        if self._closing is None and not self._outbox.offer(frames):
            self.cut(TOO_SLOW, "too slow: come back and resume")

    def repeat(self, frames: Iterator[bytes]) -> None:
        """Take frames to send that are made when they are sent."""
        if self._closing is None and not self._outbox.repeat(frames):
            self.cut(TOO_SLOW, "too slow: come back and resume")

    def cut(self, code: int, reason: str) -> None:
        """Close with a code, after what is still to be sent; to one too slow, nothing more is."""
        if self._closing is None:
            if code == TOO_SLOW:
                self._writer.cancel()
            self._outbox.close()
            self._closing = asyncio.create_task(self._close(code, reason))

    async def _close(self, code: int, reason: str) -> None:
        self._loop.call_later(_GRACE, self._transport.abort)
        await asyncio.wait((self._writer,))
        await self._socket.close(code=code, message=reason.encode()[:120], drain=False)

    async def _write(self) -> None:
        with contextlib.suppress(ConnectionError):
            while (frame := await self._outbox.next()) is not None:
                await self._socket.send_frame(frame, WSMsgType.TEXT)

    async def _receive(self, data: bytes) -> None:
        if not self._pace.allows(self._loop.time()):
            self.cut(TOO_MANY, "too many frames")
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
        key = Key(order.id, sha256(b"frame\0" + _canonical(order.command)).digest())
        try:
            await self._authority.act(self._hub.game, self.session.caller, self._make(order), key)
        except Exception as error:
            problem = problem_of(error)
            self.offer([frames.refused(order.id, problem.code, problem.detail)])
        else:
            await self._hub.reach(0)  # so that what the command brought about precedes its ack
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
    """Read a client's frame; raises a `bad_json` problem."""
    value = json_door.parse(data)
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in _FRAMES:
        raise Problem(Fault.BAD_JSON, f'"type" must be one of: {", ".join(_FRAMES)}')
    frame = json_door.fit(value, _FRAMES[kind])
    if isinstance(frame, Order) and not commands.is_key(frame.id):
        raise Problem(Fault.BAD_JSON, commands.KEY_RULE)
    return frame
