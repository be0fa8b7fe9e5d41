"""Items at night: what is set down in a whole game, what it stops, and what it tells at dawn."""

from typing import Final

import attrs
import pytest

from mafia_district.catalogue import BUILT_IN
from mafia_district.catalogue.items import ITEMS
from mafia_district.game import Game
from mafia_district.ids import KEEPER, NO_LYNCH, NOBODY, SPECTATOR, PlayerId, members
from mafia_district.items import (
    ItemWornOut,
    UseItem,
    VisitorsCounted,
    VisitorsHeard,
    WardHeld,
)
from mafia_district.machine import Code, Event
from mafia_district.night.collect import Act
from mafia_district.night.deed import FACTION_KILL
from mafia_district.night.laid_out import laid_out
from mafia_district.phases import DAY, EVENING, NIGHT
from mafia_district.voting import CastVote

from ..districts import district, hand, town, until
from ..tables import dead, do, end_phase, refused

TOLD: Final = (WardHeld, ItemWornOut, VisitorsHeard, VisitorsCounted)


def set_down(game: Game, seat: PlayerId, item: str, target: PlayerId = NOBODY) -> None:
    """Let a seat use an item that it is handed."""
    hand(game, seat, item)
    do(game, UseItem(seat, item, target))


def bite(game: Game, prey: PlayerId) -> tuple[Event, ...]:
    """Let the last seat bite, tonight or in the coming night; give the events of the dawn."""
    if game.phase is not NIGHT:
        until(game, NIGHT)
    biter = len(game.view(KEEPER).seats) - 1
    do(game, Act(biter, FACTION_KILL, prey))
    return end_phase(game)


def learnt(game: Game, seat: PlayerId) -> list[Event]:
    """List what a seat's items have told it."""
    return [sight.fact for sight in town(game, seat).learnt]


@pytest.mark.parametrize(
    ("item", "cast", "saved"),
    [
        ("garlic", "vvvvvb", True),
        ("garlic", "vvvvgb", False),
        ("water", "vvvvvb", False),
        ("cross", "vvvvvb", True),
        ("cross", "vvvvgb", False),
        ("vest", "vvvvgb", True),
        ("vest", "vvvvvb", True),
        ("mask", "vvvvvb", False),
        ("lantern", "vvvvvb", False),
    ],
)
@pytest.mark.parametrize("hour", [DAY, EVENING, NIGHT])
def test_each_thing_stops_its_own_kind_of_kill(
    hour: object, item: str, cast: str, saved: bool
) -> None:
    """Given a shot where somebody shoots, else a bite, it is stopped by what is against it."""
    game = district(cast)
    while game.phase is not hour:
        end_phase(game)
    set_down(game, 0, item)
    while game.phase is not NIGHT:
        end_phase(game)
    do(game, Act(4, "kill", 0) if "g" in cast else Act(5, FACTION_KILL, 0))
    end_phase(game)
    assert dead(game) == (set() if saved else {0})


def test_a_vest_is_against_bites_only_where_nobody_shoots() -> None:
    """Given one who shoots in play, a vest does not stop the bite."""
    game = district("vvvvgb")
    set_down(game, 0, "vest")
    bite(game, 0)
    assert dead(game) == {0}


def test_one_ward_stops_one_kill_and_a_vest_is_kept_for_later() -> None:
    """Given ward and vest, the ward goes first; the vest stops the next bite and is worn out."""
    game = district("vvvvvb")
    set_down(game, 0, "vest")
    set_down(game, 0, "garlic")
    assert ItemWornOut(0, "vest") not in bite(game, 0)
    assert [worn.item for worn in town(game, 0).on] == ["vest"]
    assert ItemWornOut(0, "vest") in bite(game, 0)
    assert (dead(game), town(game, 0).on) == (set(), ())
    bite(game, 0)
    assert dead(game) == {0}


def test_the_doctor_comes_before_what_one_wears_and_nothing_stops_two() -> None:
    """Given a doctor, a vest and three kills of one night, doctor and vest stop one each."""
    game = district("vvvvvvdgggb")
    set_down(game, 0, "vest")
    until(game, NIGHT)
    do(game, Act(6, "protect", 0), Act(7, "kill", 0))
    again = game.fork()
    end_phase(game)
    assert [worn.item for worn in town(game, 0).on] == ["vest"]
    do(again, Act(8, "kill", 0))
    third = again.fork()
    end_phase(again)
    assert (dead(again), town(again, 0).on) == (set(), ())
    do(third, Act(9, "kill", 0))
    end_phase(third)
    assert dead(third) == {0}


