"""Sessions: from a login to a logout, which no token outlives.

A session is begun at the gateway and renewed by refresh tokens: opaque, kept as digests, each good
once. When one is used, its successor is stored in the same transaction. The successor follows from
the token itself and the gateway's secret, so that everybody who used it at the same moment, and
whoever lost the answer and asks again within ten seconds, is given the same one. Later, a used
token is a sign that somebody stole it, and nobody can tell who of the two it was: the session ends,
with all its tokens (RFC 9700, 4.14.2).

A session that was ended is a row in the database, by its id. Every process looks each second at
what was ended of late, and hears of it at once where a bus connects them. To verify a signature
costs more than the rest of a request, so a verified token is remembered for as long as it is good,
and trusted for as long as the last look is no older than five seconds.
"""

import asyncio
import hmac
import logging
from base64 import urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from typing import Final

import attrs

from mafia_district.ids import Instant
from mafia_district_servers.caller import Caller, Role
from mafia_district_servers.identity.tokens import LIFETIME, Kind, Session, Tokens, unauthorized
from mafia_district_servers.ports import (
    Bus,
    Clock,
    Ids,
    Refresh,
    SessionRow,
    SessionStore,
    StoreUnavailable,
)

TOPIC: Final = "session"  # of the bus: one that has ended
REFRESH_MS: Final = 30 * 24 * 3600 * 1000
GRACE_MS: Final = 10_000  # in which a lost answer can be asked for again
TRUST_MS: Final = 5_000  # how old the last look at what was ended may be
LOOK_MS: Final = 1_000  # between two looks
_OVERLAP_MS: Final = 60_000  # how far back a look reaches: clocks differ, and commits take time
_KEPT_MS: Final = LIFETIME[Kind.HOST] * 1000  # until no token of an ended session is good any more
_REMEMBER: Final = 16_384  # verified tokens

_log = logging.getLogger(__name__)


@attrs.frozen
class Login:
    """A session just begun or renewed: its tokens."""

    session: SessionRow
    refresh: str


class Sessions:
    """Begins, renews and ends sessions, and knows which of them live.

    `secret` is where successors of refresh tokens follow from; a process that has none renews
    nothing. `ended` is called with each session that has ended, wherever that was.
    """

    def __init__(
        self,
        tokens: Tokens,
        store: SessionStore,
        clock: Clock,
        ids: Ids,
        secret: bytes = b"",
        bus: Bus | None = None,
    ) -> None:
        self._tokens = tokens
        self._store = store
        self._clock = clock
        self._ids = ids
        self._secret = secret
        self._bus = bus
        self._remembered: OrderedDict[str, Session] = OrderedDict()
        self._ended: dict[str, Instant] = {}  # of late, and when that was noticed
        self._looked = clock.now()
        self._looking = asyncio.Lock()
        self.listeners: list[Callable[[str], None]] = []

    async def begin(self, account: str, name: str, *, guest: bool) -> Login:
        """Begin a session; raises StoreUnavailable and OutcomeUnknown."""
        now = self._clock.now()
        until = now + REFRESH_MS
        row = SessionRow(self._tokens.new_id(), account, name, guest, until)
        refresh = _spell(self._ids.secret(32))
        await self._store.begin(row, Refresh(_digest(refresh), until), now)
        return Login(row, refresh)

    async def renew(self, refresh: str) -> Login:
        """Use a refresh token; gives the session and the token to use from now on.

        Raises an `unauthorized` problem, StoreUnavailable and OutcomeUnknown.
        """
        now = self._clock.now()
        successor = _spell(hmac.digest(self._secret, refresh.encode(errors="replace"), sha256))
        kept = Refresh(_digest(successor), now + REFRESH_MS)
        used = await self._store.rotate(_digest(refresh), kept, now)
        if used is None:
            raise unauthorized("the refresh token is not one of ours, or too old: log in again")
        if used.used_at is not None and now - used.used_at > GRACE_MS:
            await self.end(used.session.id)
        if await self._store.is_ended(used.session.id):
            raise unauthorized("the session was ended: log in again")
        return Login(used.session, successor)

    def host_link(self) -> str:
        """Sign the host's token, which begins a session each time that it is used."""
        host = Caller("host", "Host", Role.ADMIN)
        return self._tokens.issue(Kind.HOST, host, self._tokens.new_id())

    async def access(self, token: str) -> Session:
        """Verify an access token; raises an `unauthorized` problem, or StoreUnavailable."""
        session = self._remembered.get(token)
        if session is not None and self._is_fresh() and session.expires > self._tokens.now():
            return session
        return await self._check(token)

    async def verify(self, token: str, kind: Kind) -> Session:
        """Verify a token of one kind, whose session lives.

        Raises an `unauthorized` problem, or StoreUnavailable.
        """
        session = self._tokens.verify(token, kind)
        if session.id in self._ended or await self._store.is_ended(session.id):
            raise unauthorized("the session was ended: log in again")
        return session

    async def end(self, session: str) -> None:
        """End a session for good; raises StoreUnavailable or OutcomeUnknown."""
        now = self._clock.now()
        await self._store.end(session, now=now, until=now + _KEPT_MS)
        self._spread(session)

    async def end_all(self, account: str, *, but: str = "") -> None:
        """End all sessions of an account but one; raises StoreUnavailable or OutcomeUnknown."""
        now = self._clock.now()
        until = now + _KEPT_MS
        for session in await self._store.end_all(account, now=now, until=until, but=but):
            self._spread(session)

    def _spread(self, session: str) -> None:
        self.hear(session)
        if self._bus is not None:
            self._bus.send(TOPIC, session)

    def hear(self, session: str) -> None:
        """Drop a session that has ended, here or in another process."""
        if session in self._ended:
            return
        self._ended[session] = self._clock.now()
        for token in [token for token, kept in self._remembered.items() if kept.id == session]:
            del self._remembered[token]
        for listener in self.listeners:
            listener(session)

    async def run(self) -> None:
        """Look for ended sessions until cancelled."""
        while True:
            await self._clock.sleep_until(self._clock.now() + LOOK_MS)
            try:
                await self._look(force=True)
            except StoreUnavailable as error:
                _log.warning("cannot look for ended sessions: %s", error)

    async def _check(self, token: str) -> Session:
        remembered = self._remembered.get(token)
        if remembered is None or remembered.expires <= self._tokens.now():
            self._remembered.pop(token, None)
            remembered = await self.verify(token, Kind.ACCESS)
            self._remember(token, remembered)
        await self._look()
        if remembered.id in self._ended:
            self._remembered.pop(token, None)
            raise unauthorized("the session was ended: log in again")
        return remembered

    def _remember(self, token: str, session: Session) -> None:
        self._remembered[token] = session
        if len(self._remembered) > _REMEMBER:
            self._remembered.popitem(last=False)

    def _is_fresh(self) -> bool:
        return self._clock.now() - self._looked <= TRUST_MS

    async def _look(self, *, force: bool = False) -> None:
        """Read what was ended of late, unless that was done within the time of trust."""
        if self._is_fresh() and not force:
            return
        async with self._looking:
            now = self._clock.now()
            for session in await self._store.ended(since=self._looked - _OVERLAP_MS):
                self.hear(session)
            self._looked = now
        self._forget(now - _KEPT_MS)

    def _forget(self, before: Instant) -> None:
        """Drop what nobody has a good token of any more."""
        while self._ended and next(iter(self._ended.values())) <= before:
            del self._ended[next(iter(self._ended))]


def _spell(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _digest(refresh: str) -> bytes:
    return sha256(refresh.encode(errors="replace")).digest()
