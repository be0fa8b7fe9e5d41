"""The embedded store: every game's log in a SQLite database.

A commit costs a trip to the disk, whatever is in it. So the writer takes everything that was queued
while the last commit ran and commits it as one group: it never waits for a group to grow, and under
load the groups grow by themselves. In a group each command is appended or not on its own. A whole
group is one call into the writing thread and four statements.
"""

import asyncio
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, Final, TypeVar

from mafia_district.ids import KEEPER, Instant, PlayerId, Version
from mafia_district.log import Line
from mafia_district_servers.adapters.judge import Head, Name, judge, name
from mafia_district_servers.adapters.sqlite_database import (
    SqliteDatabase,
    erasing,
    snapshot,
    transaction,
)
from mafia_district_servers.ports import (
    Append,
    Appended,
    GameHead,
    GameRow,
    Look,
    NewGame,
    Opening,
    Outcome,
    Receipt,
    Seating,
    Stored,
)

_GROUP: Final = 128  # commands of one commit, at most
_ROWS: Final = 64  # rows of one statement, at most

_GAME: Final = (
    "INSERT INTO game (id, epoch, name, public, code, created_at, header, seed,"
    " opener, command_id, body_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (opener, command_id) DO NOTHING"
)
_GAME_HEAD: Final = (
    "SELECT id, epoch, name, public, code, created_at, header, seed, opener FROM game WHERE id = ?"
)
_SEATS: Final = tuple(
    f"SELECT account, seat FROM {table} WHERE game = ?"  # noqa: S608
    for table in ("seating", "past")
)
_PAST: Final = "INSERT INTO past VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET seat = excluded.seat"
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
_WRITTEN: Final = (
    "SELECT DISTINCT entry.game, version FROM past"
    " JOIN command ON command.game = past.game AND command.actor = past.account"
    " JOIN entry ON entry.game = past.game AND version BETWEEN first_version AND last_version"
    " WHERE past.account = ? AND texts IS NOT NULL ORDER BY entry.game, version"
)
_SIGN: Final = (
    "INSERT INTO heartbeat VALUES (1, ?) ON CONFLICT DO UPDATE SET at = max(at, excluded.at)"
)

T = TypeVar("T")


class SqliteStore:
    """Every game's log in one database, which outlives it."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database
        self._queue: list[tuple[Append, asyncio.Future[Outcome]]] = []
        self._draining: asyncio.Task[None] | None = None

    async def create(self, game: NewGame) -> Opening:
        """Store a new game; a repeat of an opener's key gives the game of the first time."""
        return await self._database.write(self._create, game)

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
        return await self._database.read(self._load, game, after)

    async def look(self, game: str, actor: str, command_id: str) -> Look:
        """Look up a game's version (0: no such game) and what a key stands for."""
        return await self._database.read(self._look, (game, actor, command_id))

    async def versions(self, games: Iterable[str]) -> dict[str, Version]:
        """Look up the versions of several games."""
        heads = await self._database.read(_heads, self._database.reader, list(games))
        return {game: version for game, (version, _) in heads.items()}

    async def games(self, *, unfinished: bool = False) -> list[GameRow]:
        """List games, newest first: all, or those that are not over."""
        return await self._database.read(self._games, unfinished)

    async def written(self, account: str) -> dict[str, list[Version]]:
        """List by game the entries with free text that an account's commands brought about."""
        return await self._database.read(self._written, account)

    async def erase(self, game: str, versions: Collection[Version], epoch: str) -> None:
        """Forget the free text of entries, and begin another epoch."""
        await self._database.write(self._erase, game, versions, epoch)

    async def last_sign(self) -> Instant | None:
        """Read when a server last gave a sign of life; None if none ever did."""
        return await self._database.read(self._last_sign)

    async def sign(self, at: Instant) -> None:
        """Give a sign of life."""
        await self._database.write(self._database.writer.execute, _SIGN, (at,))

    async def close(self) -> None:
        """Finish what is queued."""
        if self._draining is not None:
            await self._draining

    async def _drain(self) -> None:
        """Commit group after group until the queue is empty."""
        while self._queue:
            group, self._queue = self._queue[:_GROUP], self._queue[_GROUP:]
            try:
                outcomes = await self._database.write(self._commit, [row[0] for row in group])
            except Exception as error:
                _fail([future for _, future in group], error)
            else:
                for (_, future), outcome in zip(group, outcomes, strict=True):
                    if not future.done():
                        future.set_result(outcome)
        self._draining = None

    def _commit(self, appends: Sequence[Append]) -> list[Outcome]:
        with transaction(self._database.writer) as db:
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
        with transaction(self._database.writer) as db:
            made = db.execute(_GAME, (
                head.id, head.epoch, head.name, head.public, head.code, head.created_at,
                head.header, head.seed, head.opener, game.command_id, game.body_hash,
            ))  # fmt: skip
            if made.rowcount:
                _insert(db, "entry", [(head.id, *line) for line in game.lines])
            query = "SELECT id, body_hash FROM game WHERE opener = ? AND command_id = ?"
            return Opening(*db.execute(query, (head.opener, game.command_id)).fetchone())

    def _load(self, game: str, after: Version) -> Stored | None:
        with snapshot(self._database.reader) as db:
            row = db.execute(_GAME_HEAD, (game,)).fetchone()
            if row is None:
                return None
            lines = tuple(Line(*line) for line in db.execute(_LINES, (game, after)))
            seats, past = (dict(db.execute(query, (game,)).fetchall()) for query in _SEATS)
        id_, epoch, label, public, *rest = row
        return Stored(GameHead(id_, epoch, label, bool(public), *rest), lines, seats, past)

    def _look(self, wanted: Name) -> Look:
        with snapshot(self._database.reader) as db:
            version, _ = _heads(db, [wanted[0]]).get(wanted[0], (0, b""))
            return Look(version, _receipts(db, [wanted]).get(wanted))

    def _games(self, unfinished: bool) -> list[GameRow]:
        rows = self._database.reader.execute(_UNFINISHED if unfinished else _GAMES)
        return [GameRow(id_, label, bool(pub), at, bool(end)) for id_, label, pub, at, end in rows]

    def _written(self, account: str) -> dict[str, list[Version]]:
        found: dict[str, list[Version]] = {}
        for game, version in self._database.reader.execute(_WRITTEN, (account,)):
            found.setdefault(game, []).append(version)
        return found

    def _erase(self, game: str, versions: Collection[Version], epoch: str) -> None:
        query = "UPDATE entry SET texts = NULL WHERE game = ? AND version = ?"
        with erasing(self._database.writer) as db:
            db.executemany(query, [(game, version) for version in versions])
            db.execute("UPDATE game SET epoch = ? WHERE id = ?", (epoch, game))

    def _last_sign(self) -> Instant | None:
        row = self._database.reader.execute("SELECT at FROM heartbeat").fetchone()
        return None if row is None else row[0]


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
            db.execute(_PAST, (game, change.account, change.seat))
        if change.account is not None and change.seat != KEEPER:
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
