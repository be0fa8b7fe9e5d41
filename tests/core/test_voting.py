"""The vote: hammer, plurality and ballot, no lynch, ties, and what leaving does to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mafia_district.clock import Done
from mafia_district.game import Game
from mafia_district.ids import KEEPER, NO_LYNCH, SPECTATOR, PlayerId
from mafia_district.lobby import Leave
from mafia_district.machine import Code
from mafia_district.phases import DAY, NIGHT
from mafia_district.roster import LYNCHED, PlayerDied, PlayerLeft
from mafia_district.sentence import Strike
from mafia_district.tally import majority
from mafia_district.voting import (
    BallotCast,
    BallotsCounted,
    CastVote,
    Unvote,
    VoteCast,
    VoteClosed,
)

from .tables import dead, dealt, do, end_phase, frames, refused, with_deal


def vote(game: Game, *votes: str) -> None:
    """Let seats vote, written as voter and target: "04" is for seat 4, "0-" for no lynch."""
    for pair in votes:
        do(game, CastVote(int(pair[0]), NO_LYNCH if pair[1] == "-" else int(pair[1])))


@pytest.mark.parametrize("living", range(1, 31))
def test_a_majority_is_more_than_half(living: int) -> None:
    """Given any number living, a majority is more than half, and one vote less is not."""
    assert 2 * majority(living) > living >= 2 * (majority(living) - 1)


def test_the_hammer_closes_the_vote_at_once() -> None:
    """Given a majority, the day ends with that death, and no later word counts."""
    game = dealt("vvvvvmm")
    vote(game, "05", "15", "25")
    assert game.phase is DAY
    assert [type(event) for event in do(game, CastVote(3, 5))[:3]] == [
        VoteCast,
        VoteClosed,
        PlayerDied,
    ]
    assert (dead(game), game.phase) == ({5}, NIGHT)
    assert refused(game, CastVote(4, 0)) is Code.WRONG_PHASE
    assert refused(game, Unvote(3)) is Code.WRONG_PHASE


def test_the_hammer_falls_on_half_and_one_of_an_even_number() -> None:
    """Given six, three votes are no majority and four are."""
    game = dealt("vvvvmm")
    vote(game, "04", "14", "24")
    assert game.phase is DAY
    vote(game, "34")
    assert dead(game) == {4}


def test_who_has_no_vote_makes_no_majority_and_no_plurality() -> None:
    """Given a voteless townie, their vote is taken and weighs nothing, in the majority as well."""
    names = ("voteless_townie", *["vanilla_townie"] * 4, "mafia_goon", "mafia_goon")
    game = with_deal(dealt("vvvvvmm"), names)
    vote(game, "05", "15", "25", "35")
    assert game.phase is DAY
    vote(game, "45")
    assert dead(game) == {5}
    end_phase(game)
    vote(game, "06")
    end_phase(game)
    assert dead(game) == {5}


def test_only_those_without_a_vote_are_at_the_mafias_mercy() -> None:
    """Given a town of nobody but the voteless, a single mafioso holds all votes, and wins."""
    names = (*["voteless_townie"] * 5, "mafia_goon", "mafia_goon")
    game = with_deal(dealt("vvvvvmm"), names)
    vote(game, "65", "55")
    assert (game.outcome.over, game.outcome.winners) == (True, ("mafia",))


def test_the_condemned_may_hammer_themselves() -> None:
    """Given one vote missing, the target's own counts like any other."""
    game = dealt("vvvvvmm")
    vote(game, "05", "15", "25", "55")
    assert dead(game) == {5}


def test_a_majority_for_no_lynch_ends_the_day() -> None:
    """Given a majority against, the day ends and nobody dies."""
    game = dealt("vvvvvmm")
    vote(game, "0-", "1-", "2-", "3-")
    assert (dead(game), game.phase) == (set(), NIGHT)
    assert game.view(0).verdicts == (VoteClosed(NO_LYNCH, ()),)


