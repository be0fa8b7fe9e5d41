"""The built-in players, by name."""

from typing import Final

from mafia_district.bots.monkey import Monkey
from mafia_district.bots.player import MakePlayer, Player
from mafia_district.bots.random_play import RandomPlay
from mafia_district.bots.sensible import Sensible
from mafia_district.chance import Dice

PLAYERS: Final[dict[str, MakePlayer]] = {
    "random": RandomPlay,
    "monkey": Monkey,
    "sensible": Sensible,
}


def make(name: str, dice: Dice) -> Player:
    """Make a built-in player; raises ValueError that lists the names."""
    if name not in PLAYERS:
        raise ValueError(f"no player is called {name!r}: choose {' or '.join(PLAYERS)}")
    return PLAYERS[name](dice)


__all__ = ["MakePlayer", "Monkey", "Player", "RandomPlay", "Sensible", "make"]
