"""Bot seats: they play whole games, tell nothing by their timing, and survive any restart."""

import pytest

from mafia_district.bots import talk
from mafia_district.chat import MessageSaid
from mafia_district.clock import Pause, Resume
from mafia_district.ids import PlayerId
from mafia_district.lobby import AddBots
from mafia_district.machine import Command, Entry
from mafia_district.phases import DAY, ENDED, DoneSet, PhaseBegan
from mafia_district.rules import Rules
from mafia_district.setup import Setup
from mafia_district.voting import VoteCast, VoteClosed
from mafia_district_servers.adapters.store_memory import MemoryStore
from mafia_district_servers.games import bot_seats
from mafia_district_servers.games.authority import StoreUnavailable

from ..tables import CLASSIC, HeldStore, Place
from ..virtual import VirtualClock, in_loop

HOUR = 60 * 60_000
PACE = 10_000


async def open_table(place: Place, bots: int, rules: Rules = CLASSIC) -> str:
    """Open a table of Ann and so many bots, and start it."""

    def add(seat: PlayerId) -> Command:
        return AddBots(seat, bots)

    game = await place.open(rules)
    await place.join(game, "ann")
    await place.act(game, "ann", add, "bots")
    return await place.go(game, "ann")


def phases(log: list[Entry]) -> list[str]:
    """Give the phases that a log went through."""
    return [entry.event.phase.value for entry in log if isinstance(entry.event, PhaseBegan)]


def lynches(log: list[Entry]) -> int:
    """Count the votes that ended in a lynch."""
    return sum(isinstance(e.event, VoteClosed) and e.event.target >= 0 for e in log)


async def play_on(place: Place, game: str) -> list[Entry]:
    """Let time pass until a game is over; gives its log."""
    while (await place.authority.read(game)).game.phase is not ENDED:
        await place.clock.advance(HOUR)
    return await place.log(game)


@pytest.mark.parametrize("preset", Rules.presets())
@in_loop
async def test_bots_hold_a_vote_by_any_rules(preset: str) -> None:
    """Given a person who does nothing and eleven bots, then by any rules the bots lynch."""
    place = Place(MemoryStore(), bot_pace_ms=PACE)
    await place.authority.start()
    log = await play_on(place, await open_table(place, 11, Rules.preset(preset)))
    assert lynches(log) > phases(log).count("night") // 2
    await place.authority.close()


@in_loop
async def test_a_bot_remembers_whom_it_met() -> None:
    """Given a game in town, then in the evening bots name those whom they saw by day."""
    place = Place(MemoryStore(), bot_pace_ms=PACE)
    await place.authority.start()
    log = await play_on(place, await open_table(place, 11, Rules.preset("district")))
    said = [talk.parse(e.event.text) for e in log if isinstance(e.event, MessageSaid)]
    assert any(line.kind == talk.WITNESS and line.names for line in said if line)
    await place.authority.close()


@in_loop
async def test_bots_play_a_game_to_its_end() -> None:
    """Given one person who does nothing and eight bots, the bots play on to an outcome."""
    place = Place(MemoryStore(), bot_pace_ms=PACE)
    await place.authority.start()
    game = await open_table(place, 8)
    await place.clock.advance(HOUR)
    warm = await place.authority.read(game)
    assert warm.game.phase is ENDED
    assert warm.game.outcome is not None
    log = await place.log(game)
    acted = {entry.command_id for entry in log if entry.command_id.startswith("bot:")}
    assert {command.split(":")[1] for command in acted} == {str(seat) for seat in range(1, 9)}
    await place.authority.close()


@in_loop
async def test_bots_act_first_and_then_say_done() -> None:
    """Given a pace, all votes fall in its first half, and all the dones in its second."""
    place = Place(MemoryStore(), bot_pace_ms=PACE)
    await place.authority.start()
    game = await open_table(place, 8, CLASSIC.replace(vote="plurality"))
    await place.clock.advance(5_000 + PACE)
    began = place.clock.now() - PACE
    log = await place.log(game)
    votes = [entry.at - began for entry in log if isinstance(entry.event, VoteCast)]
    dones = [entry.at - began for entry in log if isinstance(entry.event, DoneSet)]
    assert len(votes) == len(dones) == 8
    assert max(votes) <= PACE // 2 <= min(dones)
    assert len(set(votes)) > 1 < len(set(dones))
    assert max(dones) <= PACE
    await place.authority.close()


