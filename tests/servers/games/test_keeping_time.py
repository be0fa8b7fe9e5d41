"""Keeping time: deadlines, outages, pauses and lobbies that nobody comes to any more."""

import asyncio
from collections.abc import Iterable

import attrs
import pytest

from mafia_district.clock import Pause, Resume
from mafia_district.ids import Instant, Version
from mafia_district.machine import Code, Refused
from mafia_district.phases import DAY, ENDED, LOBBY, NIGHT, STARTING, DeadlineMoved
from mafia_district.voting import CastVote
from mafia_district_servers.adapters.store_memory import MemoryStore
from mafia_district_servers.games.authority import OutcomeUnknown, StoreUnavailable
from mafia_district_servers.games.presence import PATIENCE_MS, Presence
from mafia_district_servers.ports import Stored

from ..tables import HeldStore, Place
from ..virtual import VirtualClock, in_loop, settle

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


@in_loop
async def test_one_unreadable_game_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    """Given an outage and a game that cannot be read, the other gets its time back and goes on."""
    store = DamagedStore()
    clock = VirtualClock()
    first = Place(store, clock)
    await first.authority.start()
    damaged = await first.open(name="damaged")
    game = await first.start(NAMES)
    await clock.advance(65_000)
    await first.authority.close()
    deadline = (await first.authority.read(game)).game.deadline
    await clock.advance(10 * MINUTE)
    store.damaged = damaged
    later = Place(store, clock)
    await later.authority.start()
    moved = (await later.authority.read(game)).game.deadline
    assert deadline is not None
    assert moved is not None
    assert moved > deadline + 9 * MINUTE
    await clock.advance(moved - clock.now())
    assert (await later.authority.read(game)).game.phase is NIGHT
    assert f"game {damaged} is left out" in caplog.messages
    await later.authority.close()


@in_loop
async def test_keeping_time_outlives_any_fault(caplog: pytest.LogCaptureFixture) -> None:
    """Given a store that fails as nobody expects, it is asked again, for news and to sign."""
    store = DamagedStore()
    here, there = Place(store), Place(store)
    await here.authority.start()
    game = await here.open()
    async with here.feed.subscribe(game) as changes:
        store.fault = OutcomeUnknown("broken")
        await here.clock.advance(5_000)
        store.fault = None
        await there.join(game, "ann")
        await here.clock.advance(5_000)
        assert await anext(changes) == 3
    assert await store.last_sign() == here.clock.now() - 1_000
    assert {"no sign of life could be given", "cannot look for news"} <= set(caplog.messages)
    await here.authority.close()


@in_loop
async def test_a_phase_whose_end_is_being_stored_is_waited_for() -> None:
    """Given an ended phase on its way to the store, the alarm waits for it and does not spin."""
    store = HeldStore()
    place = Place(store)
    game = await place.start(NAMES)
    await place.clock.advance(5_000)
    store.hold()
    late = asyncio.ensure_future(place.done(game, "bob", "late"))
    await settle()
    await place.authority.start()
    await asyncio.wait_for(place.clock.advance(1_000), 5)
    assert (await place.authority.read(game)).game.phase is STARTING
    store.release()
    await late
    assert (await place.authority.read(game)).game.phase is DAY
    await place.authority.close()


def test_presence_remembers_nothing_for_ever() -> None:
    """Given thousands who come and go, only those here and those gone of late are remembered."""
    clock = VirtualClock()
    presence = Presence(clock)
    presence.set("full", 0, True)
    for game in range(1_000):
        presence.set(str(game), 0, True)
        presence.set(str(game), 0, False)
        clock.jump(PATIENCE_MS // 10)
    assert presence.closes_at("full", 0) is None
    assert presence.closes_at("999", 0) == clock.now() - PATIENCE_MS // 10 + PATIENCE_MS
    assert (len(presence._online), len(presence._left)) == (1, 10)


class DamagedStore(MemoryStore):
    """A store that cannot read one of its games, or fails whatever is asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.damaged = ""
        self.fault: Exception | None = None

    async def load(self, game: str, after: Version = 0) -> Stored | None:
        """Load a game; the damaged one has a bad last line."""
        stored = await super().load(game, after)
        if stored is not None and game == self.damaged:
            return attrs.evolve(
                stored, lines=(*stored.lines[:-1], stored.lines[-1]._replace(event=b"{}"))
            )
        return stored

    async def last_sign(self) -> Instant | None:
        """Look up the last sign of life, or fail."""
        if self.fault is not None:
            raise self.fault
        return await super().last_sign()

    async def versions(self, games: Iterable[str]) -> dict[str, Version]:
        """Look up versions, or fail."""
        if self.fault is not None:
            raise self.fault
        return await super().versions(games)
