"""Upstreams: whom to ask about a game, and who is left alone for a while."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from mafia_district_servers.gateway.upstreams import OUT, UNHEALTHY, Health, Upstream, Upstreams

from ..virtual import VirtualClock, in_loop

URLS = [f"http://127.0.0.1:{port}" for port in (1, 2, 3, 4)]


def urls(upstream: Upstream, game: str) -> list[str]:
    """Give the addresses in the order in which they are asked."""
    return [instance.url for instance in upstream.order(game)]


@given(st.text(min_size=1), st.integers(0, 3))
def test_a_game_keeps_its_place_when_others_fail(game: str, lost: int) -> None:
    """Given any game, when an instance is out, the others keep their order, as in any gateway."""
    one, other = Upstream("game", URLS), Upstream("game", reversed(URLS))
    before = urls(one, game)
    assert before == urls(other, game)
    assert sorted(before) == URLS
    for _ in range(OUT):
        one.instances[lost].failed()
    assert urls(one, game) == [url for url in before if url != URLS[lost]]


def test_games_are_spread_over_all_instances() -> None:
    """Given many games, each instance is the first choice of its share of them."""
    upstream = Upstream("game", URLS)
    first = [urls(upstream, f"game {n}")[0] for n in range(1_000)]
    assert all(200 < first.count(url) < 300 for url in URLS)


def test_requests_without_a_game_go_round() -> None:
    """Given no game, then no instance is asked first all the time."""
    upstream = Upstream("game", URLS)
    assert {urls(upstream, "")[0] for _ in range(50)} == set(URLS)


def test_the_circuit_opens_and_closes() -> None:
    """Given failures in a row, two send an instance to the end and five out, until it answers."""
    upstream = Upstream("game", URLS[:2])
    favourite = upstream.order("g")[0]
    for failures in range(1, OUT + 2):
        favourite.failed()
        expected = (
            Health.HEALTHY
            if failures < UNHEALTHY
            else Health.UNHEALTHY
            if failures < OUT
            else Health.OUT
        )
        assert favourite.health is expected
        row = upstream.order("g")
        assert (favourite in row) == (failures < OUT)
        assert (row[0] is favourite) == (failures < UNHEALTHY)
    favourite.answered()
    assert upstream.order("g")[0] is favourite


class Patient:
    """A server that is well or not, as one likes."""

    def __init__(self) -> None:
        self.status = 200
        self.asked = 0

    async def health(self, request: web.Request) -> web.Response:
        """Answer."""
        self.asked += 1
        return web.Response(status=self.status)


@asynccontextmanager
async def serving(patient: Patient) -> AsyncIterator[str]:
    """Serve on a free port; gives the address."""
    app = web.Application()
    app.router.add_get("/health", patient.health)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@in_loop
async def test_health_checks_open_the_circuit_and_bring_an_instance_back() -> None:
    """Given an instance that falls ill and recovers, then it goes out, and comes back by itself."""
    patient, clock = Patient(), VirtualClock()
    async with serving(patient) as url, aiohttp.ClientSession() as http:
        upstreams = Upstreams({"game": [url]}, clock, http)
        (instance,) = upstreams["game"].instances
        watching = asyncio.create_task(upstreams.watch())

        async def checks(count: int) -> None:
            for _ in range(count):
                asked = patient.asked
                clock.jump(0)
                while patient.asked == asked:
                    await clock.advance(1_000)
                    await asyncio.sleep(0.001)
            await asyncio.sleep(0.05)

        await checks(1)
        assert instance.health is Health.HEALTHY
        patient.status = 500
        await checks(OUT)
        assert instance.health is Health.OUT
        assert upstreams["game"].order("g") == []
        patient.status = 200
        await checks(1)
        assert upstreams["game"].order("g") == [instance]
        watching.cancel()
