"""The purse: coins, and a ledger that says where each went.

Coins live with a seat in one game. They come from the bank and go back to it, never from player to
player, so the purses and the bank together hold always the same; what the dead held goes back as
well. A purse is never negative: nothing is sold to one who cannot pay. Each movement is an entry
of its owner's ledger with a reason, and nobody else's business.
"""

from typing import Final

import attrs

from mafia_district.ids import Coins, PlayerId
from mafia_district.machine import Code, Event, Events, Fact, Machine, Refused, to_seat
from mafia_district.rules import Rules
from mafia_district.table import Table

BANK: Final[Coins] = 1_000_000_000  # what there is in all: more than a game can ever pay out

AT_START: Final = "start"
BOUGHT: Final = "bought"
TASK: Final = "task"
RUMOR: Final = "rumor"
DIED: Final = "died"


@attrs.frozen
class CoinsMoved(Event):
    """Coins came into a purse, or, if negative, went out of it; `what` they were for."""

    seat: PlayerId
    amount: Coins
    reason: str
    what: str = ""


class Purse:
    """Coins and ledger by seat, as far as they are known; what is in no purse is in the bank."""

    __slots__ = ("coins", "ledgers")

    def __init__(self, rules: Rules) -> None:
        self.coins: dict[PlayerId, Coins] = {}
        self.ledgers: dict[PlayerId, tuple[CoinsMoved, ...]] = {}

    def fork(self) -> "Purse":
        """Copy the purses; nothing that changes is shared."""
        copy = Purse.__new__(Purse)
        copy.coins = self.coins.copy()
        copy.ledgers = self.ledgers.copy()
        return copy

    @property
    def bank(self) -> Coins:
        """Count what is in the bank; the keeper's to know."""
        return BANK - sum(self.coins.values())

    def of(self, seat: PlayerId) -> Coins:
        """Count a seat's coins."""
        return self.coins.get(seat, 0)


def require_coins(table: Table, seat: PlayerId, price: Coins) -> None:
    """Refuse who cannot pay."""
    held = table.purse.of(seat)
    if held < price:
        raise Refused(Code.NOT_ENOUGH_COINS, f"that costs {price} coins, and you have {held}")


def inherit(purse: Purse, seat: PlayerId) -> Events:
    """Give the bank what the dead leave behind; a reaction."""
    held = purse.of(seat)
    return (CoinsMoved(seat, -held, DIED),) if held else ()


def _coins_moved(table: Table, purse: Purse, event: CoinsMoved) -> None:
    seat = event.seat
    purse.coins[seat] = purse.of(seat) + event.amount
    purse.ledgers[seat] = (*purse.ledgers.get(seat, ()), event)


MACHINE = Machine(
    name="purse",
    begin=Purse,
    commands={},
    events={CoinsMoved: Fact(to_seat, _coins_moved)},
)
