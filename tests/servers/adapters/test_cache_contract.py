"""The cache's contract, and what the one in memory and the one in Redis do besides."""

import asyncio
import logging
import secrets
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from redis.asyncio import Redis as Client

from mafia_district.ids import Millis
from mafia_district_servers.adapters.cache_memory import MemoryCache
from mafia_district_servers.adapters.cache_redis import RedisCache
from mafia_district_servers.ports import Cache, CacheStats

from ..real_servers import Redis, free_port
from ..real_time import until
from ..virtual import VirtualClock, in_loop

MINUTE = 60_000
ODD = ("", " ", "a:b*c?[d]", "\u00e9\n\x00", "\ud800", "x" * 10_000)  # keys


class CacheContract(ABC):
    """What every cache must do; a cache's own class says how one is opened, and how time passes."""

    @abstractmethod
    def opened(self) -> AbstractAsyncContextManager[Cache]:
        """Open an empty cache, and close it in the end."""

    @abstractmethod
    async def passed(self, cache: Cache, key: str, ttl: Millis) -> None:
        """Let the time of a value pass; fails if that is early or late."""

    @in_loop
    async def test_a_cache_forgets_what_is_too_old(self) -> None:
        """Given a value for a while, it is there until then, and its place is free afterwards."""
        async with self.opened() as cache:
            await cache.set("a", b"1", 300)
            assert await cache.get("a") == b"1"
            await self.passed(cache, "a", 300)
            assert await cache.get("a") is None
            await cache.set("a", b"2", MINUTE)
            await cache.set("a", b"3", 300)
            assert await cache.get("a") == b"3"
            await self.passed(cache, "a", 300)
            assert await cache.get("a") is None

    @in_loop
    async def test_hits_and_misses_are_counted(self) -> None:
        """Given values that are asked for, a cache says how it does, until it is cleared."""
        async with self.opened() as cache:
            await cache.set("a", b"1", MINUTE)
            await cache.set("b", b"2", MINUTE)
            assert [await cache.get(key) for key in "abca"] == [b"1", b"2", None, b"1"]
            assert await cache.stats() == CacheStats(entries=2, hits=3, misses=1)
            await cache.clear()
            assert await cache.stats() == CacheStats(0, 0, 0)
            assert await cache.get("a") is None

    @in_loop
    async def test_a_value_can_be_dropped(self) -> None:
        """Given values, one that is dropped is gone, and dropping what is not there is nothing."""
        async with self.opened() as cache:
            await cache.set("a", b"1", MINUTE)
            await cache.set("b", b"2", MINUTE)
            for key in ("a", "a", "c"):
                await cache.drop(key)
            assert [await cache.get(key) for key in "ab"] == [None, b"2"]

    @in_loop
    async def test_any_key_and_any_bytes_will_do(self) -> None:
        """Given odd keys and values, each comes back as it was."""
        async with self.opened() as cache:
            for number, key in enumerate(ODD):
                await cache.set(key, bytes(range(256)) * number, MINUTE)
            for number, key in enumerate(ODD):
                assert await cache.get(key) == bytes(range(256)) * number
            assert (await cache.stats()).entries == len(ODD)

    @in_loop
    async def test_a_value_for_no_time_is_none(self) -> None:
        """Given a value for no time at all, what was there is gone, and nothing is there."""
        async with self.opened() as cache:
            await cache.set("a", b"1", MINUTE)
            await cache.set("a", b"2", 0)
            assert await cache.get("a") is None
            await cache.set("a", b"3", -5)
            assert await cache.get("a") is None


class TestMemoryCache(CacheContract):
    """The cache in this process."""

    clock: VirtualClock

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Cache]:
        """Open a cache under a virtual clock."""
        self.clock = VirtualClock()
        yield MemoryCache(self.clock)

    async def passed(self, cache: Cache, key: str, ttl: Millis) -> None:
        """Jump to the last instant, and then behind it."""
        if ttl > 1:
            self.clock.jump(ttl - 1)
            assert await cache.get(key) is not None
        self.clock.jump(1)

    @in_loop
    async def test_a_full_cache_forgets_what_was_not_used(self) -> None:
        """Given room for two values, the one not looked at for longest makes place."""
        cache = MemoryCache(VirtualClock(), most=2)
        await cache.set("a", b"1", 1_000)
        await cache.set("b", b"2", 1_000)
        await cache.get("a")
        await cache.set("c", b"3", 1_000)
        assert [await cache.get(key) for key in "abc"] == [b"1", None, b"3"]


