"""Counts in Redis, which all processes of a server share."""

from collections.abc import Mapping
from typing import Final

from redis.asyncio import Redis

from mafia_district.ids import Millis
from mafia_district_servers.adapters.redis_link import RedisLink, raw

_PREFIX: Final = "mafia-district:count:"


class RedisCounts:
    """Counts under a prefix of its own; never raises, and waits a quarter of a second at most.

    Nothing is told while Redis is away. If it only did not answer in time, it may still have
    counted: whoever counts the same again counts it twice.
    """

    def __init__(self, url: str, prefix: str = _PREFIX) -> None:
        self._link = RedisLink(url, "counts")
        self._prefix = prefix

    async def settle(self, counted: Mapping[str, int], ttl: Millis) -> Mapping[str, int]:
        """Add to each count and give the totals; nothing at all while Redis is away."""
        if not counted:
            return {}

        async def add(redis: Redis) -> list[int]:
            # One transaction: within it no count ends, so that none is made that never ends.
            async with redis.pipeline(transaction=True) as pipe:
                for name, more in counted.items():
                    key = raw(self._prefix + name)
                    pipe.set(key, 0, px=max(ttl, 1), nx=True)
                    pipe.incrby(key, more)
                return (await pipe.execute())[1::2]

        totals = await self._link.ask(add)
        return {} if totals is None else dict(zip(counted, totals, strict=True))

    async def close(self) -> None:
        """Let go of Redis."""
        await self._link.close()
