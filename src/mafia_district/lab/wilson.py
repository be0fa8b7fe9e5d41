"""How far an observed rate may be from the true one: Wilson's score interval.

The textbook interval `p ± z·√(p(1-p)/n)` shrinks to nothing when every game was won by one side.
Wilson asks the question the other way round: for which true rates would the observed one be no
surprise? That interval stays inside [0, 1], always holds the observed rate and is right for few
games too.
"""

from math import sqrt


def wilson(wins: int, games: int, z: float = 1.96) -> tuple[float, float]:
    """Return the interval (low, high) of win rates, 0 to 1, that fit `wins` of `games`.

    `z` is the width in standard deviations: 1.96 holds the true rate 19 times of 20.
    Raise ValueError unless 0 <= wins <= games, games >= 1 and z >= 0.
    """
    if games < 1:
        raise ValueError(f"an interval needs at least one game, not {games}")
    if not 0 <= wins <= games:
        raise ValueError(f"wins must lie between 0 and the number of games {games}, not {wins}")
    if z < 0:
        raise ValueError(f"z is a number of standard deviations and cannot be negative: {z}")
    rate = wins / games
    shrink = 1 + z * z / games
    centre = (rate + z * z / (2 * games)) / shrink
    half = z * sqrt(rate * (1 - rate) / games + (z / (2 * games)) ** 2) / shrink
    # Rounding may push an end past the observed rate by one unit in the last place.
    return max(0.0, min(rate, centre - half)), min(1.0, max(rate, centre + half))
