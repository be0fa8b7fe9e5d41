"""A service's own token, which the gateway gives it for its secret."""

import time
from collections.abc import Sequence
from typing import Final

import aiohttp

_PATH: Final = "/api/gateway/service-token"


class OwnToken:
    """Asks for the token of a service, and again when half its life is over."""

    def __init__(
        self, http: aiohttp.ClientSession, urls: Sequence[str], service: str, secret: str
    ) -> None:
        self._http = http
        self._urls = urls
        self._asked = {"service": service, "secret": secret}
        self._token = ""
        self._until = 0.0

    async def get(self) -> str:
        """Give the token; raises aiohttp's errors."""
        if time.monotonic() >= self._until:
            await self._ask()
        return self._token

    async def _ask(self) -> None:
        last: aiohttp.ClientError | None = None
        for url in self._urls:
            try:
                async with self._http.post(url + _PATH, json=self._asked) as got:
                    got.raise_for_status()
                    answer = await got.json()
            except aiohttp.ClientError as error:
                last = error
            else:
                self._token = answer["access_token"]
                self._until = time.monotonic() + answer["expires_in"] / 2
                return
        raise last or aiohttp.ClientError("there is no gateway")
