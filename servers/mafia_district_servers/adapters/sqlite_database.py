"""A SQLite database as the stores share it: one thread that writes, and one that reads.

All work on a connection is done in its thread, whole: each statement gives up the interpreter's
lock and has to win it back from a busy event loop, so statement by statement through an
asynchronous wrapper costs twice the processor time, and many times the wait.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from mafia_district_servers.adapters.sqlite_file import connect, open_file
from mafia_district_servers.ports import OutcomeUnknown, StoreUnavailable

T = TypeVar("T")


class SqliteDatabase:
    """One file, opened twice; make it with `open`."""

    def __init__(self, path: Path, writer: sqlite3.Connection, reader: sqlite3.Connection) -> None:
        self.writer = writer
        self.reader = reader
        self._path = path
        self._writing = ThreadPoolExecutor(1, "database-writer")
        self._reading = ThreadPoolExecutor(1, "database-reader")

    @classmethod
    def open(cls, path: Path) -> "SqliteDatabase":
        """Open a file, made if it is missing; raises StoreRefused with one line on the fix."""
        return cls(path, open_file(path), connect(path))

    async def write(self, work: Callable[..., T], *args: Any) -> T:
        """Do work on the writer, after what was asked of it before.

        Raises StoreUnavailable, and what `transaction` raises.
        """
        return await self._run(self._writing, work, *args)

    async def read(self, work: Callable[..., T], *args: Any) -> T:
        """Do work on the reader; raises StoreUnavailable."""
        return await self._run(self._reading, work, *args)

    async def close(self) -> None:
        """Close the file."""
        await self.read(self.reader.close)
        await self.write(self.writer.close)
        self._reading.shutdown()
        self._writing.shutdown()

    async def _run(self, thread: ThreadPoolExecutor, work: Callable[..., T], *args: Any) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(thread, work, *args)
        except sqlite3.Error as error:
            raise StoreUnavailable(f"the database {self._path} fails: {error}") from error


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Write all or nothing; raises OutcomeUnknown when COMMIT fails, for it may have happened."""
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
def erasing(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Write all or nothing, and zeros over what goes, which SQLite would leave where it lay."""
    db.execute("PRAGMA secure_delete = ON")
    try:
        with transaction(db):
            yield db
    finally:
        db.execute("PRAGMA secure_delete = OFF")


@contextmanager
def snapshot(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
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
