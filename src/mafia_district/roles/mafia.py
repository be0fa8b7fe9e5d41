"""The mafia's roles, as MafiaScum plays them: all know each other and share a kill each night.

Many have the power of a townsperson; what it does is the same on either side.
"""

from typing import Final

from mafia_district.roles.investigators import DOUSED
from mafia_district.roles.role import ANY, Ability
from mafia_district.roles.rows import mafia
from mafia_district.roles.town import BLOCKS, BODYGUARDS, CELLS, DOCTORS, VESTS, WEIGHTS

PICKS: Final = (
    "In calder the last pick of the faction is carried out, not the plurality (faction_kill_pick)."
    " In ultimafia the first member whom nobody blocks carries it out (faction_kill_performer)."
    " In tos the mafia cannot name one of their own (kill_own)."
)
PIERCED: Final = "In tos and calder a block stops a strongman's kill (strongman_pierces)."
RIVALS: Final = (
    "By a rule, as in the setup fire_and_ice, kills of two factions that meet on one player undo"
    " each other (rival_kills_cancel)."
)

ROLES: Final = (
    mafia(
        "mafia_goon",
        "Knows the other mafia and shares their nightly kill.",
        traits="gun vanilla",
        detail="The kill is the faction's: the target with most picks, and in a tie the one picked"
        " first. Whoever named it first performs it, alone is seen and alone can be blocked.",
        variants=PICKS,
    ),
    mafia(
        "mafia_godfather",
        "Shares the kill. Reads as town to everybody who checks their side.",
        traits="gun godfather",
    ),
    mafia(
        "mafia_cop",
        "Shares the kill; each night learns of one other player whether they are town.",
        Ability("investigate"),
        detail="Of use where there is more than one mafia, or somebody who belongs to nobody.",
        variants=DOUSED,
    ),
    mafia(
        "mafia_rolecop",
        "Shares the kill; each night learns the role of one other player.",
        Ability("rolecheck"),
    ),
    mafia(
        "mafia_vanilla_cop",
        "Shares the kill; each night learns of one other player whether they have any power.",
        Ability("vanilla_check"),
    ),
    mafia(
        "mafia_neapolitan",
        "Shares the kill; each night learns of one other player whether they are a vanilla townie.",
        Ability("neapolitan"),
    ),
    mafia(
        "mafia_gunsmith",
        "Shares the kill; each night learns of one other player whether they have a gun.",
        Ability("gunsmith"),
    ),
    mafia(
        "mafia_tracker",
        "Shares the kill; each night learns whom one other player visited.",
        Ability("track"),
    ),
    mafia(
        "mafia_watcher",
        "Shares the kill; each night learns who visited one other player.",
        Ability("watch"),
    ),
    mafia(
        "mafia_follower",
        "Shares the kill; each night learns what kinds of things one other player did.",
        Ability("follow"),
    ),
    mafia(
        "mafia_voyeur",
        "Shares the kill; each night learns what kinds of things were done to one other player.",
        Ability("observe"),
        variants="Also called an observer.",
    ),
    mafia(
        "mafia_role_watcher",
        "Shares the kill; each night learns which roles visited one other player.",
        Ability("role_watch"),
    ),
    mafia(
        "mafia_reporter",
        "Shares the kill; each night learns of one other player whether they visited anybody.",
        Ability("report"),
    ),
    mafia(
        "mafia_inspector",
        "Shares the kill; each night learns of one other player whether anybody else visited them.",
        Ability("inspect"),
    ),
    mafia(
        "mafia_motion_detector",
        "Shares the kill; each night learns of one other player whether they went anywhere or"
        " anybody came to them.",
        Ability("motion"),
    ),
    mafia(
        "mafia_traffic_analyst",
        "Shares the kill; each night learns of one other player whether they can talk with"
        " anybody in private.",
        Ability("analyse"),
    ),
    mafia(
        "mafia_roleblocker",
        "Shares the kill; each night keeps one other player from doing anything.",
        Ability("roleblock"),
        variants=BLOCKS,
    ),
    mafia(
        "mafia_doctor",
        "Shares the kill; each night guards one other player against one kill. Has no gun.",
        Ability("protect"),
        traits="",
        variants=DOCTORS,
    ),
    mafia(
        "mafia_bodyguard",
        "Shares the kill; each night stands before one other player, and takes one kill upon"
        " themself.",
        Ability("guard"),
        variants=BODYGUARDS,
    ),
    mafia(
        "mafia_jailkeeper",
        "Shares the kill; each night locks one other player up, who can then neither act nor be"
        " killed.",
        Ability("jail"),
        detail="The faction's own kill on the prisoner fails like any other.",
        variants=f"{CELLS} {PIERCED}",
    ),
    mafia(
        "mafia_rolestopper",
        "Shares the kill; each night keeps everybody else's actions from reaching one other"
        " player.",
        Ability("rolestop"),
    ),
    mafia(
        "mafia_alien",
        "Shares the kill; each night abducts one other player, who neither acts nor is reached by"
        " anybody.",
        Ability("abduct"),
        detail="The faction's own kill does not reach them either.",
        variants=PIERCED,
    ),
    mafia(
        "mafia_hider",
        "Shares the kill; each night may hide behind another player: cannot be killed there, but"
        " dies if that player does.",
        Ability("hide"),
    ),
    mafia(
        "mafia_commuter",
        "Shares the kill; may leave town for a night, and then nothing at all reaches them.",
        Ability("commute"),
        detail="Whoever is out of town can still carry out the faction's kill.",
    ),
    mafia(
        "mafia_redirector",
        "Shares the kill; each night makes one other player's action land on somebody else.",
        Ability("redirect", on_self=True),
    ),
    mafia(
        "mafia_ventriloquist",
        "Shares the kill; each night has one other player's action land on whomever they choose.",
        Ability("redirect", on_self=True),
        source="Calder's Mafia",
    ),
    mafia(
        "mafia_bus_driver",
        "Shares the kill; each night swaps two players: what was to land on the one lands on the"
        " other.",
        Ability("busdrive", on_self=True),
        variants="In tos both who were moved are told so (bus_told).",
    ),
    mafia(
        "mafia_framer",
        "Shares the kill; each night makes one other player read as not town.",
        Ability("frame"),
    ),
    mafia(
        "mafia_politician",
        "Shares the kill; each night steals the vote of one other player for the day to come.",
        Ability("steal_vote"),
        source="Calder's Mafia",
    ),
    mafia(
        "mafia_visitor",
        "Shares the kill; each night visits one other player, and does nothing there.",
        Ability("visit"),
    ),
    mafia(
        "mafia_fruit_vendor",
        "Shares the kill; each night leaves a piece of fruit with one other player.",
        Ability("vend"),
    ),
    mafia(
        "mafia_ninja",
        "Shares the kill. Nobody who follows or watches sees them kill.",
        traits="gun ninja",
    ),
    mafia(
        "mafia_strongman",
        "Shares the kill. What they kill dies, blocked or guarded or not.",
        traits="gun strongman",
        detail="It is so only for a kill that the strongman carries out: the members say who by"
        " naming the target first.",
        variants=PIERCED,
    ),
    mafia(
        "mafia_vigilante",
        "Shares the kill; each night may shoot one other player besides.",
        Ability("kill"),
    ),
    mafia(
        "mafia_encryptor",
        "Shares the kill. While the encryptor lives, the mafia may talk at all hours.",
        traits="gun encryptor",
    ),
    mafia(
        "mafia_ascetic",
        "Shares the kill. Nothing that others do at night reaches them, but kills.",
        traits="gun ascetic",
    ),
    mafia(
        "mafia_bulletproof",
        "Shares the kill. Cannot be killed at night, but by a strongman.",
        vests=ANY,
        detail="Every kill fails, by whatever method. A lynch does not.",
    ),
    mafia(
        "mafia_one_shot_bulletproof",
        "Shares the kill. Lives through the first kill at night.",
        vests=1,
        title="Mafia One-Shot Bulletproof",
        detail="The vest is spent last: a doctor's protection or a ward comes before it. Nobody is"
        " told that it is gone.",
        variants=VESTS,
    ),
    mafia(
        "mafia_double_voter",
        "Shares the kill. Has two votes.",
        votes=2,
        detail="Both are cast for the same player, in every vote of the game, and both count for"
        " parity.",
        variants=WEIGHTS,
    ),
    mafia(
        "mafia_traitor",
        "Wins with the mafia, but neither knows them nor is known to them, and has no part in"
        " their kill.",
        faction="",
        detail="Must be dead for the town to win, and counts for parity like any of the mafia. Has"
        " a gun, and reads as not town.",
    ),
    mafia(
        "flagbearer",
        "Shares the kill. In the setup that has one, the town wins at once by lynching them.",
        detail="Any other death of theirs is one like any other. Where no setup says so, they are a"
        " goon with a name of their own.",
    ),
    mafia(
        "mafia_lover",
        "Shares the kill. Dies when another lover dies.",
        traits="gun lover",
    ),
    mafia(
        "mafia_neighbor",
        "Shares the kill; may talk with the other neighbors at night.",
        traits="gun neighbor",
    ),
    mafia(
        "unlynchable_goon",
        "Shares the kill. A lynch does not kill them.",
        traits="gun unlynchable",
    ),
    mafia(
        "fire_mafia_goon",
        "One of the fire mafia, who share a kill of their own.",
        traits="gun vanilla",
        faction="fire_mafia",
        wins="fire_mafia",
        detail="They must be rid of the other factions as well as of the town. Investigators see in"
        " them a goon like any other.",
        variants=RIVALS,
    ),
    mafia(
        "ice_mafia_goon",
        "One of the ice mafia, who share a kill of their own.",
        traits="gun vanilla",
        faction="ice_mafia",
        wins="ice_mafia",
        detail="They must be rid of the other factions as well as of the town. Investigators see in"
        " them a goon like any other.",
        variants=RIVALS,
    ),
    mafia(
        "werewolf_goon",
        "One of the werewolves, a mafia of their own beside any other.",
        traits="gun vanilla",
        faction="werewolf",
        wins="werewolf",
        detail="They must be rid of the other factions as well as of the town. Investigators see in"
        " them a goon like any other.",
        variants=RIVALS,
    ),
    mafia(
        "werewolf_roleblocker",
        "One of the werewolves; each night keeps one other player from doing anything.",
        Ability("roleblock"),
        faction="werewolf",
        wins="werewolf",
        detail="They must be rid of the other factions as well as of the town.",
        variants=BLOCKS,
    ),
)
