"""The story of a town: what happens there as sentences for people, by type of event.

Places and goods are told by their titles in the game's own catalogue. What people wrote is cleaned
of everything that could steer a terminal.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from mafia_district import chat, items, looks, phases, purse, rumors, shop, tasks, town
from mafia_district.catalogue import BUILT_IN, Catalogue
from mafia_district.ids import NO_LYNCH, NOBODY, PlayerId, members
from mafia_district.machine import Event
from mafia_district.roles import Book


class Names:
    """What everything is called in one game: seats, and what its catalogue and book have."""

    def __init__(self, seats: Mapping[PlayerId, str], catalogue: Catalogue = BUILT_IN) -> None:
        self._seats = seats
        self._catalogue = catalogue

    def __call__(self, seat: PlayerId) -> str:
        """Name a seat; one without a name is told by its number."""
        if seat < 0:
            return "no lynch" if seat == NO_LYNCH else "nobody"
        return printable(self._seats.get(seat) or f"seat {seat}")

    @property
    def book(self) -> Book:
        """The roles that can be dealt."""
        return self._catalogue.book

    def place(self, name: str) -> str:
        """Write a place for people."""
        return _title(self._catalogue.place, name)

    def item(self, name: str) -> str:
        """Write an item for people."""
        return _title(self._catalogue.item, name)

    def career(self, name: str) -> str:
        """Write a career for people."""
        return _title(self._catalogue.career, name)

    def asset(self, name: str) -> str:
        """Write something to look like for people."""
        return _title(self._catalogue.asset, name)


def printable(text: str) -> str:
    """Replace every character that is not printed, so that no text steers the terminal."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def with_article(title: str) -> str:
    """Put the article before a title.

    >>> with_article("Artist"), with_article("Chef")
    ('an Artist', 'a Chef')
    """
    return f"an {title}" if title[:1] in "AEIOU" else f"a {title}"


def _title(look_up: Callable[[str], Any], name: str) -> str:
    try:
        return printable(look_up(name).title)
    except ValueError:
        return printable(name.replace("_", " "))


def listed(parts: Iterable[str]) -> str:
    """List some things; nobody if there are none."""
    return ", ".join(parts) or "nobody"


def _on(target: PlayerId, name: Names) -> str:
    return "" if target == NOBODY else f" on {name(target)}"


def _careers(event: town.CareersDealt, name: Names) -> str:
    held = enumerate(event.careers)
    told = [f"{name(seat)} is {with_article(name.career(job))}" for seat, job in held if job]
    return f"By day, {'; '.join(told)}."


def _walked(event: town.Walked, name: Names) -> str:
    others = [name(seat) for seat in members(event.company) if seat != event.seat]
    return f"{name(event.seat)} walks to the {name.place(event.place)} and meets {listed(others)}."


def _dusk(event: town.DuskFell, name: Names) -> str:
    vote = "the town votes tonight" if event.vote else "there is no vote tonight"
    return f"Dusk falls on day {event.day}: all gather on the Town Square, and {vote}."


def _look(event: looks.LookChosen, name: Names) -> str:
    return f"{name(event.seat)}: {listed(name.asset(asset) for asset in event.assets)}."


def _coins(event: purse.CoinsMoved, name: Names) -> str:
    gets = "gets" if event.amount >= 0 else "pays"
    what = f", {event.what.replace('_', ' ')}" if event.what else ""
    return f"{name(event.seat)} {gets} {abs(event.amount)} coins ({event.reason}{what})."


def _restocked(event: shop.Restocked, name: Names) -> str:
    goods = [f"{stock} {name.item(ware)} at {price}" for ware, price, stock in event.goods]
    return f"The Shop has today: {listed(goods)}."


def _rumor(event: rumors.RumorHeard, name: Names) -> str:
    """Say what a rumor is about, in the order of its parts."""
    persons = [name(seat) for seat in event.persons]
    looked = [name.asset(event.asset)] if event.asset else []
    where = [name.place(event.place)] if event.place else []
    known = name.book.find(event.role)
    role = [printable(known.title)] if known else []
    giver = "the bureau" if event.giver == NOBODY else name(event.giver)
    about = listed([*persons, *looked, *where, *role])
    return f"{name(event.seat)} hears a rumor from {giver} ({event.category}): {about}."