def test_repeating_a_vote_adds_nothing_and_moving_it_takes_it_along() -> None:
    """Given votes said again, moved and withdrawn, each seat has one, where it was put last."""
    game = dealt("vvvvvmm")
    vote(game, "05", "05", "05", "05", "15", "25", "20", "10")
    do(game, Unvote(1))
    assert dict(game.view(SPECTATOR).votes) == {0: 5, 2: 0}
    assert refused(game, Unvote(1)) is Code.NOTHING_TO_WITHDRAW
    assert game.phase is DAY


@pytest.mark.parametrize(
    ("votes", "lynched"),
    [
        ((), None),
        (("05",), 5),
        (("05", "15", "50"), 5),
        (("05", "50"), None),
        (("05", "50", "16"), None),
        (("05", "1-"), None),
        (("05", "15", "2-"), 5),
        (("05", "15", "2-", "3-"), None),
        (("00",), 0),
    ],
)
@pytest.mark.parametrize("mode", ["hammer", "plurality"])
def test_at_the_deadline_a_unique_top_dies(
    mode: str, votes: tuple[str, ...], lynched: PlayerId | None
) -> None:
    """Given open votes at the deadline, the most go, a tie saves, and no lynch wins ties."""
    game = dealt("vvvvvmm", vote=mode)
    vote(game, *votes)
    end_phase(game)
    assert dead(game) == ({lynched} - {None})


def test_a_plurality_waits_for_the_deadline() -> None:
    """Given a majority where there is no hammer, votes still move until the day ends."""
    game = dealt("vvvvvmm", vote="plurality")
    vote(game, "05", "15", "25", "35", "45")
    assert game.phase is DAY
    vote(game, "06", "16", "26")
    end_phase(game)
    assert dead(game) == {6}


@pytest.mark.parametrize(
    ("ballots", "exiled"),
    [
        ((), None),
        (("05",), 5),
        (("05", "1-"), 5),
        (("05", "1-", "2-"), None),
        (("05", "15", "2-", "3-"), 5),
        (("05", "50"), None),
        (("0-", "1-"), None),
    ],
)
def test_a_ballot_is_outweighed_only_by_more_abstentions(
    ballots: tuple[str, ...], exiled: PlayerId | None
) -> None:
    """Given ballots, most go; a tie saves, and so do abstentions that outnumber the leader's."""
    game = dealt("vvvvvmm", vote="ballot")
    vote(game, *ballots)
    end_phase(game)
    assert dead(game) == ({exiled} - {None})


def test_a_ballot_is_secret_until_the_close() -> None:
    """Given ballots cast and changed, others see their number alone, and all of them at the end."""
    game = dealt("vvvvvmm", vote="ballot")
    assert do(game, CastVote(0, 5)) == (BallotCast(0, 5), BallotsCounted(1))
    assert do(game, CastVote(0, 6)) == (BallotCast(0, 6),)
    vote(game, "15", "25", "35", "45", "5-")
    do(game, Unvote(1))
    assert (dict(game.view(0).votes), game.view(0).ballots) == ({0: 6}, 5)
    assert (dict(game.view(1).votes), game.view(SPECTATOR).ballots) == ({}, 5)
    assert not any(b"ballot_cast" in frame for _, _, frame in frames(game, 6))
    end_phase(game)
    ballots = ((0, 6), (2, 5), (3, 5), (4, 5), (5, NO_LYNCH))
    assert game.view(6).verdicts == (VoteClosed(5, ballots),)
    assert game.view(0).ballots == 0


def test_a_ballot_closes_early_when_all_are_done_and_have_voted() -> None:
    """Given everybody done, the vote waits for the last ballot, and closes with it."""
    game = dealt("vvvm", vote="ballot")
    vote(game, "03", "12", "2-")
    do(game, *[Done(seat, True) for seat in range(4)])
    waiting = game.fork()
    vote(game, "3-")
    assert (waiting.phase, game.phase) == (DAY, NIGHT)


def test_a_leavers_ballot_is_void_and_counted_no_more() -> None:
    """Given one who voted and leaves, the number that is shown falls; one who did not, it stays."""
    game = dealt("vvvvvmm", vote="ballot")
    vote(game, "05", "16")
    assert do(game, Leave(3)) == (PlayerLeft(3),)
    assert do(game, Leave(1)) == (PlayerLeft(1), BallotsCounted(1))
    do(game, CastVote(2, 5))
    assert game.view(SPECTATOR).ballots == 2
    end_phase(game)
    assert game.view(SPECTATOR).verdicts == (VoteClosed(5, ((0, 5), (2, 5))),)


