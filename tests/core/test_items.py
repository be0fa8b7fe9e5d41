"""Items: who may use what and when, how long it stays on, gifts, and what items tell."""

from typing import Any, Final

import attrs
import pytest

from mafia_district import items, phases, purse, roster, shop, town
from mafia_district.chance import seed_from
from mafia_district.ids import NOBODY, PlayerId, Seats, has, members
from mafia_district.items import (
    FOR_GOOD,
    GIFT,
    GiftRefused,
    GiveItem,
    ItemGained,
    ItemGiven,
    ItemUsed,
    ItemWornOut,
    Learnt,
    PathSeen,
    UseItem,
    VisitorsCounted,
    VisitorsHeard,
    WardHeld,
    Worn,
    find_item,
    targets,
    usable,
)
from mafia_district.machine import Code, Command, Event, Events, Refused
from mafia_district.phases import DAY, EVENING, NIGHT, Phase, PhaseBegan
from mafia_district.purse import AT_START, CoinsMoved
from mafia_district.roster import GameStarted, PlayerDied, PlayerLeft, SeatTaken
from mafia_district.rules import Rules
from mafia_district.table import Table
from mafia_district.town import DawnBroke, DuskFell, Move, beside

MACHINES: Final = (
    roster.MACHINE,
    phases.MACHINE,
    town.MACHINE,
    purse.MACHINE,
    items.MACHINE,
    shop.MACHINE,
)


# The numbers that these tests speak of, whatever the preset is tuned to.
SETTINGS: Final = {
    "start_coins": 100,
    "purchases_a_day": 1,
    "carried": 3,
    "living_per_ward": 10,
    "seats_per_common": 4,
    "special_every": 3,
    "price_rise": 100,
    "mask_nights": 2,
}


class District:
    """A town without roles: the few machines that move goods, folded as a game would fold them."""

    def __init__(self, rules: Rules, seed: int = 7) -> None:
        self.states = [machine.begin(rules) for machine in MACHINES]
        sat, clock, self.town, self.purse, self.bags, self.shop = self.states
        self.table = Table(rules, sat, clock)
        self.table.town, self.table.purse, self.table.bags = self.town, self.purse, self.bags
        self.table.seed = seed_from(seed)
        self.log: list[tuple[Seats, Event]] = []

    def record(self, *events: Event) -> Events:
        """Record events with the audience that they have at this moment."""
        for event in events:
            rows = [machine.events[type(event)] for machine in MACHINES if _has(machine, event)]
            audience = rows[0].audience
            mask = audience if isinstance(audience, int) else audience(self.table, event)
            self.log.append((mask, event))
            self.apply(event)
        return events

    def apply(self, event: Event) -> None:
        """Let every machine that knows or hears of an event record it."""
        for machine, own in zip(MACHINES, self.states, strict=True):
            if _has(machine, event):
                machine.events[type(event)].evolve(self.table, own, event)
            if type(event) in machine.hears:
                machine.hears[type(event)](self.table, own, event)

    def decide(self, command: Command) -> Events:
        """Let a command be decided, without recording what comes of it."""
        for machine, own in zip(MACHINES, self.states, strict=True):
            if type(command) in machine.commands:
                return machine.commands[type(command)](self.table, own, command)
        raise AssertionError(command)

    def do(self, *commands: Command) -> Events:
        """Send commands; give the events that came of them."""
        return tuple(event for sent in commands for event in self.record(*self.decide(sent)))

    def refused(self, command: Command) -> Code:
        """Give the code with which a command is refused; nothing may have changed by it."""
        before = inside(self)
        with pytest.raises(Refused) as refusal:
            self.decide(command)
        assert inside(self) == before
        return refusal.value.code

    def begin(self, phase: Phase) -> None:
        """Let the next phase begin, with what the town does then."""
        clock = self.table.phases
        day = clock.day + (phase is DAY)
        self.record(PhaseBegan(phase, clock.number + 1, day, None))
        if phase is DAY:
            self.record(DawnBroke(day))
            self.record(*shop.restock(self.table, self.shop, day))
        if phase is EVENING:
            self.record(DuskFell(day, True))

    def sleep(self) -> None:
        """Let the rest of the day, the evening and the night go by."""
        for phase in (EVENING, NIGHT, DAY):
            self.begin(phase)

    def own(self, viewer: PlayerId) -> list[Any]:
        """Give what a seat may know of goods and coins here."""
        bags, counter = self.bags, self.shop
        return [
            shop.wares(self.table, counter),
            shop.on_sale(self.table, counter, viewer),
            [
                usable(self.table, viewer),
                bags.of(viewer),
                bags.on.get(viewer),
                bags.sights.get(viewer),
            ],
            [counter.opened, counter.orders.get(viewer), counter.bought.get(viewer, 0)],
            [has(mask, viewer) for mask in (counter.asked, bags.worn_last)],
            [self.purse.of(viewer), self.purse.ledgers.get(viewer), self.town.place(viewer)],
        ]

    def seen(self, viewer: PlayerId) -> list[Event]:
        """List the events that a seat may see."""
        return [event for mask, event in self.log if mask < 0 or has(mask, viewer)]

    def folded(self, viewer: PlayerId) -> "District":
        """Fold what a seat may see into a town of its own."""
        fold = District(self.table.rules)
        for event in self.seen(viewer):
            fold.apply(event)
        return fold


