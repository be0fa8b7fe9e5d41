"""Chat: which room is open to whom and when, who hears, and how much one may say."""

import pytest

from mafia_district.chat import MessageSaid, Say, Whisper, WhisperHeard, WhisperSeen
from mafia_district.choices import Choices
from mafia_district.clock import Pause
from mafia_district.game import Game
from mafia_district.ids import KEEPER, SPECTATOR
from mafia_district.lobby import Leave, TakeSeat
from mafia_district.machine import Code
from mafia_district.night.collect import Act
from mafia_district.night.deed import FACTION_KILL
from mafia_district.outcome import End
from mafia_district.phases import EVENING, NIGHT
from mafia_district.voting import CastVote

from .districts import district, until, walk
from .tables import dealt, do, end_phase, fold, lobby, refused, started, with_deal

ALL = {*range(8), SPECTATOR, KEEPER}


def hear(game: Game, seat: int, room: str, text: str = "hello") -> set[int]:
    """Let a seat say something; give the viewers who hear it."""
    before = {viewer: len(game.view(viewer).messages) for viewer in ALL}
    do(game, Say(seat, room, text))
    return {viewer for viewer in ALL if len(game.view(viewer).messages) > before[viewer]}


def funeral(**settings: object) -> Game:
    """Deal seven, lynch seat 6 (mafia) on day one, and let seat 0 be killed that night."""
    game = dealt("vvvvmmm", **settings)
    do(game, *[CastVote(seat, 6) for seat in range(4)])
    do(game, Act(4, FACTION_KILL, 0))
    end_phase(game)
    return game


def test_the_lobby_is_for_all_before_and_after() -> None:
    """Given the lobby, its countdown and the end, all who sit talk there and everybody hears."""
    game = lobby(3)
    assert hear(game, 1, "lobby") == ALL
    assert hear(started(game), 2, "lobby") == ALL
    end_phase(game)
    assert refused(game, Say(1, "lobby", "hello")) is Code.WRONG_PHASE
    do(game, End(0))
    assert hear(game, 1, "lobby") == ALL
    assert refused(game, Say(3, "lobby", "hello")) is Code.NO_SUCH_SEAT


def test_the_town_talks_by_day_while_it_lives() -> None:
    """Given a day, the living speak to all; the dead and leavers do not, and none by night."""
    game = funeral()
    assert hear(game, 1, "town") == ALL
    assert refused(game, Say(0, "town", "hello")) is Code.DEAD
    do(game, Leave(2))
    assert refused(game, Say(2, "town", "hello")) is Code.DEAD
    end_phase(game)
    assert refused(game, Say(1, "town", "hello")) is Code.WRONG_PHASE


def test_a_faction_talks_by_night_to_its_living_members() -> None:
    """Given a night, the living mafia hear each other; their dead and the town do not."""
    game = funeral()
    assert refused(game, Say(4, "faction", "hello")) is Code.WRONG_PHASE
    end_phase(game)
    assert hear(game, 4, "faction") == {4, 5, KEEPER}
    assert refused(game, Say(6, "faction", "hello")) is Code.DEAD
    assert refused(game, Say(1, "faction", "hello")) is Code.MAY_NOT_SPEAK


def test_two_mafias_have_a_room_each() -> None:
    """Given two of either mafia, each hears its own mate alone."""
    kinds = ("vanilla_townie", "fire_mafia_goon", "ice_mafia_goon")
    counts, roles = tuple((kind, 2) for kind in kinds), tuple(kind for kind in kinds for _ in "ab")
    game = started(lobby(6, roles=counts, first_phase="night"))
    end_phase(game)
    game = with_deal(game, roles)
    assert hear(game, 2, "faction") == {2, 3, KEEPER}
    assert hear(game, 4, "faction") == {4, 5, KEEPER}


def test_a_leaver_hears_no_more_of_the_faction() -> None:
    """Given a mafioso who walks out at night, only those who stay hear what is said after."""
    game = funeral()
    end_phase(game)
    do(game, Leave(5))
    assert hear(game, 4, "faction") == {4, KEEPER}


