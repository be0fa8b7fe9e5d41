"""A resumable stream: what one viewer may see of a game, over however many connections it takes.

The server's event frames carry no number. The stream counts two places: `here`, the events that it
has given out, and `there`, where the server is in what it sends. A snapshot or an `at` frame says
where the server is, and each event moves it on by one. An event behind `here` was given out before
and is dropped, the next one is given out, and a server further ahead means that some were missed:
the stream asks for them. So each event comes out exactly once and in order.
"""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias

import aiohttp
import msgspec

from mafia_district.ids import Cursor
from mafia_district_servers.live.closing import Close

Frame: TypeAlias = dict[str, Any]
Connect: TypeAlias = Callable[[bool], Awaitable[aiohttp.ClientWebSocketResponse]]
"""Opens a socket; True asks for a new token first, for the last one was refused."""

# Close codes after which coming back would end the same way, or in turns with another.
FINAL: Final = (Close.NOT_IN_SEAT, Close.NO_SUCH_GAME, Close.REPLACED, Close.TOO_MANY)

_FIRST_WAIT: Final = 0.1  # seconds before the second try, at most
_LONGEST_WAIT: Final = 10.0


class StreamEnded(Exception):
    """The server closed the stream for good; the message says why, in the server's words."""


class BackOff:
    """How long to wait before trying again: up to twice as long each time, and never in step."""

    def __init__(self) -> None:
        self._tries = 0

    def reset(self) -> None:
        """Begin anew, after a success."""
        self._tries = 0

    async def wait(self) -> None:
        """Wait a random time."""
        limit = min(_LONGEST_WAIT, _FIRST_WAIT * 2**self._tries)
        self._tries += 1
        await asyncio.sleep(random.uniform(0, limit))  # noqa: S311 - spreads load, hides nothing


class Stream:
    """One viewer's frames, from the game's first event on; `connect` raises aiohttp's errors."""

    def __init__(self, connect: Connect) -> None:
        self.epoch = ""
        self.here: Cursor = 0
        self._there: Cursor = 0
        self._end: Cursor = 0
        self._connect = connect
        self._refused = False
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._back_off = BackOff()

    @property
    def behind(self) -> bool:
        """Whether events are still to come that the server had already told of."""
        return self.here < self._end

    async def send(self, data: bytes) -> None:
        """Send a frame if there is a connection; what is lost must be sent again."""
        if self._socket is not None:
            with contextlib.suppress(ConnectionError):
                await self._socket.send_frame(data, aiohttp.WSMsgType.TEXT)

    async def next(self) -> Frame:
        """Give the next frame, connecting and resuming where needed; cancelling loses nothing.

        Events come exactly once, other frames as they are. A snapshot comes after each connect: the
        sign to repeat what was sent and not acknowledged, and in another epoch to forget all
        events. Raises StreamEnded.
        """
        while True:
            frame = await self._receive()
            if frame["type"] == "event":
                if self._is_next():
                    return frame
            else:
                if frame["type"] in ("snapshot", "at"):
                    await self._place(frame["epoch"], frame["cursor"])
                return frame

    async def close(self) -> None:
        """Close the connection."""
        if self._socket is not None:
            await self._socket.close()

    async def _receive(self) -> Frame:
        while True:
            socket = self._socket or await self._open()
            message = await socket.receive()
            if message.type is aiohttp.WSMsgType.TEXT:
                self._back_off.reset()
                frame: Frame = msgspec.json.decode(message.data)
                return frame
            await self._lose(message)

    async def _open(self) -> aiohttp.ClientWebSocketResponse:
        while True:
            try:
                self._socket = await self._connect(self._refused)
            except (aiohttp.ClientError, OSError, TimeoutError):
                await self._back_off.wait()
            else:
                return self._socket

    async def _lose(self, last: aiohttp.WSMessage) -> None:
        """Let go of a connection that was closed with a code and a reason, or that broke."""
        self._socket = None
        code = last.data if last.type is aiohttp.WSMsgType.CLOSE else None
        if code in FINAL:
            raise StreamEnded(last.extra)
        self._refused = code == Close.BAD_TOKEN
        await self._back_off.wait()

    def _is_next(self) -> bool:
        self._there += 1
        if self._there != self.here + 1:
            return False
        self.here = self._there
        return True

    async def _place(self, epoch: str, cursor: Cursor) -> None:
        """Note where the server is; ask for what was missed."""
        if epoch != self.epoch:
            self.epoch, self.here, self._end = epoch, 0, 0
        self._there = cursor
        self._end = max(self._end, cursor)
        if cursor > self.here:
            resume = {"type": "resume", "epoch": epoch, "cursor": self.here}
            await self.send(msgspec.json.encode(resume))
