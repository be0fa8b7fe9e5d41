"""Polling: a viewer's frames for programs that speak HTTP alone.

It has the face of a `Stream`. What a socket would be sent is asked for, again and again; a command
is a POST under the same id, so that it acts once here as there. An answer that has not changed
costs the server next to nothing, for it is kept.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode

import msgspec

from mafia_district.ids import Cursor
from mafia_district_servers.client.guest import ServerRefused
from mafia_district_servers.client.stream import Frame

Ask: TypeAlias = Callable[[str, str, object, dict[str, str]], Awaitable[Any]]
"""Sends a request about the game: method, rest of the path, body, headers."""

_KEY: Final = "Idempotency-Key"


class Polling:
    """One viewer's frames, from the game's first event on; `pause` is in seconds."""

    def __init__(self, ask: Ask, pause: float) -> None:
        self.epoch = ""
        self.here: Cursor = 0
        self._ask = ask
        self._pause = pause
        self._waiting: deque[Frame] = deque()
        self._more = True

    @property
    def behind(self) -> bool:
        """Whether events are still to come that the server had already told of."""
        return self._more or any(frame["type"] == "event" for frame in self._waiting)

    async def send(self, data: bytes) -> None:
        """Send a command, and keep what is said to it; raises Unreachable."""
        frame = msgspec.json.decode(data)
        try:
            await self._ask("POST", "commands", frame["command"], {_KEY: frame["id"]})
        except ServerRefused as refused:
            told = {"type": "refused", "code": refused.code, "detail": refused.detail}
            self._waiting.append({**told, "id": frame["id"]})
        else:
            self._waiting.append({"type": "ack", "id": frame["id"]})

    async def next(self) -> Frame:
        """Give the next frame, asking for it where needed; cancelling loses nothing.

        Raises ServerRefused and Unreachable.
        """
        while not self._waiting:
            await self._poll()
            if not self._waiting:
                await asyncio.sleep(self._pause)
        frame = self._waiting.popleft()
        self.here += frame["type"] == "event"
        return frame

    async def close(self) -> None:
        """Nothing is open."""

    async def _poll(self) -> None:
        query = urlencode({"after": self.here, "epoch": self.epoch})
        try:
            page = await self._ask("GET", f"events?{query}", None, {})
        except ServerRefused as refused:
            if refused.code != "epoch_changed":
                raise
            self.epoch, self.here = "", 0
            return
        self.epoch, self._more = page["epoch"], page["more"]
        self._waiting += ({"type": "event", "event": row["event"]} for row in page["events"])
