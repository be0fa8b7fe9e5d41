"""The blocks of the rulebook: every number of `rules.md`, taken from the rules and the catalogue.

The page is written by hand and has no number of its own. Where one is needed, the page names a
block, and the function of that name writes it: a table, or a sentence as it would stand there.
"""

from collections.abc import Callable
from typing import Final

from marked import Lines

from rulebook import game, town, trade
from rulebook.words import CLASSIC, DISTRICT

BLOCKS: Final[dict[str, Callable[[], Lines]]] = {
    "seats": game.seats,
    "district-counts": lambda: game.counts(DISTRICT),
    "classic-counts": lambda: game.counts(CLASSIC),
    "district-roles": game.district_roles,
    "classic-roles": game.classic_roles,
    "phases": game.phases,
    "extending": game.extending,
    "places": town.places,
    "daytime": town.daytime,
    "moves": town.moves,
    "ledger": town.ledger,
    "careers": town.careers,
    "pool": town.pool,
    "wages": town.wages,
    "goods": trade.goods,
    "stock": trade.stock,
    "carrying": trade.carrying,
    "trades": trade.trades,
    "role-rumors": trade.role_rumors,
    "garbling": trade.garbling,
    "looks": town.looks,
    "messages": game.messages,
    "masks": trade.masks,
    "stalemate": game.stalemate,
    "trials": game.trials,
    "differences": game.differences,
}
