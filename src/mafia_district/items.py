"""Items: what everybody carries, what they have set down or put on, and what that has taught them.

An item comes into a bag from the Shop or as a gift, and leaves it when it is used, for good, also
if nothing comes of it. Its effect may last for some nights: it is then *on*, and can neither be
given nor taken back. The Magnifying glass and the Repair tools are for the day; everything else
works in the coming night and may be set down until that night closes. A ward is gone at dawn,
whether it was needed or not, and nobody wears one two nights running.

Whose bag holds what is its owner's business: so a gift to one whose bag is full is accepted, and
comes back with an event that the giver alone sees. What an item does at night is the resolver's
matter; this page keeps what is on until then, and what each seat has learnt from its items.
"""

from typing import Any, Final

import attrs

from mafia_district.catalogue import Item
from mafia_district.catalogue.records import DAY_EFFECTS, TARGETED
from mafia_district.ids import BITS, NOBODY, Day, ItemId, PlayerId, Seats, has
from mafia_district.machine import (
    Code,
    Command,
    Event,
    Events,
    Fact,
    Machine,
    Refused,
    allowed,
    to_seat,
)
from mafia_district.phases import DAY, PLAYED, require_phase
from mafia_district.roster import PlayerDied, PlayerLeft, require_living, require_target
from mafia_district.rules import Rules
from mafia_district.table import Table
from mafia_district.town import (
    DawnBroke,
    Path,
    beside,
    require_company,
    require_daylight,
    require_town,
)

FROM_SHOP: Final = "shop"  # where a gained item came from
GIFT: Final = "gift"

FOR_GOOD: Final = -1  # nights: on until it is used up
_NIGHTS: Final = {"glass": 0, "vest": FOR_GOOD, "papers": FOR_GOOD, "tools": FOR_GOOD}
_WARD: Final = "ward"


@attrs.frozen
class UseItem(Command):
    """Use an item that one carries, some of them on another player."""

    item: ItemId
    target: PlayerId = NOBODY


@attrs.frozen
class GiveItem(Command):
    """Give an item that one carries to somebody in the same place."""

    item: ItemId
    to: PlayerId


@attrs.frozen
class ItemGained(Event):
    """An item came into a bag: from the shop, or as a gift."""

    seat: PlayerId
    item: ItemId
    source: str


@attrs.frozen
class ItemUsed(Event):
    """An item was used and has left the bag; it is on for so many nights, or `FOR_GOOD`."""

    seat: PlayerId
    item: ItemId
    target: PlayerId
    nights: int = 0


@attrs.frozen
class ItemGiven(Event):
    """An item passed from one bag to another, as the two know; the gain is an event of its own."""

    seat: PlayerId
    to: PlayerId
    item: ItemId


@attrs.frozen
class GiftRefused(Event):
    """The giver keeps the item, for the other's bag is full."""

    seat: PlayerId
    to: PlayerId
    item: ItemId


@attrs.frozen
class ItemWornOut(Event):
    """Something that was on has done all that it could: a vest, tools."""

    seat: PlayerId
    item: ItemId


@attrs.frozen
class PathSeen(Event):
    """Where somebody was yesterday, in order, as the glass shows it."""

    seat: PlayerId
    target: PlayerId
    places: Path


@attrs.frozen
class WardHeld(Event):
    """A ward that tells says at dawn that it has stopped a kill."""

    seat: PlayerId
    item: ItemId


@attrs.frozen
class VisitorsHeard(Event):
    """All who visited somebody last night, in drawn order, as the tap heard them."""

    seat: PlayerId
    target: PlayerId
    visitors: tuple[PlayerId, ...]


@attrs.frozen
class VisitorsCounted(Event):
    """How many visited one last night, as the lantern showed."""

    seat: PlayerId
    count: int


@attrs.frozen
class Worn:
    """An item that is on, and for how many nights more, or `FOR_GOOD`."""

    item: ItemId
    effect: str
    target: PlayerId
    nights: int


@attrs.frozen
class Learnt:
    """What an item told its owner, and on which day."""

    day: Day
    fact: Event


