"""Tasks: what is dealt, what does an errand, and what is paid for it."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mafia_district.ids import NOBODY, PlayerId, members
from mafia_district.items import ItemGained, ItemUsed, ItemWornOut, UseItem
from mafia_district.machine import Code, Event, Refused
from mafia_district.purse import TASK, CoinsMoved
from mafia_district.roster import PlayerDied, PlayerLeft
from mafia_district.tasks import (
    Complete,
    Errand,
    ErrandDone,
    ErrandPaid,
    TasksDealt,
    claimable,
    deal,
    words,
)

from .streets import SQUARE, TASKS, Street

CAST: Final = ("mafia_goon", "jester", "town_doctor", "town_cop", *["vanilla_townie"] * 4)

HUNT: Final = Errand(1, "hunt", "docks", "", NOBODY, 20)
BRAG: Final = Errand(1, "brag", "", "", 1, 40)
LEND: Final = Errand(1, "lend", "church", "", 0, 40)
PRAY: Final = Errand(2, "pray", "church", "", NOBODY, 30)
LOOK: Final = Errand(2, "look", "", "glass", NOBODY, 50)
SHINE: Final = Errand(2, "shine", "docks", "lantern", NOBODY, 50)


def street(*errands: Errand, seat: PlayerId = 0) -> Street:
    """Make a street where one seat has some errands and nobody else has any."""
    town = Street(CAST)
    town.record(TasksDealt(seat, 1, errands))
    return town


def done(events: tuple[Event, ...]) -> list[ErrandDone]:
    """Pick the errands that were done."""
    return [event for event in events if isinstance(event, ErrandDone)]


def dealt(town: Street, day: int = 1) -> tuple[Event, ...]:
    """Deal the errands of a day, and record nothing."""
    return deal(town.table, town.table.tasks, day)


@given(st.permutations(CAST), st.integers(0, 1 << 32), st.integers(1, 9))
def test_the_deal_never_looks_at_a_role(roles: list[str], seed: int, day: int) -> None:
    """Given the same seed, everybody gets the same errands whatever the roles are."""
    assert dealt(Street(roles, seed=seed), day) == dealt(Street(CAST, seed=seed), day)


@given(st.integers(0, 1 << 32), st.sets(st.integers(0, 7), max_size=6), st.integers(1, 9))
def test_everybody_who_lives_gets_two_errands(seed: int, dead: set[int], day: int) -> None:
    """Given some dead, each of the living has one errand of the career and one of the pool.

    Persons to meet are other living players, and nobody is sent where their career may not go.
    """
    town = Street(CAST, seed=seed)
    town.record(*[PlayerDied(seat, "shot", "") for seat in dead])
    living, templates = set(range(8)) - dead, {task.id: task for task in TASKS}
    events = [event for event in dealt(town, day) if isinstance(event, TasksDealt)]
    assert [event.seat for event in events] == sorted(living)
    for event in events:
        career = town.table.town.career(event.seat)
        own = [templates[errand.task] for errand in event.errands]
        assert [task.career for task in own] == [career, ""]
        assert [errand.number for errand in event.errands] == [1, 2]
        for errand, task in zip(event.errands, own, strict=True):
            assert (errand.person in living - {event.seat}) is (task.kind == "meet")
            assert bool(errand.item) is (task.kind == "use")
            assert errand.place != "vault" or career == "banker"


def test_every_template_is_dealt_about_as_often_as_any_other() -> None:
    """Given many mornings, the pool's errands fall alike, by a chi-square at one in a thousand."""
    town, counts = Street(CAST), dict.fromkeys(("pray", "look", "shine", "chat"), 0)
    for day in range(1, 501):
        for event in dealt(town, day):
            assert isinstance(event, TasksDealt)
            if town.table.town.career(event.seat) == "hunter":
                counts[event.errands[1].task] += 1
    expected = sum(counts.values()) / len(counts)
    assert sum((count - expected) ** 2 / expected for count in counts.values()) < 16.3


