"""The wire: commands, events and views as JSON, and the one strict door by which JSON comes in.

A command or event is an object whose `type` is its machine's name and its own in snake case, as in
`{"type": "voting.cast_vote", "target": 3}`; the actor of a command is never read from JSON. The
door refuses what parsers disagree about: duplicate keys, numbers that are no JSON, the character
U+0000, lone surrogates, deep nesting. Keys that a type does not have are refused as well, for a
misspelt key that is silently dropped is a bug that nobody finds.

Fields marked *erasable* hold free text that people wrote; `log.py` keeps it beside the hash chain.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

import attrs
import msgspec

from mafia_district.catalogue import BUILT_IN
from mafia_district.choices import Choices
from mafia_district.ids import NO_LYNCH, PlayerId, members
from mafia_district.machine import Command, Event
from mafia_district.rules import Rules
from mafia_district.state import MACHINES
from mafia_district.town_choices import OPTIONS
from mafia_district.town_view import TownView
from mafia_district.view import View

MAX_DEPTH: Final = 16

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
_UNSPEAKABLE = re.compile("[\x00\ud800-\udfff]")


class Malformed(ValueError):
    """JSON that the door refuses, or that is no command or event; the message says why."""


def _names(table: str) -> dict[str, type[Any]]:
    return {
        f"{machine.name}.{_CAPITAL.sub('_', kind.__name__).lower()}": kind
        for machine in MACHINES
        for kind in getattr(machine, table)
    }


COMMANDS: Final = _names("commands")
EVENTS: Final = _names("events")
NAMES: Final[dict[type[Any], str]] = {
    kind: name for names in (COMMANDS, EVENTS) for name, kind in names.items()
}
ERASABLE: Final[dict[type[Any], tuple[str, ...]]] = {
    kind: tuple(field.name for field in attrs.fields(kind) if field.metadata.get("erasable"))
    for kind in EVENTS.values()
}

_encode: Final = msgspec.json.Encoder(order="sorted").encode


def parse(data: bytes) -> object:
    """Read JSON strictly; raises Malformed with a sentence that says what is wrong."""
    try:
        text = data.decode("utf-8")
        read = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise Malformed("the text is not UTF-8") from None
    except Malformed:
        raise
    except (ValueError, RecursionError) as problem:
        raise Malformed(f"this is not JSON: {_plain(problem)}") from None
    _check(read, MAX_DEPTH)
    return read


def command(read: object, actor: PlayerId) -> Command:
    """Make a command of parsed JSON for the seat that sent it; raises Malformed."""
    return command_of(*_typed(read, COMMANDS), actor)


def command_of(kind: type[Any], fields: Mapping[str, object], actor: PlayerId) -> Command:
    """Make a command of a known kind; raises Malformed."""
    if "actor" in fields:
        raise Malformed("the actor of a command is not for the sender to say")
    made: Command = _build(kind, {**fields, "actor": actor})
    return made


def event(read: object) -> Event:
    """Make an event of parsed JSON; raises Malformed."""
    made: Event = _build(*_typed(read, EVENTS))
    return made


def event_plain(told: Event) -> dict[str, Any]:
    """Give an event as plain values, its type included."""
    plain: dict[str, Any] = msgspec.to_builtins(told)
    plain["type"] = NAMES[type(told)]
    return plain


def event_bytes(told: Event) -> bytes:
    """Write an event as JSON."""
    return _encode(event_plain(told))


def command_bytes(sent: Command) -> bytes:
    """Write a command as JSON, without its actor."""
    plain = msgspec.to_builtins(sent)
    del plain["actor"]
    plain["type"] = NAMES[type(sent)]
    return _encode(plain)


def canonical(plain: object) -> bytes:
    """Write plain values as the one JSON text that they have: sorted keys, no spaces, UTF-8."""
    return _encode(plain)


def rules_plain(rules: Rules) -> dict[str, Any]:
    """Give rules as plain values; the catalogue that is built in only by its name."""
    plain: dict[str, Any] = msgspec.to_builtins(rules)
    if rules.catalogue is BUILT_IN or rules.catalogue == BUILT_IN:
        plain["catalogue"] = BUILT_IN.name
    return plain


def rules_of(plain: object) -> Rules:
    """Make rules of plain values; raises ValueError."""
    if isinstance(plain, dict) and plain.get("catalogue") == BUILT_IN.name:
        plain = {name: value for name, value in plain.items() if name != "catalogue"}
    return msgspec.convert(plain, Rules)


def view_plain(view: View) -> dict[str, Any]:
    """Give all that a view shows as plain values."""
    plain: dict[str, Any] = msgspec.to_builtins({name: _shown(view, name) for name in VIEWED})
    return plain


def view_bytes(view: View) -> bytes:
    """Write all that a view shows as JSON."""
    return _encode(view_plain(view))


def choices_plain(choices: Choices) -> dict[str, Any]:
    """Give a seat's choices as plain values: by kind of command, what its fields may be."""
    return {NAMES[kind]: _options(choices, kind) for kind in choices.kinds()}