class Bags:
    """What each seat carries, has on and has learnt, as far as it is known here.

    `worn_last` is the mask of those who wore a ward last night and so wear none tonight.
    """

    __slots__ = ("held", "on", "sights", "worn_last")

    def __init__(self, rules: Rules) -> None:
        self.held: dict[PlayerId, tuple[ItemId, ...]] = {}
        self.on: dict[PlayerId, tuple[Worn, ...]] = {}
        self.sights: dict[PlayerId, tuple[Learnt, ...]] = {}
        self.worn_last: Seats = 0

    def fork(self) -> "Bags":
        """Copy the bags; nothing that changes is shared."""
        copy = Bags.__new__(Bags)
        copy.held = self.held.copy()
        copy.on = self.on.copy()
        copy.sights = self.sights.copy()
        copy.worn_last = self.worn_last
        return copy

    def of(self, seat: PlayerId) -> tuple[ItemId, ...]:
        """List what a seat carries, in the order in which it came."""
        return self.held.get(seat, ())

    def wears(self, seat: PlayerId, effect: str) -> tuple[Worn, ...]:
        """List what a seat has on that has an effect."""
        return tuple(worn for worn in self.on.get(seat, ()) if worn.effect == effect)

    def set_down(self, effect: str) -> tuple[tuple[PlayerId, Worn], ...]:
        """List all that is on and has an effect, by seat."""
        return tuple((seat, worn) for seat in sorted(self.on) for worn in self.wears(seat, effect))


def find_item(table: Table, name: ItemId) -> Item:
    """Look an item up in the catalogue; refuses an unknown one with the nearest names."""
    try:
        return table.rules.catalogue.item(name)
    except ValueError as unknown:
        raise Refused(Code.NO_SUCH_ITEM, str(unknown)) from None


def has_room(table: Table, seat: PlayerId) -> bool:
    """Tell whether one more item goes into a seat's bag."""
    return len(table.bags.of(seat)) < table.rules.carried


def require_room(table: Table, seat: PlayerId) -> None:
    """Refuse one whose bag is full."""
    if not has_room(table, seat):
        carried = table.rules.carried
        raise Refused(Code.BAG_FULL, f"one carries at most {carried} items: use or give one first")


def usable(table: Table, seat: PlayerId) -> tuple[ItemId, ...]:
    """List what a seat carries and may use now; on whom, `targets` says."""
    bag = dict.fromkeys(table.bags.of(seat))
    return tuple(name for name in bag if allowed(_require_use, table, seat, find_item(table, name)))


def targets(table: Table, seat: PlayerId, item: Item) -> Seats:
    """Give the mask of those on whom a seat may use an item; 0 for one that is used on nobody."""
    if item.effect not in TARGETED:
        return 0
    if item.effect == "glass":
        return beside(table, seat)
    taken = sum(1 << worn.target for worn in table.bags.wears(seat, item.effect))
    oneself = 0 if item.effect == "tap" else 1 << seat
    return table.roster.here & ~(taken | oneself)


def _use(table: Table, bags: Bags, command: UseItem) -> Events:
    seat, target = command.actor, command.target
    item = find_item(table, command.item)
    _require_use(table, seat, item)
    _require_aim(table, seat, item, target)
    used = ItemUsed(seat, item.id, target, _nights(table.rules, item))
    if item.effect != "glass":
        return (used,)
    return used, PathSeen(seat, target, table.town.yesterday.get(target, ()))


def _require_use(table: Table, seat: PlayerId, item: Item) -> None:
    """Refuse what one does not carry, or may not use at this hour or beside what one has on."""
    require_town(table)
    require_phase(table.phases, *((DAY,) if item.effect in DAY_EFFECTS else PLAYED))
    require_living(table.roster, seat)
    _require_held(table, seat, item)
    if item.effect not in TARGETED and any(w.item == item.id for w in table.bags.on.get(seat, ())):
        raise Refused(Code.ALREADY_DONE, f"you have {item.title} on already")
    if item.effect == _WARD and has(table.bags.worn_last, seat):
        raise Refused(Code.NOT_NOW, "nobody wears a ward two nights running: keep it for tomorrow")


def _require_held(table: Table, seat: PlayerId, item: Item) -> None:
    if item.id not in table.bags.of(seat):
        raise Refused(Code.NOT_YOURS, f"you do not carry {item.title}")


