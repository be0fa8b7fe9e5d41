"""What people look like: something in every slot, worn for the whole of a game.

Several may wear the same, so a look points at a few and proves nothing. Titles stand after *the* in
a rumor. What has a rank is for those with so much reputation; it hides no more than the rest.
"""

from typing import Final

from mafia_district.catalogue.records import Asset

ASSETS: Final = (
    Asset("red_hair", "hair", "red hair"),
    Asset("black_curls", "hair", "black curls"),
    Asset("grey_bun", "hair", "grey bun"),
    Asset("brown_braid", "hair", "brown braid"),
    Asset("blond_fringe", "hair", "blond fringe"),
    Asset("shaven_head", "hair", "shaven head"),
    Asset("silver_mane", "hair", "silver mane", 120),
    Asset("rosy_cheeks", "face", "rosy cheeks"),
    Asset("pale_face", "face", "pale face"),
    Asset("brown_freckles", "face", "brown freckles"),
    Asset("black_moustache", "face", "black moustache"),
    Asset("ginger_beard", "face", "ginger beard"),
    Asset("white_scar", "face", "white scar"),
    Asset("golden_monocle", "face", "golden monocle", 80),
    Asset("blue_coat", "coat", "blue coat"),
    Asset("brown_coat", "coat", "brown coat"),
    Asset("grey_cloak", "coat", "grey cloak"),
    Asset("black_cape", "coat", "black cape"),
    Asset("white_apron", "coat", "white apron"),
    Asset("yellow_raincoat", "coat", "yellow raincoat"),
    Asset("purple_tailcoat", "coat", "purple tailcoat", 100),
    Asset("ermine_mantle", "coat", "white ermine mantle", 200),
    Asset("green_hat", "hat", "green hat"),
    Asset("black_bowler", "hat", "black bowler"),
    Asset("grey_cap", "hat", "grey cap"),
    Asset("red_beret", "hat", "red beret"),
    Asset("straw_hat", "hat", "yellow straw hat"),
    Asset("blue_bonnet", "hat", "blue bonnet"),
    Asset("white_top_hat", "hat", "white top hat", 150),
    Asset("black_boots", "shoes", "black boots"),
    Asset("brown_brogues", "shoes", "brown brogues"),
    Asset("green_wellingtons", "shoes", "green wellingtons"),
    Asset("red_slippers", "shoes", "red slippers"),
    Asset("grey_clogs", "shoes", "grey clogs"),
    Asset("white_plimsolls", "shoes", "white plimsolls"),
    Asset("silver_buckles", "shoes", "silver-buckled shoes", 60),
    Asset("red_scarf", "accessory", "red scarf"),
    Asset("black_umbrella", "accessory", "black umbrella"),
    Asset("brown_satchel", "accessory", "brown satchel"),
    Asset("blue_gloves", "accessory", "blue gloves"),
    Asset("green_brooch", "accessory", "green brooch"),
    Asset("white_lily", "accessory", "white lily"),
    Asset("silver_cane", "accessory", "silver cane", 50),
    Asset("golden_watch", "accessory", "golden watch", 90),
)  # fmt: skip
