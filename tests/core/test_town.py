"""The town: places and moves, who sees whom come and go, careers, and the killer's trace."""

from collections import Counter
from typing import Any

import attrs
import pytest

from mafia_district.catalogue import BUILT_IN, Catalogue
from mafia_district.chance import commitment, deal_key, number, seed_from
from mafia_district.chat import Say, Whisper
from mafia_district.clock import Extend, Pause, Resume
from mafia_district.game import Game
from mafia_district.ids import EVERYONE, KEEPER, NOBODY, SPECTATOR, members
from mafia_district.items import GiveItem, UseItem
from mafia_district.lobby import GiveSalt, Leave, TakeSeat
from mafia_district.machine import Code, Event
from mafia_district.night.collect import Act
from mafia_district.night.deed import FACTION_KILL
from mafia_district.phases import DAY, EVENING, NIGHT
from mafia_district.roster import PlayerDied, RolesDealt
from mafia_district.town import (
    SQUARE,
    CameIn,
    CareersDealt,
    Move,
    TraceFound,
    Walked,
    WentAway,
)
from mafia_district.town_choices import OPTIONS
from mafia_district.view import View
from mafia_district.wire import view_bytes

from .districts import district, gathered, hand, town, until, walk
from .tables import dealt, do, end_phase, fold, refused, started, viewers

STEPS = (WentAway, Walked, CameIn)


def knows(game: Game, told: Event) -> set[int]:
    """Give the seats that were told of an event."""
    (entry,) = [entry for entry in game.log if entry.event == told]
    return set(members(entry.audience))


def places(**changed: dict[str, Any]) -> Catalogue:
    """Give the built-in catalogue with some of its places changed."""
    rows = BUILT_IN.places
    return attrs.evolve(
        BUILT_IN, places=tuple(attrs.evolve(row, **changed.get(row.id, {})) for row in rows)
    )


def test_everybody_begins_the_day_on_the_square() -> None:
    """Given a morning, each player sees all on the Town Square; who only watches is nowhere."""
    game = district("vvvvb")
    assert {(town(game, seat).place, town(game, seat).here) for seat in range(5)} == {
        (SQUARE, 0b11111)
    }
    assert (town(game, SPECTATOR).here, town(game, SPECTATOR).residents) == (0, ())
    assert {resident.place for resident in town(game, KEEPER).residents} == {SQUARE}


def test_comings_and_goings_are_seen_by_those_who_are_there_at_that_moment() -> None:
    """Given one who walks, the old place sees a going, the new a coming, and no third anything."""
    game = district("vvvvvb")
    for seat in (0, 1, 2):
        walk(game, seat, "docks")
    walk(game, 3, "farm")
    seen = {viewer: game.cursor(viewer) for viewer in viewers(game)}
    assert walk(game, 2, "farm")[:3] == (
        WentAway(2, "docks"),
        Walked(2, "farm", 0b1100),
        CameIn(2, "farm"),
    )
    assert knows(game, WentAway(2, "docks")) == {0, 1, 2}
    assert knows(game, Walked(2, "farm", 0b1100)) == {2}
    assert knows(game, CameIn(2, "farm")) == {2, 3}
    assert [game.cursor(viewer) for viewer in (4, 5, SPECTATOR)] == [
        seen[viewer] for viewer in (4, 5, SPECTATOR)
    ]
    walk(game, 4, "docks")
    assert knows(game, WentAway(2, "docks")) == {0, 1, 2}
    assert [town(game, seat).here for seat in (0, 2, 5)] == [0b10011, 0b1100, 0b100000]


