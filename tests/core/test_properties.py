"""What holds in every game, however it is played: tried on games of monkeys."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from mafia_district import log
from mafia_district.chat import MessageSaid, WhisperHeard
from mafia_district.entries import Row
from mafia_district.game import Game
from mafia_district.ids import EVERYONE, KEEPER, KEEPER_ONLY, PlayerId, has
from mafia_district.items import GiftRefused, ItemGiven, ItemUsed, PathSeen
from mafia_district.lobby import GiveSalt, LobbyOpened
from mafia_district.looks import Dress
from mafia_district.machine import Code, Command, Event, Refused
from mafia_district.night.collect import Act, ActionChosen, ActionWithdrawn
from mafia_district.phases import DAY, DoneSet
from mafia_district.roles import BUILT_IN_BOOK
from mafia_district.roster import PlayerDied, PlayerLeft
from mafia_district.rumors import NothingHeard, RumorShared
from mafia_district.sentence import restless
from mafia_district.shop import OrderCancelled, OrderPlaced, Sold, SoldOut
from mafia_district.sights import Index
from mafia_district.state import FACTS, State
from mafia_district.tasks import ErrandPaid
from mafia_district.town import Walked
from mafia_district.voting import BallotCast, VoteCast, VoteWithdrawn

from . import monkeys
from .books import Books
from .monkeys import Monkeys
from .tables import end_phase, frames, inside, lobby, seen, started, thinkable, with_deal
from .watch import viewers, watch

BY_DAY = (
    Walked, ItemGiven, GiftRefused, OrderPlaced, OrderCancelled, Sold, SoldOut, ErrandPaid,
    NothingHeard, RumorShared, WhisperHeard, PathSeen,
)  # fmt: skip
DEEDS = (
    VoteCast, VoteWithdrawn, BallotCast, ActionChosen, ActionWithdrawn, DoneSet, PlayerLeft,
    ItemUsed, *BY_DAY,
)  # fmt: skip
FREE = {GiveSalt, Dress}  # what one sends there cannot be listed
LEARNT_BY_TRYING = (Code.RATE_LIMITED, Code.FULL, Code.CLOSED)
LIVING = ("town", "faction", "place")  # the rooms where only the living talk


def games(count: int) -> Callable[[Callable[[int], None]], Callable[[], None]]:
    """Try a test on so many games; a seed says all of a game, and a smaller one says no less."""
    phases = (Phase.explicit, Phase.reuse, Phase.generate)
    return lambda test: settings(max_examples=count, phases=phases)(
        given(st.integers(0, 2**32))(test)
    )


@games(8)
def test_a_viewers_fold_is_the_live_view(seed: int) -> None:
    """Given any game, at every step everybody's fold shows what their live view shows."""
    watch(seed)


def _pressed(seed: int) -> Iterator[tuple[Monkeys, Command, str]]:
    """Draw the commands of a game, and give each with what the game was before it."""
    played = Monkeys(seed)
    for _ in range(monkeys.STEPS):
        if played.over():
            return
        command = played.draw()
        played.game.pass_time(played.at)
        yield played, command, inside(played.game)


@games(6)
def test_a_refused_command_changes_nothing(seed: int) -> None:
    """Given any game, what is refused leaves log, state and everybody's view as they were."""
    refusals = 0
    for played, command, before in _pressed(seed):
        shown = [seen(played.game, viewer) for viewer in viewers(played)]
        try:
            played.press(command)
        except Refused as refusal:
            refusals += bool(refusal.detail)
            assert inside(played.game) == before
            assert [seen(played.game, viewer) for viewer in viewers(played)] == shown
    assert refusals


@games(6)
def test_a_fork_shares_nothing_that_changes(seed: int) -> None:
    """Given a fork that plays on, the game it was made of stays, and both answer alike."""
    for played, command, before in _pressed(seed):
        fork = played.game.fork()
        assert inside(fork) == before
        assert _answer(fork, command, played.at) == _answer(played.game.fork(), command, played.at)
        assert inside(played.game) == before
        _answer(played.game, command, played.at)


