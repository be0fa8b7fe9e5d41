"""Registered people who are forgotten with their process: for tests."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

import attrs

from mafia_district.ids import Instant
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


class MemoryAccounts:
    """Fills the port with plain dictionaries."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}
        self._devices: dict[tuple[bytes, str], Instant] = {}
        self._sanctions: dict[tuple[str, Sentence], Sanction] = {}
        self._reports: dict[tuple[str, str], Report] = {}
        self._audits: dict[tuple[str, str], Audit] = {}
        self._settled: set[str] = set()
        self._results: list[Result] = []
        self._looks: dict[str, dict[str, int]] = {}

    async def add(self, account: Account, device: Device | None, *, alone: bool) -> Added:
        """Store a new account; `alone` refuses a device that another account was seen on."""
        if device is not None:
            self._sweep(device)
            if alone and any(digest == device.digest for digest, _ in self._devices):
                return Added.KNOWN_DEVICE
        for other in self._accounts.values():
            mails = account.email_folded, other.email_folded
            if other.folded == account.folded or (mails[0] is not None and mails[0] == mails[1]):
                return Added.TAKEN
        self._accounts[account.id] = account
        if device is not None:
            self._devices[device.digest, account.id] = account.created_at
        return Added.ADDED

    async def find(self, account: str) -> Account | None:
        """Look an account up by its id."""
        return self._accounts.get(account)

    async def named(self, folded: str) -> Account | None:
        """Look an account up by its folded name."""
        return next((row for row in self._accounts.values() if row.folded == folded), None)

    async def several(self, ids: Collection[str], folded: Collection[str]) -> list[Account]:
        """Look up several accounts, by their ids or their folded names, in the order of names."""
        return [row for row in self._sorted() if row.id in ids or row.folded in folded]

    async def page(self, after: str, limit: int) -> list[Account]:
        """List accounts in the order of their folded names, those behind one."""
        return [row for row in self._sorted() if row.folded > after][:limit]

    async def change(
        self, account: str, display: str, email: str | None, email_folded: str | None
    ) -> bool:
        """Change what an owner may change; False if the e-mail is taken."""
        mails = {row.email_folded for row in self._accounts.values() if row.id != account}
        if account not in self._accounts or (email_folded is not None and email_folded in mails):
            return False
        self._change(account, display=display, email=email, email_folded=email_folded)
        return True

    async def set_password(self, account: str, old: str, new: str, secret: Secret) -> bool:
        """Put another hash in the place of one; False if it is not that one any more."""
        row = self._accounts.get(account)
        if row is None or row.password != old:
            return False
        self._change(account, password=new, secret=secret)
        return True

    async def use_once(self, account: str, password: str) -> bool:
        """Use a password that is good for one login; False if it is used already."""
        row = self._accounts.get(account)
        if row is None or (row.password, row.secret) != (password, Secret.ONCE):
            return False
        self._change(account, secret=Secret.USED)
        return True

    async def forget(self, account: str) -> None:
        """Erase an account and all that is known of its owner."""
        self._accounts.pop(account, None)
        self._looks.pop(account, None)
        self._devices = {key: at for key, at in self._devices.items() if key[1] != account}
        self._sanctions = {key: row for key, row in self._sanctions.items() if key[0] != account}
        self._results = [row for row in self._results if row.account != account]
        self._reports = {
            key: row
            for key, row in self._reports.items()
            if account not in (row.account, row.reporter)
        }

    async def saw(self, account: str, device: Device, at: Instant) -> None:
        """Keep that an account was seen on a device; forget what is older than `since`."""
        self._sweep(device)
        key = device.digest, account
        self._devices[key] = max(at, self._devices.get(key, at))

    async def reset(self, account: str, password: str, audit: Audit) -> Acted:
        """Give an account a password that is good for one login."""
        return self._act(
            audit, lambda: self._change(account, password=password, secret=Secret.ONCE)
        )

    async def appoint(self, account: str, role: Role, audit: Audit) -> Acted:
        """Give an account another role."""
        return self._act(audit, lambda: self._change(account, role=role))

    async def sanction(self, sanction: Sanction, audit: Audit) -> Acted:
        """Ban or mute an account, or a guest; the last word counts."""

        def change() -> bool:
            self._sanctions[sanction.account, sanction.kind] = sanction
            return True

        return self._act(audit, change)

    async def lift(self, account: str, kind: Sentence, audit: Audit) -> Acted:
        """Take a ban or a mute back."""

        def change() -> bool:
            self._sanctions.pop((account, kind), None)
            return True

        return self._act(audit, change)

    async def note(self, audit: Audit) -> Acted:
        """Keep that an admin did something that has no other place here."""
        return self._act(audit, lambda: True)

    async def sanctions(self, accounts: Collection[str], now: Instant) -> list[Sanction]:
        """List the bans and mutes of these that are in force."""
        found = [row for row in self._in_force(now) if row.account in accounts]
        return sorted(found, key=lambda row: (row.account, row.kind.value))

    async def muted(self, now: Instant) -> list[str]:
        """List all who may not speak now."""
        return sorted(row.account for row in self._in_force(now) if row.kind is Sentence.MUTE)

    async def report(self, report: Report) -> None:
        """Keep a report; a repeat is kept once."""
        self._reports.setdefault((report.reporter, report.key), report)

    async def reports(self, limit: int) -> list[Report]:
        """List the latest reports, the newest first."""
        return [*reversed(self._reports.values())][:limit]

    async def audits(self, limit: int) -> list[Audit]:
        """List the latest actions of admins, the newest first."""
        return [*reversed(self._audits.values())][:limit]

    async def settle(self, game: str, results: Collection[Result]) -> None:
        """Keep what a game came to for those of its people that are registered, once."""
        if game not in self._settled:
            self._settled.add(game)
            self._results += [row for row in results if row.account in self._accounts]

    async def unsettled(self, games: Iterable[str]) -> list[str]:
        """List those of these games whose results are not kept."""
        return [game for game in games if game not in self._settled]

    async def results(self, account: str) -> list[Result]:
        """List an account's results, in the order of time."""
        found = [row for row in self._results if row.account == account]
        return sorted(found, key=lambda row: (row.at, row.game))

    async def leaders(self, limit: int) -> list[Leader]:
        """List the accounts that have earned most, the first first."""
        rows = []
        for account in self._sorted():
            played = await self.results(account.id)
            earned, wins = sum(row.reputation for row in played), sum(row.won for row in played)
            if played:
                rows.append(
                    Leader(account.id, account.name, account.display, earned, len(played), wins)
                )
        return sorted(rows, key=lambda row: (-row.reputation, -row.wins))[:limit]

    async def wardrobe(self, account: str) -> Wardrobe:
        """Tell what an account owns, has earned and has spent."""
        owned = self._looks.get(account, {})
        earned = sum(row.reputation for row in self._results if row.account == account)
        return Wardrobe(tuple(owned), earned, sum(owned.values()))

    async def buy(self, account: str, asset: str, price: int, at: Instant) -> bool:
        """Buy a look; one that is owned costs nothing more. False if it cannot be paid."""
        wardrobe = await self.wardrobe(account)
        if asset in wardrobe.assets:
            return True
        if wardrobe.earned - wardrobe.spent < price:
            return False
        self._looks.setdefault(account, {})[asset] = price
        return True

    def _sorted(self) -> list[Account]:
        return sorted(self._accounts.values(), key=lambda row: row.folded)

    def _in_force(self, now: Instant) -> list[Sanction]:
        rows = self._sanctions.values()
        return [row for row in rows if row.until is None or row.until > now]

    def _sweep(self, device: Device) -> None:
        kept = self._devices.items()
        self._devices = {key: at for key, at in kept if at >= device.since}

    def _change(self, account: str, **changes: Any) -> bool:
        row = self._accounts.get(account)
        if row is not None:
            self._accounts[account] = attrs.evolve(row, **changes)
        return row is not None

    def _act(self, audit: Audit, change: Callable[[], bool]) -> Acted:
        """Do something and write it down, once."""
        known = self._audits.get((audit.who, audit.key))
        if known is not None:
            return Acted.REPEATED if known.body_hash == audit.body_hash else Acted.KEY_REUSED
        if not change():
            return Acted.NO_ACCOUNT
        self._audits[audit.who, audit.key] = audit
        return Acted.DONE
