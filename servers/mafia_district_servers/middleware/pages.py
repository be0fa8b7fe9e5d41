"""Pages: answers to GET, kept for those who ask again. The design's `cache_middleware`.

What a GET about a game answers follows from who looks and from where they stand in the game's
stream: epoch and cursor. So these are the answer's ETag, and the key under which it is kept, for
300 seconds at most. The game's own version is in neither, for it would tell a viewer that something
happened which they may not know. Nothing in an answer tells whether it was kept.

In the gateway's own process the place comes from memory, so a kept answer is as fresh as a new one.
An answer of a service elsewhere is kept with its ETag, and the service is asked each time if it
still holds: a word lost between processes makes nothing stale.
"""

from typing import Final
from zlib import crc32

import attrs

from mafia_district.version import __version__
from mafia_district_servers.caller import Caller
from mafia_district_servers.games.authority import Warm
from mafia_district_servers.games.gate import eyes
from mafia_district_servers.ports import Cache

KEPT_MS: Final = 300_000
HEADERS: Final = {"Cache-Control": "private, no-cache"}  # keep it, but ask each time if it holds
_BUILD: Final = crc32(__version__.encode())  # another version may answer otherwise


@attrs.frozen
class Page:
    """A kept answer."""

    tag: str
    body: bytes


class Pages:
    """Keeps answers."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    async def find(self, tag: str) -> bytes | None:
        """Look for the answer that a tag stands for."""
        return await self._cache.get(f"page:{tag}")

    async def keep(self, tag: str, body: bytes) -> None:
        """Keep an answer."""
        await self._cache.set(f"page:{tag}", body, KEPT_MS)

    async def last(self, caller: Caller, address: str) -> Page | None:
        """Look for what a caller was answered last at an address."""
        kept = await self._cache.get(f"last:{caller.account}:{address}")
        if kept is None:
            return None
        tag, _, body = kept.partition(b"\n")
        return Page(tag.decode(), body)

    async def keep_last(self, caller: Caller, address: str, page: Page) -> None:
        """Keep what a caller was answered at an address."""
        value = page.tag.encode() + b"\n" + page.body
        await self._cache.set(f"last:{caller.account}:{address}", value, KEPT_MS)


def tag(warm: Warm, caller: Caller, address: str) -> str:
    """Write the ETag of what a caller is answered at an address now."""
    viewer = eyes(warm, caller)
    where = crc32(address.encode(errors="surrogateescape"), _BUILD)
    return f'"{warm.epoch_of(viewer)}.{viewer}.{warm.game.cursor(viewer)}.{where:x}"'


def is_held(if_none_match: str | None, tag: str) -> bool:
    """Tell whether a client holds the answer of a tag already (RFC 9110, 13.1.2)."""
    if if_none_match is None:
        return False
    held = (part.strip().removeprefix("W/") for part in if_none_match.split(","))
    return tag in held
