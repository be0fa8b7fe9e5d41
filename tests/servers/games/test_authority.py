"""The authority: once, in order, never before the commit, and never without the log."""

import asyncio

import msgspec
import pytest

from mafia_district.chat import Say
from mafia_district.game import Game
from mafia_district.ids import SPECTATOR, PlayerId
from mafia_district.lobby import Leave, Start
from mafia_district.machine import Code, Command, Refused
from mafia_district.wire import event_bytes
from mafia_district_servers.adapters.store_memory import MemoryStore
from mafia_district_servers.games.authority import (
    KeyReused,
    NoSuchGame,
    NotSeated,
    OutcomeUnknown,
    StoreUnavailable,
)
from mafia_district_servers.games.warm import Fold

from ..tables import CLASSIC, HeldStore, Place, caller, key
from ..virtual import in_loop, settle

NAMES = ("ann", "bob", "cat", "dan", "eve")


def kinds(events: tuple[bytes, ...]) -> list[str]:
    """Give the types of an answer's events."""
    return [msgspec.json.decode(event)["type"] for event in events]


@in_loop
async def test_an_opening_repeated_gives_the_same_game() -> None:
    """Given an opened lobby, its key gives it again; with other words or by others it does not."""
    place = Place(MemoryStore())
    game = await place.open(name="a")
    assert await place.open(name="a") == game
    other = await place.authority.open(caller("bob"), CLASSIC, public=False, name="b", key=key("a"))
    assert other != game
    with pytest.raises(KeyReused):
        await place.authority.open(
            caller("ann"), CLASSIC, public=True, name="a", key=key("a", "other")
        )
    private = await place.authority.read(other)
    assert (private.public, private.code, private.name) == (False, "ABCDE", "b")
    assert {row.id for row in await place.authority.games()} == {game, other}


@in_loop
async def test_an_account_holds_one_seat() -> None:
    """Given a table, one may sit down once, and only who sits may act."""
    place = Place(MemoryStore())
    game = await place.open(public=False)
    with pytest.raises(Refused) as wrong:
        await place.join(game, "bob", code="WRONG")
    assert wrong.value.code is Code.WRONG_CODE
    answer = await place.join(game, "ann", code="ABCDE")
    assert kinds(answer.events) == ["roster.seat_taken", "lobby.code_told", "roster.host_changed"]
    with pytest.raises(Refused) as again:
        await place.authority.join(
            game, caller("ann"), name="ann2", code="ABCDE", commitment="", key=key("again")
        )
    assert again.value.code is Code.ALREADY_SEATED
    with pytest.raises(NotSeated):
        await place.ready(game, "bob", "r")
    with pytest.raises(NoSuchGame):
        await place.ready("nowhere", "ann", "r")
    assert (await place.authority.read(game)).seats == {"guest-ann": 0}


@in_loop
async def test_two_sittings_at_once_take_one_seat() -> None:
    """Given one account that sits down twice at once, the second is refused."""
    place = Place(MemoryStore())
    game = await place.open()
    seats = [
        place.authority.join(game, caller("ann"), name="a", code="", commitment="", key=key(id))
        for id in ("first", "second")
    ]
    first, second = await asyncio.gather(*seats, return_exceptions=True)
    assert not isinstance(first, BaseException)
    assert isinstance(second, Refused)
    assert len((await place.authority.read(game)).game.view(SPECTATOR).seats) == 1


@in_loop
async def test_a_repeat_gets_the_same_answer_for_ever() -> None:
    """Given accepted commands, their keys give the same bytes: later, after leaving, elsewhere."""
    store = MemoryStore()
    place = Place(store)
    game = await place.open()
    sat = await place.join(game, "bob")
    await place.join(game, "ann")
    ready = await place.ready(game, "bob", "k")
    left = await place.act(game, "bob", Leave, "leave")
    assert kinds(left.events) == ["roster.seat_left", "roster.host_changed"]
    before = await place.commands(game)
    for again in (place, Place(store)):
        assert await again.join(game, "bob") == sat
        assert await again.ready(game, "bob", "k") == ready
        assert await again.act(game, "bob", Leave, "leave") == left
    assert await place.commands(game) == before


@in_loop
async def test_a_key_stands_for_one_body_and_one_account() -> None:
    """Given a used key, another body is an error, and another account's own affair."""
    store = MemoryStore()
    place = Place(store)
    game = await place.open()
    await place.seat(game, NAMES)
    await place.ready(game, "bob", "k")
    await place.ready(game, "cat", "k")
    for again in (place, Place(store)):
        with pytest.raises(KeyReused):
            await again.ready(game, "bob", "k", ready=False)
    assert (await place.commands(game)).count("k") == 2