def test_who_walks_out_stands_nowhere() -> None:
    """Given a leaver, they fill no place, are seen by nobody, and are told nothing more of it."""
    game = district("vvvvvb", catalogue=places(docks={"capacity": 2}), whispers=True)
    walk(game, 0, "docks")
    walk(game, 1, "docks")
    do(game, Leave(1))
    assert (town(game, 1).place, town(game, 1).here, town(game, 1).moves_left) == ("", 0, 0)
    told = game.cursor(1)
    walk(game, 2, "docks")
    walk(game, 0, SQUARE)
    walk(game, 3, "docks")
    do(game, Say(2, "place", "gone?"), Whisper(2, 3, "gone."))
    assert game.cursor(1) == told
    assert {town(game, seat).here for seat in (2, 3)} == {0b1100}
    assert not game.state.table.town.here(1) & 1 << 1
    for viewer in viewers(game):
        assert view_bytes(View(fold(game, viewer), viewer)) == view_bytes(game.view(viewer))


def test_a_stopped_clock_offers_nothing_in_the_town_and_the_night_no_moves() -> None:
    """Given a pause, no command of the town is offered; the dead and the night have no moves."""
    game = district("vvvvvb", whispers=True)
    hand(game, 0, "garlic", "glass")
    assert {Move, UseItem, GiveItem, Whisper} <= set(game.choices(0).kinds())
    do(game, Pause(KEEPER))
    assert not set(game.choices(0).kinds()) & OPTIONS.keys()
    do(game, Resume(KEEPER))
    until(game, NIGHT)
    assert town(game, 0).moves_left == 0
    do(game, Act(5, FACTION_KILL, 0))
    until(game, DAY)
    assert [town(game, viewer).moves_left for viewer in (0, 1, SPECTATOR)] == [0, 6, 0]


def test_the_towns_lots_are_drawn_with_the_players_salts() -> None:
    """Given one seed and another salt, other careers are dealt; the record alone repeats them."""
    dealt_out = []
    for salt in ("", "00" * 32, "01" * 32):
        game = gathered(6)
        secret = commitment(bytes.fromhex(salt)) if salt else ""
        do(game, TakeSeat(NOBODY, "Player 6", "", secret))
        started(game)
        do(game, *[GiveSalt(6, salt)] if salt else [])
        end_phase(game)
        dealt_out.append(town(game, SPECTATOR).careers)
        given = [bytes.fromhex(salt)] if salt else []
        lot = number(deal_key(seed_from(7), given), "any", 1)
        assert game.state.table.lot("any", 1) == lot
        assert Game.replay(game.record()).state.table.lot("any", 1) == lot
        assert town(Game.replay(attrs.evolve(game.record(), seed=None)), 0).careers == dealt_out[-1]
    assert len(set(dealt_out)) == 3


def test_one_walks_so_often_a_day() -> None:
    """Given the last move made, no other is offered or allowed until the next morning."""
    game = district("vvvvb", moves_a_day=2)
    walk(game, 0, "docks", "farm")
    assert refused(game, Move(0, "docks")) is Code.NO_MOVES_LEFT
    assert (town(game, 0).moves_left, town(game, 0).path) == (0, ("docks", "farm"))
    assert Move not in {type(command) for command in game.choices(0).commands()}
    until(game, DAY)
    assert (town(game, 0).moves_left, town(game, 0).yesterday) == (2, ("docks", "farm"))
    assert walk(game, 0, "docks")


def test_a_full_place_is_learnt_by_trying() -> None:
    """Given one place left, two are offered it; the second learns that it is full, nobody else."""
    game = district("vvvvb", catalogue=places(docks={"capacity": 1}))
    before = game.choices(1).commands()
    walk(game, 0, "docks")
    assert [*game.choices(1).commands()] == [*before]
    assert refused(game, Move(1, "docks")) is Code.FULL
    walk(game, 0, "farm")
    assert walk(game, 1, "docks")


def test_a_place_may_be_for_some_careers() -> None:
    """Given a place for one career, its members are offered it, and others are refused."""
    game = district("vvvvb", catalogue=places(docks={"careers": ("nurse",)}))
    game = with_careers(game, ("nurse", "chef", "chef", "chef", "chef"))
    assert refused(game, Move(1, "docks")) is Code.NOT_HERE
    offered = [Move(seat, "docks") in game.choices(seat).commands() for seat in (0, 1)]
    assert offered == [True, False]
    assert walk(game, 0, "docks")


