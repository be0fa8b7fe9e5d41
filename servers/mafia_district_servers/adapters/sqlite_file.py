"""A SQLite file: opened for durable writing, brought to the newest schema, or refused in one line.

`PRAGMA user_version` counts the migrations that a file has had; they lie in `migrations/` and are
numbered from 1. `application_id` says that a file is ours, so that a mistyped path never turns
another program's database into a store.
"""

import sqlite3
import time
from importlib.resources import files
from pathlib import Path
from typing import Final

from mafia_district_servers.ports import StoreRefused

BUSY_MS: Final = 5_000  # how long a transaction waits for another process's
_NAP_MS: Final = 10
_CHECKPOINT: Final = 4_000  # pages (16 MB) of the write-ahead log before they go to their places
_STATEMENTS: Final = 1_024  # kept ready: every size of a group has its own
_OURS: Final = 0x4D444953  # "MDIS"
_OLDEST: Final = (3, 37, 0)  # has STRICT tables


def open_file(path: Path) -> sqlite3.Connection:
    """Open a store's file, made or migrated where needed; raises StoreRefused.

    The connection may be used by any one thread at a time.
    """
    if sqlite3.sqlite_version_info < _OLDEST:
        raise StoreRefused(
            f"SQLite {sqlite3.sqlite_version} is too old: use a Python with 3.37 or newer"
        )
    if not path.parent.is_dir():
        raise StoreRefused(f"the directory {path.parent} does not exist: make it, or name another")
    try:
        if not path.exists():
            path.touch(mode=0o600)  # it will hold the secrets of running games
        db = connect(path)
    except (sqlite3.Error, OSError) as error:
        raise StoreRefused(_explain(path, error)) from None
    try:
        _prepare(db, path)
    except sqlite3.Error as error:
        db.close()
        raise StoreRefused(_explain(path, error)) from None
    except BaseException:
        db.close()
        raise
    return db


def connect(path: Path) -> sqlite3.Connection:
    """Open another connection to a file; every commit on it is durable."""
    db = sqlite3.connect(
        path,
        timeout=BUSY_MS / 1000,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=_STATEMENTS,
    )
    try:
        db.execute("PRAGMA synchronous = FULL")
        db.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT}")
    except sqlite3.Error:
        db.close()
        raise
    return db


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    _check_owner(db, path)
    _write_ahead(db)
    db.execute("BEGIN IMMEDIATE")  # one process migrates, the others wait and find it done
    with db:  # commits, or rolls back
        _migrate(db, path)


def _check_owner(db: sqlite3.Connection, path: Path) -> None:
    query = "SELECT application_id, (SELECT count(*) FROM sqlite_schema) FROM pragma_application_id"
    owner, tables = db.execute(query).fetchone()
    if owner != _OURS and (owner or tables):
        raise StoreRefused(f"{path} is another program's database: name another file")


def _write_ahead(db: sqlite3.Connection) -> None:
    """Switch to the write-ahead log; SQLite does not wait for its lock here, so we do."""
    for _ in range(BUSY_MS // _NAP_MS):
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            time.sleep(_NAP_MS / 1000)
        else:
            return
    raise sqlite3.OperationalError("database is locked")


def _migrate(db: sqlite3.Connection, path: Path) -> None:
    folder = files(__package__) / "migrations"
    migrations = sorted(folder.iterdir(), key=lambda file: file.name)
    (had,) = db.execute("PRAGMA user_version").fetchone()
    if had > len(migrations):
        raise StoreRefused(
            f"{path} is of a newer version of mafia-district: upgrade, or name another"
        )
    for number, migration in enumerate(migrations[had:], had + 1):
        for statement in _statements(migration.read_text(encoding="utf-8")):
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {number}")
    db.execute(f"PRAGMA application_id = {_OURS}")


def _statements(script: str) -> list[str]:
    """Split a script; `executescript` would commit the transaction that it runs in."""
    statements, part = [], ""
    for piece in script.split(";"):
        part += piece + ";"
        if sqlite3.complete_statement(part):
            statements.append(part)
            part = ""
    return statements


def _explain(path: Path, error: sqlite3.Error | OSError) -> str:
    text = str(error)
    if "not a database" in text:
        return f"{path} is no SQLite database: name another file"
    if "readonly" in text or isinstance(error, PermissionError):
        return f"{path} cannot be written: make file and directory writable"
    if "locked" in text:
        return f"{path} is locked by another process: stop it, or name another file"
    if "unable to open" in text:
        return f"{path} cannot be opened: check its name and its rights"
    return f"{path} cannot be used: {text}"
