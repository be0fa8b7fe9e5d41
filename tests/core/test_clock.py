"""The clock: deadlines, early ends, pauses, extensions, outages."""

import pytest

from mafia_district.chat import Say
from mafia_district.clock import MAX_EXTENSION_SECONDS, Done, Extend, Pause, Resume, ShiftClock
from mafia_district.game import Game
from mafia_district.ids import KEEPER, SPECTATOR, Instant
from mafia_district.lobby import HandOver, Leave
from mafia_district.machine import Code, Refused
from mafia_district.night.collect import Act
from mafia_district.outcome import End
from mafia_district.phases import (
    DAY,
    ENDED,
    EXTENDED,
    NIGHT,
    RESUMED,
    SHIFTED,
    ClockPaused,
    DeadlineMoved,
    DoneSet,
    PhaseBegan,
)
from mafia_district.voting import CastVote, VoteClosed

from .tables import dealt, do, end_phase, lobby, refused, started


def deadline(game: Game) -> Instant:
    """Give the deadline of a clock that runs."""
    assert game.deadline is not None
    return game.deadline


def test_days_and_nights_follow_each_other_at_their_lengths() -> None:
    """Given nobody does anything, each phase begins where the one before it should end."""
    game, phases = dealt("vvvvm"), []
    while game.phase is not ENDED:
        phases.append((game.phase, game.day, deadline(game)))
        game.pass_time(deadline(game))
    day, night = game.rules.day_ms, game.rules.night_ms
    start = game.rules.countdown_ms
    assert phases[:3] == [
        (DAY, 1, start + day),
        (NIGHT, 1, start + day + night),
        (DAY, 2, start + 2 * day + night),
    ]


def test_a_command_at_the_deadline_is_late() -> None:
    """Given a vote a millisecond before, it counts; at the deadline itself the day is over."""
    game = dealt("vvvvmm")
    end = deadline(game)
    game.handle(CastVote(0, 4), end - 1)
    with pytest.raises(Refused, match="wrong_phase"):
        game.handle(CastVote(1, 5), end)
    assert game.phase is NIGHT
    assert game.view(0).verdicts == (VoteClosed(4, ()),)


def test_a_phase_ends_at_its_deadline_whoever_notices_and_when() -> None:
    """Given a timer in time, one late, or a late command, the entries are the same to the byte."""
    logs = []
    for noticed in (0, 700, 1_400):
        game = dealt("vcvvm", first_phase="night")
        end = deadline(game)
        if noticed == 1_400:
            game.handle(Say(0, "town", "hello"), end + noticed)
        game.pass_time(end + noticed)
        logs.append([entry for entry in game.log if entry.at <= end])
        assert deadline(game) == end + game.rules.day_ms
    assert logs[0] == logs[1] == logs[2]
    assert logs[0][-1].command_id == "deadline:2"


def test_a_long_silence_ends_as_many_phases_as_have_passed() -> None:
    """Given nobody looked for a day and a night, both have ended, each at its own deadline."""
    game = dealt("vvvvm")
    began = [e.event for e in game.pass_time(500_000) if isinstance(e.event, PhaseBegan)]
    assert [event.phase for event in began] == [NIGHT, DAY, NIGHT, DAY]
    assert began[-2].deadline == 485_000
    assert game.at == 485_000


def test_time_runs_forward() -> None:
    """Given an instant before the last entry's, it is a caller's mistake and no refusal."""
    game = dealt("vvvm")
    game.handle(Done(0, True), 9_000)
    with pytest.raises(ValueError, match="time runs forward"):
        game.handle(Done(1, True), 8_999)


@pytest.mark.parametrize("first", ["day", "night"])
def test_a_phase_ends_early_when_every_living_player_is_done(first: str) -> None:
    """Given all but one done, whatever their roles, the phase goes on; with the last it ends."""
    game = dealt("vvcdm", first_phase=first)
    for last in range(5):
        waiting = game.fork()
        do(waiting, *[Done(seat, True) for seat in range(5) if seat != last])
        assert waiting.phase is game.phase
        do(waiting, Done(last, True))
        assert waiting.phase_number == game.phase_number + 1
        assert not any(seat.done for seat in waiting.view(SPECTATOR).seats)


