"""The hub: one game's sockets, and what each of them is sent.

The feed says only that the game has reached a new version; the hub then reads what each viewer may
see from that viewer's own cursor and offers it to the viewer's sockets. Everything between reading
the game and offering the frames happens in one step of the loop, so that a newcomer's snapshot and
the events after it neither overlap nor leave a gap. No step waits for a client.
"""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from mafia_district.ids import SPECTATOR, Cursor, Version, Viewer
from mafia_district.machine import Sight
from mafia_district_servers.games.authority import Authority, NotSeated, Warm
from mafia_district_servers.live import frames
from mafia_district_servers.live.closing import Close
from mafia_district_servers.ports import Clock

AT_EVERY: Final = 20_000  # milliseconds between two `at` frames
RETRY_AFTER: Final = 1_000  # milliseconds before a lost feed is looked for again

_log = logging.getLogger(__name__)


class Listener(Protocol):
    """A socket, as its hub knows it."""

    account: str
    viewer: Viewer

    def offer(self, frames: Sequence[bytes]) -> None:
        """Take frames to send, or cut oneself off."""

    def repeat(self, frames: Iterator[bytes]) -> None:
        """Take frames to send that are made when they are sent, or cut oneself off."""

    def cut(self, code: Close, reason: str) -> None:
        """Close with a code; does not wait."""


class Channel:
    """The sockets of one viewer, who all stand at the same cursor."""

    __slots__ = ("choices", "cursor", "epoch", "sockets", "viewer")

    def __init__(self, warm: Warm, viewer: Viewer) -> None:
        self.viewer = viewer
        self.epoch = warm.epoch_of(viewer)
        self.cursor: Cursor = warm.game.cursor(viewer)
        self.choices = frames.choices_of(warm.game, viewer)
        self.sockets: list[Listener] = []

    def offer(self, *row: bytes) -> None:
        """Offer frames to every socket."""
        for socket in self.sockets:
            socket.offer(row)

    def news(self, warm: Warm, encoder: frames.Frames) -> list[bytes]:
        """Step to the present; give the frames of what has come since."""
        sights = warm.game.entries(self.viewer, after=self.cursor)
        if not sights:
            return []
        self.cursor = sights[-1].cursor
        self.epoch = warm.epoch_of(self.viewer)
        row = [encoder.of(sight.event) for sight in sights]
        choices = frames.choices_of(warm.game, self.viewer)
        if choices != self.choices:
            self.choices = choices
            row.append(frames.choices(choices))
        return row


