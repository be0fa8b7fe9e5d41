"""A bus over Redis: every process publishes its words, and hears those of all others.

Redis tells who listens at the moment and forgets, so a break loses words on both sides. That there
is one has to be noticed even on a connection that is only silent. So the bus now and then sends
itself a word over Redis: it is up from the first of them that comes back, and down when one does
not.
"""

import asyncio
import logging
import random
import re
import secrets
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from mafia_district_servers.adapters.redis_link import reason

_PREFIX: Final = "mafia-district:"
_MOST: Final = 10_000  # words that wait to be sent; the oldest is lost first
_AT_ONCE: Final = 500  # words that are sent in one go
_BEAT: Final = 2.0  # seconds between two words to itself
_PATIENCE: Final = 5.0  # seconds within which Redis has to answer anything
_CLOSE: Final = 1.0  # seconds that the end of a connection may take
_SOONEST, _LATEST = 0.05, 2.0  # seconds before it connects again, at first and at last
_SHAPE: Final = re.compile(r"([0-9a-f]{32}) (.*)", re.DOTALL)  # who sends, and the text

_log = logging.getLogger(__name__)


class RedisBus:
    """One process's end; words are published under a prefix, whose topics are its own.

    Raises ValueError for a URL that is not one of Redis; after that only the log tells of trouble.
    """

    def __init__(
        self,
        url: str,
        prefix: str = _PREFIX,
        *,
        beat: float = _BEAT,
        patience: float = _PATIENCE,
        most: int = _MOST,
    ) -> None:
        self._me = secrets.token_hex(16)
        self._words = f"{prefix}word:"
        self._echo = f"{prefix}echo:{self._me}"
        self._beat = beat
        self._patience = patience
        self._waiting: deque[tuple[bytes, bytes]] = deque(maxlen=most)
        self._news = asyncio.Event()
        self._sessions = self._session = 0
        self._away = False
        self._url = url
        self._client()  # for a URL that makes no sense

    @property
    def session(self) -> int:
        """0 while down; another number after each break, in which words may have been lost."""
        return self._session

    def send(self, topic: str, text: str) -> None:
        """Tell all others; lost while down, or when too many wait."""
        if self._session:
            words = self._words + topic, f"{self._me} {text}"
            channel, word = (part.encode(errors="replace") for part in words)
            self._waiting.append((channel, word))
            self._news.set()

    async def run(self, hear: Callable[[str, str], None]) -> None:
        """Carry until cancelled; after a break connects again, later and later."""
        clock, tries = asyncio.get_running_loop().time, 0
        while True:
            began = clock()
            try:
                await self._carry(hear)
            except* Exception as broken:
                self._broken(broken)
            finally:
                self._session = 0
                self._waiting.clear()
            tries = 0 if clock() - began > 2 * self._patience else tries + 1
            latest = min(_SOONEST * 2 ** min(tries, 10), _LATEST)
            await asyncio.sleep(random.uniform(latest / 2, latest))  # noqa: S311

    async def _carry(self, hear: Callable[[str, str], None]) -> None:
        """Connect and carry; raises whatever the break is."""
        client = self._client()
        ear = client.pubsub()
        try:
            async with asyncio.timeout(self._patience):
                await ear.psubscribe(_literal(self._words) + "*")
                await ear.subscribe(self._echo)  # heard only by this process
                while (await _next(ear))["type"] != "subscribe":
                    pass
            async with asyncio.TaskGroup() as group:
                group.create_task(self._speak(client))
                await self._listen(ear, hear)
        finally:
            for close in (ear.aclose, client.aclose):
                with suppress(Exception):
                    async with asyncio.timeout(_CLOSE):
                        await close()

    async def _speak(self, client: Redis) -> None:
        clock = asyncio.get_running_loop().time
        due = clock()
        while True:
            self._news.clear()
            async with asyncio.timeout(self._patience), client.pipeline(transaction=False) as pipe:
                for _ in range(min(len(self._waiting), _AT_ONCE)):
                    pipe.publish(*self._waiting.popleft())
                if clock() >= due:
                    pipe.publish(self._echo, b"")
                    due = clock() + self._beat
                await pipe.execute()
            with suppress(TimeoutError):
                async with asyncio.timeout_at(due):
                    while not self._waiting:
                        await self._news.wait()

    async def _listen(self, ear: PubSub, hear: Callable[[str, str], None]) -> None:
        while True:
            async with asyncio.timeout(self._beat + self._patience):
                message = await _next(ear)
            if message["type"] == "message":
                self._whole()
            elif message["type"] == "pmessage":
                self._heard(message["channel"], message["data"], hear)

    def _heard(self, channel: bytes, data: bytes, hear: Callable[[str, str], None]) -> None:
        """Pass a word on, unless it is no word, or one's own."""
        try:
            topic = channel.decode().removeprefix(self._words)
            word = _SHAPE.fullmatch(data.decode())
        except UnicodeDecodeError:
            return
        if word is None or not topic or word[1] == self._me:
            return
        try:
            hear(topic, word[2])
        except Exception:
            _log.exception("a word on %r was not understood", topic)

    def _whole(self) -> None:
        if not self._session:
            self._sessions += 1
            self._session = self._sessions
            if self._away:
                self._away = False
                _log.info("the bus over Redis carries again")

    def _broken(self, error: BaseException) -> None:
        if not self._away:
            self._away = True
            _log.warning("the bus over Redis is down: %s", reason(error))

    def _client(self) -> Redis:
        return Redis.from_url(
            self._url,
            socket_connect_timeout=self._patience,
            socket_timeout=self._patience,
            retry=Retry(NoBackoff(), 0),  # a connection that comes back by itself hides the break
            protocol=2,  # the one that every server speaks
        )


async def _next(ear: PubSub) -> dict[str, Any]:
    """Wait for the next message of any type."""
    message: dict[str, Any] | None = None
    while message is None:
        message = await ear.get_message(timeout=None)
    return message


def _literal(text: str) -> str:
    """Write a text so that a pattern means nothing else by it."""
    return re.sub(r"[][*?^\\-]", r"\\\g<0>", text)
