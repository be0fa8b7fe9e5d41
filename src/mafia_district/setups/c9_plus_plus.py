"""C9++: seven letters are drawn, and the more of them help the town, the stronger its enemies."""

from typing import Final

from mafia_district.setups.draws import Letter, Letters
from mafia_district.setups.published import Published

_KILLER: Final = "1 one_shot_bulletproof_serial_killer"
_TWO: Final = "1 mafia_goon, 1 mafia_godfather"
_PLAIN_THREE: Final = "2 mafia_goon, 1 mafia_roleblocker"
_THREE: Final = "1 mafia_goon, 1 mafia_roleblocker, 1 mafia_godfather"

_LETTERS: Final = Letters(
    draws=7,
    seats=13,
    rest="vanilla_townie",
    letters=(
        Letter(
            "T",
            50,
            (
                _THREE,
                f"{_THREE}, {_KILLER}",
                _THREE,
                f"{_PLAIN_THREE}, {_KILLER}",
                _PLAIN_THREE,
                f"{_TWO}, {_KILLER}",
                _TWO,
                f"{_TWO}, {_KILLER}",
            ),
        ),
        Letter(
            "C",
            15,
            (
                "",
                "1 one_shot_town_cop",
                "1 town_cop",
                "1 town_cop, 1 one_shot_town_cop",
                "2 town_cop",
                "2 town_cop, 1 one_shot_town_cop",
                "3 town_cop",
            ),
        ),
        Letter(
            "D",
            10,
            (
                "",
                "1 town_doctor",
                "1 town_doctor, 1 one_shot_town_doctor",
                "2 town_doctor",
                "2 town_doctor, 1 one_shot_town_doctor",
                "3 town_doctor",
            ),
        ),
        Letter(
            "V",
            10,
            (
                "",
                "1 one_shot_vigilante",
                "1 town_vigilante",
                "1 town_vigilante, 1 one_shot_vigilante",
                "2 town_vigilante",
                "2 town_vigilante, 1 one_shot_vigilante",
            ),
        ),
        Letter(
            "M",
            10,
            (
                "",
                "1 town_innocent_child",
                "2 town_mason",
                "2 town_mason, 1 town_innocent_child",
                "3 town_mason",
                "4 town_mason",
            ),
        ),
        Letter(
            "B",
            5,
            (
                "",
                "1 town_roleblocker",
                "1 town_roleblocker, 1 one_shot_town_roleblocker",
                "2 town_roleblocker",
                "2 town_roleblocker, 1 one_shot_town_roleblocker",
            ),
        ),
    ),
)

ROWS: Final = (
    Published(
        name="c9_plus_plus",
        title="C9++",
        summary="Thirteen players. Seven letters are drawn; how often each came says which powers"
        " the town has, and how strong the mafia are. Half of all games have a serial killer.",
        source="https://wiki.mafiascum.net/index.php?title=C9%2B%2B&oldid=131920 and for the lists"
        " https://www.mafiauniverse.com/forums/threads/6604-Modbot-Supported-Setups-Game-Formats",
        draw=_LETTERS,
        unknown=(
            "What a letter brings that comes more often than its list is long, which no source"
            " says. The last of its list is dealt then, so that half of all games have a serial"
            " killer, as the source prints.",
        ),
        departs=(
            "The serial killer chooses between a vest and reading as town before the game. Here it"
            " always has the vest, as at Mafia Universe.",
            "Five M are two pairs of masons. Here all four share one room.",
            "The mafia's roleblocker may not block and kill in the same night. Here it may.",
        ),
    ),
)
