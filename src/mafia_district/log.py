"""The log: a recorded game as JSON Lines, chained by hashes, with free text that can be erased.

The first line is the header, every other line an entry. Each entry's hash covers the hash before
it, so that no entry can be changed, left out or moved without every later hash being wrong:

    hash[0] = sha256(header)            hash[n] = sha256(hash[n-1] || body[n])

where both texts are canonical JSON (sorted keys, no spaces, UTF-8). In the body, a text that a
person wrote stands as `{"sha256": sha256(salt || text)}`; text and salt lie beside it under
`texts` and can be erased without breaking the chain. `docs/log-format.md` has it to the bit, with
examples.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from typing import IO, Any, Final, NamedTuple

import attrs
import msgspec

from mafia_district import wire
from mafia_district.chance import commitment
from mafia_district.deal import SetupDrawn, SetupShown, composition, dealt
from mafia_district.ids import (
    EVERYONE,
    KEEPER_ONLY,
    MAX_SEATS,
    Instant,
    Seats,
    Version,
    members,
)
from mafia_district.lobby import Lobby
from mafia_district.machine import Entry, Event
from mafia_district.outcome import SeedShown
from mafia_district.record import FORMAT, Header, Recorded
from mafia_district.roster import GameStarted, RolesDealt
from mafia_district.state import State

SALT_BYTES: Final = 16
ERASED: Final = ""  # what an erased text reads as


class Damaged(Exception):
    """A record that is not what was recorded; `version` is the first bad entry, 0 the header."""

    def __init__(self, version: Version, reason: str) -> None:
        where = f"entry {version}" if version else "the header"
        super().__init__(f"{where}: {reason}")
        self.version = version
        self.reason = reason


class Line(NamedTuple):
    """An entry as it is stored: canonical JSON without free text, and the text beside it."""

    version: Version
    at: Instant
    command_id: str
    audience: Seats
    event: bytes
    texts: bytes | None
    hash: bytes


@attrs.frozen
class Record:
    """A record as it is stored: the header's canonical JSON, and the lines."""

    header: bytes
    lines: tuple[Line, ...]


def header_bytes(header: Header) -> bytes:
    """Write a header as canonical JSON."""
    plain: dict[str, Any] = attrs.asdict(header, recurse=False)
    plain["rules"] = wire.rules_plain(header.rules)
    plain["rules_hash"] = _rules_hash(plain["rules"])
    return wire.canonical(plain)


def read_header(text: bytes) -> Header:
    """Read a header; raises Damaged."""
    try:
        read = wire.parse(text)
        if not isinstance(read, dict) or read.get("format") != FORMAT:
            raise Damaged(0, f"this is no recorded game of format {FORMAT}")
        promised = read.pop("rules_hash", None)
        if promised != _rules_hash(read.get("rules")):
            raise Damaged(0, "the rules are not those that were promised")
        rules = wire.rules_of(read.pop("rules"))
        return msgspec.convert({**read, "rules": rules}, Header)
    except ValueError as problem:
        raise Damaged(0, str(problem)) from None


def first_hash(header: bytes) -> bytes:
    """Begin the chain with the header."""
    return sha256(header).digest()


def seal(entry: Entry, previous: bytes, salts: Callable[[], bytes]) -> Line:
    """Store an entry: take its free text aside and chain it to the hash before it.

    `salts` gives fresh random bytes; a salt that could be guessed would let an erased text be
    guessed as well.
    """
    plain = wire.event_plain(entry.event)
    texts: dict[str, list[str]] = {}
    for field in wire.ERASABLE[type(entry.event)]:
        salt, text = salts(), plain[field]
        texts[field] = [salt.hex(), text]
        plain[field] = {"sha256": _digest(salt, text)}
    event = wire.canonical(plain)
    body = _body(entry.version, entry.at, entry.command_id, entry.audience, event)
    aside = wire.canonical(texts) if texts else None
    return Line(
        *entry[:4], event=event, texts=aside, hash=sha256(previous + body).digest()
    )  # fmt: skip


def unseal(line: Line) -> Entry:
    """Read an entry back, erased texts as empty; raises Damaged."""
    try:
        plain = wire.parse(line.event)
        texts = wire.parse(line.texts) if line.texts else {}
        return Entry(*line[:4], event=_seated(wire.event(_with_texts(plain, texts))))
    except (ValueError, LookupError, TypeError) as problem:
        raise Damaged(line.version, f"the event cannot be read: {problem}") from None


