"""A feed within this process, and between several where there is a bus."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final

from mafia_district.ids import Version
from mafia_district_servers.ports import Bus

TOPIC: Final = "game"  # of the bus

_TEXT: Final = re.compile("([^ ]{1,64}) ([0-9]{1,18})", re.ASCII)  # a game, and its version
_MOST: Final = 10_000  # games of which is known what the others know


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
    """Tells this process's listeners; with a bus, those of others too.

    Each version is sent once, and not by those who know it from others: they tell their own
    listeners only. What the bus lost nobody hears; it tells by its session that it may have.
    """

    def __init__(self, bus: Bus | None = None) -> None:
        self._listeners: dict[str, set[_Subscription]] = {}
        self._bus = bus
        self._known: OrderedDict[str, Version] = OrderedDict()  # to the others: sent, or heard

    def publish(self, game: str, version: Version) -> None:
        """Tell all who listen to a game."""
        self._tell(game, version)
        if self._bus is not None and self._learn(game, version):
            self._bus.send(TOPIC, f"{game} {version}")

    def hear(self, text: str) -> None:
        """Tell this process's listeners what the bus says on the feed's topic."""
        told = _TEXT.fullmatch(text)
        if told is not None:
            game, version = told[1], int(told[2])
            self._learn(game, version)
            self._tell(game, version)

    def subscribe(self, game: str) -> AbstractAsyncContextManager[AsyncIterator[Version]]:
        """Listen to a game; of several versions that were missed, the latest is given."""
        return self._subscribed(game)

    def listened(self) -> Iterable[str]:
        """List the games to which somebody listens."""
        return tuple(self._listeners)

    def _tell(self, game: str, version: Version) -> None:
        for listener in self._listeners.get(game, ()):
            listener.tell(version)

    def _learn(self, game: str, version: Version) -> bool:
        """Keep what the others know of a game; False if it is no news to them."""
        news = version > self._known.get(game, 0)
        if news:
            self._known[game] = version
            self._known.move_to_end(game)
            if len(self._known) > _MOST:
                self._known.popitem(last=False)
        return news

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
