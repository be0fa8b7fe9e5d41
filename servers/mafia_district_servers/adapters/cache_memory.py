"""A cache in this process: bounded, the least recently used entry goes first."""

from collections import OrderedDict
from typing import Final

from mafia_district.ids import Instant, Millis
from mafia_district_servers.ports import CacheStats, Clock

_MOST: Final = 10_000  # entries


class MemoryCache:
    """Keeps values until they are too old or too many."""

    def __init__(self, clock: Clock, most: int = _MOST) -> None:
        self._clock = clock
        self._most = most
        self._kept: OrderedDict[str, tuple[Instant, bytes]] = OrderedDict()
        self._hits = self._misses = 0

    async def get(self, key: str) -> bytes | None:
        """Look a value up."""
        value = self._fresh(key)
        if value is None:
            self._misses += 1
        else:
            self._hits += 1
        return value

    async def set(self, key: str, value: bytes, ttl: Millis) -> None:
        """Keep a value, for so many milliseconds at most."""
        self._kept[key] = self._clock.now() + ttl, value
        self._kept.move_to_end(key)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)

    async def drop(self, key: str) -> None:
        """Forget a value."""
        self._kept.pop(key, None)

    async def clear(self) -> None:
        """Forget everything, the counts included."""
        self._kept.clear()
        self._hits = self._misses = 0

    async def stats(self) -> CacheStats:
        """Count entries, hits and misses."""
        return CacheStats(len(self._kept), self._hits, self._misses)

    def _fresh(self, key: str) -> bytes | None:
        until, value = self._kept.get(key, (0, b""))
        if until <= self._clock.now():
            self._kept.pop(key, None)
            return None
        self._kept.move_to_end(key)
        return value
