"""The small adapters: the feed, the system's clock and names."""

import asyncio
import re

from mafia_district_servers.adapters.bus_memory import Hub, MemoryBus
from mafia_district_servers.adapters.clock import SystemClock, SystemIds
from mafia_district_servers.adapters.feed_memory import MemoryFeed
from mafia_district_servers.games.waiting import before

from ..virtual import VirtualClock, in_loop, settle


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


class Spoken(MemoryBus):
    """A bus that knows what was sent on it."""

    def __init__(self, hub: Hub) -> None:
        super().__init__(hub)
        self.sent: list[tuple[str, str]] = []

    def send(self, topic: str, text: str) -> None:
        """Send, and keep it."""
        self.sent.append((topic, text))
        super().send(topic, text)


@in_loop
async def test_feeds_on_one_bus_tell_each_other_once() -> None:
    """Given three servers, each hears of a version, and none sends on what it has heard."""
    hub = Hub()
    buses = [Spoken(hub) for _ in range(3)]
    feeds = [MemoryFeed(bus) for bus in buses]
    async with asyncio.TaskGroup() as group:
        carrying = [
            group.create_task(bus.run(lambda _, text, feed=feed: feed.hear(text)))
            for bus, feed in zip(buses, feeds, strict=True)
        ]
        await settle()
        async with feeds[0].subscribe("g") as at_first, feeds[2].subscribe("g") as at_last:
            feeds[0].publish("g", 1)
            feeds[0].publish("g", 3)
            assert await anext(at_last) == 3
            assert await anext(at_first) == 3
            for feed in feeds:  # each has read the log to 3, and one of them a little further
                feed.publish("g", 2)
                feed.publish("g", 3)
            feeds[1].publish("g", 4)
            await settle()
            assert await anext(at_last) == 4
            assert await anext(at_first) == 4
            buses[0].cut()
            feeds[0].publish("g", 5)
            assert await anext(at_first) == 5
        for task in carrying:
            task.cancel()
    assert [bus.sent for bus in buses] == [
        [("game", "g 1"), ("game", "g 3"), ("game", "g 5")],
        [("game", "g 4")],
        [],
    ]


@in_loop
async def test_a_feed_knows_a_bounded_number_of_games() -> None:
    """Given more games than a feed keeps in mind, the one that is oldest news is sent again."""
    bus = Spoken(Hub())
    feed = MemoryFeed(bus)
    for game in range(10_001):
        feed.publish(f"g{game}", 1)
    feed.publish("g1", 1)
    feed.publish("g0", 1)
    assert bus.sent[10_001:] == [("game", "g0 1")]


@in_loop
async def test_a_feed_ignores_what_is_not_for_it() -> None:
    """Given words on other topics, or of another shape, no listener is told."""
    feed = MemoryFeed()
    async with feed.subscribe("g") as changes:
        feed.hear("9")
        for text in (
            "",
            "g",
            "g ",
            "g x",
            "g -1",
            "g 1 2",
            "g 9\n",
            "g \u0669",
            f"g {10**18}",
            " 9",
        ):
            feed.hear(text)
        feed.hear("g 4")
        assert await anext(changes) == 4


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
