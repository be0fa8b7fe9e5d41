"""A night beside a day: what it costs to resolve an action, as a share of a vote.

Twenty players hold twenty roles, most of which get in each other's way. In the one game each of
them votes. In the other all have chosen what they do, and the night ends: the actions are resolved,
everybody learns what they learn, the dead are buried and the game is judged. Both begin on a copy
of a table. 0.25 means that an action costs four times what a vote costs.
"""

from collections.abc import Callable
from random import Random

from bench.common import ratios
from mafia_district.game import Game
from mafia_district.ids import NOBODY, members
from mafia_district.lab.play import table
from mafia_district.night.collect import Act
from mafia_district.rules import Rules
from mafia_district.voting import CastVote

SECONDS = 0.3  # of one measurement
CAST = (
    "town_cop", "town_doctor", "town_roleblocker", "town_tracker", "town_watcher", "town_rolecop",
    "town_bus_driver", "town_jailkeeper", "town_vigilante", "town_bodyguard", "town_rolestopper",
    "town_gunsmith", "town_hider", "town_neapolitan", "town_babysitter", "town_redirector",
    "town_detective", "witch", "arsonist", "mafia_goon",
)  # fmt: skip
NIGHTS = 50


def _laid(first_phase: str) -> Game:
    """Deal the cast, and begin with a day or a night."""
    rules = Rules.preset("classic").replace(
        roles=tuple((name, 1) for name in CAST), first_phase=first_phase, vote="plurality"
    )
    laid = table(rules, len(CAST))
    laid.pass_time(laid.alarm or 0)
    return laid


def _votes() -> Callable[[], int]:
    """Give a function that lets everybody vote."""
    laid, dice = _laid("day"), Random(3)
    cast = [(seat, dice.randrange(len(CAST))) for seat in range(len(CAST))]
    game = laid.fork()

    def one_day() -> int:
        game.become(laid)
        for seat, target in cast:
            game.handle(CastVote(seat, target), laid.at)
        return len(cast)

    return one_day


def _nights() -> Callable[[], int]:
    """Give a function that lets a night end in which everybody acts."""
    laid, dice, number = _laid("night"), Random(3), 0
    nights = [_chosen(dice, laid) for _ in range(NIGHTS)]
    game = laid.fork()

    def one_night() -> int:
        nonlocal number
        number = (number + 1) % NIGHTS
        game.become(nights[number])
        game.pass_time(laid.deadline or 0)
        return len(CAST)

    return one_night


def _chosen(dice: Random, laid: Game) -> Game:
    """Let each of the players choose one of the things that they may do."""
    game = laid.fork()
    for seat in range(len(CAST)):
        choices = game.choices(seat)
        verb, targets = dice.choice(list(choices.actions.items()))
        target = dice.choice(members(targets))
        seconds = members(choices.seconds(verb, target))
        second = dice.choice(seconds) if seconds else NOBODY
        game.handle(Act(seat, verb, target, second), laid.at)
    return game


def measure(pairs: int) -> dict[str, list[float]]:
    """Vote and resolve in turn, several times; gives the ratios."""
    return {"beside_vote": ratios(_votes(), _nights(), SECONDS, pairs)}
