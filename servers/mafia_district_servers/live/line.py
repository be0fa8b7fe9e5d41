"""The line: the way out to one client, which never makes the sender wait.

What a client that keeps up is sent is written at once. What one that does not is sent waits in an
outbox, which a writer empties as fast as the client reads; it exists only while something waits.
"""

import asyncio
import contextlib
import socket
from collections.abc import Iterator, Sequence
from typing import Final

from aiohttp.abc import AbstractStreamWriter

from mafia_district_servers.live.outbox import Outbox

_CHUNK: Final = 16 * 1024  # bytes that are written together
_SEND_BUFFER: Final = 64 * 1024  # bytes that the system may hold for a client


class Line:
    """One client's end of the wire; `stream` is the library's, which knows when to go on."""

    __slots__ = ("_outbox", "_stream", "_transport", "_writing")

    def __init__(
        self, transport: asyncio.Transport, stream: AbstractStreamWriter, outbox: Outbox
    ) -> None:
        self._transport = transport
        self._stream = stream
        self._outbox = outbox
        self._writing: asyncio.Task[None] | None = None
        plug = transport.get_extra_info("socket")
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)

    def send(self, frames: Sequence[bytes]) -> bool:
        """Send frames, now or after what waits; False if the client is too far behind."""
        if self._writing is None and self._transport.get_write_buffer_size() == 0:
            self._write(b"".join(frames))
            return True
        return self._later(self._outbox.offer(frames))

    def repeat(self, frames: Iterator[bytes]) -> bool:
        """Send frames that are made when they are sent; False if the client is too far behind."""
        return self._later(self._outbox.repeat(frames))

    async def flush(self) -> None:
        """Wait until nothing waits any more, or the line is down."""
        if self._writing is not None:
            await asyncio.wait((self._writing,))

    def drop(self) -> None:
        """Forget what waits."""
        if self._writing is not None:
            self._writing.cancel()

    def abort(self) -> None:
        """Hang up."""
        self._transport.abort()

    def _write(self, data: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(data)

    def _later(self, fits: bool) -> bool:
        if fits and self._writing is None:
            self._writing = asyncio.create_task(self._empty())
        return fits

    async def _empty(self) -> None:
        """Write what waits; between two chunks others go first."""
        with contextlib.suppress(ConnectionError):
            while frames := self._outbox.take(_CHUNK):
                self._write(frames)
                await self._stream.drain()
                await asyncio.sleep(0)
        self._writing = None
