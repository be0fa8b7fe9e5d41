"""Ports: what the servers need of the world, as protocols; `adapters` has what fills them.

Only the store must be right: games are its rows, and its two constraints, one entry a version and
one command a key, are what exactly-once rests on. Everything else may be lost at any moment. A
cache forgets, a feed's message is a delay when it does not arrive, a clock is only as good as its
machine.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Final, Protocol, TypeAlias

import attrs

from mafia_district.ids import Instant, Millis, PlayerId, Version
from mafia_district.log import Line

HOUSE: Final = "house"  # the actor of the house's own commands; no account is called so


class StoreRefused(Exception):
    """A store that cannot be opened; one line that names the fix."""


class StoreUnavailable(Exception):
    """The store could not do it now; nothing has changed."""


class OutcomeUnknown(Exception):
    """The store failed while it committed: the commit may have happened, or not."""


@attrs.frozen
class Seating:
    """A seat's account from now on; None where nobody holds it any more."""

    seat: PlayerId
    account: str | None


@attrs.frozen
class Receipt:
    """What a remembered command brought about: the entries `first` to `last`, for `seat` to see.

    A command that changed nothing has `last == first - 1`.
    """

    body_hash: bytes
    seat: PlayerId
    first: Version
    last: Version


@attrs.frozen
class Append:
    """One accepted command with its entries, to be stored whole or not at all.

    `expected` and `previous` are the version and the last hash of the log on which it was decided:
    the version alone would not tell that log from another of the same length. `actor` and
    `command_id` are what make a repeat known, `receipt` is what is then remembered, and `ended`
    says that the game is over with it.
    """

    game: str
    expected: Version
    previous: bytes
    actor: str
    command_id: str
    receipt: Receipt
    lines: tuple[Line, ...]
    seating: tuple[Seating, ...] = ()
    ended: bool = False


@attrs.frozen
class Appended:
    """The entries are stored, and will survive a crash."""


@attrs.frozen
class Conflict:
    """The game's log is another one, now at `version`; nothing is stored."""

    version: Version


@attrs.frozen
class Duplicate:
    """The actor's key was used before; nothing is stored now."""

    receipt: Receipt


Outcome: TypeAlias = Appended | Conflict | Duplicate


@attrs.frozen
class GameRow:
    """A game as a list shows it; none of it is secret to those who may see the game."""

    id: str
    name: str
    public: bool
    created_at: Instant
    ended: bool


@attrs.frozen
class GameHead:
    """What never changes about a game; `seed` and `code` are secrets."""

    id: str
    epoch: str
    name: str
    public: bool
    code: str
    created_at: Instant
    header: bytes
    seed: bytes


@attrs.frozen
class NewGame:
    """A game to be created, with the key that makes a repeat known."""

    head: GameHead
    opener: str
    command_id: str
    body_hash: bytes
    lines: tuple[Line, ...]


@attrs.frozen
class Opening:
    """The game that an opener's key stands for: the new one, or that of the first time."""

    game: str
    body_hash: bytes


@attrs.frozen
class Stored:
    """A game as it is stored: its lines behind a version, and who holds which seat now."""

    head: GameHead
    lines: tuple[Line, ...]
    seats: Mapping[str, PlayerId]


@attrs.frozen
class Look:
    """A glance at a stored game: its version, and what one key stands for, if anything."""

    version: Version
    receipt: Receipt | None


class EventStore(Protocol):
    """The log of every game, the single source of truth.

    All methods raise StoreUnavailable when the store does not answer.
    """

    async def create(self, game: NewGame) -> Opening:
        """Store a new game; a repeat of an opener's key gives the game of the first time."""
        ...

    def append(self, append: Append) -> "asyncio.Future[Outcome]":
        """Queue a command; the future is done when its outcome is durable.

        Commands are stored in the order of the calls, however many are queued. The future may
        also fail with StoreUnavailable or OutcomeUnknown. Cancelling it cancels nothing.
        """
        ...

    async def load(self, game: str, after: Version = 0) -> Stored | None:
        """Read a game's lines behind a version; None if there is no such game."""
        ...

    async def look(self, game: str, actor: str, command_id: str) -> Look:
        """Look up a game's version (0: no such game) and what a key stands for."""
        ...

    async def versions(self, games: Iterable[str]) -> dict[str, Version]:
        """Look up the versions of several games."""
        ...

    async def games(self, *, unfinished: bool = False) -> list[GameRow]:
        """List games, newest first: all, or those that are not over."""
        ...

    async def last_sign(self) -> Instant | None:
        """Read when a server last gave a sign of life; None if none ever did."""
        ...

    async def sign(self, at: Instant) -> None:
        """Give a sign of life."""
        ...

    async def close(self) -> None:
        """Finish what is queued."""
        ...


