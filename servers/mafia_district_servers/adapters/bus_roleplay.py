"""A bus over the roleplay service's socket, for a server of several processes without Redis."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import aiohttp

from mafia_district_servers.client.stream import BackOff
from mafia_district_servers.identity import service_tokens
from mafia_district_servers.live import relay

_HEARTBEAT: Final = 2.0  # seconds of silence before a ping; half as long again, and it is down
_MOST: Final = 1_000  # words that wait to be sent

_log = logging.getLogger(__name__)


class RoleplayBus:
    """Connects to one of the addresses; `token` gives this service's own."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        urls: Sequence[str],
        token: Callable[[], Awaitable[str]],
    ) -> None:
        self._http = http
        self._urls = urls
        self._token = token
        self._session = self._sessions = 0
        self._waiting: deque[str] = deque(maxlen=_MOST)
        self._news = asyncio.Event()

    @property
    def session(self) -> int:
        """0 while down; another number after each break."""
        return self._session

    def send(self, topic: str, text: str) -> None:
        """Tell all others; lost while down."""
        if self._session:
            self._waiting.append(relay.frame(topic, text))
            self._news.set()

    async def run(self, hear: Callable[[str, str], None]) -> None:
        """Carry until cancelled."""
        back_off = BackOff()
        while True:
            for url in self._urls:
                with contextlib.suppress(aiohttp.ClientError, OSError, TimeoutError):
                    await self._carry(url, hear, back_off)
            await back_off.wait()

    async def _carry(self, url: str, hear: Callable[[str, str], None], back_off: BackOff) -> None:
        headers = {service_tokens.HEADER: await self._token()}
        async with self._http.ws_connect(
            url + relay.PATH, headers=headers, heartbeat=_HEARTBEAT
        ) as socket:
            back_off.reset()
            self._sessions += 1
            self._session = self._sessions
            sending = asyncio.create_task(self._send_all(socket))
            try:
                async for message in socket:
                    heard = relay.word(message.data)
                    if heard is not None:
                        relay.tell(hear, *heard)
            finally:
                self._session = 0
                self._waiting.clear()
                sending.cancel()
                _log.info("the feed of %s is down", url)

    async def _send_all(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                while self._waiting:
                    await socket.send_str(self._waiting.popleft())
                self._news.clear()
                await self._news.wait()
