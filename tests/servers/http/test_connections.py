"""Connections: who is slow is cut, who sends too much is refused, and others notice nothing."""

import asyncio
import datetime
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from mafia_district_servers.adapters.clock import SystemClock
from mafia_district_servers.bootstrap import build
from mafia_district_servers.house import House
from mafia_district_servers.listening import listen
from mafia_district_servers.middleware import limits
from mafia_district_servers.middleware.addresses import Addresses
from mafia_district_servers.settings import Settings

from ..served import PATIENCE
from ..virtual import in_loop

SHORT = 0.3  # seconds, in the place of twelve or so
DRIP = 0.1  # seconds between two bytes or lines, in the place of five

Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter

HEAD = b"POST /api/gateway/user-token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
UPGRADE = (
    b"GET /api/game/ws/abcdefghjkmn/spectator HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
    b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
)


async def drip(writer: Writer, piece: bytes) -> None:
    """Send something again and again, until the line is cut."""
    while not writer.is_closing():
        writer.write(piece)
        await asyncio.sleep(DRIP)


async def nothing(_: Reader, writer: Writer) -> None:
    """Send nothing."""


async def half_a_line(_: Reader, writer: Writer) -> None:
    """Send half a request line."""
    writer.write(b"GET /heal")


async def a_line_byte_by_byte(_: Reader, writer: Writer) -> None:
    """Send a request line that never ends."""
    writer.write(b"GET /")
    await drip(writer, b"a")


async def header_by_header(_: Reader, writer: Writer) -> None:
    """Send header after header."""
    writer.write(b"GET /health HTTP/1.1\r\nHost: x\r\n")
    await drip(writer, b"X-More: x\r\n")


async def body_byte_by_byte(_: Reader, writer: Writer) -> None:
    """Send a body slowly."""
    writer.write(HEAD + b"Content-Length: 1000\r\n\r\n")
    await drip(writer, b" ")


async def chunk_by_chunk(_: Reader, writer: Writer) -> None:
    """Send a body of no stated length slowly."""
    writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    await drip(writer, b"1\r\n \r\n")


async def an_endless_chunk_size(_: Reader, writer: Writer) -> None:
    """Send the extension of a chunk, which never ends."""
    writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;")
    await drip(writer, b"a")


async def half_an_upgrade(_: Reader, writer: Writer) -> None:
    """Send half of what asks for a WebSocket."""
    writer.write(UPGRADE)


