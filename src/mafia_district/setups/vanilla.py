"""Setups without powers: what differs is who kills, and when the game is won."""

from typing import Final

from mafia_district.setups.draws import roles
from mafia_district.setups.published import Published

_WIKI: Final = "https://wiki.mafiascum.net/index.php?title="

ROWS: Final = (
    Published(
        name="mountainous",
        title="Mountainous",
        summary="Nobody has a power. The mafia kill at night, the town has its vote.",
        source=f"{_WIKI}Mountainous&diff=75714&oldid=57759",
        draw=roles("11 vanilla_townie, 2 mafia_goon"),
        free=True,
    ),
    Published(
        name="white_flag",
        title="White Flag",
        summary="Nobody has a power, and the last of the mafia gives up: the town wins as soon as a"
        " single one is left. So the last two cannot give each other away.",
        source=f"{_WIKI}White_Flag_(Open_Setup)",
        draw=roles("10 vanilla_townie, 3 mafia_goon"),
        rules={"white_flag": True},
        free=True,
    ),
    Published(
        name="red_flag",
        title="Red Flag",
        summary="Nobody has a power, and there are many mafia; but the town wins with the second of"
        " them that it lynches, or when all of them are dead. A mafioso who is about to be lynched"
        " may be better killed by their own.",
        source=f"{_WIKI}Red_Flag&diff=prev&oldid=131847",
        draw=roles("8 vanilla_townie, 5 mafia_goon"),
        rules={"lynches_to_win": 2, "faction_talk": "always"},
        free=True,
    ),
    Published(
        name="nightless",
        title="Nightless",
        summary="Nobody has a power, and there is no night: only the vote kills. The mafia may talk"
        " all the time.",
        source=f"{_WIKI}Vanilla_Nightless",
        draw=roles("8 vanilla_townie, 4 mafia_goon"),
        rules={"nightless": True, "faction_talk": "always"},
        free=True,
    ),
    Published(
        name="semi_nightless",
        title="Semi-Nightless",
        summary="Nobody has a power, and the mafia do not kill in the first two nights.",
        source=f"{_WIKI}Semi-Nightless&diff=prev&oldid=132040",
        draw=roles("9 vanilla_townie, 2 mafia_goon"),
        rules={"quiet_nights": 2},
    ),
    Published(
        name="jester_nightless",
        title="Jester Nightless",
        summary="There is no night, and a jester among the players: whoever lynches them has lost,"
        " for the jester alone wins then, and the game is over.",
        source="https://wiki.mafiascum-staging.net/index.php?diff=next&oldid=143636"
        "&title=Jester_Nightless",
        draw=roles("6 vanilla_townie, 2 mafia_goon, 1 jester"),
        rules={"nightless": True, "faction_talk": "always", "jester_ends_game": True},
        unknown=(
            "Older versions of the page list five townies, which makes eight, and say that there"
            " are nine players. The roles are those of the newest version.",
        ),
        departs=(
            "A jester who has not been lynched on the first three days leaves the game on the"
            " fourth, and has lost. Here they stay.",
        ),
    ),
    Published(
        name="multiball",
        title="Vanilla Multiball",
        summary="Two mafias and no powers: each has to be rid of the other as well as of the town.",
        source=f"{_WIKI}Mountainous&diff=75714&oldid=57759",
        draw=roles("8 vanilla_townie, 2 fire_mafia_goon, 2 ice_mafia_goon"),
        free=True,
        unknown=(
            "Whether it begins by day or by night: by day here, like Mountainous. The figures that"
            " are published are for both.",
            "What comes of it when neither mafia can be rid of the other: a draw here, as always"
            " when there was no death for some days.",
        ),
    ),
    Published(
        name="fire_and_ice",
        title="Fire and Ice",
        summary="Two mafias, and a doctor in the town. Where both mafias strike at the same player,"
        " fire and ice undo each other, and nobody dies.",
        source=f"{_WIKI}Fire_and_Ice&diff=115830&oldid=113912",
        draw=roles("8 vanilla_townie, 1 town_doctor, 2 fire_mafia_goon, 2 ice_mafia_goon"),
        rules={"rival_kills_cancel": True},
        departs=("Everybody is told which mafia made a kill. Here nobody is told who killed.",),
    ),
    Published(
        name="signaled",
        title="Signaled",
        summary="Before the game the mafia write down whom they will kill, in which order. When"
        " they have no kill left and hold half of the table, the town wins.",
        source="https://namafia.com/t/signaled-game-thread/10044",
        draw=roles("6 vanilla_townie, 2 mafia_goon"),
        rules={"stalemate_wins": "town", "faction_kills": 5, "end": "elimination"},
        unknown=(
            "How many are mafia: the source has eight players and speaks of two mafia against two"
            " as an end, so two are dealt.",
            "Whether it begins by day or by night: by day here.",
        ),
        departs=(
            "The mafia list their five kills before the game; a lynch of the next on the list makes"
            " it two in that night. Here they choose them night by night.",
        ),
    ),
)
