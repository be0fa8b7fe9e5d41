"""The goods of the Shop.

A *ward* works in one night and is gone at dawn. A kill has a method, and a ward says which methods
it stops: that is the whole of "garlic against vampires, water against arsonists".
"""

from typing import Final

from mafia_district.catalogue.records import METHODS, Item

ITEMS: Final = (
    Item(
        id="garlic", title="Garlic", price=60, effect="ward", methods=("bite",),
        text="Hung over the bed, it stops one bite tonight.",
    ),
    Item(
        id="water", title="Water", price=40, effect="ward", methods=("fire",),
        text="Poured over everything, it stops fire tonight and washes off what may be on you.",
    ),
    Item(
        id="cross", title="Cross", price=90, effect="ward", special=True,
        methods=("bite",), tells=True,
        text="Held all night, it stops one bite and tells you at dawn that it did.",
    ),
    Item(
        id="holy_water", title="Holy water", price=50, effect="ward", special=True,
        methods=METHODS, chance=500,
        text="Half the time it stops one kill of any kind tonight.",
    ),
    Item(
        id="vest", title="Bulletproof vest", price=150, effect="vest", special=True,
        methods=("shot", "blade"),
        text="Worn until it has stopped one shot or blade; where nobody has those, one bite.",
    ),
    Item(
        id="mask", title="Mask", price=100, effect="mask", special=True,
        text="For two nights, whoever asks whether you are town hears that you are.",
    ),
    Item(
        id="papers", title="False papers", price=150, effect="papers", special=True,
        text="For as long as you live, whoever reads your role reads an ordinary one.",
    ),
    Item(
        id="glass", title="Magnifying glass", price=60, effect="glass",
        text="By day, on somebody beside you: where they were yesterday, in order.",
    ),
    Item(
        id="tap", title="Wire tap", price=120, effect="tap", special=True,
        text="In the coming night it hears the names of all who visit the player you choose.",
    ),
    Item(
        id="tools", title="Repair tools", price=20, effect="tools",
        text="They make your next career task worth 30 coins more.",
    ),
    Item(
        id="handcuffs", title="Handcuffs", price=120, effect="cuffs", special=True,
        text="Tonight the role of the player you choose does nothing.",
    ),
    Item(
        id="lantern", title="Lantern", price=60, effect="lantern",
        text="Lit at home for one night, it shows at dawn how many visited you.",
    ),
)  # fmt: skip
