"""The whole server: it starts, or says in one line why not; and it drains before it closes."""

import asyncio
import contextlib
import logging
import socket
import sqlite3
from pathlib import Path

import aiohttp
import pytest

from mafia_district_servers import logs
from mafia_district_servers.adapters.store_sqlite import SqliteStore
from mafia_district_servers.bootstrap import Started, running, serve
from mafia_district_servers.listening import StartRefused
from mafia_district_servers.middleware import limits
from mafia_district_servers.ports import StoreUnavailable
from mafia_district_servers.settings import Settings

from .virtual import in_loop


def at(home: Path, **changes: object) -> Settings:
    """Give the settings of a server in a directory."""
    values = {"database_url": f"sqlite:///{home / 'games.db'}", "port": 0, **changes}
    return Settings(**values)  # type: ignore[arg-type]


async def refused(settings: Settings) -> str:
    """Start a server that must not start; give the one line."""
    with pytest.raises(StartRefused) as caught:
        async with running(settings):
            raise AssertionError("it has started")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def dump(home: Path) -> list[str]:
    """Give all that the database holds."""
    with contextlib.closing(sqlite3.connect(home / "games.db")) as db:
        return list(db.iterdump())


@in_loop
async def test_a_server_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    """Given a server, then it tells its address when it is up, and lets go of it in the end."""
    stop = asyncio.Event()
    up: asyncio.Future[Started] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(serve(at(tmp_path), up.set_result, stop))
    started = await up
    async with aiohttp.ClientSession() as http:
        for path, kind, word in (
            ("/", "text/html", "mafia-district demo"),
            ("/health", "application/json", "ok"),
            ("/ready", "application/json", "ready"),
        ):
            async with http.get(started.url + path) as got:
                assert (got.status, got.content_type) == (200, kind)
                assert word in await got.text()
                if kind == "text/html":
                    assert "default-src 'none'" in got.headers["Content-Security-Policy"]
                    assert got.headers["X-Content-Type-Options"] == "nosniff"
        stop.set()
        await serving
        with pytest.raises(aiohttp.ClientConnectionError):
            await http.get(started.url + "/health")


@in_loop
async def test_the_hosts_link_administers_after_a_restart_too(tmp_path: Path) -> None:
    """Given the host's link, then its token buys an admin's, also from the restarted server."""
    async with running(at(tmp_path)) as started:
        link = started.host_link
        assert link == f"{started.url}/#host={started.host_token}"
    async with running(at(tmp_path)) as again, aiohttp.ClientSession() as http:
        path, asked = "/api/gateway/user-token", {"refresh_token": link.partition("#host=")[2]}
        async with http.post(again.url + path, json=asked) as got:
            assert (await got.json())["user"]["role"] == "admin"


