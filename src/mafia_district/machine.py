"""What all machines of the game are made of: commands, events, refusals, audiences, tables.

A *command* is an intent, an *event* a fact in the past tense that carries its own result. Each
rule set is a `Machine`: a table of the commands it decides and the events it records, written as
functions over its own state and the `Table` that all may read.

* `decide(table, own, command)` validates everything first, then returns its events. It raises
  `Refused` for what is understood but not allowed now, and then nothing has changed.
* `evolve(table, own, event)` records what the event says and decides nothing, so that folding only
  some of the events, those that one viewer may see, is always lawful.
* Every event has an *audience*, fixed when it is recorded, from the state at that moment: everyone
  (-1), the keeper alone (0), or a mask of seats.

This is the Decider pattern (Chassaing), with h11's habit of keeping all transitions in tables.
"""

import enum
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias, TypeVar

import attrs

from mafia_district.ids import BITS, KEEPER_ONLY, Cursor, Instant, PlayerId, Seats, Version


@attrs.frozen
class Command:
    """An intent of one seat, or of the house (`actor` is then `KEEPER`)."""

    actor: PlayerId


@attrs.frozen
class Event:
    """A fact of the game's story."""


Events: TypeAlias = tuple[Event, ...]


@enum.unique
class Code(enum.Enum):
    """Why a command was refused: the closed list, by its wire name."""

    ALREADY_DONE = "already_done"
    ALREADY_SEATED = "already_seated"
    BAD_LOOK = "bad_look"
    BAD_NAME = "bad_name"
    BAD_SALT = "bad_salt"
    BAD_SETUP = "bad_setup"
    BAD_TARGET = "bad_target"
    BAD_TEXT = "bad_text"
    BAG_FULL = "bag_full"
    CLOSED = "closed"
    DEAD = "dead"
    FULL = "full"
    LOBBY_FULL = "lobby_full"
    MAY_NOT_SPEAK = "may_not_speak"
    NOTHING_TO_WITHDRAW = "nothing_to_withdraw"
    NOT_ENOUGH_COINS = "not_enough_coins"
    NOT_HERE = "not_here"
    NOT_HOST = "not_host"
    NOT_NOW = "not_now"
    NOT_PAUSED = "not_paused"
    NOT_READY = "not_ready"
    NOT_YOURS = "not_yours"
    NOT_YOUR_ACTION = "not_your_action"
    NO_MOVES_LEFT = "no_moves_left"
    NO_SUCH_ITEM = "no_such_item"
    NO_SUCH_PLACE = "no_such_place"
    NO_SUCH_ROOM = "no_such_room"
    NO_SUCH_RUMOR = "no_such_rumor"
    NO_SUCH_SEAT = "no_such_seat"
    NO_SUCH_TASK = "no_such_task"
    NO_TOWN = "no_town"
    NOT_TONIGHT = "not_tonight"
    NO_USES_LEFT = "no_uses_left"
    NO_VOTE_TODAY = "no_vote_today"
    ONE_A_DAY = "one_a_day"
    PAUSED = "paused"
    RATE_LIMITED = "rate_limited"
    SOLD_OUT = "sold_out"
    TOO_FEW_PLAYERS = "too_few_players"
    TOO_MANY_EXTENSIONS = "too_many_extensions"
    WRONG_CODE = "wrong_code"
    WRONG_PHASE = "wrong_phase"


class Refused(Exception):
    """A command that is understood but not allowed now; it has changed nothing."""

    def __init__(self, code: Code, detail: str) -> None:
        super().__init__(f"{code.value}: {detail}")
        self.code = code
        self.detail = detail


def allowed(require: Callable[..., object], *things: Any) -> bool:
    """Tell whether a requirement would let something pass."""
    try:
        require(*things)
    except Refused:
        return False
    return True


class Entry(NamedTuple):
    """One line of the game's log: an event, and who may know it."""

    version: Version
    at: Instant
    command_id: str
    audience: Seats
    event: Event


class Sight(NamedTuple):
    """An entry as one viewer may know it; `cursor` is its number in that viewer's own stream."""

    cursor: Cursor
    at: Instant
    event: Event


Decide: TypeAlias = Callable[[Any, Any, Any], Events]
Evolve: TypeAlias = Callable[[Any, Any, Any], None]
Audience: TypeAlias = Seats | Callable[[Any, Any], Seats]
Form: TypeAlias = Callable[[Any, Any, PlayerId], Any]


@attrs.frozen
class Fact:
    """A row of a machine's table of events: who may know it and what it changes.

    `form(rules, event, seat)` gives the event as one seat may know it, where seats of one audience
    may know different parts of it; it is a function of these alone, and the rules are public.
    """

    audience: Audience
    evolve: Evolve
    form: Form | None = None


@attrs.frozen
class Machine:
    """One rule set as a table.

    `name` prefixes the wire names of its commands and events; `begin(rules)` makes its state, an
    object with `fork()`; `hears` lists what it records of other machines' events.
    """

    name: str
    begin: Callable[[Any], Any]
    commands: Mapping[type[Any], Decide]
    events: Mapping[type[Any], Fact]
    hears: Mapping[type[Any], Evolve] = attrs.field(factory=dict)


def to_seat(table: object, event: Any) -> Seats:
    """Audience: the seat that the event names, or the keeper alone where it names none."""
    return BITS[event.seat] if event.seat >= 0 else KEEPER_ONLY


R = TypeVar("R")


def interned(kind: type[R], *, typed: bool = True) -> Callable[..., R]:
    """Make a constructor that builds equal small records once.

    A frozen record of two fields costs three times as much to build as to look up. Typed, because
    1 and True are equal and yet must not share a record that is written as JSON; only where all
    values are the game's own arithmetic can that be left out.
    """
    return lru_cache(maxsize=1 << 13, typed=typed)(kind)
