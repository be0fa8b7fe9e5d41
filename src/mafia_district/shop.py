"""The Shop: stock, prices, orders, and the purchase in one step.

Prices alone cannot keep a rich town safe every night; stock and one purchase a day can. Who stands
in the Shop by day may buy, one thing a day by default. The Shop opens a while after dawn: what is
asked for before is an *order*, paid for by nobody yet. At the opening the orders are filled, those
for the same goods in an order drawn by lot, so that a fast client or a low seat wins nothing. Each
seat draws a lot of its own, so what others order besides never changes who comes first. An order
is filled at the price of its turn, wherever its owner stands by then, or dropped without charge; so
is one that is still open when the day ends early.

Stock and price of wards and common goods are public: a sale raises the price, dawn restores both.
*Special* goods lie under the counter: one of each for the whole town, at a fixed price, kept until
somebody buys it. Neither stock nor buyer shows. Whether one is there is learnt by asking for it
with coins in hand and room in the bag, and who has asked in vain asks for no more of them that day:
else to ask would be a free look under the counter.

Coins, stock and goods change in the same tuple of events, so all of them do or none.
"""

from collections.abc import Sequence
from typing import Final

import attrs

from mafia_district.catalogue import Item
from mafia_district.catalogue.records import SHOP as SHOP
from mafia_district.ids import (
    EVERYONE,
    KEEPER_ONLY,
    Coins,
    Day,
    ItemId,
    PlayerId,
    Seats,
    has,
)
from mafia_district.items import FROM_SHOP, ItemGained, find_item, has_room, require_room
from mafia_district.machine import (
    Code,
    Command,
    Event,
    Events,
    Fact,
    Machine,
    Refused,
    allowed,
    to_seat,
)
from mafia_district.purse import BOUGHT, CoinsMoved, require_coins
from mafia_district.roster import PlayerDied, PlayerLeft
from mafia_district.rules import Rules
from mafia_district.table import Table
from mafia_district.town import DawnBroke, DuskFell, require_daylight, require_in

NO_STOCK: Final = "sold_out"  # why an order was dropped
NO_COINS: Final = "not_enough_coins"
NO_ROOM: Final = "bag_full"
CLOSED: Final = "closed"


@attrs.frozen
class Buy(Command):
    """Buy an item, or order it before the Shop opens."""

    item: ItemId


@attrs.frozen
class Cancel(Command):
    """Take one's order back."""


@attrs.frozen
class Restocked(Event):
    """The morning's goods, all but the special ones: each with its price and stock."""

    day: Day
    goods: tuple[tuple[ItemId, Coins, int], ...]


@attrs.frozen
class SpecialsCame(Event):
    """One of each of these goods lies under the counter."""

    day: Day
    goods: tuple[ItemId, ...]


@attrs.frozen
class Opened(Event):
    """The Shop opened for the day."""

    day: Day


@attrs.frozen
class OrderPlaced(Event):
    """Somebody ordered an item for the opening."""

    seat: PlayerId
    item: ItemId


@attrs.frozen
class OrderCancelled(Event):
    """Somebody took an order back."""

    seat: PlayerId


@attrs.frozen
class OrderDropped(Event):
    """An order could not be filled, as `reason` says; nothing was charged."""

    seat: PlayerId
    item: ItemId
    reason: str


@attrs.frozen
class Sold(Event):
    """An item was bought at a price."""

    seat: PlayerId
    item: ItemId
    price: Coins


@attrs.frozen
class SoldOut(Event):
    """Somebody asked for special goods that are not there, and asks for no more today."""

    seat: PlayerId
    item: ItemId


@attrs.frozen
class Priced(Event):
    """What goods cost now and how many are left."""

    item: ItemId
    price: Coins
    stock: int


@attrs.frozen
class Ware:
    """A line of the price list; the stock of special goods is None, for nobody is told."""

    item: ItemId
    price: Coins
    stock: int | None


