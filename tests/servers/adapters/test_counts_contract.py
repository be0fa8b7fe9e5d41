"""The counts' contract, and what those in Redis do besides."""

import asyncio
import secrets
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from redis.asyncio import Redis as Client

from mafia_district.ids import Millis
from mafia_district_servers.adapters.counts_memory import MemoryCounts
from mafia_district_servers.adapters.counts_redis import RedisCounts
from mafia_district_servers.ports import Counts

from ..real_servers import Redis
from ..real_time import until
from ..virtual import VirtualClock, in_loop

MINUTE = 60_000


class CountsContract(ABC):
    """What all counts must do; a class of their own says how they are opened."""

    @abstractmethod
    def opened(self) -> AbstractAsyncContextManager[Counts]:
        """Open counts of which there are none yet."""

    @abstractmethod
    async def over(self, counts: Counts, name: str, ttl: Millis) -> None:
        """Let a window pass."""

    @in_loop
    async def test_each_count_is_added_to(self) -> None:
        """Given counts that are settled several times, the totals of those named are told."""
        async with self.opened() as counts:
            assert await counts.settle({"a": 2, "b: \u00e9": 5}, MINUTE) == {"a": 2, "b: \u00e9": 5}
            assert await counts.settle({"a": 3, "c": 0}, MINUTE) == {"a": 5, "c": 0}
            assert await counts.settle({"a": -1, "b: \u00e9": 1}, MINUTE) == {
                "a": 4,
                "b: \u00e9": 6,
            }
            assert await counts.settle({}, MINUTE) == {}
            assert await counts.settle({"\ud800": 1}, MINUTE) == {"\ud800": 1}

    @in_loop
    async def test_a_window_begins_with_the_first(self) -> None:
        """Given counts that go on all the time, their windows end, each when it has to."""
        async with self.opened() as counts:
            await counts.settle({"a": 7}, 300)
            await counts.settle({"b": 1}, MINUTE)
            await self.over(counts, "a", 300)
            assert await counts.settle({"a": 1, "b": 1}, MINUTE) == {"a": 1, "b": 2}

    @in_loop
    async def test_none_of_many_is_lost(self) -> None:
        """Given forty who count at once, the last one is told of all."""
        async with self.opened() as counts:
            told = await asyncio.gather(*(counts.settle({"a": 1}, MINUTE) for _ in range(40)))
            assert sorted(totals["a"] for totals in told) == list(range(1, 41))


class TestMemoryCounts(CountsContract):
    """The counts in this process."""

    clock: VirtualClock

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Counts]:
        """Open counts under a virtual clock."""
        self.clock = VirtualClock()
        yield MemoryCounts(self.clock)

    async def over(self, counts: Counts, name: str, ttl: Millis) -> None:
        """Jump to the last instant, and then behind it."""
        self.clock.jump(ttl - 1)
        assert (await counts.settle({name: 0}, ttl))[name] > 0
        self.clock.jump(1)

    @in_loop
    async def test_what_is_over_takes_no_room(self) -> None:
        """Given a thousand windows that are over, none of them is kept."""
        async with self.opened() as counts:
            assert isinstance(counts, MemoryCounts)
            for number in range(1_000):
                self.clock.jump(1)
                await counts.settle({str(number): 1}, 50)
            assert len(counts) <= 51
            self.clock.jump(50)
            await counts.settle({"last": 1}, 50)
            assert len(counts) == 1


class TestRedisCounts(CountsContract):
    """The counts in Redis, under a prefix that no other test has."""

    url: str

    @pytest.fixture(autouse=True)
    def _redis(self, redis_url: str) -> None:
        self.url = redis_url

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Counts]:
        """Open counts, and leave nothing behind."""
        prefix = f"test:{secrets.token_hex(8)}:"
        counts = RedisCounts(self.url, prefix)
        yield counts
        await counts.close()
        async with Client.from_url(self.url) as raw:
            for name in [name async for name in raw.scan_iter(f"{prefix}*", count=1_000)]:
                assert 0 < await raw.pttl(name) <= MINUTE, "each count ends some time"
                await raw.delete(name)

    async def over(self, counts: Counts, name: str, ttl: Millis) -> None:
        """Count on and on until the window is over, which must not put it off."""

        async def begun() -> bool:
            return (await counts.settle({name: 0}, 1))[name] == 0

        await until(begun, ttl / 1000 + 2)

    @in_loop
    async def test_two_processes_count_together(self) -> None:
        """Given two servers, each is told what both have counted."""
        prefix = f"test:{secrets.token_hex(8)}:"
        one, two = RedisCounts(self.url, prefix), RedisCounts(self.url, prefix)
        await one.settle({"a": 2}, 1_000)
        assert await two.settle({"a": 3}, 1_000) == {"a": 5}
        await one.close()
        await two.close()


@in_loop
async def test_without_redis_nothing_is_told(redis_server: Redis) -> None:
    """Given a Redis that hangs, is killed and comes back, counts are away, quickly, and return."""
    counts = RedisCounts(redis_server.url)

    async def told() -> bool:
        return bool(await counts.settle({"a": 1}, 1_000))

    assert await told()
    redis_server.freeze()
    async with asyncio.timeout(0.4):
        assert await counts.settle({"a": 1}, 1_000) == {}
    redis_server.kill9()
    async with asyncio.timeout(0.4):
        assert await counts.settle({"a": 1}, 1_000) == {}
    redis_server.start()
    await until(told, 3)
    await counts.close()
