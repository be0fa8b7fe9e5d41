"""The Shop: stock, prices, orders by lot, the counter, and a purchase in one step."""

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mafia_district import shop
from mafia_district.catalogue import BUILT_IN
from mafia_district.ids import EVERYONE, KEEPER_ONLY, PlayerId
from mafia_district.items import FROM_SHOP, GiveItem, ItemGained, UseItem
from mafia_district.machine import Code, Events, Refused
from mafia_district.phases import EVENING
from mafia_district.purse import BANK, BOUGHT, RUMOR, CoinsMoved
from mafia_district.roster import PlayerDied, PlayerLeft
from mafia_district.rules import Rules
from mafia_district.shop import (
    CLOSED,
    NO_COINS,
    NO_ROOM,
    NO_STOCK,
    Buy,
    Cancel,
    Opened,
    OrderCancelled,
    OrderDropped,
    OrderPlaced,
    Priced,
    Restocked,
    Sold,
    SoldOut,
    SpecialsCame,
    on_sale,
    wares,
)
from mafia_district.town import Move

from .test_items import District, district, equip, inside

CUSTOMERS = range(5)

CATALOGUE = attrs.evolve(
    BUILT_IN, items=tuple(attrs.evolve(item, price=60) for item in BUILT_IN.items)
)
SPECIALS = [item for item in CATALOGUE.items if item.special]
PUBLIC = tuple(item.id for item in CATALOGUE.items if not item.special)


def shopping(**settings: Any) -> District:
    """Give a first day with all but seat 5 in the Shop, where everything costs 60 coins."""
    return gather(district(**{"catalogue": CATALOGUE, "start_coins": 1_000, **settings}))


def gather(here: District) -> District:
    """Walk all but seat 5 to the Shop."""
    here.do(*[Move(seat, "shop") for seat in CUSTOMERS])
    return here


def open_up(here: District) -> Events:
    """Open the Shop."""
    return here.record(*shop.open_shop(here.table, here.shop))


def opened(days: int = 1, **settings: Any) -> District:
    """Give such a day, after the opening."""
    here = shopping(**settings)
    for _ in range(days - 1):
        here.sleep()
        gather(here)
    open_up(here)
    return here


def listed(here: District, name: str) -> tuple[int, int | None]:
    """Give price and stock of an item as the price list has them."""
    return {w.item: (w.price, w.stock) for w in wares(here.table, here.shop)}[name]


def owners(here: District, name: str) -> list[PlayerId]:
    """List who carries an item."""
    return [seat for seat in range(6) if name in here.bags.of(seat)]


@pytest.mark.parametrize(
    ("seats", "dead", "wards", "common"), [(6, 0, 1, 1), (20, 0, 2, 5), (20, 1, 1, 5), (3, 0, 1, 1)]
)
def test_stock_goes_by_the_living_and_the_seats(
    seats: int, dead: int, wards: int, common: int
) -> None:
    """Given a dawn, wards go by ten living, common goods by four seats, and there is always one."""
    here = district(seats=seats)
    here.record(*[PlayerDied(seat, "shot", "") for seat in range(dead)])
    here.sleep()
    stock = {ware.item: ware.stock for ware in wares(here.table, here.shop)}
    assert (stock["garlic"], stock["water"]) == (wards, wards)
    assert (stock["glass"], stock["tools"], stock["lantern"]) == (common, common, common)
    hidden = [name for name, left in stock.items() if left is None]
    assert hidden == [item.id for item in SPECIALS]


@pytest.mark.parametrize(("every", "days"), [(3, [2, 5]), (2, [2, 4, 6]), (1, [2, 3, 4, 5, 6])])
def test_special_goods_come_from_day_2_on_and_only_the_keeper_knows(
    every: int, days: list[int]
) -> None:
    """Given six dawns, one of each comes every so many, and what was left stays one."""
    here = district(special_every=every)
    for _ in range(5):
        here.sleep()
    came = [(mask, event.day) for mask, event in here.log if isinstance(event, SpecialsCame)]
    assert came == [(0, day) for day in days]
    assert [here.shop.left(item) for item in SPECIALS] == [1] * len(SPECIALS)


