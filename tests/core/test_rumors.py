"""Rumors: what the bureau sells, how true it is, what it tells of nobody, and how it spreads."""

from collections import Counter
from collections.abc import Iterator
from math import sqrt
from typing import Final, TypeAlias

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mafia_district.chance import seed_from
from mafia_district.ids import NOBODY, PlayerId
from mafia_district.items import ItemUsed
from mafia_district.machine import Code, Command, Event
from mafia_district.purse import AT_START, RUMOR, CoinsMoved
from mafia_district.roster import PlayerDied, PlayerLeft
from mafia_district.rumors import (
    BuyRumor,
    NothingHeard,
    RumorHeard,
    RumorRecorded,
    RumorShared,
    ShareRumor,
    on_sale,
    shareable,
    words,
)
from mafia_district.sayings import Facts, Saying, is_true
from mafia_district.tasks import Complete, Errand, TasksDealt

from .streets import BUREAU, PLACES, SQUARE, Street

CAST: Final = (
    "town_cop", "mafia_goon", "vanilla_townie", "mafia_roleblocker", "town_vigilante", "jester",
    "vanilla_townie", "town_doctor", "vanilla_townie", "mafia_goon",
)  # fmt: skip
KINDS: Final = ("appearance", "whereabouts", "task", "role")
SPOTS: Final = tuple(place.id for place in PLACES if place.id != SQUARE)
BUYER: Final = 0

Walks: TypeAlias = dict[PlayerId, tuple[str, ...]]


def town(
    *, reliability: int = 1_000, day: int = 2, walks: Walks | None = None,
    **settings: int,
) -> Street:  # fmt: skip
    """Make a street on a day after some walks, with the buyer at the bureau."""
    street = Street(CAST, reliability=reliability, **settings)
    for today in range(1, day):
        for seat, places in (walks or {}).items():
            for place in places:
                street.walk(place, seat)
        street.dusk()
        street.dawn(today + 1)
    street.walk(BUREAU, BUYER)
    return street


def errand(seat: PlayerId, place: str, day: int = 2, task: str = "pray") -> TasksDealt:
    """Deal somebody an errand at a place."""
    return TasksDealt(seat, day, (Errand(2, task, place, "", NOBODY, 30),))


def heard(events: tuple[Event, ...]) -> list[RumorHeard]:
    """Pick the rumors that were heard."""
    return [event for event in events if isinstance(event, RumorHeard)]


def recorded(events: tuple[Event, ...]) -> list[RumorRecorded]:
    """Pick what the keeper was told of them."""
    return [event for event in events if isinstance(event, RumorRecorded)]


def tell(street: Street, seat: PlayerId, said: Saying, giver: PlayerId = NOBODY) -> None:
    """Let somebody have heard something true, by default from the bureau today."""
    number = len(street.state.rumors.of(seat)) + 1
    words = {"appearance": "a1", "whereabouts": "w1", "task": "t1", "role": "r1"}[said.category]
    category, persons, place, asset, role, day = said
    day = day or street.table.phases.day
    street.record(
        RumorHeard(seat, number, category, words, persons, place, asset, role, giver, day),
        RumorRecorded(seat, number, True),
    )


def draws(street: Street, kind: str, count: int) -> Iterator[tuple[RumorHeard, RumorRecorded]]:
    """Buy the same rumor of many bureaus, one for each of so many seeds; give what is heard."""
    for seed in range(count):
        street.table.seed = seed_from(seed)
        events = street.decide(BuyRumor(BUYER, kind))
        if events != (NothingHeard(BUYER, kind),):
            yield heard(events)[0], recorded(events)[0]


def deviation(hits: int, tries: int, chance: float) -> float:
    """Give by how many standard deviations a count is off what was expected."""
    return (hits - tries * chance) / sqrt(tries * chance * (1 - chance))


