"""A guest: one session with a server over HTTP, as a program has it.

A request is sent until it is answered, always under the same idempotency key, so that however often
the connection breaks it acts once. A refresh token is good once, so it comes with the key under
which it will be spent: a renewal whose answer was lost is repeated, however much later.
"""

import asyncio
import secrets
from typing import Any, Final

import aiohttp
import msgspec

from mafia_district_servers.client.stream import BackOff
from mafia_district_servers.live.frames import PROTOCOL

_TRIES: Final = 8
_JSON: Final = ("application/json", "application/problem+json")
_PASSING: Final = (502, 503, 504)  # statuses after which the same request may be sent again


class ServerRefused(Exception):
    """The server refused a request; `code` is the problem's, `detail` says what would help."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail


class Unreachable(Exception):
    """The server could not be reached, after several tries."""


class Guest:
    """One guest's session with a server: tokens, repeats under one key, problems as exceptions.

    It needs a running event loop to be made.
    """

    def __init__(self, url: str, name: str) -> None:
        self._url = url.rstrip("/")
        self._name = name
        self._session = aiohttp.ClientSession()
        self._access = ""
        self._refresh = ""
        self._renewal = _new_key()  # under which the next session or its next tokens are asked for
        self._renewing = asyncio.Lock()

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()

    async def request(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> Any:
        """Send a request until it is answered; gives what its JSON says, or other bytes.

        Raises ServerRefused or Unreachable.
        """
        if not self._access:
            await self.log_in()
        keyed = {**_new_key(), **(headers or {})}
        sent_with = self._access
        try:
            return await self._send(method, path, body, keyed)
        except ServerRefused as refused:
            if refused.status != 401:
                raise
        await self.log_in(sent_with)
        return await self._send(method, path, body, keyed)

    async def log_in(self, refused: str = "") -> None:
        """Get an access token in place of a refused one; of several tasks, one gets it for all.

        By the refresh token, or else as a new guest. Raises ServerRefused or Unreachable.
        """
        async with self._renewing:
            if self._access != refused:
                return
            named = {"guest_name": self._name}
            asked = {"refresh_token": self._refresh} if self._refresh else named
            tokens = await self._send("POST", "/api/gateway/user-token", asked, self._renewal)
            self._access, self._refresh = tokens["access_token"], tokens["refresh_token"]
            self._renewal = _new_key()

    async def socket(
        self, path: str, headers: dict[str, str], *, new_token: bool
    ) -> aiohttp.ClientWebSocketResponse:
        """Open a WebSocket; raises aiohttp's errors."""
        if new_token or not self._access:
            await self.log_in(self._access)
        return await self._session.ws_connect(
            self._url + path, protocols=(PROTOCOL,), heartbeat=30, headers=self._with_token(headers)
        )

    def _with_token(self, headers: dict[str, str]) -> dict[str, str]:
        return {**headers, "Authorization": f"Bearer {self._access}"} if self._access else headers

    async def _send(self, method: str, path: str, body: object, headers: dict[str, str]) -> Any:
        back_off = BackOff()
        for _ in range(_TRIES):
            try:
                status, answer = await self._once(method, path, body, headers)
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                last = str(error)
            else:
                if status < 400:
                    return answer
                problem = answer if isinstance(answer, dict) else {}
                last = problem.get("detail", "")
                if status not in _PASSING:
                    raise ServerRefused(status, problem.get("code", ""), last)
            await back_off.wait()
        raise Unreachable(f"{self._url} does not answer: {last}")

    async def _once(
        self, method: str, path: str, body: object, headers: dict[str, str]
    ) -> tuple[int, Any]:
        data = None if body is None else msgspec.json.encode(body)
        sent = {"Content-Type": "application/json", **self._with_token(headers)}
        async with self._session.request(method, self._url + path, data=data, headers=sent) as got:
            text = await got.read()
            return got.status, msgspec.json.decode(text) if got.content_type in _JSON else text


def _new_key() -> dict[str, str]:
    return {"Idempotency-Key": secrets.token_hex(16)}
