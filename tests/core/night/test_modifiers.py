"""Modifiers: what they change in a night, and on which nights."""

import pytest

from mafia_district.game import Game
from mafia_district.machine import Code
from mafia_district.night.collect import Act

from ..tables import do, end_phase, lobby, refused, started, with_deal
from .scenes import Scene


def nights(name: str) -> Game:
    """Begin with the first night, six at the table, seat 0 with the role that is tried."""
    game = started(lobby(6, first_phase="night", stalemate_days=9))
    end_phase(game)
    return with_deal(game, (name, "mafia_goon", *["vanilla_townie"] * 4))


def aims(game: Game, count: int, *named: int) -> list[list[int]]:
    """List for some nights whom seat 0 may name, while it names these one after the other."""
    found, again = [], list(named)
    for _ in range(count):
        (mask,) = game.choices(0).actions.values() or (0,)
        found.append([seat for seat in range(6) if mask >> seat & 1])
        if mask and again and mask >> again[0] & 1:
            do(game, Act(0, "watch", again.pop(0)))
        end_phase(game)
        end_phase(game)
    return found


ALL = [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("night_one_watcher", [ALL, [], [], []]),
        ("night_three_watcher", [[], [], ALL, []]),
        ("novice_watcher", [[], ALL, ALL, ALL]),
        ("even_night_watcher", [[], ALL, [], ALL]),
        ("non_consecutive_watcher", [ALL, [], ALL, []]),
        ("indecisive_watcher", [ALL, [1, 3, 4, 5], [1, 2, 4, 5], ALL]),
        ("roaming_watcher", [ALL, [1, 3, 4, 5], [1, 4, 5], [1, 4, 5]]),
    ],
)
def test_a_modifier_says_when_and_whom(name: str, expected: list[list[int]]) -> None:
    """Given a watcher who names 2 and then 3, it is open on its nights, and to its targets."""
    assert aims(nights(name), 4, 2, 3) == expected


def test_what_is_not_for_tonight_is_refused() -> None:
    """Given a role of the second night, the first night refuses it and says so."""
    assert refused(nights("night_two_watcher"), Act(0, "watch", 2)) is Code.NOT_TONIGHT


@pytest.mark.parametrize(
    ("name", "fails_on"),
    [
        ("simple", "T M"),
        ("complex", "V G"),
        ("loyal", "M G"),
        ("disloyal", "T V"),
        ("weak", ""),
    ],
)
def test_a_modifier_says_on_whom_one_fails(name: str, fails_on: str) -> None:
    """Given a cop, their check fails on whom the modifier says, and on nobody else."""
    cast = f"C={name}_cop T=town_tracker V=vanilla_townie M=mafia_roleblocker G=mafia_goon"
    told = {seat: Scene(cast, f"C investigate {seat}").told("C") for seat in "TVMG"}
    assert [seat for seat in told if told[seat] == ["no_result"]] == fails_on.split()


def test_the_lazy_rest_when_a_single_enemy_is_left() -> None:
    """Given one enemy, a lazy cop learns nothing, a lazy commuter stays, a shared kill goes on."""
    two = "C=lazy_cop L=lazy_commuter G=lazy_mafia_goon H=mafia_goon V=vanilla_townie"
    one = two.replace("H=mafia_goon", "H=vanilla_townie")
    lines = ("C investigate V", "L commute", "G faction_kill L")
    assert (Scene(two, *lines).told("C"), Scene(two, *lines).dead()) == (["town"], "")
    assert (Scene(one, *lines).told("C"), Scene(one, *lines).dead()) == (["no_result"], "L")


@pytest.mark.parametrize(
    ("name", "line", "dead"),
    [
        ("godfather", "C investigate X", ""),
        ("miller", "C investigate X", ""),
        ("gun_toting_paranoid", "C investigate X", "C"),
        ("explosive", "K kill X", "X K"),
        ("lover", "K kill L", "X L"),
        ("bulletproof", "K kill X", ""),
    ],
)
def test_a_modifier_says_what_one_is(name: str, line: str, dead: str) -> None:
    """Given a tracker who is something besides, it shows in who dies and in what a cop is told."""
    cast = f"X={name}_tracker C=town_cop K=town_vigilante L=town_lover"
    scene = Scene(cast, line)
    assert set(scene.dead().split()) == set(dead.split())
    assert scene.told("C") == ([["not_town"], ["town"]][name != "miller"] if line[0] == "C" else [])
