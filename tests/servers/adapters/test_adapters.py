"""The small adapters: cache and feed in memory, the system's clock and names."""

import asyncio
import re

from mafia_district_servers.adapters.cache_memory import MemoryCache
from mafia_district_servers.adapters.clock import SystemClock, SystemIds
from mafia_district_servers.adapters.feed_memory import MemoryFeed
from mafia_district_servers.games.waiting import before
from mafia_district_servers.ports import CacheStats

from ..virtual import VirtualClock, in_loop, settle


@in_loop
async def test_a_cache_forgets_what_is_too_old() -> None:
    """Given a value for a second, it is there until then, and its place is free afterwards."""
    clock = VirtualClock()
    cache = MemoryCache(clock)
    assert await cache.add("a", b"1", 1_000)
    assert not await cache.add("a", b"2", 1_000)
    clock.jump(999)
    assert await cache.get("a") == b"1"
    clock.jump(1)
    assert await cache.get("a") is None
    assert await cache.add("a", b"2", 1_000)
    await cache.set("a", b"3", 1_000)
    assert await cache.get("a") == b"3"
    assert await cache.stats() == CacheStats(entries=1, hits=2, misses=1)
    await cache.clear()
    assert await cache.stats() == CacheStats(0, 0, 0)


@in_loop
async def test_a_full_cache_forgets_what_was_not_used() -> None:
    """Given room for two values, the one not looked at for longest makes place."""
    cache = MemoryCache(VirtualClock(), most=2)
    await cache.set("a", b"1", 1_000)
    await cache.set("b", b"2", 1_000)
    await cache.get("a")
    await cache.set("c", b"3", 1_000)
    assert [await cache.get(key) for key in "abc"] == [b"1", None, b"3"]


@in_loop
async def test_a_feed_tells_the_latest_and_loses_none() -> None:
    """Given versions that come faster than they are heard, the latest is told, once."""
    feed = MemoryFeed()
    async with feed.subscribe("g") as changes, feed.subscribe("g") as others:
        for version in (1, 3, 2):
            feed.publish("g", version)
        feed.publish("other", 9)
        assert await anext(changes) == 3
        assert await anext(others) == 3
        given_up = asyncio.ensure_future(anext(changes))
        await settle()
        given_up.cancel()
        feed.publish("g", 4)
        assert await anext(changes) == 4
        assert list(feed.listened()) == ["g"]
    feed.publish("g", 5)
    assert list(feed.listened()) == []


@in_loop
async def test_waiting_ends_with_the_news_or_the_instant() -> None:
    """Given something awaited for a second at most, whichever comes first ends the waiting."""
    clock, news = VirtualClock(), asyncio.Event()
    waiting = asyncio.ensure_future(before(clock, clock.now() + 1_000, news.wait()))
    await clock.advance(1_000)
    assert await waiting is None
    waiting = asyncio.ensure_future(before(clock, clock.now() + 1_000, news.wait()))
    await clock.advance(999)
    news.set()
    assert await waiting is True
    assert await before(clock, None, news.wait()) is True


@in_loop
async def test_the_system_knows_the_time_and_makes_names() -> None:
    """Given the system's clock and names, time runs forward and no two names are alike."""
    clock, ids = SystemClock(), SystemIds()
    start = clock.now()
    await clock.sleep_until(start + 2)
    assert clock.now() >= start + 2
    games = {ids.game_id() for _ in range(100)}
    assert len(games) == 100
    assert all(re.fullmatch("[a-hjkmnp-z2-9]{12}", game) for game in games)
    assert re.fullmatch("[A-HJ-NP-Z2-9]{5}", ids.join_code())
    assert re.fullmatch("guest-[a-hjkmnp-z2-9]{16}", ids.account_id())
    assert len(ids.secret(32)) == 32 != len(ids.secret(16))
