"""A server of eleven processes: plays whole games, and loses nothing when one of them dies."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import AsyncExitStack
from io import BytesIO
from pathlib import Path

import pytest

from mafia_district import log, wire
from mafia_district.bots import make
from mafia_district.chance import Dice
from mafia_district.phases import ENDED
from mafia_district_cli.processes import GATEWAY, Processes, split
from mafia_district_servers.client import Client
from mafia_district_servers.settings import SERVICES

from ..servers.real_servers import Redis

Run = Callable[..., subprocess.CompletedProcess[str]]
EXAMPLE = Path(__file__).parents[2] / "examples" / "eleven_processes.sh"
FAST = {"countdown_ms": 500, "shop_opens_ms": 0}


@pytest.mark.timeout(240)
def test_a_demo_of_many_processes_plays_to_the_verdict(run: Run) -> None:
    """Given --split, when a demo of seven runs, it tells the story and the verdict."""
    ran = run("demo", "--split", "--players", "7", "--speed", "fast", "--seed", "7")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("After day ")
    assert "The seed was" in ran.stderr
    assert run("demo", "--split", "--keeper").returncode == 2


@pytest.mark.timeout(240)
def test_whichever_service_dies_the_game_goes_on(tmp_path: Path) -> None:
    """Given a game, when each service but the gateway, and Redis, dies and returns, it ends well.

    The record that it leaves is whole, and every client saw all of it that was for it.
    """
    redis = Redis(tmp_path / "redis")

    async def story() -> None:
        async with split(tmp_path, REDIS_URL=redis.url) as processes, AsyncExitStack() as stack:
            clients = [await stack.enter_async_context(player(processes, n)) for n in range(7)]
            game, code = await clients[0].open(rules="district", settings=FAST)
            for client in clients:
                await client.join(game, code)
            for client in clients[1:]:
                await client.post("ready", ready=True)
            playing = [asyncio.create_task(seen(client)) for client in clients]
            await clients[0].post("start")
            await fell(processes, playing)
            streams = await asyncio.gather(*playing)
            assert {client.view.phase for client in clients} == {ENDED}
            for client, stream in zip(clients, streams, strict=True):
                assert stream == [row["event"] for row in await told(client)]
            log.verify(log.read(BytesIO(await clients[0].get("log"))))

    def player(processes: Processes, place: int) -> Client:
        bot = make("sensible", Dice(bytes([place]) * 32))
        return Client(processes.urls[GATEWAY], bot, name=f"P{place}", pace=(0.1, 0.6))

    async def seen(client: Client) -> list[object]:
        return [json.loads(wire.event_bytes(event)) async for event in client.events()]

    async def told(client: Client) -> list[dict[str, object]]:
        rows, more = [], True
        while more:
            page = await client.get(f"events?after={len(rows)}")
            rows += page["events"]
            more = page["more"]
        return rows

    async def fell(processes: Processes, playing: list[asyncio.Task[list[object]]]) -> None:
        redis.kill9()
        for name in SERVICES:
            if name != GATEWAY and not all(task.done() for task in playing):
                await processes.kill(name)
                await processes.start(name)
            if name == "voting":
                redis.start()

    (tmp_path / "redis").mkdir()
    redis.start()
    try:
        asyncio.run(story())
    finally:
        redis.stop()


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_the_example_starts_all_of_them(script: Path, tmp_path: Path) -> None:
    """Given the example, when it has started, then every service answers, and all of them end."""
    first = eleven_free_ports()
    environment = os.environ | {"PATH": f"{script.parent}{os.pathsep}{os.environ['PATH']}"}
    server = subprocess.Popen(
        ["sh", str(EXAMPLE), str(first)], cwd=tmp_path, env=environment,
        stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        for port in range(first, first + len(SERVICES)):
            assert answers(f"http://127.0.0.1:{port}/health")
        server.send_signal(signal.SIGTERM)
        server.wait(30)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
    assert (tmp_path / "mafia-district.db").exists()


def eleven_free_ports() -> int:
    """Find eleven ports in a row that nobody listens on now; give the first."""
    for first in range(20_000, 30_000, len(SERVICES)):
        with contextlib.ExitStack() as held:
            try:
                for port in range(first, first + len(SERVICES)):
                    held.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except OSError:
                continue
            return first
    raise AssertionError("no ports")


def answers(address: str) -> bool:
    """Ask until there is an answer, for half a minute at most."""
    for _ in range(300):
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2) as answer:
            return bool(answer.status == 200)
        time.sleep(0.1)
    return False