def erase(line: Line) -> Line:
    """Forget the free text of an entry; the chain stays whole."""
    return line._replace(texts=None)


def record(recorded: Recorded, salts: Callable[[], bytes]) -> Record:
    """Store a whole game."""
    header = header_bytes(recorded.header)
    return Record(header, tuple(_sealed(recorded.entries, first_hash(header), salts)))


def recorded(stored: Record, seed: bytes | None = None) -> Recorded:
    """Read a whole game back; raises Damaged.

    The seed is the one given, or the one that the game's end has shown.
    """
    entries = tuple(unseal(line) for line in stored.lines)
    if seed is None:
        seed = next((_seed(entry) for entry in entries if isinstance(entry.event, SeedShown)), None)
    return Recorded(read_header(stored.header), entries, seed)


def write(stored: Record, file: IO[bytes]) -> None:
    """Write a record as JSON Lines."""
    file.write(stored.header + b"\n")
    for line in stored.lines:
        file.write(_line_bytes(line) + b"\n")


def read(file: Iterable[bytes]) -> Record:
    """Read a record from JSON Lines; raises Damaged for what is no record."""
    lines = iter(file)
    header = next(lines, b"").rstrip(b"\n")
    read_header(header)
    return Record(header, tuple(_read_line(text, version) for version, text in enumerate(lines, 1)))


def verify(stored: Record) -> State:
    """Check a record and return the state that it comes to; raises Damaged at the first fault.

    Recomputed are the chain of hashes, the texts' digests, the numbering and the order in time,
    every entry's audience, the promise of the seed, and the deal.
    """
    header = read_header(stored.header)
    state = State(header.rules)
    previous, before = first_hash(stored.header), 0
    for version, line in enumerate(stored.lines, 1):
        _check_line(line, version, previous, before)
        entry = unseal(line)
        _follow(state, entry)
        previous, before = line.hash, line.at
    _check_deal(header, state, [unseal(line).event for line in stored.lines])
    return state


def _rules_hash(rules: object) -> str:
    return sha256(wire.canonical(rules)).hexdigest()


def _digest(salt: bytes, text: str) -> str:
    return sha256(salt + text.encode()).hexdigest()


def _sealed(
    entries: Iterable[Entry], previous: bytes, salts: Callable[[], bytes]
) -> Iterator[Line]:
    for entry in entries:
        line = seal(entry, previous, salts)
        previous = line.hash
        yield line


def _audience_plain(audience: Seats) -> object:
    if audience == EVERYONE:
        return "everyone"
    return list(members(audience)) if audience else "keeper"


def _audience(plain: object) -> Seats:
    if plain in ("everyone", "keeper"):
        return EVERYONE if plain == "everyone" else KEEPER_ONLY
    seats = set(msgspec.convert(plain, list[int]))
    if not seats <= set(range(MAX_SEATS)):
        raise ValueError(f"an audience names seats below {MAX_SEATS}")
    return sum(1 << seat for seat in seats)


def _plain_body(line: Line | Entry, event: bytes) -> dict[str, object]:
    return {
        "version": line.version,
        "at": line.at,
        "command_id": line.command_id,
        "audience": _audience_plain(line.audience),
        "event": msgspec.Raw(event),
    }


def _body(version: Version, at: Instant, command_id: str, audience: Seats, event: bytes) -> bytes:
    return wire.canonical(
        _plain_body(Line(version, at, command_id, audience, event, None, b""), event)
    )


def _line_bytes(line: Line) -> bytes:
    plain = _plain_body(line, line.event)
    plain["hash"] = line.hash.hex()
    if line.texts is not None:
        plain["texts"] = msgspec.Raw(line.texts)
    return wire.canonical(plain)


def _read_line(text: bytes, version: Version) -> Line:
    try:
        line = _line(wire.parse(text))
    except (ValueError, LookupError, TypeError, AttributeError) as problem:
        raise Damaged(version, f"the line cannot be read: {problem}") from None
    if _line_bytes(line) + b"\n" != text:
        raise Damaged(version, "the line is not written as it was recorded")
    return line