def _recorded(event: rumors.RumorRecorded, name: Names) -> str:
    changed = ", twisted" * event.twisted + ", garbled" * event.garbled
    truth = "true" if event.true else "false"
    return f"Rumor {event.number} of {name(event.seat)} is {truth}{changed}."


def _shared(event: rumors.RumorShared, name: Names) -> str:
    twist = "" if event.twist == NOBODY else f", with {name(event.twist)} named in it"
    heard = listed(name(seat) for seat in event.to)
    return f"{name(event.seat)} passes rumor {event.number} on to {heard}{twist}."


def _errands(event: tasks.TasksDealt, name: Names) -> str:
    told = [
        name.place(e.place) if e.place else name.item(e.item) or "somebody" for e in event.errands
    ]
    return f"{name(event.seat)} has tasks today: {listed(told)}."


TOWN_SENTENCES: Final[Mapping[type[Event], Callable[[Any, Names], str]]] = {
    town.CareersDealt: _careers,
    town.DawnBroke: lambda e, n: f"Dawn of day {e.day}: all stand on the Town Square.",
    town.DuskFell: _dusk,
    town.WentAway: lambda e, n: f"{n(e.seat)} leaves the {n.place(e.place)}.",
    town.Walked: _walked,
    town.CameIn: lambda e, n: f"{n(e.seat)} comes to the {n.place(e.place)}.",
    town.SteppedIn: lambda e, n: f"{n(e.seat)} begins on the Town Square.",
    town.TraceFound: lambda e, n: (
        f"A trace: the killer of {n(e.victim)} was at the {n.place(e.place)} the day before."
    ),
    looks.LookChosen: _look,
    purse.CoinsMoved: _coins,
    items.ItemGained: lambda e, n: f"{n(e.seat)} has {n.item(e.item)} now ({e.source}).",
    items.ItemUsed: lambda e, n: f"{n(e.seat)} uses {n.item(e.item)}{_on(e.target, n)}.",
    items.ItemGiven: lambda e, n: f"{n(e.seat)} gives {n.item(e.item)} to {n(e.to)}.",
    items.GiftRefused: lambda e, n: f"{n(e.to)} has no room for {n.item(e.item)} of {n(e.seat)}.",
    items.ItemWornOut: lambda e, n: f"{n.item(e.item)} of {n(e.seat)} is used up.",
    items.PathSeen: lambda e, n: (
        f"{n(e.seat)} sees where {n(e.target)} was yesterday: {listed(map(n.place, e.places))}."
    ),
    items.WardHeld: lambda e, n: f"{n.item(e.item)} has saved {n(e.seat)}.",
    items.VisitorsHeard: lambda e, n: (
        f"{n(e.seat)} hears who came to {n(e.target)}: {listed(map(n, e.visitors))}."
    ),
    items.VisitorsCounted: lambda e, n: f"{n(e.seat)} had {e.count} visitors.",
    shop.Restocked: _restocked,
    shop.SpecialsCame: lambda e, n: f"Under the counter lie {listed(map(n.item, e.goods))}.",
    shop.Opened: lambda e, n: "The Shop opens.",
    shop.OrderPlaced: lambda e, n: f"{n(e.seat)} orders {n.item(e.item)}.",
    shop.OrderCancelled: lambda e, n: f"{n(e.seat)} takes the order back.",
    shop.OrderDropped: lambda e, n: (
        f"The order of {n(e.seat)} for {n.item(e.item)} falls through:"
        f" {e.reason.replace('_', ' ')}."
    ),
    shop.Sold: lambda e, n: f"{n(e.seat)} buys {n.item(e.item)} for {e.price} coins.",
    shop.SoldOut: lambda e, n: f"{n(e.seat)} asks for {n.item(e.item)} in vain.",
    shop.Priced: lambda e, n: f"{n.item(e.item)} costs {e.price} coins now, {e.stock} left.",
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
