"""Substitutes: which seats are vacant, who may let them pass, and what goes with a seat."""

import pytest

from mafia_district.chat import Say
from mafia_district.clock import Done, Pause
from mafia_district.game import Game
from mafia_district.ids import KEEPER, NO_LYNCH, NOBODY, SPECTATOR, PlayerId, members
from mafia_district.lobby import HandOver, Leave
from mafia_district.machine import Code, Command
from mafia_district.night.collect import Act
from mafia_district.night.deed import FACTION_KILL
from mafia_district.phases import DAY, NIGHT
from mafia_district.roster import LEFT_TOWN, HostChanged, PlayerDied, SeatPassed
from mafia_district.substitution import OfferSeat, SeatBot, SeatOffered, TakeOver
from mafia_district.town import SQUARE, Move, SteppedIn
from mafia_district.view import View
from mafia_district.voting import CastVote, Unvote
from mafia_district.wire import choices_bytes, view_bytes

from .districts import district
from .tables import dealt, do, end_phase, fold, frames, refused, seen, viewers

CASTING = "vvcvvmm"


def offers(game: Game) -> set[PlayerId]:
    """Give the seats that everybody sees offered."""
    return {row.seat for row in game.view(SPECTATOR).seats if row.offered}


def quiet(game: Game, days: int) -> None:
    """Let whole days and nights pass in which only the host and seat 1 give a sign."""
    for _ in range(days):
        do(game, CastVote(0, NO_LYNCH), CastVote(1, NO_LYNCH))
        end_phase(game)
        end_phase(game)


def long_game(cast: str = "vvvvvmm") -> Game:
    """Deal a game whose votes lynch nobody and which no quiet ends."""
    return dealt(cast, vote="plurality", stalemate_days=9)


def test_a_leavers_seat_is_offered_and_a_person_takes_it() -> None:
    """Given a leaver, the host offers the seat, another takes it, lives and may act at once."""
    game = dealt(CASTING)
    do(game, Leave(2))
    assert do(game, OfferSeat(0, 2)) == (SeatOffered(2),)
    assert offers(game) == {2}
    assert do(game, TakeOver(NOBODY, 2, " Zoe ")) == (SeatPassed(2, "Zoe", False, left=True),)
    row = game.view(SPECTATOR).seats[2]
    assert (row.name, row.alive) == ("Zoe", True)
    assert (row.bot, row.gone, row.offered) == (False, False, False)
    assert game.view(2).role == "town_cop"
    assert do(game, CastVote(2, NO_LYNCH))
    assert not [told for told in end_phase(game) if isinstance(told, PlayerDied)]


def test_a_bot_takes_a_vacant_seat_at_once() -> None:
    """Given a leaver, the host seats a bot there, without an offer or instead of one."""
    game = dealt(CASTING)
    do(game, Leave(2), Leave(3), OfferSeat(0, 3))
    for seat in (2, 3):
        assert do(game, SeatBot(0, seat)) == (SeatPassed(seat, f"Bot {seat + 1}", True, left=True),)
    assert game.view(SPECTATOR).seats[3].bot
    assert offers(game) == set()
    assert members(game.state.table.roster.bots) == (2, 3)
    assert refused(game, TakeOver(NOBODY, 3, "Zoe")) is Code.BAD_TARGET


def test_a_seat_nobody_takes_dies_with_the_phase() -> None:
    """Given an offer that nobody takes, the seat leaves town when the phase ends."""
    game = dealt(CASTING)
    do(game, Leave(2), OfferSeat(0, 2))
    assert PlayerDied(2, LEFT_TOWN, "town_cop") in end_phase(game)
    assert offers(game) == set()
    for sent in (OfferSeat(0, 2), SeatBot(0, 2), TakeOver(NOBODY, 2, "Zoe")):
        assert refused(game, sent) is Code.BAD_TARGET


