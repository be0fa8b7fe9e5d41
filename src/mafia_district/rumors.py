"""Rumors: what the Informator Bureau sells, how true it is, and how it spreads.

A rumor is bought by day at the bureau, of each kind one a day, and is about other living players:
how somebody looked who was somewhere yesterday (appearance), who was where yesterday (whereabouts),
whose errand leads where today (task), or that one of three is a certain role (role: one a day for
the whole town). Nobody is sold what they know, and where there is nothing to sell, nothing is
charged. Some paid errands leave a rumor behind: somebody beside their owner hears it for nothing.

Every rumor has a truth that the keeper alone knows. By its kind's reliability a lot says whether it
is drawn from what is true or *blind* (see `sayings`); one that happens to be true counts as true.

Rumors are passed on to who stands in the same place, once to each. The giver may *twist* one: the
copy names somebody else, a lot says in whose stead, and counts as false. Else a lot may *garble*
it, and a name or the place is another, drawn blind. Who receives it reads from whom it came, and
nothing of all that; the giver does not learn whether it was news. A rumor of whose persons nobody
lives is not passed on.
"""

from collections.abc import Mapping
from typing import TypeAlias

import attrs

from mafia_district.catalogue import Catalogue, Trade
from mafia_district.catalogue.records import BUREAU as BUREAU
from mafia_district.ids import KEEPER_ONLY, NOBODY, Day, PlaceId, PlayerId, Seats, has, members
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
from mafia_district.purse import RUMOR, CoinsMoved, require_coins
from mafia_district.rules import Rules
from mafia_district.sayings import (
    ERRAND,
    ROLE,
    Facts,
    Request,
    Saying,
    draw,
    garbled,
    is_true,
    lives,
    renamed,
)
from mafia_district.table import Table
from mafia_district.tasks import ErrandDone, ErrandPaid, TasksDealt
from mafia_district.town import (
    SQUARE,
    DawnBroke,
    Walked,
    beside,
    require_company,
    require_daylight,
    require_in,
)

Origin: TypeAlias = tuple[PlayerId, int]  # a seat, and its number of a rumor


@attrs.frozen
class BuyRumor(Command):
    """Buy a rumor of a kind at the bureau."""

    category: str


@attrs.frozen
class ShareRumor(Command):
    """Pass a rumor on to some in the same place, or a twisted copy that names somebody else."""

    number: int
    to: tuple[PlayerId, ...]
    twist: PlayerId = NOBODY


@attrs.frozen
class RumorHeard(Event):
    """A rumor as a seat heard it, its own `number` of them counted from 1.

    What it says is as of its `day`, also if it is passed on later. `giver` is from whom it came,
    who let it slip included, and NOBODY for the bureau.
    """

    seat: PlayerId
    number: int
    category: str
    template: str
    persons: tuple[PlayerId, ...]
    place: PlaceId
    asset: str
    role: str
    giver: PlayerId
    day: Day

    @property
    def said(self) -> Saying:
        """What it says, apart from its words and its way."""
        day = 0 if self.category == ROLE else self.day
        return Saying(self.category, self.persons, self.place, self.asset, self.role, day)


@attrs.frozen
class RumorRecorded(Event):
    """What the keeper knows of a rumor that was heard: if it is true, and what became of it.

    `origin` says of which rumor it is a copy, None for one that was not passed on.
    """

    seat: PlayerId
    number: int
    true: bool
    origin: Origin | None = None
    twisted: bool = False
    garbled: bool = False


@attrs.frozen
class NothingHeard(Event):
    """The bureau had no rumor of a kind for somebody; nothing was charged."""

    seat: PlayerId
    category: str


@attrs.frozen
class RumorShared(Event):
    """Somebody passed a rumor on, with another's name in it if `twist` is one."""

    seat: PlayerId
    number: int
    to: tuple[PlayerId, ...]
    twist: PlayerId


