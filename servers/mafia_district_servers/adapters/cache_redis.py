"""A cache in Redis, which all processes of a server share.

It can do without Redis: then it has forgotten everything, and keeps nothing.
"""

import re
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Final

from redis.asyncio import Redis

from mafia_district.ids import Millis
from mafia_district_servers.adapters.redis_link import RedisLink, raw
from mafia_district_servers.ports import CacheStats

_PREFIX: Final = "mafia-district:cache:"
_AT_ONCE: Final = 1_000  # keys that are looked at in one go
_GLOB: Final = re.compile(r"[][*?^\\-]")  # what means more than itself in a pattern


class RedisCache:
    """Keeps values under a prefix of its own; never raises, and waits for a quarter of a second.

    While Redis is away, or does not answer in time:

    * `get` gives None and `set` does nothing: any value may be forgotten at any moment;
    * `drop` may come to nothing: what must not be stale has to be kept for a short time only;
    * `clear` ends where it has come to, and `stats` counts no entries.

    Hits and misses are those of this process. Two caches with one URL and one prefix are one.
    """

    def __init__(self, url: str, prefix: str = _PREFIX) -> None:
        self._link = RedisLink(url, "the cache")
        self._prefix = prefix
        self._hits = self._misses = 0

    async def get(self, key: str) -> bytes | None:
        """Look a value up."""
        name = raw(self._prefix + key)
        value = await self._link.ask(lambda redis: redis.get(name))
        if not isinstance(value, bytes):
            self._misses += 1
            return None
        self._hits += 1
        return value

    async def set(self, key: str, value: bytes, ttl: Millis) -> None:
        """Keep a value, for so many milliseconds at most."""
        name = raw(self._prefix + key)
        if ttl > 0:
            await self._link.ask(lambda redis: redis.set(name, value, px=ttl))
        else:
            await self._link.ask(lambda redis: redis.delete(name))

    async def drop(self, key: str) -> None:
        """Forget a value."""
        name = raw(self._prefix + key)
        await self._link.ask(lambda redis: redis.delete(name))

    async def clear(self) -> None:
        """Forget everything under the prefix, and this process's hits and misses.

        Goes through all that Redis holds, step by step; only each step is short.
        """
        self._hits = self._misses = 0
        async for names in self._names():
            await self._link.ask(partial(_unlink, names))

    async def stats(self) -> CacheStats:
        """Count entries, hits and misses; goes through all that Redis holds, as `clear` does."""
        entries = 0
        async for names in self._names():
            entries += len(names)
        return CacheStats(entries, self._hits, self._misses)

    async def close(self) -> None:
        """Let go of Redis."""
        await self._link.close()

    async def _names(self) -> AsyncIterator[Sequence[bytes | str]]:
        """Go through the names of what is kept, in groups; ends early if Redis goes away."""
        pattern = _GLOB.sub(r"\\\g<0>", self._prefix) + "*"
        cursor = 0
        while True:
            step = await self._link.ask(partial(_scan, cursor, pattern))
            if step is None:
                return
            cursor, names = step
            if names:
                yield names
            if cursor == 0:
                return


async def _scan(cursor: int, pattern: str, redis: Redis) -> tuple[int, Sequence[bytes | str]]:
    cursor, names = await redis.scan(cursor, match=pattern, count=_AT_ONCE)
    return cursor, names


async def _unlink(names: Sequence[bytes | str], redis: Redis) -> None:
    await redis.unlink(*names)
