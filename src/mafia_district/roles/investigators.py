"""The town's investigators, as MafiaScum plays them: who is told something for their night.

Each row says in plain words what the role learns. What is true of every check of the kind, such as
who reads wrong and what is seen of a ninja, is said once, in `description.py`.
"""

from typing import Final

from mafia_district.roles.role import Ability
from mafia_district.roles.rows import town

POSES: Final = (
    "The holder and the graveyard read cop, and only the end of the game shows better. A block, or"
    " whatever else keeps them from the target, gives no result as it does to any cop."
)
DOUSED: Final = (
    "In tos whoever is doused reads as not town while an arsonist lives (doused_reads_not_town)."
    " In tos a jester reads as town (jester_reads)."
)

ROLES: Final = (
    town(
        "town_cop",
        "Each night learns of one other player whether they are town.",
        Ability("investigate"),
        traits="gun",
        variants=DOUSED,
    ),
    town(
        "town_rolecop",
        "Each night learns the role of one other player, but not their side.",
        Ability("rolecheck"),
        traits="gun",
    ),
    town(
        "town_vanilla_cop",
        "Each night learns of one other player whether they have any power, whatever their side.",
        Ability("vanilla_check"),
        traits="gun",
    ),
    town(
        "town_goon_cop",
        "Each night learns of one other player whether they are a goon: a mafioso without a power.",
        Ability("goon_check"),
        traits="gun",
    ),
    town(
        "town_neapolitan",
        "Each night learns of one other player whether they are a vanilla townie.",
        Ability("neapolitan"),
    ),
    town(
        "town_parity_cop",
        "Each night learns of two other players whether they are of the same side.",
        Ability("compare"),
        traits="gun",
        variants="An auditor, elsewhere, compares one player with the one of the night before.",
    ),
    town(
        "town_gunsmith",
        "Each night learns of one other player whether they have a gun. Mafia have, unless they are"
        " doctors, and so do cops, vigilantes and gunsmiths; serial killers have none.",
        Ability("gunsmith"),
        traits="gun",
    ),
    town(
        "town_tracker",
        "Each night follows one other player and learns whom they visited.",
        Ability("track"),
    ),
    town(
        "town_watcher",
        "Each night watches one other player and learns who visited them.",
        Ability("watch"),
    ),
    town(
        "town_follower",
        "Each night goes after one other player and learns what kinds of things they did.",
        Ability("follow"),
    ),
    town(
        "town_voyeur",
        "Each night learns what kinds of things were done to one other player by the rest.",
        Ability("observe"),
        variants="Also called an observer.",
    ),
    town(
        "town_role_watcher",
        "Each night learns of one other player which roles visited them.",
        Ability("role_watch"),
    ),
    town(
        "town_reporter",
        "Each night learns of one other player whether they visited anybody.",
        Ability("report"),
    ),
    town(
        "town_inspector",
        "Each night learns of one other player whether anybody else visited them.",
        Ability("inspect"),
    ),
    town(
        "town_motion_detector",
        "Each night learns of one other player whether they went anywhere or anybody came to them.",
        Ability("motion"),
    ),
    town(
        "town_detective",
        "Each night learns of one other player whether they have ever tried to kill, tonight"
        " included.",
        Ability("detect"),
    ),
    town(
        "town_psychologist",
        "Each night learns of one other player whether they could kill and have not done so yet.",
        Ability("psych"),
    ),
    town(
        "town_traffic_analyst",
        "Each night learns of one other player whether they can talk with anybody in private, now"
        " that the night's dead are gone.",
        Ability("analyse"),
    ),
    town(
        "town_checker",
        "Each night calls on one other player, and learns whether anything kept the visit away.",
        Ability("try_out"),
    ),
    town(
        "town_insane_cop",
        "Is told the opposite of the truth about everybody's side, and believes to be a cop.",
        Ability("investigate"),
        traits="gun insane",
        poses_as="town_cop",
        detail="A miller reads as town and a godfather as not town, for they too are turned round."
        f" {POSES}",
        variants=DOUSED,
    ),
    town(
        "town_paranoid_cop",
        "Is told that everybody is not town, and believes to be a cop.",
        Ability("investigate"),
        traits="gun suspects_all",
        poses_as="town_cop",
        detail=POSES,
    ),
    town(
        "town_naive_cop",
        "Is told that everybody is town, and believes to be a cop.",
        Ability("investigate"),
        traits="gun trusts_all",
        poses_as="town_cop",
        detail=POSES,
    ),
    town(
        "macho_cop",
        "Learns each night of one other player whether they are town, and cannot be protected.",
        Ability("investigate"),
        traits="gun macho",
        variants=DOUSED,
    ),
)
