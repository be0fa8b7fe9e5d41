"""Between the vote and the death: trials, pardons, last shots, and what roles do by day."""

from itertools import count
from typing import Any

import pytest

from mafia_district.clock import Done
from mafia_district.game import Game
from mafia_district.ids import KEEPER, NO_LYNCH, NOBODY, SPECTATOR, PlayerId, has, members
from mafia_district.lobby import Leave
from mafia_district.machine import Code, Refused
from mafia_district.night.collect import Act, PowerUsed
from mafia_district.outcome import GoalSet
from mafia_district.phases import DAY, ENDED, JUDGEMENT, NIGHT, TRIAL, TWILIGHT
from mafia_district.roster import LoversPaired, PlayerDied
from mafia_district.sentence import GraveOpened, Strike
from mafia_district.voting import BallotsCounted, CastVote, VoteClosed

from .tables import end_phase, frames, lobby, seen, started, with_deal


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
    end_phase(game)
    assert dead(game) == [(0, "lynched"), (2, "shot")]
    assert game.outcome is not None
    assert game.outcome.winners == ("town",)


@pytest.mark.parametrize("first", [1, 2], ids=["the governor is dead", "the governor lives"])
def test_after_a_last_shot_a_twilight_tells_nothing_of_governors(first: PlayerId) -> None:
    """Given twins that differ in who has died, nobody learns by the twilight if a governor lives.

    It goes on to its end after the shot, or until all are done with it.
    """
    roles = ("vengeful_townie", "governor", *["vanilla_townie"] * 5, "mafia_goon")
    other = (roles[0], *reversed(roles[1:3]), *roles[3:])
    game = table(*roles, reveal_on_death="nothing")
    game.handle(Strike(KEEPER, first), game.at)
    twin = with_deal(game, other)
    for played in (game, twin):
        vote(played, 0, 3, 4, 5, 6)
        assert played.phase is TWILIGHT
        played.handle(Act(0, "revenge", 3), played.at)
        assert played.choices(0).actions == {}
        assert played.phase is TWILIGHT
    for viewer in (0, 3, 7, SPECTATOR):
        assert frames(game, viewer) == frames(twin, viewer)
        assert seen(game, viewer) == seen(twin, viewer)
    for seat in members(game.view(SPECTATOR).alive):
        game.handle(Done(seat, True), game.at)
    assert game.phase is NIGHT
    assert game.at < end_phase_at(twin)
    assert dead(game) == dead(twin)


def end_phase_at(game: Game) -> int:
    """Let the phase end, and give the instant at which it did."""
    end_phase(game)
    return game.at


def test_a_pardon_after_a_last_shot_lets_both_live() -> None:
    """Given a governor who speaks up after the shot, neither the condemned nor the target dies."""
    game = table("vengeful_townie", "governor", *["vanilla_townie"] * 3, "mafia_goon")
    vote(game, 0, 2, 3, 4, 5)
    game.handle(Act(0, "revenge", 3), game.at)
    game.handle(Act(1, "pardon", 0), game.at)
    assert (game.phase, dead(game)) == (NIGHT, [])
    assert game.view(SPECTATOR).sentence.shots == ()


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


def test_a_stolen_vote_is_given_back_when_the_next_night_is_over() -> None:
    """Given a theft before a day with a trial, the vote is the thief's for that day alone."""
    game = table(
        *["vanilla_townie"] * 7, "politician", "mafia_goon", vote="trial", first_phase="night"
    )
    game.handle(Act(7, "steal_vote", 0), game.at)
    end_phase(game)
    vote(game, 1, 2, 3, 4, 5, 6)
    end_phase(game)
    vote(game, NO_LYNCH, 2, 3)
    end_phase(game)
    assert (game.phase, game.day, game.state.voting.stolen) == (DAY, 1, ((0, 7),))
    vote(game, 1, 2, 3, 4, 5, 6)
    end_phase(game)
    vote(game, 1, 2, 3)
    end_phase(game)
    assert (game.phase, dead(game)) == (NIGHT, [(1, "lynched")])
    end_phase(game)
    assert (game.day, game.state.voting.stolen) == (2, ())


def test_who_voted_for_a_jester_openly_may_be_haunted_and_nobody_else() -> None:
    """Given an open vote without a trial, only those of the wagon may be haunted."""
    game = table("jester", *["vanilla_townie"] * 5, "mafia_goon", jester_haunts=True)
    vote(game, 3, 4, 5)
    vote(game, 0, 1, 2, 3, 6)
    assert game.choices(0).actions == {"haunt": 1 << 1 | 1 << 2 | 1 << 3 | 1 << 6}


@pytest.mark.parametrize(("settings", "leaves"), [({"nightless": True}, False), ({}, True)])
def test_no_grave_opens_without_a_night_or_for_who_has_left(
    settings: dict[str, Any], leaves: bool
) -> None:
    """Given a jester who has left, or a game without nights, nothing is promised to the dead."""
    game = table("jester", *["vanilla_townie"] * 5, "mafia_goon", jester_haunts=True, **settings)
    if leaves:
        game.handle(Leave(0), game.at)
    vote(game, 0, 1, 2, 3, 4)
    assert (0, "lynched") in dead(game)
    assert told(game, GraveOpened) == []


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
    assert (game.view(1).won_alone, game.view(0).role) == ((0,), role)
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


