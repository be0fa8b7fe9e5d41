"""The bus's contract, and what the one over Redis does besides."""

import asyncio
import logging
import secrets
import ssl
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from redis.asyncio import Redis as Client

from mafia_district_servers.adapters.bus_memory import Hub, MemoryBus
from mafia_district_servers.adapters.bus_redis import RedisBus
from mafia_district_servers.ports import Bus

from ..real_servers import Redis, free_port
from ..real_time import until
from ..virtual import in_loop

ODD = ("", " ", "a b", "line\nbreak", "\x00", "\u00e9\U0001f608", "x" * 5_000)  # texts
TOPICS = ("game", "a:b", "c*?[d]", "\u00e9")
BEAT, PATIENCE = 0.2, 2.0  # seconds; a bus for real use takes its time


class End:
    """A bus with whoever listens at it."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.heard: list[tuple[str, str]] = []

    def hear(self, topic: str, text: str) -> None:
        """Keep a word; fail on some."""
        self.heard.append((topic, text))
        if topic == "bad":
            raise ValueError(text)


@asynccontextmanager
async def running(ends: Sequence[End]) -> AsyncIterator[None]:
    """Run buses, and end as a server ends them."""
    tasks = [asyncio.ensure_future(end.bus.run(end.hear)) for end in ends]
    try:
        yield
        assert not any(task.done() for task in tasks), "a bus carries until it is cancelled"
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    assert [end.bus.session for end in ends] == [0] * len(ends)


class BusContract(ABC):
    """What every bus must do; a bus's own class makes its ends, breaks it and mends it."""

    @abstractmethod
    def ends(self, count: int) -> list[End]:
        """Make the ends of a bus that nobody else is on."""

    @abstractmethod
    def cut(self, ends: Sequence[End]) -> None:
        """Break the bus."""

    @abstractmethod
    def mend(self, ends: Sequence[End]) -> None:
        """Let it be whole again."""

    @asynccontextmanager
    async def up(self, count: int) -> AsyncIterator[list[End]]:
        """Run a bus with so many ends, from the moment that all are up."""
        ends = self.ends(count)
        async with running(ends):
            await until(lambda: all(end.bus.session for end in ends))
            yield ends

    @in_loop
    async def test_all_others_hear_each_word_in_order(self) -> None:
        """Given odd words on odd topics, all others hear them as they were, the sender none."""
        async with self.up(3) as (one, two, three):
            words = [(topic, text) for topic in TOPICS for text in ODD]
            for topic, text in words:
                one.bus.send(topic, text)
            await until(lambda: len(two.heard) == len(three.heard) == len(words))
            assert two.heard == three.heard == words
            two.bus.send("game", "back")
            await until(lambda: one.heard == [("game", "back")] and len(three.heard) > len(words))
            assert two.heard == words

    @in_loop
    async def test_a_burst_arrives(self) -> None:
        """Given a thousand words at once, from two sides, all arrive, each side's in order."""
        async with self.up(3) as (one, two, three):
            for number in range(500):
                one.bus.send("one", str(number))
                two.bus.send("two", str(number))
            await until(lambda: len(three.heard) == 1_000)
            for topic in ("one", "two"):
                heard = [text for at, text in three.heard if at == topic]
                assert heard == list(map(str, range(500)))

    @in_loop
    async def test_nothing_is_carried_before_it_runs(self) -> None:
        """Given buses that nobody runs yet, they are down, and words to them are lost."""
        one, two = self.ends(2)
        assert (one.bus.session, two.bus.session) == (0, 0)
        one.bus.send("game", "early")
        async with running([two]):
            await until(lambda: two.bus.session > 0)
            one.bus.send("game", "early, too")
            async with running([one]):
                await until(lambda: one.bus.session > 0)
                one.bus.send("game", "now")
                await until(lambda: len(two.heard) > 0)
                assert two.heard == [("game", "now")]

    @in_loop
    async def test_a_break_is_known_and_heals(self) -> None:
        """Given a bus that breaks twice, words are lost, nothing fails, and sessions differ."""
        async with self.up(2) as (one, two):
            sessions = [(one.bus.session, two.bus.session)]
            for time in range(2):
                self.cut([one, two])
                await until(lambda: not one.bus.session and not two.bus.session)
                one.bus.send("game", "lost")
                self.mend([one, two])
                await until(lambda: bool(one.bus.session and two.bus.session))
                sessions.append((one.bus.session, two.bus.session))
                one.bus.send("game", f"after {time}")
                await until(lambda: len(two.heard) > time)  # noqa: B023
            assert two.heard == [("game", "after 0"), ("game", "after 1")]
            assert [len(set(each)) for each in zip(*sessions, strict=True)] == [3, 3]

    @in_loop
    async def test_who_fails_at_a_word_hears_the_next(self) -> None:
        """Given a listener that fails, the word is lost on it, and the bus stays up."""
        async with self.up(2) as (one, two):
            session = two.bus.session
            for topic in ("bad", "game"):
                one.bus.send(topic, "word")
            await until(lambda: len(two.heard) == 2)
            assert two.bus.session == session


