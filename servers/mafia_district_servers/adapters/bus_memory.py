"""A bus within this process: for tests, and for several servers in one process."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Final

_MOST: Final = 10_000  # words that wait to be heard

_log = logging.getLogger(__name__)


class Hub:
    """Where the buses of several servers meet."""

    def __init__(self) -> None:
        self.buses: list[MemoryBus] = []


class MemoryBus:
    """One server's end; `cut` and `mend` are for tests of what happens without a bus."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._heard: deque[tuple[str, str]] = deque(maxlen=_MOST)
        self._news = asyncio.Event()
        self._sessions = 0
        self._running = self._whole = False
        self._session = 0
        self.mend()

    @property
    def session(self) -> int:
        """0 while down; another number after each break."""
        return self._session

    def cut(self) -> None:
        """Go down; what is on its way is lost."""
        self._whole = False
        self._settle()

    def mend(self) -> None:
        """Come up again."""
        self._whole = True
        self._settle()

    def send(self, topic: str, text: str) -> None:
        """Tell all others; lost while down."""
        if self._session:
            for bus in self._hub.buses:
                if bus is not self:
                    bus._tell(topic, text)

    async def run(self, hear: Callable[[str, str], None]) -> None:
        """Carry until cancelled."""
        self._hub.buses.append(self)
        self._running = True
        self._settle()
        try:
            while True:
                while self._heard:
                    topic, text = self._heard.popleft()
                    try:
                        hear(topic, text)
                    except Exception:
                        _log.exception("a word on %r was not understood", topic)
                self._news.clear()
                await self._news.wait()
        finally:
            self._hub.buses.remove(self)
            self._running = False
            self._settle()

    def _tell(self, topic: str, text: str) -> None:
        if self._session:
            self._heard.append((topic, text))
            self._news.set()

    def _settle(self) -> None:
        """Be up if it runs and is whole, under another number than the last time."""
        up = self._running and self._whole
        if up and not self._session:
            self._sessions += 1
            self._session = self._sessions
        elif not up:
            self._session = 0
            self._heard.clear()
