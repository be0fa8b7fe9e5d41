"""Mafia District: a deterministic engine for social deduction games.

Everything that a game is lives here, and nothing here touches the world: time, chance and identity
come in as data, and what happened goes out as events. Open a `Game` by some `Rules`, `handle`
commands, look through `view` and `choices`; `log` keeps it, `lab` plays it by the thousand.

>>> from mafia_district import Game, Rules
>>> game = Game.open(Rules.preset("classic"), seed=7, at=0)
>>> game.phase.value
'lobby'
"""

from mafia_district.bots import Player
from mafia_district.game import Game
from mafia_district.machine import Refused
from mafia_district.rules import Rules
from mafia_district.setup import Setup
from mafia_district.version import __version__

__all__ = ["Game", "Player", "Refused", "Rules", "Setup", "__version__"]
