"""Chat: rooms, who may speak in them and who hears.

    room     who hears             who speaks          when
    lobby    everyone              who sits here       before the start and after the end
    town     everyone              the living          by day; where there is a town, in the evening
    place    who is there          the living there    by day, in a town
    faction  its living members    its living members  by night, or always by a switch;
                                                       always while an encryptor of it lives
    dead     the dead              the dead            from their death on

A message is heard by those who were in the room when it was accepted; who comes later does not
read back. The room decides the audience, never the request. While the clock is stopped, only the
rooms that everyone hears are open.

By a switch, two players in one place may *whisper*: the others there see that they do, and hear
nothing.
"""

from collections.abc import Callable
from typing import Final

import attrs

from mafia_district.ids import BITS, EVERYONE, Instant, PlaceId, PlayerId, Seats, has
from mafia_district.machine import Code, Command, Event, Events, Fact, Machine, Refused
from mafia_district.phases import (
    DAY,
    ENDED,
    EVENING,
    JUDGEMENT,
    LOBBY,
    NIGHT,
    PLAYED,
    STARTING,
    TRIAL,
    Phase,
    require_phase,
)
from mafia_district.roster import require_living, require_seat
from mafia_district.rules import Rules
from mafia_district.table import Table
from mafia_district.town import require_company, require_daylight

# When all of the town are together and may talk; while a death waits nobody does.
_DAYS: Final = (DAY, TRIAL, JUDGEMENT)
_EVENINGS: Final = (EVENING, TRIAL, JUDGEMENT)


@attrs.frozen
class Say(Command):
    """Say something in a room."""

    room: str
    text: str


@attrs.frozen
class Whisper(Command):
    """Say something to one other in the same place."""

    to: PlayerId
    text: str


@attrs.frozen
class MessageSaid(Event):
    """A message, heard by those in the room at that moment; `place` is where, by day in a town."""

    room: str
    seat: PlayerId
    text: str = attrs.field(metadata={"erasable": True})
    place: PlaceId = ""


@attrs.frozen
class WhisperHeard(Event):
    """A whisper, heard by the two alone."""

    seat: PlayerId
    to: PlayerId
    text: str = attrs.field(metadata={"erasable": True})


@attrs.frozen
class WhisperSeen(Event):
    """Somebody whispered to somebody, as the others in that place saw."""

    seat: PlayerId
    to: PlayerId
    place: PlaceId


@attrs.frozen
class Message:
    """A message as it is kept: with the mask of those who heard it."""

    hearers: Seats
    said: MessageSaid | WhisperHeard | WhisperSeen


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
    """A row of the table of rooms: who hears in a place, who may speak, and the check of it."""

    hearers: Callable[[Table, MessageSaid], Seats]
    speakers: Callable[[Table], Seats]
    check: Callable[[Table, PlayerId], None]


def _everyone(table: Table, said: MessageSaid) -> Seats:
    return EVERYONE


def _sitting(table: Table) -> Seats:
    return table.roster.seats if table.phases.phase in (LOBBY, STARTING, ENDED) else 0


def _check_lobby(table: Table, seat: PlayerId) -> None:
    require_phase(table.phases, LOBBY, STARTING, ENDED)


def _townspeople(table: Table) -> Seats:
    return table.roster.here if table.phases.phase in _assembly(table) else 0


def _assembly(table: Table) -> tuple[Phase, ...]:
    return _EVENINGS if table.rules.town else _DAYS


def _check_town(table: Table, seat: PlayerId) -> None:
    require_phase(table.phases, *_assembly(table))
    require_living(table.roster, seat)


def _those_there(table: Table, said: MessageSaid) -> Seats:
    return table.town.company.get(said.place, 0) if table.rules.town else 0


def _strollers(table: Table) -> Seats:
    return table.roster.here if table.rules.town and table.phases.phase is DAY else 0


def _faction(table: Table, said: MessageSaid) -> Seats:
    return table.roster.faction(said.seat) & table.roster.here


def _conspirators(table: Table) -> Seats:
    factions = set(table.roster.cast.mates)
    if not _in_private(table):
        factions = {mates for mates in factions if _encrypted(table, mates)}
    return sum(factions) & table.roster.here


def _encrypted(table: Table, mates: Seats) -> bool:
    """Tell whether a faction may talk at all hours: its members know who of them is what."""
    alive = mates & table.roster.alive
    return bool(
        alive and table.phases.phase in PLAYED and alive & table.roster.with_trait("encryptor")
    )


def _in_private(table: Table) -> bool:
    """Tell whether those talk now who talk apart from all others."""
    always = table.rules.faction_talk == "always" and table.phases.phase in PLAYED
    return always or table.phases.phase is NIGHT


def _check_faction(table: Table, seat: PlayerId) -> None:
    mates = table.roster.faction(seat)
    if not mates:
        raise Refused(Code.MAY_NOT_SPEAK, "you are in no faction with a room")
    if _encrypted(table, mates):
        require_living(table.roster, seat)
    else:
        _check_in_private(table, seat)


