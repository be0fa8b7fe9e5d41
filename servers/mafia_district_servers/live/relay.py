"""The relay: the roleplay service's socket for other services, a bus where there is no Redis.

A service connects with its token, tells what it has stored, and is told what the others have. The
frames are JSON and name a game, the version that it has reached, and the kind of news; no secret
crosses here, for whoever cares reads the log. In the relay's own process it is the bus itself.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

import msgspec
from aiohttp import WSMsgType, web

from mafia_district_servers.identity.service_tokens import Gatekeeper

PATH: Final = "/api/roleplay/ws/feed"
REACHED: Final = "reached"  # the kind of frame that names a game
_GAME: Final = "game"  # its topic on a bus
_HEARTBEAT: Final = 10.0  # seconds of silence before a ping
_MOST_BYTES: Final = 4096  # of a frame

_log = logging.getLogger(__name__)


def frame(topic: str, text: str) -> str:
    """Write a word of a bus as a frame."""
    if topic == _GAME:
        game, _, version = text.partition(" ")
        told: dict[str, Any] = {"kind": REACHED, "game": game, "version": int(version)}
    else:
        told = {"kind": topic, "text": text}
    return msgspec.json.encode(told).decode()


def word(text: str) -> tuple[str, str] | None:
    """Read a frame as a word of a bus; None if it is none."""
    try:
        told = msgspec.json.decode(text)
        if told["kind"] == REACHED:
            return _GAME, f"{told['game']} {told['version']:d}"
        return str(told["kind"]), str(told["text"])
    except (msgspec.DecodeError, KeyError, TypeError, ValueError):
        return None


def tell(hear: Callable[[str, str], None], topic: str, text: str) -> None:
    """Let somebody hear a word; one who fails at it hears the next."""
    try:
        hear(topic, text)
    except Exception:
        _log.exception("a word on %r was not understood", topic)


class Relay:
    """All services that are connected."""

    def __init__(self, gatekeeper: Gatekeeper) -> None:
        self._gatekeeper = gatekeeper
        self._open: set[web.WebSocketResponse] = set()
        self._hear: Callable[[str, str], None] = lambda topic, text: None
        self._sending: set[asyncio.Task[None]] = set()

    @property
    def session(self) -> int:
        """It is never down, for those who are connected."""
        return 1

    def send(self, topic: str, text: str) -> None:
        """Tell all who are connected."""
        self._tell(frame(topic, text), None)

    async def run(self, hear: Callable[[str, str], None]) -> None:
        """Let this process hear what is told."""
        self._hear = hear
        await asyncio.Event().wait()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Serve a service's socket until it closes; raises an `unauthorized` problem."""
        self._gatekeeper.service(request.headers)
        socket = web.WebSocketResponse(
            heartbeat=_HEARTBEAT, compress=False, max_msg_size=_MOST_BYTES
        )
        await socket.prepare(request)
        self._open.add(socket)
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._pass_on(message.data, socket)
        finally:
            self._open.discard(socket)
        return socket

    async def close(self) -> None:
        """Let all services go; they come back to whoever is there then."""
        await asyncio.gather(*(socket.close() for socket in self._open))

    def _pass_on(self, text: str, sender: web.WebSocketResponse) -> None:
        heard = word(text)
        if heard is None:
            _log.warning("a service sent a frame that is none")
            return
        tell(self._hear, *heard)
        self._tell(text, sender)

    def _tell(self, text: str, sender: web.WebSocketResponse | None) -> None:
        for socket in self._open:
            if socket is not sender:
                sending = asyncio.create_task(_send(socket, text))
                self._sending.add(sending)
                sending.add_done_callback(self._sending.discard)


async def _send(socket: web.WebSocketResponse, text: str) -> None:
    try:
        await socket.send_str(text)
    except ConnectionError:
        _log.debug("a service has gone")
