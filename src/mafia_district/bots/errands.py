"""The day in town: errands and their pay, the bureau, and where to walk next.

One walks to the Shop while orders are still taken, then wherever an errand or the bureau calls, and
nowhere twice. Who is to kill for the mafia walks little: every place that they set foot in may be
found at dawn.
"""

from collections.abc import Callable, Iterator
from typing import Final

from mafia_district.bots import talk
from mafia_district.bots.evidence import alignment
from mafia_district.bots.goods import buy, give, use, wishes
from mafia_district.bots.mind import RUMORS, TASKS, Mind
from mafia_district.bots.nightwork import leads
from mafia_district.ids import NOBODY, PlaceId, PlayerId, members
from mafia_district.machine import Command
from mafia_district.rumors import BUREAU, BuyRumor, ShareRumor
from mafia_district.sayings import ROLE, WHEREABOUTS
from mafia_district.shop import SHOP
from mafia_district.tasks import Complete
from mafia_district.town import SQUARE, Move
from mafia_district.town_view import RumorView, TownView

KILLERS_WALK: Final = 2  # places to which a killer goes in a day
GREETING: Final = 12  # one meeting in so many is worth a word


def by_day(mind: Mind, town: TownView) -> Command | None:
    """Do the next thing of the day; None when there is nothing to do."""
    mind.memory.look(mind.view, town.place, town.here)
    for do in _ALWAYS if mind.memory.idle else _DEEDS:
        if command := do(mind, town):
            return command
    mind.memory.idle += 1
    return None


def _claim(mind: Mind, town: TownView) -> Command | None:
    """Claim the pay of what is done."""
    if TASKS not in mind.uses:
        return None
    for number in mind.choices.town(Complete).get("number", ()):
        return Complete(mind.seat, number)
    return None


def _ask(mind: Mind, town: TownView) -> Command | None:
    """Ask the bureau for a role, and on the day of a trace for who was where."""
    if town.place != BUREAU or RUMORS not in mind.uses:
        return None
    sold = mind.choices.town(BuyRumor).get("category", ())
    wanted = [category for category in (ROLE, WHEREABOUTS) if category in sold]
    return BuyRumor(mind.seat, wanted[0]) if wanted else None


def _share(mind: Mind, town: TownView) -> Command | None:
    """Pass the rumor of a role that one has bought today on to those beside who have not had it."""
    if not any(moved.what == ROLE for moved in town.ledger[-3:]):
        return None
    news = mind.choices.town(ShareRumor).get("number", ())
    for rumor in town.rumors[-2:]:
        bought = rumor.category == ROLE and rumor.giver == NOBODY and rumor.day == mind.view.day
        if bought and rumor.number in news:
            beside = members(town.here & ~(1 << mind.seat))
            return ShareRumor(mind.seat, rumor.number, beside, _twist(mind, rumor))
    return None


def _twist(mind: Mind, rumor: RumorView) -> PlayerId:
    """Choose whom the mafia put in the place of a mate; NOBODY to leave a rumor as it is."""
    if (
        alignment(mind.view.rules.book, rumor.role) != "mafia"
        or not mind.mates >> rumor.persons[0] & 1
    ):
        return NOBODY
    return mind.stranger(sum(1 << seat for seat in rumor.persons))


def _greet(mind: Mind, town: TownView) -> Command | None:
    """Say a friendly word now and then to those whom one meets."""
    met = town.here & ~(1 << mind.seat)
    if not met or met.bit_count() > 3 or town.place == SQUARE or mind.dice.below(GREETING):
        return None
    return mind.say("place", talk.GREETING, mind.view.day, names=met)


def _walk(mind: Mind, town: TownView) -> Command | None:
    """Walk to the next place that calls; one that was full is not tried again."""
    if not town.moves_left or (leads(mind) and len(town.path) >= KILLERS_WALK):
        return None
    shut = {"", town.place, *town.path, *mind.memory.tried}
    for name in _calls(mind, town):
        if name not in shut and _opens(mind, town, name):
            mind.memory.tried.add(name)
            return Move(mind.seat, name)
    return None


def _opens(mind: Mind, town: TownView, name: PlaceId) -> bool:
    """Tell whether a place is for one, and open by now; the Shop's opening is the only clock."""
    rules = mind.view.rules
    place, passed = rules.catalogue.place(name), rules.shop_opens_ms if town.shop_open else 0
    mine = not place.careers or town.careers[mind.seat] in place.careers
    return mine and place.opens_ms <= passed


def _calls(mind: Mind, town: TownView) -> Iterator[PlaceId]:
    """List the places that call, the most urgent first."""
    if wishes(mind, town):
        yield SHOP
    yield from _errands(town)
    if mind.view.day > 1 and town.coins >= _price(mind):
        yield BUREAU


def _errands(town: TownView) -> Iterator[PlaceId]:
    """List where errands call that can be done by going there."""
    for errand in town.errands:
        if not errand.done and (not errand.item or errand.item in town.bag):
            yield errand.place


def _price(mind: Mind) -> int:
    """Give the price of a rumor of a role."""
    return mind.view.rules.catalogue.trade(ROLE).price


_Deed = Callable[[Mind, TownView], Command | None]
_ALWAYS: Final[tuple[_Deed, ...]] = (_claim,)
_DEEDS: Final[tuple[_Deed, ...]] = (_claim, use, buy, _ask, _share, give, _greet, _walk)