class Rumors:
    """Who has heard, asked for and passed on what, as far as it is known here.

    `records`, by seat in the order of its rumors, and `role_sold`, whether the town's role rumor of
    today is gone, are the keeper's to know; `facts` are what true rumors are made of.
    """

    __slots__ = ("asked", "facts", "held", "records", "role_sold", "shared")

    def __init__(self, rules: Rules) -> None:
        self.held: dict[PlayerId, tuple[RumorHeard, ...]] = {}
        self.shared: dict[PlayerId, tuple[RumorShared, ...]] = {}
        self.asked: dict[PlayerId, tuple[str, ...]] = {}
        self.records: dict[PlayerId, tuple[RumorRecorded, ...]] = {}
        self.role_sold = False
        self.facts = Facts(rules)

    def fork(self) -> "Rumors":
        """Copy the rumors; nothing that changes is shared."""
        copy = Rumors.__new__(Rumors)
        copy.held, copy.shared = self.held.copy(), self.shared.copy()
        copy.asked, copy.records = self.asked.copy(), self.records.copy()
        copy.role_sold = self.role_sold
        copy.facts = self.facts.fork()
        return copy

    def of(self, seat: PlayerId) -> tuple[RumorHeard, ...]:
        """List what a seat has heard, oldest first."""
        return self.held.get(seat, ())

    def known(self, seat: PlayerId) -> frozenset[Saying]:
        """Give all that the rumors say that a seat has heard."""
        return frozenset([rumor.said for rumor in self.of(seat)])

    def told(self, seat: PlayerId, number: int) -> Seats:
        """Give the mask of those to whom a seat has passed one of its rumors on."""
        tellings = (shared.to for shared in self.shared.get(seat, ()) if shared.number == number)
        return sum(1 << other for to in tellings for other in to)


def words(
    catalogue: Catalogue, rumor: RumorHeard, names: Mapping[PlayerId, str], role_title: str = ""
) -> str:
    """Tell a rumor as it was told on its day; names are by seat."""
    text = next(row.text for row in catalogue.rumors if row.id == rumor.template)
    persons = [names[seat] for seat in rumor.persons]
    return text.format(
        person=persons[0] if persons else "",
        persons=", ".join(persons),
        place=catalogue.place(rumor.place).title if rumor.place else "",
        asset=catalogue.asset(rumor.asset).title if rumor.asset else "",
        role=role_title,
    )


def on_sale(table: Table, rumors: Rumors, seat: PlayerId) -> tuple[str, ...]:
    """List the kinds of rumors that a seat may ask for now; there may be none to be had."""
    trades = table.rules.catalogue.trades
    return tuple(t.category for t in trades if allowed(_require_buyer, table, rumors, seat, t))


def shareable(table: Table, rumors: Rumors, seat: PlayerId) -> dict[str, tuple[int, ...]]:
    """Say which rumors (`number`) a seat may pass on and `to` whom; empty if there is nothing.

    Each number has somebody here who has not had it, and each of those here some number.
    """
    company = beside(table, seat)
    left = {
        rumor.number: company & ~rumors.told(seat, rumor.number)
        for rumor in rumors.of(seat)
        if company and lives(table, rumor.said)
    }
    numbers = tuple(number for number, seats in left.items() if seats)
    to = tuple(o for o in members(company) if any(has(seats, o) for seats in left.values()))
    return {"number": numbers, "to": to} if to else {}


def leak(table: Table, rumors: Rumors, event: ErrandPaid) -> Events:
    """Let somebody beside who was just paid hear of an errand that leaks; a reaction.

    A lot decides who, among those to whom it is news. It tells where the errand was done.
    """
    seat, day = event.seat, table.phases.day
    errand, place = table.tasks.find(seat, event.number), table.tasks.spot(seat, event.number)
    leaks = errand is not None and table.rules.catalogue.task(errand.task).leaks
    if not leaks or place == SQUARE:
        return ()
    said = Saying(ERRAND, (seat,), place, day=day)
    ears = [other for other in members(beside(table, seat)) if said not in rumors.known(other)]
    if not ears:
        return ()
    hearer = ears[table.lot(f"leak {event.number} {seat}", day) % len(ears)]
    return _first_told(table, rumors, hearer, said, giver=seat)


def _buy(table: Table, rumors: Rumors, command: BuyRumor) -> Events:
    seat, trade = command.actor, _trade(table, command.category)
    _require_buyer(table, rumors, seat, trade)
    said = _found(table, rumors, seat, trade)
    if said is None:
        return (NothingHeard(seat, trade.category),)
    paid = CoinsMoved(seat, -trade.price, RUMOR, trade.category)
    return *_first_told(table, rumors, seat, said, giver=NOBODY), paid