def test_powers_used_end_nothing() -> None:
    """Given every power used, the night still waits for all to be done."""
    game = dealt("vvcdm", first_phase="night")
    do(game, Act(2, "investigate", 0), Act(3, "protect", 0), Act(4, "faction_kill", 0))
    assert game.phase is NIGHT


def test_done_may_be_taken_back() -> None:
    """Given one who changes their mind, they are waited for again."""
    game = dealt("vvvm")
    do(game, *[Done(seat, True) for seat in range(3)])
    assert do(game, Done(2, False)) == (DoneSet(2, False),)
    do(game, Done(3, True))
    assert game.phase is DAY
    assert refused(lobby(2), Done(0, True)) is Code.WRONG_PHASE


def test_a_pause_keeps_what_is_left() -> None:
    """Given a pause, no time passes, and after it the phase has as long to go as before."""
    game = dealt("vvvm")
    end = deadline(game)
    assert game.handle(Pause(0), end - 500)[-1].event == ClockPaused(500)
    assert (game.deadline, game.view(1).paused) == (None, 500)
    assert game.pass_time(end + 10_000) == ()
    resumed = game.handle(Resume(0), end + 10_000)[-1].event
    assert resumed == DeadlineMoved(end + 10_500, RESUMED)
    assert game.view(1).paused is None


def test_while_paused_one_may_talk_leave_and_see_to_the_clock() -> None:
    """Given a pause, everything else is refused, and nothing ends early."""
    game = dealt("vvvvm")
    do(game, Pause(0))
    for sent in (Done(1, True), CastVote(1, 2), Extend(0, 1), Pause(0), ShiftClock(KEEPER, 1)):
        assert refused(game, sent) is Code.PAUSED
    do(game, Say(1, "town", "hello"), Leave(2), HandOver(0, 1), Resume(1), Pause(1), End(1))
    assert game.phase is ENDED


def test_a_clock_that_runs_is_not_resumed() -> None:
    """Given a running clock, there is nothing to resume; in the lobby nothing to pause."""
    assert refused(dealt("vvvm"), Resume(0)) is Code.NOT_PAUSED
    assert refused(started(lobby(3)), Pause(0)) is Code.WRONG_PHASE
    assert refused(dealt("vvvm"), Pause(1)) is Code.NOT_HOST


def test_the_host_extends_three_times_by_whole_seconds() -> None:
    """Given three extensions, the fourth is refused; the next phase may be extended again."""
    game = dealt("vvvm")
    end = deadline(game)
    for times in (1, 2, 3):
        assert do(game, Extend(0, 60)) == (DeadlineMoved(end + times * 60_000, EXTENDED),)
    assert refused(game, Extend(0, 60)) is Code.TOO_MANY_EXTENSIONS
    assert game.view(3).extensions == 3
    end_phase(game)
    for seconds in (0, -5, MAX_EXTENSION_SECONDS + 1):
        assert refused(game, Extend(0, seconds)) is Code.BAD_TARGET
    assert do(game, Extend(0, MAX_EXTENSION_SECONDS))


def test_an_outage_is_given_back_by_the_house_alone() -> None:
    """Given a shift, the deadline moves by it and no extension is used up."""
    game = dealt("vvvm")
    end = deadline(game)
    assert do(game, ShiftClock(KEEPER, 12_345)) == (DeadlineMoved(end + 12_345, SHIFTED),)
    assert game.view(0).extensions == 0
    assert refused(game, ShiftClock(0, 1)) is Code.NOT_HOST
    assert refused(lobby(2), ShiftClock(KEEPER, 1)) is Code.WRONG_PHASE


def test_a_phase_that_all_are_done_with_ends_when_the_clock_runs_on() -> None:
    """Given all done but one, who leaves while the clock is stopped, resuming ends the phase."""
    game = dealt("vvvvvvm")
    do(game, *[Done(seat, True) for seat in range(6)], Pause(0), Leave(6))
    assert game.phase is DAY
    do(game, Resume(0))
    assert game.phase is not DAY
