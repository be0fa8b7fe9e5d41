"""The district's own setup: counts for every table, fair between players who play to win."""

from typing import Final

from mafia_district.setups.published import Published

ROWS: Final = (
    Published(
        name="district",
        title="Mafia District",
        summary="Vampires against villagers, with a sheriff, a doctor and somebody who belongs to"
        " nobody where the table is large enough, in a town with places, tasks, a shop and rumors.",
        source="Mafia District",
        draw=None,
        preset="district",
        free=True,
    ),
)
