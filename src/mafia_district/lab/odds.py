"""Exact odds of the vanilla game under random lynching.

Nobody knows anything and nobody learns anything: each day one living player, drawn uniformly, is
lynched; each night the mafia kill one townsperson. Then only two numbers matter, the living town
and the living mafia, and the mafia's chance is a short recurrence over them:

    day(t, m)   = m/(t+m) · night(t, m-1)  +  t/(t+m) · night(t-1, m)
    night(t, m) = day(t-1, m)

until one side has won. The literature plays this game by seven conventions, which differ in who
starts, in when the game ends and in what the town does; `CONVENTIONS` names them. All
probabilities are fractions, so that a simulation can be held against a truth and not against
another estimate.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from types import MappingProxyType
from typing import Literal

import attrs

FirstPhase = Literal["day", "night"]
End = Literal["parity", "elimination"]

MAX_PLAYERS = 200
"""More players than any table seats; the bound keeps the recurrence shallow and quick."""


@attrs.frozen
class Convention:
    """One reading of the vanilla game, as the literature's figures assume it.

    Raise ValueError for a combination that never ends or that contradicts itself.
    """

    first_phase: FirstPhase = "day"
    end: End = "parity"
    no_lynch_on_even: bool = False
    nightless: bool = False
    white_flag: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuse what no game can be played by."""
        if self.first_phase not in ("day", "night"):
            raise ValueError(f"first_phase is 'day' or 'night', not {self.first_phase!r}")
        if self.end not in ("parity", "elimination"):
            raise ValueError(f"end is 'parity' or 'elimination', not {self.end!r}")
        if self.nightless and self.first_phase == "night":
            raise ValueError("a nightless game cannot begin with a night: let it begin by day")
        if self.nightless and self.no_lynch_on_even:
            raise ValueError(
                "a nightless game that lynches nobody on even days never ends: drop one of the two"
            )


CONVENTIONS: Mapping[str, Convention] = MappingProxyType(
    {
        "day_first_elimination": Convention(end="elimination"),
        "day_first_parity": Convention(),
        "night_first_elimination": Convention(first_phase="night", end="elimination"),
        "night_first_parity": Convention(first_phase="night"),
        "day_first_parity_nolynch_on_even": Convention(no_lynch_on_even=True),
        "nightless_parity": Convention(nightless=True),
        "white_flag_day_first_parity": Convention(white_flag=True),
    }
)


def odds(
    players: int,
    mafia: int,
    *,
    first_phase: FirstPhase = "day",
    end: End = "parity",
    no_lynch_on_even: bool = False,
    nightless: bool = False,
    white_flag: bool = False,
) -> Fraction:
    """Return the exact probability that the mafia wins.

    `end` says when it has won: at "parity" as soon as it is half of the living, at "elimination"
    only when no townsperson lives. The town wins when no mafioso lives, with `white_flag` already
    when one is left. With `no_lynch_on_even` the town lynches nobody on a day that an even number
    sees. Raise ValueError for numbers or combinations that no game can have.

    >>> odds(7, 2)
    Fraction(27, 35)
    """
    convention = Convention(first_phase, end, no_lynch_on_even, nightless, white_flag)
    return _chance(players, mafia, convention)


def table(limit: int = 20) -> dict[str, dict[tuple[int, int], Fraction]]:
    """Return the odds of every convention for every (players, mafia) up to `limit` players."""
    return {
        name: {
            (players, mafia): _chance(players, mafia, convention)
            for players, mafia in _sizes(limit, convention)
        }
        for name, convention in CONVENTIONS.items()
    }


def _sizes(limit: int, convention: Convention) -> Iterator[tuple[int, int]]:
    """Yield every (players, mafia) that the convention is defined for."""
    for players in range(2, limit + 1):
        for mafia in range(_least_mafia(convention), players + 1):
            yield players, mafia


def _least_mafia(convention: Convention) -> int:
    """Return the smallest mafia that has not lost before the game begins."""
    return 2 if convention.white_flag else 1


def _chance(players: int, mafia: int, convention: Convention) -> Fraction:
    """Return the mafia's chance at the start of a game of these numbers."""
    if players > MAX_PLAYERS:
        raise ValueError(f"odds are worked out for at most {MAX_PLAYERS} players, not {players}")
    least = _least_mafia(convention)
    if not least <= mafia <= players:
        flag = " under a white flag" if convention.white_flag else ""
        raise ValueError(
            f"a game{flag} has at least {least} mafia and at most as many as players: "
            f"{mafia} of {players} cannot be"
        )
    begin = _night if convention.first_phase == "night" else _day
    return begin(players - mafia, mafia, convention)


@cache
def _day(town: int, mafia: int, convention: Convention) -> Fraction:
    """Return the mafia's chance when a day begins."""
    if (decided := _decided(town, mafia, convention)) is not None:
        return decided
    living = town + mafia
    if convention.no_lynch_on_even and living % 2 == 0:
        return _night(town, mafia, convention)
    return Fraction(mafia, living) * _night(town, mafia - 1, convention) + Fraction(
        town, living
    ) * _night(town - 1, mafia, convention)


def _night(town: int, mafia: int, convention: Convention) -> Fraction:
    """Return the mafia's chance when the day has ended."""
    if (decided := _decided(town, mafia, convention)) is not None:
        return decided
    killed = 0 if convention.nightless else 1
    return _day(town - killed, mafia, convention)


def _decided(town: int, mafia: int, convention: Convention) -> Fraction | None:
    """Return 0 when the town has won, 1 when the mafia has, None while the game goes on."""
    if mafia < _least_mafia(convention):
        return Fraction(0)
    if town == 0 or (convention.end == "parity" and mafia >= town):
        return Fraction(1)
    return None
