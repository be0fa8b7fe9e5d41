"""The log: written and read back, chained, erasable, and telling where it was tampered with."""

import json
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from itertools import count
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mafia_district import log, wire
from mafia_district.chance import commitment, seed_from
from mafia_district.chat import Say
from mafia_district.game import Game
from mafia_district.ids import EVERYONE, KEEPER, KEEPER_ONLY, NOBODY
from mafia_district.lobby import AddBots, GiveSalt, TakeSeat
from mafia_district.log import Damaged, Line, Record
from mafia_district.machine import Entry, Event
from mafia_district.outcome import End, SeedShown
from mafia_district.record import Recorded
from mafia_district.roster import GameStarted, PlayerDied, RolesDealt
from mafia_district.rules import Rules
from mafia_district.town import DawnBroke

from .monkeys import record_bytes
from .strategies import values
from .tables import do, end_phase, inside, lobby, started

SALT = b"s" * 32


def played(**settings: Any) -> Game:
    """Play a short game with a salt, names and talk, to its end."""
    game = lobby(2, code="AB234", **settings)
    do(game, TakeSeat(NOBODY, "Ann \N{SNOWMAN}", "AB234", commitment(SALT)), AddBots(0, 1))
    do(started(game), Say(2, "lobby", "hello"), GiveSalt(2, SALT.hex()))
    end_phase(game)
    do(game, End(0))
    return game


PLAYED = played()
PLAYED_IN_TOWN = played(town=True)


def stored(game: Game) -> Record:
    """Store a game with salts that are no secret."""
    return log.read(BytesIO(record_bytes(game)))


def resealed(game: Game, lies: Mapping[Entry, Entry]) -> Record:
    """Store a game with some entries replaced, and a chain that is whole."""
    entries = tuple(lies.get(entry, entry) for entry in game.log)
    salts = count()
    record = Recorded(game.record().header, entries)
    return log.record(record, lambda: next(salts).to_bytes(16, "big"))


def damage(record: Record) -> Damaged:
    """Give what verifying finds."""
    with pytest.raises(Damaged) as found:
        log.verify(record)
    return found.value


def test_a_game_written_and_read_is_the_same_game() -> None:
    """Given a written game, reading gives the entries, the rules and the seed that it shows."""
    game = played()
    recorded = log.recorded(stored(game))
    assert recorded == game.record()
    assert inside(Game.replay(recorded)) == inside(game)


def test_the_chain_is_what_its_description_says() -> None:
    """Given a file, SHA-256 over its lines without hash and texts gives each hash anew."""
    header, *lines = record_bytes(played()).splitlines()
    link = sha256(header).digest()
    for line in lines:
        plain = json.loads(line)
        promised = plain.pop("hash")
        for field, (salt, text) in plain.pop("texts", {}).items():
            digest = sha256(bytes.fromhex(salt) + text.encode()).hexdigest()
            assert plain["event"][field] == {"sha256": digest}
        body = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        link = sha256(link + body.encode()).digest()
        assert link.hex() == promised


def test_every_flipped_bit_is_detected_and_its_entry_named() -> None:
    """Given a small log, whichever bit of whichever byte is flipped, that line is found damaged."""
    game = Game.open(Rules.preset("classic"), 7, 0, code="AB234")
    do(game, TakeSeat(NOBODY, "Ann", "AB234"), Say(0, "lobby", "hello"))
    text = record_bytes(game)
    assert log.verify(log.read(BytesIO(text))).table.roster.names == {0: "Ann"}
    for place in range(len(text)):
        line = text.count(b"\n", 0, place)
        for bit in range(8):
            flipped = bytearray(text)
            flipped[place] ^= 1 << bit
            with pytest.raises(Damaged) as found:
                log.verify(log.read(bytes(flipped).splitlines(keepends=True)))
            assert found.value.version in ({line} if line else {0, 1})


