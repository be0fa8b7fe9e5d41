"""The lobby: where a table gathers before the deal.

Anyone may sit down, in a private lobby with the code. The first person to sit hosts; when the host
gets up, the person who has sat longest does. All persons but the host say *ready*, the host alone
starts, and a countdown gives everyone the time to reveal the salt that they add to the deal. Who
leaves or is no longer ready stops the countdown. Bots are always ready and never host, so a lobby
that its last person leaves is closed.
"""

from collections.abc import Mapping

import attrs

from mafia_district.chance import commitment
from mafia_district.deal import Salt, SetupDrawn, SetupShown
from mafia_district.ids import (
    EVERYONE,
    KEEPER,
    KEEPER_ONLY,
    MAX_SEATS,
    NOBODY,
    PlayerId,
    Seats,
    has,
    members,
)
from mafia_district.machine import Code, Command, Event, Events, Fact, Machine, Refused, to_seat
from mafia_district.phases import ENDED, LOBBY, PLAYED, STARTING, PhaseBegan, require_phase
from mafia_district.roster import (
    GameStarted,
    HostChanged,
    PlayerLeft,
    SeatLeft,
    SeatPassed,
    SeatTaken,
    require_host,
    require_house,
    require_living,
    require_name,
    require_seat,
)
from mafia_district.table import Table

SALT_BYTES = 32


@attrs.frozen
class Open(Command):
    """Open the lobby; the house's first command. An empty code makes it public."""

    code: str


@attrs.frozen
class TakeSeat(Command):
    """Sit down; nobody's command, for who sits down has no seat yet.

    `commitment` is the digest of the salt for the deal, or empty for those who add none.
    """

    name: str
    code: str = ""
    commitment: str = ""


@attrs.frozen
class AddBots(Command):
    """Seat so many bots; the host's."""

    count: int


@attrs.frozen
class Leave(Command):
    """Get up; once the game runs, walk out of it for good."""


@attrs.frozen
class Kick(Command):
    """Send somebody away before the game begins; the host's."""

    seat: PlayerId


@attrs.frozen
class HandOver(Command):
    """Make another person the host; the host's."""

    seat: PlayerId


@attrs.frozen
class SetReady(Command):
    """Say that one is ready to start, or take that back."""

    ready: bool


@attrs.frozen
class Start(Command):
    """Start the countdown; the host's."""


@attrs.frozen
class GiveSalt(Command):
    """Reveal the salt that one committed to, in hexadecimal, during the countdown."""

    salt: str


@attrs.frozen
class Close(Command):
    """Close a lobby that did not start; the host's, or the house's where nobody is here."""


@attrs.frozen
class LobbyOpened(Event):
    """A lobby opened."""

    public: bool


@attrs.frozen
class CodeTold(Event):
    """The code of a private lobby, told to one who sits in it, or to the keeper."""

    seat: PlayerId
    code: str


@attrs.frozen
class ReadySet(Event):
    """A person is ready, or no longer."""

    seat: PlayerId
    ready: bool


@attrs.frozen
class SaltGiven(Event):
    """A salt, in hexadecimal; its giver's secret until the deal lists them all."""

    seat: PlayerId
    salt: str


@attrs.frozen
class LobbyClosed(Event):
    """The lobby was closed before a game began."""

    reason: str


class Lobby:
    """Who is ready, what the code is and who was told, and what the players add to the deal."""

    __slots__ = (
        "closed", "code", "commitments", "drawn", "public", "ready", "roles", "salts", "seated",
        "shown", "told",
    )  # fmt: skip

    def __init__(self, rules: object = None) -> None:
        self.public = True
        self.code = ""
        self.closed = ""  # why the lobby closed without a game
        self.roles: tuple[tuple[str, int], ...] = ()  # the public counts, once dealt
        self.drawn: tuple[tuple[str, int], ...] = ()  # what a drawn setup came to
        self.shown: tuple[tuple[str, int], ...] = ()  # the same once everybody may know it
        self.told: Seats = 0
        self.ready: Seats = 0
        # A change of these makes new ones, for a game is copied far more often.
        self.seated: tuple[PlayerId, ...] = ()  # in the order in which they sat down
        self.commitments: Mapping[PlayerId, str] = {}
        self.salts: Mapping[PlayerId, str] = {}

    def fork(self) -> "Lobby":
        """Copy the lobby; nothing that changes is shared."""
        copy = Lobby.__new__(Lobby)
        copy.public, copy.code, copy.closed = self.public, self.code, self.closed
        copy.told, copy.ready, copy.roles = self.told, self.ready, self.roles
        copy.drawn, copy.shown = self.drawn, self.shown
        copy.seated, copy.commitments, copy.salts = self.seated, self.commitments, self.salts
        return copy


def salts(lobby: Lobby) -> tuple[Salt, ...]:
    """List the salts that were given, in seat order."""
    given = sorted(lobby.salts)
    return tuple((seat, lobby.commitments[seat], lobby.salts[seat]) for seat in given)


