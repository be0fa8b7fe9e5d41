"""Measure the balance of the district by sensible players; the numbers of decision 0007.

    python bench/balance.py sizes|worth|town|votes [GAMES] [SEED]

`sizes`: who wins with the default counts. `worth`: what the town loses that makes no use of items,
tasks or rumors, against the same mafia. `town`: a sensible town and a random one against the same
mafia. `votes`: how often the ballots of townspeople meet the mafia, by what they had learnt.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from hashlib import sha256
from types import MappingProxyType
from typing import Final

from mafia_district.bots import MakePlayer, RandomPlay, Sensible
from mafia_district.bots.mind import ALL
from mafia_district.chance import Dice
from mafia_district.game import Game
from mafia_district.ids import PlayerId, has
from mafia_district.items import PathSeen
from mafia_district.lab import simulate
from mafia_district.lab.play import play, table
from mafia_district.lab.simulate import Report
from mafia_district.lab.split import Split
from mafia_district.lab.wilson import wilson
from mafia_district.machine import Event
from mafia_district.night.collect import ResultLearned
from mafia_district.roles import find_role
from mafia_district.rules import Rules
from mafia_district.rumors import RumorHeard
from mafia_district.voting import VoteClosed

SEATS = 12
SIZES = (7, 10, 15, 20, 30)
DISTRICT = Rules.preset("district")


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="bench/balance.py", description=__doc__)
    parser.add_argument("measure", choices=MEASURES)
    parser.add_argument("games", type=_positive, nargs="?", default=400)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    asked = parser.parse_args()
    MEASURES[asked.measure](asked.games, asked.seed)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} games cannot be played: at least 1")
    return number


def sensible_but_for_town(make: MakePlayer) -> MakePlayer:
    """Make players who are sensible against the town, and in it as given."""
    return partial(Split, make, Sensible)


def show(label: str, seats: int, make: MakePlayer, games: int, seed: int) -> None:
    """Play and print how often the town wins, and who else does."""
    report = simulate(DISTRICT, seats=seats, games=games, seed=seed, bots=make, workers=2)
    town = report.rates["town"]
    share = f"{town.p:.1%} ({town.low:.1%} to {town.high:.1%})"
    print(f"{label:24} town {share}, {report.mean_days:.1f} days; {_others(report)}", flush=True)


def _others(report: Report) -> str:
    """List the other winners, the most frequent first; those who win alone win besides."""
    rates = sorted(report.rates.items(), key=lambda pair: -pair[1].p)
    return ", ".join(f"{side} {rate.p:.1%}" for side, rate in rates if side != "town")


def sizes(games: int, seed: int) -> None:
    """Measure the default counts."""
    for seats in SIZES:
        show(f"{seats} seats", seats, Sensible, games, seed)


def worth(games: int, seed: int) -> None:
    """Measure what each part of the town is worth to the town."""
    show("all", SEATS, Sensible, games, seed)
    used = {f"town without {part}": ALL - {part} for part in sorted(ALL)}
    for label, uses in (used | {"town without all": frozenset[str]()}).items():
        make = sensible_but_for_town(partial(Sensible, uses=uses))
        show(label, SEATS, make, games, seed)


def town(games: int, seed: int) -> None:
    """Measure a sensible town beside a random one."""
    show("sensible town", SEATS, sensible_but_for_town(Sensible), games, seed)
    show("random town", SEATS, sensible_but_for_town(RandomPlay), games, seed)


def votes(games: int, seed: int) -> None:
    """Measure the ballots of townspeople, by what they had learnt since the last vote."""
    laid, hits, cast = table(DISTRICT, SEATS), Counter[str](), Counter[str]()
    for number in range(games):
        game, key = laid.fork(), sha256(b"votes %d %d" % (seed, number)).digest()
        game.become(laid, key)
        dice = Dice(key)
        play(game, [Sensible(dice) for _ in range(SEATS)])
        for what, hit in _ballots(game):
            cast[what] += 1
            hits[what] += hit
    for what, ballots in cast.items():
        low, high = wilson(hits[what], ballots)
        met = hits[what] / ballots
        print(f"{what:10} {hits[what]} of {ballots} = {met:.1%} ({low:.1%} to {high:.1%})")


def _ballots(game: Game) -> Iterator[tuple[str, bool]]:
    """List what each townsperson had learnt who cast a ballot, and if it met the mafia."""
    roster, learnt = game.state.table.roster, dict[PlayerId, str]()
    for event in (entry.event for entry in game.log):
        if found := lesson(event):
            learnt.setdefault(*found)
        elif isinstance(event, VoteClosed):
            for voter, target in event.ballots:
                if has(roster.cast.town, voter):
                    yield learnt.get(voter, "nothing"), has(roster.cast.mafia, target)
            learnt.clear()


def lesson(event: Event) -> tuple[PlayerId, str] | None:
    """Give who learns what by an event, if it bears on who the mafia are."""
    if isinstance(event, ResultLearned) and event.action == "investigate":
        return event.seat, "a result"
    if isinstance(event, RumorHeard):
        role = find_role(event.role)
        return (event.seat, "a rumor") if role and role.alignment == "mafia" else None
    return (event.seat, "a path") if isinstance(event, PathSeen) else None


MEASURES: Final[Mapping[str, Callable[[int, int], None]]] = MappingProxyType(
    {"sizes": sizes, "worth": worth, "town": town, "votes": votes}
)


if __name__ == "__main__":
    main()
