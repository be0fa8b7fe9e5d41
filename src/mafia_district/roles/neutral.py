"""Roles that belong to neither side, and win on their own."""

from typing import Any, Final

from mafia_district.roles.role import Ability, Role


def _own(name: str, summary: str, *abilities: Ability, **more: Any) -> Role:
    source = more.pop("source", "MafiaScum")
    return Role(name, "neutral", summary, abilities=abilities, source=source, **more)


ROLES: Final = (
    _own(
        "jester",
        "Belongs to nobody and wins by being lynched.",
        Ability("haunt"),
        variants="Where the house says so, kills one of those who voted for it in the night after;"
        " some houses end the game with the jester's win.",
    ),
    _own(
        "lyncher",
        "Belongs to nobody, and is told at the deal of one townsperson: wins if that one is lynched"
        " while the lyncher lives.",
    ),
    _own(
        "executioner",
        "Belongs to nobody, and is told at the deal of one townsperson: wins if that one is lynched"
        " while the executioner lives. If that one dies another death, becomes a jester.",
        source="Town of Salem",
    ),
    _own(
        "serial_killer",
        "Belongs to nobody: each night kills one other player with a knife. Wins alone.",
        Ability("kill"),
        method="blade",
    ),
    _own(
        "one_shot_bulletproof_serial_killer",
        "Belongs to nobody: each night kills one other player with a knife. Stops the first kill"
        " made on them. Wins alone.",
        Ability("kill"),
        method="blade",
        vests=1,
        wins="serial_killer",
    ),
    _own("survivor", "Belongs to nobody, and wins by living at the end."),
    _own(
        "arsonist",
        "Belongs to nobody: each night douses one other player, or sets fire to all who are"
        " doused. Wins alone, by holding half of the votes.",
        Ability("douse"),
        Ability("ignite"),
        method="fire",
        exclusive=True,
        variants="Where the house says so, those who call on them are doused, and no guard stops"
        " the fire.",
    ),
    _own(
        "witch",
        "Belongs to nobody: each night makes one other player's action land on somebody else.",
        Ability("redirect", on_self=True),
        wins="survivor",
        source="Town of Salem",
    ),
    _own(
        "cult_leader",
        "Leads a cult: each night recruits one other player, who is not of the mafia, into it.",
        Ability("recruit"),
        faction="cult",
        wins="cult",
    ),
    _own(
        "cultist",
        "Belongs to the cult, and wins with it.",
        traits=frozenset({"devoted"}),
        faction="cult",
        wins="cult",
        variants="Where the house says so, cultists die with their last leader.",
    ),
)
