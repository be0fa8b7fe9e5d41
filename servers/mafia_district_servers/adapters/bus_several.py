"""Several buses as one: what one of them loses another may carry."""

import asyncio
from collections.abc import Callable, Sequence

from mafia_district_servers.ports import Bus


class SeveralBuses:
    """Sends on all of them and hears on all; who hears a word twice knows it already."""

    def __init__(self, buses: Sequence[Bus]) -> None:
        self._buses = buses

    @property
    def session(self) -> int:
        """0 while all are down; another number whenever one of them breaks or comes back."""
        return sum(bus.session for bus in self._buses)

    def send(self, topic: str, text: str) -> None:
        """Tell all others."""
        for bus in self._buses:
            bus.send(topic, text)

    async def run(self, hear: Callable[[str, str], None]) -> None:
        """Carry until cancelled."""
        async with asyncio.TaskGroup() as carrying:
            for bus in self._buses:
                carrying.create_task(bus.run(hear))
