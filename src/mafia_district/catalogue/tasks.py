"""The daily tasks: three of every career, and the pool that is dealt to all alike.

Rewards grow with the trouble: one's own workplace is near and pays least, another place more, to
meet somebody takes two, and to use goods costs their price. The mean is near 37 coins.
"""

from typing import Final

from mafia_district.catalogue.pool import POOL
from mafia_district.catalogue.records import Task

CAREER_TASKS: Final = (
    Task(
        "teach_class", "visit", 25, career="teacher", place="school",
        text="Teach the morning class at the {place}.",
    ),
    Task(
        "teach_trip", "visit", 35, career="teacher", place="farm",
        text="Lead the class on a trip to the {place} and count them twice.",
    ),
    Task(
        "teach_parent", "meet", 45, career="teacher", leaks=True,
        text="Have a word with {person} about a report card.",
    ),
    Task(
        "press_desk", "visit", 25, career="journalist", place="newspaper_office",
        text="Deliver a column to the {place}. The wastepaper basket is full.",
    ),
    Task(
        "press_council", "visit", 35, career="journalist", place="town_hall", leaks=True,
        text="Sit through the council's questions at the {place}.",
    ),
    Task(
        "press_interview", "meet", 45, career="journalist",
        text="Interview {person}. Ask nicely first.",
    ),
    Task(
        "engine_bench", "visit", 25, career="engineer", place="workshop",
        text="Clear the bench at the {place} of three half-mended clocks.",
    ),
    Task(
        "engine_crane", "visit", 35, career="engineer", place="docks",
        text="Stop the crane at the {place} from humming.",
    ),
    Task(
        "engine_repair", "use", 45, career="engineer", item="tools",
        text="Mend the town's pump. It takes a set: {item}.",
    ),
    Task(
        "cook_soup", "visit", 25, career="chef", place="restaurant",
        text="Put the soup on at the {place}.",
    ),
    Task(
        "cook_fish", "visit", 35, career="chef", place="market",
        text="Pick the day's fish at the {place} before the cats do.",
    ),
    Task(
        "cook_guest", "meet", 40, career="chef", leaks=True,
        text="Find out from {person} what was wrong with the dumplings.",
    ),
    Task(
        "farm_rows", "visit", 25, career="farmer", place="farm",
        text="Hoe a row of turnips at the {place}.",
    ),
    Task(
        "farm_delivery", "visit", 30, career="farmer", place="restaurant",
        text="Bring a sack of potatoes to the {place}.",
    ),
    Task(
        "farm_neighbour", "meet", 40, career="farmer",
        text="Ask {person} whose goat that was.",
    ),
    Task(
        "build_wall", "visit", 25, career="builder", place="building_site",
        text="Lay a course of bricks at the {place}.",
    ),
    Task(
        "build_roof", "visit", 35, career="builder", place="abandoned_warehouse", leaks=True,
        text="See how much rain comes through the roof of the {place}.",
    ),
    Task(
        "build_scaffold", "use", 45, career="builder", item="tools",
        text="Tighten every bolt of the scaffold. It takes a set: {item}.",
    ),
    Task(
        "law_brief", "visit", 25, career="lawyer", place="law_office",
        text="File a brief at the {place}, between the other briefs.",
    ),
    Task(
        "law_deeds", "visit", 35, career="lawyer", place="town_hall",
        text="Copy a deed at the {place} without smudging the seal.",
    ),
    Task(
        "law_witness", "meet", 45, career="lawyer", leaks=True,
        text="Take the statement of {person}, who saw nothing, in detail.",
    ),
    Task(
        "trade_stall", "visit", 25, career="merchant", place="market",
        text="Set up the stall at the {place}.",
    ),
    Task(
        "trade_cargo", "visit", 35, career="merchant", place="docks", leaks=True,
        text="Count your crates at the {place}. Count them again.",
    ),
    Task(
        "trade_customer", "meet", 40, career="merchant",
        text="Sell {person} something nobody needs.",
    ),
    Task(
        "nurse_round", "visit", 25, career="nurse", place="hospital",
        text="Do the round of the wards at the {place}.",
    ),
    Task(
        "nurse_tincture", "visit", 35, career="nurse", place="laboratory",
        text="Pick up a tincture at the {place}. Do not shake it.",
    ),
    Task(
        "nurse_patient", "meet", 45, career="nurse", leaks=True,
        text="Take the pulse of {person}, if there is one.",
    ),
    Task(
        "art_canvas", "visit", 25, career="artist", place="studio",
        text="Put a second coat on the sky at the {place}.",
    ),
    Task(
        "art_fresco", "visit", 35, career="artist", place="church",
        text="Touch up a saint at the {place}. The nose, mostly.",
    ),
    Task(
        "art_night_piece", "use", 60, career="artist", item="lantern",
        text="Try out light for a night piece. It takes one: {item}.",
    ),
    Task(
        "bank_books", "visit", 25, career="banker", place="bank",
        text="Balance the books at the {place}.",
    ),
    Task(
        "bank_debt", "visit", 35, career="banker", place="casino", leaks=True,
        text="Remind the {place} of a small debt.",
    ),
    Task(
        "bank_signature", "use", 60, career="banker", item="glass",
        text="Check a doubtful signature line by line. It takes one: {item}.",
    ),
    Task(
        "hunt_traps", "visit", 25, career="hunter", place="hunting_lodge",
        text="Oil the traps at the {place}.",
    ),
    Task(
        "hunt_rats", "visit", 35, career="hunter", place="abandoned_warehouse",
        text="Look after the rats at the {place}. They are large.",
    ),
    Task(
        "hunt_tracks", "meet", 45, career="hunter", leaks=True,
        text="Compare boot prints with {person}. Say it is for sport.",
    ),
)  # fmt: skip

TASKS: Final = (*CAREER_TASKS, *POOL)