def _require_aim(table: Table, seat: PlayerId, item: Item, target: PlayerId) -> None:
    """Refuse a target that an item does not take."""
    if item.effect not in TARGETED:
        if target != NOBODY:
            raise Refused(Code.BAD_TARGET, f"{item.title} is used on nobody: leave the target out")
        return
    require_target(table.roster, target)
    if item.effect == "glass":
        require_company(table, seat, target)
    elif not has(targets(table, seat, item), target):
        raise Refused(Code.BAD_TARGET, f"{item.title} takes another player than that one")


def _nights(rules: Rules, item: Item) -> int:
    """Say for how many nights an item stays on."""
    return rules.mask_nights if item.effect == "mask" else _NIGHTS.get(item.effect, 1)


def _give(table: Table, bags: Bags, command: GiveItem) -> Events:
    seat, to = command.actor, command.to
    require_daylight(table, seat)
    item = find_item(table, command.item)
    _require_held(table, seat, item)
    require_company(table, seat, to)
    if not has_room(table, to):
        return (GiftRefused(seat, to, item.id),)
    return ItemGiven(seat, to, item.id), ItemGained(to, item.id, GIFT)


def _giver_and_receiver(table: Table, event: ItemGiven) -> Seats:
    """Audience: the two between whom an item passes."""
    return BITS[event.seat] | BITS[event.to]


def _item_gained(table: Table, bags: Bags, event: ItemGained) -> None:
    bags.held[event.seat] = (*bags.of(event.seat), event.item)


def _item_used(table: Table, bags: Bags, event: ItemUsed) -> None:
    seat, name = event.seat, event.item
    _take_out(bags, seat, name)
    if event.nights:
        effect = table.rules.catalogue.item(name).effect
        worn = Worn(name, effect, event.target, event.nights)
        bags.on[seat] = (*bags.on.get(seat, ()), worn)


def _item_given(table: Table, bags: Bags, event: ItemGiven) -> None:
    _take_out(bags, event.seat, event.item)


def _take_out(bags: Bags, seat: PlayerId, item: ItemId) -> None:
    """Take an item out of a bag; who receives a gift does not know the giver's."""
    held = list(bags.of(seat))
    if item in held:
        held.remove(item)
        bags.held[seat] = tuple(held)


def _item_worn_out(table: Table, bags: Bags, event: ItemWornOut) -> None:
    on = bags.on.get(event.seat, ())
    bags.on[event.seat] = tuple(worn for worn in on if worn.item != event.item)


def _learnt(table: Table, bags: Bags, event: Any) -> None:
    known = bags.sights.get(event.seat, ())
    bags.sights[event.seat] = (*known, Learnt(table.phases.day, event))


def _dawn_broke(table: Table, bags: Bags, event: DawnBroke) -> None:
    bags.worn_last = sum(1 << seat for seat in bags.on if bags.wears(seat, _WARD))
    aged = {seat: _a_night_later(on) for seat, on in bags.on.items()}
    bags.on = {seat: on for seat, on in aged.items() if on}


def _a_night_later(on: tuple[Worn, ...]) -> tuple[Worn, ...]:
    """Give what is left of the things that were on for a night."""
    return tuple(
        worn if worn.nights == FOR_GOOD else attrs.evolve(worn, nights=worn.nights - 1)
        for worn in on
        if worn.nights != 1
    )


def _player_died(table: Table, bags: Bags, event: PlayerDied) -> None:
    bags.held.pop(event.seat, None)
    bags.on.pop(event.seat, None)


def _player_left(table: Table, bags: Bags, event: PlayerLeft) -> None:
    """Void what a leaver has set down, as a leaver's night action is."""
    bags.on.pop(event.seat, None)


MACHINE = Machine(
    name="items",
    begin=Bags,
    commands={UseItem: _use, GiveItem: _give},
    events={
        ItemGained: Fact(to_seat, _item_gained),
        ItemUsed: Fact(to_seat, _item_used),
        ItemGiven: Fact(_giver_and_receiver, _item_given),
        GiftRefused: Fact(to_seat, _learnt),
        ItemWornOut: Fact(to_seat, _item_worn_out),
        PathSeen: Fact(to_seat, _learnt),
        WardHeld: Fact(to_seat, _learnt),
        VisitorsHeard: Fact(to_seat, _learnt),
        VisitorsCounted: Fact(to_seat, _learnt),
    },
    hears={
        DawnBroke: _dawn_broke,
        PlayerDied: _player_died,
        PlayerLeft: _player_left,
    },
)
