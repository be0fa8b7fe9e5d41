"""The JSON door: strict, the same on its fast way and its slow one, and one 400 for everything."""

import json

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mafia_district_servers import json_door
from mafia_district_servers.problems import Fault, Problem
from mafia_district_servers.services.communication import Text
from mafia_district_servers.services.game import As
from mafia_district_servers.services.lobbies import OpenLobby
from mafia_district_servers.services.voting import Vote

from .attacks import fault_of, json_bodies

BODIES = json_bodies()
MORE = {
    "empty": b"",
    "deep arrays": b"[" * 100_000,
    "deep objects": b'{"target":' * 5_000 + b"1" + b"}" * 5_000,
    "deep in an unknown key": b'{"target":1,"x":' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    "a number of 5000 digits": b'{"target":' + b"9" * 5_000 + b"}",
    "ten megabytes": b'{"target":"' + b"a" * 10_000_000 + b'"}',
}


def refused(data: bytes, kind: type) -> Problem:
    """Read what must be refused; give the problem."""
    with pytest.raises(Problem) as caught:
        json_door.read(data, kind)
    assert caught.value.code is fault_of(data)
    return caught.value


@pytest.mark.parametrize("body", [*BODIES.values(), *MORE.values()], ids=[*BODIES, *MORE])
def test_what_is_no_vote_is_refused(body: bytes) -> None:
    """Given a body that is not exactly a vote, then it is a bad request, with a reason."""
    problem = refused(body, Vote)
    assert problem.status == 400
    assert problem.detail


@pytest.mark.parametrize(
    "value",
    [b"\\u0000", b"a\\u0000b", b"\\ud800", b"\\udc00\\ud800", b"\xed\xa0\x80", b"\xff", b"\n"],
)
def test_no_unspeakable_text_comes_in(value: bytes) -> None:
    """Given a text with half a surrogate pair, U+0000 or wrong UTF-8, then it is refused."""
    refused(b'{"text":"' + value + b'"}', Text)
    refused(b'{"type":"chat.say","room":"town","text":"' + value + b'"}', dict)


def test_spaces_hide_nothing() -> None:
    """Given an unknown key, or a key twice, then no spacing of the body gets it past the door."""
    refused(b'{"target": 1, "target": 1}', Vote)
    refused(b'{ "target":1 ,"x" :2}', Vote)
    refused(b'{"set tings": {}}', OpenLobby)
    refused(b'{"settings ": {}}', OpenLobby)


def test_a_refusal_names_what_would_be_right() -> None:
    """Given a misspelt key or a wrong type, then the detail names the keys, or the place."""
    assert "target" in refused(b'{"tagret":1}', Vote).detail
    assert "$.target" in refused(b'{"target":"x"}', Vote).detail


@given(st.integers(-(2**31), 2**31), st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", "\t:")]))
def test_both_ways_read_the_same(target: int, separators: tuple[str, str]) -> None:
    """Given one vote in several spellings, then all of them are read alike."""
    body = json.dumps({"target": target}, separators=separators).encode()
    assert json_door.read(body, Vote) == Vote(target)


@given(st.text())
def test_texts_come_in_whole(text: str) -> None:
    """Given any text, then it is read as it was written, or refused for its U+0000."""
    for ascii_only in (True, False):
        body = json.dumps({"text": text}, ensure_ascii=ascii_only, separators=(",", ":"))
        if "\0" in text:
            refused(body.encode(), Text)
        else:
            assert json_door.read(body.encode(), Text) == Text(text)


def test_keys_below_the_first_level_are_seen_too() -> None:
    """Given a setting twice, then it is refused; once, it is read, and left out it defaults."""
    refused(b'{"settings":{"day_ms":1,"day_ms":2}}', OpenLobby)
    lobby = json_door.read(b'{"settings":{"day_ms":1}}', OpenLobby)
    assert lobby == attrs.evolve(OpenLobby(), settings={"day_ms": 1})


def test_a_query_is_as_strict() -> None:
    """Given a query, then its keys are known ones."""
    assert json_door.read_query({"as": "spectator"}, As) == As("spectator")
    with pytest.raises(Problem) as caught:
        json_door.read_query({"who": "me"}, As)
    assert caught.value.code is Fault.BAD_REQUEST


def test_no_body_means_no_body() -> None:
    """Given a request that takes no body, then only nothing and {} are taken."""
    json_door.nothing(b"")
    json_door.nothing(b"{}")
    for body in (b'{"a":1}', b"[]", b"null", b"x", b" "):
        with pytest.raises(Problem) as caught:
            json_door.nothing(body)
        assert caught.value.code is fault_of(body)
