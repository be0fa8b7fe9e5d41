"""Connections: what a client may do before there is a request, and how long it may take.

aiohttp would wait long for a head, read one of a megabyte, and answer what is no HTTP with a text
that repeats it. Here a connection has a time in which a whole head must come (counted from its
opening, or from the last answer, and not begun anew by a byte that drips in), a limit of bytes for
it, and a time in which an answer must be taken. What is malformed is answered by the same form as
any error, and repeated neither there nor in the log.

An address may have only so many connections; loopback and trusted proxies are nobody's address, as
`middleware.addresses` has it. One too many is cut without a word.
"""

import asyncio
from collections import Counter
from typing import Any, Final

from aiohttp import web
from aiohttp.http_exceptions import LineTooLong

from mafia_district_servers.middleware import limits, problems
from mafia_district_servers.middleware.addresses import Addresses
from mafia_district_servers.names import random_name
from mafia_district_servers.problems import Fault, Problem

_TOO_LARGE: Final = Problem(
    Fault.HEAD_TOO_LARGE,
    f"a header has at most {limits.LINE_BYTES} bytes, and all together {limits.HEAD_BYTES}",
)
_URL_TOO_LONG: Final = Problem(
    Fault.URL_TOO_LONG, f"an address has at most {limits.URL_BYTES} characters"
)
_MALFORMED: Final = Problem(Fault.BAD_REQUEST, "that is no HTTP that this server understands")
_OURS: Final = Problem(Fault.INTERNAL, "the server made a mistake; it has been logged")


class Connections:
    """Makes connections, and counts those of each address."""

    def __init__(self, server: web.Server, addresses: Addresses, most: int | None) -> None:
        self.addresses = addresses
        self.most = most
        self.of_address: Counter[str] = Counter()
        self._server = server

    def __call__(self) -> "Connection":
        """Make one."""
        return Connection(self)

    def make(self) -> dict[str, Any]:
        """Give what a connection is made of."""
        return {
            "manager": self._server,
            "loop": asyncio.get_running_loop(),
            "access_log": None,
            "auto_decompress": False,
            "keepalive_timeout": limits.HEAD_SECONDS,
            "lingering_time": limits.LINGER_SECONDS,
            "max_line_size": limits.URL_BYTES,
            "max_field_size": limits.LINE_BYTES,
            "max_headers": limits.HEADERS,
        }


class Connection(web.RequestHandler):
    """One connection."""

    __slots__ = ("_address", "_connections", "_head", "_refused", "_stuck", "speaks_tls")

    def __init__(self, connections: Connections) -> None:
        super().__init__(**connections.make())
        self._connections = connections
        self._address: str | None = None
        self._head = 0  # bytes that have come since the last whole head
        self._refused = False
        self.speaks_tls = False
        self._stuck: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, unless the address has too many already."""
        connections, peer = self._connections, transport.get_extra_info("peername")
        address = connections.addresses.of_peer(peer[0] if isinstance(peer, tuple) else None)
        if address is not None:
            most = connections.most
            if most is not None and connections.of_address[address] >= most:
                self._force_close = True
                assert isinstance(transport, asyncio.Transport)
                transport.abort()
                return
            connections.of_address[address] += 1
            self._address = address
        self.speaks_tls = transport.get_extra_info("sslcontext") is not None
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        """End."""
        if self._address is not None:
            counts = self._connections.of_address
            counts[self._address] -= 1
            if not counts[self._address]:
                del counts[self._address]
            self._address = None
        self._take_on()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what comes; a head that grows too large is refused before it is whole."""
        if self._refused:
            return
        waiting = self._waiter is not None and not self._messages
        super().data_received(data)
        if not waiting:
            return
        self._head += len(data)
        if not self._messages:
            if self._head > limits.HEAD_BYTES:
                self._refuse(_TOO_LARGE)
        elif self._head > limits.LINE_BYTES and self._is_too_large():
            self._refuse(_TOO_LARGE)
        else:
            self._head = 0

    def pause_writing(self) -> None:
        """Wait for a client that does not read its answer, but not for long."""
        super().pause_writing()
        if self._stuck is None and self._payload_parser is None:  # a socket has its own limit
            loop = asyncio.get_running_loop()
            self._stuck = loop.call_later(limits.ANSWER_SECONDS, self._cut)

    def resume_writing(self) -> None:
        """Go on: it has read."""
        self._take_on()
        super().resume_writing()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what is no request, or what failed outside of the one door."""
        self.log_exception("a connection failed", exc_info=exc)  # what is malformed, in one line
        problem = _problem(status, exc)
        response = problems.answer(problem, random_name())
        response.force_close()
        return response

    def _is_too_large(self) -> bool:
        """Measure a head that came together with some of its body."""
        message = self._messages[-1][0]
        fields = getattr(message, "raw_headers", ())
        lengths = [len(name) + len(value) + len(": \r\n") for name, value in fields]
        return sum(lengths) > limits.HEAD_BYTES or any(each > limits.LINE_BYTES for each in lengths)

    def _refuse(self, problem: Problem) -> None:
        """Answer at once, and let go of what still comes for a while; then close.

        Nothing is being answered now. To close at once would take the answer away with the line.
        """
        self._refused = True
        self._messages.clear()
        if isinstance(self.transport, asyncio.Transport):
            self.transport.write(_written(problem))
            if self.transport.can_write_eof():
                self.transport.write_eof()
            asyncio.get_running_loop().call_later(limits.LINGER_SECONDS, self.force_close)

    def _take_on(self) -> None:
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None

    def _cut(self) -> None:
        self._stuck = None
        if self.transport is not None:
            transport, self._force_close = self.transport, True
            transport.abort()


def _problem(status: int, error: BaseException | None) -> Problem:
    if isinstance(error, LineTooLong):
        return _URL_TOO_LONG if error.args[1] == limits.URL_BYTES else _TOO_LARGE
    return _OURS if status == 500 else _MALFORMED


def _written(problem: Problem) -> bytes:
    """Write an answer as it goes over the line."""
    answer = problems.answer(problem, random_name())
    assert isinstance(answer.body, bytes)
    head = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
    length = f"Content-Length: {len(answer.body)}\r\nConnection: close\r\n\r\n"
    start = f"HTTP/1.1 {answer.status} {answer.reason}\r\n"
    return (start + head + length).encode() + answer.body
