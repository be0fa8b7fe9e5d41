"""Routes: a service is a table of them.

A route says what it takes and gives; the one endpoint in `application` reads the token, the query
and the body by it, and `/openapi.json` is generated from it, so that no document is kept by hand. A
handler gets a `Call`, in which everything has been checked, and gives a `Reply` or raises.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Final, Generic, NamedTuple, TypeAlias, TypeVar

import attrs
import msgspec

from mafia_district.ids import Cursor, Viewer
from mafia_district_servers.games import gate
from mafia_district_servers.games.authority import Key, NotSeated, Warm
from mafia_district_servers.games.commands import Make
from mafia_district_servers.house import House
from mafia_district_servers.identity import access
from mafia_district_servers.identity.access import Roles
from mafia_district_servers.identity.tokens import Session

B = TypeVar("B")
Q = TypeVar("Q")

JSON: Final = "application/json"
EventJson: TypeAlias = Annotated[
    dict[str, Any], msgspec.Meta(extra_json_schema={"$ref": "#/components/schemas/Event"})
]


class Reply(NamedTuple):
    """A handler's answer: finished bytes, JSON unless its headers say otherwise.

    One that is not `kept` is made anew for everybody who asks.
    """

    body: bytes
    status: int = 200
    headers: Mapping[str, str] | None = None
    kept: bool = True


@attrs.frozen
class Nothing:
    """The body or the query of a request that takes none."""


@attrs.frozen
class Cursors:
    """A place in a stream: the events after `after`, of this epoch if one is given."""

    after: Annotated[int, msgspec.Meta(ge=0)] = 0
    epoch: str = ""


@attrs.define
class Call(Generic[B, Q]):
    """One checked request: who asks, for which game, with what body and query.

    `session` is there wherever the route asks for a token; `key` is the client's idempotency key,
    or one made for this request alone; `warm` is the game in the path, where it was read already.
    `address` is where the request came from.
    """

    house: House
    caller_session: Session | None
    path: Mapping[str, str]
    body: B
    query: Q
    key: Key
    join_code: str
    address: str = ""
    warm: Warm | None = None

    @property
    def session(self) -> Session:
        """The caller's session."""
        assert self.caller_session is not None, "the route's table asks for no token"
        return self.caller_session

    @property
    def game(self) -> str:
        """The id of the game in the path."""
        return self.path["game"]


Handler: TypeAlias = Callable[[Call[Any, Any]], Awaitable[Reply]]


@attrs.frozen
class Route:
    """One row of a service's table; `request`, `query` and `response` are attrs classes.

    Who may use it is a row of another table, `identity.access`.
    """

    method: str
    path: str
    handler: Handler
    summary: str
    request: type = Nothing
    query: type = Nothing
    response: Any = Nothing
    status: int = 200
    content_type: str = JSON

    @property
    def paged(self) -> bool:
        """Whether what it answers follows from the viewer's place in a game's stream."""
        return self.method == "GET" and "{game}" in self.path and self.content_type == JSON

    @property
    def roles(self) -> Roles:
        """Who may use it; raises LookupError if the table of access does not know it."""
        return access.of(self.method, self.path)


@attrs.frozen
class SocketRoute:
    """A WebSocket's row; `viewer` reads from the path whose eyes it is for."""

    path: str
    viewer: Callable[[Mapping[str, str]], Viewer]
    summary: str


@attrs.frozen
class Acted:
    """The answer to a command: the caller's place in the stream, and what the caller may see."""

    epoch: str
    cursor: Cursor
    events: list[EventJson]


def reply(value: object, status: int = 200) -> Reply:
    """Answer with an object as JSON."""
    return Reply(msgspec.json.encode(value), status)


async def act(call: Call[Any, Any], make: Make) -> Reply:
    """Let the caller's seat do something; a repeat gets the same bytes for an answer.

    Who has no seat learns no more than that, and of a private game not so much.
    """
    authority, caller = call.house.authority, call.session.caller
    try:
        answer = await authority.act(call.game, caller, make, call.key)
    except NotSeated:
        await gate.enter(authority, caller, call.game, call.join_code)
        raise
    return Reply(
        b'{"epoch":%b,"cursor":%d,"events":[%b]}'
        % (msgspec.json.encode(answer.epoch), answer.cursor, b",".join(answer.events))
    )
