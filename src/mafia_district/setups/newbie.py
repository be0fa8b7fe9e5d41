"""The setups of MafiaScum's games for newcomers, from the first on."""

from typing import Final

from mafia_district.setups.draws import equal, nine, roles
from mafia_district.setups.published import Published

_WIKI: Final = "https://wiki.mafiascum.net/index.php?title="
_HISTORY: Final = "https://wiki.mafiascum-staging.net/index.php?oldid=119080&title=Newbie_Setup"

ROWS: Final = (
    Published(
        name="original_newbie",
        title="Original Newbie",
        summary="Seven players, every role known to all: a cop and a doctor help the town. Once"
        " players saw that the cop may as well say so at once, it had to go.",
        source=_HISTORY,
        draw=roles("3 vanilla_townie, 2 mafia_goon, 1 town_cop, 1 town_doctor"),
    ),
    Published(
        name="c9",
        title="C9",
        summary="Seven players, two of them mafia. Whether there is a cop, and whether there is a"
        " doctor, is a toss of a coin each.",
        source=_HISTORY,
        draw=equal(
            "3 vanilla_townie, 2 mafia_goon, 1 town_cop, 1 town_doctor",
            "4 vanilla_townie, 2 mafia_goon, 1 town_cop",
            "4 vanilla_townie, 2 mafia_goon, 1 town_doctor",
            "5 vanilla_townie, 2 mafia_goon",
        ),
    ),
    Published(
        name="f11",
        title="F11",
        summary="C9 for nine: a cop, a doctor and a roleblocker of the mafia, all three or only one"
        " of them. Who claims a power says something about what the mafia have.",
        source="http://mafiawiki.notesmash.org/wiki/F11",
        draw=equal(
            nine("mafia_roleblocker", "town_cop", "town_doctor"),
            nine("mafia_goon", "town_cop", "vanilla_townie"),
            nine("mafia_goon", "town_doctor", "vanilla_townie"),
            nine("mafia_roleblocker", "vanilla_townie", "vanilla_townie"),
        ),
        unknown=(
            "The source says that there are four variants, equally likely, the first with a"
            " roleblocker, but their list is lost. It is read off the name here: C9 is written in"
            " hexadecimal for 11 00 10 01, cop and doctor of each variant; so F11 is taken for"
            " 111 100 010 001, with the roleblocker as the third digit.",
        ),
    ),
    Published(
        name="matrix6",
        title="Matrix6",
        summary="Nine players. A row or a column of a table of three by three is drawn; its three"
        " roles are in the game, with five townies and a goon.",
        source=f"{_WIKI}Matrix6",
        draw=equal(
            nine("town_jailkeeper", "vanilla_townie", "mafia_goon"),
            nine("mafia_roleblocker", "town_cop", "town_doctor"),
            nine("one_shot_bulletproof_townie", "mafia_goon", "town_tracker"),
            nine("town_jailkeeper", "mafia_roleblocker", "one_shot_bulletproof_townie"),
            nine("vanilla_townie", "town_cop", "mafia_goon"),
            nine("mafia_goon", "town_doctor", "town_tracker"),
        ),
    ),
    Published(
        name="two_d3",
        title="2d3",
        summary="Nine players. One die of three sides says what the second mafioso can do, another"
        " which two powers the town has against that.",
        source="https://forum.mafiascum.net/viewtopic.php?f=115&t=80620",
        draw=equal(
            nine("mafia_roleblocker", "town_cop", "town_neapolitan"),
            nine("mafia_roleblocker", "town_jailkeeper", "town_doctor"),
            nine("mafia_roleblocker", "town_cop", "town_doctor"),
            nine("mafia_rolecop", "town_cop", "town_tracker"),
            nine("mafia_rolecop", "town_jailkeeper", "town_tracker"),
            nine("mafia_rolecop", "town_neapolitan", "town_doctor"),
            nine("mafia_goon", "town_cop", "vanilla_townie"),
            nine("mafia_goon", "town_jailkeeper", "vanilla_townie"),
            nine("mafia_goon", "town_tracker", "town_doctor"),
        ),
        rules={"faction_talk": "always"},
        unknown=(
            "The table is the mafia's half of Two-Fold 2d3, whose author says that it applies"
            " 2d3; the page of 2d3 itself was not found.",
        ),
    ),
    Published(
        name="three_d3",
        title="3d3",
        summary="Nine players. A die of three sides picks the column of a table, whose head is the"
        " second mafioso; from each of the two other columns the town gets one of two powers.",
        source=f"{_WIKI}3d3&diff=130566&oldid=127695",
        draw=equal(
            nine("mafia_roleblocker", "town_tracker", "town_cop"),
            nine("mafia_roleblocker", "town_tracker", "town_jailkeeper"),
            nine("mafia_roleblocker", "town_roleblocker", "town_cop"),
            nine("mafia_roleblocker", "town_roleblocker", "town_jailkeeper"),
            nine("mafia_rolecop", "town_doctor", "town_cop"),
            nine("mafia_rolecop", "town_doctor", "town_jailkeeper"),
            nine("mafia_rolecop", "town_rolecop", "town_cop"),
            nine("mafia_rolecop", "town_rolecop", "town_jailkeeper"),
            nine("mafia_goon", "town_doctor", "town_tracker"),
            nine("mafia_goon", "town_doctor", "town_roleblocker"),
            nine("mafia_goon", "town_rolecop", "town_tracker"),
            nine("mafia_goon", "town_rolecop", "town_roleblocker"),
        ),
        rules={"faction_talk": "always"},
    ),
)