def test_a_rumor_is_sold_once_a_day_at_its_price() -> None:
    """Given one fact, the buyer hears it, pays for it, and is refused a second of the kind."""
    street = town(walks={3: ("docks",)})
    assert on_sale(street.table, street.state.rumors, BUYER) == KINDS
    events = street.do(BuyRumor(BUYER, "whereabouts"))
    (rumor,) = heard(events)
    assert rumor.said == Saying("whereabouts", (3,), "docks", day=2)
    assert (rumor.number, rumor.giver) == (1, NOBODY)
    assert events[1:] == (
        RumorRecorded(BUYER, 1, True),
        CoinsMoved(BUYER, -50, RUMOR, "whereabouts"),
    )
    assert street.refused(BuyRumor(BUYER, "whereabouts")) is Code.ONE_A_DAY
    assert on_sale(street.table, street.state.rumors, BUYER) == ("appearance", "task", "role")


def test_nothing_is_charged_when_there_is_nothing_new() -> None:
    """Given that the buyer has the one rumor there is, as a gift, nothing is told or charged."""
    street = town()
    street.record(errand(3, "docks"))
    tell(street, BUYER, Saying("task", (3,), "docks", day=2), giver=5)
    assert street.do(BuyRumor(BUYER, "task")) == (NothingHeard(BUYER, "task"),)
    assert street.table.purse.of(BUYER) == 1_000
    assert street.refused(BuyRumor(BUYER, "task")) is Code.ONE_A_DAY


@given(st.integers(0, 1 << 32), st.sampled_from([0, 500, 1_000]))
def test_nobody_is_ever_sold_the_same_twice(seed: int, reliability: int) -> None:
    """Given few living and many days, no two rumors of a seat say the same, and all are paid."""
    street = Street(CAST, seed=seed, reliability=reliability)
    street.record(CoinsMoved(BUYER, 1_000, AT_START))
    street.record(*[PlayerDied(seat, "shot", "") for seat in range(5, 10)])
    for day in range(2, 8):
        street.walk("docks", 1)
        street.dusk()
        street.dawn(day)
        street.record(errand(2, "church", day))
        street.walk(BUREAU, BUYER)
        street.do(*[BuyRumor(BUYER, kind) for kind in KINDS])
    rumors = street.state.rumors.of(BUYER)
    assert len({rumor.said for rumor in rumors}) == len(rumors)
    assert not any({BUYER, *range(5, 10)}.intersection(rumor.persons) for rumor in rumors)
    trade = street.table.rules.catalogue.trade
    spent = sum(trade(rumor.category).price for rumor in rumors)
    assert street.table.purse.of(BUYER) == 2_000 - spent


@pytest.mark.parametrize("kind", ["whereabouts", "task", "role"])
def test_a_blind_rumor_names_the_innocent_no_more_than_others(kind: str) -> None:
    """Given rumors drawn blind by many seeds, the mafia are named as often as their number says."""
    street = town(reliability=0, walks={2: ("docks",), 6: ("church",)})
    tries = 1_500
    named = [seat for rumor, _ in draws(street, kind, tries) for seat in rumor.persons]
    mafia = sum(CAST[seat].startswith("mafia") for seat in named)
    assert BUYER not in named
    assert abs(deviation(mafia, len(named), 3 / 9)) <= 3.3
    counts = Counter(named)
    expected = len(named) / 9
    assert sum((counts[seat] - expected) ** 2 / expected for seat in range(1, 10)) < 26.1


def test_a_blind_rumor_puts_them_anywhere_but_on_the_square() -> None:
    """Given rumors drawn blind, all places come up alike, by a chi-square at one in a thousand."""
    street = town(reliability=0, walks={2: ("docks",)})
    counts = Counter(rumor.place for rumor, _ in draws(street, "whereabouts", 1_000))
    assert set(counts) == set(SPOTS)
    assert sum((counts[place] - 200) ** 2 / 200 for place in SPOTS) < 18.5


