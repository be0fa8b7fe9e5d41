"""The rumors service: what one has heard, what hearing costs, and passing it on."""

from typing import Any, Final

import attrs
import msgspec

from mafia_district.ids import NOBODY, Coins, Cursor, PlayerId
from mafia_district.rumors import BuyRumor, ShareRumor
from mafia_district.town_view import RumorView
from mafia_district_servers.http.routes import Acted, Call, Nothing, Reply, Route, act
from mafia_district_servers.http.shown import enter_town, live_in_town, placed
from mafia_district_servers.problems import Fault, Problem


@attrs.frozen
class Rumors:
    """The rumors that the caller has heard, oldest first."""

    epoch: str
    cursor: Cursor
    rumors: list[RumorView]


@attrs.frozen
class Price:
    """What a kind of rumor costs at the bureau."""

    category: str
    price: Coins


@attrs.frozen
class Prices:
    """What is asked at the bureau."""

    epoch: str
    cursor: Cursor
    prices: list[Price]


@attrs.frozen
class Kind:
    """The kind of rumor to ask for."""

    category: str


@attrs.frozen
class Share:
    """Whom to tell, and whom to name in somebody's stead; -2 changes nothing."""

    to: tuple[PlayerId, ...]
    twist: PlayerId = NOBODY


async def heard(call: Call[Nothing, Nothing]) -> Reply:
    """Tell what one has heard."""
    warm, seat, town = await live_in_town(call)
    return placed(warm, seat, rumors=msgspec.json.encode(town.rumors))


async def prices(call: Call[Nothing, Nothing]) -> Reply:
    """Tell what rumors cost."""
    warm, viewer, _ = await enter_town(call)
    trades = warm.game.rules.catalogue.trades
    rows = [Price(trade.category, trade.price) for trade in trades]
    return placed(warm, viewer, prices=msgspec.json.encode(rows))


async def buy(call: Call[Kind, Nothing]) -> Reply:
    """Buy a rumor."""
    return await act(call, lambda seat: BuyRumor(seat, call.body.category))


async def share(call: Call[Share, Nothing]) -> Reply:
    """Pass a rumor on."""
    number, asked = call.path["rumor"], call.body
    if not (number.isascii() and number.isdecimal() and len(number) < 5):
        raise Problem(Fault.NOT_FOUND, "a rumor is named by its number")
    return await act(call, lambda seat: ShareRumor(seat, int(number), asked.to, asked.twist))


def _route(method: str, name: str, handler: Any, summary: str, **types: Any) -> Route:
    return Route(method, f"/api/rumors/{{game}}{name}", handler, summary, **types)


ROUTES: Final = (
    _route("GET", "", heard, "What one has heard", response=Rumors),
    _route("GET", "/prices", prices, "What rumors cost", response=Prices),
    _route("POST", "/purchases", buy, "Buy a rumor", request=Kind, response=Acted),
    _route("POST", "/{rumor}/share", share, "Pass a rumor on", request=Share, response=Acted),
)