def test_a_cross_tells_its_bearer_and_garlic_does_not() -> None:
    """Given a stopped bite, who held the cross reads it, and nobody else learns who was bitten."""
    for item, told in (("cross", [WardHeld(0, "cross")]), ("garlic", [])):
        game = district("vvvvvb")
        set_down(game, 0, item)
        before = {viewer: game.cursor(viewer) for viewer in (1, 5, SPECTATOR)}
        bite(game, 0)
        assert learnt(game, 0) == told
        for viewer, cursor in before.items():
            assert not [s for s in game.entries(viewer, cursor) if isinstance(s.event, TOLD)]
    quiet = district("vvvvvb")
    set_down(quiet, 0, "cross")
    bite(quiet, 1)
    assert learnt(quiet, 0) == []


def test_holy_water_holds_by_lot() -> None:
    """Given many games, it holds in some and not in others, and whom it fails it tells nothing."""
    held = []
    for seed in range(24):
        game = district("vvvvvb", seed=seed)
        set_down(game, 0, "holy_water")
        again = game.fork()
        bite(game, 0)
        bite(again, 0)
        assert dead(game) == dead(again)
        assert learnt(game, 0) == []
        held.append(not dead(game))
    assert 5 <= sum(held) <= 19


def test_two_wards_of_chance_have_a_lot_each() -> None:
    """Given two that hold half the time, in a quarter of the games each, one holds and one not."""
    halves = tuple(attrs.evolve(item, chance=500 if item.methods else 1_000) for item in ITEMS)
    town_of_chance = attrs.evolve(BUILT_IN, items=halves)
    held = set()
    for seed in range(24):
        game = district("vvvvvb", seed=seed, catalogue=town_of_chance)
        set_down(game, 0, "garlic")
        set_down(game, 0, "water")
        held.add(tuple(ward.holds for ward in laid_out(game.state.table).wards))
    assert held == {(True, True), (True, False), (False, True), (False, False)}


def test_nobody_wears_a_ward_two_nights_running() -> None:
    """Given a ward, used or not, the next is for the night after the next, of whatever kind."""
    game = district("vvvvvb")
    hand(game, 0, "garlic", "cross", "water")
    do(game, UseItem(0, "garlic"))
    until(game, DAY)
    for phase in (DAY, EVENING, NIGHT):
        assert game.phase is phase
        assert refused(game, UseItem(0, "cross")) is Code.NOT_NOW
        end_phase(game)
    do(game, UseItem(0, "cross"))
    bite(game, 0)
    assert (dead(game), town(game, 0).bag) == (set(), ("water",))


def test_water_stops_fire_and_washes_off_what_was_poured_before() -> None:
    """Given two doused, water at the fire or a night before it saves; no other of them."""
    game = district("vvvvvvvab")
    for prey in (0, 1):
        until(game, NIGHT)
        do(game, Act(7, "douse", prey))
    until(game, DAY)
    at_the_fire, before_it = game.fork(), game
    set_down(before_it, 0, "water")
    until(before_it, DAY)
    set_down(at_the_fire, 0, "water")
    for fire in (at_the_fire, before_it):
        until(fire, NIGHT)
        do(fire, Act(7, "ignite", 7))
        end_phase(fire)
        assert dead(fire) == {1}
        assert learnt(fire, 0) == []


def test_a_mask_answers_town_for_its_nights() -> None:
    """Given a masked vampire, the sheriff reads town for two nights and the truth in the third."""
    game = district("vvvvsb", mask_nights=2)
    set_down(game, 5, "mask")
    for _ in range(3):
        until(game, NIGHT)
        do(game, Act(4, "investigate", 5))
        end_phase(game)
    assert [result.result for result in game.view(4).results] == ["town", "town", "not_town"]


@pytest.mark.parametrize(("cuffed", "dies"), [(7, False), (6, True), (4, True)])
def test_cuffs_bind_the_hand_that_bites(cuffed: PlayerId, dies: bool) -> None:
    """Given cuffs on the performer the bite fails; on another vampire or a villager it does not."""
    game = district("vvvvvvbb")
    set_down(game, 0, "handcuffs", cuffed)
    until(game, NIGHT)
    do(game, Act(7, FACTION_KILL, 1), Act(6, FACTION_KILL, 1))
    end_phase(game)
    assert dead(game) == ({1} if dies else set())