@pytest.mark.parametrize("reliability", [0, 700, 1_000])
def test_the_record_says_what_is_the_case(reliability: int) -> None:
    """Given any reliability, a rumor is recorded as true exactly if it is so.

    It is so as often as the reliability says and the blind ones happen to be.
    """
    walks = {1: ("docks", "church"), 2: ("shop",), 7: ("docks", SQUARE, "vault")}
    street = town(reliability=reliability, walks=walks)
    facts = {(seat, place) for seat, path in walks.items() for place in path if place != SQUARE}
    tries = 1_200
    drawn = list(draws(street, "whereabouts", tries))
    assert all(record.true is ((r.persons[0], r.place) in facts) for r, record in drawn)
    chance = reliability / 1_000 + (1 - reliability / 1_000) * len(facts) / (9 * len(SPOTS))
    true = sum(record.true for _, record in drawn)
    assert true == tries if chance == 1 else abs(deviation(true, tries, chance)) <= 3.3


def test_an_appearance_shows_a_look_and_no_name() -> None:
    """Given one who was out, the rumor speaks of something that they wear, in any slot."""
    street = town(walks={4: ("church",)})
    slots = Counter[str]()
    for rumor, record in draws(street, "appearance", 300):
        assert (rumor.persons, rumor.place, record.true) == ((), "church", True)
        assert rumor.asset in street.table.looks.of(4)
        slots[rumor.asset] += 1
    assert set(slots) == set(street.table.looks.of(4))


def test_a_role_rumor_names_three_and_one_of_them_is_it() -> None:
    """Given true rumors of roles, half are drawn of killers, none is about the plain or the buyer.

    One about the buyer's role, which is one in eight, or about one whom death has taken, is none.
    """
    street, killers, tries = town(), 0, 1_000
    told = list(draws(street, "role", tries))
    assert abs(deviation(len(told), tries, 7 / 8)) <= 3.3
    for rumor, record in told:
        assert len(set(rumor.persons)) == 3
        assert list(rumor.persons) == sorted(rumor.persons)
        assert record.true is (rumor.role in {CAST[seat] for seat in rumor.persons}) is True
        assert rumor.role in {
            "mafia_goon",
            "mafia_roleblocker",
            "town_vigilante",
            "jester",
            "town_doctor",
        }
        killers += rumor.role.startswith("mafia")
    assert abs(deviation(killers, tries, 0.5)) <= 3.3
    street.record(PlayerDied(5, "shot", ""))
    assert "jester" not in {rumor.role for rumor, _ in draws(street, "role", 200)}


def test_a_blind_role_rumor_knows_nothing_of_the_deal() -> None:
    """Given one public setup and two deals, one with deaths, the same roles are spoken of.

    Those are all of the setup, both of an open choice and the buyer's own among them.
    """
    setup = (("town_cop", 1), ("mafia_goon", 1), ("jester|arsonist", 1), ("vanilla_townie", 3))
    plain = ("vanilla_townie",) * 3
    told = []
    for deal, dead in (
        (("town_cop", "mafia_goon", "jester", *plain), 5),
        ((*plain, "arsonist", "mafia_goon", "town_cop"), 5),
    ):
        street = Street(deal, reliability=0, roles=setup)
        street.record(PlayerDied(dead, "shot", ""))
        street.dusk()
        street.dawn(2)
        street.walk(BUREAU, BUYER)
        told.append([rumor for rumor, _ in draws(street, "role", 200)])
    assert told[0] == told[1]
    assert {rumor.role for rumor in told[0]} == {"town_cop", "mafia_goon", "jester", "arsonist"}


def test_one_role_rumor_a_day_is_sold_in_the_whole_town() -> None:
    """Given one sold, the next buyer hears nothing and pays nothing, until the next morning."""
    street = town()
    street.walk(BUREAU, 1)
    assert heard(street.do(BuyRumor(BUYER, "role")))
    assert "role" in on_sale(street.table, street.state.rumors, 1)
    assert street.do(BuyRumor(1, "role")) == (NothingHeard(1, "role"),)
    assert street.table.purse.of(1) == 1_000
    street.dusk()
    street.dawn(3)
    street.walk(BUREAU, 1)
    assert heard(street.do(BuyRumor(1, "role")))


