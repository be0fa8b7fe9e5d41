"""The monkey: draws uniformly from everything that it may do, for finding what breaks."""

from mafia_district.chance import Dice
from mafia_district.choices import Choices
from mafia_district.lobby import Leave
from mafia_district.machine import Command
from mafia_district.outcome import End
from mafia_district.view import View


class Monkey:
    """A player that presses any button, but neither leaves the game nor ends it."""

    turns = 3

    def __init__(self, dice: Dice) -> None:
        self._dice = dice

    def act(self, view: View, choices: Choices) -> Command | None:
        """Draw one of the open commands; None where there is none."""
        commands = [sent for sent in choices.commands() if not isinstance(sent, Leave | End)]
        return commands[self._dice.below(len(commands))] if commands else None
