"""Two authorities on one SQLite file: whoever is faster, the log is one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mafia_district.lobby import Start
from mafia_district.machine import Code, Refused
from mafia_district.phases import LOBBY, NIGHT, STARTING
from mafia_district_servers.adapters.sqlite_database import SqliteDatabase
from mafia_district_servers.adapters.store_memory import MemoryStore
from mafia_district_servers.adapters.store_sqlite import SqliteStore
from mafia_district_servers.games.authority import KeyReused, NotSeated

from ..tables import Place
from ..virtual import VirtualClock, in_loop

NAMES = ("ann", "bob", "cat", "dan", "eve", "fay", "gus", "hal")


@asynccontextmanager
async def two_places(directory: Path) -> AsyncIterator[tuple[Place, Place]]:
    """Open two authorities on two stores of one file, with one clock."""
    clock = VirtualClock()
    databases = [SqliteDatabase.open(directory / "games.db") for _ in range(2)]
    stores = [SqliteStore(database) for database in databases]
    one, other = (Place(store, clock, f"{n}") for n, store in enumerate(stores))
    yield one, other
    for place in (one, other):
        await place.authority.close()
        await place.store.close()
    for database in databases:
        await database.close()


@in_loop
async def test_every_acknowledged_command_is_there_exactly_once(tmp_path: Path) -> None:
    """Given 8 players who send 12 commands each, half of them here and half there, all are kept."""
    async with two_places(tmp_path) as places:
        game = await places[0].open()
        for turn, name in enumerate(NAMES):
            await places[turn % 2].join(game, name)

        async def play(turn: int, name: str) -> list[str]:
            acknowledged = []
            for step in range(12):
                id = f"{name}-{step}"
                await places[(turn + step) % 2].ready(game, name, id, ready=step % 2 == 0)
                acknowledged.append(id)
            return acknowledged

        players = [play(turn, name) for turn, name in enumerate(NAMES)]
        acknowledged = [id for ids in await asyncio.gather(*players) for id in ids]
        for place in places:
            stored = [id for id in await place.commands(game) if id in set(acknowledged)]
            assert sorted(stored) == sorted(acknowledged)
            for name in NAMES:
                assert [id for id in stored if id.startswith(name)] == [
                    f"{name}-{step}" for step in range(12)
                ]


@in_loop
async def test_a_key_on_both_at_once_acts_once(tmp_path: Path) -> None:
    """Given one request sent to both, it acts once, and both give the same bytes."""
    async with two_places(tmp_path) as (one, other):
        game = await one.open()
        await one.seat(game, NAMES)
        for step in range(10):
            first, second = await asyncio.gather(
                one.ready(game, "bob", f"k{step}"), other.ready(game, "bob", f"k{step}")
            )
            assert first == second
        commands = await other.commands(game)
        assert all(commands.count(f"k{step}") == 1 for step in range(10))
        with pytest.raises(KeyReused):
            await other.ready(game, "bob", "k3", ready=False)


@in_loop
async def test_what_one_stored_the_other_shows(tmp_path: Path) -> None:
    """Given a command stored here, it can be read there at once, and is acted on."""
    async with two_places(tmp_path) as (one, other):
        game = await one.open()
        assert (await other.authority.read(game)).seats == {}
        await one.join(game, "ann")
        assert (await other.authority.read(game)).seats == {"guest-ann": 0}
        assert (await other.authority.read(game)).epoch == (await one.authority.read(game)).epoch


@in_loop
async def test_nobody_is_refused_for_what_is_past(tmp_path: Path) -> None:
    """Given a process that has not heard the news, it refuses nothing because of it."""
    async with two_places(tmp_path) as (one, other):
        game = await one.open()
        with pytest.raises(NotSeated):
            await other.ready(game, "bob", "early")
        await one.seat(game, NAMES[:5])
        await other.ready(game, "bob", "r1")
        with pytest.raises(Refused) as refused:
            await one.act(game, "ann", Start, "go")
        assert refused.value.code is Code.NOT_READY
        for name in NAMES[2:5]:
            await other.ready(game, name, f"r-{name}")
        await one.act(game, "ann", Start, "go")
        with pytest.raises(Refused) as late:
            await other.join(game, "hal")
        assert late.value.code is Code.WRONG_PHASE


@in_loop
async def test_news_reach_those_who_listen_elsewhere() -> None:
    """Given a listener there and a command here, the listener hears of it within a second."""
    store, clock = MemoryStore(), VirtualClock()
    one, other = Place(store, clock), Place(store, clock)
    await other.authority.start()
    game = await one.open()
    await other.authority.read(game)
    async with other.feed.subscribe(game) as changes:
        heard = asyncio.ensure_future(anext(changes))
        await one.join(game, "ann")
        await clock.advance(1_000)
        warm = await other.authority.read(game, at_least=await heard)
        assert warm.game.version == 3
    await other.authority.close()


@in_loop
async def test_a_deadline_is_passed_once() -> None:
    """Given two that keep the same games' time, each phase ends once, on time, and both know."""
    store, clock = MemoryStore(), VirtualClock()
    places = Place(store, clock, "one"), Place(store, clock, "other")
    for place in places:
        await place.authority.start()
    game = await places[0].start(NAMES)
    await places[1].authority.read(game)
    began = clock.now()
    await clock.advance(5_000 + 180_000)
    for place in places:
        assert (await place.authority.read(game, at_least=0)).game.phase is NIGHT
    ended = [entry for entry in await places[0].log(game) if entry.command_id == "deadline:2"]
    assert {entry.at for entry in ended} == {began + 185_000}
    assert len({type(entry.event) for entry in ended}) == len(ended)
    for place in places:
        await place.authority.close()


@in_loop
async def test_a_place_may_vanish(tmp_path: Path) -> None:
    """Given a process that is gone without a word, another goes on where the log ends."""
    async with two_places(tmp_path) as (one, other):
        game = await one.open()
        await one.seat(game, NAMES[:3])
        sent = [one.ready(game, name, f"r-{name}") for name in NAMES[1:3]]
        answers = await asyncio.gather(*sent)
        assert (await other.authority.read(game)).game.phase is LOBBY
        again = [other.ready(game, name, f"r-{name}") for name in NAMES[1:3]]
        assert await asyncio.gather(*again) == answers
        await other.act(game, "ann", Start, "go")
        assert (await other.authority.read(game)).game.phase is STARTING