@in_loop
async def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    """Given a port that somebody has, then it is named with what to do, and nothing is written."""
    async with running(at(tmp_path)):
        pass
    before = dump(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        why = await refused(at(tmp_path, port=port))
    assert f"127.0.0.1:{port}" in why
    assert "--port" in why
    assert dump(tmp_path) == before
    assert "--host" in await refused(at(tmp_path, host="192.0.2.1"))
    assert "--host" in await refused(at(tmp_path, host="x" * 70))
    assert "no.such.host.invalid" in await refused(at(tmp_path, host="no.such.host.invalid"))


@in_loop
async def test_a_bad_database_is_said(tmp_path: Path) -> None:
    """Given a file that is no database, one that is not ours, or no directory, then it is named."""
    text = tmp_path / "text.db"
    text.write_text("this is no database, and it is long enough to be seen as none" * 10)
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE entry (something TEXT)")
    db.close()
    for path in (text, other, tmp_path / "nowhere" / "games.db", tmp_path):
        why = await refused(at(tmp_path, database_url=f"sqlite:///{path}", jwt_secret=b"s" * 32))
        assert (path if path.parent.exists() else path.parent).name in why


@in_loop
async def test_a_store_that_fails_at_the_start_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given no directory and no secret, or a store that opens and then fails, then it is said."""
    nowhere = f"sqlite:///{tmp_path / 'nowhere' / 'games.db'}"
    assert "does not exist: make it" in await refused(at(tmp_path, database_url=nowhere))

    async def failing(store: SqliteStore, **_: object) -> None:
        raise StoreUnavailable("disk I/O error")

    monkeypatch.setattr(SqliteStore, "games", failing)
    assert "disk I/O error" in await refused(at(tmp_path))


@in_loop
async def test_a_logout_outlives_the_server(tmp_path: Path) -> None:
    """Given a guest who logged out, then the restarted server takes none of the tokens."""
    path = "/api/gateway/user-token"
    async with aiohttp.ClientSession() as http:
        async with running(at(tmp_path)) as started:
            async with http.post(started.url + path, json={"guest_name": "Ann"}) as got:
                tokens = await got.json()
            bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
            async with http.post(f"{started.url}/api/gateway/logout", headers=bearer) as got:
                assert got.status == 200
        async with running(at(tmp_path)) as again:
            renewing = {"refresh_token": tokens["refresh_token"]}
            async with http.post(again.url + path, json=renewing) as got:
                assert got.status == 401
            async with http.post(f"{again.url}/api/game/lobbies", headers=bearer, json={}) as got:
                assert got.status == 401


@in_loop
async def test_a_malformed_head_is_not_quoted_in_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a head with a broken line that holds a secret, then one line says only that it came."""
    try:
        async with running(at(tmp_path, log_level="info")) as started:
            port = int(started.url.rpartition(":")[2])
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nX-Join-Code ROSEBUD\r\n\r\n")
            assert b"400" in await reader.readline()
            writer.close()
        logged = capsys.readouterr().err
        assert logged.count("a malformed request was refused") == 1
        for leak in ("ROSEBUD", "Traceback", "ERROR"):
            assert leak not in logged
    finally:
        _unconfigure()


@in_loop
async def test_a_short_secret_is_said(tmp_path: Path) -> None:
    """Given a secret file that is too short, then the refusal names it and not what is in it."""
    secret = tmp_path / "secret"
    secret.write_text("hunter2")
    why = await refused(at(tmp_path, jwt_secret_file=str(secret)))
    assert "32 bytes" in why
    assert "hunter2" not in why


@in_loop
async def test_slow_heads_are_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given clients that never finish a request's head, then their connections are closed."""
    monkeypatch.setattr(limits, "HEAD_SECONDS", 0.2)
    async with running(at(tmp_path)) as started:
        port = int(started.url.rpartition(":")[2])
        pieces = (b"", b"GET /hea", b"GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        lines = [await asyncio.open_connection("127.0.0.1", port) for _ in (*pieces, b"drip")]
        for (_, writer), piece in zip(lines, pieces, strict=False):
            writer.write(piece)
        dripping = asyncio.create_task(_drip(lines[-1][1]))
        for reader, writer in lines:
            with contextlib.suppress(ConnectionResetError):  # closed with bytes still on their way
                assert await asyncio.wait_for(reader.read(), 5) == b""
            writer.close()
        await dripping


async def _drip(writer: asyncio.StreamWriter) -> None:
    """Send one byte after another until the server has had enough."""
    try:
        for byte in b"GET /health HTTP/1.1\r\nHost: " + b"x" * 10_000:
            writer.write(bytes((byte,)))
            await writer.drain()
            await asyncio.sleep(0.001)
    except ConnectionError:
        return
    raise AssertionError("the server listened to the end")


def test_log_lines_are_for_people_or_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    """Given both forms of the log, then a line bears its request, and JSON is one object a line."""
    logger = logging.getLogger("mafia_district_servers.test")
    try:
        logs.configure("info", "console")
        logger.info("hello %s", "there")
        logger.debug("unseen")
        assert capsys.readouterr().err.endswith("mafia_district_servers.test [-] hello there\n")
        logs.configure("debug", "json")
        logs.REQUEST_ID.set("abc")
        try:
            raise ValueError("why")
        except ValueError:
            logger.exception("two\nlines")
        (line,) = capsys.readouterr().err.splitlines()
        for part in ('"request_id":"abc"', '"level":"error"', '"message":"two\\nlines"', "why"):
            assert part in line
    finally:
        logs.REQUEST_ID.set("-")
        _unconfigure()


def _unconfigure() -> None:
    """Give the loggers back to the tests."""
    for name in ("mafia_district_servers", "aiohttp.server"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
