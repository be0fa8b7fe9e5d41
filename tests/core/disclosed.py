"""What the rules let out of a game to one viewer, and so what twins must agree in.

It is read from the keeper's log, never from what the viewer was shown: what a viewer is told beyond
this is a leak. Of what one learns by asking, by looking or from one's own things only the answer
counts, not the numbers and words in which it was told.
"""

from typing import Any

from mafia_district.game import Game
from mafia_district.ids import NOBODY, Viewer, has
from mafia_district.items import (
    GiftRefused,
    ItemGained,
    ItemWornOut,
    PathSeen,
    VisitorsCounted,
    VisitorsHeard,
    WardHeld,
)
from mafia_district.machine import Event
from mafia_district.night.collect import ResultLearned
from mafia_district.outcome import GameEnded
from mafia_district.roles import role
from mafia_district.roster import LEFT_TOWN, MatesTold, PlayerDied, RoleTurned
from mafia_district.rumors import NothingHeard, RumorHeard
from mafia_district.shop import OrderDropped, Priced, Sold, SoldOut
from mafia_district.tasks import ErrandDone, ErrandPaid
from mafia_district.town import TraceFound, Walked
from mafia_district.voting import VoteClosed

LEARNT = (
    ResultLearned, GiftRefused, ItemGained, ItemWornOut, PathSeen, VisitorsCounted, VisitorsHeard,
    WardHeld, NothingHeard, OrderDropped, Sold, SoldOut, ErrandDone, ErrandPaid, Walked, MatesTold,
)  # fmt: skip


class Leak(AssertionError):
    """A viewer was given something that depends on what they may not know."""


def disclosed(game: Game, since: int, viewer: Viewer) -> list[object]:
    """Give what the rules let out of the entries after a version."""
    let_out = (_let_out(game, entry.event, viewer) for entry in game.log[since:])
    return sorted((told for told in let_out if told is not None), key=repr)


def shown(name: str, reveal: str) -> str:
    """Give what a death makes known of a role, by its words or by what comes of it."""
    return name if reveal == "role" else role(name).wins


def _reliability(game: Game, category: str) -> int:
    """Give how many of a thousand rumors of a kind are drawn from facts: of the rest, none is."""
    return game.rules.catalogue.trade(category).reliability


def _let_out(game: Game, event: Event, viewer: Viewer) -> object:
    roster, reveal = game.state.table.roster, game.rules.reveal_on_death
    match event:
        case PlayerDied(seat=seat, cause=cause):
            return seat, cause == LEFT_TOWN, shown(roster.now[seat], reveal)
        case VoteClosed(target=target, ballots=ballots):
            return target, tuple(sorted(ballots))
        case GameEnded(winners=winners, seats=seats):
            return winners, tuple(sorted(seats))
        case TraceFound(victim=victim, place=place):
            return victim, place
        case Priced():
            return event
        case RoleTurned(seat=seat) if viewer >= 0 and has(roster.faction(seat) | 1 << seat, viewer):
            return event
        case RumorHeard(seat=seat) if seat == viewer:
            blind = event.giver == NOBODY and not _reliability(game, event.category)
            return event.category if blind else (event.said, event.giver)
    own: Any = event
    return event if isinstance(event, LEARNT) and own.seat == viewer else None
