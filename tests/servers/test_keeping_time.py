"""Keeping time: deadlines, outages, pauses and lobbies that nobody comes to any more."""

import asyncio

import pytest

from mafia_district.clock import Pause, Resume
from mafia_district.machine import Code, Refused
from mafia_district.phases import DAY, ENDED, LOBBY, NIGHT, STARTING, DeadlineMoved
from mafia_district.voting import CastVote
from mafia_district_servers.adapters.store_memory import MemoryStore
from mafia_district_servers.authority import StoreUnavailable
from mafia_district_servers.presence import PATIENCE_MS

from .tables import HeldStore, Place
from .virtual import VirtualClock, in_loop

NAMES = ("ann", "bob", "cat", "dan", "eve")
MINUTE = 60_000


@in_loop
async def test_a_late_command_ends_the_phase_first() -> None:
    """Given nobody to keep time, a command after the deadline is judged in the next phase."""
    place = Place(MemoryStore())
    game = await place.start(NAMES)
    await place.clock.advance(5_000)
    await place.act(game, "bob", lambda seat: CastVote(seat, 0), "vote")
    await place.clock.advance(3 * MINUTE)
    with pytest.raises(Refused) as late:
        await place.act(game, "cat", lambda seat: CastVote(seat, 0), "late")
    assert late.value.code in (Code.WRONG_PHASE, Code.DEAD)
    commands = await place.commands(game)
    assert commands.index("deadline:1") < commands.index("vote") < commands.index("deadline:2")
    assert (await place.authority.read(game)).game.phase is NIGHT


@in_loop
async def test_deadlines_are_kept_and_survive_a_restart() -> None:
    """Given a game nobody touches, its phases end on time, also in a process that starts later."""
    store, clock = MemoryStore(), VirtualClock()
    place = Place(store, clock)
    await place.authority.start()
    game = await place.start(NAMES)
    await clock.advance(5_000)
    day = (await place.authority.read(game)).game
    assert day.phase is DAY
    deadline = day.deadline
    await place.authority.close()
    await clock.advance(4_000)

    later = Place(store, clock)
    await later.authority.start()
    assert (await later.authority.read(game)).game.deadline == deadline
    assert deadline is not None
    await clock.advance(deadline - clock.now() - 1)
    assert (await later.authority.read(game)).game.phase is DAY
    await clock.advance(1)
    assert (await later.authority.read(game)).game.phase is NIGHT
    ended = [entry.at for entry in await later.log(game) if entry.command_id == "deadline:2"]
    assert set(ended) == {deadline}
    await later.authority.close()


@in_loop
async def test_an_outage_is_given_back() -> None:
    """Given a server that was away, its first entry in each game moves the deadline by the gap."""
    store, clock = MemoryStore(), VirtualClock()
    place = Place(store, clock)
    await place.authority.start()
    game = await place.start(NAMES)
    await clock.advance(65_000)
    lobby = await place.open(name="lobby")
    before = (await place.authority.read(game)).game
    deadline, version, since = before.deadline, before.version, await store.last_sign()
    await place.authority.close()
    await clock.advance(10 * MINUTE)

    first, second = Place(store, clock), Place(store, clock)
    await asyncio.gather(first.authority.start(), second.authority.start())
    entries = (await first.log(game))[version:]
    assert deadline is not None
    assert since is not None
    shift = DeadlineMoved(deadline + clock.now() - since, "shifted")
    assert [(entry.at, entry.event) for entry in entries] == [(since, shift)]
    assert len(await first.log(lobby)) == 1
    await clock.advance(deadline - since - 1)
    assert (await first.authority.read(game)).game.phase is DAY
    await clock.advance(1)
    assert (await first.authority.read(game)).game.phase is NIGHT
    await first.authority.close()
    await second.authority.close()


@in_loop
@pytest.mark.parametrize("woken_by", ["timer", "player"])
async def test_a_sleeping_machine_is_an_outage_too(woken_by: str) -> None:
    """Given a machine that slept past a deadline, players still get the time they had left."""
    store, clock = MemoryStore(), VirtualClock()
    place = Place(store, clock)
    await place.authority.start()
    game = await place.start(NAMES)
    await clock.advance(184_000)  # the deadline comes before the next sign of life
    clock.jump(10 * MINUTE)
    if woken_by == "timer":
        await clock.advance(0)
    else:
        await place.act(game, "bob", lambda seat: CastVote(seat, 0), "vote")
    assert (await place.authority.read(game)).game.phase is DAY
    moved = [entry for entry in await place.log(game) if isinstance(entry.event, DeadlineMoved)]
    assert len(moved) == 1
    await clock.advance(2_000)
    assert (await place.authority.read(game)).game.phase is NIGHT
    await place.authority.close()


@in_loop
async def test_a_paused_game_waits() -> None:
    """Given a paused game, time changes nothing until it is resumed."""
    place = Place(MemoryStore())
    await place.authority.start()
    game = await place.start(NAMES)
    await place.clock.advance(65_000)
    await place.act(game, "ann", Pause, "pause")
    await place.clock.advance(60 * MINUTE)
    assert (await place.authority.read(game)).game.phase is DAY
    await place.act(game, "ann", Resume, "resume")
    await place.clock.advance(2 * MINUTE - 1)
    assert (await place.authority.read(game)).game.phase is DAY
    await place.clock.advance(1)
    assert (await place.authority.read(game)).game.phase is NIGHT
    await place.authority.close()


@in_loop
async def test_an_empty_lobby_closes() -> None:
    """Given a lobby, it closes half an hour after the last person was there, and not before."""
    place = Place(MemoryStore())
    await place.authority.start()
    game = await place.open()
    await place.join(game, "ann")
    place.authority.present(game, 0, True)
    await place.clock.advance(3 * PATIENCE_MS)
    place.authority.present(game, 0, False)
    await place.clock.advance(PATIENCE_MS - 1)
    await place.ready(game, "ann", "still here")
    await place.clock.advance(PATIENCE_MS - 1)
    assert (await place.authority.read(game)).game.phase is LOBBY
    await place.clock.advance(1)
    assert (await place.authority.read(game)).game.phase is ENDED
    assert [row.ended for row in await place.authority.games()] == [True]
    await place.authority.close()


@in_loop
async def test_a_countdown_stopped_in_time_starts_nothing() -> None:
    """Given a countdown that is stopped, the old deadline comes and goes."""
    place = Place(MemoryStore())
    await place.authority.start()
    game = await place.start(NAMES)
    await place.clock.advance(4_999)
    assert (await place.authority.read(game)).game.phase is STARTING
    await place.ready(game, "bob", "wait", ready=False)
    await place.clock.advance(MINUTE)
    assert (await place.authority.read(game)).game.phase is LOBBY
    await place.authority.close()


@in_loop
async def test_an_alarm_that_fails_is_tried_again() -> None:
    """Given a store that fails at the deadline, the phase ends a second later."""
    store = HeldStore()
    place = Place(store)
    await place.authority.start()
    game = await place.start(NAMES)
    await place.clock.advance(4_000)
    store.fault = StoreUnavailable("busy")
    await place.clock.advance(1_000)
    assert (await place.authority.read(game)).game.phase is STARTING
    await place.clock.advance(1_000)
    assert (await place.authority.read(game)).game.phase is DAY
    await place.authority.close()