def test_a_visit_is_done_by_walking_there_and_paid_once() -> None:
    """Given an errand at the Docks, only the walk makes it payable, and only one claim pays."""
    town = street(HUNT, PRAY)
    assert town.refused(Complete(0, 1)) is Code.NOT_NOW
    assert town.refused(Complete(0, 3)) is Code.NO_SUCH_TASK
    assert town.refused(Complete(1, 1)) is Code.NO_SUCH_TASK
    assert done(town.walk("shop", 0)) == []
    assert done(town.walk("docks", 1, 0)) == [ErrandDone(0, 1, "docks")]
    assert claimable(town.table, 0) == (1,)
    assert town.do(Complete(0, 1)) == (ErrandPaid(0, 1, 20), CoinsMoved(0, 20, TASK, "hunt"))
    assert claimable(town.table, 0) == ()
    assert town.do(Complete(0, 1)) == ()
    assert done(town.walk("shop", 0)) == done(town.walk("docks", 0)) == []
    assert town.table.purse.of(0) == 1_020


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_to_meet_takes_both_in_one_place_but_the_square(order: tuple[PlayerId, ...]) -> None:
    """Given an errand to meet somebody, it is the same who comes to whom; the Square is none."""
    town = street(BRAG)
    assert done(town.walk("shop", *order)) == [ErrandDone(0, 1, "shop")]
    town = street(BRAG)
    assert done(town.walk("shop", 0) + town.walk("church", 1, 2)) == []
    assert done(town.walk(SQUARE, 1, 0)) == []


def test_a_meeting_with_a_place_is_done_there_alone() -> None:
    """Given an errand to meet somebody at the Church, the Shop is no place for it."""
    town = street(LEND, seat=1)
    assert done(town.walk("shop", 0, 1)) == []
    assert done(town.walk("church", 1, 0)) == [ErrandDone(1, 1, "church")]


def test_one_step_may_do_errands_of_several() -> None:
    """Given two who want to meet each other where one has business, one step does all of it."""
    town = street(BRAG, PRAY)
    town.record(TasksDealt(1, 1, (LEND,)))
    town.walk("church", 1)
    assert done(town.walk("church", 0)) == [
        ErrandDone(seat, number, "church") for seat, number in ((0, 1), (0, 2), (1, 1))
    ]


def test_an_item_counts_when_it_is_used_where_the_errand_says() -> None:
    """Given errands to use things, another thing or another place does not do."""
    town = street(LOOK)
    town.record(ItemGained(0, "glass", "gift"), ItemGained(0, "lantern", "gift"))
    assert done(town.do(UseItem(0, "lantern"))) == []
    assert done(town.do(UseItem(0, "glass", 1))) == [ErrandDone(0, 2, SQUARE)]
    town = street(SHINE)
    assert done(town.record(ItemUsed(0, "lantern", NOBODY, 1))) == []
    town.walk("docks", 0)
    assert done(town.record(ItemUsed(1, "lantern", NOBODY, 1))) == []
    assert done(town.record(ItemUsed(0, "lantern", NOBODY, 1))) == [ErrandDone(0, 2, "docks")]
    assert done(town.record(ItemUsed(0, "lantern", NOBODY, 1))) == []


def test_tools_add_to_the_next_career_task_and_are_used_up() -> None:
    """Given tools that are on, the pool's errand leaves them and the career's uses them up."""
    town = street(HUNT, PRAY)
    town.record(ItemGained(0, "tools", "shop"))
    town.do(UseItem(0, "tools"))
    town.walk("church", 0)
    town.walk("docks", 0)
    assert ErrandPaid(0, 2, 30) in town.do(Complete(0, 2))
    bonus = town.table.rules.tools_bonus
    paid = ErrandPaid(0, 1, 20 + bonus), CoinsMoved(0, 20 + bonus, TASK, "hunt")
    assert town.do(Complete(0, 1)) == (*paid, ItemWornOut(0, "tools"))
    assert town.table.bags.on[0] == ()


