"""Tickets: how a browser, which cannot send headers there, opens a WebSocket.

A ticket is a token for one socket: bound to the caller, the game and the seat, good for 30 seconds
and once. It travels as a second subprotocol and never in a URL, which others may log. It holds the
join code that its caller knew, for that is what opens a private game.
"""

from typing import Final

import attrs

from mafia_district.ids import Viewer
from mafia_district_servers.identity.sessions import Sessions
from mafia_district_servers.identity.tokens import LIFETIME, Kind, Session, Tokens, unauthorized
from mafia_district_servers.ports import Clock, SessionStore

_MS: Final = LIFETIME[Kind.TICKET] * 1000


@attrs.frozen
class Admission:
    """What a ticket admits to: whose socket it is, and the join code that they knew."""

    session: Session
    code: str


class Tickets:
    """Issues and redeems tickets; the store keeps which are spent."""

    def __init__(
        self, tokens: Tokens, sessions: Sessions, store: SessionStore, clock: Clock
    ) -> None:
        self._tokens = tokens
        self._sessions = sessions
        self._store = store
        self._clock = clock

    def issue(self, session: Session, game: str, viewer: Viewer, code: str) -> str:
        """Make a ticket to watch a game as one seat, or as a spectator."""
        return self._tokens.issue(
            Kind.TICKET, session.caller, session.id,
            game=game, viewer=viewer, code=code, until=session.expires,
        )  # fmt: skip

    async def redeem(self, ticket: str, game: str, viewer: Viewer) -> Admission:
        """Spend a ticket; the session it gives ends when the token behind it would have.

        Raises an `unauthorized` problem for a ticket that is spent, late or for another socket.
        """
        session = await self._sessions.verify(ticket, Kind.TICKET)
        claims = session.claims
        if (claims["game"], claims["viewer"]) != (game, viewer):
            raise unauthorized("the ticket is for another socket")
        now = self._clock.now()
        if not await self._store.spend(session.token_id, now=now, until=now + _MS):
            raise unauthorized("the ticket has been used")
        return Admission(attrs.evolve(session, expires=claims["until"]), claims["code"])