def with_careers(game: Game, careers: tuple[str, ...]) -> Game:
    """Give a game on in which everybody has another career."""
    (dealt_out,) = [entry for entry in game.log if isinstance(entry.event, CareersDealt)]
    game.follow([dealt_out._replace(event=CareersDealt(careers), at=game.at)])
    return game


@pytest.mark.parametrize(
    ("since_dawn", "open_then"), [(19_999, False), (20_000, True), (39_999, True), (40_000, False)]
)
def test_a_place_keeps_its_hours(since_dawn: int, open_then: bool) -> None:
    """Given hours counted from dawn, it opens at the first instant and is closed at the last."""
    hours = {"opens_ms": 20_000, "closes_ms": 40_000}
    game = district("vvvvb", catalogue=places(docks=hours))
    at = game.at + since_dawn
    game.pass_time(at)
    if open_then:
        assert game.handle(Move(0, "docks"), at)
        return
    assert refused(game, Move(0, "docks"), at) is Code.CLOSED


def test_a_longer_day_leaves_the_hours_of_its_places() -> None:
    """Given an extension, what has opened stays open, and what closes does so when it was due."""
    hours = {"opens_ms": 20_000, "closes_ms": 40_000}
    game = district("vvvvb", catalogue=places(docks=hours))
    dawn = game.at
    game.handle(Extend(0, 60), dawn + 21_000)
    assert do(game, Move(0, "docks"))
    game.pass_time(dawn + 40_000)
    assert refused(game, Move(1, "docks"), dawn + 40_000) is Code.CLOSED


def test_moves_are_refused_with_a_reason() -> None:
    """Given a wrong place, hour or walker, each is refused with its own code."""
    game = district("vvvvvb", first_phase="night")
    assert refused(game, Move(0, "docks")) is Code.WRONG_PHASE
    do(game, Act(5, FACTION_KILL, 0))
    end_phase(game)
    do(game, Leave(1))
    assert refused(game, Move(0, "docks")) is Code.DEAD
    assert refused(game, Move(1, "docks")) is Code.DEAD
    assert refused(game, Move(6, "docks")) is Code.NO_SUCH_SEAT
    assert refused(game, Move(2, "dock")) is Code.NO_SUCH_PLACE
    assert refused(game, Move(2, SQUARE)) is Code.NO_SUCH_PLACE
    until(game, EVENING)
    assert refused(game, Move(2, "docks")) is Code.WRONG_PHASE
    assert refused(dealt("vvvm"), Move(0, "docks")) is Code.NO_TOWN


def test_dusk_and_dawn_gather_all_the_living_and_nobody_is_seen_to_come() -> None:
    """Given people all over the town, dusk and dawn bring them together without a step."""
    game = district("vvvvvb")
    for seat, place in enumerate(("docks", "farm", "docks", "bank")):
        walk(game, seat, place)
    dusk = until(game, EVENING)
    assert {(town(game, seat).place, town(game, seat).here) for seat in range(6)} == {
        (SQUARE, 0b111111)
    }
    until(game, NIGHT)
    assert (town(game, 0).place, town(game, 0).here) == ("", 0)
    do(game, Act(5, FACTION_KILL, 0))
    dawn = until(game, DAY)
    assert not [event for event in dusk + dawn if isinstance(event, STEPS)]
    assert {town(game, seat).here for seat in range(1, 6)} == {0b111110}
    assert (town(game, 0).place, town(game, 0).here) == ("", 0)


@pytest.mark.parametrize("seats", [5, 11, 12, 13, 30])
def test_careers_are_dealt_evenly(seats: int) -> None:
    """Given any table, every career is dealt as often as any other, or once more."""
    game = started(gathered(seats))
    end_phase(game)
    careers = Counter(town(game, SPECTATOR).careers)
    dealt_out = [careers[career.id] for career in BUILT_IN.careers]
    assert sum(dealt_out) == seats
    assert max(dealt_out) - min(dealt_out) <= 1


