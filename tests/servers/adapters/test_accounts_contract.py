"""The contract of account stores: names are unique, actions written down, results count once."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import attrs

from mafia_district_servers.adapters.accounts_memory import MemoryAccounts
from mafia_district_servers.adapters.accounts_sqlite import SqliteAccounts
from mafia_district_servers.adapters.sqlite_database import SqliteDatabase
from mafia_district_servers.caller import Role
from mafia_district_servers.ports import (
    Account,
    Accounts,
    Acted,
    Added,
    Audit,
    Device,
    Leader,
    Report,
    Result,
    Sanction,
    Secret,
    Sentence,
    Wardrobe,
)

from ..virtual import in_loop


def account(name: str, email: str | None = None, at: int = 100) -> Account:
    """Give an account."""
    folded = None if email is None else email.casefold()
    return Account(
        f"user-{name.casefold()}", name, name.casefold(), f"{name}!", email, folded, "hash",
        Secret.OWN, Role.PLAYER, at, f"key-{name}",
    )  # fmt: skip


def audit(what: str, key: str = "k", body: bytes = b"body") -> Audit:
    """Give an admin's action."""
    return Audit("boss", what, "user-ann", "why", 7, "request", key, body)


def ban(kind: Sentence = Sentence.BAN, until: int | None = 50, reason: str = "rude") -> Sanction:
    """Give a ban, or a mute."""
    return Sanction("user-ann", kind, until, reason, "boss", 5)


def result(game: str, who: str, reputation: int, *, won: bool = False, at: int = 9) -> Result:
    """Give a result."""
    return Result(game, f"user-{who}", "town", "cop", won, 3, reputation, at)


