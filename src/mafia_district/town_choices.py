"""What a seat may do in the town now, as far as the seat itself can know.

A page of `choices.py` for the commands that there are only in a town: for each, what its fields may
be, and every command that there would be. Nothing here looks at what the seat does not know: a full
place, an empty counter or another's full bag is learnt by trying.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

from mafia_district import items, rumors, shop, tasks
from mafia_district.catalogue.records import TARGETED
from mafia_district.chat import Whisper
from mafia_district.ids import NOBODY, PlayerId, has, members
from mafia_district.items import GiveItem, UseItem
from mafia_district.looks import Dress
from mafia_district.machine import Command, allowed
from mafia_district.phases import LOBBY, STARTING
from mafia_district.rumors import BuyRumor, ShareRumor
from mafia_district.shop import Buy, Cancel
from mafia_district.state import State
from mafia_district.tasks import Complete
from mafia_district.town import Move, beside, places_open, require_daylight

Options = dict[str, Any]


def _uses(state: State, seat: PlayerId) -> dict[str, tuple[PlayerId, ...]]:
    """Give what may be used, each with the seats on whom; NOBODY where it takes none."""
    table, uses = state.table, {}
    for name in items.usable(table, seat):
        item = table.rules.catalogue.item(name)
        seats = members(items.targets(table, seat, item))
        if seats or item.effect not in TARGETED:
            uses[name] = seats or (NOBODY,)
    return uses


def _gifts(state: State, seat: PlayerId) -> Options:
    bag, to = dict.fromkeys(state.table.bags.of(seat)), members(beside(state.table, seat))
    return {"item": tuple(bag), "to": to} if bag and to else {}


def _whispers(state: State, seat: PlayerId) -> Options:
    return _one("to", members(beside(state.table, seat)) if state.table.rules.whispers else ())


def _orders(state: State, seat: PlayerId) -> Options:
    ordered = state.shop.orders.get(seat) if allowed(require_daylight, state.table, seat) else None
    return {"item": (ordered,)} if ordered else {}


def _dresses(state: State, seat: PlayerId) -> Options:
    table = state.table
    dresses = table.phases.phase in (LOBBY, STARTING) and has(table.roster.seats, seat)
    return {"assets": table.looks.of(seat)} if dresses else {}


def _one(name: str, choices: tuple[Any, ...]) -> Options:
    return {name: choices} if choices else {}


# What the fields of a command may be, by kind; nothing at all where it is not open.
OPTIONS: Final[dict[type[Any], Callable[[State, PlayerId], Options]]] = {
    Move: lambda state, seat: _one("place", places_open(state.table, seat)),
    Buy: lambda state, seat: _one("item", shop.on_sale(state.table, state.shop, seat)),
    Cancel: _orders,
    UseItem: _uses,
    GiveItem: _gifts,
    Complete: lambda state, seat: _one("number", tasks.claimable(state.table, seat)),
    BuyRumor: lambda state, seat: _one("category", rumors.on_sale(state.table, state.rumors, seat)),
    ShareRumor: lambda state, seat: rumors.shareable(state.table, state.rumors, seat),
    Whisper: _whispers,
    Dress: _dresses,
}


def options(state: State, seat: PlayerId, kind: type[Command]) -> Options:
    """Give what the fields of a command may be for a seat; empty where it is not open."""
    table = state.table
    if not table.rules.town or seat < 0 or table.phases.paused is not None:
        return {}
    return OPTIONS[kind](state, seat)


def commands(state: State, seat: PlayerId, kind: type[Any]) -> Iterator[Command]:
    """List every command of a kind that is open, a sample where any text would do."""
    fields = options(state, seat, kind)
    if not fields:
        return
    if kind is UseItem:
        for item, seats in fields.items():
            yield from (UseItem(seat, item, target) for target in seats)
    elif kind is GiveItem:
        yield from (GiveItem(seat, item, to) for item in fields["item"] for to in fields["to"])
    elif kind is ShareRumor:
        for number in fields["number"]:
            yield from (ShareRumor(seat, number, (to,)) for to in fields["to"])
    elif kind is Cancel:
        yield Cancel(seat)
    elif kind is Dress:
        yield from (Dress(seat, fields["assets"]) for _ in fields["assets"][:1])
    elif kind is Whisper:
        yield from (Whisper(seat, to, "hello") for to in fields["to"])
    else:
        (choices,) = fields.values()
        yield from (kind(seat, choice) for choice in choices)
