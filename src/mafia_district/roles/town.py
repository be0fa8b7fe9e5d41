"""The town's roles, as MafiaScum plays them, but for its investigators; other sides are alike.

Each row says in plain words what the role does. What sites answer differently is a switch of the
house: `variants` names the houses, and the switch by which any other may answer so.
"""

from typing import Final

from mafia_district.roles.investigators import DOUSED
from mafia_district.roles.role import ANY, Ability
from mafia_district.roles.rows import town

DOCTORS: Final = (
    "In tos, ultimafia and calder one protection stops every kill of the night (doctor_stops)."
    " In tos doctors may guard themselves once (doctor_self)."
)
CELLS: Final = "By a rule the cell stops one kill alone (jail_stops)."
BODYGUARDS: Final = (
    "In tos and ultimafia a bodyguard stands before every kill of the night, and shoots back in"
    " dying (bodyguard_kills_attacker)."
)
BLOCKS: Final = (
    "In calder the lowest seat of a ring of blocks acts (mutual_block)."
    " In tos everybody is told of a block (told_of_block)."
    " In tos and calder a block stops a strongman's kill (strongman_pierces)."
)
VENGEANCE: Final = (
    "In calder revenge is for any death: the vengeful say by night whom they would take along"
    " (vengeful_fires_on). Some setups grant it on the first day alone."
)
VESTS: Final = "In tos a vest that is spent holds for all of that night (vest_stops)."
WEIGHTS: Final = (
    "In tos, lykos, ultimafia and calder heads are counted for parity, not votes (parity_counts)."
)
VIGILANTES: Final = (
    "In tos vigilantes do not shoot in the first night (vigilante_first_night)."
    " In tos who shot a townsperson dies of guilt in the next (vigilante_guilt)."
)

