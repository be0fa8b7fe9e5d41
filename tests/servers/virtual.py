"""Virtual time and predictable names, for tests that never sleep."""

import asyncio
import heapq
from collections.abc import Callable, Coroutine
from functools import wraps
from hashlib import sha256
from itertools import count
from typing import Any

from mafia_district.ids import Instant


def in_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run an asynchronous test to its end."""

    @wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        asyncio.run(test(*args, **kwargs))

    return run


async def settle() -> None:
    """Let everything happen that needs no time and no other thread."""
    ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
    await asyncio.sleep(0)
    while ready:
        await asyncio.sleep(0)


class VirtualClock:
    """A clock that stands still until it is told to move."""

    def __init__(self, now: Instant = 1_000_000) -> None:
        self._now = now
        self._order = count()
        self._sleepers: list[tuple[Instant, int, asyncio.Future[None]]] = []

    def now(self) -> Instant:
        """Give the present instant."""
        return self._now

    async def sleep_until(self, at: Instant) -> None:
        """Sleep until an instant."""
        if at > self._now:
            woken = asyncio.get_running_loop().create_future()
            heapq.heappush(self._sleepers, (at, next(self._order), woken))
            await woken

    async def advance(self, by: int) -> None:
        """Let time pass, and everything happen that waits for it, each at its own instant."""
        end = self._now + by
        await settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            at, _, woken = heapq.heappop(self._sleepers)
            self._now = max(self._now, at)
            if not woken.done():
                woken.set_result(None)
                await settle()
        self._now = end

    def jump(self, by: int) -> None:
        """Let time pass while the machine sleeps: nothing happens on the way."""
        self._now += by


class PredictableIds:
    """Names and secrets that follow from a label."""

    def __init__(self, label: str = "ids") -> None:
        self._label = label
        self._drawn = count()

    def game_id(self) -> str:
        """Make the id of a game."""
        return self.secret(6).hex()

    def account_id(self) -> str:
        """Make the id of a guest's account."""
        return f"guest-{self.secret(4).hex()}"

    def join_code(self) -> str:
        """Make a join code."""
        return "ABCDE"

    def secret(self, count: int) -> bytes:
        """Draw bytes."""
        drawn = b""
        while len(drawn) < count:
            drawn += sha256(f"{self._label} {next(self._drawn)}".encode()).digest()
        return drawn[:count]
