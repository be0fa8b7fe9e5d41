"""The shelf: the warm games of a process, as many as there is room for.

Whatever is on it could be thrown away at any moment: the truth is in the store. Games that are over
go first, then those that nobody has touched for longest; never one whose commands are on their way.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from mafia_district.log import Damaged
from mafia_district.phases import ENDED
from mafia_district_servers.errors import NoSuchGame
from mafia_district_servers.games.warm import Warm
from mafia_district_servers.ports import EventStore, StoreUnavailable

DAMAGE: Final = (Damaged, LookupError, ValueError)  # what a replay of bad lines may raise


@contextmanager
def damage_told(game: str) -> Iterator[None]:
    """Turn what bad lines raise into StoreUnavailable, with that as its cause."""
    try:
        yield
    except DAMAGE as damage:
        raise StoreUnavailable(f"game {game} is damaged: {damage}") from damage


class Shelf:
    """Loads games from the store and keeps them; `loaded` is told of every game that comes."""

    def __init__(self, store: EventStore, most: int, loaded: Callable[[Warm], None]) -> None:
        self._store = store
        self._most = most
        self._loaded = loaded
        self._kept: OrderedDict[str, Warm] = OrderedDict()
        self._loading: dict[str, asyncio.Task[Warm]] = {}

    def kept(self, game: str) -> Warm | None:
        """Look a game up without loading it."""
        return self._kept.get(game)

    def running(self) -> list[str]:
        """List the games on the shelf that are not over."""
        return [warm.id for warm in self._kept.values() if warm.game.phase is not ENDED]

    async def get(self, game: str) -> Warm:
        """Give a warm game, loaded where needed; raises NoSuchGame and StoreUnavailable.

        For a game that is stored but cannot be read, the cause of the latter is one of DAMAGE.
        """
        warm = self._kept.get(game)
        if warm is not None:
            self._kept.move_to_end(game)
            return warm
        loading = self._loading.get(game)
        if loading is None:
            loading = self._loading[game] = asyncio.create_task(self._load(game))
            loading.add_done_callback(lambda _: self._loading.pop(game))
        return await asyncio.shield(loading)

    async def drop(self, game: str) -> None:
        """Forget a warm game whose lines have changed, when nothing of it is on its way."""
        while (warm := self._kept.get(game)) is not None and warm.in_flight:
            for decided in list(warm.in_flight.values()):
                await decided.settled.wait()
        self._kept.pop(game, None)

    async def _load(self, game: str) -> Warm:
        stored = await self._store.load(game)
        if stored is None:
            raise NoSuchGame(game)
        with damage_told(game):
            warm = Warm(stored)
        self._put(warm)
        return warm

    def _put(self, warm: Warm) -> None:
        if len(self._kept) >= self._most:
            self._make_room()
        self._kept[warm.id] = warm
        self._loaded(warm)

    def _make_room(self) -> None:
        idle = [warm for warm in self._kept.values() if not warm.in_flight]
        for warm in sorted(idle, key=lambda warm: warm.game.phase is not ENDED)[:1]:
            del self._kept[warm.id]