def choices_bytes(choices: Choices) -> bytes:
    """Write a seat's choices as JSON."""
    return _encode(choices_plain(choices))


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise Malformed("an object has the same key twice")
    return made


def _refuse_constant(text: str) -> object:
    raise Malformed(f"{text} is no JSON number")


def _plain(problem: Exception) -> str:
    if isinstance(problem, RecursionError):
        return "nested too deeply"
    decoded = isinstance(problem, json.JSONDecodeError)
    return str(problem) if decoded else "a number has too many digits"


def _check(read: object, depth: int) -> None:
    if depth < 0:
        raise Malformed(f"nested deeper than {MAX_DEPTH}")
    if isinstance(read, str):
        if _UNSPEAKABLE.search(read):
            raise Malformed("a text holds U+0000 or half of a surrogate pair")
    elif isinstance(read, dict):
        for key, value in read.items():
            _check(key, depth)
            _check(value, depth - 1)
    elif isinstance(read, list):
        for value in read:
            _check(value, depth - 1)


def _typed(read: object, kinds: Mapping[str, type[Any]]) -> tuple[type[Any], dict[str, object]]:
    if not isinstance(read, dict):
        raise Malformed("an object with a type is wanted")
    name = read.get("type")
    if not isinstance(name, str) or name not in kinds:
        raise Malformed(f"there is no type {str(name)[:40]!r}")
    return kinds[name], {key: value for key, value in read.items() if key != "type"}


def _build(kind: type[Any], fields: Mapping[str, object]) -> Any:
    unknown = set(fields) - {field.name for field in attrs.fields(kind)}
    if unknown:
        raise Malformed(f"{NAMES[kind]} has no {', '.join(sorted(unknown))}")
    try:
        return msgspec.convert(fields, kind)
    except msgspec.ValidationError as problem:
        raise Malformed(f"{NAMES[kind]}: {problem}") from None


VIEWED: Final = (
    "viewer", "phase", "phase_number", "day", "deadline", "paused", "extensions", "rules", "public",
    "code", "closed", "host", "seats", "roles", "role", "faction", "goal", "lovers", "votes",
    "ballots", "verdicts", "sentence",
    "actions", "results", "nights", "messages", "won_alone", "keepers", "looks", "outcome",
    "seed", "town",
)  # fmt: skip
VIEWED_IN_TOWN: Final = (
    "place", "here", "moves_left", "path", "yesterday", "careers", "looks", "traces", "coins",
    "ledger", "bag", "on", "learnt", "shop_open", "wares", "order", "errands", "rumors",
    "residents",
)  # fmt: skip


def _shown(view: View, name: str) -> Any:
    value = getattr(view, name)
    if name == "rules":
        return rules_plain(value) | {"catalogue": value.catalogue.name}
    if name == "messages":
        return [event_plain(message) for message in value]
    if name in ("faction", "lovers"):
        return members(value)
    if name == "town" and value is not None:
        return {part: _shown_in_town(value, part) for part in VIEWED_IN_TOWN}
    if name == "votes":
        return [{"seat": seat, "target": target} for seat, target in value.items()]
    if name == "outcome" and value is not None:
        return {"winners": value.winners, "seats": value.seats, "reason": value.reason}
    return value


def _shown_in_town(town: TownView, name: str) -> Any:
    value = getattr(town, name)
    if name == "here":
        return members(value)
    if name == "looks":
        return [{"seat": seat, "assets": value[seat]} for seat in sorted(value)]
    if name == "learnt":
        return [{"day": learnt.day, "fact": event_plain(learnt.fact)} for learnt in value]
    return value


def _options(choices: Choices, kind: type[Command]) -> dict[str, Any]:
    if kind in OPTIONS:
        return choices.town(kind)
    name = NAMES[kind]
    if name == "voting.cast_vote":
        return {"target": [*members(choices.votes), *([NO_LYNCH] if choices.no_lynch else [])]}
    if name == "night.act":
        return {verb: members(seats) for verb, seats in choices.actions.items()}
    if name == "night.withdraw":
        return {"action": choices.chosen}
    if name == "chat.say":
        return {"room": choices.rooms}
    if name in ("lobby.kick", "lobby.hand_over"):
        return {"seat": members(choices.seats if name == "lobby.kick" else choices.heirs)}
    if name in ("substitution.offer_seat", "substitution.seat_bot"):
        open_to = choices.vacant if name == "substitution.seat_bot" else choices.to_offer
        return {"seat": members(open_to)}
    return {}
