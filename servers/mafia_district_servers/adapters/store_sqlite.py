"""The embedded store: one SQLite file, one thread that writes and one that reads.

A commit costs a trip to the disk, whatever is in it. So the writer takes everything that was queued
while the last commit ran and commits it as one group: it never waits for a group to grow, and under
load the groups grow by themselves. In a group each command is appended or not on its own.

A whole group is one call into the writing thread and four statements. Each statement gives up the
interpreter's lock and has to win it back from a busy event loop; statement by statement through an
asynchronous wrapper, a group costs twice the processor time, and many times the wait.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, TypeVar

from mafia_district.ids import Instant, PlayerId, Version
from mafia_district.log import Line
from mafia_district_servers.adapters.judge import Head, Name, judge, name
from mafia_district_servers.adapters.sqlite_file import connect, open_file
from mafia_district_servers.ports import (
    Append,
    Appended,
    GameHead,
    GameRow,
    Look,
    NewGame,
    Opening,
    Outcome,
    OutcomeUnknown,
    Receipt,
    Seating,
    Spent,
    Stored,
    StoreUnavailable,
)

_GROUP: Final = 128  # commands of one commit, at most
_ROWS: Final = 64  # rows of one statement, at most

_GAME: Final = (
    "INSERT INTO game (id, epoch, name, public, code, created_at, header, seed,"
    " opener, command_id, body_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (opener, command_id) DO NOTHING"
)
_GAME_HEAD: Final = (
    "SELECT id, epoch, name, public, code, created_at, header, seed FROM game WHERE id = ?"
)
_LINES: Final = (
    "SELECT version, at, command_id, audience, event, texts, hash FROM entry"
    " WHERE game = ? AND version > ? ORDER BY version"
)
_HEADS: Final = (
    "WITH wanted (game) AS (VALUES {})"
    " SELECT entry.game, version, hash FROM wanted CROSS JOIN entry ON entry.game = wanted.game"
    " AND version = (SELECT max(version) FROM entry AS other WHERE other.game = wanted.game)"
)
_RECEIPTS: Final = (
    "WITH wanted (game, actor, command_id) AS (VALUES {})"
    " SELECT command.* FROM wanted CROSS JOIN command USING (game, actor, command_id)"
)
_GAMES: Final = "SELECT id, name, public, created_at, ended FROM game ORDER BY created_at DESC, id"
_UNFINISHED: Final = _GAMES.replace("ORDER BY", "WHERE ended = 0 ORDER BY")
_SIGN: Final = (
    "INSERT INTO heartbeat VALUES (1, ?) ON CONFLICT DO UPDATE SET at = max(at, excluded.at)"
)
_REVOKE: Final = (
    "INSERT INTO revoked VALUES (?, ?) ON CONFLICT DO UPDATE SET until = max(until, excluded.until)"
)
_REVOKED: Final = "SELECT 1 FROM revoked WHERE session = ?"
_SPEND: Final = "INSERT INTO spent VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_SPENT: Final = "SELECT spent_by, until FROM spent WHERE token = ?"

T = TypeVar("T")


class SqliteStore:
    """Every game's log in one SQLite file; make it with `open`."""

    def __init__(self, path: Path, writer: sqlite3.Connection, reader: sqlite3.Connection) -> None:
        self._path = path
        self._writer = writer
        self._reader = reader
        self._writing = ThreadPoolExecutor(1, "store-writer")
        self._reading = ThreadPoolExecutor(1, "store-reader")
        self._queue: list[tuple[Append, asyncio.Future[Outcome]]] = []
        self._draining: asyncio.Task[None] | None = None

    @classmethod
    def open(cls, path: Path) -> "SqliteStore":
        """Open a file, made if it is missing; raises StoreRefused with one line on the fix."""
        return cls(path, open_file(path), connect(path))

    async def create(self, game: NewGame) -> Opening:
        """Store a new game; a repeat of an opener's key gives the game of the first time."""
        return await self._run(self._writing, self._create, game)

    def append(self, append: Append) -> "asyncio.Future[Outcome]":
        """Queue a command; the future is done when its outcome is durable."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Outcome] = loop.create_future()
        self._queue.append((append, future))
        if self._draining is None:
            self._draining = loop.create_task(self._drain())
        return future

    async def load(self, game: str, after: Version = 0) -> Stored | None:
        """Read a game's lines behind a version; None if there is no such game."""
        return await self._run(self._reading, self._load, game, after)

    async def look(self, game: str, actor: str, command_id: str) -> Look:
        """Look up a game's version (0: no such game) and what a key stands for."""
        return await self._run(self._reading, self._look, (game, actor, command_id))

    async def versions(self, games: Iterable[str]) -> dict[str, Version]:
        """Look up the versions of several games."""
        heads = await self._run(self._reading, _heads, self._reader, list(games))
        return {game: version for game, (version, _) in heads.items()}

    async def games(self, *, unfinished: bool = False) -> list[GameRow]:
        """List games, newest first: all, or those that are not over."""
        return await self._run(self._reading, self._games, unfinished)

    async def last_sign(self) -> Instant | None:
        """Read when a server last gave a sign of life; None if none ever did."""
        return await self._run(self._reading, self._last_sign)

    async def sign(self, at: Instant) -> None:
        """Give a sign of life."""
        await self._run(self._writing, self._writer.execute, _SIGN, (at,))

    async def revoke(self, session: str, *, now: Instant, until: Instant) -> None:
        """Remember until an instant that a session was ended."""
        await self._run(self._writing, self._revoke, session, now, until)

    async def revoked(self, session: str) -> bool:
        """Tell whether a session was ended."""
        return await self._run(self._reading, self._revoked, session)

    async def spend(self, token: str, by: str, *, now: Instant, until: Instant) -> Spent:
        """Spend a token by a key; gives what the first one to spend it did."""
        return await self._run(self._writing, self._spend, token, by, now, until)

    async def close(self) -> None:
        """Finish what is queued and close the file."""
        if self._draining is not None:
            await self._draining
        await self._run(self._reading, self._reader.close)
        await self._run(self._writing, self._writer.close)
        self._reading.shutdown()
        self._writing.shutdown()

    async def _drain(self) -> None:
        """Commit group after group until the queue is empty."""
        while self._queue:
            group, self._queue = self._queue[:_GROUP], self._queue[_GROUP:]
            try:
                outcomes = await self._run(self._writing, self._commit, [row[0] for row in group])
            except Exception as error:
                _fail([future for _, future in group], error)
            else:
                for (_, future), outcome in zip(group, outcomes, strict=True):
                    if not future.done():
                        future.set_result(outcome)
        self._draining = None

    async def _run(self, thread: ThreadPoolExecutor, work: Callable[..., T], *args: Any) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(thread, work, *args)
        except sqlite3.Error as error:
            raise StoreUnavailable(f"the database {self._path} fails: {error}") from error

    def _commit(self, appends: Sequence[Append]) -> list[Outcome]:
        with _transaction(self._writer) as db:
            heads = _heads(db, {append.game for append in appends})
            receipts = _receipts(db, [name(append) for append in appends])
            outcomes = judge(appends, heads, receipts)
            won = [
                append
                for append, outcome in zip(appends, outcomes, strict=True)
                if isinstance(outcome, Appended)
            ]
            _insert(db, "entry", [(append.game, *line) for append in won for line in append.lines])
            _insert(db, "command", [(*name(a), *_receipt_row(a.receipt)) for a in won])
            for append in won:
                _seat(db, append.game, append.seating)
                if append.ended:
                    db.execute("UPDATE game SET ended = 1 WHERE id = ?", (append.game,))
        return outcomes

    def _create(self, game: NewGame) -> Opening:
        head = game.head
        with _transaction(self._writer) as db:
            made = db.execute(_GAME, (
                head.id, head.epoch, head.name, head.public, head.code, head.created_at,
                head.header, head.seed, game.opener, game.command_id, game.body_hash,
            ))  # fmt: skip
            if made.rowcount:
                _insert(db, "entry", [(head.id, *line) for line in game.lines])
            query = "SELECT id, body_hash FROM game WHERE opener = ? AND command_id = ?"
            return Opening(*db.execute(query, (game.opener, game.command_id)).fetchone())

    def _load(self, game: str, after: Version) -> Stored | None:
        with _snapshot(self._reader) as db:
            row = db.execute(_GAME_HEAD, (game,)).fetchone()
            if row is None:
                return None
            lines = tuple(Line(*line) for line in db.execute(_LINES, (game, after)))
            seats: dict[str, PlayerId] = dict(
                db.execute("SELECT account, seat FROM seating WHERE game = ?", (game,)).fetchall()
            )
        id_, epoch, label, public, *rest = row
        return Stored(GameHead(id_, epoch, label, bool(public), *rest), lines, seats)

    def _look(self, wanted: Name) -> Look:
        with _snapshot(self._reader) as db:
            version, _ = _heads(db, [wanted[0]]).get(wanted[0], (0, b""))
            return Look(version, _receipts(db, [wanted]).get(wanted))

    def _games(self, unfinished: bool) -> list[GameRow]:
        rows = self._reader.execute(_UNFINISHED if unfinished else _GAMES)
        return [GameRow(id_, label, bool(pub), at, bool(end)) for id_, label, pub, at, end in rows]

    def _last_sign(self) -> Instant | None:
        row = self._reader.execute("SELECT at FROM heartbeat").fetchone()
        return None if row is None else row[0]

    def _revoke(self, session: str, now: Instant, until: Instant) -> None:
        with _transaction(self._writer) as db:
            db.execute("DELETE FROM revoked WHERE until <= ?", (now,))
            db.execute(_REVOKE, (session, until))

    def _revoked(self, session: str) -> bool:
        return self._reader.execute(_REVOKED, (session,)).fetchone() is not None

    def _spend(self, token: str, by: str, now: Instant, until: Instant) -> Spent:
        with _transaction(self._writer) as db:
            db.execute("DELETE FROM spent WHERE until <= ?", (now,))
            db.execute(_SPEND, (token, by, until))
            return Spent(*db.execute(_SPENT, (token,)).fetchone())


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Write all or nothing; a failing COMMIT leaves it open which of them it was."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
    except BaseException:
        _roll_back(db)
        raise
    try:
        db.execute("COMMIT")
    except sqlite3.Error as error:
        _roll_back(db)
        raise OutcomeUnknown(f"the commit failed: {error}") from error


