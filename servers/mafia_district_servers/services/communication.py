"""The communication service: the rooms of a game, what was said there, and saying something."""

from typing import Any, Final

import attrs
import msgspec

from mafia_district.chat import MessageSaid, Say, rooms
from mafia_district.ids import Cursor
from mafia_district.machine import Code, Event, Refused
from mafia_district_servers.games import gate
from mafia_district_servers.http.routes import Acted, Call, Nothing, Reply, Route, act
from mafia_district_servers.http.shown import Happened, enter, happenings, placed


@attrs.frozen
class Channel:
    """A room by its name, and whether the caller may speak in it now."""

    channel: str
    speak: bool


@attrs.frozen
class Channels:
    """The rooms, and the caller's place in the stream."""

    epoch: str
    cursor: Cursor
    channels: list[Channel]


@attrs.frozen
class Messages:
    """What the caller heard in a room, in order."""

    epoch: str
    cursor: Cursor
    events: list[Happened]


@attrs.frozen
class Text:
    """What to say."""

    text: str


async def channels(call: Call[Nothing, Nothing]) -> Reply:
    """List the rooms."""
    warm = await enter(call)
    viewer = gate.eyes(warm, call.session.caller)
    speaks = warm.game.choices(viewer).rooms
    rows = [Channel(room, room in speaks) for room in rooms(warm.game.rules)]
    return placed(warm, viewer, channels=msgspec.json.encode(rows))


async def messages(call: Call[Nothing, Nothing]) -> Reply:
    """Tell what the caller heard in a room."""
    warm = await enter(call)
    room = call.path["channel"]
    known = rooms(warm.game.rules)
    if room not in known:
        raise Refused(Code.NO_SUCH_ROOM, f"the rooms are {', '.join(known)}")
    viewer = gate.eyes(warm, call.session.caller)
    heard = [sight for sight in warm.game.entries(viewer) if _said_in(sight.event, room)]
    return placed(warm, viewer, events=happenings(heard))


def _said_in(event: Event, room: str) -> bool:
    return isinstance(event, MessageSaid) and event.room == room


async def say(call: Call[Text, Nothing]) -> Reply:
    """Say something."""
    return await act(call, lambda seat: Say(seat, call.path["channel"], call.body.text))


def _route(method: str, name: str, handler: Any, summary: str, **types: Any) -> Route:
    return Route(method, f"/api/communication/{{game}}/{name}", handler, summary, **types)


_MESSAGES: Final = "channels/{channel}/messages"

ROUTES: Final = (
    _route("GET", "channels", channels, "The rooms", response=Channels),
    _route("GET", _MESSAGES, messages, "What one heard in a room", response=Messages),
    _route("POST", _MESSAGES, say, "Say something", request=Text, response=Acted),
)
