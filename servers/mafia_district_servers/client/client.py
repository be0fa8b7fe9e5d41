"""The network client: plays one seat of a game on a server, for any `Player`.

A player that plays in a simulation plays here unchanged: the client folds the events that its seat
may see into a state of its own and shows the player the same view and choices. A lost connection is
taken up again where it broke off, and a command that was not acknowledged is sent again under the
same id, so that it acts once.

    async with Client("http://127.0.0.1:8080", player, name="Ann") as client:
        game, code = await client.open(rules="district")
        await client.join(game, code)
        ...
        outcome = await client.play()
"""

import asyncio
import random
import secrets
from collections.abc import AsyncGenerator, Mapping
from hashlib import sha256
from types import TracebackType
from typing import Any, Final
from urllib.parse import quote

import aiohttp

from mafia_district import wire
from mafia_district.bots import Player
from mafia_district.clock import Done
from mafia_district.ids import SPECTATOR, PlayerId, Viewer
from mafia_district.lobby import SALT_BYTES, GiveSalt
from mafia_district.machine import Command, Event
from mafia_district.outcome import Outcome
from mafia_district.phases import ENDED, PLAYED, STARTING
from mafia_district.rules import Rules
from mafia_district.state import State
from mafia_district.view import View
from mafia_district_servers.client.guest import Guest, ServerRefused, Unreachable
from mafia_district_servers.client.polling import Polling
from mafia_district_servers.client.stream import BackOff, Frame, Stream, StreamEnded
from mafia_district_servers.games.gate import JOIN_CODE

__all__ = ["Client", "ServerRefused", "StreamEnded", "Unreachable"]

_MOST_ACTS: Final = 10  # commands of one player in one phase; there are players that never tire
_NONE: Final[Mapping[str, str]] = {}
_TRY_AGAIN: Final = ("outcome_unknown", "store_unavailable", "internal")  # codes of a refusal