@contextmanager
def _snapshot(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Read everything from one moment."""
    db.execute("BEGIN")
    try:
        yield db
    finally:
        _roll_back(db)


def _roll_back(db: sqlite3.Connection) -> None:
    """Roll back, unless SQLite has done so itself, as it does when the disk is full."""
    if db.in_transaction:
        db.execute("ROLLBACK")


def _heads(db: sqlite3.Connection, games: Iterable[str]) -> dict[str, Head]:
    found: dict[str, Head] = {}
    for some in _batches(games):
        query = _HEADS.format(", ".join(["(?)"] * len(some)))
        found.update((game, (version, last)) for game, version, last in db.execute(query, some))
    return found


def _receipts(db: sqlite3.Connection, names: Iterable[Name]) -> dict[Name, Receipt]:
    found: dict[Name, Receipt] = {}
    for some in _batches(names):
        query = _RECEIPTS.format(", ".join(["(?, ?, ?)"] * len(some)))
        for row in db.execute(query, list(chain.from_iterable(some))):
            found[row[:3]] = Receipt(*row[3:])
    return found


def _insert(db: sqlite3.Connection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows, many with one statement."""
    for some in _batches(rows):
        marks = f"({', '.join('?' * len(some[0]))})"
        query = f"INSERT INTO {table} VALUES {', '.join([marks] * len(some))}"  # noqa: S608
        db.execute(query, list(chain.from_iterable(some)))


def _seat(db: sqlite3.Connection, game: str, changes: Iterable[Seating]) -> None:
    for change in changes:
        db.execute("DELETE FROM seating WHERE game = ? AND seat = ?", (game, change.seat))
        if change.account is not None:
            db.execute("INSERT INTO seating VALUES (?, ?, ?)", (game, change.seat, change.account))


def _receipt_row(receipt: Receipt) -> tuple[bytes, PlayerId, Version, Version]:
    return receipt.body_hash, receipt.seat, receipt.first, receipt.last


def _batches(rows: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(rows)
    while some := list(islice(rest, _ROWS)):
        yield some


def _fail(futures: Iterable["asyncio.Future[Outcome]"], error: Exception) -> None:
    for future in futures:
        if not future.done():
            future.set_exception(error)
