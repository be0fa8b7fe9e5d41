"""The game service: the commands of a table, and everybody's own view of the game."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final

import attrs
import msgspec

from mafia_district import log, wire
from mafia_district.clock import Done, Extend, Pause, Resume
from mafia_district.ids import KEEPER, SPECTATOR, Cursor, PlayerId, Viewer
from mafia_district.lobby import AddBots, Close, GiveSalt, Kick, Leave, SetReady, Start
from mafia_district.outcome import End
from mafia_district.phases import ENDED, LOBBY, STARTING, Phase
from mafia_district.roster import SeatTaken
from mafia_district.view import SeatView
from mafia_district_servers.games import commands, gate
from mafia_district_servers.games.authority import Warm
from mafia_district_servers.http.routes import (
    Acted,
    Call,
    Cursors,
    EventJson,
    Nothing,
    Reply,
    Route,
    SocketRoute,
    act,
    reply,
)
from mafia_district_servers.http.shown import Page, enter, page, placed, take_seat
from mafia_district_servers.problems import Fault, Problem

_JSON_LINES: Final = "application/jsonl"
_EYES: Final = "one sees a game with one's own eyes, as=spectator, or with a desk as=keeper"
_SEAT_TAKEN: Final = wire.NAMES[SeatTaken]


@attrs.frozen
class GameInfo:
    """What everyone who may see the game knows of it; `seat` is the caller's own, if any.

    `rules` are all of them by their names; the built-in catalogue stands there as its name.
    """

    game: str
    name: str
    public: bool
    epoch: str
    commitment: str
    phase: Phase
    seat: PlayerId | None
    seats: tuple[SeatView, ...]
    rules: dict[str, Any]


@attrs.frozen
class Join:
    """Whom to seat: the caller, under the token's name if no other is given."""

    name: str = ""
    code: str = ""
    commitment: str = ""


@attrs.frozen
class Joined:
    """The caller's seat, and the caller's place in the game's stream."""

    seat: PlayerId
    epoch: str
    cursor: Cursor
    events: list[EventJson]


@attrs.frozen
class Seat:
    """A seat."""

    seat: PlayerId


@attrs.frozen
class Ready:
    """Ready, or not any more."""

    ready: bool = True


@attrs.frozen
class IsDone:
    """Done with this phase, or not any more."""

    done: bool = True


@attrs.frozen
class Salt:
    """The salt to which one committed, in hexadecimal."""

    salt: str


@attrs.frozen
class Bots:
    """How many bots to seat."""

    count: int = 1


@attrs.frozen
class Seconds:
    """By how much to extend the phase."""

    seconds: int


@attrs.frozen
class As:
    """With whose eyes: "spectator", "keeper", or without a word one's own seat's."""

    as_: str = ""


@attrs.frozen
class CursorsAs(Cursors):
    """A place in a stream, and whose: one's own, or with "keeper" the keeper's."""

    as_: str = ""


@attrs.frozen
class Viewed:
    """A view and its place in the stream."""

    epoch: str
    cursor: Cursor
    view: dict[str, Any]


@attrs.frozen
class Chosen:
    """What is open to the seat: by kind of command, what its fields may be."""

    epoch: str
    cursor: Cursor
    choices: dict[str, Any]


async def info(call: Call[Nothing, Nothing]) -> Reply:
    """Tell what the game is."""
    warm = await enter(call)
    view = warm.game.view(SPECTATOR)
    seat = warm.seats.get(call.session.caller.account)
    epoch = warm.epoch_of(SPECTATOR if seat is None else seat)
    return reply(
        GameInfo(
            call.game, warm.name, warm.public, epoch, warm.game.commitment,
            view.phase, seat, view.seats, wire.rules_plain(view.rules),
        )
    )  # fmt: skip


async def join(call: Call[Join, Nothing]) -> Reply:
    """Sit down; the first to sit hosts."""
    house, caller, asked = call.house, call.session.caller, call.body
    await gate.enter(house.authority, caller, call.game, asked.code or call.join_code)
    answer = await house.authority.join(
        call.game,
        caller,
        name=asked.name or caller.name,
        code=asked.code or call.join_code,
        commitment=asked.commitment,
        key=call.key,
    )
    events = [msgspec.json.decode(event) for event in answer.events]
    seat = next(event["seat"] for event in events if event["type"] == _SEAT_TAKEN)
    return reply(Joined(seat, answer.epoch, answer.cursor, events))


async def leave(call: Call[Nothing, Nothing]) -> Reply:
    """Get up, or walk out."""
    return await act(call, Leave)


async def kick(call: Call[Seat, Nothing]) -> Reply:
    """Send somebody away."""
    return await act(call, lambda seat: Kick(seat, call.body.seat))


async def ready(call: Call[Ready, Nothing]) -> Reply:
    """Say ready."""
    return await act(call, lambda seat: SetReady(seat, call.body.ready))


async def salt(call: Call[Salt, Nothing]) -> Reply:
    """Reveal one's salt."""
    return await act(call, lambda seat: GiveSalt(seat, call.body.salt))


async def bots(call: Call[Bots, Nothing]) -> Reply:
    """Seat bots."""
    return await act(call, lambda seat: AddBots(seat, call.body.count))


async def start(call: Call[Nothing, Nothing]) -> Reply:
    """Start the countdown."""
    return await act(call, Start)


async def done(call: Call[IsDone, Nothing]) -> Reply:
    """Say done."""
    return await act(call, lambda seat: Done(seat, call.body.done))


