"""The hours of a town: day, evening and night, the vote of the evening, and the Shop's alarm."""

from typing import Any

import pytest

from mafia_district.clock import Done, Extend, Pause, Resume, ShiftClock
from mafia_district.game import Game
from mafia_district.ids import KEEPER, NO_LYNCH, SPECTATOR, Instant
from mafia_district.lobby import Leave
from mafia_district.machine import Code
from mafia_district.night.collect import Act
from mafia_district.night.deed import FACTION_KILL
from mafia_district.phases import DAY, EVENING, NIGHT, AlarmSet, PhaseBegan
from mafia_district.purse import DIED, CoinsMoved
from mafia_district.roster import LEFT_TOWN, LYNCHED, PlayerDied
from mafia_district.shop import CLOSED, Buy, Opened, OrderDropped, OrderPlaced, Sold
from mafia_district.town import DawnBroke, DuskFell, Move
from mafia_district.voting import CastVote, Unvote, VoteClosed

from .districts import district, town, until, walk
from .tables import dead, do, end_phase, refused

DAWN = 5_000  # of the first day: the countdown before it
OPENING = DAWN + 30_000
DUSK = DAWN + 180_000


def clock(game: Game) -> tuple[Instant | None, Instant | None]:
    """Give when anything is due next, and when the phase ends."""
    return game.alarm, game.deadline


def all_done(game: Game) -> None:
    """Let all the living say done."""
    do(game, *[Done(seat, True) for seat in range(6) if game.view(seat).alive >> seat & 1])


@pytest.mark.parametrize(
    ("settings", "hours"),
    [
        ({}, [(DAY, 1), (EVENING, 1), (NIGHT, 1), (DAY, 2), (EVENING, 2)]),
        ({"first_phase": "night"}, [(NIGHT, 0), (DAY, 1), (EVENING, 1), (NIGHT, 1), (DAY, 2)]),
    ],
)
def test_the_hours_follow_each_other(
    settings: dict[str, Any], hours: list[tuple[object, int]]
) -> None:
    """Given nobody does anything, day, evening and night take their turns, each of its length."""
    game = district("vvvvvb", **settings)
    begun = [entry.event for entry in game.log if isinstance(entry.event, PhaseBegan)][1:]
    begun += [event for _ in range(4) for event in end_phase(game) if isinstance(event, PhaseBegan)]
    assert [(event.phase, event.day) for event in begun] == hours
    lengths, deadline = {DAY: 180_000, EVENING: 120_000, NIGHT: 60_000}, DAWN
    for event in begun:
        deadline += lengths[event.phase]
        assert event.deadline == deadline


def test_dawn_and_dusk_are_told_after_the_deaths() -> None:
    """Given a kill, a leaver and an exile, the dead come first, then the hour."""
    game = district("vvvvvbb", first_phase="night", vote_on_day_one=True)
    do(game, Act(6, FACTION_KILL, 0))
    dawn = [type(event) for event in end_phase(game) if not isinstance(event, AlarmSet)]
    assert dawn[1:4] == [PlayerDied, PhaseBegan, DawnBroke]
    do(game, Leave(3))
    assert end_phase(game)[-4:] == (
        PlayerDied(3, LEFT_TOWN, "villager"),
        PhaseBegan(EVENING, game.phase_number, 1, game.deadline),
        DuskFell(1, True),
        CoinsMoved(3, -100, DIED),
    )
    do(game, CastVote(1, 6), CastVote(2, 6))
    assert end_phase(game)[-4:] == (
        VoteClosed(6, ((1, 6), (2, 6))),
        PlayerDied(6, LYNCHED, "vampire"),
        PhaseBegan(NIGHT, game.phase_number, 1, game.deadline),
        CoinsMoved(6, -100, DIED),
    )


@pytest.mark.parametrize(("early", "day"), [(False, 2), (True, 1)])
def test_there_is_no_vote_on_the_first_evening_unless_the_rules_say_so(
    early: bool, day: int
) -> None:
    """Given either rule, votes are for evenings, from the second on or from the first."""
    game = district("vvvvvb", vote_on_day_one=early)
    assert refused(game, CastVote(0, 5)) is Code.WRONG_PHASE
    until(game, EVENING)
    if not early:
        assert refused(game, CastVote(0, 5)) is Code.NO_VOTE_TODAY
        assert refused(game, Unvote(0)) is Code.NO_VOTE_TODAY
        assert end_phase(game) == (PhaseBegan(NIGHT, game.phase_number, 1, game.deadline),)
        assert refused(game, CastVote(0, 5)) is Code.WRONG_PHASE
        until(game, EVENING)
    assert (game.day, game.view(SPECTATOR).verdicts) == (day, ())
    do(game, CastVote(0, 3), CastVote(1, 3), CastVote(2, NO_LYNCH))
    assert (game.view(5).ballots, dict(game.view(5).votes)) == (3, {})
    end_phase(game)
    assert (dead(game), game.phase) == ({3}, NIGHT)


