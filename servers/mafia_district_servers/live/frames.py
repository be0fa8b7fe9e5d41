"""The frames of `mafia.v1`, server to client, as finished bytes of the WebSocket protocol.

An event's frame carries no number and nothing of its receiver, so that one encoding serves everyone
in its audience, and the same bytes are written to every socket; the client counts.
"""

from typing import Final

import msgspec

from mafia_district import wire
from mafia_district.game import Game
from mafia_district.ids import Cursor, Instant, PlayerId, Viewer
from mafia_district.machine import Event
from mafia_district_servers.problems import AnyCode

PROTOCOL: Final = "mafia.v1"  # the WebSocket subprotocol

_encode = msgspec.json.encode
_KEPT: Final = 512  # frames of a game that are kept for those who are about to be sent them


def _text(payload: bytes) -> bytes:
    """Frame a text as a server sends it: whole, unmasked and uncompressed (RFC 6455, 5.2)."""
    size = len(payload)
    if size < 126:
        return bytes((0x81, size)) + payload
    if size < 1 << 16:
        return b"\x81\x7e" + size.to_bytes(2, "big") + payload
    return b"\x81\x7f" + size.to_bytes(8, "big") + payload


def snapshot(game: Game, epoch: str, viewer: Viewer, now: Instant) -> bytes:
    """Tell all that a viewer may know now, and the place in the stream that it stands for."""
    return _text(
        b'{"type":"snapshot","epoch":%b,"cursor":%d,"now":%d,"view":%b,"choices":%b}'
        % (
            _encode(epoch),
            game.cursor(viewer),
            now,
            wire.view_bytes(game.view(viewer)),
            choices_of(game, viewer),
        )
    )


def choices_of(game: Game, viewer: Viewer) -> bytes:
    """Write what is open to a viewer, as JSON; a spectator has no choices."""
    return wire.choices_bytes(game.choices(viewer)) if viewer >= 0 else b"null"


def choices(open_now: bytes) -> bytes:
    """Tell a seat that its choices have become these."""
    return _text(b'{"type":"choices","choices":%b}' % open_now)


def event(happened: Event) -> bytes:
    """Tell an event."""
    return _text(b'{"type":"event","event":%b}' % wire.event_bytes(happened))


def at(epoch: str, cursor: Cursor, now: Instant) -> bytes:
    """Tell the receiver's place in the stream."""
    place = b'{"type":"at","epoch":%b,"cursor":%d,"now":%d}' % (_encode(epoch), cursor, now)
    return _text(place)


def presence(seat: PlayerId, online: bool) -> bytes:
    """Tell that a player has come or gone; a remark, not an event."""
    return _text(_encode({"type": "presence", "seat": seat, "online": online}))


def ack(command_id: str) -> bytes:
    """Tell that a command is recorded."""
    return _text(_encode({"type": "ack", "id": command_id}))


def refused(command_id: str, code: AnyCode, detail: str) -> bytes:
    """Tell that a command has changed nothing."""
    told = {"type": "refused", "id": command_id, "code": code.value, "detail": detail}
    return _text(_encode(told))


class Frames:
    """Encodes each event once, however many sockets are sent it.

    The key is the event object itself: equal events of two types of number, such as 1 and true,
    must not share a frame. The event is kept with its frame, so that its identity stays taken.
    """

    def __init__(self) -> None:
        self._kept: dict[int, tuple[Event, bytes]] = {}

    def of(self, happened: Event) -> bytes:
        """Give the frame of an event."""
        known = self._kept.get(id(happened))
        if known is not None:
            return known[1]
        frame = event(happened)
        if len(self._kept) >= _KEPT:
            self._kept.clear()
        self._kept[id(happened)] = happened, frame
        return frame
