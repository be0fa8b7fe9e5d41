"""Districts to test at: whole games in a town, laid out in a few words.

A cast is written with one letter a seat, as for the classic tables. The numbers that these tests
speak of are set here, whatever the preset is tuned to. An item is handed over by recording that it
was gained, so that no test depends on stock, prices or the hours of the Shop.
"""

from typing import Any, Final

from mafia_district.game import Game
from mafia_district.ids import NOBODY, PlayerId
from mafia_district.items import FROM_SHOP, ItemGained
from mafia_district.lobby import TakeSeat
from mafia_district.machine import Entry, Event
from mafia_district.phases import Phase
from mafia_district.rules import Rules
from mafia_district.town import Move
from mafia_district.town_view import TownView

from .tables import do, end_phase, started, with_deal

CAST: Final = {
    "v": "villager",
    "b": "vampire",
    "s": "sheriff",
    "d": "doctor",
    "j": "jester",
    "a": "arsonist",
    "g": "town_vigilante",
}
NUMBERS: Final = {
    "day_ms": 180_000,
    "evening_ms": 120_000,
    "night_ms": 60_000,
    "shop_opens_ms": 30_000,
    "start_coins": 100,
    "moves_a_day": 6,
    "purchases_a_day": 1,
    "mask_nights": 2,
}


def gathered(seats: int, *, seed: int = 7, **settings: Any) -> Game:
    """Open the lobby of a town and seat persons."""
    rules = Rules.preset("district").replace(**{"min_seats": 2, **NUMBERS, **settings})
    game = Game.open(rules, seed, 0)
    do(game, *[TakeSeat(NOBODY, f"Player {seat}") for seat in range(seats)])
    return game


def district(cast: str, *, seed: int = 7, **settings: Any) -> Game:
    """Play from the lobby to the first morning with the roles of a cast, by seat."""
    roles = tuple(CAST[letter] for letter in cast)
    counts = tuple((role, roles.count(role)) for role in dict.fromkeys(roles))
    game = started(gathered(len(cast), seed=seed, roles=counts, **settings))
    end_phase(game)
    return with_deal(game, roles)


def town(game: Game, viewer: PlayerId) -> TownView:
    """Open a viewer's window on the town."""
    view = game.view(viewer).town
    assert view is not None
    return view


def walk(game: Game, seat: PlayerId, *places: str) -> tuple[Event, ...]:
    """Let a seat walk from place to place; give the events that came of it."""
    return do(game, *[Move(seat, place) for place in places])


def hand(game: Game, seat: PlayerId, *items: str) -> None:
    """Put items into a seat's bag."""
    for item in items:
        gained = ItemGained(seat, item, FROM_SHOP)
        game.follow([Entry(game.version + 1, game.at, "", 1 << seat, gained)])


def until(game: Game, phase: Phase) -> tuple[Event, ...]:
    """Let phases end until another one like this begins; give the events that came of it."""
    events = end_phase(game)
    while game.phase is not phase:
        events += end_phase(game)
    return events
