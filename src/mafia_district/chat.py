"""Chat: rooms, who may speak in them and who hears.

    room     who hears             who speaks          when
    lobby    everyone              who sits here       before the start and after the end
    town     everyone              the living          by day
    faction  its living members    its living members  by night, or always by a switch
    dead     the dead              the dead            from their death on

A message is heard by those who were in the room when it was accepted; who comes later does not
read back. The room decides the audience, never the request. While the clock is stopped, only the
rooms that everyone hears are open.
"""

from collections.abc import Callable
from typing import Final

import attrs

from mafia_district.ids import EVERYONE, Instant, PlayerId, Seats, has
from mafia_district.machine import Code, Command, Event, Events, Fact, Machine, Refused
from mafia_district.phases import DAY, ENDED, LOBBY, NIGHT, STARTING, require_phase
from mafia_district.roster import require_living, require_seat
from mafia_district.table import Table


@attrs.frozen
class Say(Command):
    """Say something in a room."""

    room: str
    text: str


@attrs.frozen
class MessageSaid(Event):
    """A message, heard by those in the room at that moment."""

    room: str
    seat: PlayerId
    text: str = attrs.field(metadata={"erasable": True})


@attrs.frozen
class Message:
    """A message as it is kept: with the mask of those who heard it."""

    hearers: Seats
    said: MessageSaid


class Chat:
    """All messages in order, and when each seat spoke lately."""

    __slots__ = ("lately", "messages")

    def __init__(self, rules: object = None) -> None:
        self.messages: list[Message] = []
        self.lately: dict[PlayerId, list[Instant]] = {}

    def fork(self) -> "Chat":
        """Copy the chat; nothing that changes is shared."""
        copy = Chat.__new__(Chat)
        copy.messages = self.messages.copy()
        lately = self.lately
        copy.lately = {seat: lately[seat].copy() for seat in lately} if lately else {}
        return copy


@attrs.frozen
class Room:
    """A row of the table of rooms: who hears now, who may speak now, and the check of it."""

    hearers: Callable[[Table], Seats]
    speakers: Callable[[Table], Seats]
    check: Callable[[Table, PlayerId], None]


def _everyone(table: Table) -> Seats:
    return EVERYONE


def _sitting(table: Table) -> Seats:
    return table.roster.seats if table.phases.phase in (LOBBY, STARTING, ENDED) else 0


def _check_lobby(table: Table, seat: PlayerId) -> None:
    require_phase(table.phases, LOBBY, STARTING, ENDED)


def _townspeople(table: Table) -> Seats:
    return table.roster.here if table.phases.phase is DAY else 0


def _check_town(table: Table, seat: PlayerId) -> None:
    require_phase(table.phases, DAY)
    require_living(table.roster, seat)


def _faction(table: Table) -> Seats:
    return table.roster.mafia & table.roster.alive


def _conspirators(table: Table) -> Seats:
    always = table.rules.faction_talk == "always" and table.phases.phase is DAY
    if always or table.phases.phase is NIGHT:
        return table.roster.mafia & table.roster.here
    return 0


def _check_faction(table: Table, seat: PlayerId) -> None:
    if not has(table.roster.mafia, seat):
        raise Refused(Code.MAY_NOT_SPEAK, "you are in no faction with a room")
    require_living(table.roster, seat)
    if table.rules.faction_talk == "night":
        require_phase(table.phases, NIGHT)
    require_phase(table.phases, DAY, NIGHT)


def _dead(table: Table) -> Seats:
    return table.roster.dead if table.phases.phase is not ENDED else 0


def _check_dead(table: Table, seat: PlayerId) -> None:
    require_phase(table.phases, DAY, NIGHT)
    if not has(table.roster.dead, seat):
        raise Refused(Code.MAY_NOT_SPEAK, "only the dead talk there")


ROOMS: Final = {
    "lobby": Room(_everyone, _sitting, _check_lobby),
    "town": Room(_everyone, _townspeople, _check_town),
    "faction": Room(_faction, _conspirators, _check_faction),
    "dead": Room(_dead, _dead, _check_dead),
}


def open_rooms(table: Table, seat: PlayerId) -> tuple[str, ...]:
    """List the rooms in which a seat may speak now."""
    paused = table.phases.paused is not None
    return tuple(
        name
        for name, room in ROOMS.items()
        if has(room.speakers(table), seat) and (not paused or room.hearers is _everyone)
    )


def _say(table: Table, chat: Chat, command: Say) -> Events:
    require_seat(table.roster, command.actor)
    room = ROOMS.get(command.room)
    if room is None:
        raise Refused(Code.NO_SUCH_ROOM, f"the rooms are {', '.join(ROOMS)}")
    if table.phases.paused is not None and room.hearers is not _everyone:
        raise Refused(Code.PAUSED, "while the clock is stopped only the open rooms are open")
    room.check(table, command.actor)
    text = command.text.strip()
    if not 1 <= len(text) <= table.rules.message_length:
        raise Refused(Code.BAD_TEXT, f"a message has 1 to {table.rules.message_length} characters")
    _require_patience(table, chat, command.actor)
    return (MessageSaid(command.room, command.actor, text),)


def _require_patience(table: Table, chat: Chat, seat: PlayerId) -> None:
    since = table.at - table.rules.message_window_ms
    recent = [said for said in chat.lately.get(seat, ()) if said > since]
    if len(recent) >= table.rules.messages:
        raise Refused(Code.RATE_LIMITED, "too many messages: wait a few seconds")


def _hearers(table: Table, event: MessageSaid) -> Seats:
    """Audience: those who are in the room."""
    return ROOMS[event.room].hearers(table)


def _said(table: Table, chat: Chat, event: MessageSaid) -> None:
    chat.messages.append(Message(_hearers(table, event), event))
    times = chat.lately.setdefault(event.seat, [])
    times.append(table.at)
    del times[: -table.rules.messages]


MACHINE = Machine(
    name="chat",
    begin=Chat,
    commands={Say: _say},
    events={MessageSaid: Fact(_hearers, _said)},
)
