"""Between the vote and the death: trials, pardons, last shots, and what roles do by day."""

from itertools import count
from typing import Any

import pytest

from mafia_district.game import Game
from mafia_district.ids import KEEPER, NO_LYNCH, NOBODY, PlayerId, has, members
from mafia_district.machine import Code, Refused
from mafia_district.night.collect import Act, PowerUsed
from mafia_district.outcome import GoalSet
from mafia_district.phases import DAY, ENDED, JUDGEMENT, NIGHT, TRIAL, TWILIGHT
from mafia_district.roster import LoversPaired, PlayerDied
from mafia_district.sentence import GraveOpened, Strike
from mafia_district.voting import CastVote, VoteClosed

from .tables import end_phase, lobby, started


def table(*cast: str, **rules: Any) -> Game:
    """Give a game at its first phase in which these roles were dealt, by the seed that does it."""
    counts = tuple((role, cast.count(role)) for role in dict.fromkeys(cast))
    for seed in count():
        game = started(lobby(len(cast), seed=seed, roles=counts, **rules))
        end_phase(game)
        if game.state.table.roster.deal == cast:
            break
    return game


def vote(game: Game, target: PlayerId, *voters: PlayerId) -> None:
    """Let some vote for somebody."""
    for voter in voters:
        game.handle(CastVote(voter, target), game.at)


def dead(game: Game) -> list[tuple[PlayerId, str]]:
    """List who has died, and of what."""
    events = [entry.event for entry in game.log]
    return [(event.seat, event.cause) for event in events if isinstance(event, PlayerDied)]


def told(game: Game, kind: type[Any]) -> list[tuple[int, ...]]:
    """List for each event of a kind the seats that know of it."""
    return [members(entry.audience) for entry in game.log if isinstance(entry.event, kind)]


def test_a_governor_pardons_somebody_else_in_the_twilight() -> None:
    """Given a hammer and a governor, the death waits for a word, and nobody learns whose it was."""
    game = table("governor", *["vanilla_townie"] * 3, "mafia_goon")
    vote(game, 1, 2, 3, 4)
    assert game.phase is TWILIGHT
    assert game.choices(0).actions == {"pardon": 1 << 1}
    assert game.choices(2).actions == {}
    game.handle(Act(0, "pardon", 1), game.at)
    assert (game.phase, dead(game)) == (NIGHT, [])
    assert game.view(2).sentence.pardoned
    assert told(game, PowerUsed) == [(0,)]


def test_without_a_word_the_condemned_dies_at_the_end_of_the_twilight() -> None:
    """Given a governor who says nothing, the lynch is carried out when the time is over."""
    game = table("governor", *["vanilla_townie"] * 3, "mafia_goon")
    vote(game, 1, 2, 3, 4)
    end_phase(game)
    assert (game.phase, dead(game)) == (NIGHT, [(1, "lynched")])


def test_nobody_pardons_themself() -> None:
    """Given a condemned governor and no other, there is nothing to wait for."""
    game = table("governor", *["vanilla_townie"] * 3, "mafia_goon")
    vote(game, 0, 2, 3, 4)
    assert dead(game) == [(0, "lynched")]


def test_the_vengeful_take_somebody_along_before_victory_is_judged() -> None:
    """Given parity but for the last shot, the shot decides the game."""
    game = table("vengeful_townie", "vanilla_townie", "mafia_goon")
    vote(game, 0, 1, 2)
    assert game.phase is TWILIGHT
    with pytest.raises(Refused) as refused:
        game.handle(Act(1, "revenge", 2), game.at)
    assert refused.value.code is Code.NOT_YOUR_ACTION
    game.handle(Act(0, "revenge", 2), game.at)
    assert dead(game) == [(0, "lynched"), (2, "shot")]
    assert game.outcome is not None
    assert game.outcome.winners == ("town",)


