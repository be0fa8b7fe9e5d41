"""Limits: how much a client may send, and how slowly.

aiohttp waits for ever for a body. Here a body has a size and a time to arrive in. The time for the
request's head is the keep-alive limit, which aiohttp counts from the opening of the connection and
ends only by a whole head, so that a client that drips single bytes does not hold it open either.
"""

import asyncio
from typing import Final

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from mafia_district_servers.problems import Fault, Problem

# A client that is slow in any way is cut within 15 seconds: a refused body lingers, and TLS takes
# its leave, after the first three.
HEAD_SECONDS: Final = 12.0
BODY_SECONDS: Final = 10.0
HANDSHAKE_SECONDS: Final = 12.0  # of TLS
LINGER_SECONDS: Final = 2.0  # how long the rest of a refused body is read and thrown away
LEAVE_SECONDS: Final = 2.0  # how long the other end of a TLS connection has to agree to its end
ANSWER_SECONDS: Final = 14.0  # how long an answer may lie untaken

URL_BYTES: Final = 4_096
LINE_BYTES: Final = 8_190  # of one header
HEAD_BYTES: Final = 32_768
HEADERS: Final = 100

_BROKEN_OFF: Final = (ConnectionError, web.RequestPayloadError, HttpProcessingError)


def url(request: web.Request) -> None:
    """Raise a `url_too_long` problem for an address that is."""
    if len(request.raw_path) > URL_BYTES:
        raise Problem(Fault.URL_TOO_LONG, f"an address has at most {URL_BYTES} characters")


async def body(request: web.Request, most_bytes: int) -> bytes:
    """Read the whole body; raises a `too_large`, `too_slow` or `bad_request` problem."""
    content = request.content
    if content.is_eof():  # it came with the head, as small ones do
        data = content.read_nowait()
    elif (request.content_length or 0) > most_bytes:
        raise _too_large(most_bytes)
    else:
        data = await _rest(request, most_bytes)
    if len(data) > most_bytes:
        raise _too_large(most_bytes)
    return data


async def _rest(request: web.Request, most_bytes: int) -> bytes:
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise _too_large(most_bytes) from None
    except _BROKEN_OFF:
        raise Problem(Fault.BAD_REQUEST, "the body breaks off, or is malformed") from None
    except TimeoutError:
        raise Problem(Fault.TOO_SLOW, f"the body took over {BODY_SECONDS:g} seconds") from None


def _too_large(most_bytes: int) -> Problem:
    return Problem(Fault.TOO_LARGE, f"a body has at most {most_bytes} bytes")
