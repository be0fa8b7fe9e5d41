"""Setups for a few players, each with a twist of its own."""

from typing import Final

from mafia_district.setups.draws import roles
from mafia_district.setups.published import Published

_WIKI: Final = "https://wiki.mafiascum.net/index.php?title="

ROWS: Final = (
    Published(
        name="vengeful",
        title="Vengeful",
        summary="Five players and no night. A townsperson who is lynched on the first day takes"
        " somebody along. One of the two mafia bears the flag: to lynch them wins the game at"
        " once, to shoot them does not.",
        source=f"{_WIKI}Vengeful_Mafia",
        draw=roles("3 vengeful_townie, 1 flagbearer, 1 mafia_goon"),
        rules={"nightless": True, "flag": "flagbearer", "vengeful_days": 1},
    ),
    Published(
        name="cult_vengeful",
        title="Cult Vengeful",
        summary="Five players, one of them the leader of a cult who may recruit once. Who is"
        " lynched on the first day takes somebody along before that.",
        source=f"{_WIKI}Cult_Vengeful&diff=142088&oldid=95559",
        draw=roles("4 vengeful_townie, 1 one_shot_cult_leader"),
        rules={"vengeful_days": 1, "vengeful_shoots": "night"},
        departs=(
            "Who is recruited and then wins with the cult in the same night has lost all the same."
            " Here the whole cult wins.",
        ),
    ),
    Published(
        name="lovers",
        title="Lovers",
        summary="Six players and no night. The two mafia love each other: the town wins with the"
        " first of them that it lynches.",
        source=f"{_WIKI}Lovers_Mafia",
        draw=roles("4 vanilla_townie, 2 mafia_lover"),
        rules={"nightless": True, "faction_talk": "always"},
        free=True,
    ),
    Published(
        name="true_lovers",
        title="True Lovers",
        summary="Eight players in four pairs who die together, and no night. Each of the two mafia"
        " loves a townsperson.",
        source="https://osu.ppy.sh/community/forums/posts/1132824",
        draw=roles("6 town_lover, 2 mafia_lover"),
        rules={"nightless": True, "faction_talk": "always", "lovers": "pairs"},
        departs=("MafiaScum lets lovers talk with each other in private. Here they may not.",),
    ),
    Published(
        name="dethy",
        title="Dethy",
        summary="Five players: four cops and one mafioso. One cop is always right, one is always"
        " wrong, one always hears guilty and one always innocent. The cops begin, in a night"
        " without a kill.",
        source=f"{_WIKI}Dethy",
        draw=roles(
            "1 town_cop, 1 town_insane_cop, 1 town_paranoid_cop, 1 town_naive_cop, 1 mafia_goon"
        ),
        rules={"first_phase": "night", "quiet_nights": 1, "reveal_on_death": "alignment"},
    ),
)