async def a_second_request(reader: Reader, writer: Writer) -> None:
    """Send one good request, and then half a one."""
    writer.write(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"200" in await reader.readline()
    writer.write(b"GET /health HTTP/1.1\r\n")
    await drip(writer, b"X-More: x\r\n")


SLOW: list[Callable[[Reader, Writer], Awaitable[None]]] = [
    nothing, half_a_line, a_line_byte_by_byte, header_by_header, body_byte_by_byte,
    chunk_by_chunk, an_endless_chunk_size, half_an_upgrade, a_second_request,
]  # fmt: skip


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make all times short."""
    for name in ("HEAD", "BODY", "HANDSHAKE", "ANSWER"):
        monkeypatch.setattr(limits, f"{name}_SECONDS", SHORT)
    for name in ("LINGER", "LEAVE"):
        monkeypatch.setattr(limits, f"{name}_SECONDS", SHORT / 10)


@asynccontextmanager
async def served(
    home: Path, tls: ssl.SSLContext | None = None, **changes: object
) -> AsyncIterator[tuple[House, int]]:
    """Run a server; give its house and its port."""
    values = {"database_url": f"sqlite:///{home / 'games.db'}", "port": 0, **changes}
    async with AsyncExitStack() as stack:
        house = await build(Settings(**values), SystemClock(), stack)  # type: ignore[arg-type]
        url = await listen(house, stack, tls)
        yield house, int(url.rpartition(":")[2])


async def lives(slow: Callable[[Reader, Writer], Awaitable[None]], port: int) -> float:
    """Connect and be slow; give the seconds until the server cuts."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    begun = time.monotonic()
    sending = asyncio.create_task(slow(reader, writer))  # type: ignore[arg-type]
    try:
        async with asyncio.timeout(PATIENCE * 3):
            while await reader.read(65_536):
                pass
    except ConnectionError:
        pass
    lived = time.monotonic() - begun
    writer.close()
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    return lived


async def asked(port: int, request: bytes) -> bytes:
    """Send bytes; give all that comes until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    try:
        async with asyncio.timeout(PATIENCE):
            got = await reader.read(-1)
    except ConnectionError:
        got = b""
    writer.close()
    return got


def problem(got: bytes) -> tuple[int, str]:
    """Read status and code of an answer that is a problem, with all that belongs to one."""
    head, _, body = got.partition(b"\r\n\r\n")
    for header in (b"application/problem+json", b"nosniff", b"no-referrer", b"frame-ancestors"):
        assert header in head, got
    told = msgspec.json.decode(body)
    assert set(told) == {"type", "title", "status", "detail", "code", "request_id"}
    assert int(head.split()[1]) == told["status"]
    return told["status"], told["code"]


@pytest.mark.usefixtures("short")
@in_loop
async def test_who_is_slow_is_cut(tmp_path: Path) -> None:
    """Given every kind of slow client, then each is cut in time, and not before."""
    async with served(tmp_path) as (_, port):
        lived = await asyncio.gather(*(lives(slow, port) for slow in SLOW))
        for slow, seconds in zip(SLOW, lived, strict=True):
            assert SHORT * 0.9 <= seconds <= SHORT * 4, slow


@pytest.mark.usefixtures("short")
@in_loop
async def test_many_slow_clients_hurt_no_other(tmp_path: Path) -> None:
    """Given 500 slow clients, then others are answered at once, and all the slow ones are cut."""
    async with served(tmp_path) as (_, port):
        many = []
        for number in range(500):
            many.append(asyncio.create_task(lives(SLOW[number % len(SLOW)], port)))
            if number % 50 == 0:  # so that no more wait to be accepted than may
                await asyncio.sleep(0.01)
        health = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        for _ in range(5):
            assert b'"ok"' in await asked(port, health)
        assert max(await asyncio.gather(*many)) < PATIENCE


@pytest.mark.usefixtures("short")
@in_loop
async def test_who_does_not_read_is_cut(tmp_path: Path) -> None:
    """Given a client that asks much and reads nothing, then it is cut, and holds no slot."""
    async with served(tmp_path) as (house, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
        request = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
        flood = asyncio.create_task(drip(writer, request * 10))
        async with asyncio.timeout(PATIENCE):
            await flood  # it ends when the line is cut
        assert house.managers.gateway.stats.running == 0
        assert not reader.at_eof() or reader.exception()


def context(home: Path) -> ssl.SSLContext:
    """Make a certificate for this machine, and a server's TLS of it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (home / "tls.crt").write_bytes(made.public_bytes(Encoding.PEM))
    form = Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    (home / "tls.key").write_bytes(key.private_bytes(*form))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(home / "tls.crt", home / "tls.key")
    return tls


@pytest.mark.usefixtures("short")
@in_loop
async def test_half_a_handshake_is_cut(tmp_path: Path) -> None:
    """Given TLS, then nothing, half a handshake and a silent line within it are cut in time too."""

    async def half_a_hello(_: Reader, writer: Writer) -> None:
        writer.write(bytes.fromhex("160301020001"))

    async with served(tmp_path, context(tmp_path)) as (_, port):
        for slow in (nothing, half_a_hello):
            assert SHORT * 0.9 <= await lives(slow, port) <= SHORT * 4
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        begun = time.monotonic()
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting)
        writer.write(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = await reader.readuntil(b"\r\n\r\n")
        assert b"Strict-Transport-Security: max-age=31536000" in answer
        async with asyncio.timeout(PATIENCE):
            await reader.read(-1)
        assert time.monotonic() - begun <= SHORT * 4
        writer.close()


@in_loop
async def test_an_address_has_only_so_many_connections(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given an address with all its connections, then one more is cut, until another is closed."""
    health = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    async with served(tmp_path, connections_per_address=3) as (_, port):
        many = [await asyncio.open_connection("127.0.0.1", port) for _ in range(5)]
        assert b'"ok"' in await asked(port, health)  # for loopback is nobody's address
        for _, writer in many:
            writer.close()
        monkeypatch.setattr(Addresses, "of_peer", lambda self, peer: f"the client at {peer}")
        many = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        await asyncio.sleep(0.02)
        assert await asked(port, health) == b""
        many[0][1].close()
        async with asyncio.timeout(PATIENCE):
            while b'"ok"' not in await asked(port, health):
                await asyncio.sleep(0.01)
        for _, writer in many:
            writer.close()


LINE = b"GET /health HTTP/1.1\r\n"
BIG = [
    ((414, "url_too_long"), b"GET /health?" + b"a" * 4_096 + b" HTTP/1.1\r\nHost: x\r\n"),
    ((414, "url_too_long"), b"GET /health?" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n"),
    ((431, "head_too_large"), LINE + b"Host: x\r\nX-Big: " + b"a" * 8_190 + b"\r\n"),
    ((431, "head_too_large"), LINE + b"Host: x\r\n" + b"a" * 8_200 + b": a\r\n"),
    ((431, "head_too_large"), LINE + b"Host: x\r\n" + (b"X-Big: " + b"a" * 8_000 + b"\r\n") * 5),
    ((431, "head_too_large"), LINE + b"Host: x\r\nX-Big: " + b"a" * 10_000_000),
    ((414, "url_too_long"), b"GET /" + b"a" * 10_000_000),
    ((400, "bad_request"), LINE + b"Host: x\r\n" + b"X: a\r\n" * 101),
]


@pytest.mark.parametrize("number", range(len(BIG)))
@in_loop
async def test_a_head_has_limits(tmp_path: Path, number: int) -> None:
    """Given a head that is too large in any way, then it is refused, at once or in pieces."""
    expected, request = BIG[number]
    async with served(tmp_path) as (_, port):
        for size in (len(request), 1_000):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            sent = request + b"Connection: close\r\n\r\n"
            got = asyncio.create_task(reader.read(-1))
            try:
                for start in range(0, len(sent), size):
                    writer.write(sent[start : start + size])
                    await writer.drain()
                    if size == 1_000:
                        await asyncio.sleep(0)
                    if got.done():
                        break
                async with asyncio.timeout(PATIENCE):
                    answer = await got
            except ConnectionError:
                await asyncio.gather(got, return_exceptions=True)
                # Who goes on sending to a line that is closed may not hear why.
                assert size == 1_000 or len(request) > 1_000_000
            else:
                assert problem(answer) == expected
            writer.close()


@in_loop
async def test_a_head_is_refused_before_it_is_whole(tmp_path: Path) -> None:
    """Given header after header without an end, then too many bytes of them are refused at once."""
    async with served(tmp_path) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(LINE + b"Host: x\r\n" + (b"X-Big: " + b"a" * 8_000 + b"\r\n") * 5)
        async with asyncio.timeout(limits.HEAD_SECONDS / 2):
            assert problem(await reader.read(-1)) == (431, "head_too_large")
        writer.close()


BODY = b'{"guest_name":"Ann"}'


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 20\r\nContent-Length: 21\r\n",
        b"Content-Length: 20\r\nContent-Length: 20\r\n",
        b"Content-Length: 20, 20\r\n",
        b"Content-Length: +20\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: 0x14\r\n",
        b"Content-Length : 20\r\n",
        b"Content-Length: 20\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 20\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Transfer-Encoding: identity, chunked, chunked\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding:\x0bchunked\r\n",
        b"Host: y\r\nContent-Length: 20\r\n",
        b" folded: 1\r\nContent-Length: 20\r\n",
        b"X-Nul: \x00\r\nContent-Length: 20\r\n",
        b"X: a\rb\r\nContent-Length: 20\r\n",
    ],
)
@in_loop
async def test_no_two_readings_of_a_request(tmp_path: Path, head: bytes) -> None:
    """Given a head that two servers may read differently, then it is refused, and the line closed.

    Nothing that comes behind it on the same line is taken for a request.
    """
    smuggled = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    async with served(tmp_path) as (_, port):
        got = await asked(port, HEAD + head + b"\r\n" + BODY + smuggled)
        assert problem(got) == (400, "bad_request"), got
        assert got.count(b"HTTP/1.") == 1


@pytest.mark.parametrize(
    ("request_line", "host", "status"),
    [
        (b"GET /health HTTP/1.1", b"Host: x\r\n", 200),
        (b"GET http://evil.example/health HTTP/1.1", b"Host: x\r\n", 200),
        (b"GET http://evil.example/health HTTP/1.1", b"Host: evil.example\r\n", 200),
        (b"GET /health HTTP/1.1", b"", 400),
        (b"GET /health HTTP/1.1", b"Host: \r\n", 200),
        (b"GET /health HTTP/1.1", b"Host: a@b/c?d#e\r\n", 200),
        (b"GET //evil.example/health HTTP/1.1", b"Host: x\r\n", 404),
        (b"GET /../health HTTP/1.1", b"Host: x\r\n", 404),
        (b"GET * HTTP/1.1", b"Host: x\r\n", 400),
        (b"OPTIONS * HTTP/1.1", b"Host: x\r\n", 404),
        (b"CONNECT evil.example:443 HTTP/1.1", b"Host: x\r\n", 404),
        (b"TRACE /health HTTP/1.1", b"Host: x\r\nX-Secret: 1\r\n", 405),
        (b"PRI * HTTP/2.0", b"Host: x\r\n", 400),
        (b"GET /health HTTP/3.7", b"Host: x\r\n", 400),
        (b"GET /health", b"Host: x\r\n", 200),
        (b"\x16\x03\x01", b"", 400),
        (b"G\xc3\x84T /health HTTP/1.1", b"Host: x\r\n", 400),
    ],
)
@in_loop
async def test_odd_targets_and_hosts(
    tmp_path: Path, request_line: bytes, host: bytes, status: int
) -> None:
    """Given an odd target or host, then the path alone decides, and no answer repeats the host."""
    async with served(tmp_path) as (_, port):
        got = await asked(port, request_line + b"\r\n" + host + b"Connection: close\r\n\r\n")
        assert int(got.split()[1]) == status, got
        for word in (b"evil", b"a@b", b"X-Secret"):
            assert word not in got
        if status >= 400:
            assert problem(got)[0] == status