def test_a_purchase_is_one_step() -> None:
    """Given an open Shop, coins, goods and stock change together; stock and price in public."""
    here = opened()
    events = here.do(Buy(0, "garlic"))
    assert events == (
        Sold(0, "garlic", 60),
        CoinsMoved(0, -60, BOUGHT, "garlic"),
        ItemGained(0, "garlic", FROM_SHOP),
        Priced("garlic", 66, 0),
    )
    assert [mask for mask, event in here.log if event in events] == [1, 1, 1, EVERYONE]
    assert (here.purse.of(0), here.bags.of(0)) == (940, ("garlic",))
    assert listed(here, "garlic") == (66, 0)
    assert here.refused(Buy(1, "garlic")) is Code.SOLD_OUT
    here.sleep()
    assert listed(here, "garlic") == (60, 1)


def test_prices_rise_with_every_sale_rounded_half_up() -> None:
    """Given goods at 45 coins and a tenth more a sale, they cost 45, 50 (49.5), 55."""
    here = opened(seats_per_common=2, price_rise=100)
    here.record(Priced("lantern", 45, 3))
    sales = [here.do(Buy(seat, "lantern"))[-1] for seat in (0, 1)]
    assert sales == [Priced("lantern", 50, 2), Priced("lantern", 55, 1)]


def test_special_goods_are_sold_in_silence_at_a_fixed_price() -> None:
    """Given a sale under the counter, nobody else sees anything; who asks next hears `sold out`."""
    here = opened(days=2)
    before = [(here.folded(seat).own(seat), len(here.seen(seat))) for seat in (1, 5)]
    prices = wares(here.table, here.shop)
    here.do(Buy(0, "vest"))
    assert here.purse.of(0) == 940
    assert [(here.folded(seat).own(seat), len(here.seen(seat))) for seat in (1, 5)] == before
    assert here.do(Buy(1, "vest")) == (SoldOut(1, "vest"),)
    assert (here.purse.of(1), here.bags.of(1)) == (1_000, ())
    assert wares(here.table, here.shop) == prices


def test_who_asks_in_vain_asks_no_more_that_day_for_special_goods() -> None:
    """Given day one, when there are none, one asks once, buys something else, and asks next day."""
    here = opened()
    assert here.do(Buy(0, "mask")) == (SoldOut(0, "mask"),)
    assert here.refused(Buy(0, "mask")) is Code.ONE_A_DAY
    assert here.refused(Buy(0, "papers")) is Code.ONE_A_DAY
    assert on_sale(here.table, here.shop, 0) == PUBLIC
    here.do(Buy(0, "glass"))
    here.sleep()
    gather(here)
    open_up(here)
    assert here.do(Buy(0, "mask"))[0] == Sold(0, "mask", 60)


def test_one_may_buy_so_much_a_day_with_room_and_coins_in_the_shop_by_day() -> None:
    """Given each thing that is missing, the purchase is refused and nothing changes."""
    here = opened(start_coins=100)
    equip(here, 1, "glass", "glass", "glass")
    here.do(Buy(0, "tools"))
    here.record(CoinsMoved(2, -50, RUMOR))
    assert here.refused(Buy(0, "garlic")) is Code.ONE_A_DAY
    assert here.refused(Buy(1, "garlic")) is Code.BAG_FULL
    assert here.refused(Buy(2, "tap")) is Code.NOT_ENOUGH_COINS
    assert here.refused(Buy(2, "galric")) is Code.NO_SUCH_ITEM
    assert here.refused(Buy(5, "garlic")) is Code.NOT_HERE
    here.record(PlayerDied(3, "shot", ""))
    assert here.refused(Buy(3, "garlic")) is Code.DEAD
    assert on_sale(here.table, here.shop, 5) == on_sale(here.table, here.shop, 0) == ()
    here.begin(EVENING)
    assert here.refused(Buy(2, "garlic")) is Code.WRONG_PHASE