def test_every_flipped_byte_of_a_whole_game_is_detected() -> None:
    """Given a game with its deal and its end, any byte that is changed is noticed."""
    text = record_bytes(played())
    for place in range(0, len(text), 5):
        flipped = bytearray(text)
        flipped[place] ^= 1 << place % 7
        with pytest.raises(Damaged):
            log.verify(log.read(bytes(flipped).splitlines(keepends=True)))


def test_an_erased_text_leaves_the_chain_whole() -> None:
    """Given names and messages erased, the record verifies, and they read as empty."""
    game = played()
    record = stored(game)
    erased = Record(record.header, tuple(map(log.erase, record.lines)))
    state = log.verify(erased)
    assert set(state.table.roster.names.values()) == {""}
    assert [kept.said.text for kept in state.chat.messages] == [""]
    again = BytesIO()
    log.write(erased, again)
    assert b"Ann" not in again.getvalue()
    assert log.verify(log.read(BytesIO(again.getvalue())))
    assert [line.hash for line in erased.lines] == [line.hash for line in record.lines]


@pytest.mark.parametrize(
    "texts",
    [
        {"text": ["00" * 16, "goodbye"]},
        {"text": ["00" * 16]},
        {"text": 5},
        {"other": ["00" * 16, "hello"]},
        ["text"],
        {"text": ["zz" * 16, "hello"]},
    ],
)
def test_a_text_is_the_one_that_was_said(texts: object) -> None:
    """Given another text, salt or shape beside an entry, that entry is named."""
    record = stored(played())
    said = next(line for line in record.lines if b"chat" in line.event)
    swapped = said._replace(texts=wire.canonical(texts))
    assert damage(_with(record, swapped)).version == said.version


def test_a_salt_hides_no_text() -> None:
    """Given the beginning of a text moved into its salt, the digest fits and it is noticed."""
    record = stored(played())
    said = next(line for line in record.lines if b"chat" in line.event)
    assert said.texts is not None
    salt, text = json.loads(said.texts)["text"]
    moved = {"text": [salt + text[:2].encode().hex(), text[2:]]}
    assert damage(_with(record, said._replace(texts=wire.canonical(moved)))).version == said.version


def _with(record: Record, line: Line) -> Record:
    lines = [line if kept.version == line.version else kept for kept in record.lines]
    return Record(record.header, tuple(lines))


def test_lines_left_out_or_moved_are_noticed() -> None:
    """Given a line less, or two in the wrong order, the first that does not fit is named."""
    record = stored(played())
    lines = record.lines
    assert damage(Record(record.header, lines[1:])).version == 1
    assert damage(Record(record.header, (*lines[:4], *lines[5:]))).version == 5
    swapped = (*lines[:2], lines[3], lines[2], *lines[4:])
    assert damage(Record(record.header, swapped)).version == 3
    assert log.verify(Record(record.header, lines[:4]))


@pytest.mark.parametrize(
    ("kind", "lie", "says"),
    [
        (RolesDealt, {"roles": (*["vanilla_townie"] * 3, "mafia_goon")}, "the deal is not"),
        (SeedShown, {"seed": seed_from(8).hex()}, "not the one that was promised"),
        (SeedShown, {"seed": "no seed"}, "the deal cannot be computed"),
        (GameStarted, {"salts": ()}, "not those that the players gave"),
        (GameStarted, {"commitment": commitment(b"")}, "not the one that was promised"),
    ],
)
def test_a_lie_about_the_deal_is_found_in_a_whole_chain(
    kind: type[Event], lie: dict[str, Any], says: str
) -> None:
    """Given a chain made anew over a lie about the deal, computing the deal again finds it."""
    game = played()
    (told,) = [entry for entry in game.log if isinstance(entry.event, kind)]
    false = told._replace(event=attrs.evolve(told.event, **lie))
    assert says in damage(resealed(game, {told: false})).reason


