"""The store's contract: what every store must do, and what the SQLite one must do besides."""

import asyncio
import os
import sqlite3
import tempfile
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import attrs
import pytest

from mafia_district.ids import KEEPER
from mafia_district.log import Line
from mafia_district_servers.adapters.sqlite_database import SqliteDatabase
from mafia_district_servers.adapters.sqlite_file import connect, open_file
from mafia_district_servers.adapters.store_memory import MemoryStore
from mafia_district_servers.adapters.store_sqlite import SqliteStore
from mafia_district_servers.ports import (
    Append,
    Appended,
    Conflict,
    Duplicate,
    EventStore,
    GameHead,
    Look,
    NewGame,
    Opening,
    OutcomeUnknown,
    Receipt,
    Seating,
    StoreRefused,
    StoreUnavailable,
)

from ..virtual import in_loop

NOBODY_ELSE = 65_534  # the user id of `nobody`


def line(version: int) -> Line:
    """Give a line with something in every column."""
    texts = None if version % 2 else b'{"text":["00","hi"]}'
    return Line(
        version, 1_000 + version, f"id-{version}", version - 3, b"{}", texts, hashed(version)
    )


def hashed(version: int) -> bytes:
    """Give the hash of the line of a version."""
    return b"%032d" % version


def new_game(game: str, lines: int = 2, key: str = "open-1", body: bytes = b"body") -> NewGame:
    """Give a game with a few lines, opened by Ann."""
    head = GameHead(
        game, "epoch", f"table {game}", False, "ABCDE", 1_000, b'{"format":1}', b"s" * 32, "ann"
    )
    return NewGame(head, key, body, tuple(map(line, range(1, lines + 1))))


def append(game: str, expected: int, key: str, count: int = 1, actor: str = "ann") -> Append:
    """Give a command of so many entries on top of a version."""
    lines = tuple(line(expected + 1 + step) for step in range(count))
    receipt = Receipt(key.encode(), 3, expected + 1, expected + count)
    return Append(game, expected, hashed(expected), actor, key, receipt, lines)


