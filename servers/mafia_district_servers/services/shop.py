"""The shop service: the price list, and buying; before the Shop opens, ordering."""

from typing import Any, Final

import attrs
import msgspec

from mafia_district.ids import Coins, Cursor, ItemId
from mafia_district.machine import Event
from mafia_district.shop import (
    Buy,
    Cancel,
    OrderCancelled,
    OrderDropped,
    OrderPlaced,
    Sold,
    SoldOut,
    Ware,
)
from mafia_district_servers.http.routes import Acted, Call, Nothing, Reply, Route, act
from mafia_district_servers.http.shown import Happened, enter_town, live_in_town, own, placed

_OF_PURCHASES: Final[tuple[type[Event], ...]] = (
    OrderPlaced, OrderCancelled, OrderDropped, Sold, SoldOut,
)  # fmt: skip


@attrs.frozen
class Goods:
    """The price list; `coins` and `order` are the caller's own, 0 and empty without a seat.

    Where `open` is false a purchase is an order. A `stock` of null is nobody's to know.
    """

    epoch: str
    cursor: Cursor
    open: bool
    items: list[Ware]
    coins: Coins
    order: ItemId


@attrs.frozen
class Purchase:
    """What to buy or to order."""

    item: ItemId


@attrs.frozen
class Purchases:
    """The caller's purchases and orders, in order."""

    epoch: str
    cursor: Cursor
    events: list[Happened]


async def items(call: Call[Nothing, Nothing]) -> Reply:
    """Tell what there is to buy, and for how much."""
    warm, viewer, town = await enter_town(call)
    encode = msgspec.json.encode
    return placed(
        warm, viewer, open=encode(town.shop_open), items=encode(town.wares),
        coins=encode(town.coins), order=encode(town.order),
    )  # fmt: skip


async def buy(call: Call[Purchase, Nothing]) -> Reply:
    """Buy something, or order it while the Shop is shut."""
    return await act(call, lambda seat: Buy(seat, call.body.item))


async def cancel(call: Call[Nothing, Nothing]) -> Reply:
    """Take one's order back."""
    return await act(call, Cancel)


async def purchases(call: Call[Nothing, Nothing]) -> Reply:
    """Tell what one has bought and ordered."""
    warm, seat, _ = await live_in_town(call)
    return placed(warm, seat, events=own(warm, seat, *_OF_PURCHASES))


def _route(method: str, name: str, handler: Any, summary: str, **types: Any) -> Route:
    return Route(method, f"/api/shop/{{game}}/{name}", handler, summary, **types)


ROUTES: Final = (
    _route("GET", "items", items, "The price list", response=Goods),
    _route("GET", "purchases", purchases, "What one has bought", response=Purchases),
    _route("POST", "purchases", buy, "Buy or order", request=Purchase, response=Acted),
    _route("DELETE", "purchases", cancel, "Take one's order back", response=Acted),
)
