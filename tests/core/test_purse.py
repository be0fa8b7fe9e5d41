"""The purse: coins that come from the bank and go back to it, each with a reason."""

from typing import Final

import pytest

from mafia_district.catalogue import BUILT_IN
from mafia_district.game import Game
from mafia_district.ids import KEEPER, SPECTATOR
from mafia_district.machine import Code, Event
from mafia_district.night.collect import Act
from mafia_district.night.deed import FACTION_KILL
from mafia_district.phases import DAY, NIGHT
from mafia_district.purse import AT_START, BANK, BOUGHT, DIED, RUMOR, CoinsMoved
from mafia_district.rumors import BuyRumor
from mafia_district.shop import NO_COINS, Buy, OrderDropped

from .districts import district, town, until, walk
from .tables import dealt, do, fold, frames, refused

GARLIC: Final = BUILT_IN.item("garlic").price
LANTERN: Final = BUILT_IN.item("lantern").price


def bank(game: Game) -> int:
    """Count what the bank holds."""
    return game.state.table.purse.bank


def told_of_coins(game: Game, viewer: int, after: int = 0) -> int:
    """Count the movements of coins of which a viewer was told."""
    return sum(b"coins_moved" in frame for _, _, frame in frames(game, viewer, after))


def test_everybody_starts_with_the_same_from_the_bank() -> None:
    """Given the deal, each has the start's coins with their reason, and reads no purse but that."""
    game = district("vvvsdb", start_coins=100)
    for seat in range(6):
        assert (town(game, seat).coins, town(game, seat).ledger) == (
            100,
            (CoinsMoved(seat, 100, AT_START),),
        )
        assert told_of_coins(game, seat) == 1
        assert fold(game, seat).table.purse.coins == {seat: 100}
    assert bank(game) == BANK - 600
    assert (town(game, SPECTATOR).coins, told_of_coins(game, SPECTATOR)) == (0, 0)


def test_what_is_spent_goes_to_the_bank_and_into_the_ledger() -> None:
    """Given a purchase, purse and bank balance, the ledger says what for, and no other is told."""
    game = district("vvvvvb", start_coins=100, shop_opens_ms=0)
    walk(game, 0, "shop")
    before = {viewer: game.cursor(viewer) for viewer in (1, 5, SPECTATOR)}
    do(game, Buy(0, "garlic"))
    assert town(game, 0).ledger[1:] == (CoinsMoved(0, -GARLIC, BOUGHT, "garlic"),)
    assert (town(game, 0).coins, bank(game)) == (100 - GARLIC, BANK - 600 + GARLIC)
    assert [told_of_coins(game, viewer, after) for viewer, after in before.items()] == [0, 0, 0]


@pytest.mark.parametrize("short", [0, 1])
def test_nobody_spends_what_they_do_not_have(short: int) -> None:
    """Given coins for two things, both are sold; with one coin less the second is refused."""
    rules = {"shop_opens_ms": 0, "purchases_a_day": 9}
    game = district("vvvvvb", start_coins=GARLIC + LANTERN - short, **rules)
    walk(game, 0, "shop")
    do(game, Buy(0, "garlic"))
    if short:
        assert refused(game, Buy(0, "lantern")) is Code.NOT_ENOUGH_COINS
        return
    do(game, Buy(0, "lantern"))
    assert (town(game, 0).coins, town(game, 0).bag) == (0, ("garlic", "lantern"))


def test_an_order_is_paid_when_it_is_filled_and_not_from_coins_that_are_gone() -> None:
    """Given coins spent between order and opening, the order is dropped without charge."""
    rumor = BUILT_IN.trade("task").price
    game = district("vvvvvb", start_coins=GARLIC + rumor - 1)
    walk(game, 0, "shop")
    do(game, Buy(0, "garlic"))
    assert town(game, 0).coins == GARLIC + rumor - 1
    walk(game, 0, "informator_bureau")
    do(game, BuyRumor(0, "task"))
    assert town(game, 0).ledger[1:] == (CoinsMoved(0, -rumor, RUMOR, "task"),)
    assert OrderDropped(0, "garlic", NO_COINS) in until_the_opening(game)
    assert town(game, 0).coins == GARLIC - 1


def until_the_opening(game: Game) -> list[Event]:
    """Let the Shop open; give the events that came of it."""
    assert game.alarm is not None
    return [entry.event for entry in game.pass_time(game.alarm)]


def test_what_the_dead_held_is_the_banks_and_their_ledger_stays_their_own() -> None:
    """Given a death, its coins are in the bank again, and the dead alone read that they went."""
    game = district("vvvvvb", start_coins=100)
    until(game, NIGHT)
    do(game, Act(5, FACTION_KILL, 0))
    until(game, DAY)
    assert (town(game, 0).coins, bank(game)) == (0, BANK - 500)
    assert town(game, 0).ledger == (CoinsMoved(0, 100, AT_START), CoinsMoved(0, -100, DIED))
    assert fold(game, 0).table.purse.ledgers == {0: town(game, 0).ledger}
    assert [told_of_coins(game, viewer) for viewer in (0, 1, SPECTATOR)] == [2, 1, 0]
    assert [resident.seat for resident in town(game, KEEPER).residents] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("start", [0, 1, 250])
def test_the_rules_say_what_one_starts_with(start: int) -> None:
    """Given another sum, everybody has that; a classic game deals out no coins at all."""
    game = district("vvvvvb", start_coins=start)
    assert {town(game, seat).coins for seat in range(6)} == {start}
    assert not [entry for entry in dealt("vvvm").log if isinstance(entry.event, CoinsMoved)]
