"""The town's roles, as MafiaScum plays them; the bodies of the files beside it are alike.

Each row says in plain words what the role does. What sites answer differently is a switch of the
house, named in `variants`.
"""

from typing import Any, Final

from mafia_district.roles.role import ANY, Ability, Role


def _town(name: str, summary: str, *abilities: Ability, traits: str = "", **more: Any) -> Role:
    source = more.pop("source", "MafiaScum")
    return Role(
        name, "town", summary, abilities=abilities, traits=frozenset(traits.split()), source=source,
        **more,
    )  # fmt: skip


ROLES: Final = (
    _town("vanilla_townie", "Has no power but a voice and a vote.", traits="vanilla"),
    _town(
        "town_cop",
        "Each night learns of one other player whether they are town.",
        Ability("investigate"),
        traits="gun",
        variants="Where the house says so, whoever is doused reads as not town.",
    ),
    _town(
        "town_rolecop",
        "Each night learns the role of one other player, but not their side: a goon and a townie"
        " without a power both read vanilla.",
        Ability("rolecheck"),
        traits="gun",
    ),
    _town(
        "town_vanilla_cop",
        "Each night learns of one other player whether they have any power, whatever their side.",
        Ability("vanilla_check"),
        traits="gun",
    ),
    _town(
        "town_neapolitan",
        "Each night learns of one other player whether they are a vanilla townie.",
        Ability("neapolitan"),
    ),
    _town(
        "town_gunsmith",
        "Each night learns of one other player whether they have a gun. Mafia have, unless they are"
        " doctors, and so do cops, vigilantes and gunsmiths; serial killers have none.",
        Ability("gunsmith"),
        traits="gun",
    ),
    _town(
        "town_tracker",
        "Each night follows one other player and learns whom they visited. A visit that was blocked"
        " never happened; one that failed where it came to did.",
        Ability("track"),
    ),
    _town(
        "town_watcher",
        "Each night watches one other player and learns who visited them.",
        Ability("watch"),
    ),
    _town(
        "town_motion_detector",
        "Each night learns of one other player whether they went anywhere or anybody came to them.",
        Ability("motion"),
    ),
    _town(
        "town_detective",
        "Each night learns of one other player whether they have ever tried to kill, tonight"
        " included.",
        Ability("detect"),
    ),
    _town(
        "town_psychologist",
        "Each night learns of one other player whether they could kill and have not done so yet,"
        " tonight included.",
        Ability("psych"),
    ),
    _town(
        "town_traffic_analyst",
        "Each night learns of one other player whether they can talk with anybody in private, now"
        " that the night's dead are gone.",
        Ability("analyse"),
    ),
    _town(
        "town_friendly_neighbor",
        "Each night tells one other player, truthfully, that they are town.",
        Ability("befriend"),
    ),
    _town(
        "town_doctor",
        "Each night guards one other player against one kill.",
        Ability("protect"),
        variants="Where the house says so, against every kill of the night.",
    ),
    _town(
        "weak_doctor",
        "Guards one other player each night against one kill, but dies of calling on anybody who is"
        " not town.",
        Ability("protect"),
        traits="weak",
        title="Weak Doctor",
    ),
    _town(
        "town_bodyguard",
        "Each night stands before one other player, and takes one kill upon themself.",
        Ability("guard"),
        variants="Where the house says so, the attacker dies as well.",
    ),
    _town(
        "town_babysitter",
        "Each night minds one other player, who is spared one kill; but if the babysitter is"
        " killed, both die.",
        Ability("babysit"),
    ),
    _town(
        "town_jailkeeper",
        "Each night locks one other player up, who can then neither act nor be killed.",
        Ability("jail"),
        variants="Where the house says so, the cell stops one kill alone.",
    ),
    _town(
        "town_rolestopper",
        "Each night keeps everybody else's actions, kills included, from reaching one other"
        " player.",
        Ability("rolestop"),
    ),
    _town(
        "town_shield",
        "Each night stands between one other player and the world: if that player kills, the shield"
        " is struck instead of the victim.",
        Ability("shield"),
    ),
    _town(
        "town_roleblocker",
        "Each night keeps one other player from doing anything.",
        Ability("roleblock"),
    ),
    _town(
        "town_bus_driver",
        "Each night swaps two players: what was to land on the one lands on the other.",
        Ability("busdrive", on_self=True),
    ),
    _town(
        "town_redirector",
        "Each night makes one other player's action land on somebody else.",
        Ability("redirect", on_self=True),
    ),
    _town(
        "town_commuter",
        "May leave town for a night, and then nothing at all reaches them.",
        Ability("commute"),
    ),
    _town(
        "town_hider",
        "Each night may hide behind another player: cannot be killed there, but dies if that"
        " player does.",
        Ability("hide"),
    ),
    _town(
        "weak_hider",
        "Each night may hide behind another player: cannot be killed there, but dies if that"
        " player does, or is not town.",
        Ability("hide"),
        traits="weak",
        title="Weak Hider",
    ),
    _town(
        "town_vigilante",
        "Each night may shoot one other player.",
        Ability("kill"),
        traits="gun",
        variants="Some houses allow no shot in the first night, and let one die of guilt who shot"
        " a townsperson.",
    ),
    _town(
        "one_shot_vigilante",
        "May shoot one other player, on one night of the game; a blocked shot is spent.",
        Ability("kill", shots=1),
        traits="gun",
        title="One-Shot Vigilante",
    ),
    _town(
        "town_day_vigilante",
        "May shoot one other player, once in the game, by day and before all.",
        Ability("shoot", shots=1),
        traits="gun",
        source="Epicmafia",
    ),
    _town(
        "vengeful_townie",
        "When condemned, may take one other player along before victory is judged.",
        Ability("revenge"),
        variants="Some houses grant revenge for a death at night as well; some setups on the first"
        " day alone.",
    ),
    _town(
        "hunter",
        "However the hunter dies, may take one other player along; at night they say beforehand"
        " whom.",
        Ability("revenge"),
        traits="gun hunter",
        source="Werewolf",
    ),
    _town(
        "governor",
        "When somebody else is condemned, may let them live.",
        Ability("pardon"),
    ),
    _town(
        "mayor",
        "May show by day who they are, and has three votes from then on.",
        Ability("reveal"),
        votes_revealed=3,
        source="Town of Salem",
        variants="In some houses the first lynch reveals the mayor instead of killing them, and"
        " nothing else does.",
    ),
    _town(
        "town_innocent_child",
        "May show by day who they are, for all to trust.",
        Ability("reveal"),
    ),
    _town(
        "politician",
        "Each night steals the vote of one other player, which goes where the politician's goes in"
        " the day to come, or nowhere if the politician has died.",
        Ability("steal_vote"),
        source="Calder's Mafia",
    ),
    _town(
        "town_insane_cop",
        "Is told the opposite of the truth about everybody's side, and believes to be a cop.",
        Ability("investigate"),
        traits="gun insane",
        poses_as="town_cop",
    ),
    _town(
        "town_paranoid_cop",
        "Is told that everybody is not town, and believes to be a cop.",
        Ability("investigate"),
        traits="gun suspects_all",
        poses_as="town_cop",
    ),
    _town(
        "town_naive_cop",
        "Is told that everybody is town, and believes to be a cop.",
        Ability("investigate"),
        traits="gun trusts_all",
        poses_as="town_cop",
    ),
    _town(
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
    ),
    _town(
        "veteran",
        "May lie in wait three nights of the game: shoots all who come then, and cannot be killed.",
        Ability("alert", shots=3),
        traits="gun",
        source="Town of Salem",
    ),
    _town(
        "paranoid_gun_owner",
        "Shoots everybody who visits at night, friend or foe.",
        traits="paranoid gun",
        variants="Where the house says so, cannot be killed at night.",
    ),
    _town(
        "town_miller",
        "Reads as not town to everybody who checks their side.",
        traits="miller",
    ),
    _town("ascetic_townie", "Nothing that others do at night reaches them, but kills.",
          traits="ascetic"),
    _town(
        "bulletproof_townie",
        "Cannot be killed at night, but by a strongman. Can be lynched.",
        vests=ANY,
    ),
    _town(
        "one_shot_bulletproof_townie",
        "Lives through the first kill at night. Two kills in one night are one too many.",
        vests=1,
        title="One-Shot Bulletproof Townie",
    ),
    _town(
        "explosive_townie",
        "Takes along whoever kills them at night.",
        traits="bomb",
        variants="Also called a bomb.",
    ),
    _town(
        "macho_cop",
        "Learns each night of one other player whether they are town, and cannot be protected.",
        Ability("investigate"),
        traits="gun macho",
    ),
    _town("town_lover", "Dies when another lover dies.", traits="lover"),
    _town("lover", "Dies when another lover dies.", traits="lover", source="Lykos"),
    _town("double_voter", "Has two votes.", votes=2),
    _town(
        "town_neighbor",
        "May talk with the other neighbors at night; neighbors may be of any side.",
        traits="neighbor",
    ),
    _town(
        "town_mason",
        "May talk with the other masons at night; all masons are town, and know it.",
        traits="mason",
    ),
    _town(
        "town_universal_backup",
        "When the first townsperson with a power dies, becomes what they were.",
        traits="backup",
    ),
)  # fmt: skip
