"""The description of the WebSockets, `/asyncapi.json`, made from the tables and classes that run.

AsyncAPI 3.0. A channel is a socket's address; what may be received and sent there is the same for
all of them, the frames of `mafia.v1`. Each is an attrs class here, so that its schema is made as
those of the HTTP interface are; a test holds live traffic against it.
"""

from collections.abc import Iterable, Mapping
from inspect import getdoc
from typing import Any, Final, Literal

import attrs
import msgspec

from mafia_district import wire
from mafia_district.ids import Cursor, Instant, PlayerId
from mafia_district.version import __version__
from mafia_district_servers.http.openapi import any_of, in_path
from mafia_district_servers.http.routes import EventJson, SocketRoute
from mafia_district_servers.live.closing import Close
from mafia_district_servers.live.frames import PROTOCOL

_REFS: Final = "#/components/schemas/{name}"
_CommandJson = {"$ref": _REFS.format(name="Command")}


@attrs.frozen
class SnapshotFrame:
    """All that the viewer may know now, and its place in the viewer's stream; the first frame."""

    type: Literal["snapshot"]
    epoch: str
    cursor: Cursor
    now: Instant
    view: dict[str, Any]
    choices: dict[str, Any] | None


@attrs.frozen
class EventFrame:
    """An event that the viewer may know; it adds exactly one to the cursor."""

    type: Literal["event"]
    event: EventJson


@attrs.frozen
class ChoicesFrame:
    """What the viewer may do has become this."""

    type: Literal["choices"]
    choices: dict[str, Any]


@attrs.frozen
class AtFrame:
    """The viewer's place, now and then, and before what a `resume` asked for."""

    type: Literal["at"]
    epoch: str
    cursor: Cursor
    now: Instant


@attrs.frozen
class PresenceFrame:
    """A player has come or gone; not an event."""

    type: Literal["presence"]
    seat: PlayerId
    online: bool


@attrs.frozen
class AckFrame:
    """A command of this id is recorded, and what it brought about was sent before."""

    type: Literal["ack"]
    id: str


@attrs.frozen
class RefusedFrame:
    """A command of this id has changed nothing."""

    type: Literal["refused"]
    id: str
    code: str
    detail: str


@attrs.frozen
class ResumeFrame:
    """Send all that comes after this place."""

    type: Literal["resume"]
    epoch: str
    cursor: Cursor


@attrs.frozen
class CommandFrame:
    """Do this; the id makes a repeat harmless."""

    type: Literal["command"]
    id: str
    command: dict[str, Any]


SENT: Final[tuple[type[Any], ...]] = (
    SnapshotFrame, EventFrame, ChoicesFrame, AtFrame, PresenceFrame, AckFrame, RefusedFrame,
)  # fmt: skip
RECEIVED: Final[tuple[type[Any], ...]] = (ResumeFrame, CommandFrame)


def document(sockets: Iterable[SocketRoute]) -> bytes:
    """Write the description of these sockets as JSON."""
    channels = {_name(socket): _channel(socket) for socket in sockets}
    return msgspec.json.encode(
        {
            "asyncapi": "3.0.0",
            "info": {"title": "Mafia District", "version": __version__, "description": _codes()},
            "channels": channels,
            "operations": dict(_operations(channels)),
            "components": {
                "messages": {kind.__name__: _message(kind) for kind in (*SENT, *RECEIVED)},
                "schemas": schemas(),
            },
        }
    )


def schemas() -> dict[str, Any]:
    """Make the schemas of all frames, and of the commands and events in them."""
    kinds = [*wire.COMMANDS.values(), *wire.EVENTS.values(), *SENT, *RECEIVED]
    made, components = msgspec.json.schema_components(kinds, ref_template=_REFS)
    by_kind = dict(zip(kinds, made, strict=True))
    components["Command"] = any_of(wire.COMMANDS, by_kind, components)
    components["Event"] = any_of(wire.EVENTS, by_kind, components)
    components[CommandFrame.__name__]["properties"]["command"] = _CommandJson
    return components


def _channel(socket: SocketRoute) -> dict[str, Any]:
    names = [kind.__name__ for kind in (*SENT, *RECEIVED)]
    return {
        "address": socket.path,
        "summary": socket.summary,
        "parameters": {row["name"]: {} for row in in_path(socket.path)},
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {"ws": {"method": "GET"}},
    }


def _operations(channels: Mapping[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    for name in channels:
        yield f"{name}.send", _operation(name, "send", SENT)
        yield f"{name}.receive", _operation(name, "receive", RECEIVED)


def _operation(channel: str, action: str, kinds: Iterable[type]) -> dict[str, Any]:
    place = f"#/channels/{channel}"
    messages = [{"$ref": f"{place}/messages/{kind.__name__}"} for kind in kinds]
    return {"action": action, "channel": {"$ref": place}, "messages": messages}


def _message(kind: type) -> dict[str, Any]:
    return {
        "summary": getdoc(kind),
        "contentType": "application/json",
        "payload": {"$ref": _REFS.format(name=kind.__name__)},
    }


def _name(socket: SocketRoute) -> str:
    return socket.path.strip("/").replace("/", "_").translate({ord("{"): None, ord("}"): None})


def _codes() -> str:
    codes = ", ".join(f"{code.value} {code.name.lower().replace('_', ' ')}" for code in Close)
    return f"The subprotocol {PROTOCOL}: JSON text frames. Close codes: {codes}."