class Client:
    """One seat at one table; without a player it only watches.

    `pace` is the time in seconds, from and to, that it lets pass before it does something: drawn
    anew each time, whatever its role. `salt` is what it adds to the deal, 32 random bytes if it is
    not chosen. With `polls` it speaks HTTP alone, and looks for news that many seconds apart. Use
    it as an asynchronous context manager.
    """

    def __init__(
        self,
        url: str,
        player: Player | None = None,
        *,
        name: str = "Guest",
        pace: tuple[float, float] = (0.0, 0.0),
        salt: bytes | None = None,
        polls: float | None = None,
    ) -> None:
        self._url = url
        self._name = name
        self._player = player
        self._pace = pace
        self._polls = polls
        self._salt = salt or secrets.token_bytes(SALT_BYTES)
        self._state = State(Rules())
        self._rules = Rules()
        self._epoch = ""
        self._sent = ""  # the id of the command that waits to be acknowledged
        self._frame = b""  # and its frame
        self._due: float | None = None  # when to ask the player next, by the loop's clock
        self._phase = 0
        self._acts = 0
        self._idle = False  # the player has nothing more to do in this phase
        self._back_off = BackOff()
        self.game = ""
        self.code = ""
        self.seat: Viewer = SPECTATOR

    async def __aenter__(self) -> "Client":
        """Begin a session with the server."""
        self._guest = Guest(self._url, self._name)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close all connections."""
        await self._guest.close()

    async def open(self, **lobby: object) -> tuple[str, str]:
        """Open a lobby with the fields of the request; give its id and its code."""
        opened = await self._guest.request("POST", "/api/game/lobbies", lobby)
        return opened["game"], opened["code"]

    async def join(self, game: str, code: str = "") -> PlayerId:
        """Sit down, committing to a salt for the deal; give the seat."""
        self.watch(game, code)
        commitment = sha256(self._salt).hexdigest()
        joined = await self.post("join", code=code, commitment=commitment)
        seat: PlayerId = joined["seat"]
        self.seat = seat
        return seat

    def watch(self, game: str, code: str = "") -> None:
        """Choose a game without sitting down."""
        self.game, self.code = game, code

    async def post(self, name: str, **body: object) -> Any:
        """Do one of the game's POST routes, such as "ready" or "start"; raises ServerRefused."""
        return await self._ask("POST", name, body)

    async def get(self, name: str) -> Any:
        """Read one of the game's GET routes, such as "view"."""
        return await self._ask("GET", name)

    @property
    def view(self) -> View:
        """What the client's seat may see, as far as the events have come."""
        return View(self._state, self.seat)

    async def play(self) -> Outcome | None:
        """Play, or watch, until the game is over; give how it ended, None for a closed lobby.

        Raises ServerRefused, Unreachable, or StreamEnded if the seat is lost.
        """
        async for _ in self.events():
            pass
        return self.view.outcome

    async def events(self) -> AsyncGenerator[Event, None]:
        """Play, and give each event once the view has it."""
        info = await self.get("")
        self._rules = wire.rules_of(info["rules"])
        stream = self._stream()
        try:
            while self.view.phase is not ENDED:
                event = await self._step(stream)
                if event is not None:
                    yield event
        finally:
            await stream.close()

    def _stream(self) -> Stream | Polling:
        if self._polls is None:
            return Stream(self._connect)
        return Polling(self._ask, self._polls)

    async def _ask(
        self, method: str, name: str, body: object = None, headers: Mapping[str, str] = _NONE
    ) -> Any:
        path = f"/api/game/{quote(self.game)}{'/' if name else ''}{name}"
        return await self._guest.request(method, path, body, {**self._headers(), **headers})

    async def _step(self, stream: Stream | Polling) -> Event | None:
        """Take one frame, or, if none is there when it is time to, ask the player."""
        try:
            async with asyncio.timeout_at(self._due):
                frame = await stream.next()
        except TimeoutError:
            self._due = None
            await self._think(stream)
            return None
        return await self._take(stream, frame)

    async def _take(self, stream: Stream | Polling, frame: Frame) -> Event | None:
        if stream.epoch != self._epoch:
            self._epoch = stream.epoch
            self._state = State(self._rules)
        kind, event = frame["type"], None
        if kind == "event":
            event = wire.event(frame["event"])
            self._state.apply(event)
        elif kind == "snapshot" and self._sent:
            await stream.send(self._frame)
        elif kind in ("ack", "refused") and frame["id"] == self._sent:
            await self._answered(stream, frame)
        self._stir(stream)
        return event

    async def _answered(self, stream: Stream | Polling, frame: Frame) -> None:
        if frame.get("code") in _TRY_AGAIN:
            await self._back_off.wait()
            await stream.send(self._frame)
        else:
            self._back_off.reset()
            self._sent = ""

    def _stir(self, stream: Stream | Polling) -> None:
        """Let the player be asked soon, unless it is to wait."""
        if self._player is None or self._due is not None or self._sent or stream.behind:
            return
        # However much it does, a player waits twice: before it begins, and before it is done.
        waits = self._idle or not self._acts
        pace = random.uniform(*self._pace) if waits else 0.0  # noqa: S311
        self._due = asyncio.get_running_loop().time() + pace

    async def _think(self, stream: Stream | Polling) -> None:
        """Ask the player what it does, and send it."""
        view = self.view
        if view.phase_number != self._phase:
            self._phase, self._acts, self._idle = view.phase_number, 0, False
        command = self._next(view)
        if command is None:
            if not self._idle:
                self._idle = True
                self._stir(stream)
            return
        self._acts += 1
        self._sent = secrets.token_hex(8)
        self._frame = b'{"type":"command","id":"%b","command":%b}' % (
            self._sent.encode(),
            wire.command_bytes(command),
        )
        await stream.send(self._frame)

    def _next(self, view: View) -> Command | None:
        """Give the next command: the salt, what the player wants, and at last that it is done."""
        if view.phase is STARTING and self._acts == 0:
            return GiveSalt(self.seat, self._salt.hex())
        choices = view.choices
        if view.phase not in PLAYED or Done not in choices.kinds():
            return None
        wish = None
        if self._player is not None and self._acts < _MOST_ACTS:
            wish = self._player.act(view, choices)
        done = next(row.done for row in view.seats if row.seat == self.seat)
        return Done(self.seat, True) if wish is None and self._idle and not done else wish

    async def _connect(self, new_token: bool) -> aiohttp.ClientWebSocketResponse:
        viewer = "spectator" if self.seat == SPECTATOR else str(self.seat)
        path = f"/api/game/ws/{quote(self.game)}/{viewer}"
        return await self._guest.socket(path, self._headers(), new_token=new_token)

    def _headers(self) -> dict[str, str]:
        return {JOIN_CODE: self.code} if self.code else {}
