"""The lobby: sitting down, getting up, hosting, getting ready, starting."""

import pytest

from mafia_district.chance import commitment
from mafia_district.chat import Say
from mafia_district.game import Game
from mafia_district.ids import KEEPER, NOBODY, SPECTATOR, members
from mafia_district.lobby import (
    AddBots,
    Close,
    CodeTold,
    GiveSalt,
    HandOver,
    Kick,
    Leave,
    LobbyClosed,
    Open,
    ReadySet,
    SetReady,
    Start,
    TakeSeat,
)
from mafia_district.machine import Code
from mafia_district.phases import ENDED, LOBBY, NIGHT, STARTING, PhaseBegan
from mafia_district.roster import MAX_NAME, GameStarted, HostChanged, SeatLeft, SeatTaken

from .tables import do, end_phase, lobby, refused, rules, started

SALT = bytes(32)


def test_the_first_person_hosts_and_seats_fill_from_the_lowest() -> None:
    """Given an open lobby, who comes first hosts, and who comes later takes the lowest seat."""
    game = Game.open(rules(), 7, 0)
    assert do(game, TakeSeat(NOBODY, " Ann ")) == (
        SeatTaken(0, "Ann", False, ""),
        HostChanged(0),
    )
    do(game, TakeSeat(NOBODY, "Bob"), TakeSeat(NOBODY, "Cid"), Leave(1))
    assert do(game, TakeSeat(NOBODY, "Dan")) == (SeatTaken(1, "Dan", False, ""),)


def test_bots_never_host() -> None:
    """Given a lobby of bots, the first person who sits down hosts it."""
    game = Game.open(rules(), 7, 0)
    do(game, AddBots(KEEPER, 2))
    assert game.state.table.roster.host == NOBODY
    do(game, TakeSeat(NOBODY, "Ann"))
    assert game.state.table.roster.host == 2


def test_a_private_lobby_takes_its_code_and_tells_it_to_those_inside() -> None:
    """Given a code, only who knows it sits down, and only who sits reads it."""
    game = lobby(2, code="AB234")
    assert refused(game, TakeSeat(NOBODY, "Eve", "")) is Code.WRONG_CODE
    assert refused(game, TakeSeat(NOBODY, "Eve", "AB235")) is Code.WRONG_CODE
    assert [game.view(viewer).code for viewer in (0, 1, 2, SPECTATOR, KEEPER)] == [
        *("AB234", "AB234", "", "", "AB234"),
    ]
    assert not game.view(SPECTATOR).public
    assert refused(lobby(1), TakeSeat(NOBODY, "Eve", "AB234")) is Code.WRONG_CODE


def test_who_leaves_a_private_lobby_reads_its_code_no_more() -> None:
    """Given a seat that is left and taken again, its view is that of who sits there now."""
    game = lobby(2, code="AB234")
    do(game, Leave(1))
    assert game.view(1).code == ""
    assert CodeTold(1, "AB234") in do(game, TakeSeat(NOBODY, "Eve", "AB234"))
    assert game.view(1).code == "AB234"


@pytest.mark.parametrize("name", ["", "   ", "two\nlines", "zero\u200bwidth", "x" * (MAX_NAME + 1)])
def test_a_name_can_be_read_by_all(name: str) -> None:
    """Given no name, too long a one or one that cannot be printed, nobody sits down."""
    assert refused(lobby(1), TakeSeat(NOBODY, name)) is Code.BAD_NAME


@pytest.mark.parametrize("digest", ["00", "g" * 64, "AB" * 32, commitment(SALT) + " "])
def test_a_commitment_is_a_digest(digest: str) -> None:
    """Given something else than 64 hexadecimal digits in lower case, nobody sits down."""
    assert refused(lobby(1), TakeSeat(NOBODY, "Ann", "", digest)) is Code.BAD_SALT


def test_nobody_sits_twice_or_at_a_full_table_or_late() -> None:
    """Given a seat, no free seat, or a countdown, sitting down is refused, and so are bots."""
    game = lobby(3, max_seats=3)
    assert refused(game, TakeSeat(0, "Ann")) is Code.ALREADY_SEATED
    assert refused(game, TakeSeat(NOBODY, "Dan")) is Code.LOBBY_FULL
    assert refused(game, AddBots(0, 1)) is Code.LOBBY_FULL
    assert refused(game, AddBots(0, 0)) is Code.BAD_TARGET
    started(game)
    assert refused(game, TakeSeat(NOBODY, "Dan")) is Code.WRONG_PHASE
    assert refused(game, AddBots(0, 1)) is Code.WRONG_PHASE


def test_only_the_host_and_the_house_run_a_table() -> None:
    """Given a guest, the host's commands are refused; given any seat, the house's are."""
    game = lobby(3)
    for sent in (AddBots(1, 1), Kick(1, 2), HandOver(1, 2), Start(1), Close(1), Open(0, "")):
        assert refused(game, sent) is Code.NOT_HOST
    do(game, AddBots(KEEPER, 1), Kick(KEEPER, 3), HandOver(KEEPER, 1), Kick(1, 0))
    assert members(game.state.table.roster.seats) == (1, 2)


def test_a_host_hands_over_to_another_person() -> None:
    """Given heirs, a person takes over; a bot, an empty seat or oneself does not."""
    game = lobby(2, bots=1)
    for seat in (0, 2, 3, -1):
        assert refused(game, HandOver(0, seat)) is Code.BAD_TARGET
    assert do(game, HandOver(0, 1)) == (HostChanged(1),)
    assert refused(game, Kick(1, 1)) is Code.BAD_TARGET
    assert refused(game, Kick(1, 9)) is Code.NO_SUCH_SEAT
    assert do(game, Kick(1, 0)) == (SeatLeft(0, True),)


