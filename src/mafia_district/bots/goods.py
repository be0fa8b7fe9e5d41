"""Goods: what a player buys, to whom it gives it, and when it puts it to use.

What somebody wishes for depends on their side, and on the case: after a trace nothing is worth more
than a glass. An errand's own tool is bought when the pay is worth the price. A ward is given to a
sheriff who has spoken up, and put on as soon as one may.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from mafia_district.bots.mind import ITEMS, Mind
from mafia_district.catalogue import Item
from mafia_district.ids import NOBODY, ItemId, PlayerId, has, members
from mafia_district.items import GiveItem, UseItem
from mafia_district.machine import Command
from mafia_district.shop import SHOP, Buy
from mafia_district.town_view import TownView

TOWNS: Final = ("vest", "ward", "tap", "cuffs", "glass")  # effects, the most wanted first
ON_A_TRACE: Final = ("glass", *TOWNS)
MAFIAS: Final = ("mask", "papers", "cuffs")
LONERS: Final = ("ward", "vest")  # who belong to nobody
SPREAD: Final = 4  # the most wanted goods among which the lot falls
ALIKE: Final = 1.0  # suspicions that differ by less are taken by lot
SUSPECT: Final = 1.0  # a suspicion that is worth handcuffs


def wishes(mind: Mind, town: TownView) -> tuple[ItemId, ...]:
    """List what a player would buy now, if it is there; nothing once it has been to the Shop."""
    if town.order or len(town.bag) >= mind.view.rules.carried:
        return ()
    if SHOP in town.path and town.place != SHOP:
        return ()
    items, on = mind.view.rules.catalogue.item, {worn.effect for worn in town.on}
    in_bag = {items(name).effect for name in town.bag}
    shelf = [(items(ware.item), ware) for ware in town.wares if ware.stock != 0]
    offers = [item for item, ware in shelf if ware.price <= town.coins]
    wanted = [item for item in offers if item.effect not in in_bag | on and _helps(mind, item)]
    order = _order(mind)
    ranked = sorted(wanted, key=lambda item: (order.index(item.effect), -len(item.methods)))
    return (*_tools(mind, town, offers), *[item.id for item in ranked])


def _helps(mind: Mind, item: Item) -> bool:
    """Tell whether an item is of any use to a side; a ward must stop what the killers do."""
    return item.effect in _order(mind) and (item.effect != "ward" or "fire" not in item.methods[:1])


def _order(mind: Mind) -> tuple[str, ...]:
    """Give the effects that a player wishes for, the most wanted first."""
    if mind.mates:
        return MAFIAS
    if mind.view.role in ("jester", "arsonist"):
        return LONERS
    return ON_A_TRACE if fresh_trace(mind) else TOWNS


def fresh_trace(mind: Mind) -> bool:
    """Tell whether a trace of yesterday was found this morning."""
    return any(day == mind.view.day - 1 for day, _ in mind.memory.traces)


def _tools(mind: Mind, town: TownView, offers: list[Item]) -> list[ItemId]:
    """List what an errand wants used, if its pay is more than the price."""
    needed = {errand.item: errand.reward for errand in town.errands if errand.item}
    return [item.id for item in offers if item.price < needed.get(item.id, 0)]


def buy(mind: Mind, town: TownView) -> Command | None:
    """Buy what one wishes for most; before the opening order one of the things, by lot.

    All wish for much the same, and of what all order most get nothing.
    """
    if town.place != SHOP or ITEMS not in mind.uses:
        return None
    wanted = wishes(mind, town)
    sold = mind.choices.town(Buy).get("item", ()) if wanted else ()
    offers = [item for item in wanted if item in sold]
    if not offers:
        return None
    which = 0 if town.shop_open else mind.dice.below(min(len(offers), SPREAD))
    return Buy(mind.seat, offers[which])


def give(mind: Mind, town: TownView) -> Command | None:
    """Give a ward to a sheriff who has spoken up and stands beside."""
    sheriffs = mind.own.evidence.sheriffs if town.bag and not mind.mates else 0
    items = mind.view.rules.catalogue.item
    wards = [name for name in town.bag if items(name).ward]
    beside = members(sheriffs & town.here & ~(1 << mind.seat))
    if not wards or not beside or has(sheriffs, mind.seat):
        return None
    return GiveItem(mind.seat, wards[0], beside[0])


def use(mind: Mind, town: TownView) -> Command | None:
    """Put an item to use whose hour has come; what may be used at this hour the choices say."""
    if not town.bag:
        return None
    items = mind.view.rules.catalogue.item
    for name, seats in mind.choices.town(UseItem).items():
        aim = AIMS[items(name).effect](mind, town, name, seats)
        if aim is not None:
            return UseItem(mind.seat, name, aim)
    return None


_Aim = Callable[[Mind, TownView, ItemId, tuple[PlayerId, ...]], PlayerId | None]


def _at_dusk(mind: Mind, town: TownView, name: ItemId, seats: tuple[PlayerId, ...]) -> int | None:
    """Keep what is for the night until the day is over, unless an errand wants it used."""
    wanted = any(errand.item == name for errand in town.errands)
    return NOBODY if wanted or not mind.daytime else None


def _for_work(mind: Mind, town: TownView, name: ItemId, seats: tuple[PlayerId, ...]) -> int | None:
    return NOBODY


def _look(mind: Mind, town: TownView, name: ItemId, seats: tuple[PlayerId, ...]) -> int | None:
    """Look at the most suspicious beside one on the day of a trace."""
    wanted = any(errand.item == name for errand in town.errands)
    if not wanted and not fresh_trace(mind):
        return None
    known = {target for day, target in mind.own.evidence.paths if day == mind.view.day - 1}
    fresh = [seat for seat in seats if seat not in known]
    top = max(map(mind.own.of, fresh), default=0.0)
    doubtful = [seat for seat in fresh if mind.own.of(seat) >= top - ALIKE]
    return doubtful[mind.dice.below(len(doubtful))] if doubtful else None


def _listen_at(mind: Mind, town: TownView, name: ItemId, seats: tuple[PlayerId, ...]) -> int | None:
    """Tap whom the killers will call on: a sheriff, else whom the town trusts."""
    if mind.daytime:
        return None
    sheriffs = [seat for seat in seats if has(mind.own.evidence.sheriffs, seat)]
    return sheriffs[0] if sheriffs else min(seats, key=mind.town.of)


def _restrain(mind: Mind, town: TownView, name: ItemId, seats: tuple[PlayerId, ...]) -> int | None:
    """Cuff an enemy: whom one suspects, or for the mafia a sheriff."""
    if mind.daytime:
        return None
    if mind.mates:
        return next((seat for seat in seats if has(mind.town.evidence.sheriffs, seat)), None)
    voted = mind.view.votes.get(mind.seat)
    top = max((seat for seat in seats if seat != voted), key=mind.own.of, default=None)
    return top if top is not None and mind.own.of(top) >= SUSPECT else None


AIMS: Final[Mapping[str, _Aim]] = MappingProxyType(
    {
        **dict.fromkeys(("ward", "vest", "mask", "papers", "lantern"), _at_dusk),
        "tools": _for_work,
        "glass": _look,
        "tap": _listen_at,
        "cuffs": _restrain,
    }
)