class Hub:
    """One game's channels, fed by one task while anybody listens."""

    def __init__(self, game: str, authority: Authority, clock: Clock) -> None:
        self.game = game
        self.channels: dict[Viewer, Channel] = {}
        self.users = 0  # connections that hold on to this hub, attached or about to be
        self.authority = authority
        self._clock = clock
        self._encoder = frames.Frames()
        self._tasks: list[asyncio.Task[None]] = []
        self._listening = asyncio.Event()

    async def attach(self, socket: Listener) -> None:
        """Let a socket in: snapshot, who is here, and from then on everything.

        Raises NotSeated if the socket is for a seat that is not its account's.
        """
        await self._start()
        warm = await self.authority.read(self.game)
        if not _may_hold(socket, warm):
            raise NotSeated(self.game)
        channel = self._current(warm, socket.viewer)
        self._replace(channel, socket)
        self._show(socket, channel, warm)
        socket.offer([frames.presence(seat, True) for seat in self._online()])
        channel.sockets.append(socket)
        if len(channel.sockets) == 1:
            self._tell_presence(socket.viewer, True)

    def detach(self, socket: Listener) -> None:
        """Forget a socket, if it was attached."""
        channel = self.channels.get(socket.viewer)
        if channel is None or socket not in channel.sockets:
            return
        channel.sockets.remove(socket)
        if not channel.sockets:
            del self.channels[socket.viewer]
            self._tell_presence(socket.viewer, False)

    async def resume(self, socket: Listener, epoch: str, cursor: Cursor) -> None:
        """Send everything after a cursor again, or a snapshot if that place is not ours."""
        warm = await self.authority.read(self.game)
        channel = self._current(warm, socket.viewer)
        if epoch != channel.epoch or cursor > channel.cursor:
            self._show(socket, channel, warm)
            return
        socket.offer([frames.at(epoch, cursor, self._clock.now())])
        socket.repeat(self._encoded(warm.game.entries(socket.viewer, after=cursor)))

    def _show(self, socket: Listener, channel: Channel, warm: Warm) -> None:
        """Offer a snapshot."""
        now = self._clock.now()
        socket.offer([frames.snapshot(warm.game, channel.epoch, channel.viewer, now)])

    async def close(self) -> None:
        """Stop listening."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self, code: Close, reason: str) -> None:
        """Close every socket."""
        for channel in self.channels.values():
            for socket in channel.sockets:
                socket.cut(code, reason)

    async def reach(self, version: Version) -> None:
        """Offer each viewer what is new, once the game has come to a version."""
        warm = await self.authority.read(self.game, at_least=version)
        for channel in self.channels.values():
            self._publish_to(channel, warm)

    def _publish_to(self, channel: Channel, warm: Warm) -> None:
        """Offer what is new; a socket that has lost its seat gets none of it.

        The seat may have a new holder already, and what is new may be their secret.
        """
        news = channel.news(warm, self._encoder)
        for socket in channel.sockets if news else ():
            if _may_hold(socket, warm):
                socket.offer(news)
            else:
                socket.cut(Close.NOT_IN_SEAT, "you have left this seat")

    def _current(self, warm: Warm, viewer: Viewer) -> Channel:
        """Give a viewer's channel, brought to the present."""
        channel = self.channels.get(viewer)
        if channel is None:
            channel = self.channels[viewer] = Channel(warm, viewer)
        else:
            self._publish_to(channel, warm)
        return channel

    def _replace(self, channel: Channel, socket: Listener) -> None:
        """Let a seat's newer connection take the place of the old one."""
        if socket.viewer == SPECTATOR:
            return
        for older in channel.sockets:
            older.cut(Close.REPLACED, "replaced by a newer connection")

    def would_replace(self, account: str, viewer: Viewer) -> bool:
        """Tell whether a newcomer would take the place of a socket of the same account."""
        channel = self.channels.get(viewer)
        if viewer == SPECTATOR or channel is None:
            return False
        return any(socket.account == account for socket in channel.sockets)

    def _online(self) -> list[Viewer]:
        return [seat for seat, row in self.channels.items() if seat != SPECTATOR and row.sockets]

    def _tell_presence(self, viewer: Viewer, online: bool) -> None:
        """Tell everybody, and the authority, that a player has come or gone."""
        if viewer == SPECTATOR:
            return
        self.authority.present(self.game, viewer, online)
        for channel in self.channels.values():
            channel.offer(frames.presence(viewer, online))

    def _encoded(self, sights: Sequence[Sight]) -> Iterator[bytes]:
        return (self._encoder.of(sight.event) for sight in sights)

    async def _start(self) -> None:
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._tick())]
        await self._listening.wait()

    async def _listen(self) -> None:
        """Follow the game; where that fails, send everybody away to come back and resume."""
        while True:
            try:
                await self._follow()
            except Exception:
                _log.exception("game %s cannot be followed", self.game)
                self._listening.clear()
                self.cut(Close.RESUME_ELSEWHERE, "come back and resume")
                await self._clock.sleep_until(self._clock.now() + RETRY_AFTER)

    async def _follow(self) -> None:
        async with self.authority.feed.subscribe(self.game) as changes:
            self._listening.set()
            async for version in changes:
                await self.reach(version)

    async def _tick(self) -> None:
        """Tell every viewer's place now and then, so that a client may check its count."""
        while True:
            await self._clock.sleep_until(self._clock.now() + AT_EVERY)
            for channel in self.channels.values():
                channel.offer(frames.at(channel.epoch, channel.cursor, self._clock.now()))


def _may_hold(socket: Listener, warm: Warm) -> bool:
    """Tell whether a socket's eyes are its account's to have."""
    return socket.viewer == SPECTATOR or warm.seats.get(socket.account) == socket.viewer