class StoreContract(ABC):
    """What every store must do; a store's own class says how one is opened."""

    @abstractmethod
    def opened(self, path: Path) -> AbstractAsyncContextManager[EventStore]:
        """Open a store, and close it in the end."""

    @in_loop
    async def test_a_game_comes_back_as_it_was_stored(self, tmp_path: Path) -> None:
        """Given a new game with entries and seats, load gives each byte back, or what is new."""
        async with self.opened(tmp_path) as store:
            created = new_game("g1")
            assert await store.create(created) == Opening("g1", b"body")
            said = attrs.evolve(
                append("g1", 2, "k1", 2), seating=(Seating(0, "ann"), Seating(4, "bob"))
            )
            assert await store.append(said) == Appended()
            stored = await store.load("g1")
            assert stored is not None
            assert stored.head == created.head
            assert stored.lines == created.lines + said.lines
            assert stored.seats == {"ann": 0, "bob": 4}
            newer = await store.load("g1", after=3)
            assert newer is not None
            assert newer.lines == said.lines[1:]
            assert await store.load("g2") is None
            assert await store.versions(["g1", "g2"]) == {"g1": 4}

    @in_loop
    async def test_an_opening_is_remembered_by_its_key(self, tmp_path: Path) -> None:
        """Given a game opened under a key, the same key opens no second one."""
        async with self.opened(tmp_path) as store:
            await store.create(new_game("g1"))
            assert await store.create(new_game("g2", body=b"other")) == Opening("g1", b"body")
            assert await store.load("g2") is None
            assert await store.create(new_game("g3", key="open-2")) == Opening("g3", b"body")

    @in_loop
    async def test_only_the_expected_log_is_appended_to(self, tmp_path: Path) -> None:
        """Given a game at version 2, what expects less, more or another log changes nothing."""
        async with self.opened(tmp_path) as store:
            await store.create(new_game("g1"))
            for expected in (0, 1, 3, 9):
                assert await store.append(append("g1", expected, "k")) == Conflict(2)
            forked = attrs.evolve(append("g1", 2, "k"), previous=hashed(9))
            assert await store.append(forked) == Conflict(2)
            assert await store.append(append("none", 1, "k")) == Conflict(0)
            assert await store.look("g1", "ann", "k") == Look(2, None)
            assert await store.look("none", "ann", "k") == Look(0, None)

    @in_loop
    async def test_a_key_counts_once_for_each_actor(self, tmp_path: Path) -> None:
        """Given a stored command, its key is a duplicate for its actor and new for another."""
        async with self.opened(tmp_path) as store:
            await store.create(new_game("g1"))
            await store.append(append("g1", 2, "k", 3))
            receipt = Receipt(b"k", 3, first=3, last=5)
            assert await store.append(append("g1", 5, "k")) == Duplicate(receipt)
            assert await store.append(append("g1", 2, "k")) == Duplicate(receipt)
            assert await store.append(append("g1", 5, "k", actor="bob")) == Appended()
            assert await store.look("g1", "ann", "k") == Look(6, receipt)

    @in_loop
    async def test_a_command_without_entries_is_remembered(self, tmp_path: Path) -> None:
        """Given a command that changed nothing, its key is bound and the version stays."""
        async with self.opened(tmp_path) as store:
            await store.create(new_game("g1"))
            assert await store.append(append("g1", 2, "k", 0)) == Appended()
            assert await store.look("g1", "ann", "k") == Look(2, Receipt(b"k", 3, 3, 2))
            assert await store.append(append("g1", 2, "k2")) == Appended()

    @in_loop
    async def test_in_a_group_each_command_stands_alone(self, tmp_path: Path) -> None:
        """Given 300 queued commands of three games, only those that conflict or repeat fail."""
        async with self.opened(tmp_path) as store:
            for game in ("a", "b", "c"):
                await store.create(new_game(game, key=game))
            group = [append(game, 2 + n, f"k{n}") for n in range(98) for game in "abc"]
            group += [append("a", 7, "late"), append("a", 100, "k5"), append("b", 100, "next")]
            outcomes = await asyncio.gather(*map(store.append, group))
            assert outcomes[:-3] == [Appended()] * 294
            assert outcomes[-3:] == [Conflict(100), Duplicate(Receipt(b"k5", 3, 8, 8)), Appended()]
            assert await store.versions("abc") == {"a": 100, "b": 101, "c": 100}

    @in_loop
    async def test_seats_change_hands(self, tmp_path: Path) -> None:
        """Given seated accounts, a seat is left, given to another, and taken again elsewhere."""
        async with self.opened(tmp_path) as store:
            await store.create(new_game("g1"))
            changes = [
                (Seating(0, "ann"), Seating(1, "bob")),
                (Seating(0, None),),
                (Seating(0, "cat"), Seating(1, None), Seating(2, "bob")),
            ]
            for version, seating in enumerate(changes, 2):
                seated = attrs.evolve(append("g1", version, f"k{version}"), seating=seating)
                assert await store.append(seated) == Appended()
            stored = await store.load("g1")
            assert stored is not None
            assert stored.seats == {"cat": 0, "bob": 2}
            assert stored.past == {"ann": 0, "bob": 2, "cat": 0}

    @in_loop
    async def test_several_may_keep_a_game(self, tmp_path: Path) -> None:
        """Given two who open the keeper's desk, both are remembered, and no seat is theirs."""
        async with self.opened(tmp_path) as store:
            await store.create(new_game("g1"))
            await store.create(new_game("g2", key="open-2"))
            changes = [Seating(0, "ann"), Seating(KEEPER, "bob"), Seating(KEEPER, "cat")]
            for version, change in enumerate(changes, 2):
                seated = attrs.evolve(append("g1", version, f"k{version}"), seating=(change,))
                assert await store.append(seated) == Appended()
            stored, other = await store.load("g1"), await store.load("g2")
            assert stored is not None
            assert other is not None
            assert stored.seats == {"ann": 0}
            assert stored.past == {"ann": 0, "bob": KEEPER, "cat": KEEPER}
            assert other.past == {}

    @in_loop
    async def test_what_an_account_wrote_can_be_erased(self, tmp_path: Path) -> None:
        """Given entries of two accounts, one of whom got up again, each one's texts are found."""
        async with self.opened(tmp_path) as store:
            await store.create(new_game("g1"))
            await store.create(new_game("g2", key="open-2"))
            sat = attrs.evolve(append("g1", 2, "k1", 2), seating=(Seating(0, "ann"),))
            await store.append(sat)
            bobs = attrs.evolve(append("g1", 4, "k2", 2, "bob"), seating=(Seating(1, "bob"),))
            await store.append(bobs)
            await store.append(attrs.evolve(append("g1", 6, "k3", 3), seating=(Seating(0, None),)))
            other = attrs.evolve(append("g2", 2, "k4", 2), seating=(Seating(0, "ann"),))
            await store.append(other)
            assert await store.written("ann") == {"g1": [4, 8], "g2": [4]}
            assert await store.written("cat") == {}
            await store.erase("g1", [4, 8], "another")
            assert await store.written("ann") == {"g2": [4]}
            assert await store.written("bob") == {"g1": [6]}
            stored = await store.load("g1")
            assert stored is not None
            assert stored.head.epoch == "another"
            texts = [row.texts is not None for row in stored.lines]
            assert texts == [False, True, False, False, False, True, False, False, False]
            assert [row.hash for row in stored.lines] == list(map(hashed, range(1, 10)))

    @in_loop
    async def test_games_are_listed_newest_first(self, tmp_path: Path) -> None:
        """Given three games of which one has ended, both lists are in order."""
        async with self.opened(tmp_path) as store:
            for game, at in (("a", 1), ("b", 3), ("c", 2)):
                made = new_game(game, key=game)
                await store.create(attrs.evolve(made, head=attrs.evolve(made.head, created_at=at)))
            await store.append(attrs.evolve(append("b", 2, "end"), ended=True))
            await store.append(append("b", 3, "chat"))
            listed = [(row.id, row.name, row.public, row.ended) for row in await store.games()]
            assert listed == [
                ("b", "table b", False, True),
                ("c", "table c", False, False),
                ("a", "table a", False, False),
            ]
            assert [row.id for row in await store.games(unfinished=True)] == ["c", "a"]

    @in_loop
    async def test_the_latest_sign_of_life_is_kept(self, tmp_path: Path) -> None:
        """Given signs of two servers, the latest counts."""
        async with self.opened(tmp_path) as store:
            assert await store.last_sign() is None
            for at in (5, 9, 7):
                await store.sign(at)
            assert await store.last_sign() == 9

    @in_loop
    async def test_who_stops_waiting_stops_no_commit(self, tmp_path: Path) -> None:
        """Given a caller that goes away, its command and those behind it are stored."""
        async with self.opened(tmp_path) as store:
            await store.create(new_game("g1"))
            store.append(append("g1", 2, "k1")).cancel()
            assert await store.append(append("g1", 3, "k2")) == Appended()


