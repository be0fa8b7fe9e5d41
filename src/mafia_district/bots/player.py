"""What a player is, for programs: something that looks at its view and says what it does.

A player is asked again and again; each time it gives one command, or None for *nothing now*. It
sees exactly what a person in its seat would see, over the network as well as in a simulation.
"""

from collections.abc import Callable
from typing import Protocol, TypeAlias

from mafia_district.chance import Dice
from mafia_district.choices import Choices
from mafia_district.machine import Command
from mafia_district.view import View


class Player(Protocol):
    """A program that plays one seat.

    `turns` is how often it wants to be asked in one phase where time is simulated.
    """

    turns: int

    def act(self, view: View, choices: Choices) -> Command | None:
        """Give the next command, or None for nothing now."""
        ...


MakePlayer: TypeAlias = Callable[[Dice], Player]