def _trade(table: Table, category: str) -> Trade:
    try:
        return table.rules.catalogue.trade(category)
    except ValueError as unknown:
        raise Refused(Code.NO_SUCH_RUMOR, str(unknown)) from None


def _require_buyer(table: Table, rumors: Rumors, seat: PlayerId, trade: Trade) -> None:
    """Refuse all but the living at the bureau by day who may ask for this kind and can pay it."""
    require_daylight(table, seat)
    require_in(table, seat, BUREAU)
    if table.phases.day < 2 and trade.category != ERRAND:
        raise Refused(Code.NOT_NOW, f"rumors of the kind {trade.category} are sold from day 2")
    if trade.category in rumors.asked.get(seat, ()):
        raise Refused(Code.ONE_A_DAY, "you have asked for that kind today: ask again tomorrow")
    require_coins(table, seat, trade.price)


def _found(table: Table, rumors: Rumors, seat: PlayerId, trade: Trade) -> Saying | None:
    """Draw what the bureau has for a buyer; one lot a day and kind says if it is true, and what."""
    if trade.category == ROLE and rumors.role_sold:
        return None
    drawn, lot = divmod(table.lot(f"rumor {trade.category} {seat}", table.phases.day), 1_000)
    honest = lot < trade.reliability
    request = Request(seat, trade.category, honest, rumors.known(seat))
    return draw(table, rumors.facts, request, drawn)


def _first_told(
    table: Table, rumors: Rumors, seat: PlayerId, said: Saying, *, giver: PlayerId
) -> Events:
    """Tell a rumor that nobody has told before, in words that are drawn."""
    number = len(rumors.of(seat)) + 1
    texts = [row.id for row in table.rules.catalogue.rumors if row.category == said.category]
    text = texts[table.lot(f"rumor words {seat}", number) % len(texts)]
    true = is_true(table, rumors.facts, said)
    heard = _heard(seat, number, said, text, giver, table.phases.day)
    return heard, RumorRecorded(seat, number, true)


def _heard(
    seat: PlayerId, number: int, said: Saying, template: str, giver: PlayerId, day: Day
) -> RumorHeard:
    category, persons, place, asset, role, _ = said
    return RumorHeard(seat, number, category, template, persons, place, asset, role, giver, day)


def _share(table: Table, rumors: Rumors, command: ShareRumor) -> Events:
    """Pass a rumor on; who has had it from this seat adds nothing."""
    seat, twist = command.actor, command.twist
    require_daylight(table, seat)
    rumor = _require_rumor(table, rumors, seat, command.number)
    _require_receivers(table, seat, command.to)
    _require_twist(table, rumor, twist)
    told = rumors.told(seat, rumor.number)
    to = tuple(other for other in command.to if not has(told, other))
    if not to:
        return ()
    copies = [event for other in to for event in _copy(table, rumors, rumor, other, twist)]
    return RumorShared(seat, rumor.number, to, twist), *copies


def _require_rumor(table: Table, rumors: Rumors, seat: PlayerId, number: int) -> RumorHeard:
    """Look up a rumor that a seat may pass on; refuses one that it has not, or a dead one."""
    held = rumors.of(seat)
    if not 0 < number <= len(held):
        raise Refused(Code.NO_SUCH_RUMOR, f"you have heard no rumor {number}")
    if not lives(table, held[number - 1].said):
        raise Refused(Code.NOT_NOW, "nobody of whom that rumor speaks lives: keep it to yourself")
    return held[number - 1]


def _require_receivers(table: Table, seat: PlayerId, to: tuple[PlayerId, ...]) -> None:
    """Refuse all but some who are in the same place, each named once."""
    if not to or len(set(to)) < len(to):
        raise Refused(Code.BAD_TARGET, "name those who shall hear it, each of them once")
    for other in to:
        require_company(table, seat, other)


def _require_twist(table: Table, rumor: RumorHeard, twist: PlayerId) -> None:
    """Refuse a name that cannot be put into a rumor."""
    if twist == NOBODY:
        return
    if not rumor.persons:
        raise Refused(Code.BAD_TARGET, "that rumor names nobody, so no name can be put into it")
    if twist in rumor.persons or not has(table.roster.here, twist):
        raise Refused(Code.BAD_TARGET, "put in a living player whom the rumor does not name yet")


