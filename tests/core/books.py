"""The books of a town, kept by hand: what there must be of coins and goods, by the record alone.

They know nothing of how the engine keeps its state. Every entry is booked, in the words of the
rules, and whatever may not happen is found when it is booked; then the state must agree.
"""

from collections import Counter
from typing import Any

from mafia_district.game import Game
from mafia_district.ids import ItemId, PlayerId, has, members
from mafia_district.items import ItemGained, ItemGiven, ItemUsed, ItemWornOut
from mafia_district.machine import Event
from mafia_district.phases import DAY, EVENING
from mafia_district.purse import BANK, CoinsMoved
from mafia_district.roster import PlayerDied
from mafia_district.rumors import RumorHeard, RumorRecorded
from mafia_district.shop import Priced, Restocked, Sold, SpecialsCame
from mafia_district.state import State
from mafia_district.tasks import ErrandDone, ErrandPaid, TasksDealt
from mafia_district.town import DawnBroke, Walked


class Books:
    """Who owns what, as far as the entries go that were booked."""

    def __init__(self, game: Game) -> None:
        self.game, self.version = game, 0
        self.coins: Counter[PlayerId] = Counter()
        self.owed: Counter[PlayerId] = Counter()  # what was sold or earned and is not yet moved
        self.goods: Counter[tuple[PlayerId, ItemId]] = Counter()
        self.on: Counter[tuple[PlayerId, ItemId]] = Counter()
        self.stock: Counter[ItemId] = Counter()
        self.today: Counter[tuple[str, PlayerId]] = Counter()
        self.errands: set[tuple[str, PlayerId, int]] = set()
        self.rumors: Counter[PlayerId] = Counter()
        self.passing: ItemGiven | None = None

    def audit(self) -> None:
        """Book what is new, and compare the books with the state."""
        for entry in self.game.log[self.version :]:
            self._book(entry.event)
        self.version = self.game.version
        assert not self.passing
        assert not any(self.owed.values())
        self._compare(self.game.state)
        _everybody_is_in_one_place(self.game.state)

    def _book(self, event: Event) -> None:
        match event:
            case CoinsMoved():
                self.coins[event.seat] += event.amount
                self.owed[event.seat] -= event.amount * (event.reason in ("bought", "task"))
                assert self.coins[event.seat] >= 0
            case PlayerDied():
                self._bury(event.seat)
            case DawnBroke():
                self.today.clear()
                self.errands.clear()
            case Walked():
                self._count("moves", event.seat, self.game.rules.moves_a_day)
            case RumorHeard() | RumorRecorded():
                self._number(event)
            case ItemGained() | ItemGiven() | ItemUsed() | ItemWornOut():
                self._carry(event)
            case Restocked() | SpecialsCame() | Priced() | Sold():
                self._trade(event)
            case TasksDealt() | ErrandDone() | ErrandPaid():
                self._work(event)
            case _:
                pass

    def _bury(self, seat: PlayerId) -> None:
        """Give the goods of the dead to nobody."""
        for book in (self.goods, self.on):
            for key in [key for key in book if key[0] == seat]:
                del book[key]

    def _count(self, what: str, seat: PlayerId, most: int) -> None:
        self.today[what, seat] += 1
        assert self.today[what, seat] <= most

    def _number(self, event: RumorHeard | RumorRecorded) -> None:
        """Count a seat's rumors, each with its record."""
        self.rumors[event.seat] += isinstance(event, RumorHeard)
        assert event.number == self.rumors[event.seat]

    def _carry(self, event: Any) -> None:
        key = event.seat, event.item
        if isinstance(event, ItemGained):
            given = self.passing
            assert (event.source == "gift") == (given is not None)
            assert given is None or (given.to, given.item) == key
            self.passing = None
            self.goods[key] += 1
        elif isinstance(event, ItemWornOut):
            self.on[key] -= 1
            assert self.on[key] >= 0
        else:
            self.goods[key] -= 1
            assert self.goods[key] >= 0
            self.passing = event if isinstance(event, ItemGiven) else None
            self.on[key] += isinstance(event, ItemUsed) and event.nights != 0

    def _trade(self, event: Any) -> None:
        match event:
            case Restocked(goods=goods):
                self.stock.update({item: stock - self.stock[item] for item, _, stock in goods})
            case SpecialsCame(goods=goods):
                self.stock.update({item: 1 - self.stock[item] for item in goods})
            case Priced(item=item, stock=stock):
                assert self.stock[item] == stock
            case Sold(seat=seat, item=item, price=price):
                self.stock[item] -= 1
                assert self.stock[item] >= 0
                self.owed[seat] -= price
                self._count("purchases", seat, self.game.rules.purchases_a_day)

    def _work(self, event: Any) -> None:
        """See every errand dealt once, done once after that, and paid once after that."""
        if isinstance(event, TasksDealt):
            new = {("dealt", event.seat, errand.number) for errand in event.errands}
        elif isinstance(event, ErrandDone):
            assert ("dealt", event.seat, event.number) in self.errands
            new = {("done", event.seat, event.number)}
        else:
            assert ("done", event.seat, event.number) in self.errands
            new = {("paid", event.seat, event.number)}
            self.owed[event.seat] += event.reward
        assert not new & self.errands
        self.errands |= new

    def _compare(self, state: State) -> None:
        table = state.table
        for seat in members(table.roster.alive):
            bag, on = (
                Counter(table.bags.of(seat)),
                Counter(w.item for w in table.bags.on.get(seat, ())),
            )
            assert bag == Counter({i: n for (who, i), n in self.goods.items() if n and who == seat})
            assert bag.total() <= table.rules.carried
            assert all(self.on[seat, item] >= count for item, count in on.items())
            assert len(state.rumors.of(seat)) == self.rumors[seat]
        assert all(table.purse.of(seat) == self.coins[seat] for seat in members(table.roster.seats))
        assert not any(self.coins[seat] for seat in members(table.roster.dead))
        assert table.purse.bank + self.coins.total() == BANK
        assert table.purse.bank >= 0
        assert all(state.shop.left(i) == self.stock[i.id] for i in table.rules.catalogue.items)


def _everybody_is_in_one_place(state: State) -> None:
    table = state.table
    if table.phases.phase not in (DAY, EVENING):
        return
    company = table.town.company
    assert sum(company.values()).bit_count() == sum(map(int.bit_count, company.values()))
    assert sum(company.values()) == table.roster.here
    assert all(has(table.town.here(seat), seat) for seat in members(table.roster.here))
    for place in table.rules.catalogue.places:
        assert not place.capacity or company.get(place.id, 0).bit_count() <= place.capacity