def test_the_cuffed_find_out_only_that_they_learnt_nothing_and_for_one_night() -> None:
    """Given sheriff and doctor who cuff each other, neither does anything, and tomorrow both do."""
    game = district("vvvvsdb")
    set_down(game, 4, "handcuffs", 5)
    set_down(game, 5, "handcuffs", 4)
    until(game, NIGHT)
    before = game.cursor(4)
    do(game, Act(4, "investigate", 6), Act(5, "protect", 0))
    bite(game, 0)
    assert dead(game) == {0}
    assert not [s for s in game.entries(4, before) if isinstance(s.event, TOLD)]
    until(game, NIGHT)
    do(game, Act(4, "investigate", 6), Act(5, "protect", 1))
    bite(game, 1)
    assert [result.result for result in game.view(4).results] == ["no_result", "not_town"]
    assert dead(game) == {0}


def test_a_tap_hears_all_who_came_in_drawn_order() -> None:
    """Given three visitors, a warded biter among them, all are heard, in no order of theirs."""
    orders = set()
    for seed in range(12):
        game = district("vvvvsdb", seed=seed)
        set_down(game, 1, "tap", 0)
        set_down(game, 0, "garlic")
        set_down(game, 0, "lantern")
        until(game, NIGHT)
        do(game, Act(4, "investigate", 0), Act(5, "protect", 1))
        bite(game, 0)
        (heard,) = learnt(game, 1)
        assert isinstance(heard, VisitorsHeard)
        assert (heard.target, sorted(heard.visitors)) == (0, [4, 6])
        assert learnt(game, 0) == [VisitorsCounted(0, 2)]
        orders.add(heard.visitors)
    assert orders == {(4, 6), (6, 4)}


def test_who_was_cuffed_never_came() -> None:
    """Given a cuffed visitor, tap and lantern know of the other alone; of nobody, they say so."""
    game = district("vvvvsdb")
    set_down(game, 2, "handcuffs", 6)
    for seat in (0, 3):
        set_down(game, seat, "lantern")
    set_down(game, 1, "tap", 3)
    until(game, NIGHT)
    do(game, Act(4, "investigate", 0))
    bite(game, 0)
    assert [learnt(game, seat) for seat in (0, 1, 2, 3)] == [
        [VisitorsCounted(0, 1)],
        [VisitorsHeard(1, 3, ())],
        [],
        [VisitorsCounted(3, 0)],
    ]


def test_what_the_dead_of_the_night_set_down_works_and_tells_them() -> None:
    """Given one who is bitten, their cuffs held, and tap and lantern tell them all the same."""
    game = district("vvvvsdb")
    set_down(game, 0, "handcuffs", 5)
    set_down(game, 0, "tap", 0)
    set_down(game, 0, "lantern")
    until(game, NIGHT)
    do(game, Act(5, "protect", 0))
    bite(game, 0)
    assert dead(game) == {0}
    assert learnt(game, 0) == [VisitorsHeard(0, 0, (6,)), VisitorsCounted(0, 1)]


def test_what_the_exiled_set_down_is_void_and_so_is_what_lies_on_them() -> None:
    """Given one exiled the same evening, their cuffs bind nobody and no tap on them hears."""
    game = district("vvvvvsdb", vote_on_day_one=True)
    set_down(game, 0, "handcuffs", 5)
    set_down(game, 0, "tap", 1)
    set_down(game, 1, "tap", 0)
    until(game, EVENING)
    do(game, *[CastVote(seat, 0) for seat in (1, 2, 3)], CastVote(4, NO_LYNCH))
    end_phase(game)
    do(game, Act(5, "investigate", 7))
    bite(game, 1)
    assert dead(game) == {0, 1}
    assert [result.result for result in game.view(5).results] == ["not_town"]
    assert (learnt(game, 0), learnt(game, 1)) == ([], [])


def test_what_items_tell_comes_with_the_dawn_to_one_seat_each() -> None:
    """Given a night full of items, nothing is told before its end, and each fact to its owner."""
    game = district("vvvvsdb")
    set_down(game, 0, "tap", 1)
    set_down(game, 1, "cross")
    set_down(game, 2, "lantern")
    set_down(game, 3, "vest")
    before = game.version
    until(game, NIGHT)
    do(game, Act(4, "investigate", 2))
    bite(game, 1)
    told = [entry for entry in game.log[before:] if isinstance(entry.event, TOLD)]
    assert {members(entry.audience): entry.event for entry in told} == {
        (0,): VisitorsHeard(0, 1, (6,)),
        (1,): WardHeld(1, "cross"),
        (2,): VisitorsCounted(2, 1),
    }
    assert {entry.at for entry in told} == {game.at}
