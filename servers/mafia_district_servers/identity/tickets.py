"""Tickets: how a browser, which cannot send headers there, opens a WebSocket.

A ticket is a token for one socket: bound to the caller, the game and the seat, good for 30 seconds
and once. It travels as a second subprotocol and never in a URL, which others may log.
"""

from mafia_district.ids import Viewer
from mafia_district_servers.identity.tokens import LIFETIME, Kind, Session, Tokens
from mafia_district_servers.ports import Cache
from mafia_district_servers.problems import Fault, Problem


class Tickets:
    """Issues and redeems tickets; the cache keeps which are spent."""

    def __init__(self, tokens: Tokens, cache: Cache) -> None:
        self._tokens = tokens
        self._cache = cache

    def issue(self, session: Session, game: str, viewer: Viewer) -> str:
        """Make a ticket to watch a game as one seat, or as a spectator."""
        return self._tokens.issue(
            Kind.TICKET,
            session.caller,
            session.id,
            game=game,
            viewer=viewer,
            until=session.expires,
        )

    async def redeem(self, ticket: str, game: str, viewer: Viewer) -> Session:
        """Spend a ticket; give the session it stands for, which ends when the token would have.

        Raises an `unauthorized` problem for a ticket that is spent, late or for another socket.
        """
        session = await self._tokens.verify(ticket, Kind.TICKET)
        claims = session.claims
        if (claims["game"], claims["viewer"]) != (game, viewer):
            raise Problem(Fault.UNAUTHORIZED, "the ticket is for another socket")
        spent = f"ticket:{session.token_id}"
        if not await self._cache.add(spent, b"", LIFETIME[Kind.TICKET] * 1000):
            raise Problem(Fault.UNAUTHORIZED, "the ticket has been used")
        return Session(session.caller, session.id, claims["until"], session.token_id, claims)
