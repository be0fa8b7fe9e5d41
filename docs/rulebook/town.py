"""The numbers of the town: places and hours, coins, careers and errands, looks."""

from collections import Counter
from collections.abc import Iterable
from statistics import fmean
from typing import Final

from marked import Lines, table

from mafia_district.catalogue import Asset, Place, Task
from mafia_district.catalogue.records import SLOTS
from mafia_district.purse import AT_START, BOUGHT, DIED, RUMOR, TASK
from mafia_district.tasks import POOL
from rulebook.words import DISTRICT, TOWN, count, prose, seconds

OVERHEARD: Final = "†"  # marks an errand that leaves a rumor behind


def places() -> Lines:
    """List the places."""
    at_work = {career.place: career.title for career in TOWN.careers}
    yield from table(
        ("place", "open", "room for", "whose workplace"),
        (
            (place.title, hours(place), place.capacity or "all", at_work.get(place.id, ""))
            for place in TOWN.places
        ),
    )


def hours(place: Place) -> str:
    """Write a place's hours."""
    if not place.closes_ms:
        return "all day"
    opens = f"from {seconds(place.opens_ms)}" if place.opens_ms else ""
    closes = f"until {seconds(place.closes_ms)}" if place.closes_ms < DISTRICT.day_ms else ""
    return " ".join(part for part in (opens, closes) if part)


def daytime() -> Lines:
    """List what is due in a day of ordinary length, from dawn to dusk."""
    day = DISTRICT.day_ms
    doors = [
        (at, f"the {place.title} {verb}")
        for place in TOWN.places
        for at, verb in ((place.opens_ms, "opens"), (place.closes_ms, "closes"))
        if 0 < at < day
    ]
    counter = (DISTRICT.shop_opens_ms, "the counter of the Shop opens, and orders are filled")
    rows = sorted([(0, "dawn"), counter, *doors, (day, "dusk")])
    yield from table(("after dawn", "what happens"), ((seconds(at), what) for at, what in rows))


def moves() -> Lines:
    """Say how far one walks."""
    yield from prose(f"One may walk {count(DISTRICT.moves_a_day, 'time')} a day.")


def ledger() -> Lines:
    """List for what coins change hands."""
    pay = [task.reward for task in TOWN.tasks]
    goods = [item.price for item in TOWN.items]
    asked = [trade.price for trade in TOWN.trades]
    yield from table(
        ("reason", "coins", "when"),
        (
            (f"`{AT_START}`", f"+{DISTRICT.start_coins}", "the roles are dealt"),
            (f"`{TASK}`", f"+{min(pay)} to +{max(pay)}", "an errand is claimed"),
            (f"`{BOUGHT}`", f"-{min(goods)} to -{max(goods)}, or more", "the Shop sells"),
            (f"`{RUMOR}`", f"-{min(asked)} to -{max(asked)}", "the bureau has a rumor"),
            (f"`{DIED}`", "all that is left", "their owner dies"),
        ),
    )


def careers() -> Lines:
    """List the careers with their errands."""
    yield from table(
        ("career", "workplace", "errands, and what each pays"),
        (
            (career.title, TOWN.place(career.place).title, errands(TOWN.deck(career.id)))
            for career in TOWN.careers
        ),
    )


def pool() -> Lines:
    """List the errands of the pool by kind."""
    kinds = {"visit": "go there", "meet": "meet them", "use": "use it"}
    dealt = [task for task in TOWN.tasks if task.career == POOL]
    yield from table(
        ("kind", "errands, and what each pays"),
        (
            (words, errands(task for task in dealt if task.kind == kind))
            for kind, words in kinds.items()
        ),
    )


def errands(tasks: Iterable[Task]) -> str:
    """Write errands in a line; the same one is written once."""
    alike = Counter(map(errand, tasks))
    return ", ".join(
        what if times == 1 else f"{what} ({times} errands)" for what, times in alike.items()
    )


def errand(task: Task) -> str:
    """Write an errand and its pay."""
    what = "somebody"
    if task.item:
        what = TOWN.item(task.item).title
    elif task.place:
        what = TOWN.place(task.place).title
    return f"{what} {task.reward}" + (OVERHEARD if task.leaks else "")


def wages() -> Lines:
    """Say what errands pay on the average."""
    own = fmean(task.reward for task in TOWN.tasks if task.career)
    common = fmean(task.reward for task in TOWN.tasks if not task.career)
    yield from prose(
        f"An errand of the career pays {own:.0f} coins on average, one of the pool {common:.0f}. "
        f"Repair tools add {DISTRICT.tools_bonus} to the next one of the career."
    )


def looks() -> Lines:
    """List what one may wear."""
    yield from table(
        ("slot", "to choose from"),
        (
            (slot, ", ".join(look(worn) for worn in TOWN.assets if worn.slot == slot))
            for slot in SLOTS
        ),
    )


def look(asset: Asset) -> str:
    """Name something to wear, with its rank if it has one."""
    return f"{asset.title} ({asset.rank})" if asset.rank else asset.title
