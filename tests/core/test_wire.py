"""The wire: every command and event goes out and comes back, and the door lets in nothing else."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mafia_district import wire
from mafia_district.lobby import SetReady
from mafia_district.machine import Command, Event
from mafia_district.roster import SeatTaken
from mafia_district.voting import CastVote
from mafia_district.wire import Malformed

from .strategies import values
from .tables import dealt, lobby, started, viewers


@pytest.mark.parametrize("name", wire.COMMANDS)
@settings(max_examples=40)
@given(data=st.data())
def test_a_command_comes_back_as_it_went(name: str, data: st.DataObject) -> None:
    """Given any command, its JSON makes it again for the same actor, who is not in it."""
    sent: Command = data.draw(values(wire.COMMANDS[name]))
    written = wire.command_bytes(sent)
    assert b'"actor":' not in written
    assert wire.command(wire.parse(written), sent.actor) == sent


@pytest.mark.parametrize("name", wire.EVENTS)
@settings(max_examples=40)
@given(data=st.data())
def test_an_event_comes_back_as_it_went(name: str, data: st.DataObject) -> None:
    """Given any event, its JSON makes it again, and there is one way to write it."""
    told: Event = data.draw(values(wire.EVENTS[name]))
    written = wire.event_bytes(told)
    assert wire.event(wire.parse(written)) == told
    plain = json.loads(written)
    spelt = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert spelt.encode() == written


def test_every_name_is_its_machines_and_its_own() -> None:
    """Given the tables, names read as contracts do, and no command shares one with an event."""
    assert wire.NAMES[CastVote] == "voting.cast_vote"
    assert wire.NAMES[SeatTaken] == "roster.seat_taken"
    assert len(wire.NAMES) == len(wire.COMMANDS) + len(wire.EVENTS)
    assert not wire.COMMANDS.keys() & wire.EVENTS.keys()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"[1,]", "not JSON"),
        (b"{'a':1}", "not JSON"),
        (b'{"a":1}{"a":1}', "not JSON"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b"1" * 5_000, "not JSON"),
        (b'"\xff"', "not UTF-8"),
        (b'"\xed\xa0\x80"', "not UTF-8"),
        (b'{"a":1,"a":1}', "same key twice"),
        (b'{"a":1,"\\u0061":2}', "same key twice"),
        (b'[{"b":{"a":1,"a":1}}]', "same key twice"),
        (b"NaN", "no JSON number"),
        (b"[-Infinity]", "no JSON number"),
        (b'"a\\u0000b"', "U\\+0000"),
        (b'{"\\u0000":1}', "U\\+0000"),
        (b'["\\ud800"]', "surrogate"),
        (b'{"a":"\\udc00\\ud800"}', "surrogate"),
        (b"[" * 18 + b"]" * 18, "deeper than 16"),
        (b"[" * 200_000 + b"]" * 200_000, "too deeply|deeper than 16"),
        (b'{"a":' * 18 + b"1" + b"}" * 18, "deeper than 16"),
    ],
)
def test_the_door_refuses_what_is_not_strict_json(text: bytes, says: str) -> None:
    """Given text that parsers disagree about, the door refuses it and says what is wrong."""
    with pytest.raises(Malformed, match=says):
        wire.parse(text)


@given(st.binary(max_size=40))
def test_the_door_fails_in_one_way_only(noise: bytes) -> None:
    """Given any bytes, they are read or refused as malformed, and nothing else happens."""
    for text in (noise, b'{"type":"chat.say","room":"town","text":"%b"}' % noise):
        with suppress(Malformed):
            assert isinstance(wire.command(wire.parse(text), 0), Command)


def test_what_the_door_lets_in_is_unchanged() -> None:
    """Given sixteen levels, a pair of surrogates and every kind of value, all of it comes in."""
    nested = b"[" * 16 + b"1" + b"]" * 16
    assert json.dumps(wire.parse(nested)).encode() == nested
    read = wire.parse(b'{"a":["\\ud83d\\ude00",true,null,-1,""]}')
    assert read == {"a": ["\U0001f600", True, None, -1, ""]}


@pytest.mark.parametrize(
    ("read", "says"),
    [
        ([], "an object with a type"),
        ({}, "no type .?None"),
        ({"type": 1}, "no type .?1"),
        ({"type": "voting.vote_cast"}, "no type 'voting.vote_cast'"),
        ({"type": "voting.cast_vote"}, "missing required field `target`"),
        ({"type": "voting.cast_vote", "target": "1"}, "Expected `int`, got `str`"),
        ({"type": "voting.cast_vote", "target": 1.0}, "Expected `int`, got `float`"),
        ({"type": "voting.cast_vote", "target": True}, "Expected `int`, got `bool`"),
        ({"type": "voting.cast_vote", "target": None}, "Expected `int`, got `null`"),
        ({"type": "voting.cast_vote", "target": 1, "taget": 2}, "has no taget"),
        ({"type": "voting.cast_vote", "target": 1, "actor": 3}, "not for the sender to say"),
        ({"type": "lobby.set_ready", "ready": 1}, "Expected `bool`, got `int`"),
    ],
)
def test_a_command_is_what_its_type_says(read: object, says: str) -> None:
    """Given a wrong type, a field too much, too little or of another kind, it is no command."""
    with pytest.raises(Malformed, match=says):
        wire.command(read, 0)


def test_the_actor_is_who_sent_it() -> None:
    """Given one text, whoever sends it is its actor."""
    read = wire.parse(b'{"type":"lobby.set_ready","ready":true}')
    assert [wire.command(read, seat) for seat in (0, 5)] == [SetReady(0, True), SetReady(5, True)]


@pytest.mark.parametrize("town", [False, True], ids=["classic", "town"])
@pytest.mark.parametrize("phase", ["lobby", "starting", "day", "night"])
def test_every_view_and_all_choices_can_be_written(phase: str, town: bool) -> None:
    """Given any phase, what anybody sees is canonical JSON, and choices name lawful commands."""
    game = {
        "lobby": lambda: lobby(3, code="AB234", town=town),
        "starting": lambda: started(lobby(3, town=town)),
        "day": lambda: dealt("vvcm", town=town),
        "night": lambda: dealt("vvcm", first_phase="night", town=town),
    }[phase]()
    for viewer in viewers(game):
        view = wire.view_plain(game.view(viewer))
        assert tuple(view) == wire.VIEWED
        assert not town or tuple(view["town"]) == wire.VIEWED_IN_TOWN
        assert view["phase"] == phase
        written = wire.view_bytes(game.view(viewer))
        assert wire.canonical(wire.parse(written)) == written
        assert wire.choices_plain(game.choices(viewer)).keys() <= wire.COMMANDS.keys()
