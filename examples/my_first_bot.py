"""A player of one's own: it follows nobody, and never votes for someone who has not voted yet.

A player sees its view and its choices and gives one command, or None for *nothing now*. The same
class plays in a simulation, on a server and in the demo.
"""

from mafia_district import Rules
from mafia_district.bots import RandomPlay
from mafia_district.chance import Dice
from mafia_district.choices import Choices
from mafia_district.ids import members
from mafia_district.lab import simulate
from mafia_district.machine import Command
from mafia_district.view import View
from mafia_district.voting import CastVote


class Contrary(RandomPlay):
    """Votes for somebody who has voted, and otherwise plays at random."""

    def __init__(self, dice: Dice) -> None:
        super().__init__(dice)
        self.dice = dice

    def act(self, view: View, choices: Choices) -> Command | None:
        """By day accuse a voter; by night do what random play does."""
        suspects = [seat for seat in members(choices.votes) if seat in view.votes]
        if not suspects:
            return super().act(view, choices)
        return CastVote(view.viewer, suspects[self.dice.below(len(suspects))])


def main() -> None:
    """Compare how often the mafia win against each kind of player."""
    rules = Rules.preset("classic").with_settings({"roles": "7 vanilla_townie, 2 mafia_goon"})
    for name, bots in (("random", RandomPlay), ("contrary", Contrary)):
        rate = simulate(rules, games=500, seed=1, bots=bots).rates["mafia"]
        print(f"{name:9} the mafia win {rate.p:.0%} (95 %: {rate.low:.0%} to {rate.high:.0%})")


if __name__ == "__main__":
    main()