class Shop:
    """What is for sale, and who has ordered, bought or asked in vain today, as far as known here.

    `specials` are the goods under the counter, the keeper's to know.
    """

    __slots__ = ("asked", "bought", "opened", "orders", "prices", "specials", "stock")

    def __init__(self, rules: Rules) -> None:
        self.opened = False
        self.stock: dict[ItemId, int] = {}
        self.prices: dict[ItemId, Coins] = {}
        self.specials: frozenset[ItemId] = frozenset()
        self.orders: dict[PlayerId, ItemId] = {}
        self.bought: dict[PlayerId, int] = {}
        self.asked: Seats = 0

    def fork(self) -> "Shop":
        """Copy the Shop; nothing that changes is shared."""
        copy = Shop.__new__(Shop)
        copy.opened, copy.asked, copy.specials = self.opened, self.asked, self.specials
        copy.stock = self.stock.copy()
        copy.prices = self.prices.copy()
        copy.orders = self.orders.copy()
        copy.bought = self.bought.copy()
        return copy

    def price(self, item: Item) -> Coins:
        """Give what an item costs now."""
        return self.prices.get(item.id, item.price)

    def left(self, item: Item) -> int:
        """Count how many of an item are left; of special goods only the whole game knows."""
        return int(item.id in self.specials) if item.special else self.stock.get(item.id, 0)


def wares(table: Table, shop: Shop) -> tuple[Ware, ...]:
    """Give the price list as everybody sees it, in the order of the catalogue."""
    return tuple(
        Ware(item.id, shop.price(item), None if item.special else shop.left(item))
        for item in table.rules.catalogue.items
    )


def on_sale(table: Table, shop: Shop, seat: PlayerId) -> tuple[ItemId, ...]:
    """List what a seat may try to buy or order now."""
    if not allowed(_require_customer, table, shop, seat):
        return ()
    goods = table.rules.catalogue.items
    return tuple(item.id for item in goods if allowed(_require_goods, table, shop, seat, item))


def restock(table: Table, shop: Shop, day: Day) -> Events:
    """Fill the shelves at dawn, and on some days the space under the counter; a reaction."""
    goods, rules = table.rules.catalogue.items, table.rules
    shelves = [(item.id, item.price, _supply(table, item)) for item in goods if not item.special]
    restocked = Restocked(day, tuple(shelves))
    if day < 2 or (day - 2) % rules.special_every:
        return (restocked,)
    return restocked, SpecialsCame(day, tuple(item.id for item in goods if item.special))