class AccountsContract(ABC):
    """What every store of accounts must do."""

    @abstractmethod
    def opened(self, path: Path) -> AbstractAsyncContextManager[Accounts]:
        """Open a store, and close it in the end."""

    @in_loop
    async def test_an_account_comes_back_as_it_was_stored(self, tmp_path: Path) -> None:
        """Given accounts, each is found by id and by folded name, and those unknown are not."""
        ann, bob = account("Ann", "Ann@x.org"), account("Bob")
        async with self.opened(tmp_path) as store:
            for row in (bob, ann):
                assert await store.add(row, None, alone=False) is Added.ADDED
            assert await store.find("user-ann") == await store.named("ann") == ann
            assert await store.find("user-zoe") is await store.named("zoe") is None
            assert await store.several(["user-bob", "x"], ["ann", "y"]) == [ann, bob]
            assert await store.several([], []) == []
            assert await store.page("", 1) == [ann]
            assert await store.page("ann", 5) == [bob]

    @in_loop
    async def test_of_many_who_want_a_name_one_gets_it(self, tmp_path: Path) -> None:
        """Given twenty who register a name at once, one has it, and the others hear it is taken."""
        async with self.opened(tmp_path) as store:
            rows = [attrs.evolve(account("Ann"), id=f"user-{n}") for n in range(20)]
            added = await asyncio.gather(*(store.add(row, None, alone=False) for row in rows))
            assert sorted(each.value for each in added) == ["added"] + ["taken"] * 19

    @in_loop
    async def test_an_email_is_unique_where_there_is_one(self, tmp_path: Path) -> None:
        """Given an e-mail that is taken, then neither a newcomer nor a change gets it."""
        async with self.opened(tmp_path) as store:
            for row in (account("Ann", "a@x.org"), account("Bob"), account("Cat")):
                assert await store.add(row, None, alone=False) is Added.ADDED
            assert await store.add(account("Dan", "A@X.org"), None, alone=False) is Added.TAKEN
            assert not await store.change("user-bob", "B", "A@x.org", "a@x.org")
            assert await store.change("user-bob", "B", "b@x.org", "b@x.org")
            assert await store.change("user-bob", "Bobby", None, None)
            assert not await store.change("user-zoe", "Z", None, None)
            bob = await store.find("user-bob")
            assert bob == attrs.evolve(account("Bob"), display="Bobby")

    @in_loop
    async def test_a_device_is_known_for_its_time(self, tmp_path: Path) -> None:
        """Given a device of one account, a second is refused where it must be, until it is old."""
        async with self.opened(tmp_path) as store:
            device = Device(b"d", 0)
            assert await store.add(account("Ann"), device, alone=True) is Added.ADDED
            assert await store.add(account("Bob"), device, alone=True) is Added.KNOWN_DEVICE
            assert await store.add(account("Bob"), Device(b"e", 0), alone=True) is Added.ADDED
            assert await store.add(account("Cat"), device, alone=False) is Added.ADDED
            await store.saw("user-bob", Device(b"f", 0), 150)
            await store.saw("user-bob", Device(b"f", 0), 120)
            late = account("Dan", at=260)
            assert await store.add(late, Device(b"f", 150), alone=True) is Added.KNOWN_DEVICE
            assert await store.add(late, Device(b"d", 150), alone=True) is Added.ADDED
            eve = account("Eve", at=300)
            assert await store.add(eve, Device(b"f", 151), alone=True) is Added.ADDED

    @in_loop
    async def test_a_password_is_changed_from_what_it_was(self, tmp_path: Path) -> None:
        """Given two changes from the same hash, one counts; one that is for once is used once."""
        async with self.opened(tmp_path) as store:
            await store.add(account("Ann"), None, alone=False)
            changes = [store.set_password("user-ann", "hash", new, Secret.OWN) for new in "ab"]
            assert sorted(await asyncio.gather(*changes)) == [False, True]
            assert await store.reset("user-ann", "once", audit("reset")) is Acted.DONE
            assert await store.reset("user-zoe", "once", audit("reset", "z")) is Acted.NO_ACCOUNT
            used = await asyncio.gather(*(store.use_once("user-ann", "once") for _ in range(9)))
            assert sorted(used) == [False] * 8 + [True]
            row = await store.find("user-ann")
            assert row is not None
            assert (row.password, row.secret) == ("once", Secret.USED)

    @in_loop
    async def test_an_action_acts_once_and_is_written_down(self, tmp_path: Path) -> None:
        """Given an action and its repeats, it is done once; what is not done leaves no row."""
        async with self.opened(tmp_path) as store:
            await store.add(account("Ann"), None, alone=False)
            appoint = audit("appoint")
            assert await store.appoint("user-ann", Role.ADMIN, appoint) is Acted.DONE
            assert await store.appoint("user-ann", Role.HOST, appoint) is Acted.REPEATED
            other = audit("appoint", body=b"other")
            assert await store.appoint("user-ann", Role.HOST, other) is Acted.KEY_REUSED
            missing = audit("appoint", "k2")
            assert await store.appoint("user-zoe", Role.HOST, missing) is Acted.NO_ACCOUNT
            assert await store.note(audit("clear cache", "k3")) is Acted.DONE
            row = await store.find("user-ann")
            assert row is not None
            assert row.role is Role.ADMIN
            assert await store.audits(9) == [audit("clear cache", "k3"), appoint]
            assert await store.audits(1) == [audit("clear cache", "k3")]

    @in_loop
    async def test_sanctions_are_in_force_for_their_time(self, tmp_path: Path) -> None:
        """Given a ban and a mute, each counts until its end or until it is lifted."""
        async with self.opened(tmp_path) as store:
            mute = ban(Sentence.MUTE, None)
            for number, row in enumerate((ban(), mute, ban(reason="ruder"))):
                assert await store.sanction(row, audit("x", f"k{number}")) is Acted.DONE
            asked = ["user-ann", "user-bob"]
            assert await store.sanctions(asked, 49) == [ban(reason="ruder"), mute]
            assert await store.sanctions(asked, 50) == [mute]
            assert await store.sanctions(["user-bob"], 0) == []
            assert await store.muted(1_000) == ["user-ann"]
            assert await store.lift("user-ann", Sentence.MUTE, audit("x", "k4")) is Acted.DONE
            assert await store.lift("user-ann", Sentence.MUTE, audit("x", "k5")) is Acted.DONE
            assert await store.muted(0) == []
            assert await store.sanctions(asked, 0) == [ban(reason="ruder")]

    @in_loop
    async def test_reports_are_kept_once(self, tmp_path: Path) -> None:
        """Given reports and a repeat of one, each is listed once, the newest first."""
        async with self.opened(tmp_path) as store:
            first = Report("user-bob", "user-ann", "g", "rude", 5, "k")
            second = Report("user-cat", "user-ann", "", "rude", 6, "k")
            for row in (first, second, first):
                await store.report(row)
            assert await store.reports(9) == [second, first]
            assert await store.reports(1) == [second]

    @in_loop
    async def test_results_count_once_and_for_the_registered(self, tmp_path: Path) -> None:
        """Given a game that is settled twice, it counts once, and for registered accounts alone."""
        async with self.opened(tmp_path) as store:
            for name in ("Ann", "Bob", "Cat"):
                await store.add(account(name), None, alone=False)
            first = [result("g1", "ann", 60, won=True), result("g1", "bob", 10)]
            await store.settle("g1", [*first, result("g1", "guest", 60, won=True)])
            await store.settle("g1", [result("g1", "ann", 60), result("g1", "cat", 60)])
            await store.settle("g2", [result("g2", "bob", 60, won=True, at=4)])
            await store.settle("g3", [])
            assert await store.unsettled(["g4", "g1", "g3", "g0"]) == ["g4", "g0"]
            assert await store.results("user-bob") == [
                result("g2", "bob", 60, won=True, at=4), result("g1", "bob", 10),
            ]  # fmt: skip
            assert await store.results("user-guest") == await store.results("user-cat") == []
            leaders = [
                Leader("user-bob", "Bob", "Bob!", 70, 2, 1),
                Leader("user-ann", "Ann", "Ann!", 60, 1, 1),
            ]
            assert await store.leaders(9) == leaders
            assert await store.leaders(1) == leaders[:1]

    @in_loop
    async def test_looks_are_bought_with_what_was_earned(self, tmp_path: Path) -> None:
        """Given ten who buy at once with points for one, one look is bought and paid."""
        async with self.opened(tmp_path) as store:
            await store.add(account("Ann"), None, alone=False)
            assert not await store.buy("user-ann", "cap", 1, 0)
            await store.settle("g1", [result("g1", "ann", 100)])
            bought = await asyncio.gather(
                *(store.buy("user-ann", f"hat{n}", 80, 1) for n in range(10))
            )
            assert sorted(bought) == [False] * 9 + [True]
            hat = f"hat{bought.index(True)}"
            assert await store.wardrobe("user-ann") == Wardrobe((hat,), 100, 80)
            assert await store.buy("user-ann", hat, 80, 2)
            assert await store.wardrobe("user-ann") == Wardrobe((hat,), 100, 80)

    @in_loop
    async def test_nothing_is_left_of_who_is_forgotten(self, tmp_path: Path) -> None:
        """Given an account with everything, when it is forgotten, then its name is free again."""
        async with self.opened(tmp_path) as store:
            await store.add(account("Ann", "a@x.org"), Device(b"d", 0), alone=True)
            await store.add(account("Bob"), None, alone=True)
            await store.sanction(ban(Sentence.MUTE, None), audit("mute"))
            await store.report(Report("user-bob", "user-ann", "", "rude", 5, "k"))
            await store.report(Report("user-ann", "user-bob", "", "rude", 5, "k"))
            kept = Report("user-bob", "user-cat", "", "rude", 5, "k2")
            await store.report(kept)
            await store.settle("g1", [result("g1", "ann", 100)])
            assert await store.buy("user-ann", "hat", 80, 1)
            await store.forget("user-ann")
            await store.forget("user-ann")
            assert await store.find("user-ann") is await store.named("ann") is None
            assert await store.muted(0) == await store.leaders(9) == []
            assert await store.reports(9) == [kept]
            assert await store.wardrobe("user-ann") == Wardrobe((), 0, 0)
            assert await store.audits(9) == [audit("mute")]
            again = account("Ann", "a@x.org")
            assert await store.add(again, Device(b"d", 0), alone=True) is Added.ADDED


class TestMemoryAccounts(AccountsContract):
    """In memory."""

    @asynccontextmanager
    async def opened(self, path: Path) -> AsyncIterator[Accounts]:
        """Open it."""
        yield MemoryAccounts()


class TestSqliteAccounts(AccountsContract):
    """In a SQLite file."""

    @asynccontextmanager
    async def opened(self, path: Path) -> AsyncIterator[Accounts]:
        """Open it."""
        database = SqliteDatabase.open(path / "games.db")
        yield SqliteAccounts(database)
        await database.close()
