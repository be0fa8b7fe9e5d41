"""A server of eleven processes: plays whole games, and loses nothing when one of them dies."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from mafia_district.bots import make
from mafia_district.chance import Dice
from mafia_district.phases import ENDED
from mafia_district_cli.processes import GATEWAY, Processes, split
from mafia_district_servers.client import Client
from mafia_district_servers.settings import SERVICES

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
    """Given a game, when each service but the gateway is killed and started in turn, it ends well.

    The record that it leaves is whole, and every client saw all of it that was for it.
    """

    async def story() -> None:
        async with split(tmp_path) as processes, AsyncExitStack() as stack:
            url = processes.urls[GATEWAY]
            clients = [
                await stack.enter_async_context(
                    Client(
                        url,
                        make("sensible", Dice(bytes([place]) * 32)),
                        name=f"P{place}",
                        pace=(0.1, 0.6),
                    )
                )
                for place in range(7)
            ]
            game, code = await clients[0].open(rules="district", settings=FAST)
            for client in clients:
                await client.join(game, code)
            for client in clients[1:]:
                await client.post("ready", ready=True)
            playing = [asyncio.create_task(client.play()) for client in clients]
            await clients[0].post("start")
            await fell(processes, playing)
            outcomes = await asyncio.gather(*playing)
            assert len(set(outcomes)) == 1
            assert {client.view.phase for client in clients} == {ENDED}
            answer = await clients[0]._guest.request("GET", f"/api/game/{game}/events?after=0")
            assert answer["cursor"] == len(answer["events"]) or answer["more"]

    async def fell(processes: Processes, playing: list[asyncio.Task[object]]) -> None:
        for name in SERVICES:
            if name != GATEWAY and not all(task.done() for task in playing):
                await processes.kill(name)
                await processes.start(name)

    asyncio.run(story())


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_the_example_starts_all_of_them(script: Path, tmp_path: Path) -> None:
    """Given the example, when it has started, then every service answers through the gateway."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        first = free.getsockname()[1]
    first = min(first, 65_000)
    environment = os.environ | {"PATH": f"{script.parent}{os.pathsep}{os.environ['PATH']}"}
    command = ["sh", str(EXAMPLE), str(first)]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True,
        start_new_session=True,
    ) as server:  # fmt: skip
        assert server.stdout is not None
        up = set()
        for line in server.stdout:
            up |= set(re.findall(r"services +(\w+)", line))
            if up == set(SERVICES):
                break
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)
    assert up == set(SERVICES)
    assert (tmp_path / "mafia-district.db").exists()
