"""The numbers of what is for sale: goods and rumors."""

from typing import Final

from marked import Lines, table

from mafia_district.catalogue import Item
from mafia_district.catalogue.records import DAY_EFFECTS
from mafia_district.sayings import APPEARANCE, ERRAND, NAMED, ROLE, WHEREABOUTS
from rulebook.words import DISTRICT, TOWN, count, percent, prose

_SAYS: Final = {
    APPEARANCE: "something that somebody wore who was in a place yesterday",
    WHEREABOUTS: "a player, and a place where they were yesterday",
    ERRAND: "a player, and a place to which an errand of today takes them",
    ROLE: f"{NAMED} players and a role: one of them has it",
}


def goods() -> Lines:
    """List the goods."""
    yield from table(
        ("goods", "kind", "price", "used", "what it does"),
        ((item.title, kind(item), item.price, hour(item), item.text) for item in TOWN.items),
    )


def kind(item: Item) -> str:
    """Name the kind of goods."""
    special = "special" if item.special else ""
    return ", ".join(filter(None, ("ward" if item.ward else "", special))) or "common"


def hour(item: Item) -> str:
    """Say when an item is used."""
    return "by day" if item.effect in DAY_EFFECTS else "for the night"


def stock() -> Lines:
    """Say how many there are of everything, and at what price."""
    wards, common = DISTRICT.living_per_ward, DISTRICT.seats_per_common
    rows = [
        ("ward", f"one of each for every {wards} living players, at least one", "each dawn"),
        ("common", f"one of each for every {common} seats, at least one", "each dawn"),
        (
            "special, also wards",
            "one of each",
            f"the second dawn, then every {DISTRICT.special_every} dawns",
        ),
    ]
    yield from table(("kind", "how many", "comes at"), rows)
    yield from prose(
        f"A sale makes the next one of the same goods {percent(DISTRICT.price_rise)} dearer, "
        "rounded to whole coins; dawn brings the old price back. The price of special goods is "
        "fixed."
    )


def carrying() -> Lines:
    """Say how much one buys and carries."""
    a_day, carried = DISTRICT.purchases_a_day, DISTRICT.carried
    yield from prose(
        f"One may buy {count(a_day, 'item')} a day, and carry {carried}. What is on is not "
        "carried any more."
    )


def masks() -> Lines:
    """Say how long a mask lasts."""
    yield from prose(
        f"A Mask is on for {count(DISTRICT.mask_nights, 'night')}, whether anybody asks or not."
    )


def trades() -> Lines:
    """List the kinds of rumors."""
    yield from table(
        ("kind", "price", "drawn from the facts", "what it says"),
        (
            (f"`{row.category}`", row.price, percent(row.reliability), _SAYS[row.category])
            for row in TOWN.trades
        ),
    )


def role_rumors() -> Lines:
    """Say whom role rumors are about."""
    yield from prose(
        f"A `{ROLE}` rumor names {NAMED} players. The role in it is drawn from those of the "
        "setup, each of an open choice among them, never that of a plain townsperson; with a "
        f"chance of {percent(DISTRICT.rumor_killer)} it is a killer's, where there are both sorts. "
        "Whether anybody still has it, such a rumor does not tell: only one that is drawn from the "
        "facts looks for a holder, and where there is none, nothing is heard."
    )


def garbling() -> Lines:
    """Say how often a rumor is misheard."""
    yield from prose(
        f"Otherwise each handing over has a chance of {percent(DISTRICT.rumor_garbled)} to "
        "*garble* it: one name, or the place, becomes another, drawn without a look at the "
        "facts."
    )
