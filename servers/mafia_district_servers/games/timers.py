"""Timers: when each game wants to be looked at next, kept by one task."""

import asyncio
import heapq
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from mafia_district.ids import Instant
from mafia_district_servers.games.waiting import before
from mafia_district_servers.ports import Clock

RETRY_MS: Final = 1_000  # after an alarm that failed

_log = logging.getLogger(__name__)


class Timers:
    """One alarm a game; `ring` is called when it is due, for several games at once."""

    def __init__(self, clock: Clock, ring: Callable[[str], Awaitable[None]]) -> None:
        self._clock = clock
        self._ring = ring
        self._alarms: dict[str, Instant] = {}
        self._queue: list[tuple[Instant, str]] = []  # may hold alarms that were moved since
        self._news = asyncio.Event()
        self._ringing: set[asyncio.Task[None]] = set()

    def set(self, game: str, at: Instant | None) -> None:
        """Move a game's alarm, or stop it."""
        if self._alarms.get(game) == at:
            return
        if at is None:
            del self._alarms[game]
            return
        self._alarms[game] = at
        heapq.heappush(self._queue, (at, game))
        self._news.set()

    async def run(self) -> None:
        """Ring until cancelled."""
        try:
            while True:
                self._news.clear()
                self._ring_due()
                next_at = self._queue[0][0] if self._queue else None
                await before(self._clock, next_at, self._news.wait())
        finally:
            for ringing in self._ringing:
                ringing.cancel()

    def _ring_due(self) -> None:
        now = self._clock.now()
        while self._queue and self._queue[0][0] <= now:
            at, game = heapq.heappop(self._queue)
            if self._alarms.get(game) == at:
                del self._alarms[game]
                ringing = asyncio.create_task(self._answer(game))
                self._ringing.add(ringing)
                ringing.add_done_callback(self._ringing.discard)

    async def _answer(self, game: str) -> None:
        try:
            await self._ring(game)
        except Exception:
            _log.exception("the alarm of game %s failed: trying again", game)
            self.set(game, self._clock.now() + RETRY_MS)
