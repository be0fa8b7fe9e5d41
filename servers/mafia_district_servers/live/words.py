"""Words: what this process hears from the others, and who is told of it."""

from collections.abc import Callable, Mapping

from mafia_district_servers.ports import Bus


class Words:
    """Hands the words of a bus to those who listen to their topics."""

    def __init__(self, bus: Bus | None, listeners: Mapping[str, Callable[[str], None]]) -> None:
        self._bus = bus
        self._listeners = listeners

    async def run(self) -> None:
        """Listen until cancelled; without a bus there is nothing to hear."""
        if self._bus is not None:
            await self._bus.run(self._hear)

    def _hear(self, topic: str, text: str) -> None:
        listener = self._listeners.get(topic)
        if listener is not None:
            listener(text)