class TestRedisCache(CacheContract):
    """The cache in Redis, under a prefix that no other test has."""

    url: str

    @pytest.fixture(autouse=True)
    def _redis(self, redis_url: str) -> None:
        self.url = redis_url

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Cache]:
        """Open a cache, and leave nothing behind."""
        cache = RedisCache(self.url, f"test:{secrets.token_hex(8)}[a-c]*:")
        try:
            yield cache
            await cache.clear()
        finally:
            await cache.close()

    async def passed(self, cache: Cache, key: str, ttl: Millis) -> None:
        """Wait until the value is gone, which is not at once."""
        began = time.monotonic()

        async def gone() -> bool:
            return await cache.get(key) is None

        await until(gone, ttl / 1000 + 2)
        assert ttl == 1 or time.monotonic() - began > ttl / 1000 - 0.2

    @in_loop
    async def test_only_its_own_values_are_cleared(self) -> None:
        """Given other caches and other programs, a cache clears and counts nothing of theirs."""
        async with self.opened() as cache, self.opened() as other, Client.from_url(self.url) as raw:
            theirs = f"test:{secrets.token_hex(8)}"
            await raw.set(theirs, b"1", px=MINUTE)
            await other.set("a", b"2", MINUTE)
            for number in range(2_500):
                await cache.set(str(number), b"", MINUTE)
            assert (await cache.stats()).entries == 2_500
            await cache.clear()
            assert (await cache.stats()).entries == 0
            assert await other.get("a") == b"2"
            assert await raw.getdel(theirs) == b"1"

    @in_loop
    async def test_two_processes_share_one_cache(self) -> None:
        """Given two caches on one prefix, what the one keeps the other finds."""
        prefix = f"test:{secrets.token_hex(8)}:"
        one, two = RedisCache(self.url, prefix), RedisCache(self.url, prefix)
        await one.set("a", b"1", MINUTE)
        assert await two.get("a") == b"1"
        await two.drop("a")
        assert await one.get("a") is None
        await one.set("a", b"1", MINUTE)
        await two.clear()
        assert await one.get("a") is None
        await one.close()
        await two.close()

    @in_loop
    async def test_a_wrong_type_is_a_miss(self) -> None:
        """Given something at the key that is no value, the cache finds nothing and goes on."""
        prefix = f"test:{secrets.token_hex(8)}:"
        cache = RedisCache(self.url, prefix)
        async with Client.from_url(self.url) as raw:
            await raw.lpush(f"{prefix}a", "1")
            assert await cache.get("a") is None
            await raw.delete(f"{prefix}a")
        await until(lambda: keeps(cache))
        await cache.clear()
        await cache.close()


async def keeps(cache: Cache) -> bool:
    """Tell whether a value is kept."""
    key = secrets.token_hex(8)
    await cache.set(key, b"1", MINUTE)
    return await cache.get(key) == b"1"


async def timed(cache: Cache) -> list[object]:
    """Use a cache in every way; fails if one takes too long."""
    told: list[object] = []
    for ask in (
        cache.get("a"), cache.set("a", b"2", MINUTE), cache.drop("b"),
        cache.clear(),
    ):  # fmt: skip
        async with asyncio.timeout(0.4):
            told.append(await ask)
    async with asyncio.timeout(0.4):
        told.append((await cache.stats()).entries)
    return told


AWAY = [None, None, None, None, 0]


@in_loop
async def test_a_cache_outlives_its_redis(
    redis_server: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    """Given a Redis killed in mid-traffic, nothing is raised, and the cache heals by itself."""
    caplog.set_level(logging.INFO, "mafia_district_servers")
    cache, ended = RedisCache(redis_server.url), False
    asked = 0

    async def traffic() -> None:
        nonlocal asked
        while not ended:
            await cache.set("t", b"1", MINUTE)
            assert await cache.get("t") in (b"1", None)
            asked += 1
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        for _ in range(20):
            group.create_task(traffic())
        await until(lambda: asked > 200)
        assert caplog.messages == []
        redis_server.kill9()
        await until(lambda: len(caplog.messages) == 1)
        assert await timed(cache) == AWAY
        redis_server.start()
        await until(lambda: keeps(cache), 3)
        more = asked
        await until(lambda: asked > more + 200)
        ended = True
    assert [message.split(":")[1] for message in caplog.messages] == [" away", " back again"]
    await cache.clear()
    await cache.close()


@in_loop
async def test_a_hanging_redis_costs_one_short_wait(redis_server: Redis) -> None:
    """Given a Redis that hangs, one waits a moment, the rest do not, and it heals by itself."""
    cache = RedisCache(redis_server.url)
    await cache.set("a", b"1", MINUTE)
    redis_server.freeze()
    began = time.monotonic()
    async with asyncio.timeout(0.4):
        assert await asyncio.gather(*(cache.get("a") for _ in range(100))) == [None] * 100
    assert time.monotonic() - began > 0.2
    async with asyncio.timeout(0.1):
        assert [await cache.get("a") for _ in range(1_000)] == [None] * 1_000
    assert await timed(cache) == AWAY
    redis_server.thaw()
    await until(lambda: keeps(cache), 3)
    await cache.clear()
    await cache.close()


@in_loop
async def test_a_redis_that_was_never_there_is_away() -> None:
    """Given an address where nobody listens, the cache answers as one that forgets everything."""
    cache = RedisCache(f"redis://127.0.0.1:{free_port()}/0")
    assert await timed(cache) == AWAY
    await cache.close()