def test_what_a_seat_knows_and_has_chosen_goes_with_it() -> None:
    """Given an idle seat with a result, a vote and a pick, then view, stream and picks stay."""
    game = long_game("vvcvvmm")
    for _ in range(2):
        end_phase(game)
        do(game, Act(2, "investigate", 5))
        end_phase(game)
    end_phase(game)
    do(game, Act(2, "investigate", 6))
    stream, view = frames(game, 2), game.view(2)
    results, messages, actions = view.results, view.messages, view.actions
    do(game, OfferSeat(KEEPER, 2), TakeOver(NOBODY, 2, "Zoe"))
    assert frames(game, 2)[: len(stream)] == stream
    assert (view.results, view.messages, view.actions) == (results, messages, actions)
    assert len(results) == 2
    end_phase(game)
    assert [learnt.target for learnt in game.view(2).results] == [5, 5, 6]


def test_a_vote_that_stands_is_the_substitutes() -> None:
    """Given a vote that was cast before the seat became idle, a substitute may take it back."""
    game = long_game()
    quiet(game, 3)
    do(game, SeatBot(0, 4), CastVote(4, 5), Unvote(4))
    assert 4 not in game.view(SPECTATOR).votes


def test_a_seat_is_idle_after_two_whole_cycles_without_a_sign() -> None:
    """Given nothing of a seat for two days and nights, it is vacant, and not a day before."""
    game = long_game()
    for day in (1, 2):
        assert (game.day, refused(game, OfferSeat(0, 3))) == (day, Code.BAD_TARGET)
        quiet(game, 1)
    assert (game.phase, game.day) == (DAY, 3)
    assert members(game.choices(0).vacant) == (2, 3, 4, 5, 6)
    assert do(game, OfferSeat(0, 3)) == (SeatOffered(3),)


@pytest.mark.parametrize(
    "sign", [Done(3, True), Done(3, False), CastVote(3, 5), Say(3, "town", "here")]
)
def test_any_sign_makes_an_offer_void(sign: Command) -> None:
    """Given an idle seat that is offered, its person says something, and nobody takes it."""
    game = long_game()
    quiet(game, 2)
    do(game, OfferSeat(0, 3), sign)
    assert offers(game) == set()
    assert refused(game, TakeOver(NOBODY, 3, "Zoe")) is Code.BAD_TARGET
    quiet(game, 2)
    assert refused(game, OfferSeat(0, 3)) is Code.BAD_TARGET
    quiet(game, 1)
    assert offers(game) == set()
    assert do(game, OfferSeat(0, 3))


def test_what_nobody_saw_is_no_sign() -> None:
    """Given a night action and a word to the faction every night, the seat is idle all the same."""
    game = long_game("vvcvvmm")
    for _ in range(2):
        end_phase(game)
        do(game, Act(2, "investigate", 5), Say(5, "faction", "hush"))
        end_phase(game)
    assert {2, 5} <= set(members(game.choices(0).vacant))


def test_a_ballot_is_a_sign_when_it_is_shown() -> None:
    """Given secret ballots, who cast one is here from the close on."""
    game = dealt("vvvvvmm", vote="ballot", stalemate_days=9)
    for _ in range(2):
        do(game, CastVote(3, NO_LYNCH))
        end_phase(game)
        end_phase(game)
    assert 3 not in members(game.choices(0).vacant)
    assert 4 in members(game.choices(0).vacant)


def test_only_the_host_and_the_house_let_a_seat_pass() -> None:
    """Given a leaver, others are refused; the host's own seat is handed over first."""
    game = long_game()
    do(game, Leave(2))
    for kind in (OfferSeat, SeatBot):
        assert refused(game, kind(1, 2)) is Code.NOT_HOST
        assert refused(game, kind(0, 1)) is Code.BAD_TARGET
        assert refused(game, kind(0, 9)) is Code.BAD_TARGET
    quiet(game, 2)
    do(game, *[CastVote(seat, NO_LYNCH) for seat in (1, 3)])
    end_phase(game)
    end_phase(game)
    assert refused(game, OfferSeat(KEEPER, 0)) is Code.BAD_TARGET
    do(game, HandOver(0, 1))
    end_phase(game)
    end_phase(game)
    end_phase(game)
    end_phase(game)
    assert do(game, OfferSeat(KEEPER, 0))