@in_loop
async def test_a_refusal_binds_no_key() -> None:
    """Given a refused command, the same key is good later."""
    place = Place(MemoryStore())
    game = await place.open()
    await place.seat(game, NAMES)
    with pytest.raises(Refused) as refused:
        await place.act(game, "ann", Start, "go")
    assert refused.value.code is Code.NOT_READY
    for name in NAMES[1:]:
        await place.ready(game, name, "r")
    assert kinds((await place.act(game, "ann", Start, "go")).events) == ["phases.phase_began"]


@in_loop
async def test_nothing_leaves_before_its_commit() -> None:
    """Given a command on its way, neither answer, view, feed nor a refusal shows it."""
    store = HeldStore()
    place = Place(store)
    game = await place.open()
    await place.seat(game, NAMES)
    version = await place.version(game)
    async with place.feed.subscribe(game) as changes:
        store.hold()
        news = asyncio.ensure_future(anext(changes))
        left = asyncio.ensure_future(place.act(game, "bob", Leave, "leave"))
        refused = asyncio.ensure_future(place.ready(game, "bob", "too late"))
        await settle()
        assert not any(waiting.done() for waiting in (news, left, refused))
        assert await place.version(game) == version
        assert "guest-bob" in (await place.authority.read(game)).seats
        store.release()
        assert kinds((await left).events) == ["roster.seat_left"]
        assert await news == version + 1
        with pytest.raises(NotSeated):
            await refused
    assert "guest-bob" not in (await place.authority.read(game)).seats


@in_loop
async def test_commands_of_one_game_share_the_way() -> None:
    """Given a commit that takes its time, later commands are decided and queued, not kept."""
    store = HeldStore()
    place = Place(store)
    game = await place.open()
    await place.seat(game, NAMES)
    store.hold()
    waiting = [asyncio.ensure_future(place.ready(game, name, "r")) for name in NAMES]
    await settle()
    assert store.held is not None
    assert [append.expected for append, _ in store.held] == [7, 8, 9, 10, 11]
    store.release()
    answers = await asyncio.gather(*waiting)
    assert [answer.cursor for answer in answers] == [8, 9, 10, 11, 12]
    assert (await place.commands(game)).count("r") == 5


@in_loop
async def test_a_copy_in_flight_waits_for_the_first() -> None:
    """Given a request sent three times at once, it acts once and all get its answer."""
    store = HeldStore()
    place = Place(store)
    game = await place.open()
    await place.seat(game, NAMES)
    store.hold()
    copies = [asyncio.ensure_future(place.ready(game, "bob", "k")) for _ in range(3)]
    other = asyncio.ensure_future(place.ready(game, "bob", "k", ready=False))
    await settle()
    store.release()
    first, *rest = await asyncio.gather(*copies)
    assert rest == [first, first]
    with pytest.raises(KeyReused):
        await other
    assert (await place.commands(game)).count("k") == 1


@in_loop
async def test_a_copy_of_what_can_be_done_once_only_is_no_refusal() -> None:
    """Given a leaving sent three times at once, nobody is told that they have no seat."""
    store = HeldStore()
    place = Place(store)
    game = await place.open()
    await place.seat(game, NAMES)
    store.hold()
    copies = [asyncio.ensure_future(place.act(game, "bob", Leave, "leave")) for _ in range(3)]
    await settle()
    store.release()
    first, *rest = await asyncio.gather(*copies)
    assert rest == [first, first]


@in_loop
async def test_a_repeat_disturbs_nobody() -> None:
    """Given commands on their way, a repeat of an earlier one is answered beside them."""
    store = HeldStore()
    place = Place(store)
    game = await place.open()
    await place.seat(game, NAMES)
    answer = await place.ready(game, "bob", "k")
    store.hold()
    waiting = asyncio.ensure_future(place.ready(game, "cat", "r"))
    await settle()
    assert await place.ready(game, "bob", "k") == answer
    assert store.held is not None
    assert len(store.held) == 1
    store.release()
    await waiting


@in_loop
async def test_who_stops_waiting_stops_no_commit() -> None:
    """Given a request that times out, its command is stored and shown all the same."""
    store = HeldStore()
    place = Place(store)
    game = await place.open()
    await place.seat(game, NAMES)
    store.hold()
    gone = asyncio.ensure_future(place.ready(game, "bob", "k"))
    copy = asyncio.ensure_future(place.ready(game, "bob", "k"))
    await settle()
    gone.cancel()
    await settle()
    store.release()
    assert kinds((await copy).events) == ["lobby.ready_set"]
    assert (await place.commands(game)).count("k") == 1


