"""The town service: the places, who is in one's own, and walking."""

from typing import Any, Final

import attrs
import msgspec

from mafia_district.catalogue.records import Place
from mafia_district.ids import Cursor, PlaceId, PlayerId, members
from mafia_district.town import Move, TraceFound, Walked
from mafia_district_servers.http.routes import Acted, Call, Nothing, Reply, Route, act
from mafia_district_servers.http.shown import Happened, enter_town, live_in_town, own, placed


@attrs.frozen
class Locations:
    """The map: all places, and what the caller knows of who is where.

    `place` is where the caller is and `here` who is there, the caller included, both empty for who
    stands nowhere; `traces` are those that killers left.
    """

    epoch: str
    cursor: Cursor
    locations: tuple[Place, ...]
    place: PlaceId
    here: list[PlayerId]
    moves_left: int
    traces: list[TraceFound]


@attrs.frozen
class Walk:
    """Where to walk."""

    place: PlaceId


@attrs.frozen
class Moves:
    """The caller's own moves, in order."""

    epoch: str
    cursor: Cursor
    events: list[Happened]


async def locations(call: Call[Nothing, Nothing]) -> Reply:
    """Show the map."""
    warm, viewer, town = await enter_town(call)
    encode = msgspec.json.encode
    return placed(
        warm, viewer, locations=encode(warm.game.rules.catalogue.places),
        place=encode(town.place), here=encode(members(town.here)),
        moves_left=encode(town.moves_left), traces=encode(town.traces),
    )  # fmt: skip


async def walk(call: Call[Walk, Nothing]) -> Reply:
    """Walk to another place."""
    return await act(call, lambda seat: Move(seat, call.body.place))


async def moves(call: Call[Nothing, Nothing]) -> Reply:
    """Tell where one has walked."""
    warm, seat, _ = await live_in_town(call)
    return placed(warm, seat, events=own(warm, seat, Walked))


def _route(method: str, name: str, handler: Any, summary: str, **types: Any) -> Route:
    return Route(method, f"/api/town/{{game}}/{name}", handler, summary, **types)


ROUTES: Final = (
    _route("GET", "locations", locations, "The map, and who is here", response=Locations),
    _route("GET", "moves", moves, "Where one has walked", response=Moves),
    _route("POST", "moves", walk, "Walk", request=Walk, response=Acted),
)
