"""A server that is killed under load loses nothing that it acknowledged, and does nothing twice.

The real program, killed with SIGKILL and started again on the same file, while clients go on
sending and a reader follows the game's stream over all of it.
"""

import asyncio
import json
import signal
import socket
import sys
from collections import Counter
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

import aiohttp

from mafia_district import log
from mafia_district_servers.client.guest import Guest
from mafia_district_servers.client.stream import Stream

SCRIPT = Path(sys.executable).with_name("mafia-district")
PLAYERS = 6
COMMANDS = 150  # of each player
CRASHES = 3  # the server is killed whenever so many commands have been acknowledged:
BETWEEN = 200
RETRY = 0.02  # seconds between tries of a client whose server is gone


class Program:
    """The installed server on one file and one port, to be killed and started again."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._home = home

    async def start(self) -> None:
        """Start it and wait until it says that it is up."""
        self._process = await asyncio.create_subprocess_exec(
            SCRIPT, "serve", "--port", str(self.port),
            cwd=self._home, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert self._process.stdout is not None
        async with asyncio.timeout(30):
            while b"Ctrl-C" not in await self._process.stdout.readline():
                assert self._process.returncode is None, "the server did not start"

    async def stop(self, how: signal.Signals) -> None:
        """End it by a signal and wait until it is gone."""
        self._process.send_signal(how)
        async with asyncio.timeout(30):
            await self._process.wait()


async def send(guest: Guest, game: str, place: int, acknowledged: "asyncio.Queue[str]") -> None:
    """Send commands, each again and again under one key until it is acknowledged."""
    path = f"/api/game/{game}/ready"
    for number in range(COMMANDS):
        key, status = f"player-{place}-{number}", 0
        while status != 200:
            with suppress(aiohttp.ClientError, OSError):
                body, headers = {"ready": number % 2 == 0}, {"Idempotency-Key": key}
                status, _ = await guest._once("POST", path, body, headers)
            if status != 200:
                await asyncio.sleep(RETRY)
        acknowledged.put_nowait(key)


async def follow(guest: Guest, game: str) -> list[dict[str, Any]]:
    """Read the game's public stream to its end, over all crashes."""

    async def connect(new_token: bool) -> aiohttp.ClientWebSocketResponse:
        return await guest.socket(f"/api/game/ws/{game}/spectator", {}, new_token=new_token)

    stream, seen = Stream(connect), []
    while not seen or seen[-1].get("phase") != "ended":
        frame = await stream.next()
        if frame["type"] == "event":
            seen.append(frame["event"])
    await stream.close()
    return seen


async def crash(program: Program, acknowledged: "asyncio.Queue[str]") -> list[str]:
    """Kill the server again and again while it is busy; gives all acknowledged keys."""
    keys = []
    for _ in range(CRASHES):
        keys += [await acknowledged.get() for _ in range(BETWEEN)]
        await program.stop(signal.SIGKILL)
        await program.start()
    return keys + [await acknowledged.get() for _ in range(PLAYERS * COMMANDS - len(keys))]


async def evening(home: Path) -> tuple[list[str], list[dict[str, Any]], log.Record]:
    """Run the whole story; gives the acknowledged keys, what was seen, and the log."""
    program = Program(home)
    await program.start()
    async with AsyncExitStack() as stack:
        guests = [Guest(program.url, f"Player {place}") for place in range(PLAYERS)]
        for guest in guests:
            stack.push_async_callback(guest.close)
        game = (await guests[0].request("POST", "/api/game/lobbies", {"name": "Crash"}))["game"]
        for guest in guests:
            await guest.request("POST", f"/api/game/{game}/join", {})
        reader = Guest(program.url, "Reader")
        stack.push_async_callback(reader.close)
        await reader.log_in()
        following = asyncio.create_task(follow(reader, game))
        acknowledged: asyncio.Queue[str] = asyncio.Queue()
        async with asyncio.TaskGroup() as senders:
            for place, guest in enumerate(guests):
                senders.create_task(send(guest, game, place, acknowledged))
            keys = await crash(program, acknowledged)
        await guests[0].request("POST", f"/api/game/{game}/end", {})
        seen = await following
        headers = {"Authorization": f"Bearer {guests[0]._access}"}
        url = f"{program.url}/api/game/{game}/log"
        async with aiohttp.request("GET", url, headers=headers) as answer:
            stored = log.read((await answer.read()).splitlines(keepends=True))
    await program.stop(signal.SIGTERM)
    return keys, seen, stored


def test_nothing_acknowledged_is_lost_and_nothing_is_done_twice(tmp_path: Path) -> None:
    """Given a server under load, when it is killed again and again, its log has each key once."""
    keys, seen, stored = asyncio.run(evening(tmp_path))
    log.verify(stored)
    recorded = Counter(line.command_id for line in stored.lines if line.command_id in set(keys))
    assert len(keys) == len(set(keys)) == PLAYERS * COMMANDS
    assert recorded == dict.fromkeys(keys, 1)
    told = [json.loads(line.event)["type"] for line in stored.lines if line.audience == -1]
    assert [event["type"] for event in seen] == told
