"""The mafia's roles, as MafiaScum plays them: all know each other and share a kill each night."""

from typing import Any, Final

from mafia_district.roles.role import Ability, Role


def _mafia(name: str, summary: str, *abilities: Ability, traits: str = "gun", **more: Any) -> Role:
    source = more.pop("source", "MafiaScum")
    return Role(
        name, "mafia", summary, abilities=abilities, traits=frozenset(traits.split()),
        source=source, **more,
    )  # fmt: skip


ROLES: Final = (
    _mafia(
        "mafia_goon",
        "Knows the other mafia and shares their nightly kill.",
        traits="gun vanilla",
    ),
    _mafia(
        "mafia_godfather",
        "Shares the kill. Reads as town to everybody who checks their side.",
        traits="gun godfather",
    ),
    _mafia(
        "mafia_roleblocker",
        "Shares the kill; each night keeps one other player from doing anything.",
        Ability("roleblock"),
    ),
    _mafia(
        "mafia_doctor",
        "Shares the kill; each night guards one other player against one kill. Has no gun.",
        Ability("protect"),
        traits="",
    ),
    _mafia(
        "mafia_rolestopper",
        "Shares the kill; each night keeps everybody else's actions from reaching one other"
        " player.",
        Ability("rolestop"),
    ),
    _mafia(
        "mafia_redirector",
        "Shares the kill; each night makes one other player's action land on somebody else.",
        Ability("redirect", on_self=True),
    ),
    _mafia(
        "mafia_framer",
        "Shares the kill; each night makes one other player read as not town.",
        Ability("frame"),
    ),
    _mafia(
        "mafia_rolecop",
        "Shares the kill; each night learns the role of one other player.",
        Ability("rolecheck"),
    ),
    _mafia(
        "mafia_tracker",
        "Shares the kill; each night learns whom one other player visited.",
        Ability("track"),
    ),
    _mafia(
        "mafia_watcher",
        "Shares the kill; each night learns who visited one other player.",
        Ability("watch"),
    ),
    _mafia(
        "mafia_bus_driver",
        "Shares the kill; each night swaps two players: what was to land on the one lands on the"
        " other.",
        Ability("busdrive", on_self=True),
    ),
    _mafia(
        "mafia_ninja",
        "Shares the kill. Nobody who follows or watches sees them kill.",
        traits="gun ninja",
    ),
    _mafia(
        "mafia_strongman",
        "Shares the kill. What they kill dies, blocked or guarded or not; only one who is out of"
        " town gets away.",
        traits="gun strongman",
        variants="Where the house says so, a block stops them.",
    ),
    _mafia(
        "mafia_vigilante",
        "Shares the kill; each night may shoot one other player besides.",
        Ability("kill"),
    ),
    _mafia(
        "mafia_ventriloquist",
        "Shares the kill; each night has one other player's action land on whomever they choose.",
        Ability("redirect", on_self=True),
        source="Calder's Mafia",
    ),
    _mafia(
        "mafia_politician",
        "Shares the kill; each night steals the vote of one other player for the day to come.",
        Ability("steal_vote"),
        source="Calder's Mafia",
    ),
    _mafia(
        "mafia_traitor",
        "Wins with the mafia, but neither knows them nor is known to them, and has no part in their"
        " kill.",
        faction="",
    ),
    _mafia(
        "flagbearer",
        "Shares the kill. In the setup that has one, the town wins at once by lynching them.",
    ),
    _mafia("mafia_lover", "Shares the kill. Dies when another lover dies.", traits="gun lover"),
    _mafia(
        "mafia_neighbor",
        "Shares the kill; may talk with the other neighbors at night.",
        traits="gun neighbor",
    ),
    _mafia(
        "unlynchable_goon",
        "Shares the kill. A lynch does not kill them.",
        traits="gun unlynchable",
    ),
    _mafia(
        "fire_mafia_goon",
        "One of the fire mafia, who share a kill of their own.",
        traits="gun vanilla",
        faction="fire_mafia",
        wins="fire_mafia",
    ),
    _mafia(
        "ice_mafia_goon",
        "One of the ice mafia, who share a kill of their own.",
        traits="gun vanilla",
        faction="ice_mafia",
        wins="ice_mafia",
    ),
)
