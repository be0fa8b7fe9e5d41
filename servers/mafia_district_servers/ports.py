"""Ports: what the servers need of the world, as protocols; `adapters` has what fills them.

Only the store must be right: games are its rows, and its two constraints, one entry a version and
one command a key, are what exactly-once rests on. Everything else may be lost at any moment. A
cache forgets, a feed's message is a delay when it does not arrive, a clock is only as good as its
machine.
"""

import asyncio
import enum
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Final, Protocol, TypeAlias

import attrs

from mafia_district.ids import Instant, Millis, PlayerId, Version, Viewer
from mafia_district.log import Line
from mafia_district_servers.caller import Role

HOUSE: Final = "house"  # the actor of the house's own commands; no account is called so


class StoreRefused(Exception):
    """A store that cannot be opened; one line that names the fix."""


class StoreUnavailable(Exception):
    """The store could not do it now; nothing has changed."""


class OutcomeUnknown(Exception):
    """The store failed while it committed: the commit may have happened, or not."""


@attrs.frozen
class Seating:
    """A seat's account from now on; None where nobody holds it any more.

    The seat is KEEPER for an account that has opened the keeper's desk: several may.
    """

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
    """What never changes about a game; `seed` and `code` are secrets.

    `opener` is the account that opened the lobby, or what stands for all who asked for a rematch.
    """

    id: str
    epoch: str
    name: str
    public: bool
    code: str
    created_at: Instant
    header: bytes
    seed: bytes
    opener: str


@attrs.frozen
class NewGame:
    """A game to be created, with its opener's key, which makes a repeat known."""

    head: GameHead
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
    """A game as it is stored: its lines behind a version, and who holds which seat now.

    `past` is by account who ever took a seat, and which one last, or opened the keeper's desk.
    """

    head: GameHead
    lines: tuple[Line, ...]
    seats: Mapping[str, PlayerId]
    past: Mapping[str, Viewer]


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

    async def written(self, account: str) -> dict[str, list[Version]]:
        """List by game the entries with free text that an account's commands brought about."""
        ...

    async def erase(self, game: str, versions: Collection[Version], epoch: str) -> None:
        """Forget the free text of entries; their hashes stay as they are.

        The game's epoch is another one from then on, so that nobody goes on with what they kept.
        """
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

    async def end_all(
        self, account: str, *, now: Instant, until: Instant, but: str = ""
    ) -> list[str]:
        """End all sessions of an account, but for one if it is named; gives their ids."""
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


@enum.unique
class Secret(enum.Enum):
    """What an account's password is."""

    OWN = "own"  # the owner's choice
    ONCE = "once"  # an admin's, good for one login
    USED = "used"  # the same after that login: good for choosing another, and for nothing else


@attrs.frozen
class Account:
    """A registered account; `folded` and `email_folded` are what must be unique.

    `password` is a hash. `key` is the idempotency key that it was registered under.
    """

    id: str
    name: str
    folded: str
    display: str
    email: str | None
    email_folded: str | None
    password: str = attrs.field(repr=False)
    secret: Secret
    role: Role
    created_at: Instant
    key: str


@attrs.frozen
class Device:
    """A device as it is kept: the keyed hash of its fingerprint, and since when that counts."""

    digest: bytes
    since: Instant


@enum.unique
class Added(enum.Enum):
    """What became of a registration."""

    ADDED = "added"
    TAKEN = "taken"  # the name or the e-mail
    KNOWN_DEVICE = "known_device"


@enum.unique
class Sentence(enum.Enum):
    """What an admin can do about somebody."""

    BAN = "ban"  # no session
    MUTE = "mute"  # no word in any game


@attrs.frozen
class Sanction:
    """A ban or a mute, until an instant or for good."""

    account: str
    kind: Sentence
    until: Instant | None
    reason: str
    by: str
    at: Instant


@attrs.frozen
class Audit:
    """An admin's action: who did what to whom, when, and in which request.

    `key` and `body_hash` are what make a repeat of the request known: it acts once.
    """

    who: str
    what: str
    whom: str
    detail: str
    at: Instant
    request_id: str
    key: str
    body_hash: bytes


@enum.unique
class Acted(enum.Enum):
    """What became of an admin's action."""

    DONE = "done"
    REPEATED = "repeated"  # the same request again
    KEY_REUSED = "key_reused"  # another request under the same key
    NO_ACCOUNT = "no_account"


