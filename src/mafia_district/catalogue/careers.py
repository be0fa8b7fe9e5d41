"""The careers: what everybody does for a living, known to all and unrelated to any role."""

from typing import Final

from mafia_district.catalogue.records import Career

CAREERS: Final = (
    Career("teacher", "Teacher", "school", "Explains things twice and is heard the third time."),
    Career("journalist", "Journalist", "newspaper_office", "Asks everybody, quotes nobody."),
    Career("engineer", "Engineer", "workshop", "Can mend anything but a reputation."),
    Career("chef", "Chef", "restaurant", "Knows what everybody eats, and who never does."),
    Career("farmer", "Farmer", "farm", "Up before the sun, which is a good alibi."),
    Career("builder", "Builder", "building_site", "Builds walls, and hears what is said behind."),
    Career("lawyer", "Lawyer", "law_office", "Would defend you, if you could afford to be guilty."),
    Career("merchant", "Merchant", "market", "Buys low, sells loud."),
    Career("nurse", "Nurse", "hospital", "Gentle hands, and a list of who is short of blood."),
    Career("artist", "Artist", "studio", "Paints the neighbours as they are. Few say thanks."),
    Career("banker", "Banker", "bank", "Counts other people's money, twice when asked."),
    Career("hunter", "Hunter", "hunting_lodge", "Follows tracks. Asks them no questions."),
)  # fmt: skip