def _answer(game: Game, command: Command, at: int) -> object:
    """Give all that is answered to a command: the new entries, or the refusal."""
    try:
        return game.handle(command, at)
    except Refused as refusal:
        return refusal.code, refusal.detail


@games(20)
def test_what_is_offered_is_accepted_and_nothing_else(seed: int) -> None:
    """Given any seat of any game, the offered commands are accepted, and no other does a thing."""
    for step, (played, command, _) in enumerate(_pressed(seed)):
        if step % 16 == seed % 16:
            _check_offers(played, played.dice.randrange(played.seats))
        _answer(played.game, command, played.at)


def _check_offers(played: Monkeys, seat: PlayerId) -> None:
    game, choices = played.game, played.game.choices(seat)
    offered = set(choices.commands())
    assert {type(sent) for sent in offered} | FREE == set(choices.kinds()) | FREE
    assert not [sent for sent in offered if _effect(game, sent, played.at) is None]
    others = set(thinkable(game, seat, played.seats)) - offered
    assert not [sent for sent in others if _effect(game, sent, played.at)]


@pytest.mark.parametrize("living", [1, 2, 3, 5])
@pytest.mark.parametrize("first", ["day", "night"])
def test_what_any_role_is_offered_is_accepted_however_few_live(first: str, living: int) -> None:
    """Given any role among so many living, by day and by night each command offered is accepted."""
    few = started(lobby(8, first_phase=first))
    end_phase(few)
    rest = ("mafia_goon", *["vanilla_townie"] * 6)
    few = with_deal(few, ("vanilla_townie", *rest))
    for role in BUILT_IN_BOOK.roles:
        game = with_deal(few, (role, *rest))
        state = game.state
        for seat in range(living, 8):
            state.apply(PlayerDied(seat, "shot", ""), game.at)
        offered = [sent for sent in game.choices(0).commands() if type(sent) is Act]
        assert not [sent for sent in offered if _effect(game, sent, game.at) is None]


def _effect(game: Game, command: Command, at: int) -> int | None:
    """Count the entries that a command makes, None if it is refused.

    What one learns by trying does not count as refused: that one must be patient with talking, and
    that a place is full, or closed at this hour.
    """
    try:
        return len(game.fork().handle(command, at))
    except Refused as refusal:
        return 0 if refusal.code in LEARNT_BY_TRYING else None


@games(20)
def test_the_books_of_a_town_balance(seed: int) -> None:
    """Given any game in a town, coins and goods balance at every step, and nobody is in two places.

    Nothing is sold that is not there, no item is used twice, no task is paid twice.
    """
    books: Books | None = None
    for played in monkeys.play(seed, town=True):
        books = books or Books(played.game)
        books.audit()


def _of_a_grave(state: State, event: Event) -> bool:
    """Tell whether one of the dead acts who may after a lynch."""
    table = state.table
    night = isinstance(event, ActionChosen | ActionWithdrawn)
    return night and bool(restless(table, event.seat))


@games(30)
def test_the_dead_never_act(seed: int) -> None:
    """Given any game, whoever votes, acts, is done or talks as one of the living is one of them."""
    game = _played(seed).game
    state = State(game.rules)
    for entry in game.log:
        event, roster = entry.event, state.table.roster
        if _of_a_grave(state, event):
            assert has(roster.dead, event.seat)
        elif isinstance(event, DEEDS) or (isinstance(event, MessageSaid) and event.room in LIVING):
            assert has(roster.alive & ~roster.gone, event.seat)
            assert not isinstance(event, BY_DAY) or state.table.phases.phase is DAY
        elif isinstance(event, MessageSaid) and event.room == "dead":
            assert has(roster.dead, event.seat)
        state.apply(event, entry.at)