@attrs.frozen
class Report:
    """A player's word about another; a repeat is known by reporter and key."""

    reporter: str
    account: str
    game: str
    reason: str
    at: Instant
    key: str


@attrs.frozen
class Result:
    """An account's part in a game that has ended; there is one for each (game, account)."""

    game: str
    account: str
    side: str
    role: str
    won: bool
    days: int
    reputation: int
    at: Instant


@attrs.frozen
class Leader:
    """A row of the leaderboard."""

    account: str
    name: str
    display: str
    reputation: int
    games: int
    wins: int


@attrs.frozen
class Wardrobe:
    """The looks that an account owns, what it has earned, and what it has spent on them."""

    assets: tuple[str, ...]
    earned: int
    spent: int


class Accounts(Protocol):
    """Registered people, what is said and done about them, and what they have played.

    All methods raise StoreUnavailable when the store does not answer, and those that write may
    raise OutcomeUnknown. Of two who want the same name or e-mail at once, one gets it.
    """

    async def add(self, account: Account, device: Device | None, *, alone: bool) -> Added:
        """Store a new account; `alone` refuses a device that another account was seen on."""
        ...

    async def find(self, account: str) -> Account | None:
        """Look an account up by its id."""
        ...

    async def named(self, folded: str) -> Account | None:
        """Look an account up by its folded name."""
        ...

    async def several(self, ids: Collection[str], folded: Collection[str]) -> list[Account]:
        """Look up several accounts, by their ids or their folded names, in the order of names."""
        ...

    async def page(self, after: str, limit: int) -> list[Account]:
        """List accounts in the order of their folded names, those behind one."""
        ...

    async def change(
        self, account: str, display: str, email: str | None, email_folded: str | None
    ) -> bool:
        """Change what an owner may change; False if the e-mail is taken."""
        ...

    async def set_password(self, account: str, old: str, new: str, secret: Secret) -> bool:
        """Put another hash in the place of one; False if it is not that one any more."""
        ...

    async def use_once(self, account: str, password: str) -> bool:
        """Use a password that is good for one login; False if it is used already."""
        ...

    async def forget(self, account: str) -> None:
        """Erase an account and all that is known of its owner."""
        ...

    async def saw(self, account: str, device: Device, at: Instant) -> None:
        """Keep that an account was seen on a device; forget what is older than `since`."""
        ...

    async def reset(self, account: str, password: str, audit: Audit) -> Acted:
        """Give an account a password that is good for one login."""
        ...

    async def appoint(self, account: str, role: Role, audit: Audit) -> Acted:
        """Give an account another role."""
        ...

    async def sanction(self, sanction: Sanction, audit: Audit) -> Acted:
        """Ban or mute an account, or a guest; the last word counts."""
        ...

    async def lift(self, account: str, kind: Sentence, audit: Audit) -> Acted:
        """Take a ban or a mute back."""
        ...

    async def note(self, audit: Audit) -> Acted:
        """Keep that an admin did something that has no other place here."""
        ...

    async def sanctions(self, accounts: Collection[str], now: Instant) -> list[Sanction]:
        """List the bans and mutes of these that are in force."""
        ...

    async def muted(self, now: Instant) -> list[str]:
        """List all who may not speak now."""
        ...

    async def report(self, report: Report) -> None:
        """Keep a report; a repeat is kept once."""
        ...

    async def reports(self, limit: int) -> list[Report]:
        """List the latest reports, the newest first."""
        ...

    async def audits(self, limit: int) -> list[Audit]:
        """List the latest actions of admins, the newest first."""
        ...

    async def settle(self, game: str, results: Collection[Result]) -> None:
        """Keep what a game came to for those of its people that are registered, once."""
        ...

    async def unsettled(self, games: Iterable[str]) -> list[str]:
        """List those of these games whose results are not kept."""
        ...

    async def results(self, account: str) -> list[Result]:
        """List an account's results, in the order of time."""
        ...

    async def leaders(self, limit: int) -> list[Leader]:
        """List the accounts that have earned most, the first first."""
        ...

    async def wardrobe(self, account: str) -> Wardrobe:
        """Tell what an account owns, has earned and has spent."""
        ...

    async def buy(self, account: str, asset: str, price: int, at: Instant) -> bool:
        """Buy a look; one that is owned costs nothing more. False if it cannot be paid."""
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