def test_what_is_asked_for_before_the_opening_is_an_order() -> None:
    """Given a closed Shop, an order costs nothing yet, may be taken back, and is filled in time."""
    here = shopping()
    assert here.do(Buy(0, "garlic")) == (OrderPlaced(0, "garlic"),)
    assert here.refused(Buy(0, "water")) is Code.ALREADY_DONE
    assert here.do(Cancel(0)) == (OrderCancelled(0),)
    assert here.refused(Cancel(0)) is Code.NOTHING_TO_WITHDRAW
    here.do(Buy(0, "water"), Move(0, "docks"))
    assert (here.purse.of(0), here.bags.of(0)) == (1_000, ())
    assert not [event for event in here.seen(1) if isinstance(event, OrderPlaced | OrderCancelled)]
    assert open_up(here)[:2] == (Opened(1), Sold(0, "water", 60))
    assert (here.purse.of(0), here.shop.orders) == (940, {})
    assert here.refused(Cancel(0)) is Code.NOTHING_TO_WITHDRAW


@pytest.mark.parametrize("event", [PlayerLeft(0), PlayerDied(0, "shot", "")])
def test_the_orders_of_the_gone_and_of_a_day_that_ended_early_are_void(event: Any) -> None:
    """Given orders of one who is gone, and others at dusk, all end; only who is there is told."""
    here = shopping()
    here.do(Buy(0, "garlic"), Buy(1, "water"))
    here.record(event)
    assert here.shop.orders == {1: "water"}
    assert here.record(*shop.close_shop(here.shop)) == (OrderDropped(1, "water", CLOSED),)
    here.sleep()
    assert open_up(here) == (Opened(2),)


def test_an_order_that_cannot_be_filled_is_dropped_without_charge() -> None:
    """Given coins spent, a bag filled, and goods gone meanwhile, each is told why; nobody pays."""
    here = shopping(start_coins=100)
    here.do(Buy(0, "garlic"), Buy(1, "garlic"), Buy(2, "lantern"), Buy(3, "glass"), Buy(4, "cross"))
    here.record(CoinsMoved(2, -90, RUMOR))
    equip(here, 3, "tools", "tools", "tools")
    fate = {
        event.seat: event for event in open_up(here) if isinstance(event, OrderDropped | SoldOut)
    }
    loser = 1 if owners(here, "garlic") == [0] else 0
    assert fate == {
        loser: OrderDropped(loser, "garlic", NO_STOCK),
        2: OrderDropped(2, "lantern", NO_COINS),
        3: OrderDropped(3, "glass", NO_ROOM),
        4: SoldOut(4, "cross"),
    }
    assert [here.purse.of(seat) for seat in (loser, 2, 3, 4)] == [100, 10, 100, 100]
    assert here.do(Buy(loser, "tools")), "who got nothing may still buy"
    assert here.refused(Buy(4, "cross")) is Code.ONE_A_DAY


def test_a_later_order_pays_the_price_of_its_turn() -> None:
    """Given three orders for two lanterns, the second costs a tenth more, the third is dropped."""
    here = shopping(seats_per_common=3)
    here.do(*[Buy(seat, "lantern") for seat in (0, 1, 2)])
    events = open_up(here)
    assert [event.price for event in events if isinstance(event, Sold)] == [60, 66]
    assert events[-1] == OrderDropped(events[-1].seat, "lantern", NO_STOCK)  # type: ignore[attr-defined]


@given(seed=st.integers(0, 99), arrival=st.permutations(CUSTOMERS), other=st.booleans())
def test_neither_speed_nor_the_orders_of_others_decide_a_lot(
    seed: int, arrival: list[PlayerId], other: bool
) -> None:
    """Given the same seed, who comes first and what seat 4 orders instead change no winner."""
    winners = set()
    for comers in (CUSTOMERS, arrival):
        here = shopping(seed=seed)
        here.do(*[Buy(seat, "garlic") for seat in comers if seat != 4])
        if other and comers is arrival:
            here.do(Buy(4, "cross"))
        open_up(here)
        winners.update(owners(here, "garlic"))
    assert len(winners) == 1


def test_every_seat_wins_as_often() -> None:
    """Given 500 seeds and five orders for one garlic, each seat wins about a hundred times."""
    here, wins = shopping(), [0] * 5
    here.do(*[Buy(seat, "garlic") for seat in CUSTOMERS])
    for seed in range(500):
        here.table.seed = seed.to_bytes(32, "big")
        (sale,) = [e for e in shop.open_shop(here.table, here.shop) if isinstance(e, Sold)]
        wins[sale.seat] += 1
    assert sum((won - 100) ** 2 / 100 for won in wins) < 20  # chi-square, 4 degrees of freedom


