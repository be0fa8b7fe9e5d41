"""The places of the town.

All are open to everybody, so that any of them may be anybody's task and standing in it proves
nothing. Hours are counted from dawn.
"""

from typing import Final

from mafia_district.catalogue.records import Place

NIGHTFALL: Final = 86_400_000  # closes no earlier than the longest day

PLACES: Final = (
    Place("town_square", "Town Square", "Every day begins here. For some an evening ends here."),
    Place("shop", "Shop", "Sells remedies against everything but your neighbours."),
    Place("informator_bureau", "Informator Bureau", "What people say, by the sentence. No refund."),
    Place("town_hall", "Town Hall", "Every form in triplicate, one of them for the cellar."),
    Place(
        "laboratory", "Laboratory", "Vials, retorts, and a smell that follows you home.",
        capacity=6,
    ),
    Place("docks", "Docks", "Fog, crates, and sailors who saw nothing."),
    Place(
        "casino", "Casino", "The house always wins. It sleeps late, too.",
        capacity=8, opens_ms=20_000, closes_ms=NIGHTFALL,
    ),
    Place("abandoned_warehouse", "Abandoned Warehouse", "Nobody comes here, say all who do."),
    Place(
        "church", "Church", "Cool stone, good locks. It closes before dusk, for a reason.",
        closes_ms=150_000,
    ),
    Place("school", "School", "Chalk dust, long corridors, and a bell that is always early."),
    Place("newspaper_office", "Newspaper Office", "Yesterday's truth, corrected tomorrow."),
    Place("workshop", "Workshop", "What is broken comes here and waits its turn."),
    Place("restaurant", "Restaurant", "Good soup. Some regulars never order the garlic bread."),
    Place("farm", "Farm", "Turnips as far as the eye can see, which in this fog is not far."),
    Place("building_site", "Building Site", "A new wing for something. The plans are lost."),
    Place("law_office", "Law Office", "Wills drawn up at short notice.", capacity=6),
    Place("market", "Market", "Fresh fish, old jokes, loud prices."),
    Place("hospital", "Hospital", "Visiting hours are short, and so is the blood bank."),
    Place("studio", "Studio", "North light, wet paint, unpaid models.", capacity=6),
    Place("bank", "Bank", "Marble outside, promises inside."),
    Place("hunting_lodge", "Hunting Lodge", "Antlers on the wall, and stakes by the door."),
)  # fmt: skip