def test_a_hunter_says_by_night_whom_they_would_take_along() -> None:
    """Given a hunter killed at night, whom they named dies with them, whatever guards them."""
    game = table(
        "hunter", "town_doctor", *["vanilla_townie"] * 3, "mafia_goon", first_phase="night"
    )
    game.handle(Act(0, "revenge", 5), game.at)
    game.handle(Act(1, "protect", 5), game.at)
    game.handle(Act(5, "faction_kill", 0), game.at)
    end_phase(game)
    assert dead(game) == [(0, "shot"), (5, "revenge")]


def test_who_is_accused_is_tried_and_may_be_acquitted() -> None:
    """Given trials, a majority accuses; all others judge in secret, and the vote goes on after."""
    game = table(*["vanilla_townie"] * 4, "mafia_goon", vote="trial", trials_a_day=2)
    left = (game.deadline or 0) - game.at
    vote(game, 1, 2, 3, 4)
    assert (game.phase, game.view(1).sentence.accused) == (TRIAL, 1)
    end_phase(game)
    assert game.phase is JUDGEMENT
    assert game.choices(1).votes == game.choices(1).no_lynch == 0
    vote(game, 1, 2)
    vote(game, NO_LYNCH, 0)
    assert game.view(3).votes == {}
    end_phase(game)
    assert (game.phase, game.day, dead(game)) == (DAY, 1, [])
    assert game.deadline == game.at + left
    vote(game, 4, 0, 1, 2)
    end_phase(game)
    vote(game, 4, 0, 1, 2)
    end_phase(game)
    assert dead(game) == [(4, "lynched")]
    (closed,) = [e.event for e in game.log if isinstance(e.event, VoteClosed)][1:]
    assert closed.ballots == ((0, 4), (1, 4), (2, 4))


def test_after_the_last_trial_the_day_is_over() -> None:
    """Given no trial left, an acquittal is followed by the night."""
    game = table(*["vanilla_townie"] * 4, "mafia_goon", vote="trial", trials_a_day=1)
    vote(game, 1, 2, 3, 4)
    end_phase(game)
    end_phase(game)
    assert game.phase is NIGHT


def test_a_mayor_has_three_votes_once_revealed() -> None:
    """Given a wagon that lacks two votes, the mayor's reveal closes the vote at once."""
    game = table("mayor", *["vanilla_townie"] * 3, "mafia_goon")
    vote(game, 4, 0, 1)
    assert game.phase is DAY
    game.handle(Act(0, "reveal", 0), game.at)
    assert dead(game) == [(4, "lynched")]
    assert game.view(2).role_of(0) == "mayor"


def test_in_some_houses_a_lynch_reveals_a_mayor_instead() -> None:
    """Given a house where a mayor lives through the first lynch, the second kills them."""
    game = table("mayor", *["vanilla_townie"] * 4, "mafia_goon", mayor_survives_lynch=True)
    assert game.choices(0).actions == {}
    vote(game, 0, 1, 2, 3, 4)
    assert (dead(game), game.view(1).role_of(0)) == ([], "mayor")
    end_phase(game)
    vote(game, 0, 1, 2, 3, 4, 5)
    assert dead(game) == [(0, "lynched")]


def test_a_shot_by_day_voids_votes_and_may_make_a_majority() -> None:
    """Given three votes of seven, the death of two others makes a majority of them."""
    game = table("town_day_vigilante", *["vanilla_townie"] * 4, "mafia_goon", "mafia_goon")
    vote(game, 6, 0, 1, 2)
    vote(game, 1, 3)
    game.handle(Act(0, "shoot", 3), game.at)
    assert game.view(0).votes == {0: 6, 1: 6, 2: 6}
    with pytest.raises(Refused) as refused:
        game.handle(Act(0, "shoot", 4), game.at)
    assert refused.value.code is Code.NO_USES_LEFT
    game.handle(Strike(KEEPER, 4), game.at)
    assert dead(game) == [(3, "shot"), (4, "struck"), (6, "lynched")]