def test_where_three_are_not_left_to_name_there_is_no_role_rumor() -> None:
    """Given two living others, nothing is heard."""
    street = town()
    street.record(*[PlayerDied(seat, "shot", "") for seat in range(3, 10)])
    assert street.do(BuyRumor(BUYER, "role")) == (NothingHeard(BUYER, "role"),)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (BuyRumor(BUYER, "weather"), Code.NO_SUCH_RUMOR),
        (BuyRumor(1, "task"), Code.NOT_HERE),
        (BuyRumor(9, "task"), Code.DEAD),
        (ShareRumor(BUYER, 5, (2,)), Code.NO_SUCH_RUMOR),
        (ShareRumor(BUYER, 0, (2,)), Code.NO_SUCH_RUMOR),
        (ShareRumor(BUYER, 1, ()), Code.BAD_TARGET),
        (ShareRumor(BUYER, 1, (2, 2)), Code.BAD_TARGET),
        (ShareRumor(BUYER, 1, (2, 1)), Code.NOT_HERE),
        (ShareRumor(BUYER, 1, (BUYER,)), Code.NOT_HERE),
        (ShareRumor(BUYER, 1, (2,), twist=3), Code.BAD_TARGET),
        (ShareRumor(BUYER, 1, (2,), twist=9), Code.BAD_TARGET),
        (ShareRumor(BUYER, 1, (2,), twist=30), Code.BAD_TARGET),
        (ShareRumor(BUYER, 3, (2,), twist=4), Code.BAD_TARGET),
        (ShareRumor(BUYER, 4, (2,)), Code.NOT_NOW),
    ],
)  # fmt: skip
def test_what_is_not_allowed_is_refused(command: Command, code: Code) -> None:
    """Given a buyer with some rumors beside seat 2 and seat 9 dead, the wrong is refused."""
    street = town()
    street.record(PlayerDied(9, "shot", ""))
    street.walk(BUREAU, 2)
    tell(street, BUYER, Saying("whereabouts", (3,), "docks", day=2))
    tell(street, BUYER, Saying("role", (1, 3, 9), role="jester"))
    tell(street, BUYER, Saying("appearance", (), "docks", "red_hat", day=2))
    tell(street, BUYER, Saying("whereabouts", (9,), "docks", day=2))
    assert street.refused(command) is code


def test_yesterday_is_not_sold_on_the_first_day() -> None:
    """Given the first day, only today's errands are for sale, and only to who can pay."""
    street = town(day=1)
    assert on_sale(street.table, street.state.rumors, BUYER) == ("task",)
    assert street.refused(BuyRumor(BUYER, "role")) is Code.NOT_NOW
    street.record(CoinsMoved(BUYER, -941, "bought"))
    assert street.refused(BuyRumor(BUYER, "task")) is Code.NOT_ENOUGH_COINS
    street.dusk()
    assert on_sale(street.table, street.state.rumors, BUYER) == ()


def test_a_rumor_is_passed_on_once_to_each() -> None:
    """Given two beside the giver, each hears it once, from the giver, and the path is recorded."""
    street = town(walks={3: ("docks",)})
    street.walk(BUREAU, 4, 5)
    (told,) = heard(street.do(BuyRumor(BUYER, "whereabouts")))
    events = street.do(ShareRumor(BUYER, 1, (4,)))
    assert events == (
        RumorShared(BUYER, 1, (4,), NOBODY),
        attrs.evolve(told, seat=4, giver=BUYER),
        RumorRecorded(4, 1, True, (BUYER, 1)),
    )
    assert street.do(ShareRumor(BUYER, 1, (4,))) == ()
    assert shareable(street.table, street.state.rumors, BUYER) == {"number": (1,), "to": (5,)}
    assert street.do(ShareRumor(BUYER, 1, (5, 4)))[0] == RumorShared(BUYER, 1, (5,), NOBODY)
    assert shareable(street.table, street.state.rumors, BUYER) == {}
    assert recorded(street.do(ShareRumor(4, 1, (5, BUYER)))) == []


