"""Waiting for one thing, but no longer than until an instant on the game's own clock."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from mafia_district.ids import Instant
from mafia_district_servers.ports import Clock

T = TypeVar("T")


async def before(clock: Clock, until: Instant | None, awaited: Awaitable[T]) -> T | None:
    """Await something; None if the instant came first. Without an instant, for ever."""
    if until is None:
        return await awaited
    wanted = asyncio.ensure_future(awaited)
    sleeping = asyncio.ensure_future(clock.sleep_until(until))
    try:
        await asyncio.wait((wanted, sleeping), return_when=asyncio.FIRST_COMPLETED)
        return wanted.result() if wanted.done() else None
    finally:
        wanted.cancel()
        sleeping.cancel()
