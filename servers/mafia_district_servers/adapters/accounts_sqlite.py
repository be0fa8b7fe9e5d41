"""Registered people in a SQLite database."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final

import attrs

from mafia_district.ids import Instant
from mafia_district_servers.adapters.sqlite_database import SqliteDatabase, erasing, transaction
from mafia_district_servers.caller import Role
from mafia_district_servers.ports import (
    Account,
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

_SOME: Final = 500  # values of one statement, at most

_ACCOUNTS: Final = (
    "SELECT id, name, folded, display, email, email_folded, password, secret, role, created_at, key"
    " FROM account"
)
_ADD: Final = "INSERT INTO account VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
_SAW: Final = (
    "INSERT INTO device VALUES (?, ?, ?)"
    " ON CONFLICT DO UPDATE SET seen_at = max(seen_at, excluded.seen_at)"
)
_SET_PASSWORD: Final = "UPDATE account SET password = ?, secret = ? WHERE id = ? AND password = ?"  # noqa: S105
_USE_ONCE: Final = (
    "UPDATE account SET secret = 'used' WHERE id = ? AND password = ? AND secret = 'once'"
)
_SANCTIONS: Final = (
    "SELECT account, kind, until, reason, by, at FROM sanction"
    " WHERE account IN ({}) AND (until IS NULL OR until > ?) ORDER BY account, kind"
)
_SANCTION: Final = (
    "INSERT INTO sanction VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
    " until = excluded.until, reason = excluded.reason, by = excluded.by, at = excluded.at"
)
_AUDIT: Final = (
    "INSERT INTO audit (who, what, whom, detail, at, request_id, key, body_hash)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
_REPORT: Final = (
    "INSERT INTO report (reporter, account, game, reason, at, key) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT DO NOTHING"
)
_RESULT: Final = (
    "INSERT INTO result SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8"
    " WHERE EXISTS (SELECT 1 FROM account WHERE id = ?2) ON CONFLICT DO NOTHING"
)
_LEADERS: Final = (
    "SELECT account.id, name, display, sum(reputation) AS earned, count(*), sum(won) AS wins"
    " FROM result JOIN account ON account.id = result.account"
    " GROUP BY account.id ORDER BY earned DESC, wins DESC, folded LIMIT ?"
)
_WORTH: Final = (
    "SELECT (SELECT coalesce(sum(reputation), 0) FROM result WHERE account = ?1),"
    " (SELECT coalesce(sum(price), 0) FROM owned_look WHERE account = ?1)"
)
_FORGET: Final = (
    "DELETE FROM account WHERE id = ?1",
    "DELETE FROM device WHERE account = ?1",
    "DELETE FROM sanction WHERE account = ?1",
    "DELETE FROM report WHERE account = ?1 OR reporter = ?1",
    "DELETE FROM result WHERE account = ?1",
    "DELETE FROM owned_look WHERE account = ?1",
)


class SqliteAccounts:
    """Fills the port on the tables of `0003_accounts.sql`."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def add(self, account: Account, device: Device | None, *, alone: bool) -> Added:
        """Store a new account; `alone` refuses a device that another account was seen on."""
        return await self._database.write(self._add, account, device, alone)

    async def find(self, account: str) -> Account | None:
        """Look an account up by its id."""
        return next(iter(await self._accounts(" WHERE id = ?", account)), None)

    async def named(self, folded: str) -> Account | None:
        """Look an account up by its folded name."""
        return next(iter(await self._accounts(" WHERE folded = ?", folded)), None)

    async def several(self, ids: Collection[str], folded: Collection[str]) -> list[Account]:
        """Look up several accounts, by their ids or their folded names, in the order of names."""
        where = f" WHERE id IN ({_marks(ids)}) OR folded IN ({_marks(folded)}) ORDER BY folded"
        return await self._accounts(where, *ids, *folded)

    async def page(self, after: str, limit: int) -> list[Account]:
        """List accounts in the order of their folded names, those behind one."""
        return await self._accounts(" WHERE folded > ? ORDER BY folded LIMIT ?", after, limit)

    async def change(
        self, account: str, display: str, email: str | None, email_folded: str | None
    ) -> bool:
        """Change what an owner may change; False if the e-mail is taken."""
        query = "UPDATE OR IGNORE account SET display = ?, email = ?, email_folded = ? WHERE id = ?"
        return await self._write(query, display, email, email_folded, account) == 1

    async def set_password(self, account: str, old: str, new: str, secret: Secret) -> bool:
        """Put another hash in the place of one; False if it is not that one any more."""
        return await self._write(_SET_PASSWORD, new, secret.value, account, old) == 1

    async def use_once(self, account: str, password: str) -> bool:
        """Use a password that is good for one login; False if it is used already."""
        return await self._write(_USE_ONCE, account, password) == 1

    async def forget(self, account: str) -> None:
        """Erase an account and all that is known of its owner."""
        await self._database.write(self._forget, account)

    async def saw(self, account: str, device: Device, at: Instant) -> None:
        """Keep that an account was seen on a device; forget what is older than `since`."""
        await self._database.write(self._saw, account, device, at)

    async def reset(self, account: str, password: str, audit: Audit) -> Acted:
        """Give an account a password that is good for one login."""
        query = "UPDATE account SET password = ?, secret = 'once' WHERE id = ?"
        return await self._act(audit, query, password, account, only=True)

    async def appoint(self, account: str, role: Role, audit: Audit) -> Acted:
        """Give an account another role."""
        query = "UPDATE account SET role = ? WHERE id = ?"
        return await self._act(audit, query, role.value, account, only=True)

    async def sanction(self, sanction: Sanction, audit: Audit) -> Acted:
        """Ban or mute an account, or a guest; the last word counts."""
        return await self._act(audit, _SANCTION, *_row(sanction))

    async def lift(self, account: str, kind: Sentence, audit: Audit) -> Acted:
        """Take a ban or a mute back."""
        query = "DELETE FROM sanction WHERE account = ? AND kind = ?"
        return await self._act(audit, query, account, kind.value)

    async def note(self, audit: Audit) -> Acted:
        """Keep that an admin did something that has no other place here."""
        return await self._act(audit, "SELECT 1")

    async def sanctions(self, accounts: Collection[str], now: Instant) -> list[Sanction]:
        """List the bans and mutes of these that are in force."""
        rows = await self._read(_SANCTIONS.format(_marks(accounts)), *accounts, now)
        return [Sanction(account, Sentence(kind), *rest) for account, kind, *rest in rows]

    async def muted(self, now: Instant) -> list[str]:
        """List all who may not speak now."""
        query = (
            "SELECT account FROM sanction WHERE kind = 'mute' AND (until IS NULL OR until > ?)"
            " ORDER BY account"
        )
        return [account for (account,) in await self._read(query, now)]

    async def report(self, report: Report) -> None:
        """Keep a report; a repeat is kept once."""
        await self._write(_REPORT, *attrs.astuple(report))

    async def reports(self, limit: int) -> list[Report]:
        """List the latest reports, the newest first."""
        columns = "reporter, account, game, reason, at, key"
        query = f"SELECT {columns} FROM report ORDER BY number DESC LIMIT ?"  # noqa: S608
        return [Report(*row) for row in await self._read(query, limit)]

    async def audits(self, limit: int) -> list[Audit]:
        """List the latest actions of admins, the newest first."""
        columns = "who, what, whom, detail, at, request_id, key, body_hash"
        query = f"SELECT {columns} FROM audit ORDER BY number DESC LIMIT ?"  # noqa: S608
        return [Audit(*row) for row in await self._read(query, limit)]

    async def settle(self, game: str, results: Collection[Result]) -> None:
        """Keep what a game came to for those of its people that are registered, once."""
        await self._database.write(self._settle, game, results)

    async def unsettled(self, games: Iterable[str]) -> list[str]:
        """List those of these games whose results are not kept."""
        asked, known = list(games), set()
        for some in _batches(asked):
            query = f"SELECT game FROM settled_game WHERE game IN ({_marks(some)})"  # noqa: S608
            known |= {game for (game,) in await self._read(query, *some)}
        return [game for game in asked if game not in known]

    async def results(self, account: str) -> list[Result]:
        """List an account's results, in the order of time."""
        rows = await self._read("SELECT * FROM result WHERE account = ? ORDER BY at, game", account)
        return [_result(*row) for row in rows]

    async def leaders(self, limit: int) -> list[Leader]:
        """List the accounts that have earned most, the first first."""
        return [Leader(*row) for row in await self._read(_LEADERS, limit)]

    async def wardrobe(self, account: str) -> Wardrobe:
        """Tell what an account owns, has earned and has spent."""
        return await self._database.read(_wardrobe, self._database.reader, account)

    async def buy(self, account: str, asset: str, price: int, at: Instant) -> bool:
        """Buy a look; one that is owned costs nothing more. False if it cannot be paid."""
        return await self._database.write(self._buy, account, asset, price, at)

    async def _read(self, query: str, *values: Any) -> list[Any]:
        return await self._database.read(_rows, self._database.reader, query, values)

    async def _write(self, query: str, *values: Any) -> int:
        return await self._database.write(_changed, self._database.writer, query, values)

    async def _accounts(self, where: str, *values: Any) -> list[Account]:
        return [_account(*row) for row in await self._read(_ACCOUNTS + where, *values)]

    async def _act(self, audit: Audit, query: str, *values: Any, only: bool = False) -> Acted:
        """Do something and write it down, once; `only` where there must be a row to change."""
        return await self._database.write(self._do, audit, query, values, only)

    def _add(self, account: Account, device: Device | None, alone: bool) -> Added:
        with transaction(self._database.writer) as db:
            if device is not None:
                _sweep(db, device)
                query = "SELECT 1 FROM device WHERE digest = ?"
                if alone and db.execute(query, (device.digest,)).fetchone():
                    return Added.KNOWN_DEVICE
            if not db.execute(_ADD, _row(account)).rowcount:
                return Added.TAKEN
            if device is not None:
                db.execute(_SAW, (device.digest, account.id, account.created_at))
        return Added.ADDED

    def _forget(self, account: str) -> None:
        with erasing(self._database.writer) as db:
            for query in _FORGET:
                db.execute(query, (account,))

    def _saw(self, account: str, device: Device, at: Instant) -> None:
        with transaction(self._database.writer) as db:
            _sweep(db, device)
            db.execute(_SAW, (device.digest, account, at))

    def _do(self, audit: Audit, query: str, values: tuple[Any, ...], only: bool) -> Acted:
        with transaction(self._database.writer) as db:
            known = db.execute(
                "SELECT body_hash FROM audit WHERE who = ? AND key = ?", (audit.who, audit.key)
            ).fetchone()
            if known is not None:
                return Acted.REPEATED if known[0] == audit.body_hash else Acted.KEY_REUSED
            if db.execute(query, values).rowcount < 1 and only:
                return Acted.NO_ACCOUNT
            db.execute(_AUDIT, attrs.astuple(audit))
        return Acted.DONE

    def _settle(self, game: str, results: Collection[Result]) -> None:
        with transaction(self._database.writer) as db:
            new = db.execute("INSERT INTO settled_game VALUES (?) ON CONFLICT DO NOTHING", (game,))
            if new.rowcount:
                db.executemany(_RESULT, [attrs.astuple(result) for result in results])

    def _buy(self, account: str, asset: str, price: int, at: Instant) -> bool:
        with transaction(self._database.writer) as db:
            wardrobe = _wardrobe(db, account)
            if asset in wardrobe.assets:
                return True
            if wardrobe.earned - wardrobe.spent < price:
                return False
            db.execute("INSERT INTO owned_look VALUES (?, ?, ?, ?)", (account, asset, price, at))
        return True


