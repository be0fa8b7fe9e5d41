"""Counts in this process, for a server that is one process."""

import heapq
from collections.abc import Mapping

from mafia_district.ids import Instant, Millis
from mafia_district_servers.ports import Clock


class MemoryCounts:
    """Keeps counts until their windows are over; its length is how many windows are kept."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._totals: dict[str, int] = {}
        self._ends: list[tuple[Instant, str]] = []  # a heap: of each window, once

    def __len__(self) -> int:
        return len(self._totals)

    async def settle(self, counted: Mapping[str, int], ttl: Millis) -> Mapping[str, int]:
        """Add to each count and give the totals."""
        now = self._clock.now()
        while self._ends and self._ends[0][0] <= now:
            del self._totals[heapq.heappop(self._ends)[1]]
        for name, more in counted.items():
            if name not in self._totals:
                heapq.heappush(self._ends, (now + max(ttl, 1), name))
            self._totals[name] = self._totals.get(name, 0) + more
        return {name: self._totals[name] for name in counted}