def _check_in_private(table: Table, seat: PlayerId) -> None:
    require_living(table.roster, seat)
    if table.rules.faction_talk == "night":
        require_phase(table.phases, NIGHT)
    require_phase(table.phases, *PLAYED)


def _club(trait: str) -> Room:
    """Make the room of all whose roles have a trait."""

    def members_of(table: Table) -> Seats:
        return table.roster.cast.clubs.get(trait, 0) & table.roster.here

    def check(table: Table, seat: PlayerId) -> None:
        if not has(table.roster.cast.clubs.get(trait, 0), seat):
            raise Refused(Code.MAY_NOT_SPEAK, f"you are no {trait}")
        _check_in_private(table, seat)

    return Room(
        lambda table, said: members_of(table),
        lambda table: members_of(table) if _in_private(table) else 0,
        check,
    )


def _dead(table: Table, said: MessageSaid) -> Seats:
    return _ghosts(table)


def _ghosts(table: Table) -> Seats:
    return table.roster.dead if table.phases.phase is not ENDED else 0


def _check_dead(table: Table, seat: PlayerId) -> None:
    require_phase(table.phases, *PLAYED)
    if not has(table.roster.dead, seat):
        raise Refused(Code.MAY_NOT_SPEAK, "only the dead talk there")


ROOMS: Final = {
    "lobby": Room(_everyone, _sitting, _check_lobby),
    "town": Room(_everyone, _townspeople, _check_town),
    "place": Room(_those_there, _strollers, require_daylight),
    "faction": Room(_faction, _conspirators, _check_faction),
    "neighbors": _club("neighbor"),
    "masons": _club("mason"),
    "dead": Room(_dead, _ghosts, _check_dead),
}


def rooms(rules: Rules) -> tuple[str, ...]:
    """List the rooms that there are by some rules."""
    return tuple(name for name in ROOMS if rules.town or name != "place")


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
        raise Refused(Code.NO_SUCH_ROOM, f"the rooms are {', '.join(rooms(table.rules))}")
    if table.phases.paused is not None and room.hearers is not _everyone:
        raise Refused(Code.PAUSED, "while the clock is stopped only the open rooms are open")
    room.check(table, command.actor)
    text = _speech(table, chat, command.actor, command.text)
    place = table.town.place(command.actor) if room.hearers is _those_there else ""
    return (MessageSaid(command.room, command.actor, text, place),)


def _whisper(table: Table, chat: Chat, command: Whisper) -> Events:
    seat, to = command.actor, command.to
    require_daylight(table, seat)
    if not table.rules.whispers:
        raise Refused(Code.MAY_NOT_SPEAK, "nobody whispers by these rules")
    require_company(table, seat, to)
    text = _speech(table, chat, seat, command.text)
    return WhisperHeard(seat, to, text), WhisperSeen(seat, to, table.town.place(seat))


def _speech(table: Table, chat: Chat, seat: PlayerId, text: str) -> str:
    """Give what is said as it is heard, or refuse it."""
    text = text.strip()
    if not 1 <= len(text) <= table.rules.message_length:
        raise Refused(Code.BAD_TEXT, f"a message has 1 to {table.rules.message_length} characters")
    _require_patience(table, chat, seat)
    return text


def _require_patience(table: Table, chat: Chat, seat: PlayerId) -> None:
    since = table.at - table.rules.message_window_ms
    recent = [said for said in chat.lately.get(seat, ()) if said > since]
    if len(recent) >= table.rules.messages:
        raise Refused(Code.RATE_LIMITED, "too many messages: wait a few seconds")


def _hearers(table: Table, event: MessageSaid) -> Seats:
    """Audience: those who are in the room."""
    return ROOMS[event.room].hearers(table, event)


def _the_two(table: Table, event: WhisperHeard) -> Seats:
    """Audience: the two."""
    return BITS[event.seat] | BITS[event.to]


def _onlookers(table: Table, event: WhisperSeen) -> Seats:
    """Audience: the others in that place."""
    there = table.town.company.get(event.place, 0) if table.rules.town else 0
    return there & ~(BITS[event.seat] | BITS[event.to])


def _said(table: Table, chat: Chat, event: MessageSaid) -> None:
    chat.messages.append(Message(_hearers(table, event), event))
    _take_breath(table, chat, event.seat)


def _heard(table: Table, chat: Chat, event: WhisperHeard) -> None:
    chat.messages.append(Message(_the_two(table, event), event))
    _take_breath(table, chat, event.seat)


def _seen(table: Table, chat: Chat, event: WhisperSeen) -> None:
    chat.messages.append(Message(_onlookers(table, event), event))


def _take_breath(table: Table, chat: Chat, seat: PlayerId) -> None:
    times = chat.lately.setdefault(seat, [])
    times.append(table.at)
    del times[: -table.rules.messages]


MACHINE = Machine(
    name="chat",
    begin=Chat,
    commands={Say: _say, Whisper: _whisper},
    events={
        MessageSaid: Fact(_hearers, _said),
        WhisperHeard: Fact(_the_two, _heard),
        WhisperSeen: Fact(_onlookers, _seen),
    },
)
