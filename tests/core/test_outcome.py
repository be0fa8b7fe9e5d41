"""The outcome: who has won, when it is judged, and what the end shows."""

from typing import Any

import pytest

from mafia_district.game import Game
from mafia_district.ids import SPECTATOR
from mafia_district.machine import Code
from mafia_district.night.collect import Act
from mafia_district.night.deed import FACTION_KILL
from mafia_district.outcome import End, GameEnded, SeedShown, WonAlone
from mafia_district.phases import DAY, ENDED, EVENING, NIGHT
from mafia_district.voting import CastVote

from .districts import district, until
from .tables import dealt, do, end_phase, refused


def lynch(game: Game, seat: int) -> None:
    """Let the living vote for a seat until it hangs."""
    for voter in range(len(game.view(0).seats)):
        if game.phase is DAY and game.view(0).seats[voter].alive:
            do(game, CastVote(voter, seat))


def ended(game: Game) -> tuple[tuple[str, ...], tuple[int, ...], str] | None:
    """Give winners, seats that won alone and the reason, or None while the game goes on."""
    outcome = game.outcome
    return None if outcome is None else (outcome.winners, outcome.seats, outcome.reason)


def test_the_town_wins_when_no_mafia_live() -> None:
    """Given the last of the mafia lynched, the town has won; a jester keeps nobody from it."""
    game = dealt("vvvjm")
    lynch(game, 4)
    assert ended(game) == (("town",), (), "all who had to be eliminated are dead")


def test_nobody_wins_without_a_townsperson() -> None:
    """Given neither mafia nor town alive, nobody has won."""
    game = dealt("jjm")
    lynch(game, 2)
    assert ended(game) == ((), (), "only those live who belong to nobody")


@pytest.mark.parametrize(
    ("cast", "settings", "over"),
    [
        ("vvmm", {}, True),
        ("vm", {"min_seats": 1}, True),
        ("vvvmm", {}, False),
        ("vgmm", {}, False),
        ("vomm", {}, False),
        ("jjmm", {}, True),
        ("vvmm", {"end": "elimination"}, False),
        ("vvmm", {"white_flag": True}, True),
    ],
)
def test_parity_is_judged_at_the_deal(cast: str, settings: dict[str, object], over: bool) -> None:
    """Given half of the living, the mafia win, unless another killer lives or the rules say so."""
    game = dealt(cast, **settings)
    assert (ended(game) is not None) == over
    assert not over or ended(game) == (("mafia",), (), "the mafia hold half of the votes")


def test_a_shot_that_is_spent_tonight_changes_nothing_any_more() -> None:
    """Given parity at dawn and the last shot fired in that night, the mafia have won."""
    game = dealt("ovvvmm", first_phase="night")
    do(game, Act(0, "kill", 1), Act(4, FACTION_KILL, 2))
    end_phase(game)
    assert ended(game) == (("mafia",), (), "the mafia hold half of the votes")


def test_a_shot_that_is_left_may_still_change_it() -> None:
    """Given parity at dawn and a shot that was not fired, the game goes on."""
    game = dealt("ovvmm", first_phase="night")
    do(game, Act(3, FACTION_KILL, 1))
    end_phase(game)
    assert ended(game) is None


def test_by_elimination_the_mafia_win_when_they_are_alone() -> None:
    """Given that rule, one of the town keeps the game alive, and none ends it."""
    game = dealt("vvm", end="elimination", first_phase="night")
    do(game, Act(2, FACTION_KILL, 0))
    end_phase(game)
    assert (ended(game), game.phase) == (None, DAY)
    end_phase(game)
    do(game, Act(2, FACTION_KILL, 1))
    end_phase(game)
    assert ended(game) == (("mafia",), (), "only the mafia live")


def test_a_white_flag_gives_the_town_the_game_while_it_lives() -> None:
    """Given one mafioso left, the town has won, but not a town that is dead."""
    game = dealt("vvvmm", white_flag=True)
    lynch(game, 4)
    assert ended(game) == (("town",), (), "the last of the mafia raised the white flag")
    alone = dealt("jjm", white_flag=True)
    assert ended(alone) is None


def test_victory_is_judged_after_all_deaths_of_a_night() -> None:
    """Given the last mafioso and the last but one of the town dead in one night, the town wins."""
    game = dealt("gvm", first_phase="night")
    do(game, Act(0, "kill", 2), Act(2, FACTION_KILL, 0))
    end_phase(game)
    assert ended(game) == (("town",), (), "all who had to be eliminated are dead")


def test_when_nobody_lives_nobody_wins() -> None:
    """Given everybody dead at once, the game is a draw."""
    game = dealt("gm", min_seats=1, first_phase="night")
    do(game, Act(0, "kill", 1), Act(1, FACTION_KILL, 0))
    end_phase(game)
    assert ended(game) == ((), (), "nobody lives")


