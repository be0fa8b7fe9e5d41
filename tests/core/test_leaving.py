"""Leaving a running game: what is void at once, what waits, and who goes on."""

from mafia_district.clock import Done, Pause, Resume
from mafia_district.ids import NOBODY, SPECTATOR
from mafia_district.lobby import Leave
from mafia_district.machine import Code
from mafia_district.phases import DAY, NIGHT
from mafia_district.roster import LEFT_TOWN, HostChanged, PlayerDied, PlayerLeft
from mafia_district.voting import CastVote

from .tables import dead, dealt, do, end_phase, lobby, refused, started


def test_who_leaves_lives_until_the_phase_ends_and_then_has_left_town() -> None:
    """Given a leaver, the seat counts until the close, and dies with what the rules show."""
    game = dealt("vvcvvmm")
    assert do(game, Leave(2)) == (PlayerLeft(2),)
    assert (dead(game), game.view(SPECTATOR).seats[2].gone) == (set(), True)
    assert PlayerDied(2, LEFT_TOWN, "town_cop") in end_phase(game)
    assert (dead(game), game.phase) == ({2}, NIGHT)


def test_who_has_left_does_nothing_more() -> None:
    """Given a leaver, voting, being done and leaving again are refused, and no choice is open."""
    game = dealt("vvvvvmm")
    do(game, Leave(2))
    for sent in (CastVote(2, 5), Done(2, True), Leave(2)):
        assert refused(game, sent) is Code.DEAD
    assert game.choices(2).kinds() == ()


def test_nobody_waits_for_who_has_left() -> None:
    """Given all others done, the phase ends as the last one who is not done leaves."""
    game = dealt("vvvvvmm")
    do(game, *[Done(seat, True) for seat in range(6)])
    do(game, Leave(6))
    assert (dead(game), game.phase) == ({6}, NIGHT)


def test_leaving_while_paused_ends_no_phase() -> None:
    """Given a pause, the phase goes on with the clock, and the next to be done ends it."""
    game = dealt("vvvvvmm")
    do(game, *[Done(seat, True) for seat in range(6)], Pause(0), Leave(6))
    paused = game.fork()
    do(game, Resume(0), Done(0, True))
    assert (paused.phase, game.phase) == (DAY, NIGHT)


def test_a_hosts_leaving_passes_the_table_on() -> None:
    """Given a host who leaves, the person follows who has sat longest and is still here."""
    game = dealt("vvvvvmm")
    do(game, Leave(1))
    assert do(game, Leave(0)) == (PlayerLeft(0), HostChanged(2))
    end_phase(game)
    assert do(game, Pause(2))


def test_a_dead_host_hosts_on() -> None:
    """Given a host who was lynched, the clock is still theirs, until they hand it over."""
    game = dealt("vvvvvmm")
    do(game, *[CastVote(seat, 0) for seat in range(1, 5)])
    assert do(game, Pause(0), Resume(0))
    assert refused(game, Leave(0)) is Code.DEAD


def test_a_game_whose_persons_have_left_is_judged() -> None:
    """Given only bots remain, nobody hosts; given nobody remains, the game ends as a draw."""
    game = lobby(2, bots=5)
    end_phase(started(game))
    do(game, Leave(1))
    assert do(game, Leave(0)) == (PlayerLeft(0), HostChanged(NOBODY))
    assert game.phase is DAY
    alone = dealt("vvvm")
    do(alone, *[Leave(seat) for seat in range(4)])
    assert alone.outcome is not None
    assert alone.outcome.reason == "nobody lives"


def test_leaving_may_decide_the_game() -> None:
    """Given townspeople who leave, parity is judged when the phase ends, not before."""
    game = dealt("vvvvmm")
    do(game, Leave(0), Leave(1))
    assert game.outcome is None
    end_phase(game)
    assert game.outcome is not None
    assert game.outcome.winners == ("mafia",)


def test_there_is_nobody_to_leave_where_nobody_sits() -> None:
    """Given a seat that nobody holds, or a game that is over, leaving is refused."""
    game = dealt("vvvm")
    assert refused(game, Leave(9)) is Code.NO_SUCH_SEAT
    do(game, *[CastVote(seat, 3) for seat in range(3)])
    assert refused(game, Leave(0)) is Code.WRONG_PHASE