def test_the_longest_seated_person_inherits_the_table() -> None:
    """Given a host who leaves, the person follows who has sat longest, whatever the seat."""
    game = lobby(2)
    do(game, Leave(0), TakeSeat(NOBODY, "Cid"))
    assert game.state.table.roster.host == 1
    assert do(game, Leave(1)) == (SeatLeft(1, False), HostChanged(0))


def test_a_lobby_with_bots_only_closes() -> None:
    """Given the last person leaves, the lobby closes; and so does one that its host closes."""
    game = lobby(1, bots=3)
    assert [type(event) for event in do(game, Leave(0))] == [SeatLeft, LobbyClosed, PhaseBegan]
    assert game.phase is ENDED
    assert game.outcome is None
    assert game.view(SPECTATOR).closed == "the last person has left"
    assert refused(game, TakeSeat(NOBODY, "Ann")) is Code.WRONG_PHASE
    other = lobby(2)
    do(other, Close(0))
    assert other.view(1).closed == "closed by the host"


def test_all_persons_but_the_host_get_ready() -> None:
    """Given somebody who is not ready, the start is refused and names them; bots never wait."""
    game = lobby(3, bots=1)
    do(game, SetReady(1, True))
    assert refused(game, Start(0)) is Code.NOT_READY
    do(game, SetReady(2, True))
    (began,) = do(game, Start(0))
    assert began == PhaseBegan(STARTING, 1, 0, game.rules.countdown_ms)


@pytest.mark.parametrize("change", [TakeSeat(NOBODY, "Eve"), AddBots(0, 1), Kick(0, 2), Leave(2)])
def test_ready_is_dropped_when_the_seats_change(change: TakeSeat | AddBots | Kick | Leave) -> None:
    """Given everybody ready, whoever comes or goes makes all look again."""
    game = lobby(3)
    do(game, SetReady(1, True), SetReady(2, True), change)
    assert not any(seat.ready for seat in game.view(0).seats)


def test_a_table_needs_the_right_number() -> None:
    """Given too few, or roles for another number, the start is refused."""
    assert refused(lobby(2), Start(0)) is Code.TOO_FEW_PLAYERS
    game = lobby(1, bots=3, roles=(("vanilla_townie", 2), ("mafia_goon", 1)))
    assert refused(game, Start(0)) is Code.BAD_SETUP
    do(game, Kick(0, 3), Start(0))
    assert game.phase is STARTING


@pytest.mark.parametrize("stop", [SetReady(1, False), Leave(2), Kick(0, 1)])
def test_a_countdown_stops_when_somebody_is_not_ready_any_more(
    stop: SetReady | Leave | Kick,
) -> None:
    """Given a countdown, unreadying or getting up stops it, and it starts anew from its length."""
    game = started(lobby(4))
    game.handle(stop, 3_000)
    assert (game.phase, game.deadline) == (LOBBY, None)
    do(game, *[SetReady(seat, True) for seat in members(game.state.table.roster.seats)], Start(0))
    assert game.deadline == 3_000 + game.rules.countdown_ms


def test_who_is_ready_stays_so_when_another_is_not() -> None:
    """Given one who takes it back, the others need not say it again."""
    game = started(lobby(3))
    assert ReadySet(1, False) in do(game, SetReady(1, False))
    assert [seat.ready for seat in game.view(0).seats] == [True, False, True]


def test_a_salt_is_the_one_that_was_promised() -> None:
    """Given a countdown, a salt that fits its commitment is taken, and no other."""
    game = lobby(2)
    assert refused(game, GiveSalt(0, SALT.hex())) is Code.WRONG_PHASE
    do(
        game,
        TakeSeat(NOBODY, "Ann", "", commitment(SALT)),
        TakeSeat(NOBODY, "Bob", "", commitment(b"")),
    )
    started(game)
    for seat, salt in ((2, "zz"), (2, "00"), (2, "01" * 32), (0, SALT.hex()), (3, "")):
        assert refused(game, GiveSalt(seat, salt)) is Code.BAD_SALT
    assert refused(game, GiveSalt(9, SALT.hex())) is Code.NO_SUCH_SEAT
    assert do(game, GiveSalt(2, SALT.hex().upper()))
    told = end_phase(game)[0]
    assert told == GameStarted(
        game.commitment, game.view(0).roles, ((2, commitment(SALT), SALT.hex()),)
    )


def test_a_seat_that_changes_hands_keeps_no_salt() -> None:
    """Given a salt and then another person in that seat, the deal takes neither from before."""
    game = lobby(3)
    do(game, TakeSeat(NOBODY, "Ann", "", commitment(SALT)))
    do(started(game), GiveSalt(3, SALT.hex()), Leave(3), TakeSeat(NOBODY, "Bob"))
    told = end_phase(started(game))[0]
    assert isinstance(told, GameStarted)
    assert told.salts == ()


def test_the_lobby_talks_until_the_deal() -> None:
    """Given the countdown's end, the first phase begins with everybody alive, for all to see."""
    game = lobby(3, first_phase="night")
    do(game, Say(2, "lobby", "hello"))
    end_phase(started(game))
    assert (game.phase, game.day) == (NIGHT, 0)
    assert all(seat.alive for seat in game.view(SPECTATOR).seats)
    assert refused(game, Say(2, "lobby", "hello")) is Code.WRONG_PHASE
    assert refused(game, Kick(0, 1)) is Code.WRONG_PHASE