def test_a_classic_game_has_no_shop() -> None:
    """Given a game without a town, the Shop's commands are refused as such."""
    here = District(Rules.preset("classic"))
    assert here.refused(Buy(0, "garlic")) is Code.NO_TOWN
    assert here.refused(Cancel(0)) is Code.NO_TOWN
    assert on_sale(here.table, here.shop, 0) == ()


def test_every_event_names_whom_it_is_for() -> None:
    """Given the table of events, what names a seat is for that seat; stock and price for all."""
    here = district()
    for kind, fact in shop.MACHINE.events.items():
        if "seat" in attrs.fields_dict(kind):
            event = kind(*[2, "garlic", 0][: len(attrs.fields(kind))])
            assert not isinstance(fact.audience, int)
            assert fact.audience(here.table, event) == 0b100
        else:
            assert fact.audience == (KEEPER_ONLY if kind is SpecialsCame else EVERYONE)


def test_deciding_changes_nothing() -> None:
    """Given orders, to decide the opening and the restock only speaks; recording does."""
    here = shopping()
    here.do(Buy(0, "garlic"), Buy(1, "garlic"))
    before = inside(here)
    assert shop.open_shop(here.table, here.shop) == shop.open_shop(here.table, here.shop)
    assert isinstance(shop.restock(here.table, here.shop, 2)[0], Restocked)
    assert inside(here) == before
    copy = here.shop.fork()
    for event in shop.open_shop(here.table, here.shop):
        if type(event) in shop.MACHINE.events:
            shop.MACHINE.events[type(event)].evolve(here.table, copy, event)
    assert copy.opened
    assert inside(here) == before


GOODS = tuple(item.id for item in CATALOGUE.items)
SEATS = st.integers(0, 4)
COMMANDS = st.one_of(
    st.builds(Buy, SEATS, st.sampled_from(GOODS)),
    st.builds(Cancel, SEATS),
    st.builds(UseItem, SEATS, st.sampled_from(GOODS), st.integers(-2, 5)),
    st.builds(GiveItem, SEATS, st.sampled_from(GOODS), SEATS),
    st.builds(Move, SEATS, st.sampled_from(["shop", "docks"])),
)
STEPS = st.lists(st.one_of(COMMANDS, COMMANDS, st.sampled_from(["open", "sleep"])), max_size=40)


@given(steps=STEPS, days=st.integers(1, 5), coins=st.sampled_from([100, 400]))
def test_goods_and_coins_are_conserved_and_each_seat_sees_its_own(
    steps: list[Any], days: int, coins: int
) -> None:
    """Given any commands, no purse, stock or bag leaves its bounds, and each fold is the view."""
    here = opened(days, start_coins=coins, purchases_a_day=2)
    for step in steps:
        take(here, step)
        keeps_the_books(here)
    for seat in range(6):
        mine = here.folded(seat)
        assert mine.own(seat) == here.own(seat)
        known = (mine.bags.held, mine.bags.on, mine.bags.sights, mine.shop.orders, mine.purse.coins)
        assert all(set(of) <= {seat} for of in known), "of others nothing is known"
        assert not mine.shop.specials


def take(here: District, step: Any) -> None:
    """Take a step; a refused one must change nothing."""
    if step == "open":
        if not here.shop.opened:
            open_up(here)
    elif step == "sleep":
        here.sleep()
        gather(here)
    else:
        before = inside(here)
        try:
            here.do(step)
        except Refused:
            assert inside(here) == before


def keeps_the_books(here: District) -> None:
    """Coins and goods are where the events say, and nothing is negative or too much."""
    sold = [event for _, event in here.log if isinstance(event, Sold)]
    start = here.table.rules.start_coins
    for seat in range(6):
        paid = sum(event.price for event in sold if event.seat == seat)
        assert here.purse.of(seat) == start - paid >= 0
        assert len(here.bags.of(seat)) <= here.table.rules.carried
    assert here.purse.bank == BANK - 6 * start + sum(event.price for event in sold)
    assert all(stock >= 0 for stock in here.shop.stock.values())
