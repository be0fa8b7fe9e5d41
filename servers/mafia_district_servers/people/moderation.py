"""Moderation: what players report, and what admins do about it.

A ban ends all sessions at once, sockets included; a muted person may play and not speak. Every
process looks each second at who is muted, as it does at ended sessions, and trusts that look for
five seconds at most. Every action of an admin leaves a row that nobody can take back.
"""

import asyncio
import logging
from collections.abc import Collection
from typing import Final

from mafia_district.ids import Instant
from mafia_district_servers.caller import Caller, Role
from mafia_district_servers.games.desk import Key
from mafia_district_servers.identity.sessions import LOOK_MS, TRUST_MS, Sessions
from mafia_district_servers.logs import REQUEST_ID
from mafia_district_servers.ports import (
    Account,
    Accounts,
    Acted,
    Audit,
    Bus,
    Clock,
    Report,
    Sanction,
    Sentence,
    StoreUnavailable,
)
from mafia_district_servers.problems import Fault, Problem

TOPIC: Final = "mute"  # of the bus: somebody whose mutes have changed
_RANK: Final = (Role.PLAYER, Role.HOST, Role.ADMIN)
LONGEST: Final = 500  # characters of a reason

_log = logging.getLogger(__name__)


class Moderation:
    """Reports, bans and mutes."""

    def __init__(
        self, accounts: Accounts, sessions: Sessions, clock: Clock, bus: Bus | None = None
    ) -> None:
        self._accounts = accounts
        self._bus = bus
        self._sessions = sessions
        self._clock = clock
        self._muted: frozenset[str] = frozenset()
        self._looked: Instant | None = None
        self._looking = asyncio.Lock()

    async def may_speak(self, account: str) -> bool:
        """Tell whether somebody is not muted; raises StoreUnavailable."""
        if not self._is_fresh():
            await self._look()
        return account not in self._muted

    async def refuse_banned(self, account: str) -> None:
        """Raise a `banned` problem, with until when and why, if that is so."""
        for row in await self._accounts.sanctions([account], self._clock.now()):
            if row.kind is Sentence.BAN:
                raise Problem(
                    Fault.BANNED, "this account is banned",
                    more={"until": row.until, "reason": row.reason},
                )  # fmt: skip

    async def in_force(self, accounts: Collection[str]) -> list[Sanction]:
        """List the bans and mutes of these that are in force."""
        return await self._accounts.sanctions(accounts, self._clock.now())

    async def sentence(
        self, admin: Caller, account: str, kind: Sentence, until: Instant | None, reason: str,
        key: Key,
    ) -> None:  # fmt: skip
        """Ban or mute somebody, at once; raises a `key_reused` problem."""
        now, why = self._clock.now(), checked(reason)
        row = Sanction(account, kind, until, why, admin.account, now)
        until_told = "for good" if until is None else f"until {until}"
        detail = f"{until_told}: {why}"
        require(
            await self._accounts.sanction(row, self.audit(admin, kind.value, account, detail, key))
        )
        await self._take_effect(account, kind)

    async def lift(self, admin: Caller, account: str, kind: Sentence, key: Key) -> None:
        """Take a ban or a mute back; raises a `key_reused` problem."""
        audit = self.audit(admin, f"un{kind.value}", account, "", key)
        require(await self._accounts.lift(account, kind, audit))
        if kind is Sentence.MUTE:
            await self._spread(account)

    def hear(self, account: str) -> None:
        """Hear that somebody was muted in another process, or is so no more: look again."""
        self._looked = None

    async def appoint(self, admin: Caller, account: Account, role: Role, key: Key) -> None:
        """Give an account another role; one that is less than before ends all its sessions."""
        is_less = _RANK.index(role) < _RANK.index(account.role)
        audit = self.audit(admin, "appoint", account.id, role.value, key)
        require(await self._accounts.appoint(account.id, role, audit))
        if is_less:
            await self._sessions.end_all(account.id)

    async def report(
        self, reporter: Caller, account: str, game: str, reason: str, key: Key
    ) -> None:
        """Keep what a player has to say about another."""
        report = Report(reporter.account, account, game, checked(reason), self._clock.now(), key.id)
        await self._accounts.report(report)

    async def reports(self, limit: int) -> list[Report]:
        """List the latest reports."""
        return await self._accounts.reports(limit)

    async def audits(self, limit: int) -> list[Audit]:
        """List the latest actions of admins."""
        return await self._accounts.audits(limit)

    async def note(self, admin: Caller, what: str, key: Key) -> None:
        """Keep that an admin did something about nobody in particular."""
        require(await self._accounts.note(self.audit(admin, what, "", "", key)))

    def audit(self, admin: Caller, what: str, whom: str, detail: str, key: Key) -> Audit:
        """Write down what an admin does in this request."""
        return Audit(
            admin.account, what, whom, detail, self._clock.now(), REQUEST_ID.get(), key.id,
            key.body_hash,
        )  # fmt: skip

    async def run(self) -> None:
        """Look for mutes until cancelled."""
        while True:
            try:
                await self._look()
            except StoreUnavailable as error:
                _log.warning("cannot look for mutes: %s", error)
            await self._clock.sleep_until(self._clock.now() + LOOK_MS)

    async def _take_effect(self, account: str, kind: Sentence) -> None:
        if kind is Sentence.BAN:
            await self._sessions.end_all(account)
        else:
            await self._spread(account)

    async def _spread(self, account: str) -> None:
        await self._look()
        if self._bus is not None:
            self._bus.send(TOPIC, account)

    def _is_fresh(self) -> bool:
        return self._looked is not None and self._clock.now() - self._looked <= TRUST_MS

    async def _look(self) -> None:
        async with self._looking:
            now = self._clock.now()
            self._muted = frozenset(await self._accounts.muted(now))
            self._looked = now


def require(acted: Acted) -> None:
    """Raise the problem of an action that was not done."""
    if acted is Acted.KEY_REUSED:
        raise Problem(Fault.KEY_REUSED, "this idempotency key was used for something else")
    if acted is Acted.NO_ACCOUNT:
        raise no_such_user()


def no_such_user() -> Problem:
    """Make the problem of an account that is not there."""
    return Problem(Fault.NO_SUCH_USER, "there is no such account")


def checked(reason: str) -> str:
    """Check a reason; raises a `bad_request` problem for one too long or not to be shown."""
    trimmed = reason.strip()
    if len(trimmed) > LONGEST or not trimmed.replace("\n", " ").isprintable():
        raise Problem(Fault.BAD_REQUEST, f"a reason has at most {LONGEST} printable characters")
    return trimmed