def test_the_last_ballot_missing_may_walk_out() -> None:
    """Given all others done and counted, the one who is waited for ends the day by leaving."""
    game = dealt("vvvvmm", vote="ballot")
    vote(game, "04", "14", "24", "3-", "4-")
    do(game, *[Done(seat, True) for seat in range(5)])
    assert game.phase is DAY
    do(game, Leave(5))
    assert dead(game) == {4, 5}


def test_who_leaves_still_counts_but_votes_no_more() -> None:
    """Given a voter who leaves, the vote vanishes, the majority stays, and they can be lynched."""
    game = dealt("vvvvvmm")
    vote(game, "05", "15", "25")
    do(game, Leave(2))
    assert dict(game.view(0).votes) == {0: 5, 1: 5}
    vote(game, "02", "12", "32")
    assert game.phase is DAY
    vote(game, "42")
    assert PlayerDied(2, LYNCHED, "vanilla_townie") in [entry.event for entry in game.log]
    assert dead(game) == {2}


def test_only_the_living_vote_for_the_living_by_day() -> None:
    """Given the dead, strangers, or a wrong hour, votes are refused each with its own code."""
    game = dealt("vvvvvmm")
    assert refused(game, CastVote(9, 0)) is Code.NO_SUCH_SEAT
    assert refused(game, CastVote(0, 9)) is Code.BAD_TARGET
    assert refused(game, CastVote(0, -3)) is Code.BAD_TARGET
    vote(game, "06", "16", "26", "36")
    assert refused(game, CastVote(0, 1)) is Code.WRONG_PHASE
    end_phase(game)
    assert refused(game, CastVote(6, 0)) is Code.DEAD
    assert refused(game, CastVote(0, 6)) is Code.BAD_TARGET


def test_house_rules_forbid_some_votes() -> None:
    """Given rules without self-vote or no lynch, or no lynch alone on even days, they hold."""
    assert refused(dealt("vvvm", self_vote=False), CastVote(0, 0)) is Code.BAD_TARGET
    assert refused(dealt("vvvm", no_lynch=False), CastVote(0, NO_LYNCH)) is Code.BAD_TARGET
    even = dealt("vvvm", no_lynch_on_even=True)
    assert refused(even, CastVote(0, 3)) is Code.BAD_TARGET
    vote(even, "0-", "1-", "2-")
    assert even.phase is NIGHT
    odd = dealt("vvvvm", no_lynch_on_even=True)
    vote(odd, "04", "14", "24")
    assert dead(odd) == {4}


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(-2, 6)), max_size=30))
def test_the_verdict_is_that_of_the_last_word_of_each(words: list[tuple[int, int]]) -> None:
    """Given votes and withdrawals (-2) in any order, only where each ended up counts."""
    game, last = dealt("vvvvvmm", vote="plurality"), dict[int, int]()
    for voter, target in words:
        if target >= NO_LYNCH:
            do(game, CastVote(voter, target))
            last[voter] = target
        elif last.pop(voter, None) is not None:
            do(game, Unvote(voter))
    assert game.view(0).votes == last
    counts = sorted((list(last.values()).count(target), target) for target in {*last.values()})
    top = counts[-1:] if len(counts) < 2 or counts[-1][0] > counts[-2][0] else []
    end_phase(game)
    assert dead(game) == {target for _, target in top if target != NO_LYNCH}


@pytest.mark.parametrize("how", ["plurality", "ballot"])
def test_half_for_no_lynch_closes_only_a_vote_that_a_majority_closes(how: str) -> None:
    """Given a house where half suffices for no lynch, other votes than the hammer wait as ever."""
    game = dealt("vvvvmm", vote=how, no_lynch_needs="half")
    vote(game, "0-", "1-", "2-", "34", "44")
    do(game, Strike(KEEPER, 5))
    assert game.phase is DAY
