"""A feed within this process."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from mafia_district.ids import Version


class _Subscription:
    """What one listener has not heard yet: at most the latest version.

    Waiting for the next one may be cancelled and begun again; nothing is lost by it.
    """

    def __init__(self) -> None:
        self._news = asyncio.Event()
        self._latest: Version = 0

    def tell(self, version: Version) -> None:
        self._latest = max(self._latest, version)
        self._news.set()

    def __aiter__(self) -> "_Subscription":
        return self

    async def __anext__(self) -> Version:
        await self._news.wait()
        self._news.clear()
        return self._latest


class MemoryFeed:
    """Tells this process's listeners."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[_Subscription]] = {}

    def publish(self, game: str, version: Version) -> None:
        """Tell all who listen to a game."""
        for listener in self._listeners.get(game, ()):
            listener.tell(version)

    def subscribe(self, game: str) -> AbstractAsyncContextManager[AsyncIterator[Version]]:
        """Listen to a game; of several versions that were missed, the latest is given."""
        return self._subscribed(game)

    def listened(self) -> Iterable[str]:
        """List the games to which somebody listens."""
        return tuple(self._listeners)

    @asynccontextmanager
    async def _subscribed(self, game: str) -> AsyncIterator[AsyncIterator[Version]]:
        listener = _Subscription()
        self._listeners.setdefault(game, set()).add(listener)
        try:
            yield listener
        finally:
            self._listeners[game].discard(listener)
            if not self._listeners[game]:
                del self._listeners[game]