def _open(table: Table, lobby: Lobby, command: Open) -> Events:
    require_house(command.actor)
    if command.code:
        return LobbyOpened(False), CodeTold(KEEPER, command.code)
    return (LobbyOpened(True),)


def _take_seat(table: Table, lobby: Lobby, command: TakeSeat) -> Events:
    if command.actor != NOBODY:
        raise Refused(Code.ALREADY_SEATED, "who sits down has no seat yet")
    require_phase(table.phases, LOBBY)
    if command.code != lobby.code:
        raise Refused(Code.WRONG_CODE, "that is not the code of this lobby")
    require_name(command.name)
    if command.commitment and not _is_digest(command.commitment):
        raise Refused(Code.BAD_SALT, "a commitment is a SHA-256 digest in 64 hexadecimal digits")
    seat = _free_seats(table, 1)[0]
    taken = SeatTaken(seat, command.name.strip(), False, command.commitment)
    told = (CodeTold(seat, lobby.code),) if lobby.code else ()
    host = (HostChanged(seat),) if table.roster.host == NOBODY else ()
    return taken, *told, *host


def _add_bots(table: Table, lobby: Lobby, command: AddBots) -> Events:
    require_host(table.roster, command.actor)
    require_phase(table.phases, LOBBY)
    if command.count < 1:
        raise Refused(Code.BAD_TARGET, "add at least one bot")
    seats = _free_seats(table, command.count)
    return tuple(SeatTaken(seat, f"Bot {seat + 1}", True, "") for seat in seats)


def _leave(table: Table, lobby: Lobby, command: Leave) -> Events:
    require_seat(table.roster, command.actor)
    if table.phases.phase in PLAYED:
        require_living(table.roster, command.actor)
        return (PlayerLeft(command.actor), *_new_host(table, lobby, command.actor))
    return _get_up(table, lobby, command.actor, kicked=False)


def _kick(table: Table, lobby: Lobby, command: Kick) -> Events:
    require_host(table.roster, command.actor)
    require_seat(table.roster, command.seat)
    if command.seat == table.roster.host:
        raise Refused(Code.BAD_TARGET, "a host leaves, and is not sent away")
    return _get_up(table, lobby, command.seat, kicked=True)


def _get_up(table: Table, lobby: Lobby, seat: PlayerId, *, kicked: bool) -> Events:
    require_phase(table.phases, LOBBY, STARTING)
    left = SeatLeft(seat, kicked)
    if table.roster.persons == 1 << seat:
        closed = PhaseBegan(ENDED, table.phases.number + 1, 0, None)
        return left, LobbyClosed("the last person has left"), closed
    return left, *_new_host(table, lobby, seat), *_stop_countdown(table)


def _new_host(table: Table, lobby: Lobby, leaver: PlayerId) -> Events:
    """Pass the host's seat on to the person who has sat longest, if the leaver had it."""
    roster = table.roster
    if roster.host != leaver:
        return ()
    heirs = roster.persons & ~roster.gone & ~(1 << leaver)
    heir = next((seat for seat in lobby.seated if has(heirs, seat)), NOBODY)
    return (HostChanged(heir),)


def _stop_countdown(table: Table) -> Events:
    if table.phases.phase is not STARTING:
        return ()
    return (PhaseBegan(LOBBY, table.phases.number + 1, 0, None),)


def _hand_over(table: Table, lobby: Lobby, command: HandOver) -> Events:
    require_host(table.roster, command.actor)
    heirs = table.roster.persons & ~table.roster.gone
    if command.seat == table.roster.host or not has(heirs, command.seat):
        raise Refused(Code.BAD_TARGET, "only another person at the table can become host")
    return (HostChanged(command.seat),)


def _set_ready(table: Table, lobby: Lobby, command: SetReady) -> Events:
    require_phase(table.phases, LOBBY, STARTING)
    require_seat(table.roster, command.actor)
    stopped = () if command.ready else _stop_countdown(table)
    return ReadySet(command.actor, command.ready), *stopped


def _start(table: Table, lobby: Lobby, command: Start) -> Events:
    require_host(table.roster, command.actor)
    require_phase(table.phases, LOBBY)
    roster, rules, phases = table.roster, table.rules, table.phases
    seated = roster.seats.bit_count()
    if seated < rules.min_seats:
        raise Refused(Code.TOO_FEW_PLAYERS, f"{seated} sit here, {rules.min_seats} are needed")
    waiting = roster.persons & ~lobby.ready & ~(1 << max(roster.host, 0))
    if waiting:
        names = ", ".join(roster.names[seat] for seat in members(waiting))
        raise Refused(Code.NOT_READY, f"not everybody is ready: {names}")
    try:
        rules.setup(seated)
    except ValueError as problem:
        raise Refused(Code.BAD_SETUP, str(problem)) from None
    return (PhaseBegan(STARTING, phases.number + 1, 0, table.at + rules.countdown_ms),)


