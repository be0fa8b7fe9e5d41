"""The outbox: what one socket has yet to be sent, bounded by count and by bytes.

Whoever publishes never waits for a client: an offer is taken or it is not, and a socket whose
outbox is full is cut. A repeat that a client asked for waits in its place in the row as one item of
no size, for it is drawn from the log only as fast as the client takes it.
"""

import asyncio
from collections import deque
from collections.abc import Iterator, Sequence


class Outbox:
    """Frames in the order in which they will leave; one writer takes them."""

    __slots__ = ("_bytes", "_closed", "_items", "_most_bytes", "_most_items", "_repeat", "_wake")

    def __init__(self, most_items: int, most_bytes: int) -> None:
        self._most_items = most_items
        self._most_bytes = most_bytes
        self._items: deque[bytes | Iterator[bytes]] = deque()
        self._bytes = 0
        self._closed = False
        self._repeat: Iterator[bytes] = iter(())
        self._wake = asyncio.Event()

    def offer(self, frames: Sequence[bytes]) -> bool:
        """Add frames; False, and nothing is added, if they do not fit."""
        return self._add(frames, sum(map(len, frames)))

    def repeat(self, frames: Iterator[bytes]) -> bool:
        """Add a row of frames that are made when they are sent; False if it does not fit."""
        return self._add((frames,), 0)

    def close(self) -> None:
        """Take no more frames; those that are waiting may still be sent."""
        self._closed = True
        self._wake.set()

    async def next(self) -> bytes | None:
        """Take the next frame, waiting for one if there is none; None when no more will come."""
        while True:
            for frame in self._repeat:
                return frame
            while not self._items:
                if self._closed:
                    return None
                self._wake.clear()
                await self._wake.wait()
            item = self._items.popleft()
            if isinstance(item, bytes):
                self._bytes -= len(item)
                return item
            self._repeat = item

    def _add(self, items: Sequence[bytes | Iterator[bytes]], size: int) -> bool:
        if self._bytes + size > self._most_bytes:
            return False
        if len(self._items) + len(items) > self._most_items:
            return False
        self._bytes += size
        self._items.extend(items)
        self._wake.set()
        return True