def _supply(table: Table, item: Item) -> int:
    """Say how many of an item there are for one day."""
    roster, rules = table.roster, table.rules
    if item.ward:
        return max(1, roster.alive.bit_count() // rules.living_per_ward)
    return max(1, roster.seats.bit_count() // rules.seats_per_common)


def open_shop(table: Table, shop: Shop) -> Events:
    """Open the Shop and fill the orders, goods by goods and those for the same by lot."""
    day = table.phases.day
    lots = {seat: table.lot(f"shop order {seat}", day) for seat in shop.orders}
    events: list[Event] = [Opened(day)]
    for item in table.rules.catalogue.items:
        buyers = [seat for seat in lots if shop.orders[seat] == item.id]
        events += _fill(table, shop, item, sorted(buyers, key=lots.__getitem__))
    return tuple(events)


def _fill(table: Table, shop: Shop, item: Item, buyers: Sequence[PlayerId]) -> list[Event]:
    """Fill the orders for one kind of goods, first come first served."""
    events: list[Event] = []
    price, left = shop.price(item), shop.left(item)
    for seat in buyers:
        if hindrance := _hindrance(table, item, seat, price, left):
            events.append(hindrance)
            continue
        events += _sale(table, item, seat, price, left)
        price, left = _next_price(table, item, price), left - 1
    return events


def _hindrance(table: Table, item: Item, seat: PlayerId, price: Coins, left: int) -> Event | None:
    """Say why an order cannot be filled; who can neither pay nor carry does not learn the stock."""
    if not has_room(table, seat):
        return OrderDropped(seat, item.id, NO_ROOM)
    if table.purse.of(seat) < price:
        return OrderDropped(seat, item.id, NO_COINS)
    if left:
        return None
    return SoldOut(seat, item.id) if item.special else OrderDropped(seat, item.id, NO_STOCK)


def _sale(table: Table, item: Item, seat: PlayerId, price: Coins, left: int) -> Events:
    """Sell one item: debit, goods and stock, and the new price where it is public."""
    sale = (
        Sold(seat, item.id, price),
        CoinsMoved(seat, -price, BOUGHT, item.id),
        ItemGained(seat, item.id, FROM_SHOP),
    )
    if item.special:
        return sale
    return (*sale, Priced(item.id, _next_price(table, item, price), left - 1))


def _next_price(table: Table, item: Item, price: Coins) -> Coins:
    """Give the price after a sale, rounded half up."""
    return price if item.special else (price * (1_000 + table.rules.price_rise) + 500) // 1_000


def close_shop(shop: Shop) -> Events:
    """Drop the orders of a day that ends before the Shop has opened."""
    return tuple([OrderDropped(seat, item, CLOSED) for seat, item in sorted(shop.orders.items())])


def _buy(table: Table, shop: Shop, command: Buy) -> Events:
    seat = command.actor
    _require_customer(table, shop, seat)
    item = find_item(table, command.item)
    _require_goods(table, shop, seat, item)
    if not shop.opened:
        return (OrderPlaced(seat, item.id),)
    left = shop.left(item)
    return _sale(table, item, seat, shop.price(item), left) if left else (SoldOut(seat, item.id),)


def _require_customer(table: Table, shop: Shop, seat: PlayerId) -> None:
    """Refuse all but the living in the Shop by day who may buy one thing more."""
    require_daylight(table, seat)
    require_in(table, seat, SHOP)
    if seat in shop.orders:
        raise Refused(Code.ALREADY_DONE, "you have ordered already: cancel that order first")
    if shop.bought.get(seat, 0) >= table.rules.purchases_a_day:
        raise Refused(Code.ONE_A_DAY, "you have bought today as much as one may")
    require_room(table, seat)


def _require_goods(table: Table, shop: Shop, seat: PlayerId, item: Item) -> None:
    """Refuse goods that a seat cannot pay, that are known to be gone, or asked for in vain."""
    require_coins(table, seat, shop.price(item))
    if item.special and has(shop.asked, seat):
        raise Refused(Code.ONE_A_DAY, "you have asked in vain today: ask again tomorrow")
    if not item.special and not shop.left(item):
        raise Refused(Code.SOLD_OUT, f"{item.title} is sold out until tomorrow")


def _cancel(table: Table, shop: Shop, command: Cancel) -> Events:
    require_daylight(table, command.actor)
    if command.actor not in shop.orders:
        raise Refused(Code.NOTHING_TO_WITHDRAW, "you have ordered nothing")
    return (OrderCancelled(command.actor),)


def _restocked(table: Table, shop: Shop, event: Restocked) -> None:
    shop.prices = {item: price for item, price, _ in event.goods}
    shop.stock = {item: stock for item, _, stock in event.goods}


def _specials_came(table: Table, shop: Shop, event: SpecialsCame) -> None:
    shop.specials = frozenset(event.goods)


def _opened(table: Table, shop: Shop, event: Opened) -> None:
    shop.opened = True


def _order_placed(table: Table, shop: Shop, event: OrderPlaced) -> None:
    shop.orders[event.seat] = event.item


def _sold(table: Table, shop: Shop, event: Sold) -> None:
    seat = event.seat
    shop.orders.pop(seat, None)
    shop.bought[seat] = shop.bought.get(seat, 0) + 1
    shop.specials -= {event.item}


def _sold_out(table: Table, shop: Shop, event: SoldOut) -> None:
    shop.orders.pop(event.seat, None)
    shop.asked |= 1 << event.seat


def _priced(table: Table, shop: Shop, event: Priced) -> None:
    shop.prices[event.item] = event.price
    shop.stock[event.item] = event.stock


def _order_ended(
    table: Table, shop: Shop, event: OrderCancelled | OrderDropped | PlayerDied | PlayerLeft
) -> None:
    shop.orders.pop(event.seat, None)


def _day_turned(table: Table, shop: Shop, event: DawnBroke | DuskFell) -> None:
    """Close, and forget the day's purchases."""
    shop.opened = False
    shop.bought = {}
    shop.asked = 0


MACHINE = Machine(
    name="shop",
    begin=Shop,
    commands={Buy: _buy, Cancel: _cancel},
    events={
        Restocked: Fact(EVERYONE, _restocked),
        SpecialsCame: Fact(KEEPER_ONLY, _specials_came),
        Opened: Fact(EVERYONE, _opened),
        OrderPlaced: Fact(to_seat, _order_placed),
        OrderCancelled: Fact(to_seat, _order_ended),
        OrderDropped: Fact(to_seat, _order_ended),
        Sold: Fact(to_seat, _sold),
        SoldOut: Fact(to_seat, _sold_out),
        Priced: Fact(EVERYONE, _priced),
    },
    hears={
        DawnBroke: _day_turned,
        DuskFell: _day_turned,
        PlayerDied: _order_ended,
        PlayerLeft: _order_ended,
    },
)
