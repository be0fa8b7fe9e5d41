"""Sessions in a SQLite database."""

import sqlite3
from typing import Final

from mafia_district.ids import Instant
from mafia_district_servers.adapters.sqlite_database import SqliteDatabase, transaction
from mafia_district_servers.ports import Refresh, Rotated, SessionRow

_SESSION: Final = (
    "SELECT id, account, name, guest, session.until FROM refresh"
    " JOIN session ON session.id = refresh.session WHERE digest = ? AND refresh.until > ?"
)
_USE: Final = (
    "UPDATE refresh SET used_at = ? WHERE digest = ? AND used_at IS NULL AND until > ?"
    " RETURNING session"
)
_KEEP: Final = "UPDATE session SET until = ? WHERE id = ?"
_END: Final = (
    "INSERT INTO ended_session VALUES (?, ?, ?)"
    " ON CONFLICT DO UPDATE SET until = max(until, excluded.until)"
)
_END_ALL: Final = (
    "INSERT INTO ended_session SELECT id, ?, ? FROM session WHERE account = ? AND until > ?"
    " AND id <> ?"
    " ON CONFLICT DO UPDATE SET until = max(ended_session.until, excluded.until) RETURNING id"
)


class SqliteSessions:
    """Fills the port on the tables of `0002_sessions.sql`."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def begin(self, session: SessionRow, refresh: Refresh, now: Instant) -> None:
        """Store a new session with its first refresh token."""
        await self._database.write(self._begin, session, refresh, now)

    async def rotate(self, digest: bytes, successor: Refresh, now: Instant) -> Rotated | None:
        """Use a refresh token, once, and store the one that takes its place."""
        return await self._database.write(self._rotate, digest, successor, now)

    async def end(self, session: str, *, now: Instant, until: Instant) -> None:
        """End a session."""
        await self._database.write(self._end, session, now, until)

    async def end_all(
        self, account: str, *, now: Instant, until: Instant, but: str = ""
    ) -> list[str]:
        """End all sessions of an account, but for one if it is named; gives their ids."""
        return await self._database.write(self._end_all, account, now, until, but)

    async def ended(self, since: Instant) -> list[str]:
        """List the sessions that were ended at an instant or later."""
        return await self._database.read(self._ended, since)

    async def is_ended(self, session: str) -> bool:
        """Tell whether a session was ended."""
        return await self._database.read(self._is_ended, session)

    async def spend(self, ticket: str, *, now: Instant, until: Instant) -> bool:
        """Spend a ticket; False if it was spent before."""
        return await self._database.write(self._spend, ticket, now, until)

    def _begin(self, session: SessionRow, refresh: Refresh, now: Instant) -> None:
        row = session.id, session.account, session.name, session.guest, session.until
        with transaction(self._database.writer) as db:
            _sweep(db, now)
            db.execute("INSERT INTO session VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", row)
            _store(db, refresh, session.id)

    def _rotate(self, digest: bytes, successor: Refresh, now: Instant) -> Rotated | None:
        with transaction(self._database.writer) as db:
            row = db.execute(_SESSION, (digest, now)).fetchone()
            if row is None:
                return None
            id_, account, name, guest, _ = row
            session = SessionRow(id_, account, name, bool(guest), successor.until)
            if db.execute(_USE, (now, digest, now)).fetchone() is None:
                (used_at,) = db.execute(
                    "SELECT used_at FROM refresh WHERE digest = ?", (digest,)
                ).fetchone()
                return Rotated(session, used_at)
            _store(db, successor, id_)
            db.execute(_KEEP, (successor.until, id_))
            return Rotated(session, None)

    def _end(self, session: str, now: Instant, until: Instant) -> None:
        with transaction(self._database.writer) as db:
            db.execute(_END, (session, now, until))

    def _end_all(self, account: str, now: Instant, until: Instant, but: str) -> list[str]:
        with transaction(self._database.writer) as db:
            ended = db.execute(_END_ALL, (now, until, account, now, but)).fetchall()
        return [id_ for (id_,) in ended]

    def _ended(self, since: Instant) -> list[str]:
        rows = self._database.reader.execute("SELECT id FROM ended_session WHERE at >= ?", (since,))
        return [id_ for (id_,) in rows]

    def _is_ended(self, session: str) -> bool:
        found = self._database.reader.execute(
            "SELECT 1 FROM ended_session WHERE id = ?", (session,)
        )
        return found.fetchone() is not None

    def _spend(self, ticket: str, now: Instant, until: Instant) -> bool:
        with transaction(self._database.writer) as db:
            db.execute("DELETE FROM spent_ticket WHERE until <= ?", (now,))
            query = "INSERT INTO spent_ticket VALUES (?, ?) ON CONFLICT DO NOTHING"
            return db.execute(query, (ticket, until)).rowcount == 1


def _store(db: sqlite3.Connection, refresh: Refresh, session: str) -> None:
    db.execute(
        "INSERT INTO refresh VALUES (?, ?, NULL, ?) ON CONFLICT DO NOTHING",
        (refresh.digest, session, refresh.until),
    )


def _sweep(db: sqlite3.Connection, now: Instant) -> None:
    for table in ("session", "refresh", "ended_session"):
        db.execute(f"DELETE FROM {table} WHERE until <= ?", (now,))  # noqa: S608 - our own names