def _line(read: Any) -> Line:
    texts = read.get("texts")
    return Line(
        msgspec.convert(read["version"], int),
        msgspec.convert(read["at"], int),
        msgspec.convert(read["command_id"], str),
        _audience(read["audience"]),
        wire.canonical(read["event"]),
        None if texts is None else wire.canonical(texts),
        bytes.fromhex(msgspec.convert(read["hash"], str)),
    )


def _with_texts(plain: Any, texts: Any) -> object:
    for field in wire.ERASABLE.get(wire.EVENTS.get(plain["type"], object), ()):
        plain[field] = texts[field][1] if field in texts else ERASED
    return plain


def _seated(event: Event) -> Event:
    """Refuse an event of a seat that no table has, before a mask of as many bits is made."""
    if getattr(event, "seat", 0) >= MAX_SEATS:
        raise ValueError(f"a table has at most {MAX_SEATS} seats")
    return event


def _check_line(line: Line, version: Version, previous: bytes, before: Instant) -> None:
    body = _body(line.version, line.at, line.command_id, line.audience, line.event)
    if sha256(previous + body).digest() != line.hash:
        raise Damaged(version, "the hash does not fit what is written here")
    if line.version != version:
        raise Damaged(version, f"is numbered {line.version}")
    if line.at < before:
        raise Damaged(version, "lies before the entry before it")
    _check_texts(line)


def _check_texts(line: Line) -> None:
    """Check the texts beside an entry; a salt's length is checked, or it could hide some text."""
    try:
        texts: Any = wire.parse(line.texts) if line.texts else {}
        event: Any = wire.parse(line.event)
        for field, (written, text) in texts.items():
            salt = bytes.fromhex(written)
            whole = len(salt) == SALT_BYTES and salt.hex() == written
            if not whole or _digest(salt, text) != event[field]["sha256"]:
                raise Damaged(line.version, f"the text of {field!r} is not the one recorded")
    except (ValueError, LookupError, TypeError, AttributeError) as problem:
        raise Damaged(line.version, f"the texts cannot be read: {problem}") from None


def _seed(entry: Entry) -> bytes:
    shown: Any = entry.event
    try:
        return bytes.fromhex(shown.seed)
    except ValueError:
        raise Damaged(entry.version, "the seed is not written in hexadecimal") from None


def _follow(state: State, entry: Entry) -> None:
    """Check an entry's audience against the state of that moment, and let it happen."""
    try:
        if state.audience(entry.event) != entry.audience:
            raise Damaged(entry.version, "the audience is not the one that the rules give")
        state.apply(entry.event, entry.at)
    except (LookupError, ValueError) as problem:
        raise Damaged(entry.version, f"cannot follow what came before: {problem!r}") from None


def _check_deal(header: Header, state: State, events: list[Event]) -> None:
    """Check the promises and the deal, once the seed has been shown."""
    facts: Mapping[type[Event], Any] = {type(event): event for event in events}
    shown, started, deal = (facts.get(kind) for kind in (SeedShown, GameStarted, RolesDealt))
    if not (shown and started and deal):
        return
    try:
        seed = bytes.fromhex(shown.seed)
        if commitment(seed) != header.commitment or started.commitment != header.commitment:
            raise Damaged(0, "the seed shown at the end is not the one that was promised")
        _check_salts(state.lobby, started)
        seats = members(state.table.roster.seats)
        setup = header.rules.setup(len(seats))
        if dealt(seed, seats, started.salts, setup) != deal.roles:
            raise Damaged(0, "the deal is not the one that seed and salts give")
        drawn = composition(seed, started.salts, setup)
        told = [facts[kind].roles for kind in (SetupDrawn, SetupShown) if kind in facts]
        if told != ([drawn] * 2 if drawn else []):
            raise Damaged(0, "the setup is not the one that seed and salts draw")
    except (ValueError, LookupError) as problem:
        raise Damaged(0, f"the deal cannot be computed: {problem!r}") from None


def _check_salts(lobby: Lobby, started: GameStarted) -> None:
    """Check that the deal took every salt that was given, and each as it was promised."""
    given = [(seat, lobby.commitments.get(seat), lobby.salts[seat]) for seat in sorted(lobby.salts)]
    if list(started.salts) != given:
        raise Damaged(0, "the salts of the deal are not those that the players gave")
    for seat, promised, salt in started.salts:
        if commitment(bytes.fromhex(salt)) != promised:
            raise Damaged(0, f"the salt of seat {seat} is not the one that was promised")