def test_the_giver_does_not_learn_whether_it_was_news() -> None:
    """Given a receiver who knows it and one who does not, the giver's events are the same."""
    told = []
    for known in (True, False):
        street = town()
        street.walk(BUREAU, 4)
        tell(street, BUYER, Saying("whereabouts", (3,), "docks", day=2))
        if known:
            tell(street, 4, Saying("whereabouts", (3,), "docks", day=2))
        events = street.do(ShareRumor(BUYER, 1, (4,)))
        assert len(heard(events)) == (not known)
        told.append(
            [event for mask, event in street.log if mask & 1 and isinstance(event, RumorShared)]
        )
    assert told[0] == told[1]


def test_a_twist_puts_in_a_name_and_counts_as_false() -> None:
    """Given a twist, the copy names another, is recorded as false, and its copies stay so."""
    street = town(walks={3: ("docks",), 6: ("docks",)}, rumor_garbled=1_000)
    street.walk(BUREAU, 4)
    tell(street, BUYER, Saying("whereabouts", (3,), "docks", day=2))
    events = street.do(ShareRumor(BUYER, 1, (4,), twist=6))
    assert heard(events)[0].said == Saying("whereabouts", (6,), "docks", day=2)
    assert recorded(events) == [RumorRecorded(4, 1, False, (BUYER, 1), twisted=True)]
    street = town()
    street.walk(BUREAU, 4, 5)
    tell(street, BUYER, Saying("role", (3, 5, 7), role="jester"))
    street.do(ShareRumor(BUYER, 1, (4,), twist=8))
    assert recorded(street.do(ShareRumor(4, 1, (5,)))) == [RumorRecorded(5, 1, False, (4, 1))]


def test_a_lot_says_in_whose_stead_a_name_is_put() -> None:
    """Given three names and many seeds, each of them makes room as often as the others."""
    street, twists = town(), 600
    street.walk(BUREAU, 4)
    tell(street, BUYER, Saying("role", (3, 5, 7), role="jester"))
    names = Counter[PlayerId]()
    for seed in range(twists):
        street.table.seed = seed_from(seed)
        (copy,) = heard(street.decide(ShareRumor(BUYER, 1, (4,), twist=8)))
        names.update(copy.persons)
    assert names.keys() == {3, 5, 7, 8}
    assert names[8] == twists
    assert all(abs(deviation(names[seat], twists, 2 / 3)) <= 3.3 for seat in (3, 5, 7))


def test_nobody_speaks_of_who_has_walked_out() -> None:
    """Given a leaver, no rumor is about them or garbled into their name, and no twist takes it."""
    street = town(reliability=0, rumor_garbled=1_000)
    street.walk(BUREAU, 4)
    tell(street, BUYER, Saying("role", (1, 2, 3), role="jester"))
    street.record(PlayerLeft(6))
    assert street.refused(ShareRumor(BUYER, 1, (4,), twist=6)) is Code.BAD_TARGET
    bought = {seat for rumor, _ in draws(street, "whereabouts", 200) for seat in rumor.persons}
    assert bought == {1, 2, 3, 4, 5, 7, 8, 9}
    garbled: set[PlayerId] = set()
    for seed in range(200):
        street.table.seed = seed_from(seed)
        garbled.update(heard(street.decide(ShareRumor(BUYER, 1, (4,))))[0].persons)
    assert garbled == {0, 1, 2, 3, 5, 7, 8, 9}


@given(
    st.integers(0, 1 << 32),
    st.sampled_from([
        Saying("whereabouts", (3,), "docks", day=2),
        Saying("task", (3,), "docks", day=2),
        Saying("appearance", (), "docks", "red_hat", day=2),
        Saying("role", (3, 4, 5), role="jester"),
    ]),
)  # fmt: skip
def test_a_garbled_copy_differs_in_one_part(seed: int, said: Saying) -> None:
    """Given that all is garbled, one name or the place is another, and the truth is told anew.

    Also of a rumor that is days old, whose facts the town itself has forgotten.
    """
    walks: Walks = {seat: (SPOTS[seat % 3],) for seat in range(1, 10)}
    street = town(walks=walks, rumor_garbled=1_000, day=2)
    tell(street, BUYER, said)
    for day in (3, 4):
        street.dusk()
        street.dawn(day)
    street.table.seed = seed_from(seed)
    events = street.do(ShareRumor(BUYER, 1, (9,)))
    (copy,), (record,) = heard(events), recorded(events)
    changed = [a != b for a, b in zip(copy.said, said, strict=True)]
    assert sum(changed) == 1
    assert changed[1] or changed[2]
    assert len(set(copy.persons) - set(said.persons)) == changed[1]
    assert copy.place != SQUARE
    assert 9 not in copy.persons
    assert (record.garbled, record.origin) == (True, (BUYER, 1))
    assert record.true is is_true(street.table, street.state.rumors.facts, copy.said)
    if said.category == "whereabouts":
        assert record.true is (copy.place in walks.get(copy.persons[0], ()))


