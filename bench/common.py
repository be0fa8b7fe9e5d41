"""What every benchmark shares: ratios of interleaved pairs, and the limits that they are held to.

Machines are noisy and differ, so nothing is asserted in seconds. Each contestant is measured right
beside what it is compared with, first in every second pair; the two make a ratio, and the median of
several ratios is the result. `limits/` has for each figure a *floor*, below which the check fails,
and the *goal*.
"""

import json
import statistics
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import process_time

LIMITS = Path(__file__).parent / "limits"


def rate(play: Callable[[], int], seconds: float) -> float:
    """Play for some seconds of processor time; gives the commands per second of it."""
    commands, began, spent = 0, process_time(), 0.0
    while spent < seconds:
        commands += play()
        spent = process_time() - began
    return commands / spent


def ratios(
    line: Callable[[], int], game: Callable[[], int], seconds: float, pairs: int
) -> list[float]:
    """Measure a game beside its line, in pairs; gives the game's rate as a share, by pair."""
    for contestant in (line, game):
        rate(contestant, seconds / 3)  # warm
    shares = []
    for pair in range(pairs):
        order = (line, game) if pair % 2 else (game, line)
        rates = {contestant: rate(contestant, seconds) for contestant in order}
        shares.append(rates[game] / rates[line])
    return shares


def report(name: str, ratios: Mapping[str, Sequence[float]]) -> bool:
    """Print each figure as a line of JSON beside its limits; True if no floor is missed."""
    limits = json.loads((LIMITS / f"{name}.json").read_text())
    held = True
    for figure, row in ratios.items():
        median = statistics.median(row)
        line = {"bench": name, "figure": figure, "median": round(median, 3), **limits[figure]}
        line |= {"low": round(min(row), 3), "high": round(max(row), 3), "pairs": len(row)}
        print(json.dumps(line))
        held &= median >= limits[figure]["floor"]
    return held
