"""The exact odds, held against figures from the literature."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import pytest

from mafia_district.lab.odds import CONVENTIONS, MAX_PLAYERS, odds, table

ORACLE = json.loads((Path(__file__).parents[1] / "oracles" / "odds.json").read_text("utf-8"))

# Published figures of other games: more sides, lovers, cults, late first nights.
OTHER_GAMES = {"RED", "CVENG", "TLOV", "SEMI", "MB"}

# Published figures whose game the oracle gives in words: (players, mafia).
SIZES = {
    "whiteflag-3-10": (13, 3),
    "ev-10-2": (12, 2),
    "ev-11-2": (13, 2),
    "sc2-2town-1maf": (3, 1),
}

# The nightless rule is a formula, not a figure; it has a test of its own.
FIGURES = [
    figure
    for figure in ORACLE["published_figures"]
    if figure["convention"] not in OTHER_GAMES and figure["id"] != "nightless-rule"
]


def by_convention(code: str, players: int, mafia: int) -> Fraction:
    """Return the odds under the convention that the oracle knows by `code`."""
    convention = CONVENTIONS[ORACLE["conventions"][code]["name"]]
    return odds(players, mafia, **attrs.asdict(convention))


def as_printed(figure: dict[str, Any], chance: Fraction) -> bool:
    """Tell whether a chance, rounded as the source rounds, is what the source prints."""
    if "printed_town_pct" in figure:
        printed, scale = str(figure["printed_town_pct"]), 100
    else:
        printed, scale = figure["printed"].rstrip("%"), 100 if "%" in figure["printed"] else 1
    if "/" in printed:
        return Fraction(printed) == chance
    half_a_digit = Fraction(1, 2 * 10 ** len(printed.partition(".")[2]))
    return abs(chance * scale - Fraction(printed)) <= half_a_digit


@pytest.mark.parametrize("code", ORACLE["conventions"])
def test_every_entry_of_the_oracle_agrees_as_a_fraction(code: str) -> None:
    """Given a convention of the literature, every size has exactly the oracle's odds."""
    rows = ORACLE["conventions"][code]["table"]
    ours = {size: by_convention(code, *map(int, size.split(","))) for size in rows}
    assert ours == {size: Fraction(row["p_mafia"]) for size, row in rows.items()}


def test_the_table_is_the_oracle_up_to_six_players() -> None:
    """The table holds the oracle's conventions, sizes and odds, and no others."""
    ours = {
        name: {f"{players},{mafia}": str(chance) for (players, mafia), chance in rows.items()}
        for name, rows in table(6).items()
    }
    theirs = {
        entry["name"]: {
            size: row["p_mafia"] for size, row in entry["table"].items() if size[0] != "7"
        }
        for entry in ORACLE["conventions"].values()
    }
    assert ours == theirs


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure["id"])
def test_published_figures_agree_and_misprints_do_not(figure: dict[str, Any]) -> None:
    """Given a printed figure, ours is what was recomputed, and is the print unless a misprint."""
    players, mafia = SIZES.get(figure["id"]) or (figure["n"], figure["m"])
    town = 1 - by_convention(figure["convention"], players, mafia)
    assert town == Fraction(figure["exact_town"])
    assert as_printed(figure, town) == figure["confirmed"]


def test_the_nightless_rule_holds() -> None:
    """Without nights the mafia's chance is twice its share of the players, and never above 1."""
    for players in range(2, 41):
        for mafia in range(1, players + 1):
            rule = min(Fraction(2 * mafia, players), Fraction(1))
            assert odds(players, mafia, nightless=True) == rule


def test_the_semi_nightless_figure_is_made_of_ours() -> None:
    """The literature's game with two quiet nights is a mixture of our day-first odds."""
    still_two, one_left, none_left = Fraction(36, 55), Fraction(18, 55), Fraction(1, 55)
    town = still_two * (1 - odds(9, 2)) + one_left * (1 - odds(9, 1)) + none_left
    assert town == Fraction(157, 385)


@pytest.mark.parametrize("name", CONVENTIONS)
def test_more_mafia_never_has_worse_odds(name: str) -> None:
    """Given sixty players, a chance lies in [0, 1] and does not fall as the mafia grows."""
    chances = [chance for (players, _), chance in table(60)[name].items() if players == 60]
    assert chances == sorted(chances)
    assert 0 <= chances[0] <= chances[-1] == 1


@pytest.mark.parametrize(
    ("players", "mafia", "switches", "sentence"),
    [
        (5, 0, {}, "at least 1 mafia"),
        (5, 6, {}, "at most as many as players"),
        (0, 0, {}, "at least 1 mafia"),
        (5, 1, {"white_flag": True}, "white flag has at least 2 mafia"),
        (MAX_PLAYERS + 1, 1, {}, f"at most {MAX_PLAYERS} players"),
        (5, 1, {"first_phase": "noon"}, "'day' or 'night', not 'noon'"),
        (5, 1, {"end": "never"}, "'parity' or 'elimination', not 'never'"),
        (5, 1, {"nightless": True, "first_phase": "night"}, "cannot begin with a night"),
        (5, 1, {"nightless": True, "no_lynch_on_even": True}, "never ends"),
    ],
)
def test_an_impossible_game_is_refused_with_a_sentence(
    players: int, mafia: int, switches: dict[str, Any], sentence: str
) -> None:
    """Given numbers or switches that no game can have, the error says which and why."""
    with pytest.raises(ValueError, match=sentence):
        odds(players, mafia, **switches)