def _has(machine: Any, event: Event) -> bool:
    return type(event) in machine.events


def inside(here: District) -> str:
    """Write down all of the states."""
    return repr([[getattr(own, slot) for slot in type(own).__slots__] for own in here.states])


def district(seats: int = 6, seed: int = 7, **settings: Any) -> District:
    """Seat some players, give them their coins, and let the first day break."""
    here = District(Rules.preset("district").replace(**{**SETTINGS, **settings}), seed)
    here.record(*[SeatTaken(seat, f"Player {seat}", False, "") for seat in range(seats)])
    here.record(GameStarted("", (), ()))
    coins = here.table.rules.start_coins
    here.record(*[CoinsMoved(seat, coins, AT_START) for seat in range(seats)])
    here.begin(DAY)
    return here


def equip(here: District, seat: PlayerId, *names: str) -> None:
    """Put items into a bag."""
    here.record(*[ItemGained(seat, name, GIFT) for name in names])


def on(here: District, seat: PlayerId) -> list[tuple[str, int]]:
    """List what a seat has on, and for how many nights."""
    return [(worn.item, worn.nights) for worn in here.bags.on.get(seat, ())]


def test_an_item_is_used_once_and_then_it_is_on() -> None:
    """Given one lantern, it is lit, leaves the bag, and cannot be used or given any more."""
    here = district()
    equip(here, 0, "lantern")
    assert here.do(UseItem(0, "lantern")) == (ItemUsed(0, "lantern", NOBODY, 1),)
    assert here.bags.of(0) == ()
    assert here.bags.set_down("lantern") == ((0, Worn("lantern", "lantern", NOBODY, 1)),)
    assert here.refused(UseItem(0, "lantern")) is Code.NOT_YOURS
    assert here.refused(GiveItem(0, "lantern", 1)) is Code.NOT_YOURS
    assert here.refused(UseItem(0, "lamp")) is Code.NO_SUCH_ITEM


def test_what_is_on_lasts_as_long_as_it_says() -> None:
    """Given one of each, a dawn ends the ward, tap, cuffs and lantern; two the mask; none more."""
    here = district(carried=9)
    once = ("water", "tap", "handcuffs", "lantern")
    equip(here, 0, *once, "mask", "vest", "papers", "tools")
    here.do(*[UseItem(0, name, 1 if name in ("tap", "handcuffs") else NOBODY) for name in once])
    here.do(*[UseItem(0, name) for name in here.bags.of(0)])
    for_good = [("vest", FOR_GOOD), ("papers", FOR_GOOD), ("tools", FOR_GOOD)]
    assert on(here, 0) == [*((name, 1) for name in once), ("mask", 2), *for_good]
    here.sleep()
    assert on(here, 0) == [("mask", 1), *for_good]
    here.sleep()
    assert on(here, 0) == for_good
    here.record(ItemWornOut(0, "vest"), ItemWornOut(0, "tools"))
    assert on(here, 0) == [("papers", FOR_GOOD)]