def test_the_first_morning_never_looks_at_a_role() -> None:
    """Given one seed and two sets of roles, all that follows the deal is the same to the event."""
    mornings = []
    for roles in ((("villager", 5), ("vampire", 1)), (("doctor", 4), ("vampire", 2))):
        game = started(gathered(6, roles=roles))
        morning = end_phase(game)
        (deal,) = [n for n, event in enumerate(morning) if isinstance(event, RolesDealt)]
        mornings.append(morning[deal + 1 :])
    assert mornings[0] == mornings[1]
    assert CareersDealt in {type(event) for event in mornings[0]}


def traces(walks: tuple[str, ...], cast: str = "vvvvvb", seed: int = 7) -> tuple[Game, set[str]]:
    """Let the last seat walk and then kill seat 0; give the game and the places of the traces."""
    game = district(cast, seed=seed)
    killer = len(cast) - 1
    walk(game, 1, "bank")
    walk(game, killer, *walks)
    until(game, NIGHT)
    do(game, Act(killer, FACTION_KILL, 0))
    until(game, DAY)
    return game, {trace.place for trace in town(game, SPECTATOR).traces}


@pytest.mark.parametrize(
    ("walks", "found"),
    [
        (("docks", "farm", "docks"), {"docks", "farm"}),
        (("docks", SQUARE), {"docks"}),
        (("farm", SQUARE, "farm", SQUARE), {"farm"}),
        ((), set()),
    ],
)
def test_the_trace_is_a_place_where_the_killer_was(walks: tuple[str, ...], found: set[str]) -> None:
    """Given a killer's walks, some seed shows each of the places, the Square excepted, no other."""
    shown = [traces(walks, seed=seed)[1] for seed in range(12)]
    assert set().union(*shown) == found
    assert {len(places) for places in shown} == {min(1, len(found))}


def test_the_trace_comes_with_the_death_and_is_public() -> None:
    """Given a death at night, all learn of it and then of the trace."""
    game, _ = traces(("docks",))
    entries = [e for e in game.log if isinstance(e.event, PlayerDied | TraceFound)]
    assert [(e.audience, type(e.event)) for e in entries] == [
        (EVERYONE, PlayerDied),
        (EVERYONE, TraceFound),
    ]
    assert entries[1].event == TraceFound(0, "docks")


def test_the_trace_is_that_of_the_one_who_struck_and_of_the_day_before() -> None:
    """Given two vampires, the performer's walk counts; older walks leave no trace."""
    game = district("vvvvvvbb")
    walk(game, 6, "docks")
    walk(game, 7, "farm")
    until(game, NIGHT)
    do(game, Act(7, FACTION_KILL, 0), Act(6, FACTION_KILL, 0))
    until(game, NIGHT)
    do(game, Act(7, FACTION_KILL, 1))
    until(game, DAY)
    assert town(game, SPECTATOR).traces == (TraceFound(0, "farm"),)


def test_who_was_saved_leaves_no_trace_and_fire_leaves_one_for_each() -> None:
    """Given a protected bite there is no trace; given a fire, each who burnt has one."""
    game = district("vvvvvdab")
    for night in range(2):
        until(game, NIGHT)
        do(game, Act(6, "douse", night), Act(7, FACTION_KILL, 4), Act(5, "protect", 4 - night))
        do(game, Act(7, FACTION_KILL, 4 - night))
        until(game, DAY)
    assert town(game, SPECTATOR).traces == ()
    walk(game, 6, "docks")
    until(game, NIGHT)
    do(game, Act(6, "ignite", 6))
    until(game, DAY)
    assert town(game, SPECTATOR).traces == (TraceFound(0, "docks"), TraceFound(1, "docks"))
