"""To recruit: a cult grows by one a night, after the kills.

Who died tonight, and who is of the mafia, cannot be recruited; of two cults on one player the first
seat has them. An action that the recruit has given already stands.
"""

from typing import Final

from mafia_district.night.deed import Dawn, Deed, Place, Verb


def _recruit(deed: Deed, dawn: Dawn) -> None:
    seat, role = deed.target, dawn.cast[deed.target]
    if seat in dawn.deaths or seat in dawn.turned or role is None or role.alignment == "mafia":
        deed.fail("in_vain", seat)
    else:
        dawn.turned[seat] = "cultist"


VERBS: Final = (
    Verb(
        "recruit",
        Place.RECRUIT,
        _recruit,
        did="recruited {target}",
        do="recruit {target}",
    ),
)