def test_one_in_ten_copies_is_garbled() -> None:
    """Given the rule's share and many seeds, so many are garbled and the others exact."""
    street = town(rumor_garbled=100)
    tell(street, BUYER, Saying("whereabouts", (3,), "docks", day=2))
    street.walk(BUREAU, 4)
    garbled, tries = 0, 1_500
    for seed in range(tries):
        street.table.seed = seed_from(seed)
        garbled += recorded(street.decide(ShareRumor(BUYER, 1, (4,))))[0].garbled
    assert abs(deviation(garbled, tries, 0.1)) <= 3.3


def test_a_rumor_lives_while_somebody_does_of_whom_it_speaks() -> None:
    """Given three of whom a rumor may speak, two deaths leave it alive and the third ends it.

    They are those that it names, or those who wear what it speaks of.
    """
    street = town()
    street.walk(BUREAU, 5)
    hair = street.table.looks.of(1)[0]
    wearers = [seat for seat in range(10) if hair in street.table.looks.of(seat)]
    assert wearers == [1, 4, 7]
    tell(street, BUYER, Saying("role", (1, 4, 7), role="jester"))
    tell(street, BUYER, Saying("appearance", (), "docks", hair, day=2))
    street.record(PlayerDied(1, "shot", ""), PlayerDied(4, "shot", ""))
    assert shareable(street.table, street.state.rumors, BUYER) == {"number": (1, 2), "to": (5,)}
    street.record(PlayerDied(7, "shot", ""))
    assert shareable(street.table, street.state.rumors, BUYER) == {}
    assert street.refused(ShareRumor(BUYER, 1, (5,))) is Code.NOT_NOW
    assert street.refused(ShareRumor(BUYER, 2, (5,))) is Code.NOT_NOW
    assert len(street.state.rumors.of(BUYER)) == 2


@pytest.mark.parametrize(("knows", "hears"), [(5, 6), (6, 5)])
def test_some_paid_errands_leave_a_rumor_behind(knows: PlayerId, hears: PlayerId) -> None:
    """Given company at the payment, one who has not heard it hears a true rumor of the errand."""
    street = town()
    street.record(errand(3, "church"))
    street.walk("church", 3, 5, 6)
    tell(street, knows, Saying("task", (3,), "church", day=2))
    events = street.do(Complete(3, 2))
    (rumor,) = heard(events)
    assert (rumor.seat, rumor.giver) == (hears, 3)
    assert rumor.said == Saying("task", (3,), "church", day=2)
    assert recorded(events) == [RumorRecorded(hears, 1, True)]
    assert street.table.purse.of(hears) == 1_000
    street.walk(BUREAU, hears)
    assert "task" in on_sale(street.table, street.state.rumors, hears)


def test_an_errand_without_a_place_is_overheard_where_it_was_done() -> None:
    """Given one to meet somebody anywhere, paid elsewhere, it is told, and true, of that place."""
    street = town()
    street.record(TasksDealt(3, 2, (Errand(2, "chat", "", "", 5, 35),)))
    street.walk("docks", 3, 5)
    street.walk("church", 3, 6)
    events = street.do(Complete(3, 2))
    (rumor,) = heard(events)
    assert (rumor.seat, rumor.said) == (6, Saying("task", (3,), "docks", day=2))
    assert recorded(events) == [RumorRecorded(6, 1, True)]
    assert {rumor.said for rumor, _ in draws(street, "task", 20)} == {rumor.said}


