"""The character service: how everybody looks, and what one carries."""

from typing import Any, Final

import attrs
import msgspec

from mafia_district.catalogue.records import Asset
from mafia_district.ids import NOBODY, Coins, Cursor, ItemId, PlayerId
from mafia_district.items import GiveItem, UseItem, Worn
from mafia_district.looks import Dress
from mafia_district_servers.http.routes import Acted, Call, Nothing, Reply, Route, act, reply
from mafia_district_servers.http.shown import enter_town, live_in_town, placed
from mafia_district_servers.people.looks import Closet


@attrs.frozen
class Look:
    """Somebody's look: an asset for every slot."""

    seat: PlayerId
    assets: tuple[str, ...]


@attrs.frozen
class Looks:
    """How everybody looks who has chosen or was dressed."""

    epoch: str
    cursor: Cursor
    looks: list[Look]


@attrs.frozen
class Wardrobe:
    """An asset for every slot, in the order of the slots."""

    assets: tuple[str, ...]


@attrs.frozen
class Assets:
    """All that may be worn here."""

    assets: tuple[Asset, ...]


@attrs.frozen
class Wanted:
    """What to buy."""

    asset: str


@attrs.frozen
class Inventory:
    """The caller's coins, what they carry, and what they have set down or put on."""

    epoch: str
    cursor: Cursor
    coins: Coins
    bag: tuple[ItemId, ...]
    on: tuple[Worn, ...]


@attrs.frozen
class On:
    """On whom to use an item; -2 for those that take nobody."""

    target: PlayerId = NOBODY


@attrs.frozen
class To:
    """Whom to give an item."""

    to: PlayerId


async def assets(call: Call[Nothing, Nothing]) -> Reply:
    """List all that may be worn."""
    return reply(Assets(call.house.settings.catalogue.assets))


async def buy(call: Call[Wanted, Nothing]) -> Reply:
    """Buy something to wear, for reputation; a repeat costs nothing."""
    house, account = call.house, call.session.caller.account
    catalogue = house.settings.catalogue
    return reply(await house.people.looks.buy(account, call.body.asset, catalogue))


async def looks(call: Call[Nothing, Nothing]) -> Reply:
    """Tell how everybody looks."""
    warm, viewer, town = await enter_town(call)
    rows = [Look(seat, worn) for seat, worn in sorted(town.looks.items())]
    return placed(warm, viewer, looks=msgspec.json.encode(rows))


async def dress(call: Call[Wardrobe, Nothing]) -> Reply:
    """Choose how one looks, in what one owns."""
    house, caller = call.house, call.session.caller
    worn = call.body.assets
    await house.people.looks.require(caller.account, worn, house.settings.catalogue)
    return await act(call, lambda seat: Dress(seat, call.body.assets))


async def inventory(call: Call[Nothing, Nothing]) -> Reply:
    """Tell what one has."""
    warm, seat, town = await live_in_town(call)
    encode = msgspec.json.encode
    return placed(warm, seat, coins=encode(town.coins), bag=encode(town.bag), on=encode(town.on))


async def use(call: Call[On, Nothing]) -> Reply:
    """Use something that one carries."""
    return await act(call, lambda seat: UseItem(seat, call.path["item"], call.body.target))


async def give(call: Call[To, Nothing]) -> Reply:
    """Give something away."""
    return await act(call, lambda seat: GiveItem(seat, call.path["item"], call.body.to))


def _route(method: str, name: str, handler: Any, summary: str, **types: Any) -> Route:
    return Route(method, f"/api/character/{{game}}/{name}", handler, summary, **types)


ROUTES: Final = (
    Route("GET", "/api/character/assets", assets, "All that may be worn", response=Assets),
    Route(
        "POST", "/api/character/assets", buy, "Buy something to wear",
        request=Wanted, response=Closet,
    ),
    _route("GET", "looks", looks, "How everybody looks", response=Looks),
    _route("PUT", "looks", dress, "Choose one's look", request=Wardrobe, response=Acted),
    _route("GET", "inventory", inventory, "What one has", response=Inventory),
    _route("POST", "inventory/{item}/use", use, "Use an item", request=On, response=Acted),
    _route("POST", "inventory/{item}/give", give, "Give an item away", request=To, response=Acted),
)  # fmt: skip