def _copy(table: Table, rumors: Rumors, rumor: RumorHeard, to: PlayerId, twist: PlayerId) -> Events:
    """Hand a rumor over: twisted, garbled or as it is; nothing is heard by who knows it already."""
    twisted = twist != NOBODY
    said = _twisted(table, rumor, to, twist) if twisted else _retold(table, rumors, rumor, to)
    if said in rumors.known(to):
        return ()
    changed = not twisted and said != rumor.said
    true = is_true(table, rumors.facts, said) if changed else _record(rumors, rumor).true
    number, origin = len(rumors.of(to)) + 1, (rumor.seat, rumor.number)
    return (
        _heard(to, number, said, rumor.template, rumor.seat, rumor.day),
        RumorRecorded(to, number, true and not twisted, origin, twisted, changed),
    )


def _twisted(table: Table, rumor: RumorHeard, to: PlayerId, twist: PlayerId) -> Saying:
    """Put a name in the place of one that a lot picks."""
    drawn = table.lot(f"rumor twisted {to} from {rumor.seat}", rumor.number)
    return renamed(rumor.said, drawn % len(rumor.persons), twist)


def _retold(table: Table, rumors: Rumors, rumor: RumorHeard, to: PlayerId) -> Saying:
    """Give what the receiver understands: mostly what was said.

    The lot is the receiver's, and never drawn twice, for a rumor goes from one to another once.
    """
    stream = f"rumor garbled {to} from {rumor.seat}"
    drawn, lot = divmod(table.lot(stream, rumor.number), 1_000)
    if lot >= table.rules.rumor_garbled:
        return rumor.said
    return garbled(table, rumors.facts, rumor.said, to, drawn)


def _record(rumors: Rumors, rumor: RumorHeard) -> RumorRecorded:
    return rumors.records[rumor.seat][rumor.number - 1]


def _rumor_heard(table: Table, rumors: Rumors, event: RumorHeard) -> None:
    rumors.held[event.seat] = (*rumors.of(event.seat), event)
    if event.giver == NOBODY:
        _asked(table, rumors, event)
        rumors.role_sold |= event.category == ROLE


def _asked(table: Table, rumors: Rumors, event: RumorHeard | NothingHeard) -> None:
    asked = rumors.asked.get(event.seat, ())
    rumors.asked[event.seat] = (*asked, event.category)


def _rumor_recorded(table: Table, rumors: Rumors, event: RumorRecorded) -> None:
    rumors.records[event.seat] = (*rumors.records.get(event.seat, ()), event)


def _rumor_shared(table: Table, rumors: Rumors, event: RumorShared) -> None:
    rumors.shared[event.seat] = (*rumors.shared.get(event.seat, ()), event)


def _walked(table: Table, rumors: Rumors, event: Walked) -> None:
    rumors.facts.note(rumors.facts.been, table.phases.day, event.seat, event.place)


def _tasks_dealt(table: Table, rumors: Rumors, event: TasksDealt) -> None:
    facts = rumors.facts
    for errand in event.errands:
        facts.note(facts.wanted, event.day, event.seat, errand.place)


def _errand_done(table: Table, rumors: Rumors, event: ErrandDone) -> None:
    """Note where an errand has led that named no place."""
    rumors.facts.note(rumors.facts.wanted, table.phases.day, event.seat, event.place)


def _dawn_broke(table: Table, rumors: Rumors, event: DawnBroke) -> None:
    rumors.asked = {}
    rumors.role_sold = False


MACHINE = Machine(
    name="rumors",
    begin=Rumors,
    commands={BuyRumor: _buy, ShareRumor: _share},
    events={
        RumorHeard: Fact(to_seat, _rumor_heard),
        RumorRecorded: Fact(KEEPER_ONLY, _rumor_recorded),
        NothingHeard: Fact(to_seat, _asked),
        RumorShared: Fact(to_seat, _rumor_shared),
    },
    hears={
        Walked: _walked,
        TasksDealt: _tasks_dealt,
        ErrandDone: _errand_done,
        DawnBroke: _dawn_broke,
    },
)