def test_errands_end_at_dusk() -> None:
    """Given an errand that was done but not claimed, dusk takes it and the pay."""
    town = street(HUNT)
    town.walk("docks", 0)
    town.dusk()
    assert town.refused(Complete(0, 1)) is Code.WRONG_PHASE
    town.dawn(2)
    assert town.refused(Complete(0, 1)) is Code.NO_SUCH_TASK
    assert done(town.walk("docks", 0)) == []


@pytest.mark.parametrize("going", [PlayerDied(1, "shot", ""), PlayerLeft(1)])
def test_the_gone_have_no_errands_and_cannot_be_met(going: Event) -> None:
    """Given somebody dead or departed, nobody meets them; theirs are void, or wait for another."""
    town = street(BRAG)
    town.record(TasksDealt(1, 1, (LEND,)))
    town.walk("church", 1)
    town.record(going)
    assert done(town.walk("church", 0)) == []
    assert (1 in town.table.tasks.errands) == isinstance(going, PlayerLeft)
    with pytest.raises(Refused, match="gone"):
        town.do(Complete(0, 1))
    assert town.refused(Complete(1, 1)) is Code.DEAD


def test_a_refusal_says_what_is_missing() -> None:
    """Given errands that are not done, the refusal names the place, the thing and the person."""
    wants = {
        HUNT: "go to Docks",
        BRAG: "meet Player 1 at any place but the Town Square",
        LEND: "meet Player 0 at Church",
        LOOK: "use Magnifying glass",
        SHINE: "use Lantern at Docks",
    }
    for errand, missing in wants.items():
        with pytest.raises(Refused, match=f"{missing}$"):
            street(errand, seat=2).do(Complete(2, errand.number))


def test_the_words_fit_the_role_of_who_reads() -> None:
    """Given a template with voices, a role without one reads the plain text."""
    town, names = street(PRAY), {1: "Ann"}
    catalogue = town.table.rules.catalogue
    assert words(catalogue, "mafia_goon", PRAY, names) == "Count the exits of the Church."
    assert words(catalogue, "town_cop", PRAY, names) == "Pray in the Church."
    assert words(catalogue, "town_cop", BRAG, names) == "Brag to Ann."
    assert words(catalogue, "town_cop", SHINE, names) == "Use Lantern at the Docks."


@given(st.lists(st.tuples(st.integers(0, 7), st.sampled_from(["docks", "church", "shop", SQUARE]))))
def test_a_seat_knows_its_own_errands_and_no_others(steps: list[tuple[PlayerId, str]]) -> None:
    """Given any walks and claims, the fold of a seat's events holds its own errands alone."""
    town = Street(CAST)
    town.record(*dealt(town))
    for seat, place in steps:
        if town.table.town.place(seat) != place:
            town.walk(place, seat)
        town.do(*[Complete(seat, number) for number in claimable(town.table, seat)])
    for seat in members(town.table.roster.alive):
        tasks, own = town.table.tasks, town.fold(seat).table.tasks
        assert own.errands == {seat: tasks.errands[seat]}
        assert own.done.get(seat) == tasks.done.get(seat)
        assert own.paid.get(seat) == tasks.paid.get(seat)
        rewards = sum(e.reward for e in tasks.errands[seat] if tasks.is_paid(seat, e.number))
        assert town.table.purse.of(seat) == 1_000 + rewards


def test_a_fork_shares_nothing_that_changes() -> None:
    """Given a fork, what happens in one does not happen in the other."""
    town = street(HUNT)
    fork = town.state.fork()
    town.walk("docks", 0)
    town.do(Complete(0, 1))
    assert not fork.table.tasks.is_done(0, 1)
    assert not fork.table.tasks.is_paid(0, 1)
