"""Measure the balance of the district by sensible players; the numbers of decision 0007.

    python bench/balance.py sizes|worth|town|votes [GAMES] [SEED]

`sizes`: who wins with the default counts. `worth`: what the town loses that makes no use of items,
tasks or rumors, against the same mafia. `town`: a sensible town and a random one against the same
mafia. `votes`: how often the ballots of townspeople meet the mafia, by what they had learnt.
"""

import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from hashlib import sha256

from mafia_district.bots import Player, RandomPlay, Sensible
from mafia_district.bots.sensible import ALL
from mafia_district.chance import Dice
from mafia_district.choices import Choices
from mafia_district.ids import PlayerId, has
from mafia_district.items import PathSeen
from mafia_district.lab import simulate
from mafia_district.lab.play import play, table
from mafia_district.lab.wilson import wilson
from mafia_district.machine import Command, Event
from mafia_district.night.collect import ResultLearned
from mafia_district.roles import ROLES
from mafia_district.rules import Rules
from mafia_district.rumors import RumorHeard
from mafia_district.view import View
from mafia_district.voting import VoteClosed

SEATS = 12
SIZES = (7, 10, 15, 20, 30)
DISTRICT = Rules.preset("district")

Make = Callable[[Dice], Player]


class Split:
    """Plays by one brain for the town, and sensibly for all others."""

    turns = Sensible.turns

    def __init__(self, town: Make, dice: Dice) -> None:
        self._town, self._others = town(dice), Sensible(dice)

    def act(self, view: View, choices: Choices) -> Command | None:
        """Play by the brain that the seat's role calls for."""
        town = not view.role or ROLES[view.role].alignment == "town"
        return (self._town if town else self._others).act(view, choices)


def without(unused: str, dice: Dice) -> Player:
    """Make a sensible player that leaves a part of the town alone."""
    return Sensible(dice, ALL - {unused})


def show(label: str, seats: int, make: Make, games: int, seed: int) -> None:
    """Play and print how often the town wins."""
    report = simulate(DISTRICT, seats=seats, games=games, seed=seed, bots=make, workers=2)
    town = report.rates["town"]
    share = f"{town.p:.3f} [{town.low:.3f}, {town.high:.3f}]"
    print(f"{label:24} town {share} days {report.mean_days:.1f} {report.wins}", flush=True)


def sizes(games: int, seed: int) -> None:
    """Measure the default counts."""
    for seats in SIZES:
        show(f"{seats} seats", seats, Sensible, games, seed)


def worth(games: int, seed: int) -> None:
    """Measure what each part of the town is worth to the town."""
    show("all", SEATS, Sensible, games, seed)
    for part in sorted(ALL):
        show(f"town without {part}", SEATS, partial(Split, partial(without, part)), games, seed)
    show(
        "town without all", SEATS, partial(Split, partial(Sensible, uses=frozenset())), games, seed
    )


def town(games: int, seed: int) -> None:
    """Measure a sensible town beside a random one."""
    show("sensible town", SEATS, partial(Split, Sensible), games, seed)
    show("random town", SEATS, partial(Split, RandomPlay), games, seed)


def votes(games: int, seed: int) -> None:
    """Measure the ballots of townspeople, by what they had learnt since the last vote."""
    laid, hits, cast = table(DISTRICT, SEATS), Counter[str](), Counter[str]()
    for number in range(games):
        game, key = laid.fork(), sha256(b"votes %d %d" % (seed, number)).digest()
        game.become(laid, key)
        dice = Dice(key)
        play(game, [Sensible(dice) for _ in range(SEATS)])
        roster, learnt = game.state.table.roster, dict[PlayerId, str]()
        for entry in game.log:
            if found := lesson(entry.event):
                learnt.setdefault(*found)
            elif isinstance(entry.event, VoteClosed):
                for voter, target in entry.event.ballots:
                    if has(roster.town, voter):
                        cast[learnt.get(voter, "nothing")] += 1
                        hits[learnt.get(voter, "nothing")] += has(roster.mafia, target)
                learnt.clear()
    for what, ballots in cast.items():
        low, high = wilson(hits[what], ballots)
        met = hits[what] / ballots
        print(f"{what:10} {hits[what]} of {ballots} = {met:.3f} [{low:.3f}, {high:.3f}]")


def lesson(event: Event) -> tuple[PlayerId, str] | None:
    """Give who learns what by an event, if it bears on who the mafia are."""
    if isinstance(event, ResultLearned) and event.action == "investigate":
        return event.seat, "a result"
    if isinstance(event, RumorHeard) and event.role == "vampire":
        return event.seat, "a rumor"
    return (event.seat, "a path") if isinstance(event, PathSeen) else None


if __name__ == "__main__":
    measure = {"sizes": sizes, "worth": worth, "town": town, "votes": votes}[sys.argv[1]]
    numbers = [int(text) for text in sys.argv[2:]]
    measure(*(numbers + [400, 1][len(numbers) :]))