def test_a_faction_talks_always_where_the_rules_let_it() -> None:
    """Given the switch, the mafia talk by day as well, and still only among themselves."""
    game = funeral(faction_talk="always")
    assert hear(game, 5, "faction") == {4, 5, KEEPER}
    do(game, End(KEEPER))
    assert refused(game, Say(5, "faction", "hello")) is Code.WRONG_PHASE


def test_the_dead_talk_among_themselves_from_their_death_on() -> None:
    """Given two deaths, the later hears nothing of before, and the living hear nothing at all."""
    game = dealt("vvvvmmm")
    do(game, *[CastVote(seat, 6) for seat in range(4)])
    assert hear(game, 6, "dead") == {6, KEEPER}
    do(game, Act(4, FACTION_KILL, 0))
    end_phase(game)
    assert game.view(0).messages == ()
    assert hear(game, 0, "dead") == {0, 6, KEEPER}
    assert refused(game, Say(1, "dead", "hello")) is Code.MAY_NOT_SPEAK


def test_the_dead_learn_no_roles_from_dying() -> None:
    """Given a dead townsperson, they see what the town sees and their own past."""
    game = funeral(reveal_on_death="nothing")
    assert [seat.role for seat in game.view(0).seats] == ["vanilla_townie", *[""] * 6]


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 501])
def test_a_message_has_1_to_500_characters(text: str) -> None:
    """Given nothing or too much, it is refused; what is kept is without the space around it."""
    game = lobby(2)
    assert refused(game, Say(0, "lobby", text)) is Code.BAD_TEXT
    said = " " + "x" * 500 + "\n"
    assert do(game, Say(0, "lobby", said)) == (MessageSaid("lobby", 0, "x" * 500),)


def test_a_seat_says_five_things_in_ten_seconds() -> None:
    """Given five messages, the sixth waits until the first is ten seconds old; others need not."""
    game = lobby(2)
    for at in (0, 1, 2, 3, 9_000):
        game.handle(Say(0, "lobby", "hello"), at)
    assert refused(game, Say(0, "lobby", "hello"), 9_999) is Code.RATE_LIMITED
    assert game.handle(Say(1, "lobby", "hello"), 9_999)
    assert game.handle(Say(0, "lobby", "hello"), 10_000)
    assert refused(game, Say(0, "lobby", "hello"), 10_000) is Code.RATE_LIMITED
    assert game.handle(Say(0, "lobby", "hello"), 10_001)


def test_there_are_no_other_rooms() -> None:
    """Given any other name, there is no such room, whoever asks."""
    game = dealt("vvvm")
    for seat in (0, 3):
        assert refused(game, Say(seat, "attic", "hello")) is Code.NO_SUCH_ROOM


def test_a_late_guest_has_heard_the_lobby() -> None:
    """Given public talk, who sits down later can read it."""
    game = lobby(2)
    do(game, Say(0, "lobby", "hello"), TakeSeat(-2, "Cid"))
    assert game.view(2).messages == (MessageSaid("lobby", 0, "hello"),)


def test_a_place_hears_what_is_said_in_it_at_that_moment() -> None:
    """Given some at the docks, they alone hear each other; who comes later reads nothing back."""
    game = district("vvvvvb")
    for seat in (0, 1, 5):
        walk(game, seat, "docks")
    assert hear(game, 0, "place") == {0, 1, 5, KEEPER}
    assert game.view(1).messages == (MessageSaid("place", 0, "hello", "docks"),)
    walk(game, 5, "farm")
    walk(game, 2, "docks")
    assert game.view(2).messages == ()
    assert hear(game, 1, "place") == {0, 1, 2, KEEPER}
    assert hear(game, 5, "place") == {5, KEEPER}
    assert hear(game, 3, "place") == {3, 4, KEEPER}
    assert [len(game.view(seat).messages) for seat in range(6)] == [2, 2, 1, 1, 1, 2]


