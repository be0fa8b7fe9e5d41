"""Simulations: the same whoever does the work, and in the long run what arithmetic says."""

from math import sqrt
from typing import Any

import attrs
import pytest

from mafia_district.bots import make
from mafia_district.chance import Dice
from mafia_district.ids import KEEPER
from mafia_district.lab import odds, simulate
from mafia_district.lab.play import play, table
from mafia_district.lab.simulate import Report
from mafia_district.machine import Code, Refused
from mafia_district.rules import Rules


def vanilla(players: int, mafia: int, **settings: Any) -> Rules:
    """Give the rules of the vanilla game of so many players and mafia."""
    roles = (("vanilla_townie", players - mafia), ("mafia_goon", mafia))
    return Rules.preset("classic").replace(roles=roles, **settings)


def found(report: Report) -> dict[str, object]:
    """Give all of a report that does not tell how fast the machine is."""
    clocked = ("wall_seconds", "cpu_seconds", "games_per_second", "commands_per_second")
    told = attrs.asdict(report)
    return {name: told[name] for name in told if name not in clocked}


@pytest.mark.parametrize(
    ("players", "mafia", "convention"),
    [
        (7, 2, {}),
        (10, 3, {}),
        (5, 1, {}),
        (21, 4, {}),
        (7, 2, {"first_phase": "night"}),
        (12, 2, {"first_phase": "night"}),
        (9, 2, {"end": "elimination"}),
        (8, 2, {"end": "elimination", "first_phase": "night"}),
        (12, 3, {"nightless": True}),
        (9, 1, {"nightless": True}),
        (10, 3, {"white_flag": True}),
        (8, 2, {"no_lynch_on_even": True}),
        (13, 2, {"no_lynch_on_even": True, "first_phase": "night"}),
    ],
)
def test_random_play_comes_to_the_exact_odds(
    players: int, mafia: int, convention: dict[str, Any]
) -> None:
    """Given thousands of games, wins lie within 3.3 standard deviations of the exact chance."""
    games, exact = 3_000, float(odds(players, mafia, **convention))
    report = simulate(vanilla(players, mafia, **convention), games=games, seed=2)
    z = (report.wins["mafia"] - games * exact) / sqrt(games * exact * (1 - exact))
    assert abs(z) <= 3.3
    assert report.wins["draw"] == 0


@pytest.mark.parametrize("bots", ["random", "monkey"])
def test_any_number_of_workers_finds_the_same(bots: str) -> None:
    """Given one seed, one process and two report the same games, in order, finishing them all."""
    rules, finished = Rules.preset("classic"), list[int]()
    one = simulate(rules, seats=10, games=300, seed=5, bots=bots)
    two = simulate(
        rules, seats=10, games=300, seed=5, bots=bots, workers=2, progress=finished.append
    )
    assert found(one) == found(two)
    assert finished == [100, 200, 300]


def test_another_seed_plays_other_games() -> None:
    """Given two seeds, the games differ, and the first again gives the first."""
    reports = [simulate(vanilla(9, 2), games=100, seed=seed) for seed in (1, 2, 1)]
    assert found(reports[0]) == found(reports[2])
    assert reports[0].commands != reports[1].commands or reports[0].wins != reports[1].wins


def test_games_are_counted_by_winner_and_lone_winners_beside_them() -> None:
    """Given jesters in play, factions and draws add up to the games, and jesters' wins come too."""
    report = simulate(Rules.preset("classic"), seats=12, games=300, seed=3)
    wins = dict(report.wins)
    assert 0 < wins.pop("jester") < 300
    assert sum(wins.values()) == 300
    for side, rate in report.rates.items():
        assert rate.p == report.wins[side] / 300
        assert rate.low <= rate.p <= rate.high


def test_secret_ballots_can_be_simulated() -> None:
    """Given the district's vote, random play goes through to its end as well."""
    report = simulate(Rules.preset("district"), seats=8, games=60, seed=1)
    assert sum(report.wins.values()) == 60
    assert report.mean_days >= 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"games": 0}, "0 games cannot be played"),
        ({"workers": 0}, "0 workers cannot play"),
        ({"bots": "genius"}, "no player is called 'genius': choose random or monkey"),
    ],
)
def test_impossible_numbers_are_refused_with_the_fix(wrong: dict[str, Any], says: str) -> None:
    """Given no games, no workers or an unknown player, nothing is played."""
    with pytest.raises(ValueError, match=says):
        simulate(vanilla(7, 2), **wrong)


def test_a_table_that_cannot_start_is_refused() -> None:
    """Given too few seats, or others than the roles are for, the refusal is the game's own."""
    with pytest.raises(Refused) as few:
        simulate(Rules.preset("classic"), seats=2)
    with pytest.raises(Refused) as other:
        simulate(vanilla(7, 2), seats=8)
    assert (few.value.code, other.value.code) == (Code.TOO_FEW_PLAYERS, Code.BAD_SETUP)


def test_a_role_with_two_actions_takes_both() -> None:
    """Given a mafia roleblocker at random play, they block and kill every night they live."""
    rules = Rules.preset("classic").with_settings(
        {"roles": "6 vanilla_townie, 1 mafia_roleblocker", "first_phase": "night"}
    )
    game = table(rules, 7).fork(bytes(32))
    play(game, [make("random", Dice(b"both")) for _ in range(7)])
    for night in game.view(KEEPER).nights:
        assert {reason.verb for reason in night.reasons} == {"roleblock", "faction_kill"}
    assert game.view(KEEPER).nights