@in_loop
async def test_the_moment_does_not_depend_on_the_role() -> None:
    """Given two tables that differ in their roles alone, bots say done at the same moments."""
    moments = []
    for roles in ("8 vanilla_townie, 1 mafia_goon", "6 town_cop, 3 mafia_goon"):
        place = Place(MemoryStore(), bot_pace_ms=PACE)
        await place.authority.start()
        rules = CLASSIC.replace(roles=Setup.parse(roles).roles, first_phase="night")
        game = await open_table(place, 8, rules)
        await place.clock.advance(5_000 + PACE)
        log = await place.log(game)
        moments.append([(e.at, e.event) for e in log if isinstance(e.event, DoneSet)])
        await place.authority.close()
    assert moments[0] == moments[1] != []


@in_loop
async def test_bots_go_on_after_a_restart() -> None:
    """Given a process that vanishes in mid-phase again and again, bots play on where they were."""
    store, clock = MemoryStore(), VirtualClock()
    place = Place(store, clock, bot_pace_ms=PACE)
    await place.authority.start()
    game = await open_table(place, 8)
    for _ in range(40):
        await clock.advance(PACE // 3)
        await place.authority.close()
        place = Place(store, clock, bot_pace_ms=PACE)
        await place.authority.start()
    await clock.advance(HOUR)
    log = await place.log(game)
    assert phases(log)[-1] == "ended"
    done = [(e.command_id, e.event) for e in log if isinstance(e.event, DoneSet)]
    assert len({command for command, _ in done}) == len(done)
    assert lynches(log) > 0
    await place.authority.close()


@in_loop
async def test_two_drivers_do_not_act_twice() -> None:
    """Given two processes that drive the same bots at once, every bot is done once a phase."""
    store, clock = MemoryStore(), VirtualClock()
    places = [Place(store, clock) for _ in range(2)]
    for place in places:
        await place.authority.start()
    game = await open_table(places[0], 8)
    await places[1].authority.read(game)
    await clock.advance(HOUR)
    log = await places[0].log(game)
    assert phases(log)[-1] == "ended"
    seen: set[tuple[int, PlayerId]] = set()
    number = 0
    for entry in log:
        if isinstance(entry.event, PhaseBegan):
            number = entry.event.number
        elif isinstance(entry.event, DoneSet):
            assert (number, entry.event.seat) not in seen
            seen.add((number, entry.event.seat))
    for place in places:
        await place.authority.close()


@in_loop
async def test_bots_wait_while_the_clock_stands_still() -> None:
    """Given a pause before they acted, the bots do not even try, and act after it."""
    store = HeldStore()
    place = Place(store, bot_pace_ms=PACE)
    await place.authority.start()
    game = await open_table(place, 8, CLASSIC.replace(vote="plurality"))
    await place.clock.advance(5_000)
    await place.act(game, "ann", Pause, "pause")
    version = await place.version(game)
    await place.clock.advance(HOUR)
    assert await place.version(game) == version
    assert store.looks == 0
    await place.act(game, "ann", Resume, "resume")
    await place.clock.advance(PACE)
    done = [entry for entry in await place.log(game) if isinstance(entry.event, DoneSet)]
    assert len(done) == 8
    await place.authority.close()


@in_loop
async def test_no_fault_of_a_bot_stops_the_game(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given bots whose every thought fails, their phases still end, by done and by deadline."""

    def fail(*_: object) -> None:
        raise RuntimeError("out of ideas")

    monkeypatch.setattr(bot_seats, "_choose", fail)
    place = Place(MemoryStore())
    await place.authority.start()
    game = await open_table(place, 8)
    await place.clock.advance(HOUR)
    assert (await place.authority.read(game)).game.phase is ENDED
    await place.authority.close()


@in_loop
async def test_a_bot_tries_again_when_the_store_fails() -> None:
    """Given a store that fails as the bots are about to be done, all are done a second later."""
    store = HeldStore()
    place = Place(store, bot_pace_ms=PACE)
    await place.authority.start()
    game = await open_table(place, 8, CLASSIC.replace(vote="plurality"))
    await place.clock.advance(5_000 + PACE // 2)
    store.fault = StoreUnavailable("busy")
    await place.clock.advance(PACE // 2 + bot_seats.RETRY_MS)
    done = [entry for entry in await place.log(game) if isinstance(entry.event, DoneSet)]
    assert len(done) == 8
    assert (await place.authority.read(game)).game.phase is DAY
    await place.authority.close()
