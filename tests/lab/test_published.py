"""Win rates that the field has published, played out by random bots through the whole engine.

In its long form every figure is held against 50,000 games. Where a figure is a misprint, what the
oracle computes in its stead is meant. The seed is one for all, and none is chosen for its luck.
"""

import json
from collections.abc import Callable
from fractions import Fraction
from math import sqrt
from pathlib import Path
from typing import Any

import pytest

from mafia_district.bots import MakePlayer
from mafia_district.bots.random_play import RandomPlay
from mafia_district.choices import Choices
from mafia_district.ids import NO_LYNCH
from mafia_district.lab.simulate import simulate
from mafia_district.machine import Command
from mafia_district.phases import DAY
from mafia_district.rules import RoleCounts, Rules
from mafia_district.view import View
from mafia_district.voting import VOTES

ORACLE = json.loads((Path(__file__).parents[1] / "oracles" / "odds.json").read_text("utf-8"))
FIGURES = {figure["id"]: figure for figure in ORACLE["published_figures"]}
SEED = 0
GAMES, SHORT = 50_000, 2_000
FAR = 3.3  # standard deviations

CLASSIC = Rules.preset("classic")

# Figures whose game the oracle gives in words: townspeople and mafia.
SIZES = {
    "whiteflag-3-10": (10, 3),
    "ev-10-2": (10, 2),
    "ev-11-2": (11, 2),
    "redflag-4-7": (7, 4),
    "redflag-5-8": (8, 5),
    "redflag-6-9": (9, 6),
    "redflag-5-10": (10, 5),
    "redflag-7-10": (10, 7),
    "sc2-2town-1maf": (2, 1),
    "nightless-rule": (9, 3),  # a quarter are mafia, as in the figure that is shown for it
}


class TwoMafias(RandomPlay):
    """Plays at random, but when two mafias and the town have one player each, lynches nobody."""

    def act(self, view: View, choices: Choices) -> Command | None:
        """Open the vote of such a day with no lynch, which all others follow."""
        if view.phase is DAY and not view.votes and _one_each(view):
            return VOTES[view.viewer][NO_LYNCH]
        return super().act(view, choices)


def _one_each(view: View) -> bool:
    dead = [seat for seat in view.seats if not seat.alive]
    return view.alive.bit_count() == 3 and all(seat.role == "vanilla_townie" for seat in dead)


def _counts(name: str) -> RoleCounts:
    """Give the townspeople and the mafia of a figure."""
    figure = FIGURES[name]
    town, mafia = SIZES.get(name) or (figure["n"] - figure["m"], figure["m"])
    return ("vanilla_townie", town), ("mafia_goon", mafia)


def _multiball(name: str) -> Rules:
    """Read a figure of two mafias, as in `multiball-1-1-2-N`: fire, ice, town, day or night."""
    _, fire, ice, town, first = name.split("-")
    return Rules.published("multiball").replace(
        first_phase={"D": "day", "N": "night"}[first],
        roles=(
            ("vanilla_townie", int(town)),
            ("fire_mafia_goon", int(fire)),
            ("ice_mafia_goon", int(ice)),
        ),
    )


# The rules of each convention of the oracle, for a figure.
RULES: dict[str, Callable[[str], Rules]] = {
    "NP": lambda name: CLASSIC.replace(first_phase="night", roles=_counts(name)),
    "DPNL": lambda name: CLASSIC.replace(no_lynch_on_even=True, roles=_counts(name)),
    "NL": lambda name: Rules.published("nightless").replace(roles=_counts(name)),
    "WF": lambda name: Rules.published("white_flag").replace(roles=_counts(name)),
    "RED": lambda name: Rules.published("red_flag").replace(roles=_counts(name)),
    "SEMI": lambda name: Rules.published("semi_nightless"),
    "CVENG": lambda name: Rules.published("cult_vengeful"),
    "TLOV": lambda name: Rules.published("true_lovers"),
    "MB": _multiball,
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_published_rate_comes_out_of_the_engine(name: str, *, long: bool) -> None:
    """Given the play that a figure describes, the town wins as often as it says."""
    figure: dict[str, Any] = FIGURES[name]
    bots: str | MakePlayer = TwoMafias if figure["convention"] == "MB" else "random"
    rules, games = RULES[figure["convention"]](name), GAMES if long else SHORT
    won = simulate(rules, games=games, seed=SEED, bots=bots).wins["town"]
    chance = Fraction(figure["exact_town"])
    deviation = float(won - games * chance) / sqrt(games * chance * (1 - chance))
    assert abs(deviation) <= FAR, f"{won} of {games}: {deviation:+.2f} standard deviations"
