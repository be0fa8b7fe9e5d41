"""Invalidation: what a successful change makes stale is forgotten at once.

Answers about a game need no such care: a change moves the place in the stream that is their key.
The list of public lobbies is no game's, so it is dropped here. The design's
`cache_invalidation_middleware`.
"""

from typing import Final

from mafia_district_servers.ports import Cache

LOBBIES: Final = "lobbies"  # the list's key in the cache
_OF_THE_LIST: Final = "/api/game/"


def changes_the_list(method: str, path: str) -> bool:
    """Tell whether a route may change what the list of lobbies says."""
    return method != "GET" and path.startswith(_OF_THE_LIST)


async def drop_list(cache: Cache) -> None:
    """Forget the list of lobbies."""
    await cache.drop(LOBBIES)