def _give_salt(table: Table, lobby: Lobby, command: GiveSalt) -> Events:
    require_phase(table.phases, STARTING)
    require_seat(table.roster, command.actor)
    try:
        salt = bytes.fromhex(command.salt)
    except ValueError:
        raise Refused(Code.BAD_SALT, "a salt is written in hexadecimal") from None
    if command.actor in lobby.salts:
        raise Refused(Code.BAD_SALT, "you have given your salt already")
    if len(salt) != SALT_BYTES or commitment(salt) != lobby.commitments.get(command.actor):
        raise Refused(Code.BAD_SALT, f"that is not the salt of {SALT_BYTES} bytes you committed to")
    return (SaltGiven(command.actor, salt.hex()),)


def _close(table: Table, lobby: Lobby, command: Close) -> Events:
    require_host(table.roster, command.actor)
    require_phase(table.phases, LOBBY, STARTING)
    reason = "nobody was here" if command.actor == KEEPER else "closed by the host"
    return LobbyClosed(reason), PhaseBegan(ENDED, table.phases.number + 1, 0, None)


def _free_seats(table: Table, count: int) -> list[PlayerId]:
    taken, limit = table.roster.seats, min(table.rules.max_seats, MAX_SEATS)
    free = [seat for seat in range(limit) if not taken >> seat & 1]
    if len(free) < count:
        raise Refused(Code.LOBBY_FULL, f"there are {len(free)} free seats at this table")
    return free[:count]


def _is_digest(text: str) -> bool:
    return len(text) == 64 and all(digit in "0123456789abcdef" for digit in text)


def _lobby_opened(table: Table, lobby: Lobby, event: LobbyOpened) -> None:
    lobby.public = event.public


def _code_told(table: Table, lobby: Lobby, event: CodeTold) -> None:
    lobby.code = event.code
    if event.seat >= 0:
        lobby.told |= 1 << event.seat


def _ready_set(table: Table, lobby: Lobby, event: ReadySet) -> None:
    bit = 1 << event.seat
    lobby.ready = lobby.ready | bit if event.ready else lobby.ready & ~bit


def _salt_given(table: Table, lobby: Lobby, event: SaltGiven) -> None:
    lobby.salts = {**lobby.salts, event.seat: event.salt}


def _seat_taken(table: Table, lobby: Lobby, event: SeatTaken) -> None:
    lobby.ready = 0  # the table has changed, so everybody looks again
    lobby.seated += (event.seat,)
    if event.commitment:
        lobby.commitments = {**lobby.commitments, event.seat: event.commitment}


def _seat_left(table: Table, lobby: Lobby, event: SeatLeft) -> None:
    lobby.ready = 0
    lobby.told &= ~(1 << event.seat)
    lobby.seated = tuple(seat for seat in lobby.seated if seat != event.seat)
    lobby.commitments = _without(event.seat, lobby.commitments)
    lobby.salts = _without(event.seat, lobby.salts)


def _seat_passed(table: Table, lobby: Lobby, event: SeatPassed) -> None:
    """Let the substitute have sat shortest."""
    others = tuple(seat for seat in lobby.seated if seat != event.seat)
    lobby.seated = others if event.bot else (*others, event.seat)


def _without(seat: PlayerId, held: Mapping[PlayerId, str]) -> Mapping[PlayerId, str]:
    return {other: held[other] for other in held if other != seat}


def _game_started(table: Table, lobby: Lobby, event: GameStarted) -> None:
    lobby.roles = event.roles


def _lobby_closed(table: Table, lobby: Lobby, event: LobbyClosed) -> None:
    lobby.closed = event.reason


def _setup_drawn(table: object, lobby: Lobby, event: SetupDrawn) -> None:
    lobby.drawn = event.roles


def _setup_shown(table: object, lobby: Lobby, event: SetupShown) -> None:
    lobby.shown = event.roles


MACHINE = Machine(
    name="lobby",
    begin=Lobby,
    commands={
        Open: _open,
        TakeSeat: _take_seat,
        AddBots: _add_bots,
        Leave: _leave,
        Kick: _kick,
        HandOver: _hand_over,
        SetReady: _set_ready,
        Start: _start,
        GiveSalt: _give_salt,
        Close: _close,
    },
    events={
        SetupDrawn: Fact(KEEPER_ONLY, _setup_drawn),
        SetupShown: Fact(EVERYONE, _setup_shown),
        LobbyOpened: Fact(EVERYONE, _lobby_opened),
        CodeTold: Fact(to_seat, _code_told),
        ReadySet: Fact(EVERYONE, _ready_set),
        SaltGiven: Fact(to_seat, _salt_given),
        LobbyClosed: Fact(EVERYONE, _lobby_closed),
    },
    hears={
        SeatTaken: _seat_taken,
        SeatLeft: _seat_left,
        SeatPassed: _seat_passed,
        GameStarted: _game_started,
    },
)
