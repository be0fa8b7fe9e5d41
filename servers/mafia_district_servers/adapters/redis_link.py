"""A link to Redis for short questions that may go unanswered.

A question is answered soon or not at all. After one that was not, the rest is spared the waiting:
for a moment nobody asks, then one question tries whether Redis is there again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final, TypeVar

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

_ANSWER: Final = 0.25  # seconds that an answer may take, a new connection included
_REST: Final = 0.5  # seconds in which nobody asks, after a question without an answer
_CONNECTIONS: Final = 16

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class RedisLink:
    """Asks, and never raises; `what` is how the log calls what is kept there.

    Raises ValueError for a URL that is not one of Redis.
    """

    def __init__(self, url: str, what: str) -> None:
        self._what = what
        self._client = Redis.from_pool(
            BlockingConnectionPool.from_url(
                url,
                max_connections=_CONNECTIONS,
                timeout=_ANSWER,
                socket_connect_timeout=_ANSWER,
                socket_timeout=_ANSWER,
                retry=Retry(NoBackoff(), 0),
                protocol=2,  # the one that every server speaks
            )
        )
        self._asking: set[asyncio.Future[Any]] = set()
        self._away = False
        self._resting = 0.0  # until when, in the loop's time

    async def ask(self, question: "Callable[[Redis], Awaitable[_T]]") -> _T | None:
        """Ask something; None if there is no answer, and then it may have been done or not."""
        now = asyncio.get_running_loop().time()
        if now < self._resting:
            return None
        if self._away:
            self._resting = now + _REST  # this one tries for all
        asking = asyncio.ensure_future(question(self._client))
        self._asking.add(asking)
        asking.add_done_callback(self._asked)
        try:
            await asyncio.wait({asking}, timeout=_ANSWER)
        finally:
            asking.cancel()  # and nobody waits for it: to clean up a connection may take long, too
        if not asking.done() or asking.cancelled() or asking.exception() is not None:
            self._broken(asking)
            return None
        self._whole()
        return asking.result()

    async def close(self) -> None:
        """Let go of all connections."""
        if self._asking:
            await asyncio.wait(self._asking, timeout=_ANSWER)
        with suppress(Exception):
            async with asyncio.timeout(_ANSWER):
                await self._client.aclose()

    def _asked(self, asking: "asyncio.Future[Any]") -> None:
        self._asking.discard(asking)
        if not asking.cancelled():
            asking.exception()  # has been dealt with, or comes too late

    def _broken(self, asking: "asyncio.Future[Any]") -> None:
        self._resting = asyncio.get_running_loop().time() + _REST
        if not self._away:
            self._away = True
            over = asking.done() and not asking.cancelled()
            error = asking.exception() if over else None
            _log.warning("%s in Redis: away: %s", self._what, reason(error or TimeoutError()))

    def _whole(self) -> None:
        self._resting = 0.0
        if self._away:
            self._away = False
            _log.info("%s in Redis: back again", self._what)


def raw(key: str) -> bytes:
    """Encode a key, whatever is in it: nobody's name may look as if Redis were away."""
    return key.encode(errors="surrogatepass")


def reason(error: BaseException) -> str:
    """Say on one line why something failed."""
    if isinstance(error, BaseExceptionGroup):
        return reason(error.exceptions[0])
    if isinstance(error, asyncio.TimeoutError):
        return "no answer in time"
    return " ".join(str(error).split()) or type(error).__name__