@in_loop
@pytest.mark.parametrize("happens", [True, False])
async def test_a_lost_outcome_is_found_again(happens: bool) -> None:
    """Given a commit of which nobody knows, a retry acts once, whether it happened or not."""
    store = HeldStore()
    place = Place(store)
    game = await place.open()
    await place.seat(game, NAMES)
    store.fault, store.happens = OutcomeUnknown("disk"), happens
    with pytest.raises(OutcomeUnknown):
        await place.ready(game, "bob", "k")
    await place.ready(game, "cat", "other")
    assert kinds((await place.ready(game, "bob", "k")).events) == ["lobby.ready_set"]
    assert (await place.commands(game)).count("k") == 1


@in_loop
async def test_a_store_that_fails_changes_nothing() -> None:
    """Given a store that does not answer once, the command fails cleanly and works later."""
    store = HeldStore()
    place = Place(store)
    game = await place.open()
    await place.seat(game, NAMES)
    before = await place.commands(game)
    store.fault = StoreUnavailable("busy")
    with pytest.raises(StoreUnavailable):
        await place.ready(game, "bob", "k")
    assert await place.commands(game) == before
    assert (await place.version(game)) == len(before)
    await place.ready(game, "bob", "k")


@in_loop
async def test_a_failed_command_takes_those_behind_it_along() -> None:
    """Given a command that is lost, those decided after it are decided again without it."""
    store = HeldStore()
    place = Place(store)
    game = await place.open()
    await place.seat(game, NAMES)
    store.fault = StoreUnavailable("busy")
    lost = asyncio.ensure_future(place.act(game, "bob", Leave, "leave"))
    behind = asyncio.ensure_future(place.ready(game, "bob", "r"))
    assert kinds((await behind).events) == ["lobby.ready_set"]
    with pytest.raises(StoreUnavailable):
        await lost


@in_loop
async def test_a_fault_of_ours_leaves_the_game_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a command at which the game breaks in the middle, the next one finds it whole."""
    place = Place(MemoryStore())
    game = await place.open()
    await place.seat(game, NAMES)

    def broken(self: Game, *_: object) -> None:
        self.state.table.roster.host = 4
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(Game, "handle", broken)
        with pytest.raises(ZeroDivisionError):
            await place.ready(game, "bob", "odd")
    with pytest.raises(Refused) as refused:
        await place.act(game, "eve", Start, "go")
    assert refused.value.code is Code.NOT_HOST
    assert "odd" not in await place.commands(game)


@in_loop
async def test_a_commit_that_could_not_be_followed_is_read_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Given a phase's end that is stored and breaks when it is followed, it is read later."""
    store = HeldStore()
    place = Place(store)
    game = await place.start(NAMES)
    warm = await place.authority.read(game)
    store.hold()
    place.clock.jump(5_000)
    desk, loop = place.authority._desk, asyncio.get_running_loop()
    gone = asyncio.ensure_future(desk.pass_time(game))
    await settle()
    gone.cancel()
    faults = []
    loop.set_exception_handler(lambda _, fault: faults.append(fault["exception"]))

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(Fold, "follow", broken)
        store.release()
        await settle()
    assert [type(fault) for fault in faults] == [ZeroDivisionError]
    stored = (await store.versions([game]))[game]
    assert warm.game.version < stored
    await desk.pass_time(game)
    assert warm.game.version == stored


@in_loop
async def test_more_games_than_there_is_room_for() -> None:
    """Given room for two games, six are played in turns and all are whole."""
    place = Place(MemoryStore(), warm_games=2)
    games = [await place.open(name=f"t{n}") for n in range(6)]
    for name in NAMES:
        for game in games:
            await place.join(game, name)
    for game in games:
        assert len((await place.authority.read(game)).seats) == 5
        assert len(await place.log(game)) == 7


@in_loop
async def test_an_answer_shows_only_what_its_seat_may_see() -> None:
    """Given a faction's secret talk, the answer counts and shows the speaker's own stream."""
    place = Place(MemoryStore())
    await place.authority.start()
    game = await place.start(NAMES, CLASSIC.replace(first_phase="night"))
    await place.clock.advance(5_000)
    warm = await place.authority.read(game)
    mafia = next(seat for seat in range(5) if warm.game.view(seat).faction)
    town = next(seat for seat in range(5) if not warm.game.view(seat).faction)
    own, other = warm.game.cursor(mafia), warm.game.cursor(town)

    def whisper(seat: PlayerId) -> Command:
        return Say(seat, "faction", "them")

    answer = await place.act(game, NAMES[mafia], whisper, "x")
    assert kinds(answer.events) == ["chat.message_said"]
    assert answer.cursor == own + 1
    answer = await place.done(game, NAMES[town], "d")
    assert kinds(answer.events) == ["phases.done_set"]
    assert answer.cursor == other + 1
    for name in NAMES:
        answer = await place.done(game, name, f"d-{name}")
    assert kinds(answer.events) == ["phases.done_set", "phases.phase_began"]
    assert "night.night_resolved" in kinds(
        tuple(event_bytes(entry.event) for entry in warm.game.log[-3:])
    )
    await place.authority.close()
