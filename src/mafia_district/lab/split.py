"""A player with two brains: one for the town, another for all who play against it.

So two ways to play are compared against the same mafia, whatever the deal. What a brain is not
asked it does not see, so that one whose seat changes sides begins anew.
"""

from mafia_district.bots import MakePlayer
from mafia_district.chance import Dice
from mafia_district.choices import Choices
from mafia_district.machine import Command
from mafia_district.view import View


class Split:
    """Plays by the brain that `town` makes for the town, by that of `others` for everybody else."""

    def __init__(self, town: MakePlayer, others: MakePlayer, dice: Dice) -> None:
        self._town, self._others = town(dice), others(dice)
        self.turns = max(self._town.turns, self._others.turns)

    def act(self, view: View, choices: Choices) -> Command | None:
        """Play by the brain that the seat's role calls for; without a role the town's."""
        role = view.rules.book.find(view.role)
        in_town = role is None or role.alignment == "town"
        return (self._town if in_town else self._others).act(view, choices)