def test_each_phase_ends_early_when_all_are_done_and_a_vote_when_all_have_voted() -> None:
    """Given all done, day and the first evening end; the second waits for the last ballot."""
    game = district("vvvvvb")
    hours = []
    while game.day == 1 or game.phase is not EVENING:
        hours.append(game.phase)
        all_done(game)
    assert (hours, game.at) == ([DAY, EVENING, NIGHT, DAY], DAWN)
    do(game, *[CastVote(seat, NO_LYNCH) for seat in range(5)])
    all_done(game)
    assert game.phase is EVENING
    do(game, CastVote(5, 0))
    assert (game.phase, dead(game)) == (NIGHT, set())


def test_the_shop_opens_within_the_day_whoever_notices_and_when() -> None:
    """Given a timer in time, one late, or a command after it, the entries are the same."""
    logs = []
    for noticed in (0, 700, 1_400):
        game = district("vvvvvb")
        assert clock(game) == (OPENING, DUSK)
        assert game.pass_time(OPENING - 1) == ()
        if noticed == 1_400:
            game.handle(Move(0, "shop"), OPENING + noticed)
        game.pass_time(OPENING + noticed)
        assert (game.phase, *clock(game)) == (DAY, DUSK, DUSK)
        logs.append([entry for entry in game.log if entry.at <= OPENING])
    assert logs[0] == logs[1] == logs[2]
    assert [(e.command_id, e.at, e.event) for e in logs[0][-2:]] == [
        ("alarm:2", OPENING, AlarmSet(0)),
        ("alarm:2", OPENING, Opened(1)),
    ]


def test_a_long_silence_lets_everything_happen_when_it_was_due() -> None:
    """Given nobody looked until the second noon, each alarm and deadline has its own entries."""
    game = district("vvvvvb")
    entries = game.pass_time(500_000)
    dawn = DUSK + 180_000
    assert list(dict.fromkeys((entry.command_id, entry.at) for entry in entries)) == [
        ("alarm:2", OPENING),
        ("deadline:2", DUSK),
        ("deadline:3", DUSK + 120_000),
        ("deadline:4", dawn),
        ("alarm:5", dawn + 30_000),
    ]


def test_a_command_at_the_opening_is_after_it() -> None:
    """Given a customer a millisecond before the opening it is an order, and at it a purchase."""
    bought = []
    for at in (OPENING - 1, OPENING):
        game = district("vvvvvb")
        walk(game, 0, "shop")
        bought.append([type(entry.event) for entry in game.handle(Buy(0, "garlic"), at)])
    assert bought[0] == [OrderPlaced]
    assert bought[1][:3] == [AlarmSet, Opened, Sold]


def test_a_pause_keeps_the_time_to_the_opening() -> None:
    """Given a pause ten seconds into the day, twenty are left to the opening when it ends."""
    game = district("vvvvvb")
    game.handle(Pause(0), DAWN + 10_000)
    assert (clock(game), game.pass_time(DUSK)) == ((None, None), ())
    game.handle(Resume(0), 1_000_000)
    assert clock(game) == (1_020_000, 1_170_000)
    assert Opened(1) in [entry.event for entry in game.pass_time(1_020_000)]


def test_an_extension_moves_dusk_and_leaves_the_opening() -> None:
    """Given a day made longer before and after the opening, the Shop opens once, and when due."""
    game = district("vvvvvb")
    do(game, Extend(0, 60))
    assert clock(game) == (OPENING, DUSK + 60_000)
    game.handle(Pause(0), DAWN + 10_000)
    game.handle(Resume(0), DAWN + 11_000)
    assert clock(game) == (OPENING + 1_000, DUSK + 61_000)
    game.handle(Extend(0, 60), OPENING + 2_000)
    assert clock(game) == (DUSK + 121_000, DUSK + 121_000)
    until(game, EVENING)
    assert [entry.at for entry in game.log if entry.event == Opened(1)] == [OPENING + 1_000]


def test_an_outage_moves_the_opening_with_dusk() -> None:
    """Given a shift of the clock, players get the time back that they had to both."""
    game = district("vvvvvb")
    do(game, ShiftClock(KEEPER, 7_000))
    assert clock(game) == (OPENING + 7_000, DUSK + 7_000)


def test_a_day_that_ends_before_the_opening_has_none() -> None:
    """Given all done at dawn, the Shop stays shut, orders are dropped, and tomorrow is as usual."""
    game = district("vvvvvb")
    walk(game, 0, "shop")
    do(game, Buy(0, "garlic"))
    all_done(game)
    assert (game.phase, *clock(game)) == (EVENING, DAWN + 120_000, DAWN + 120_000)
    assert (town(game, 0).order, town(game, 0).coins) == ("", 100)
    (dropped,) = [entry for entry in game.log if isinstance(entry.event, OrderDropped)]
    assert (dropped.event, dropped.audience) == (OrderDropped(0, "garlic", CLOSED), 1 << 0)
    events = until(game, DAY)
    assert not [event for event in events if isinstance(event, Opened)]
    assert clock(game) == (game.at + 30_000, game.at + 180_000)
    assert Opened(2) in until(game, EVENING)


@pytest.mark.parametrize(("opens", "at"), [(0, DAWN), (1, DAWN + 1), (179_999, DUSK - 1)])
def test_the_shop_opens_when_the_rules_say(opens: int, at: Instant) -> None:
    """Given any hour of opening within the day, dawn included, it is kept."""
    game = district("vvvvvb", shop_opens_ms=opens)
    until(game, EVENING)
    opened = [entry.at for entry in game.log if isinstance(entry.event, Opened)]
    assert opened == [at]
