"""The outbox: what one socket could not be sent at once, bounded by count and by bytes.

Whoever publishes never waits for a client: an offer is taken or it is not, and a socket whose
outbox is full is cut. A repeat that a client asked for waits in its place in the row as one item of
no size, for it is drawn from the log only as fast as the client takes it. Few of those may wait at
once: each holds on to a whole history.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

Item: TypeAlias = bytes | Iterator[bytes]

MOST_REPEATS: Final = 4


class Outbox:
    """Frames in the order in which they will leave."""

    __slots__ = ("_bytes", "_items", "_most_bytes", "_most_items", "_repeats")

    def __init__(self, most_items: int, most_bytes: int) -> None:
        self._most_items = most_items
        self._most_bytes = most_bytes
        self._items: deque[Item] = deque()
        self._bytes = 0
        self._repeats = 0

    def offer(self, frames: Sequence[bytes]) -> bool:
        """Add frames; False, and nothing is added, if they do not fit."""
        return self._add(frames, sum(map(len, frames)))

    def repeat(self, frames: Iterator[bytes]) -> bool:
        """Add a row of frames that are made when they are sent; False if it does not fit."""
        if self._repeats == MOST_REPEATS or not self._add((frames,), 0):
            return False
        self._repeats += 1
        return True

    def take(self, enough: int) -> bytes:
        """Take the next frames, together, until there are bytes enough; none if it is empty."""
        taken = bytearray()
        while self._items and len(taken) < enough:
            item = self._items[0]
            frame = item if isinstance(item, bytes) else next(item, b"")
            if item is frame:
                self._items.popleft()
                self._bytes -= len(frame)
            elif not frame:
                self._items.popleft()
                self._repeats -= 1
            taken += frame
        return bytes(taken)

    def _add(self, items: Sequence[Item], size: int) -> bool:
        if self._bytes + size > self._most_bytes:
            return False
        if len(self._items) + len(items) > self._most_items:
            return False
        self._bytes += size
        self._items.extend(items)
        return True
