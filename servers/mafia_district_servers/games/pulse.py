"""The pulse: how a server knows how long it, and everybody else on its store, was away.

While it serves, a server signs in the store every few seconds. Nothing signed for long is an
outage: nobody could play, so players get back the time that it took. That holds for a restart, and
as well for a machine that slept.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from mafia_district.ids import Instant
from mafia_district_servers.ports import Clock, EventStore, StoreUnavailable

BEAT_MS: Final = 3_000
OUTAGE_MS: Final = 10_000  # as long without a sign of life is an outage

_log = logging.getLogger(__name__)


class Pulse:
    """Signs, and calls `recover(since)` after an outage, before anything else happens."""

    def __init__(
        self, store: EventStore, clock: Clock, recover: Callable[[Instant], Awaitable[None]]
    ) -> None:
        self._store = store
        self._clock = clock
        self._recover = recover
        self._last: Instant | None = None
        self._beating = asyncio.Lock()

    def missed(self) -> bool:
        """Tell whether an outage may have gone by since the last beat."""
        return self._last is not None and self._clock.now() - self._last > OUTAGE_MS

    async def beat(self) -> None:
        """Sign; after an outage, once everybody has got back the time."""
        async with self._beating:
            since = await self._store.last_sign()
            if since is not None and self._clock.now() - since > OUTAGE_MS:
                _log.info("back after %d s", (self._clock.now() - since) // 1000)
                await self._recover(since)
            now = self._clock.now()
            await self._store.sign(now)
            self._last = now

    async def run(self) -> None:
        """Beat until cancelled."""
        while True:
            await self._clock.sleep_until(self._clock.now() + BEAT_MS)
            try:
                await self.beat()
            except StoreUnavailable as error:
                _log.warning("no sign of life could be given: %s", error)
            except Exception:
                _log.exception("no sign of life could be given")
