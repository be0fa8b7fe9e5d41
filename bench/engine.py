"""The engine beside straight-line Python: commands per second of processor time, as a share.

Ten play, seven town and three mafia; every night one is killed, every day they vote. *All vote*:
each of the living votes for a random other, a tie lynches nobody. *Hammer*: all follow the first
vote until a majority ends the day. The engine's games include the laying of the table, the deal,
the players' own choices, and every event in its log. Both are measured beside the same line in
`lines.py`, which plays the all-vote game. A command is a vote or a night action. The share of the
validated game is for the reader: it tells what the log, the audiences and the views cost on top of
mere checking.
"""

from collections.abc import Callable

from bench.common import ratios
from bench.lines import MAFIA, SEATS, TOWN, draw, straight, validated
from mafia_district.chance import SEED_BYTES
from mafia_district.choices import Choices
from mafia_district.ids import members
from mafia_district.lab.play import play, seated, table
from mafia_district.machine import Command
from mafia_district.night.collect import KILLS
from mafia_district.phases import DAY
from mafia_district.rules import Rules
from mafia_district.view import View
from mafia_district.voting import VOTES

SECONDS = 0.3  # of one measurement
RULES = Rules.preset("classic").with_settings(
    {"roles": f"{TOWN} vanilla_townie, {MAFIA} mafia_goon", "first_phase": "night"}
)


class Followers:
    """Random play: the lowest of the mafia kills anybody outside; all follow the first vote."""

    turns = 1

    def act(self, view: View, choices: Choices) -> Command | None:
        """Vote as the first voter did, or make the first vote."""
        if view.phase is not DAY:
            return _kill(view)
        for target in view.votes.values():
            return VOTES[view.viewer][target]
        living = members(view.alive)
        return VOTES[view.viewer][living[int(draw() * len(living))]]


class Everybody:
    """Random play: the same at night; by day each votes for anybody else."""

    turns = 1

    def act(self, view: View, choices: Choices) -> Command | None:
        """Vote for a random other."""
        if view.phase is not DAY:
            return _kill(view)
        seat = view.viewer
        others = members(view.alive & ~(1 << seat))
        return VOTES[seat][others[int(draw() * len(others))]]


def _kill(view: View) -> Command | None:
    seat, living, mafia = view.viewer, view.alive, view.faction
    if mafia & living & (1 << seat) - 1:
        return None
    outside = members(living & ~mafia)
    return KILLS[seat][outside[int(draw() * len(outside))]]


def engine(rules: Rules, player: Followers | Everybody) -> Callable[[], int]:
    """Give a function that plays one game after the other and counts its commands."""
    laid, number = table(rules, SEATS), 0
    game = laid.fork()
    players = seated(game, [player] * SEATS)

    def one_game() -> int:
        nonlocal number
        number += 1
        game.become(laid, number.to_bytes(SEED_BYTES, "big"))
        return play(game, players)

    return one_game


GAMES = {
    "all_vote": (RULES.replace(vote="plurality"), Everybody()),
    "hammer": (RULES, Followers()),
}


def measure(pairs: int) -> dict[str, list[float]]:
    """Play each game beside the line, several times; gives the ratios by game."""
    all_vote, hammer = engine(*GAMES["all_vote"]), engine(*GAMES["hammer"])
    rounds = {
        "all_vote": (straight, all_vote),
        "hammer": (straight, hammer),
        "all_vote_beside_validated": (validated, all_vote),
    }
    return {name: ratios(*contest, SECONDS, pairs) for name, contest in rounds.items()}
