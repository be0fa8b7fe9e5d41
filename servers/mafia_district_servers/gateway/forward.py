"""Forwarding: a request to a service in another process, and its answer back.

What goes on is what the service needs and nothing else: the user's token, and beside it the
gateway's own, which says that it came through this door. No header states a user by name. The body
has been read by then, so that a slow client never occupies a service; an answer is passed on as it
comes.

A request that was never sent is sent to the next instance. One that was sent and not answered is
sent again only if that does no harm: it reads, or its client gave it an idempotency key.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

import aiohttp
from aiohttp import hdrs, web

from mafia_district_servers.errors import CommitUnderWay
from mafia_district_servers.gateway.upstreams import Instance, Upstreams
from mafia_district_servers.identity import service_tokens
from mafia_district_servers.logs import REQUEST_ID
from mafia_district_servers.middleware.request_id import HEADER as REQUEST_ID_HEADER
from mafia_district_servers.problems import Fault, Problem

IDEMPOTENCY_KEY: Final = "Idempotency-Key"
_PASSED_ON: Final = (
    hdrs.AUTHORIZATION, hdrs.CONTENT_TYPE, hdrs.IF_NONE_MATCH, IDEMPOTENCY_KEY, "X-Join-Code",
)  # fmt: skip
_PASSED_BACK: Final = (
    hdrs.ALLOW, hdrs.CACHE_CONTROL, hdrs.CONTENT_TYPE, hdrs.ETAG, hdrs.RETRY_AFTER,
    hdrs.WWW_AUTHENTICATE, "X-Content-Type-Options",
)  # fmt: skip
_SAFE: Final = (hdrs.METH_GET, hdrs.METH_HEAD)
_WHOLE: Final = 256 * 1024  # bytes of an answer that is passed on in one piece
_CHUNK: Final = 64 * 1024
_AGAIN: Final = {"Retry-After": "1"}


class Forwarder:
    """Passes requests on; `speak` gives the gateway's own token."""

    def __init__(
        self, upstreams: Upstreams, http: aiohttp.ClientSession, speak: Callable[[], str]
    ) -> None:
        self._upstreams = upstreams
        self._http = http
        self._speak = speak

    async def forward(
        self, request: web.Request, service: str, body: bytes, given: Mapping[str, str]
    ) -> web.StreamResponse:
        """Ask a service, with what matters of the given headers.

        Raises an `unreachable` or `outcome_unknown` problem, and CommitUnderWay if it is cancelled
        when a change may have been made.
        """
        headers = {name: given[name] for name in _PASSED_ON if name in given}
        headers[REQUEST_ID_HEADER] = REQUEST_ID.get()
        headers[service_tokens.HEADER] = self._speak()
        harmless = request.method in _SAFE or IDEMPOTENCY_KEY in headers
        sent = False
        for instance in self._upstreams[service].order(request.match_info.get("game", "")):
            try:
                return await self._ask(instance, request, body, headers)
            except asyncio.CancelledError:
                if request.method in _SAFE:
                    raise
                raise CommitUnderWay from None
            except aiohttp.ClientConnectorError:
                instance.failed()
            except (aiohttp.ClientError, OSError):
                instance.failed()
                sent = True
                if not harmless:
                    break
        raise _no_answer(service, sent=sent and request.method not in _SAFE)

    async def _ask(
        self, instance: Instance, request: web.Request, body: bytes, headers: Mapping[str, str]
    ) -> web.StreamResponse:
        url = instance.url + request.raw_path
        async with self._http.request(
            request.method, url, data=body or None, headers=headers, allow_redirects=False
        ) as got:
            kept = {name: got.headers[name] for name in _PASSED_BACK if name in got.headers}
            if _is_short(got):
                data = await got.read()
                instance.answered()
                return web.Response(body=data or None, status=got.status, headers=kept)
            return await _stream(request, got, kept, instance)


def _is_short(got: aiohttp.ClientResponse) -> bool:
    """Tell whether an answer is passed on in one piece; what is not modified has no body at all."""
    length = got.content_length
    return got.status == 304 or (length is not None and length <= _WHOLE)


async def _stream(
    request: web.Request,
    got: aiohttp.ClientResponse,
    headers: Mapping[str, str],
    instance: Instance,
) -> web.StreamResponse:
    """Pass an answer on piece by piece, as fast as its reader takes it."""
    response = web.StreamResponse(status=got.status, headers=headers)
    response.content_length = got.content_length
    await response.prepare(request)
    async for chunk in got.content.iter_chunked(_CHUNK):
        await response.write(chunk)
    await response.write_eof()
    instance.answered()
    return response


def _no_answer(service: str, *, sent: bool) -> Problem:
    if sent:
        return Problem(Fault.OUTCOME_UNKNOWN, "send it again with the same key", _AGAIN)
    return Problem(Fault.UNREACHABLE, f"the {service} service does not answer now", _AGAIN)