async def pause(call: Call[Nothing, Nothing]) -> Reply:
    """Stop the clock."""
    return await act(call, Pause)


async def resume(call: Call[Nothing, Nothing]) -> Reply:
    """Let the clock run on."""
    return await act(call, Resume)


async def extend(call: Call[Seconds, Nothing]) -> Reply:
    """Add time."""
    return await act(call, lambda seat: Extend(seat, call.body.seconds))


async def end(call: Call[Nothing, Nothing]) -> Reply:
    """End the game, or close the lobby if none has begun."""
    warm = await enter(call)
    gathering = warm.game.phase in (LOBBY, STARTING)
    return await act(call, Close if gathering else End)


async def command(call: Call[dict[str, Any], Nothing]) -> Reply:
    """Do whatever a seat can do, said as on the socket."""
    return await act(call, commands.of_json(call.body))


async def view(call: Call[Nothing, As]) -> Reply:
    """Show the game as one's own seat sees it, as a spectator does, or as its keeper."""
    match call.query.as_:
        case "":
            warm, viewer = await take_seat(call)
        case "spectator":
            warm, viewer = await enter(call), SPECTATOR
        case "keeper":
            warm, viewer = await _keep(call, "view"), KEEPER
        case _:
            raise Problem(Fault.FORBIDDEN, _EYES)
    shown = placed(warm, viewer, view=wire.view_bytes(warm.game.view(viewer)))
    return shown._replace(kept=viewer != KEEPER)  # each of the keeper's looks is recorded


async def choices(call: Call[Nothing, Nothing]) -> Reply:
    """Say what is open to one's seat."""
    warm, seat = await take_seat(call)
    return placed(warm, seat, choices=wire.choices_bytes(warm.game.choices(seat)))


async def _keep(call: Call[Nothing, Any], what: str) -> Warm:
    """Read the game as its keeper; that they look is recorded first."""
    await enter(call)
    return await call.house.authority.look_in(call.game, call.session.caller, what)


async def events(call: Call[Nothing, CursorsAs]) -> Reply:
    """Tell what happened after a cursor."""
    if call.query.as_ not in ("", "keeper"):
        raise Problem(Fault.FORBIDDEN, _EYES)
    if call.query.as_:
        return page(await _keep(call, "events"), KEEPER, call.query)._replace(kept=False)
    warm = await enter(call)
    return page(warm, gate.eyes(warm, call.session.caller), call.query)


async def record(call: Call[Nothing, Nothing]) -> Reply:
    """Hand out the whole log, once nothing in it is a secret any more."""
    warm = await enter(call)
    if warm.game.phase is not ENDED:
        raise Problem(Fault.GAME_NOT_OVER, "the log is open when the game is over")
    stored = await call.house.authority.log(call.game)
    written = await call.house.managers.gateway.in_thread(_written, stored)
    return Reply(written, headers={"Content-Type": _JSON_LINES})


def _written(stored: log.Record) -> bytes:
    """Write a record, which is long work for a long game."""
    file = BytesIO()
    log.write(stored, file)
    return file.getvalue()


def _own_seat(path: Mapping[str, str]) -> Viewer:
    number = path["player"]
    if not (number.isascii() and number.isdecimal() and len(number) < 3):
        raise Problem(Fault.NOT_FOUND, "a socket is for a seat's number, or for spectator")
    return int(number)


def _post(
    name: str, handler: Any, summary: str, request: type = Nothing, response: type = Acted
) -> Route:
    path = f"/api/game/{{game}}/{name}"
    return Route("POST", path, handler, summary, request=request, response=response)


def _get(name: str, handler: Any, summary: str, response: type, query: type = Nothing) -> Route:
    path = f"/api/game/{{game}}/{name}"
    return Route("GET", path, handler, summary, query=query, response=response)


ROUTES: Final = (
    Route("GET", "/api/game/{game}", info, "What the game is", response=GameInfo),
    _post("join", join, "Sit down", Join, Joined),
    _post("leave", leave, "Get up, or walk out of a running game"),
    _post("kick", kick, "Send somebody away before the start", Seat),
    _post("ready", ready, "Say ready, or take it back", Ready),
    _post("salt", salt, "Reveal the salt one committed to", Salt),
    _post("bots", bots, "Seat bots", Bots),
    _post("start", start, "Start the countdown"),
    _post("done", done, "Say done with this phase, or take it back", IsDone),
    _post("pause", pause, "Stop the clock"),
    _post("resume", resume, "Let the clock run on"),
    _post("extend", extend, "Add time to the phase", Seconds),
    _post("end", end, "End the game without a winner, or close the lobby"),
    _post("commands", command, "Do whatever a seat can do, as on the socket", dict),
    _get("view", view, "The game as one's seat sees it, as=spectator or as=keeper", Viewed, As),
    _get("choices", choices, "What is open to one's seat", Chosen),
    _get("events", events, "What happened after a cursor", Page, CursorsAs),
    Route(
        "GET", "/api/game/{game}/log", record, "The whole log, after the end",
        response=bytes, content_type=_JSON_LINES,
    ),
)  # fmt: skip

SOCKETS: Final = (
    SocketRoute("/api/game/ws/{game}/spectator", lambda path: SPECTATOR, "Watch a game"),
    SocketRoute("/api/game/ws/{game}/{player}", _own_seat, "Play a seat"),
)