@pytest.mark.parametrize(
    ("task", "place", "others"), [("pray", "church", ()), ("hunt", "docks", (5,))]
)
def test_other_errands_leave_none(task: str, place: str, others: tuple[PlayerId, ...]) -> None:
    """Given nobody beside, or an errand that is discreet, nothing is heard."""
    street = town()
    street.record(errand(3, place, task=task))
    street.walk(place, 3, *others)
    assert heard(street.do(Complete(3, 2))) == []


def test_of_what_was_done_on_the_square_nobody_speaks() -> None:
    """Given an errand for anywhere that was done where everybody was, nothing is heard of it."""
    street = town()
    street.record(TasksDealt(3, 2, (Errand(2, "shine", "", "lantern", NOBODY, 50),)))
    street.record(ItemUsed(3, "lantern", NOBODY, 1))
    assert heard(street.do(Complete(3, 2))) == []
    assert street.table.tasks.is_paid(3, 2)


def test_the_words_are_filled_in() -> None:
    """Given each kind, the text names what the rumor says."""
    street, names = town(), {3: "Ann", 4: "Ben", 5: "Cas"}
    tell(street, BUYER, Saying("whereabouts", (3,), "docks", day=2))
    tell(street, BUYER, Saying("task", (3,), "docks", day=2))
    tell(street, BUYER, Saying("appearance", (), "docks", "red_hat", day=2))
    tell(street, BUYER, Saying("role", (3, 4, 5), role="jester"))
    told, catalogue = street.state.rumors.of(BUYER), street.table.rules.catalogue
    assert [words(catalogue, rumor, names, "Jester") for rumor in told] == [
        "Ann was at the Docks.",
        "Ann is wanted at the Docks.",
        "A red hat was at the Docks.",
        "One of Ann, Ben, Cas is a Jester.",
    ]


def test_a_seat_knows_what_it_heard_and_nothing_else() -> None:
    """Given a day of trade and talk, a seat's fold has its own rumors, and no record of truth."""
    street = town(walks=dict.fromkeys(range(1, 10), ("docks",)))
    street.walk(BUREAU, *range(1, 5))
    for seat in range(5):
        street.do(*[BuyRumor(seat, kind) for kind in KINDS])
    street.record(PlayerLeft(4))
    for seat in range(4):
        others = tuple(other for other in range(4) if other != seat)
        street.do(*[ShareRumor(seat, r.number, others) for r in street.state.rumors.of(seat)[:2]])
    whole = street.state.rumors
    for seat in range(5):
        own = street.fold(seat).rumors
        assert own.held == {seat: whole.of(seat)}
        assert own.asked == {seat: whole.asked[seat]}
        assert own.shared.get(seat) == whole.shared.get(seat)
        assert own.shared.keys() <= {seat}
        assert own.records == {}
        assert own.role_sold is any(
            r.category == "role" and r.giver == NOBODY for r in own.of(seat)
        )


def test_a_fork_shares_nothing_that_changes() -> None:
    """Given a fork, what is bought and walked in one is not known in the other."""
    street = town(walks={3: ("docks",)})
    fork = street.state.fork()
    before = (dict(fork.rumors.held), dict(fork.rumors.asked), dict(fork.rumors.facts.been))
    street.walk("docks", 5)
    street.do(BuyRumor(BUYER, "whereabouts"))
    assert (fork.rumors.held, fork.rumors.asked, fork.rumors.facts.been) == before


@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(0, 29), st.sampled_from((SQUARE, *SPOTS))))
)
def test_facts_are_kept_whole_in_one_number_a_day(notes: list[tuple[int, int, str]]) -> None:
    """Given any notes, each seat's spots of a day are what was noted, without the Square."""
    facts = Facts(Street(CAST[:1]).table.rules)
    for day, seat, place in notes:
        facts.note(facts.wanted, day, seat, place)
    for day in range(1, 4):
        for seat in range(30):
            noted = {place for d, s, place in notes if (d, s) == (day, seat)} - {SQUARE}
            assert set(facts.spots("task", seat, day)) == noted
            assert facts.spots("whereabouts", seat, day) == []