ROLES: Final = (
    town(
        "vanilla_townie",
        "Has no power but a voice and a vote.",
        traits="vanilla",
        detail="Wins with the town, dead or alive. Most of a town are townies, and so they are what"
        " others claim to be.",
    ),
    town(
        "town_friendly_neighbor",
        "Each night tells one other player, truthfully, that they are town.",
        Ability("befriend"),
    ),
    town(
        "town_fruit_vendor",
        "Each night leaves a piece of fruit with one other player.",
        Ability("vend"),
    ),
    town(
        "town_visitor",
        "Each night visits one other player, and does nothing there.",
        Ability("visit"),
    ),
    town(
        "town_doctor",
        "Each night guards one other player against one kill.",
        Ability("protect"),
        variants=DOCTORS,
    ),
    town(
        "weak_doctor",
        "Guards one other player each night against one kill, but dies of calling on anybody who is"
        " not town.",
        Ability("protect"),
        traits="weak",
        variants=DOCTORS,
    ),
    town(
        "town_bodyguard",
        "Each night stands before one other player, and takes one kill upon themself.",
        Ability("guard"),
        variants=BODYGUARDS,
    ),
    town(
        "town_babysitter",
        "Each night minds one other player, who is spared one kill; but if the babysitter is"
        " killed, both die.",
        Ability("babysit"),
    ),
    town(
        "town_jailkeeper",
        "Each night locks one other player up, who can then neither act nor be killed.",
        Ability("jail"),
        variants=f"{CELLS} In tos and calder a block stops a strongman's kill (strongman_pierces).",
    ),
    town(
        "town_rolestopper",
        "Each night keeps everybody else's actions, kills included, from reaching one other"
        " player.",
        Ability("rolestop"),
    ),
    town(
        "town_alien",
        "Each night abducts one other player, who neither acts nor is reached by anybody.",
        Ability("abduct"),
        variants="In tos and calder a block stops a strongman's kill (strongman_pierces).",
    ),
    town(
        "town_shield",
        "Each night stands between one other player and the world: if that player kills, the shield"
        " is struck instead of the victim.",
        Ability("shield"),
    ),
    town(
        "town_roleblocker",
        "Each night keeps one other player from doing anything.",
        Ability("roleblock"),
        variants=BLOCKS,
    ),
    town(
        "town_bus_driver",
        "Each night swaps two players: what was to land on the one lands on the other.",
        Ability("busdrive", on_self=True),
        variants="In tos both who were moved are told so (bus_told).",
    ),
    town(
        "town_redirector",
        "Each night makes one other player's action land on somebody else.",
        Ability("redirect", on_self=True),
    ),
    town(
        "town_commuter",
        "May leave town for a night, and then nothing at all reaches them.",
        Ability("commute"),
    ),
    town(
        "town_hider",
        "Each night may hide behind another player: cannot be killed there, but dies if that"
        " player does.",
        Ability("hide"),
    ),
    town(
        "weak_hider",
        "Each night may hide behind another player: cannot be killed there, but dies if that"
        " player does, or is not town.",
        Ability("hide"),
        traits="weak",
    ),
    town(
        "town_vigilante",
        "Each night may shoot one other player.",
        Ability("kill"),
        traits="gun",
        variants=VIGILANTES,
    ),
    town(
        "one_shot_vigilante",
        "May shoot one other player, on one night of the game; a blocked shot is spent.",
        Ability("kill", shots=1),
        traits="gun",
        title="One-Shot Vigilante",
        variants=VIGILANTES,
    ),
    town(
        "town_day_vigilante",
        "May shoot one other player, once in the game, by day and before all.",
        Ability("shoot", shots=1),
        traits="gun",
        source="Epicmafia",
    ),
    town(
        "vengeful_townie",
        "When condemned, may take one other player along before victory is judged.",
        Ability("revenge"),
        variants=VENGEANCE,
    ),
    town(
        "hunter",
        "However the hunter dies, may take one other player along; at night they say beforehand"
        " whom.",
        Ability("revenge"),
        traits="gun hunter",
        source="Werewolf",
    ),
    town(
        "governor",
        "When somebody else is condemned, may let them live.",
        Ability("pardon"),
    ),
    town(
        "mayor",
        "May show by day who they are, and has three votes from then on.",
        Ability("reveal"),
        votes_revealed=3,
        source="Town of Salem",
        detail="The three count in every vote, one that has been cast already included, and for"
        " parity. Until then the mayor votes like anybody.",
        variants="In lykos the first lynch reveals the mayor instead of killing them, and nothing"
        f" else does (mayor_survives_lynch). {WEIGHTS}",
    ),
    town(
        "town_innocent_child",
        "May show by day who they are, for all to trust.",
        Ability("reveal"),
    ),
    town(
        "politician",
        "Each night steals the vote of one other player, which goes where the politician's goes in"
        " the day to come, or nowhere if the politician has died.",
        Ability("steal_vote"),
        source="Calder's Mafia",
    ),
    town(
        "town_jack_of_all_trades",
        "Each night does one of four things, each of them once in the game: investigates, guards,"
        " blocks or shoots.",
        Ability("investigate", shots=1),
        Ability("protect", shots=1),
        Ability("roleblock", shots=1),
        Ability("kill", shots=1),
        traits="gun",
        exclusive=True,
        title="Town Jack-of-All-Trades",
        detail="To choose another of the four takes the first choice back. What was blocked is"
        " spent.",
        variants=f"{DOUSED} {DOCTORS} {BLOCKS} {VIGILANTES}",
    ),
    town(
        "veteran",
        "May lie in wait three nights of the game: shoots all who come then, and cannot be killed.",
        Ability("alert", shots=3),
        traits="gun",
        source="Town of Salem",
    ),
    town(
        "paranoid_gun_owner",
        "Shoots everybody who visits at night, friend or foe.",
        traits="paranoid gun",
        variants="In ultimafia cannot be killed at night (pgo_dies_of_a_kill).",
    ),
    town(
        "town_miller",
        "Reads as not town to everybody who checks their side.",
        traits="miller",
        detail="Is town all the same, and wins with it. Checks of the role read miller, and so does"
        " death.",
    ),
    town(
        "ascetic_townie",
        "Nothing that others do at night reaches them, but kills.",
        traits="ascetic",
    ),
    town(
        "bulletproof_townie",
        "Cannot be killed at night, but by a strongman. Can be lynched.",
        vests=ANY,
        detail="Every kill fails, by whatever method, and the killer learns no more than that"
        " nobody died. Grief and other deaths that follow from another's death are no kills.",
    ),
    town(
        "one_shot_bulletproof_townie",
        "Lives through the first kill at night. Two kills in one night are one too many.",
        vests=1,
        title="One-Shot Bulletproof Townie",
        detail="The vest is spent last: a doctor's protection or a ward comes before it. Nobody is"
        " told that it is gone, and a strongman strikes past it.",
        variants=VESTS,
    ),
    town(
        "explosive_townie",
        "Takes along whoever kills them at night.",
        traits="bomb",
        variants="Also called a bomb.",
    ),
    town("town_lover", "Dies when another lover dies.", traits="lover"),
    town("lover", "Dies when another lover dies.", traits="lover", source="Lykos"),
    town(
        "double_voter",
        "Has two votes.",
        votes=2,
        detail="Both are cast for the same player, in every vote of the game, and both count for"
        " parity. Nothing needs to be shown for it.",
        variants=WEIGHTS,
    ),
    town(
        "town_neighbor",
        "May talk with the other neighbors at night; neighbors may be of any side.",
        traits="neighbor",
    ),
    town(
        "town_mason",
        "May talk with the other masons at night; all masons are town, and know it.",
        traits="mason",
    ),
    town(
        "town_universal_backup",
        "When the first townsperson with a power dies, becomes what they were.",
        traits="backup",
    ),
)