@pytest.mark.parametrize("phase", [DAY, EVENING, NIGHT])
def test_night_items_are_set_down_until_the_night_closes_and_day_items_by_day(phase: Phase) -> None:
    """Given any phase, a ward may be put on for this night; tools and glass are for the day."""
    here = district()
    equip(here, 0, "garlic", "tools", "glass")
    for later in (EVENING, NIGHT)[: (DAY, EVENING, NIGHT).index(phase)]:
        here.begin(later)
    by_day = ("tools", "glass") if phase is DAY else ()
    assert usable(here.table, 0) == ("garlic", *by_day)
    if not by_day:
        assert here.refused(UseItem(0, "tools")) is Code.WRONG_PHASE
        assert here.refused(UseItem(0, "glass", 1)) is Code.WRONG_PHASE
    here.do(UseItem(0, "garlic"))
    here.begin(DAY)
    assert on(here, 0) == []


def test_nobody_wears_a_ward_two_nights_running() -> None:
    """Given a ward on, another for the same night is lawful, and for the next none is."""
    here = district(carried=4)
    equip(here, 0, "garlic", "holy_water", "water", "cross")
    here.do(UseItem(0, "garlic"), UseItem(0, "holy_water"))
    here.sleep()
    assert here.refused(UseItem(0, "water")) is Code.NOT_NOW
    assert usable(here.table, 0) == ()
    here.sleep()
    here.do(UseItem(0, "water"))
    assert here.bags.of(0) == ("cross",)


def test_what_is_on_already_is_not_put_on_twice() -> None:
    """Given two masks and two pairs of cuffs, one mask is on; the cuffs are for two players."""
    here = district(carried=4)
    equip(here, 0, "mask", "mask", "handcuffs", "handcuffs")
    here.do(UseItem(0, "mask"), UseItem(0, "handcuffs", 1))
    assert here.refused(UseItem(0, "mask")) is Code.ALREADY_DONE
    assert here.refused(UseItem(0, "handcuffs", 1)) is Code.BAD_TARGET
    here.do(UseItem(0, "handcuffs", 2))
    assert [(seat, worn.target) for seat, worn in here.bags.set_down("cuffs")] == [(0, 1), (0, 2)]


def test_targets_are_those_who_are_here_and_oneself_only_for_a_tap() -> None:
    """Given a dead player, a leaver and oneself: each item takes exactly whom it is offered."""
    here = district()
    here.record(PlayerDied(5, "shot", ""), PlayerLeft(4))
    equip(here, 0, "tap", "handcuffs", "glass")
    here.do(Move(3, "docks"))
    lawful = {"tap": (0, 1, 2, 3), "handcuffs": (1, 2, 3), "glass": (1, 2)}
    for name, seats in lawful.items():
        assert members(targets(here.table, 0, find_item(here.table, name))) == seats
        for target in {NOBODY, *range(7)} - {*seats}:
            assert here.refused(UseItem(0, name, target)) in (Code.BAD_TARGET, Code.NOT_HERE)
    here.do(UseItem(0, "tap", 0), UseItem(0, "handcuffs", 3), UseItem(0, "glass", 2))


def test_an_item_for_oneself_takes_no_target() -> None:
    """Given garlic, naming somebody is refused, and nobody is offered."""
    here = district()
    equip(here, 0, "garlic")
    assert here.refused(UseItem(0, "garlic", 1)) is Code.BAD_TARGET
    assert targets(here.table, 0, find_item(here.table, "garlic")) == 0


def test_the_glass_shows_the_path_of_yesterday() -> None:
    """Given a walk yesterday and another today, who looks is told yesterday's, in order."""
    here = district()
    equip(here, 0, "glass", "glass")
    here.do(Move(1, "docks"), Move(1, "informator_bureau"))
    here.sleep()
    here.do(Move(1, "shop"))
    assert here.refused(UseItem(0, "glass", 1)) is Code.NOT_HERE
    here.do(Move(0, "shop"))
    seen = PathSeen(0, 1, ("docks", "informator_bureau"))
    assert here.do(UseItem(0, "glass", 1)) == (ItemUsed(0, "glass", 1), seen)
    assert here.bags.sights == {0: (Learnt(2, seen),)}
    assert on(here, 0) == []