def _rows(db: sqlite3.Connection, query: str, values: tuple[Any, ...]) -> list[Any]:
    return db.execute(query, values).fetchall()


def _changed(db: sqlite3.Connection, query: str, values: tuple[Any, ...]) -> int:
    with transaction(db):
        return db.execute(query, values).rowcount


def _sweep(db: sqlite3.Connection, device: Device) -> None:
    db.execute("DELETE FROM device WHERE seen_at < ?", (device.since,))


def _wardrobe(db: sqlite3.Connection, account: str) -> Wardrobe:
    query = "SELECT asset FROM owned_look WHERE account = ? ORDER BY at, asset"
    assets = tuple(asset for (asset,) in db.execute(query, (account,)))
    return Wardrobe(assets, *db.execute(_WORTH, (account,)).fetchone())


def _row(record: Account | Sanction) -> tuple[Any, ...]:
    """Spell a record as its table has it, members of enums by their values."""
    values = attrs.astuple(record)
    return tuple(
        value.value if isinstance(value, Role | Secret | Sentence) else value for value in values
    )


def _account(*row: Any) -> Account:
    return attrs.evolve(Account(*row), secret=Secret(row[7]), role=Role(row[8]))


def _result(*row: Any) -> Result:
    game, account, side, role, won, *rest = row
    return Result(game, account, side, role, bool(won), *rest)


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))


def _batches(rows: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(rows), _SOME):
        yield rows[start : start + _SOME]