def test_a_shot_by_day_may_end_the_game() -> None:
    """Given the last of the mafia shot by day, the town has won."""
    game = table("town_day_vigilante", *["vanilla_townie"] * 3, "mafia_goon")
    game.handle(Act(0, "shoot", 4), game.at)
    assert game.phase is ENDED


def test_a_stolen_vote_goes_where_the_thief_votes() -> None:
    """Given a politician, the victim's vote counts for the politician's choice, alive or dead."""
    game = table("politician", *["vanilla_townie"] * 3, "mafia_goon", first_phase="night")
    game.handle(Act(0, "steal_vote", 1), game.at)
    end_phase(game)
    vote(game, 2, 1)
    vote(game, 4, 0)
    end_phase(game)
    assert dead(game) == [(4, "lynched")]


def test_a_lynched_jester_haunts_who_found_it_guilty() -> None:
    """Given a house where jesters haunt, one who voted guilty may die in the night after."""
    game = table("jester", *["vanilla_townie"] * 5, "mafia_goon", vote="trial", jester_haunts=True)
    vote(game, 0, 1, 2, 3, 4)
    end_phase(game)
    vote(game, 0, 1, 2)
    end_phase(game)
    assert game.phase is NIGHT
    assert game.choices(0).actions == {"haunt": 1 << 1 | 1 << 2}
    assert told(game, GraveOpened) == [(0,)]
    game.handle(Act(0, "haunt", 2), game.at)
    end_phase(game)
    assert dead(game) == [(0, "lynched"), (2, "haunting")]
    assert game.view(3).won_alone == (0,)


@pytest.mark.parametrize(("role", "after"), [("lyncher", "lyncher"), ("executioner", "jester")])
def test_who_wants_a_lynch_is_told_whose_and_wins_by_it(role: str, after: str) -> None:
    """Given a target drawn at the deal, its lynch wins alone; its death otherwise does not."""
    game = table(role, *["vanilla_townie"] * 4, "mafia_goon")
    target = game.view(0).goal
    assert has(game.state.table.roster.cast.town, target)
    assert (game.view(1).goal, told(game, GoalSet)) == (NOBODY, [(0,)])
    other = game.fork()
    vote(game, target, *[seat for seat in range(6) if seat != target][:4])
    assert game.view(1).won_alone == (0,)
    end_phase(other)
    other.handle(Act(5, "faction_kill", target), other.at)
    end_phase(other)
    assert other.view(0).role == after


def test_paired_lovers_know_each_other_and_die_together() -> None:
    """Given lovers in pairs, each of the mafia has one of the town, and a pair dies as one."""
    game = table(*["town_lover"] * 6, *["mafia_lover"] * 2, lovers="pairs", nightless=True)
    ((pairs,),) = [[e.event.pairs] for e in game.log if isinstance(e.event, LoversPaired)]
    mafia = game.state.table.roster.cast.mafia
    assert sorted((pair & mafia).bit_count() for pair in pairs) == [0, 0, 1, 1]
    assert all(game.view(seat).lovers == pair for pair in pairs for seat in members(pair))
    first = members(pairs[0])[0]
    vote(game, first, *[seat for seat in range(8) if seat != first][:5])
    assert sorted(seat for seat, _ in dead(game)) == list(members(pairs[0]))


def test_a_cop_of_unsound_mind_takes_themself_for_a_cop() -> None:
    """Given an insane cop, they are told that they are a cop, and the opposite of every truth."""
    game = table("town_insane_cop", *["vanilla_townie"] * 3, "mafia_goon", first_phase="night")
    assert (game.view(0).role, game.view(KEEPER).role_of(0)) == ("town_cop", "town_insane_cop")
    game.handle(Act(0, "investigate", 4), game.at)
    end_phase(game)
    assert [result.result for result in game.view(0).results] == ["town"]