@games(5)
def test_every_stream_is_numbered_without_gaps(seed: int) -> None:
    """Given any game, a viewer's stream is what they may see, counted, and each rest a suffix."""
    played = _played(seed)
    game = played.game
    for viewer in viewers(played):
        theirs = [
            entry
            for entry in game.log
            if viewer == KEEPER or entry.audience == EVERYONE or has(entry.audience, viewer)
        ]
        stream = frames(game, viewer)
        assert [frame[:2] for frame in stream] == [
            (number, entry.at) for number, entry in enumerate(theirs, 1)
        ]
        assert game.cursor(viewer) == len(stream)
        for cursor in range(len(stream) + 2):
            assert frames(game, viewer, cursor) == stream[cursor:]


def test_a_public_entry_is_work_once_and_a_private_one_for_its_seats_alone() -> None:
    """Given many entries, the index grows by one for a public one, however many may watch."""
    index, event = Index(), LobbyOpened(True)
    rows: list[Row] = [(0, "", EVERYONE, event)] * 1_000
    index.extend(rows)
    assert len(index.public) == 1_000
    assert index.own == {}
    rows += [(0, "", 0b101, event), (0, "", KEEPER_ONLY, event)]
    index.extend(rows)
    assert len(index.public) == 1_000
    assert index.own == {0: [1_001], 2: [1_001]}


@games(20)
def test_a_replay_is_equal_to_the_byte(seed: int) -> None:
    """Given a written game, it verifies, and its replay shows and writes the same."""
    played = _played(seed)
    game = played.game
    stored = log.read(BytesIO(monkeys.record_bytes(game)))
    assert log.verify(stored).outcome.winners == game.state.outcome.winners
    again = Game.replay(log.recorded(stored, game.seed))
    assert inside(again) == inside(game)
    assert monkeys.record_bytes(again) == monkeys.record_bytes(game)
    for viewer in viewers(played):
        assert seen(again, viewer) == seen(game, viewer)
        assert frames(again, viewer) == frames(game, viewer)


@games(8)
def test_a_replay_can_be_played_on(seed: int) -> None:
    """Given a restart before any command, the game goes on as it did, draws included."""
    restarted: Game | None = None
    for step, (played, command, before) in enumerate(_pressed(seed)):
        if step == seed % 100:
            restarted = Game.replay(played.game.record())
            assert inside(restarted) == before
        if restarted:
            restarted.pass_time(played.at)
            assert _answer(restarted, command, played.at) == _answer(
                played.game.fork(), command, played.at
            )
        _answer(played.game, command, played.at)
        assert restarted is None or inside(restarted) == inside(played.game)


def test_no_order_of_a_hash_reaches_a_record() -> None:
    """Given other processes with other hash seeds, the same games come to the same bytes."""
    here = monkeys.digest(range(12))
    script = [sys.executable, "-m", "tests.core.monkeys", "0", "12"]
    root = Path(__file__).parents[2]
    others = [
        subprocess.Popen(
            script, cwd=root, stdout=subprocess.PIPE, env={**os.environ, "PYTHONHASHSEED": seed}
        )
        for seed in ("1", "2")
    ]
    assert [other.communicate()[0].decode() for other in others] == [here, here]


def test_monkeys_try_everything() -> None:
    """Given enough games, every event has happened and every refusal been heard."""
    events: set[type[Event]] = set()
    codes: set[Code] = set()
    for seed in range(1500):
        played = Monkeys(seed)
        for _ in range(monkeys.STEPS):
            try:
                played.press(played.draw())
            except Refused as refusal:
                codes.add(refusal.code)
        events |= {type(entry.event) for entry in played.game.log}
        if events == FACTS.keys() and codes == set(Code):
            break
    assert events == FACTS.keys()
    # The seats run out before there are too many: that code is for rules that change in the lobby.
    assert codes == set(Code)


def _played(seed: int) -> Monkeys:
    *_, played = monkeys.play(seed)
    return played
