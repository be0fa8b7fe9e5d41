"""What a viewer is shown, and the place in the viewer's stream that it stands for.

Every answer about a game bears `epoch` and `cursor`, so that a client may go on from it with the
events that follow. Both belong to the viewer: the game's own version is nobody's business.
"""

from collections.abc import Iterable
from typing import Any

import attrs
import msgspec

from mafia_district import wire
from mafia_district.ids import NOBODY, Cursor, Instant, Viewer
from mafia_district.machine import Code, Event, Refused, Sight
from mafia_district.town_view import TownView
from mafia_district_servers.games import gate
from mafia_district_servers.games.authority import NotSeated, Warm
from mafia_district_servers.http.routes import Call, Cursors, EventJson, Reply
from mafia_district_servers.problems import Fault, Problem

_PAGE = 1000  # events in one answer


@attrs.frozen
class Happened:
    """An event and when it took place (milliseconds since the epoch)."""

    at: Instant
    event: EventJson


@attrs.frozen
class Page:
    """Events in order; `cursor` is the place after the last of them, `more` says there is more."""

    epoch: str
    cursor: Cursor
    more: bool
    events: list[Happened]


async def enter(call: Call[Any, Any]) -> Warm:
    """Read the game in the path, if the caller may know of it."""
    if call.warm is not None:
        return call.warm
    return await gate.enter(call.house.authority, call.session.caller, call.game, call.join_code)


async def take_seat(call: Call[Any, Any]) -> tuple[Warm, Viewer]:
    """Read the game in the path as one who sits in it; raises NotSeated."""
    warm = await enter(call)
    seat = warm.seats.get(call.session.caller.account)
    if seat is None:
        raise NotSeated(call.game)
    return warm, seat


def placed(warm: Warm, viewer: Viewer, **parts: bytes) -> Reply:
    """Answer with parts that are JSON already, beside the viewer's place."""
    body = b"".join(b',"%b":%b' % (name.encode(), part) for name, part in parts.items())
    epoch = msgspec.json.encode(warm.epoch_of(viewer))
    return Reply(b'{"epoch":%b,"cursor":%d%b}' % (epoch, warm.game.cursor(viewer), body))


def page(warm: Warm, viewer: Viewer, query: Cursors) -> Reply:
    """Answer with the events after a cursor; raises an `epoch_changed` problem."""
    end = warm.game.cursor(viewer)
    epoch = warm.epoch_of(viewer)
    if query.epoch not in ("", epoch) or query.after > end:
        raise Problem(Fault.EPOCH_CHANGED, "that is no place in this stream: begin with the view")
    sights = warm.game.entries(viewer, after=query.after)
    kept = sights[:_PAGE]
    cursor = kept[-1].cursor if kept else end
    return Reply(
        b'{"epoch":%b,"cursor":%d,"more":%b,"events":%b}'
        % (
            msgspec.json.encode(epoch),
            cursor,
            b"true" if len(kept) < len(sights) else b"false",
            happenings(kept),
        )
    )


def happenings(sights: Iterable[Sight]) -> bytes:
    """Write sights as JSON, each with its instant."""
    told = (b'{"at":%d,"event":%b}' % (at, wire.event_bytes(event)) for _, at, event in sights)
    return b"[%b]" % b",".join(told)


async def enter_town(call: Call[Any, Any]) -> tuple[Warm, Viewer, TownView]:
    """Read the town of the game in the path with the caller's eyes; raises Refused without one."""
    warm = await enter(call)
    viewer = gate.eyes(warm, call.session.caller)
    return warm, viewer, _town(warm, viewer)


async def live_in_town(call: Call[Any, Any]) -> tuple[Warm, Viewer, TownView]:
    """Read it as one who has a seat there; raises NotSeated besides."""
    warm, seat = await take_seat(call)
    return warm, seat, _town(warm, seat)


def own(warm: Warm, seat: Viewer, *kinds: type[Event]) -> bytes:
    """Write a seat's own events of some kinds as JSON, in order."""
    sights = warm.game.entries(seat)
    return happenings(
        sight
        for sight in sights
        if isinstance(sight.event, kinds) and getattr(sight.event, "seat", NOBODY) == seat
    )


def _town(warm: Warm, viewer: Viewer) -> TownView:
    town = warm.game.view(viewer).town
    if town is None:
        raise Refused(Code.NO_TOWN, "this game is played without a town")
    return town