def test_places_are_for_the_day_and_the_town_for_the_evening() -> None:
    """Given a town, the living talk in places by day and all together in the evening, alone."""
    game = district("vvvvvb", first_phase="night")
    do(game, Act(5, FACTION_KILL, 0))
    assert refused(game, Say(1, "place", "hello")) is Code.WRONG_PHASE
    end_phase(game)
    assert refused(game, Say(1, "town", "hello")) is Code.WRONG_PHASE
    assert refused(game, Say(0, "place", "hello")) is Code.DEAD
    assert hear(game, 1, "place") == {1, 2, 3, 4, 5, KEEPER}
    do(game, Leave(4), Pause(KEEPER))
    assert refused(game, Say(1, "place", "hello")) is Code.PAUSED
    game = district("vvvvvb")
    until(game, EVENING)
    assert refused(game, Say(1, "place", "hello")) is Code.WRONG_PHASE
    assert hear(game, 1, "town") == ALL
    until(game, NIGHT)
    assert refused(game, Say(1, "town", "hello")) is Code.WRONG_PHASE
    assert refused(dealt("vvvm"), Say(0, "place", "hello")) is Code.NO_TOWN


def test_a_whisper_is_heard_by_two_and_seen_by_those_beside_them() -> None:
    """Given a whisper at the docks, a third there sees who whispers to whom; elsewhere, nothing."""
    game = district("vvvvvb", whispers=True)
    for seat in (0, 1, 2):
        walk(game, seat, "docks")
    heard, saw = WhisperHeard(0, 1, "psst"), WhisperSeen(0, 1, "docks")
    assert do(game, Whisper(0, 1, " psst ")) == (heard, saw)
    told = {viewer: game.view(viewer).messages for viewer in ALL if viewer < 6}
    assert told == {
        **dict.fromkeys((0, 1), (heard,)),
        2: (saw,),
        **dict.fromkeys((3, 4, 5, SPECTATOR), ()),
        KEEPER: (heard, saw),
    }


def test_whispers_are_refused_with_a_reason() -> None:
    """Given other rules, places, hours or texts, each is refused with its own code."""
    assert refused(district("vvvvvb"), Whisper(0, 1, "psst")) is Code.MAY_NOT_SPEAK
    game = district("vvvvvb", whispers=True)
    walk(game, 0, "docks")
    walk(game, 1, "docks")
    for to in (0, 2, 6, -1):
        assert refused(game, Whisper(0, to, "psst")) is Code.NOT_HERE
    assert refused(game, Whisper(0, 1, " ")) is Code.BAD_TEXT
    do(game, *[Whisper(0, 1, "psst") for _ in range(game.rules.messages)])
    assert refused(game, Whisper(0, 1, "psst")) is Code.RATE_LIMITED
    assert refused(game, Say(0, "place", "hello")) is Code.RATE_LIMITED
    do(game, Leave(1))
    assert refused(game, Whisper(0, 1, "psst")) is Code.NOT_HERE
    until(game, EVENING)
    assert refused(game, Whisper(2, 3, "psst")) is Code.WRONG_PHASE


def test_an_encryptor_opens_the_faction_room_by_day_while_it_lives() -> None:
    """Given an encryptor, its faction talks by day unheard; with its death only by night."""
    names = ("mafia_encryptor", "mafia_goon", "mafia_traitor", *["vanilla_townie"] * 4)
    game = with_deal(dealt("mmmvvvv"), names)
    assert hear(game, 0, "faction") == hear(game, 1, "faction") == {0, 1, KEEPER}
    assert "faction" in game.choices(1).rooms
    assert "faction" in Choices(fold(game, 1), 1).rooms
    for seat in (2, 3):
        assert refused(game, Say(seat, "faction", "hello")) is Code.MAY_NOT_SPEAK
    do(game, *[CastVote(seat, 0) for seat in range(3, 7)])
    assert hear(game, 1, "faction") == {1, KEEPER}
    end_phase(game)
    assert "faction" not in game.choices(1).rooms
    assert refused(game, Say(1, "faction", "hello")) is Code.WRONG_PHASE