def test_what_is_refused_to_a_substitute() -> None:
    """Given an offer, one who sits, a bad name and a second offer are refused."""
    game = dealt(CASTING)
    do(game, Leave(2), OfferSeat(0, 2))
    assert refused(game, OfferSeat(0, 2)) is Code.ALREADY_DONE
    assert refused(game, TakeOver(3, 2, "Dan")) is Code.ALREADY_SEATED
    assert refused(game, TakeOver(NOBODY, 2, "  ")) is Code.BAD_NAME
    assert refused(game, TakeOver(NOBODY, 3, "Zoe")) is Code.BAD_TARGET
    waiting = dealt("vvvm")
    end = [CastVote(seat, 3) for seat in range(3)]
    do(waiting, *end)
    assert refused(waiting, TakeOver(NOBODY, 0, "Zoe")) is Code.WRONG_PHASE


def test_a_clock_that_stands_waits_for_a_substitute() -> None:
    """Given a pause, a seat is offered and taken; the game goes on with the clock."""
    game = dealt(CASTING)
    do(game, Pause(0), Leave(2), OfferSeat(0, 2), TakeOver(NOBODY, 2, "Zoe"))
    assert game.view(SPECTATOR).paused is not None


def test_the_substitute_of_the_last_person_hosts() -> None:
    """Given a table that nobody hosts any more, who takes a seat hosts it."""
    game = dealt("vvvm")
    do(game, Leave(1), Leave(2), OfferSeat(0, 1), Leave(3), SeatBot(0, 3), SeatBot(0, 2))
    assert do(game, Leave(0))[-1] == HostChanged(NOBODY)
    assert do(game, TakeOver(NOBODY, 1, "Zoe"))[-1] == HostChanged(1)


def test_a_substitute_is_the_last_heir() -> None:
    """Given a host who leaves, one who has just come does not host while others have sat longer."""
    game = dealt(CASTING)
    do(game, Leave(1), OfferSeat(0, 1), TakeOver(NOBODY, 1, "Zoe"))
    assert do(game, Leave(0))[-1] == HostChanged(2)


def test_a_substitute_for_a_leaver_begins_on_the_square() -> None:
    """Given a leaver in a shop, the substitute is seen on the Square, and sees who is there."""
    game = district("vvvvbb")
    at = game.at
    do(game, Move(2, "shop"), Leave(2), OfferSeat(KEEPER, 2))
    passed, stepped = do(game, TakeOver(NOBODY, 2, "Zoe"))
    assert isinstance(passed, SeatPassed)
    assert isinstance(stepped, SteppedIn)
    assert game.at == at
    town = game.view(2).town
    assert town is not None
    assert town.place == SQUARE
    assert set(members(town.here)) == set(range(6))
    assert do(game, Move(2, "shop"))
    for viewer in viewers(game):
        state = fold(game, viewer)
        view = View(state, viewer)
        assert (view_bytes(view), choices_bytes(view.choices)) == seen(game, viewer)


def test_who_comes_at_night_for_a_mafioso_is_told_what_the_others_pick() -> None:
    """Given a pick while one of the mafia was away, the substitute knows of it, and may pick."""
    game = dealt(CASTING)
    end_phase(game)
    do(game, Leave(6), Act(5, FACTION_KILL, 1))
    stream = frames(game, 6)
    assert not game.view(6).actions
    do(game, SeatBot(0, 6))
    assert [pick.target for pick in game.view(6).actions] == [1]
    assert len(frames(game, 6)) == len(stream) + 2
    view = View(fold(game, 6), 6)
    assert (view_bytes(view), choices_bytes(view.choices)) == seen(game, 6)


def test_an_idle_seat_stays_where_it_is() -> None:
    """Given an idle night, the substitute is told of nothing that the seat does not know."""
    game = long_game()
    quiet(game, 2)
    end_phase(game)
    assert game.phase is NIGHT
    assert do(game, SeatBot(0, 5)) == (SeatPassed(5, "Bot 6", True, left=False),)
    assert game.view(5).faction == 0b1100000
