"""Roles that belong to neither side, and win on their own."""

from typing import Final

from mafia_district.roles.role import Ability
from mafia_district.roles.rows import neutral
from mafia_district.roles.town import VESTS

LONE_KILLER: Final = (
    "Must be dead for anybody else to win, and wins as the mafia do: by holding half of the votes"
    " when nobody else can kill."
)
CULTS: Final = "In ultimafia cultists die with their last leader (cult_dies_with_leader)."

ROLES: Final = (
    neutral(
        "jester",
        "Belongs to nobody and wins by being lynched.",
        Ability("haunt"),
        detail="All are told at once that the jester has won, and the others play on. Reads as not"
        " town. Any other death is a defeat.",
        variants="In tos a lynched jester kills one of those who voted for it in the night after"
        " (jester_haunts). In tos it reads as town (jester_reads). By a rule, as in the setup"
        " jester_nightless, the jester's win ends the game (jester_ends_game).",
    ),
    neutral(
        "lyncher",
        "Belongs to nobody, and is told at the deal of one townsperson: wins if that one is lynched"
        " while the lyncher lives.",
        detail="The one is drawn by lot and not told. The others play on after the win. If the one"
        " dies another death, the lyncher cannot win any more.",
    ),
    neutral(
        "executioner",
        "Belongs to nobody, and is told at the deal of one townsperson: wins if that one is lynched"
        " while the executioner lives. If that one dies another death, becomes a jester.",
        source="Town of Salem",
        detail="The one is drawn by lot and not told. The others play on after the win.",
    ),
    neutral(
        "serial_killer",
        "Belongs to nobody: each night kills one other player with a knife. Wins alone.",
        Ability("kill"),
        method="blade",
        detail=LONE_KILLER,
    ),
    neutral(
        "one_shot_bulletproof_serial_killer",
        "Belongs to nobody: each night kills one other player with a knife. Stops the first kill"
        " made on them. Wins alone.",
        Ability("kill"),
        method="blade",
        vests=1,
        wins="serial_killer",
        detail=LONE_KILLER,
        variants=VESTS,
    ),
    neutral(
        "survivor",
        "Belongs to nobody, and wins by living at the end.",
        detail="Wins beside whoever else wins, and stands in nobody's way: neither town nor mafia"
        " need a survivor dead. Reads as not town.",
    ),
    neutral(
        "arsonist",
        "Belongs to nobody: each night douses one other player, or sets fire to all who are"
        " doused. Wins alone, by holding half of the votes.",
        Ability("douse"),
        Ability("ignite"),
        method="fire",
        exclusive=True,
        variants="In tos those who call on an arsonist are doused (visiting_arsonist_douses)."
        " In tos and ultimafia no guard stops the fire (ignite_pierces_protection)."
        " In tos the doused read as not town (doused_reads_not_town)."
        " In tos arsonists cannot be doused (arsonist_can_be_doused).",
    ),
    neutral(
        "witch",
        "Belongs to nobody: each night makes one other player's action land on somebody else.",
        Ability("redirect", on_self=True),
        wins="survivor",
        source="Town of Salem",
        detail="Wins by living at the end, beside whoever else wins.",
    ),
    neutral(
        "cult_leader",
        "Leads a cult: each night recruits one other player, who is not of the mafia, into it.",
        Ability("recruit"),
        faction="cult",
        wins="cult",
        variants=CULTS,
    ),
    neutral(
        "cultist",
        "Belongs to the cult, and wins with it.",
        traits="devoted",
        faction="cult",
        wins="cult",
        detail="Knows the cult and talks with it at night, but recruits nobody, also when the"
        " leader is dead. Must be dead for another side to win.",
        variants=CULTS,
    ),
)