@attrs.frozen
class SessionRow:
    """A session: whose it is, by what name, and until when (milliseconds) it can be renewed."""

    id: str
    account: str
    name: str
    guest: bool
    until: Instant


@attrs.frozen
class Refresh:
    """A refresh token as it is kept: its digest, and until when it is good."""

    digest: bytes
    until: Instant


@attrs.frozen
class Rotated:
    """What a refresh token stood for: its session, and when it was used before, if it was."""

    session: SessionRow
    used_at: Instant | None


class SessionStore(Protocol):
    """Who is logged in, and whose session was ended before its time.

    All methods raise StoreUnavailable when the store does not answer, and those that write may
    raise OutcomeUnknown; to ask them again does no harm. What is past its `until` is as good as
    forgotten.
    """

    async def begin(self, session: SessionRow, refresh: Refresh, now: Instant) -> None:
        """Store a new session with its first refresh token."""
        ...

    async def rotate(self, digest: bytes, successor: Refresh, now: Instant) -> Rotated | None:
        """Use a refresh token, once, and store the one that takes its place, in one step.

        Of a token that was used before, only what it stood for is told; None of an unknown one.
        """
        ...

    async def end(self, session: str, *, now: Instant, until: Instant) -> None:
        """End a session."""
        ...

    async def end_all(self, account: str, *, now: Instant, until: Instant) -> list[str]:
        """End all sessions of an account; gives their ids."""
        ...

    async def ended(self, since: Instant) -> list[str]:
        """List the sessions that were ended at an instant or later."""
        ...

    async def is_ended(self, session: str) -> bool:
        """Tell whether a session was ended."""
        ...

    async def spend(self, ticket: str, *, now: Instant, until: Instant) -> bool:
        """Spend a ticket; False if it was spent before."""
        ...


@attrs.frozen
class CacheStats:
    """How a cache has done since it was made or cleared."""

    entries: int
    hits: int
    misses: int


class Cache(Protocol):
    """A place for what may be forgotten at any moment."""

    async def get(self, key: str) -> bytes | None:
        """Look a value up."""
        ...

    async def set(self, key: str, value: bytes, ttl: Millis) -> None:
        """Keep a value, for so many milliseconds at most."""
        ...

    async def drop(self, key: str) -> None:
        """Forget a value."""
        ...

    async def clear(self) -> None:
        """Forget everything."""
        ...

    async def stats(self) -> CacheStats:
        """Count entries, hits and misses."""
        ...


class Feed(Protocol):
    """Tells that a game has reached a version, and nothing else; whoever cares reads the log."""

    def publish(self, game: str, version: Version) -> None:
        """Tell all who listen to a game; neither waits nor fails."""
        ...

    def subscribe(self, game: str) -> AbstractAsyncContextManager[AsyncIterator[Version]]:
        """Listen to a game; of several versions that were missed, the latest is given."""
        ...

    def listened(self) -> Iterable[str]:
        """List the games to which somebody listens in this process."""
        ...


class Bus(Protocol):
    """Carries words between the processes of a server.

    It may lose any of them, and knows when it is down. A process does not hear its own words.
    """

    @property
    def session(self) -> int:
        """0 while down; another number after each break, in which words may have been lost."""
        ...

    def send(self, topic: str, text: str) -> None:
        """Tell all others; neither waits nor fails, and is lost while down."""
        ...

    async def run(self, hear: Callable[[str, str], None]) -> None:
        """Carry until cancelled, over all breaks; `hear` is called with the others' words."""
        ...


class Counts(Protocol):
    """Counts that several processes share, for a while: how often something was done in a window.

    A count's window begins when it is first added to, and is over after the time given then.
    """

    async def settle(self, counted: Mapping[str, int], ttl: Millis) -> Mapping[str, int]:
        """Add to each count and give the totals; nothing at all while the counts are away."""
        ...


class Clock(Protocol):
    """The time of day."""

    def now(self) -> Instant:
        """Give the present instant."""
        ...

    async def sleep_until(self, at: Instant) -> None:
        """Sleep until an instant; returns at once for one that has passed."""
        ...


class Ids(Protocol):
    """Names and secrets that nobody can guess."""

    def game_id(self) -> str:
        """Make the id of a game: 12 characters, no look-alikes."""
        ...

    def account_id(self) -> str:
        """Make the id of a guest's account."""
        ...

    def join_code(self) -> str:
        """Make the join code of a private lobby: 5 characters, no look-alikes."""
        ...

    def secret(self, count: int) -> bytes:
        """Draw so many secret random bytes."""
        ...