def test_a_gift_passes_between_the_two_who_stand_together() -> None:
    """Given two in one place, the item changes bags, may be used at once, and only they know."""
    here = district()
    equip(here, 0, "garlic", "water")
    given = here.do(GiveItem(0, "garlic", 1))
    assert given == (ItemGiven(0, 1, "garlic"), ItemGained(1, "garlic", GIFT))
    assert [given[0] in here.seen(seat) for seat in range(3)] == [True, True, False]
    assert (here.bags.of(0), here.bags.of(1)) == (("water",), ("garlic",))
    here.do(UseItem(1, "garlic"), Move(2, "docks"))
    assert members(beside(here.table, 0)) == (1, 3, 4, 5)
    assert here.refused(GiveItem(0, "water", 2)) is Code.NOT_HERE
    assert here.refused(GiveItem(0, "water", 0)) is Code.NOT_HERE
    here.begin(EVENING)
    assert here.refused(GiveItem(0, "water", 1)) is Code.WRONG_PHASE


def test_a_gift_to_a_full_bag_fails_in_the_story() -> None:
    """Given a receiver without room, the giver learns it and keeps the item; the other nothing."""
    here = district()
    equip(here, 0, "garlic")
    equip(here, 1, "lantern", "lantern", "lantern")
    before = here.own(1), here.seen(1)
    refusal = GiftRefused(0, 1, "garlic")
    assert here.do(GiveItem(0, "garlic", 1)) == (refusal,)
    assert here.bags.of(0) == ("garlic",)
    assert here.folded(0).bags.sights == {0: (Learnt(1, refusal),)}
    assert (here.own(1), here.seen(1)) == before


def test_the_dead_keep_what_they_learnt_and_nothing_else() -> None:
    """Given a tapper who dies, bag and gear are gone, yet the tap's result is recorded."""
    here = district()
    equip(here, 0, "tap", "vest", "garlic")
    here.do(UseItem(0, "tap", 1), UseItem(0, "vest"))
    here.begin(EVENING)
    here.begin(NIGHT)
    here.record(PlayerDied(0, "bite", ""))
    here.begin(DAY)
    told = (VisitorsHeard(0, 1, (3, 2)), WardHeld(0, "cross"), VisitorsCounted(0, 2))
    here.record(*told)
    assert (here.bags.of(0), on(here, 0), here.bags.set_down("vest")) == ((), [], ())
    assert here.bags.sights[0] == tuple(Learnt(2, fact) for fact in told)
    assert here.refused(UseItem(0, "garlic")) is Code.DEAD


def test_what_a_leaver_has_set_down_is_void() -> None:
    """Given cuffs set down by one who walks out before the night is over, they hold nobody."""
    here = district()
    equip(here, 0, "handcuffs")
    here.do(UseItem(0, "handcuffs", 1))
    here.record(PlayerLeft(0))
    assert here.bags.set_down("cuffs") == ()


def test_a_classic_game_has_no_items() -> None:
    """Given a game without a town, items are refused as such."""
    here = District(Rules.preset("classic"))
    assert here.refused(UseItem(0, "garlic")) is Code.NO_TOWN
    assert here.refused(GiveItem(0, "garlic", 1)) is Code.NO_TOWN


def test_a_fork_shares_nothing() -> None:
    """Given a fork of the bags, every change to it leaves the first as it was."""
    here = district()
    equip(here, 0, "garlic", "glass")
    before = inside(here)
    copy = here.bags.fork()
    facts = (
        ItemUsed(0, "garlic", NOBODY, 1), DawnBroke(2), ItemGained(1, "water", GIFT),
        PathSeen(0, 1, ()), PlayerDied(0, "bite", ""),
    )  # fmt: skip
    for fact in facts:
        heard = items.MACHINE.hears.get(type(fact))
        evolve = heard or items.MACHINE.events[type(fact)].evolve
        evolve(here.table, copy, fact)
    assert inside(here) == before
    assert (copy.held, copy.worn_last) == ({1: ("water",)}, 1)


def test_every_event_names_whom_it_is_for() -> None:
    """Given the table of events, each is for the seat it names; a gift for the two alone."""
    here = district()
    for kind, fact in items.MACHINE.events.items():
        event = kind(*[2, 3, "x", 0][: len(attrs.fields(kind))])
        assert not isinstance(fact.audience, int)
        assert fact.audience(here.table, event) == (0b1100 if kind is ItemGiven else 0b100)