class TestMemoryBus(BusContract):
    """The bus within this process."""

    def ends(self, count: int) -> list[End]:
        """Make ends at a hub of their own."""
        hub = Hub()
        return [End(MemoryBus(hub)) for _ in range(count)]

    def cut(self, ends: Sequence[End]) -> None:
        """Cut each end off."""
        for end in ends:
            assert isinstance(end.bus, MemoryBus)
            end.bus.cut()

    def mend(self, ends: Sequence[End]) -> None:
        """Join each end again."""
        for end in ends:
            assert isinstance(end.bus, MemoryBus)
            end.bus.mend()

    @in_loop
    async def test_one_end_can_be_cut_off(self) -> None:
        """Given three ends of which one is cut off, the others go on without it."""
        async with self.up(3) as (one, two, three):
            one.bus.send("game", "on its way")
            self.cut([three])
            assert three.bus.session == 0
            three.bus.send("game", "into nowhere")
            two.bus.send("game", "hello")
            await until(lambda: len(one.heard) == 1 and len(two.heard) == 1)
            self.mend([three])
            assert three.bus.session == 2
            assert three.heard == []


class TestRedisBus(BusContract):
    """The bus over Redis, under a prefix that no other test has."""

    server: Redis

    @pytest.fixture(autouse=True)
    def _redis(self, redis_server: Redis) -> None:
        self.server = redis_server

    def ends(self, count: int) -> list[End]:
        """Make ends on one prefix."""
        prefix = f"test:{secrets.token_hex(8)}[a-c]*:"
        return [End(self.bus(prefix)) for _ in range(count)]

    def bus(self, prefix: str, url: str | None = None, most: int = 10_000) -> RedisBus:
        """Make a bus that loses its patience soon."""
        return RedisBus(url or self.server.url, prefix, beat=BEAT, patience=PATIENCE, most=most)

    def cut(self, ends: Sequence[End]) -> None:
        """Kill the server."""
        self.server.kill9()

    def mend(self, ends: Sequence[End]) -> None:
        """Start it again."""
        self.server.start()

    @in_loop
    async def test_a_kill_in_mid_traffic_is_a_break_and_no_more(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Given buses that talk all the time, each goes down and up once, and logs it once."""
        caplog.set_level(logging.INFO, "mafia_district_servers")
        ended = False

        async def talk(end: End) -> None:
            number = 0
            while not ended:
                end.bus.send("game", f"{number}")
                number += 1
                await asyncio.sleep(0.001)

        async with self.up(3) as ends, asyncio.TaskGroup() as group:
            for end in ends:
                group.create_task(talk(end))
            await until(lambda: all(len(end.heard) > 100 for end in ends))
            self.server.kill9()
            await until(lambda: not any(end.bus.session for end in ends))
            for end in ends:
                end.heard.clear()
            self.server.start()
            await until(lambda: all(len(end.heard) > 100 for end in ends), 5)
            ended = True
        assert [end.bus.session for end in ends] == [0, 0, 0]
        assert sorted(message.split(":")[0] for message in caplog.messages) == sorted(
            ["the bus over Redis is down", "the bus over Redis carries again"] * 3
        )

    @in_loop
    async def test_a_hanging_server_is_down(self, caplog: pytest.LogCaptureFixture) -> None:
        """Given a Redis that hangs, the bus knows, although no connection breaks, and heals."""
        async with self.up(2) as (one, two):
            self.server.freeze()
            for number in range(1_000):  # more than can be on their way at once
                one.bus.send("game", str(number))
            await until(lambda: not (one.bus.session or two.bus.session), BEAT + PATIENCE + 1)
            assert [record.getMessage() for record in caplog.records] == [
                "the bus over Redis is down: no answer in time"
            ] * 2
            self.server.thaw()
            await until(lambda: bool(one.bus.session and two.bus.session), 5)
            one.bus.send("game", "back")
            await until(lambda: ("game", "back") in two.heard)
            assert ("game", "999") not in two.heard
            assert (one.bus.session, two.bus.session) == (2, 2)

    @in_loop
    async def test_one_broken_connection_is_a_break(self) -> None:
        """Given a bus whose listening connection alone is closed, it is another session."""
        async with self.up(1) as (one,), Client.from_url(self.server.url) as raw:
            await raw.client_kill_filter(_type="pubsub")
            await until(lambda: one.bus.session == 2)

    @in_loop
    async def test_a_late_server_is_found(self, caplog: pytest.LogCaptureFixture) -> None:
        """Given something else at the address, and then Redis, a bus finds it, and logs it once."""
        self.server.kill9()
        tries = 0

        def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal tries
            tries += 1
            writer.close()

        other = await asyncio.start_server(hang_up, "127.0.0.1", self.server.port)
        (end,) = self.ends(1)
        async with running([end]):
            await until(lambda: tries >= 4)
            other.close()
            await other.wait_closed()
            self.server.start()
            await until(lambda: end.bus.session == 1, 5)
        assert len(caplog.messages) == 1

    @in_loop
    async def test_what_is_no_word_is_ignored(self) -> None:
        """Given whatever others publish, only what a bus has sent is heard."""
        prefix = f"test:{secrets.token_hex(8)}:"
        end = End(self.bus(prefix))
        async with running([end]), Client.from_url(self.server.url) as raw:
            await until(lambda: end.bus.session > 0)
            sender = "0" * 32
            for data in (
                b"", b"word", b"\xff\xfe", sender.encode(), b"0 word", b" word",
                f"{sender.upper()[:-1]}G word".encode(), f"{sender}\nword".encode(),
                f"{sender} \udcff".encode(errors="surrogatepass"),
            ):  # fmt: skip
                await raw.publish(f"{prefix}word:game", data)
            for channel in (b"word:", b"word:\xff", b"other", b"echo:" + sender.encode()):
                await raw.publish(prefix.encode() + channel, f"{sender} word")
            await raw.publish(f"{prefix}word:game", f"{sender} right")
            await until(lambda: len(end.heard) > 0)
            assert end.heard == [("game", "right")]
            assert end.bus.session == 1

    @in_loop
    async def test_a_lone_surrogate_breaks_nothing(self) -> None:
        """Given a text that no encoding has, it arrives as something else, and the bus is up."""
        async with self.up(2) as (one, two):
            one.bus.send("game\udcff", "a\ud800b")
            await until(lambda: two.heard == [("game?", "a?b")])
            assert one.bus.session == 1

    @in_loop
    async def test_of_too_many_words_the_oldest_are_lost(self) -> None:
        """Given more words than may wait, the latest of them arrive."""
        prefix = f"test:{secrets.token_hex(8)}:"
        one, two = End(self.bus(prefix, most=3)), End(self.bus(prefix))
        async with running([one, two]):
            await until(lambda: bool(one.bus.session and two.bus.session))
            for number in range(10):
                one.bus.send("game", str(number))
            await until(lambda: ("game", "9") in two.heard)
            assert two.heard == [("game", "7"), ("game", "8"), ("game", "9")]

    @in_loop
    async def test_it_speaks_tls(self, tmp_path: Path) -> None:
        """Given a Redis behind TLS, `rediss` reaches it, and a certificate of others is refused."""
        async with behind_tls(self.server.port, tmp_path) as port:
            prefix = f"test:{secrets.token_hex(8)}:"
            url = f"rediss://127.0.0.1:{port}/0"
            end = End(self.bus(prefix, f"{url}?ssl_ca_certs={tmp_path}/cert.pem"))
            plain, distrust = End(self.bus(prefix)), End(self.bus(prefix, url))
            async with running([end, plain, distrust]):
                await until(lambda: bool(end.bus.session and plain.bus.session))
                end.bus.send("game", "over TLS")
                await until(lambda: plain.heard == [("game", "over TLS")])
                assert distrust.bus.session == 0

    @in_loop
    async def test_it_ends_at_once_whatever_it_does(self) -> None:
        """Given buses that are up, that hang and that find nobody, each ends when cancelled."""
        (whole,) = self.ends(1)
        nobody = End(self.bus("test:", f"redis://127.0.0.1:{free_port()}/0"))
        async with running([whole, nobody]):
            await until(lambda: whole.bus.session > 0)
            self.server.freeze()
            (hanging,) = self.ends(1)
            async with running([hanging]), asyncio.timeout(BEAT + PATIENCE + 2):
                await until(lambda: whole.bus.session == 0)


def test_a_url_of_something_else_is_refused() -> None:
    """Given a URL that is not one of Redis, the bus cannot be made."""
    with pytest.raises(ValueError, match="scheme"):
        RedisBus("https://example.org")


@asynccontextmanager
async def behind_tls(port: int, home: Path) -> AsyncIterator[int]:
    """Serve a local port over TLS, by a certificate that is left in `home`; give the new port."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (home / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (home / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(home / "cert.pem", home / "key.pem")

    async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(65_536):
                sink.write(data)
                await sink.drain()
        sink.close()

    passing: set[asyncio.Task[None]] = set()

    async def passed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        passing.add(task)
        there, back = await asyncio.open_connection("127.0.0.1", port)
        try:
            await asyncio.gather(pump(reader, back), pump(there, writer))
        finally:
            back.close()
            writer.close()

    server = await asyncio.start_server(passed, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await asyncio.gather(*passing, return_exceptions=True)
        await server.wait_closed()
