"""The story of a town: what happens there as sentences for people, by type of event.

Places and goods are told by their titles in the built-in catalogue, and those of a catalogue of
somebody's own by their ids written as words.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias

from mafia_district import chat, items, looks, phases, purse, rumors, shop, tasks, town
from mafia_district.catalogue import BUILT_IN
from mafia_district.ids import NOBODY, PlayerId, members
from mafia_district.machine import Event
from mafia_district.roles import ROLES

Name: TypeAlias = Callable[[PlayerId], str]


def _title(look_up: Callable[[str], Any], name: str) -> str:
    try:
        return str(look_up(name).title)
    except ValueError:
        return name.replace("_", " ")


def place(name: str) -> str:
    """Write a place for people."""
    return _title(BUILT_IN.place, name)


def item(name: str) -> str:
    """Write an item for people."""
    return _title(BUILT_IN.item, name)


def _all(parts: Iterable[str]) -> str:
    return ", ".join(parts) or "nobody"


def _on(target: PlayerId, name: Name) -> str:
    return "" if target == NOBODY else f" on {name(target)}"


def _careers(event: town.CareersDealt, name: Name) -> str:
    held = enumerate(event.careers)
    told = [f"{name(seat)} is a {_title(BUILT_IN.career, job)}" for seat, job in held if job]
    return f"By day, {'; '.join(told)}."


def _walked(event: town.Walked, name: Name) -> str:
    others = [name(seat) for seat in members(event.company) if seat != event.seat]
    return f"{name(event.seat)} walks to the {place(event.place)} and meets {_all(others)}."


def _dusk(event: town.DuskFell, name: Name) -> str:
    vote = "the town votes tonight" if event.vote else "there is no vote tonight"
    return f"Dusk falls on day {event.day}: all gather on the Town Square, and {vote}."


def _look(event: looks.LookChosen, name: Name) -> str:
    return f"{name(event.seat)}: {_all(_title(BUILT_IN.asset, asset) for asset in event.assets)}."


def _coins(event: purse.CoinsMoved, name: Name) -> str:
    gets = "gets" if event.amount >= 0 else "pays"
    what = f", {event.what.replace('_', ' ')}" if event.what else ""
    return f"{name(event.seat)} {gets} {abs(event.amount)} coins ({event.reason}{what})."


def _restocked(event: shop.Restocked, name: Name) -> str:
    goods = [f"{stock} {item(ware)} at {price}" for ware, price, stock in event.goods]
    return f"The Shop has today: {_all(goods)}."


def _rumor(event: rumors.RumorHeard, name: Name) -> str:
    """Say what a rumor is about, in the order of its parts."""
    persons = [name(seat) for seat in event.persons]
    looked = [_title(BUILT_IN.asset, event.asset)] if event.asset else []
    where = [place(event.place)] if event.place else []
    role = [ROLES[event.role].title] if event.role in ROLES else []
    giver = "the bureau" if event.giver == NOBODY else name(event.giver)
    about = _all([*persons, *looked, *where, *role])
    return f"{name(event.seat)} hears a rumor from {giver} ({event.category}): {about}."


def _recorded(event: rumors.RumorRecorded, name: Name) -> str:
    changed = " twisted" * event.twisted + " garbled" * event.garbled
    truth = "true" if event.true else "false"
    return f"Rumor {event.number} of {name(event.seat)} is {truth}{changed}."


def _shared(event: rumors.RumorShared, name: Name) -> str:
    twist = "" if event.twist == NOBODY else f", with {name(event.twist)} named in it"
    heard = _all(name(seat) for seat in event.to)
    return f"{name(event.seat)} passes rumor {event.number} on to {heard}{twist}."


def _errands(event: tasks.TasksDealt, name: Name) -> str:
    told = [place(e.place) if e.place else item(e.item) or "somebody" for e in event.errands]
    return f"{name(event.seat)} has tasks today: {_all(told)}."


TOWN_SENTENCES: Final[Mapping[type[Event], Callable[[Any, Name], str]]] = {
    town.CareersDealt: _careers,
    town.DawnBroke: lambda e, n: f"Dawn of day {e.day}: all stand on the Town Square.",
    town.DuskFell: _dusk,
    town.WentAway: lambda e, n: f"{n(e.seat)} leaves the {place(e.place)}.",
    town.Walked: _walked,
    town.CameIn: lambda e, n: f"{n(e.seat)} comes to the {place(e.place)}.",
    town.TraceFound: lambda e, n: (
        f"A trace: the killer of {n(e.victim)} was at the {place(e.place)} the day before."
    ),
    looks.LookChosen: _look,
    purse.CoinsMoved: _coins,
    items.ItemGained: lambda e, n: f"{n(e.seat)} has {item(e.item)} now ({e.source}).",
    items.ItemUsed: lambda e, n: f"{n(e.seat)} uses {item(e.item)}{_on(e.target, n)}.",
    items.ItemGiven: lambda e, n: f"{n(e.seat)} gives {item(e.item)} to {n(e.to)}.",
    items.GiftRefused: lambda e, n: f"{n(e.to)} has no room for {item(e.item)} of {n(e.seat)}.",
    items.ItemWornOut: lambda e, n: f"{item(e.item)} of {n(e.seat)} is used up.",
    items.PathSeen: lambda e, n: (
        f"{n(e.seat)} sees where {n(e.target)} was yesterday: {_all(map(place, e.places))}."
    ),
    items.WardHeld: lambda e, n: f"{item(e.item)} has saved {n(e.seat)}.",
    items.VisitorsHeard: lambda e, n: (
        f"{n(e.seat)} hears who came to {n(e.target)}: {_all(map(n, e.visitors))}."
    ),
    items.VisitorsCounted: lambda e, n: f"{n(e.seat)} had {e.count} visitors.",
    shop.Restocked: _restocked,
    shop.SpecialsCame: lambda e, n: f"Under the counter lie {_all(map(item, e.goods))}.",
    shop.Opened: lambda e, n: "The Shop opens.",
    shop.OrderPlaced: lambda e, n: f"{n(e.seat)} orders {item(e.item)}.",
    shop.OrderCancelled: lambda e, n: f"{n(e.seat)} takes the order back.",
    shop.OrderDropped: lambda e, n: (
        f"The order of {n(e.seat)} for {item(e.item)} falls through: {e.reason.replace('_', ' ')}."
    ),
    shop.Sold: lambda e, n: f"{n(e.seat)} buys {item(e.item)} for {e.price} coins.",
    shop.SoldOut: lambda e, n: f"{n(e.seat)} asks for {item(e.item)} in vain.",
    shop.Priced: lambda e, n: f"{item(e.item)} costs {e.price} coins now, {e.stock} left.",
    tasks.TasksDealt: _errands,
    tasks.ErrandDone: lambda e, n: f"{n(e.seat)} has done task {e.number}.",
    tasks.ErrandPaid: lambda e, n: f"{n(e.seat)} is paid {e.reward} coins for task {e.number}.",
    rumors.RumorHeard: _rumor,
    rumors.RumorRecorded: _recorded,
    rumors.NothingHeard: lambda e, n: f"The bureau knows nothing for {n(e.seat)} ({e.category}).",
    rumors.RumorShared: _shared,
    chat.WhisperSeen: lambda e, n: f"{n(e.seat)} whispers to {n(e.to)}.",
    phases.AlarmSet: lambda e, n: (
        f"Something is due {e.ahead / 1_000:.0f} s before dusk."
        if e.ahead
        else "Nothing more is due before dusk."
    ),
}
