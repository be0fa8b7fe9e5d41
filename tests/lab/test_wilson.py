"""Wilson's interval, held against published values and against what it promises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mafia_district.lab.wilson import wilson


@pytest.mark.parametrize(
    ("wins", "games", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_published_intervals_agree(wins: int, games: int, low: float, high: float) -> None:
    """The four samples of Newcombe (1998), method 3, come out as printed."""
    assert wilson(wins, games) == pytest.approx((low, high), abs=5e-5)


@given(games=st.integers(1, 10**9), share=st.floats(0, 1), z=st.floats(0, 10))
def test_the_interval_holds_the_rate_and_mirrors(games: int, share: float, z: float) -> None:
    """Given any count, the interval holds the rate, and the losses' interval is its mirror."""
    wins = round(games * share)
    low, high = wilson(wins, games, z)
    assert 0 <= low <= wins / games <= high <= 1
    assert wilson(games - wins, games, z) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@given(games=st.integers(1, 10**6), share=st.floats(0, 1))
def test_more_games_or_less_certainty_narrow_the_interval(games: int, share: float) -> None:
    """Given the same rate, four times the games or a smaller z give a narrower interval."""
    wins = round(games * share)

    def width(factor: int, z: float) -> float:
        low, high = wilson(wins * factor, games * factor, z)
        return high - low

    assert width(4, 1.96) < width(1, 1.96)
    assert width(1, 1.0) < width(1, 1.96)


@pytest.mark.parametrize(
    ("wins", "games", "z", "sentence"),
    [
        (0, 0, 1.96, "at least one game"),
        (-1, 5, 1.96, "between 0 and the number of games"),
        (6, 5, 1.96, "between 0 and the number of games"),
        (1, 5, -1.0, "cannot be negative"),
    ],
)
def test_impossible_counts_are_refused(wins: int, games: int, z: float, sentence: str) -> None:
    """Given counts that cannot have been observed, the error says which."""
    with pytest.raises(ValueError, match=sentence):
        wilson(wins, games, z)
