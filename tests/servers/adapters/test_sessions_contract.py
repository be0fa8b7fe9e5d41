"""The contract of session stores: a refresh token is good once, and what has ended stays so."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from mafia_district_servers.adapters.sessions_memory import MemorySessions
from mafia_district_servers.adapters.sessions_sqlite import SqliteSessions
from mafia_district_servers.adapters.sqlite_database import SqliteDatabase
from mafia_district_servers.ports import Refresh, Rotated, SessionRow, SessionStore

from ..virtual import in_loop


def row(id: str, account: str = "ann", until: int = 100) -> SessionRow:
    """Give a session."""
    return SessionRow(id, account, f"{account}'s name", True, until)


class SessionsContract(ABC):
    """What every store of sessions must do."""

    @abstractmethod
    def opened(self, path: Path) -> AbstractAsyncContextManager[SessionStore]:
        """Open a store, and close it in the end."""

    @in_loop
    async def test_a_refresh_token_is_used_once_however_many_try(self, tmp_path: Path) -> None:
        """Given fifty who use a token at once, one does; the others are told when."""
        async with self.opened(tmp_path) as store:
            await store.begin(row("one"), Refresh(b"first", 100), 0)
            next_one = Refresh(b"second", 200)
            used = await asyncio.gather(
                *(store.rotate(b"first", next_one, now) for now in range(1, 51))
            )
            (winner,) = [n for n, rotated in enumerate(used) if rotated and not rotated.used_at]
            losers = {rotated for n, rotated in enumerate(used) if n != winner}
            assert used[winner] == Rotated(row("one", until=200), None)
            assert losers == {Rotated(row("one", until=200), winner + 1)}
            assert await store.rotate(b"second", Refresh(b"third", 300), 199) == Rotated(
                row("one", until=300), None
            )

    @in_loop
    async def test_unknown_and_old_tokens_stand_for_nothing(self, tmp_path: Path) -> None:
        """Given a token that never was, or is past its time, then nothing is told or stored."""
        async with self.opened(tmp_path) as store:
            await store.begin(row("one"), Refresh(b"first", 100), 0)
            assert await store.rotate(b"other", Refresh(b"second", 200), 1) is None
            assert await store.rotate(b"second", Refresh(b"third", 200), 1) is None
            assert await store.rotate(b"first", Refresh(b"second", 200), 100) is None

    @in_loop
    async def test_ended_sessions_are_known_and_listed(self, tmp_path: Path) -> None:
        """Given ended sessions, each is known by its id, and listed from its instant on."""
        async with self.opened(tmp_path) as store:
            await store.end("one", now=5, until=50)
            await store.end("two", now=7, until=50)
            await store.end("one", now=9, until=60)
            known = [await store.is_ended(id_) for id_ in ("one", "two", "six")]
            assert known == [True, True, False]
            assert set(await store.ended(since=0)) == {"one", "two"}
            assert set(await store.ended(since=6)) == {"two"}
            assert await store.ended(since=8) == []

    @in_loop
    async def test_all_sessions_of_an_account_end_together(self, tmp_path: Path) -> None:
        """Given several sessions, an account's are ended, and nobody else's."""
        async with self.opened(tmp_path) as store:
            for id_, account in (("one", "ann"), ("two", "bob"), ("three", "ann")):
                await store.begin(row(id_, account), Refresh(id_.encode(), 100), 0)
            assert set(await store.end_all("ann", now=5, until=50)) == {"one", "three"}
            assert set(await store.ended(since=5)) == {"one", "three"}
            assert not await store.is_ended("two")

    @in_loop
    async def test_all_sessions_but_one_end(self, tmp_path: Path) -> None:
        """Given several sessions of an account, all are ended but the one that is named."""
        async with self.opened(tmp_path) as store:
            for id_ in ("one", "two", "three"):
                await store.begin(row(id_), Refresh(id_.encode(), 100), 0)
            assert set(await store.end_all("ann", now=5, until=50, but="two")) == {"one", "three"}
            assert not await store.is_ended("two")

    @in_loop
    async def test_a_ticket_is_spent_once_in_its_time(self, tmp_path: Path) -> None:
        """Given many who spend a ticket at once, one does; after its time its name is free."""
        async with self.opened(tmp_path) as store:
            spent = await asyncio.gather(*(store.spend("t", now=0, until=30) for _ in range(20)))
            assert sorted(spent) == [False] * 19 + [True]
            assert not await store.spend("t", now=29, until=60)
            assert await store.spend("t", now=30, until=60)


class TestMemorySessions(SessionsContract):
    """In memory."""

    @asynccontextmanager
    async def opened(self, path: Path) -> AsyncIterator[SessionStore]:
        """Open it."""
        yield MemorySessions()


class TestSqliteSessions(SessionsContract):
    """In a SQLite file."""

    @asynccontextmanager
    async def opened(self, path: Path) -> AsyncIterator[SessionStore]:
        """Open it."""
        database = SqliteDatabase.open(path / "games.db")
        yield SqliteSessions(database)
        await database.close()

    @in_loop
    async def test_what_is_past_its_time_is_swept_away(self, tmp_path: Path) -> None:
        """Given rows whose time has passed, when a session begins, then they are gone."""
        database = SqliteDatabase.open(tmp_path / "games.db")
        store = SqliteSessions(database)
        await store.begin(row("old", until=10), Refresh(b"old", 10), 0)
        await store.end("old", now=1, until=10)
        await store.begin(row("new"), Refresh(b"new", 100), 10)
        tables = ("session", "refresh", "ended_session")
        counts = [
            await database.read(
                lambda table=table: database.reader.execute(
                    f"SELECT count(*) FROM {table}"
                ).fetchone()[0]
            )
            for table in tables
        ]
        assert counts == [1, 1, 0]
        await database.close()