class FailingCommit(sqlite3.Connection):
    """A connection whose disk fails when it commits, before or after it `happens`."""

    happens = False

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        """Run a statement."""
        if sql == "COMMIT":
            super().execute("COMMIT" if self.happens else "ROLLBACK")
            raise sqlite3.OperationalError("disk I/O error")
        return super().execute(sql, *parameters)


class TestMemoryStore(StoreContract):
    """The store in memory."""

    @asynccontextmanager
    async def opened(self, path: Path) -> AsyncIterator[EventStore]:
        """Open an empty store."""
        yield MemoryStore()


class TestSqliteStore(StoreContract):
    """The store in a file."""

    @asynccontextmanager
    async def opened(self, path: Path) -> AsyncIterator[EventStore]:
        """Open the store of a directory."""
        database = SqliteDatabase.open(path / "games.db")
        store = SqliteStore(database)
        yield store
        await store.close()
        await database.close()

    @in_loop
    async def test_all_is_there_after_a_restart(self, tmp_path: Path) -> None:
        """Given a closed store, another one on its file has everything."""
        async with self.opened(tmp_path) as store:
            await store.create(new_game("g1"))
            await store.append(append("g1", 2, "k1"))
            await store.sign(77)
        async with self.opened(tmp_path) as store:
            assert await store.look("g1", "ann", "k1") == Look(3, Receipt(b"k1", 3, 3, 3))
            assert await store.last_sign() == 77

    @in_loop
    async def test_what_is_queued_is_stored_before_closing(self, tmp_path: Path) -> None:
        """Given commands in the queue, close waits for them."""
        async with self.opened(tmp_path) as store:
            await store.create(new_game("g1"))
            waiting = [store.append(append("g1", 2 + n, f"k{n}")) for n in range(5)]
        assert [future.result() for future in waiting] == [Appended()] * 5

    @in_loop
    async def test_two_stores_on_one_file_never_both_win(self, tmp_path: Path) -> None:
        """Given two stores that append to the same versions, exactly one wins each."""
        async with self.opened(tmp_path) as one, self.opened(tmp_path) as other:
            await one.create(new_game("g1", lines=1))
            for version in range(1, 21):
                outcomes = await asyncio.gather(
                    one.append(append("g1", version, f"k{version}", actor="one")),
                    other.append(append("g1", version, f"k{version}", actor="other")),
                )
                assert outcomes.count(Appended()) == outcomes.count(Conflict(version + 1)) == 1
            assert await other.versions(["g1"]) == {"g1": 21}

    @in_loop
    @pytest.mark.parametrize("happened", [True, False])
    async def test_a_failing_commit_leaves_the_outcome_open(
        self, tmp_path: Path, happened: bool
    ) -> None:
        """Given a disk that fails in a commit, nobody is told more than is known."""
        async with self.opened(tmp_path) as store:
            await store.create(new_game("g1"))
        path = tmp_path / "games.db"
        writer = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, factory=FailingCommit
        )
        writer.happens = happened
        database = SqliteDatabase(path, writer, connect(path))
        failing = SqliteStore(database)
        with pytest.raises(OutcomeUnknown, match="disk"):
            await failing.append(append("g1", 2, "k1"))
        assert (await failing.look("g1", "ann", "k1")).version == 2 + happened
        await failing.close()
        await database.close()

    @in_loop
    async def test_a_locked_file_is_unavailable_until_it_is_free(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Given another process's long transaction, an append fails cleanly and works later."""
        monkeypatch.setattr("mafia_district_servers.adapters.sqlite_file.BUSY_MS", 20)
        async with self.opened(tmp_path) as store:
            await store.create(new_game("g1"))
            other = sqlite3.connect(tmp_path / "games.db", isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreUnavailable, match="locked"):
                await store.append(append("g1", 2, "k1"))
            other.close()
            assert await store.append(append("g1", 2, "k1")) == Appended()

    def test_a_missing_directory_is_named(self, tmp_path: Path) -> None:
        """Given a path into nowhere, the refusal names the directory and makes nothing."""
        with pytest.raises(StoreRefused, match=r"directory .*nowhere does not exist"):
            SqliteDatabase.open(tmp_path / "nowhere" / "games.db")
        assert not (tmp_path / "nowhere").exists()

    def test_another_file_is_left_alone(self, tmp_path: Path) -> None:
        """Given a file that is no database, or another program's, it is refused and kept."""
        letter = tmp_path / "letter.txt"
        letter.write_text("Dear reader, this is not a database. " * 40)
        with pytest.raises(StoreRefused, match="no SQLite database"):
            SqliteDatabase.open(letter)
        assert letter.read_text().startswith("Dear reader")
        foreign = sqlite3.connect(tmp_path / "other.db")
        foreign.execute("CREATE TABLE recipes (name)")
        foreign.close()
        before = (tmp_path / "other.db").read_bytes()
        with pytest.raises(StoreRefused, match="another program's"):
            SqliteDatabase.open(tmp_path / "other.db")
        assert (tmp_path / "other.db").read_bytes() == before

    def test_a_newer_schema_is_refused(self, tmp_path: Path) -> None:
        """Given a file of a version to come, the refusal says to upgrade."""
        db = open_file(tmp_path / "games.db")
        db.execute("PRAGMA user_version = 99")
        db.close()
        with pytest.raises(StoreRefused, match="newer version"):
            SqliteDatabase.open(tmp_path / "games.db")

    def test_a_file_that_cannot_be_written_is_refused(self, common_directory: Path) -> None:
        """Given a file without the right to write it, the refusal names the fix."""
        path = common_directory / "games.db"
        open_file(path).close()
        path.chmod(0o444)
        common_directory.chmod(0o555)
        with (
            without_privileges(),
            pytest.raises(StoreRefused, match="make file and directory writ"),
        ):
            SqliteDatabase.open(path)


@pytest.fixture
def common_directory() -> Iterator[Path]:
    """Make a directory that every user may enter."""
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)
        yield Path(directory)
        Path(directory).chmod(0o755)


class without_privileges:  # noqa: N801 - reads as a statement
    """Be an ordinary user for a while, where one is the superuser, whom no right stops."""

    def __enter__(self) -> None:
        self._own = os.geteuid()
        if self._own == 0:
            os.seteuid(NOBODY_ELSE)

    def __exit__(self, *_: object) -> None:
        if self._own == 0:
            os.seteuid(self._own)
