"""What one viewer may see of the town, as a window on the state.

Like every view it copies nothing, and shows the same through the whole state and through the fold
of the viewer's own events: of others, only the company in one's own place, their careers and their
looks. The keeper sees where everybody is and what they have.
"""

from collections.abc import Mapping

import attrs

from mafia_district import rumors, shop, tasks, town
from mafia_district.ids import (
    KEEPER,
    Coins,
    Day,
    ItemId,
    PlaceId,
    PlayerId,
    Seats,
    Viewer,
    has,
    members,
)
from mafia_district.items import Learnt, Worn
from mafia_district.phases import DAY, EVENING
from mafia_district.purse import CoinsMoved
from mafia_district.rumors import RumorHeard
from mafia_district.state import State
from mafia_district.town import SQUARE, Path, TraceFound


@attrs.frozen
class Resident:
    """Where somebody is and what they have, as the keeper sees it."""

    seat: PlayerId
    place: PlaceId
    coins: Coins
    bag: tuple[ItemId, ...]
    on: tuple[Worn, ...]


@attrs.frozen
class ErrandView:
    """One of the viewer's tasks of today, in the words of the viewer's role."""

    number: int
    text: str
    place: PlaceId
    item: ItemId
    person: PlayerId
    reward: Coins
    done: bool
    paid: bool


@attrs.frozen
class RumorView:
    """A rumor that the viewer has heard, as it was told."""

    number: int
    day: Day
    text: str
    category: str
    persons: tuple[PlayerId, ...]
    place: PlaceId
    asset: str
    role: str
    giver: PlayerId


class TownView:
    """A read-only window on the town for one viewer; it shows the present."""

    __slots__ = ("_state", "_viewer")

    def __init__(self, state: State, viewer: Viewer) -> None:
        self._state = state
        self._viewer = viewer

    @property
    def place(self) -> PlaceId:
        """Where the viewer is: by day and in the evening, while they live and have not left."""
        return self._place(self._viewer)

    @property
    def here(self) -> Seats:
        """Mask of all who are in the viewer's place, themself included."""
        return self._state.table.town.here(self._viewer) if self.place else 0

    @property
    def moves_left(self) -> int:
        """How often the viewer may still walk today; 0 where they cannot walk at all."""
        return town.moves_left(self._state.table, self._viewer)

    @property
    def path(self) -> Path:
        """Where the viewer has walked today, in order."""
        return self._state.table.town.today.get(self._viewer, ())

    @property
    def yesterday(self) -> Path:
        """Where the viewer walked yesterday, in order."""
        return self._state.table.town.yesterday.get(self._viewer, ())

    @property
    def careers(self) -> tuple[str, ...]:
        """Everybody's career, by seat."""
        return self._state.table.town.careers

    @property
    def looks(self) -> Mapping[PlayerId, tuple[str, ...]]:
        """Everybody's look, an asset for every slot."""
        return self._state.table.looks.worn

    @property
    def traces(self) -> tuple[TraceFound, ...]:
        """The traces that killers left, oldest first."""
        return self._state.table.town.traces

    @property
    def coins(self) -> Coins:
        """The viewer's coins."""
        return self._state.table.purse.of(self._viewer)

    @property
    def ledger(self) -> tuple[CoinsMoved, ...]:
        """Where the viewer's coins came from and went."""
        return self._state.table.purse.ledgers.get(self._viewer, ())

    @property
    def bag(self) -> tuple[ItemId, ...]:
        """What the viewer carries."""
        return self._state.table.bags.of(self._viewer)

    @property
    def on(self) -> tuple[Worn, ...]:
        """What the viewer has set down or put on."""
        return self._state.table.bags.on.get(self._viewer, ())

    @property
    def learnt(self) -> tuple[Learnt, ...]:
        """What the viewer's items have told them, oldest first."""
        return self._state.table.bags.sights.get(self._viewer, ())

    @property
    def shop_open(self) -> bool:
        """Whether the Shop sells; before, it takes orders."""
        return self._state.shop.opened

    @property
    def wares(self) -> tuple[shop.Ware, ...]:
        """The price list, which everybody sees."""
        return shop.wares(self._state.table, self._state.shop)

    @property
    def order(self) -> ItemId:
        """What the viewer has ordered, or empty."""
        return self._state.shop.orders.get(self._viewer, "")

    @property
    def errands(self) -> tuple[ErrandView, ...]:
        """The viewer's tasks of today."""
        errands = self._state.table.tasks.errands.get(self._viewer, ())
        return tuple(self._errand(errand) for errand in errands)

    @property
    def rumors(self) -> tuple[RumorView, ...]:
        """The rumors that the viewer has heard, oldest first."""
        return tuple(self._rumor(rumor) for rumor in self._state.rumors.of(self._viewer))

    @property
    def residents(self) -> tuple[Resident, ...]:
        """Everybody who lives, with place and goods: the keeper's to see."""
        table = self._state.table
        if self._viewer != KEEPER or not table.roster.dealt:
            return ()
        return tuple(
            Resident(
                seat,
                self._place(seat),
                table.purse.of(seat),
                table.bags.of(seat),
                table.bags.on.get(seat, ()),
            )
            for seat in members(table.roster.alive)
        )

    def _errand(self, errand: tasks.Errand) -> ErrandView:
        table, own = self._state.table, self._state.table.tasks
        role = table.roster.role(self._viewer)
        return ErrandView(
            errand.number,
            tasks.words(
                table.rules.catalogue, role.name if role else "", errand, table.roster.names
            ),
            errand.place,
            errand.item,
            errand.person,
            errand.reward,
            own.is_done(self._viewer, errand.number),
            own.is_paid(self._viewer, errand.number),
        )

    def _rumor(self, rumor: RumorHeard) -> RumorView:
        table = self._state.table
        title = table.rules.book.role(rumor.role).title if rumor.role else ""
        return RumorView(
            rumor.number,
            rumor.day,
            rumors.words(table.rules.catalogue, rumor, table.roster.names, title),
            rumor.category,
            rumor.persons,
            rumor.place,
            rumor.asset,
            rumor.role,
            rumor.giver,
        )

    def _place(self, seat: PlayerId) -> PlaceId:
        table = self._state.table
        if table.phases.phase not in (DAY, EVENING) or not has(table.roster.here, seat):
            return ""
        return table.town.place(seat) if table.phases.phase is DAY else SQUARE
