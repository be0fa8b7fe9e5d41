"""Sessions that are forgotten with their process: for tests."""

import attrs

from mafia_district.ids import Instant
from mafia_district_servers.ports import Refresh, Rotated, SessionRow


@attrs.define
class _Token:
    session: str
    until: Instant
    used_at: Instant | None = None


class MemorySessions:
    """Fills the port with plain dictionaries."""

    def __init__(self) -> None:
        self._sessions: dict[str, SessionRow] = {}
        self._tokens: dict[bytes, _Token] = {}
        self._ended: dict[str, Instant] = {}
        self._spent: dict[str, Instant] = {}

    async def begin(self, session: SessionRow, refresh: Refresh, now: Instant) -> None:
        """Store a new session with its first refresh token."""
        self._sessions.setdefault(session.id, session)
        self._tokens.setdefault(refresh.digest, _Token(session.id, refresh.until))

    async def rotate(self, digest: bytes, successor: Refresh, now: Instant) -> Rotated | None:
        """Use a refresh token, once, and store the one that takes its place."""
        token = self._tokens.get(digest)
        if token is None or token.until <= now:
            return None
        session = attrs.evolve(self._sessions[token.session], until=successor.until)
        used_at = token.used_at
        if used_at is None:
            token.used_at = now
            self._sessions[session.id] = session
            self._tokens.setdefault(successor.digest, _Token(session.id, successor.until))
        return Rotated(session, used_at)

    async def end(self, session: str, *, now: Instant, until: Instant) -> None:
        """End a session."""
        self._ended.setdefault(session, now)

    async def end_all(
        self, account: str, *, now: Instant, until: Instant, but: str = ""
    ) -> list[str]:
        """End all sessions of an account, but for one if it is named; gives their ids."""
        rows = [row for row in self._sessions.values() if row.account == account]
        found = [row.id for row in rows if row.until > now and row.id != but]
        for session in found:
            self._ended.setdefault(session, now)
        return found

    async def ended(self, since: Instant) -> list[str]:
        """List the sessions that were ended at an instant or later."""
        return [session for session, at in self._ended.items() if at >= since]

    async def is_ended(self, session: str) -> bool:
        """Tell whether a session was ended."""
        return session in self._ended

    async def spend(self, ticket: str, *, now: Instant, until: Instant) -> bool:
        """Spend a ticket; False if it was spent before."""
        if self._spent.get(ticket, now) > now:
            return False
        self._spent[ticket] = until
        return True
