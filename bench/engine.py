"""The engine beside straight-line Python: commands per second of processor time, as a share.

Ten play, seven town and three mafia; every night one is killed, every day they vote. *All vote*:
each of the living votes for a random other, a tie lynches nobody. *Hammer*: all follow the first
vote until a majority ends the day. The straight line is the all-vote game as a loop over lists of
numbers, without checks or records; the engine's games include the laying of the table, the deal,
the players' own choices, and every event in its log. A command is a vote or a night action.
"""

import random
from collections.abc import Callable
from hashlib import sha256

from bench.common import rate
from mafia_district.bots import RandomPlay
from mafia_district.chance import Dice
from mafia_district.choices import Choices
from mafia_district.ids import members
from mafia_district.lab.play import play, table
from mafia_district.machine import Command
from mafia_district.rules import Rules
from mafia_district.view import View
from mafia_district.voting import VOTES

SECONDS = 0.3  # of one measurement
TOWN, MAFIA = 7, 3
RULES = Rules.preset("classic").with_settings(
    {"roles": f"{TOWN} vanilla_townie, {MAFIA} mafia_goon", "first_phase": "night"}
)


class OneKiller(RandomPlay):
    """Random play, where the first of the living mafia picks for all."""

    def act(self, view: View, choices: Choices) -> Command | None:
        """Leave the pick to the lowest seat of the faction."""
        mates = view.faction & view.alive
        if mates & -mates == 1 << view.viewer or choices.votes:
            return super().act(view, choices)
        return None


class Everybody(OneKiller):
    """By day each votes for a random other."""

    def __init__(self, dice: Dice) -> None:
        super().__init__(dice)
        self.dice = dice

    def act(self, view: View, choices: Choices) -> Command | None:
        """Vote for anybody else; at night do what one killer does."""
        seat, open_to = view.viewer, choices.votes
        if not open_to:
            return super().act(view, choices)
        others = members(open_to & ~(1 << seat))
        return VOTES[seat][others[self.dice.below(len(others))]]


def engine(rules: Rules, kind: type[RandomPlay]) -> Callable[[], int]:
    """Give a function that plays one game after the other and counts its commands."""
    laid, number = table(rules, TOWN + MAFIA), 0
    game = laid.fork()

    def one_game() -> int:
        nonlocal number
        number += 1
        key = sha256(b"%d" % number).digest()
        dice = Dice(key)
        game.become(laid, key)
        return play(game, [kind(dice) for _ in range(TOWN + MAFIA)])

    return one_game


def straight() -> int:
    """Play the all-vote game as plain Python can at best; counts its commands."""
    draw = random.random
    is_mafia = [True] * MAFIA + [False] * TOWN
    random.shuffle(is_mafia)
    living, mafia, town, commands = list(range(TOWN + MAFIA)), MAFIA, TOWN, 0
    while True:
        prey = [seat for seat in living if not is_mafia[seat]]
        living.remove(prey[int(draw() * town)])
        town -= 1
        commands += 1
        if mafia >= town:
            return commands
        count = mafia + town
        votes = [0] * (TOWN + MAFIA)
        for place in range(count):
            other = int(draw() * (count - 1))
            votes[living[other + (other >= place)]] += 1
        commands += count
        top = max(votes)
        if votes.count(top) == 1:
            lynched = votes.index(top)
            living.remove(lynched)
            if is_mafia[lynched]:
                mafia -= 1
            else:
                town -= 1
            if not mafia or mafia >= town:
                return commands


GAMES = {
    "all_vote": (RULES.replace(vote="plurality"), Everybody),
    "hammer": (RULES, OneKiller),
}


def measure(pairs: int) -> dict[str, list[float]]:
    """Play each game after the straight line, several times; gives the ratios by game."""
    games = {name: engine(*game) for name, game in GAMES.items()}
    for contestant in (straight, *games.values()):
        rate(contestant, SECONDS / 3)  # warm
    return {
        name: [1 / rate(straight, SECONDS) * rate(game, SECONDS) for _ in range(pairs)]
        for name, game in games.items()
    }