def test_a_lynched_jester_wins_alone_and_the_game_goes_on() -> None:
    """Given a jester lynched, everybody learns that they won; a jester killed at night did not."""
    game = dealt("vvvvjjm")
    lynch(game, 4)
    assert (game.phase, game.view(SPECTATOR).won_alone) == (NIGHT, (4,))
    do(game, Act(6, FACTION_KILL, 5))
    end_phase(game)
    lynch(game, 6)
    assert ended(game) == (("town",), (4,), "all who had to be eliminated are dead")


def test_a_jester_whose_lynch_ends_the_game_has_won_as_well() -> None:
    """Given the lynch that makes parity, the jester is listed beside the mafia."""
    game = dealt("vjm")
    do(game, CastVote(0, 1))
    events = do(game, CastVote(2, 1))
    assert [event for event in events if isinstance(event, WonAlone | GameEnded)] == [
        WonAlone(1),
        GameEnded(("mafia",), (1,), "the mafia hold half of the votes"),
    ]
    assert game.view(SPECTATOR).won_alone == (1,)


def test_days_without_a_death_end_in_a_draw() -> None:
    """Given four days and nights without a death, the fifth morning ends it; a death does not."""
    game = dealt("vvvvvmm")
    for _ in range(3):
        end_phase(game)
        end_phase(game)
    end_phase(game)
    saved = game.fork()
    end_phase(game)
    assert (game.day, ended(game)) == (4, ((), (), "4 days without a death"))
    do(saved, Act(5, FACTION_KILL, 0))
    end_phase(saved)
    assert (saved.day, ended(saved)) == (5, None)


def test_a_death_gives_as_many_days_again() -> None:
    """Given a lynch on day two, the draw comes after four days without one, not before."""
    game = dealt("vvvvvmm")
    end_phase(game)
    end_phase(game)
    lynch(game, 0)
    while ended(game) is None:
        end_phase(game)
    assert game.day == 6


def test_a_host_ends_a_game_without_a_winner() -> None:
    """Given a running game, the host may end it; a guest may not, nor anybody end what is over."""
    game = dealt("vvvm")
    assert refused(game, End(1)) is Code.NOT_HOST
    do(game, End(0))
    assert (game.phase, ended(game)) == (ENDED, ((), (), "ended by the host"))
    assert refused(game, End(0)) is Code.WRONG_PHASE


def test_the_end_shows_what_was_secret() -> None:
    """Given the end, everybody reads all roles and the seed that was promised."""
    game = dealt("vcm")
    lynch(game, 2)
    view = game.view(SPECTATOR)
    assert [seat.role for seat in view.seats] == ["vanilla_townie", "town_cop", "mafia_goon"]
    assert game.seed is not None
    assert view.seed == game.seed.hex()
    assert SeedShown(view.seed) in [entry.event for entry in game.log]
    assert (view.deadline, view.phase) == (None, ENDED)


@pytest.mark.parametrize(
    ("cast", "settings", "winner"),
    [
        ("vvva", {}, None),
        ("vva", {}, None),
        ("va", {}, "arsonist"),
        ("ja", {}, "arsonist"),
        ("va", {"end": "elimination"}, None),
        ("ga", {}, None),
        ("aa", {}, None),
        ("vab", {}, None),
        ("ab", {}, None),
        ("abb", {}, None),
        ("vabb", {}, None),
        ("vjbb", {}, "mafia"),
        ("vvab", {"white_flag": True}, None),
        ("vvvb", {"white_flag": True}, "town"),
    ],
)
def test_a_lone_killer_must_be_outlived(
    cast: str, settings: dict[str, Any], winner: str | None
) -> None:
    """Given an arsonist, they win alone at parity, and nobody wins while two sides can kill."""
    game = district(cast, min_seats=1, **settings)
    outcome = game.outcome
    assert (outcome and outcome.winners) == (winner and (winner,))


def test_the_town_has_not_won_while_an_arsonist_lives() -> None:
    """Given the last vampire exiled, the game goes on until the arsonist is, and the town wins."""
    game = district("vvvvab", vote_on_day_one=True)
    for exiled in (5, 4):
        assert ended(game) is None
        until(game, EVENING)
        do(game, *[CastVote(seat, exiled) for seat in range(4)])
        end_phase(game)
    assert ended(game) == (("town",), (), "all who had to be eliminated are dead")


def test_an_arsonist_burns_down_to_parity() -> None:
    """Given three of the town, fire takes two of them, and the arsonist has won; not by one."""
    game = district("vvva", vote_on_day_one=True)
    for prey in (0, 1):
        until(game, NIGHT)
        do(game, Act(3, "douse", prey))
    until(game, NIGHT)
    do(game, Act(3, "ignite", 3))
    end_phase(game)
    assert ended(game) == (("arsonist",), (), "those of the arsonist hold half of the votes")


def test_by_elimination_an_arsonist_wins_as_the_last_one_living() -> None:
    """Given that rule, one of the town keeps the game alive until the fire has them."""
    game = district("va", end="elimination", first_phase="night")
    do(game, Act(1, "douse", 0))
    until(game, NIGHT)
    do(game, Act(1, "ignite", 1))
    end_phase(game)
    assert ended(game) == (("arsonist",), (), "only those of the arsonist live")