def goal_of(game: Game, seat: PlayerId) -> PlayerId:
    """Give whose lynch a seat wants."""
    goal: PlayerId = game.view(seat).goal
    return goal


def test_an_executioner_whose_target_dies_by_day_becomes_a_jester() -> None:
    """Given a target struck by day, its executioner wants another lynch at once: their own."""
    game = table(*["vanilla_townie"] * 6, "mafia_goon", "executioner")
    game.handle(Strike(KEEPER, goal_of(game, 7)), game.at)
    assert game.view(7).role == "jester"
    assert game.view(6).role_of(7) == ""


def test_an_executioner_whose_target_dies_of_grief_by_day_becomes_a_jester() -> None:
    """Given a target whose lover is shot by day, the executioner has lost it as well."""
    game = table("town_day_vigilante", *["town_lover"] * 2, *["vanilla_townie"] * 3, "mafia_goon",
                 "executioner")  # fmt: skip
    target = goal_of(game, 7)
    lover = {1: 2, 2: 1}.get(target, target)
    game.handle(Act(0, "shoot", lover) if target else Strike(KEEPER, 0), game.at)
    assert has(game.state.table.roster.dead, target)
    assert game.view(7).role == "jester"


@pytest.mark.parametrize("by_shot", [True, False], ids=["shot", "struck"])
def test_by_day_a_cult_dies_with_its_leader_and_backups_take_over(by_shot: bool) -> None:
    """Given a house where cults fall with their leader, they do so by day; a backup is told."""
    game = table(
        "town_day_vigilante", "cult_leader", "cultist", "town_universal_backup",
        *["vanilla_townie"] * 4, "mafia_goon", cult_dies_with_leader=True,
    )  # fmt: skip
    vote(game, 5, 2)
    game.handle(Act(0, "shoot", 1) if by_shot else Strike(KEEPER, 1), game.at)
    assert dead(game) == [(1, "shot" if by_shot else "struck"), (2, "grief")]
    assert game.view(SPECTATOR).votes == {}
    assert game.view(3).role == "town_universal_backup"
    game.handle(Strike(KEEPER, 0), game.at)
    assert game.view(3).role == "town_day_vigilante"


def test_a_death_by_day_leaves_the_number_of_ballots_as_it_was() -> None:
    """Given twins whose ballots differ, nobody learns from a death who had voted, or for whom."""
    cast = (*["vanilla_townie"] * 6, "mafia_goon")
    game = table(*cast, vote="ballot")
    twin = game.fork()
    vote(game, 5, 0, 1, 5)
    vote(twin, 3, 0, 1, 4)
    for played in (game, twin):
        played.handle(Strike(KEEPER, 5), played.at)
    for viewer in (2, 3, 6, SPECTATOR):
        assert frames(game, viewer) == frames(twin, viewer)
        assert seen(game, viewer) == seen(twin, viewer)
    vote(game, 4, 2)
    assert told(game, BallotsCounted)[3:] == [told(game, BallotsCounted)[0]]
    assert game.view(SPECTATOR).ballots == 4
    end_phase(game)
    assert dead(game) == [(5, "struck"), (4, "lynched")]
    (closed,) = game.view(SPECTATOR).verdicts
    assert closed.ballots == ((0, 5), (1, 5), (2, 4), (5, 5))


def test_the_death_of_the_only_one_who_was_not_done_ends_the_day() -> None:
    """Given all others done, nobody waits for the dead."""
    game = table(*["vanilla_townie"] * 6, "mafia_goon")
    for seat in (0, 1, 2, 3, 4, 6):
        game.handle(Done(seat, True), game.at)
    assert game.phase is DAY
    game.handle(Strike(KEEPER, 5), game.at)
    assert game.phase is NIGHT


def test_a_death_by_day_is_judged_as_any_other() -> None:
    """Given somebody who has walked out, they count as dead, and die with what ends the game."""
    game = table(*["vanilla_townie"] * 4, "mafia_goon")
    game.handle(Leave(0), game.at)
    game.handle(Strike(KEEPER, 1), game.at)
    assert game.outcome is None
    game.handle(Strike(KEEPER, 2), game.at)
    assert game.phase is ENDED
    assert dead(game) == [(1, "struck"), (2, "struck"), (0, "left_town")]
    assert game.outcome is not None
    assert game.outcome.winners == ("mafia",)


def test_a_death_by_day_may_leave_a_faction_that_cannot_kill_any_more() -> None:
    """Given a setup in which the town wins a stalemate, it does so by day as well."""
    game = table(
        *["vanilla_townie"] * 4, "mafia_goon", "mafia_goon", stalemate_wins="town", faction_kills=0
    )
    game.handle(Strike(KEEPER, 0), game.at)
    assert game.outcome is None
    game.handle(Strike(KEEPER, 1), game.at)
    assert game.outcome is not None
    assert game.outcome.winners == ("town",)