def test_an_audience_that_the_rules_do_not_give_is_found() -> None:
    """Given a secret that a whole chain tells to all, or the reverse, its entry is named."""
    game = played()
    for version, entry in enumerate(game.log, 1):
        lie = entry._replace(audience=KEEPER_ONLY if entry.audience == EVERYONE else EVERYONE)
        told = damage(resealed(game, {entry: lie}))
        assert (told.version, "audience" in told.reason) == (version, True)


def test_what_cannot_have_happened_is_found() -> None:
    """Given a chain whose events do not follow from each other, no traceback, but its entry."""
    game = played()
    third = game.log[2]
    impossible = third._replace(event=PlayerDied(-7, "shot", ""), audience=EVERYONE)
    early = third._replace(at=-1)
    for lie in (impossible, early):
        assert damage(resealed(game, {third: lie})).version == 3


@settings(max_examples=300)
@given(
    st.sampled_from([PLAYED, PLAYED_IN_TOWN]), st.sampled_from([*wire.EVENTS.values()]), st.data()
)
def test_whatever_a_whole_chain_tells_is_followed_or_found(
    game: Game, kind: type[Event], data: st.DataObject
) -> None:
    """Given any event in any place of a chain that is whole, verifying ends by itself."""
    true = game.log[data.draw(st.integers(1, game.version - 1))]
    false = true._replace(event=data.draw(values(kind)))
    record = resealed(game, {true: false})
    with suppress(Damaged):
        assert log.verify(record).table.rules == game.rules
    with suppress(Damaged):
        assert len(log.recorded(record).entries) == game.version


def test_a_town_is_part_of_the_rules() -> None:
    """Given an event of the town in a game without one, its entry is named."""
    third = PLAYED.log[2]
    lie = third._replace(event=DawnBroke(1), audience=EVERYONE)
    assert "only in a town" in damage(resealed(PLAYED, {third: lie})).reason


@pytest.mark.parametrize(
    ("text", "version"),
    [
        (b"", 0),
        (b"\n", 0),
        (b"{}\n", 0),
        (b'{"format":2}\n', 0),
        (b"not json\n", 0),
        (None, 1),
    ],
)
def test_what_is_no_record_is_refused_with_a_reason(text: bytes | None, version: int) -> None:
    """Given another file, or a line that is none, reading says which line is at fault."""
    if text is None:
        text = record_bytes(played()).splitlines(keepends=True)[0] + b"[]\n"
    with pytest.raises(Damaged) as found:
        log.read(BytesIO(text))
    assert found.value.version == version


@pytest.mark.parametrize("audience", ["nobody", [0, 0], [1, 0], [-1], [10**12], [True], 3])
def test_an_audience_is_written_in_one_way(audience: object) -> None:
    """Given any other spelling of an audience, the line is refused."""
    header, first, *_ = record_bytes(played()).splitlines(keepends=True)
    plain = json.loads(first) | {"audience": audience}
    with pytest.raises(Damaged, match="entry 1"):
        log.read([header, wire.canonical(plain) + b"\n"])


def test_the_rules_are_promised_in_the_header() -> None:
    """Given a header with another rule, or another promise, it is refused."""
    header, *lines = record_bytes(played()).splitlines(keepends=True)
    plain = json.loads(header)
    plain["rules"]["day_ms"] += 1
    with pytest.raises(Damaged, match="the header: the rules are not those"):
        log.read([wire.canonical(plain) + b"\n", *lines])


def test_a_record_without_its_seed_is_looked_at_but_not_played_on() -> None:
    """Given a game that goes on and whose seed is not known, it can be watched; nothing more."""
    game = lobby(3)
    recorded = log.recorded(stored(game))
    assert recorded.seed is None
    again = Game.replay(recorded)
    assert again.view(KEEPER).phase is game.phase
    with pytest.raises(ValueError, match="without its seed"):
        _ = again.commitment
    assert log.recorded(stored(game), game.seed).seed == game.seed
