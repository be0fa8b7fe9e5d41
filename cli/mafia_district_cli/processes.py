"""Processes: a server of one process for each service, on this machine, while it is wanted.

All share one database. Each gets what it needs by variables, as it would on machines of its own;
the root secret goes to the gateway alone.
"""

import asyncio
import os
import secrets
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

from mafia_district_cli.errors import CommandError
from mafia_district_servers.keys import gateway_keys, service_secret, write_public
from mafia_district_servers.settings import SERVICES

GATEWAY: Final = "gateway"
_UP: Final = b"Ctrl-C"  # what a server says last when it is up
_STOP: Final = 20.0  # seconds that a process has to end by itself


class Processes:
    """The processes of a server, by service; `home` is where their database lies."""

    def __init__(self, home: Path, options: tuple[str, ...] = (), **variables: str) -> None:
        root = secrets.token_hex(32)
        self.urls = {name: f"http://127.0.0.1:{port}" for name, port in _free_ports().items()}
        self._options = options
        self._common = {
            **{name: text for name, text in os.environ.items() if name in ("PATH", "HOME")},
            "PYTHONPATH": os.pathsep.join(sys.path),
            "DATABASE_URL": f"sqlite:///{home / 'games.db'}",
            "LOG_LEVEL": "error",
            **{f"{name.upper()}_URL": url for name, url in self.urls.items()},
            **variables,
        }
        self._own = _secrets(root)
        self._running: dict[str, asyncio.subprocess.Process] = {}

    async def start(self, name: str) -> None:
        """Start a service, and wait until it answers; raises CommandError if it does not."""
        port = self.urls[name].rpartition(":")[2]
        command = ("-m", "mafia_district_cli", "serve", name, "--port", port, *self._options)
        process = self._running[name] = await asyncio.create_subprocess_exec(
            sys.executable, *command, env={**self._common, **self._own[name]},
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
            start_new_session=True,
        )  # fmt: skip
        assert process.stdout is not None
        async for line in process.stdout:
            if line.startswith(_UP):
                return
        raise CommandError(f"the {name} service did not start")

    async def kill(self, name: str) -> None:
        """End a service as a crash would."""
        process = self._running.pop(name)
        process.kill()
        await process.wait()

    async def stop(self) -> None:
        """End all services, those of whom others need nothing first."""
        for process in self._running.values():
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
        for process in self._running.values():
            try:
                await asyncio.wait_for(process.wait(), _STOP)
            except TimeoutError:
                process.kill()
                await process.wait()


@asynccontextmanager
async def split(
    home: Path, options: tuple[str, ...] = (), **variables: str
) -> AsyncIterator[Processes]:
    """Run all services, each in a process of its own; raises CommandError."""
    processes = Processes(home, options, **variables)
    try:
        await processes.start(GATEWAY)  # it makes the database that the others open
        async with asyncio.TaskGroup() as starting:
            for name in SERVICES:
                if name != GATEWAY:
                    starting.create_task(processes.start(name))
        yield processes
    finally:
        await processes.stop()


def _secrets(root: str) -> dict[str, Mapping[str, str]]:
    """Give each service what proves its name, and what it knows others by."""
    raw = root.encode()
    public = write_public(gateway_keys([raw]))
    own: dict[str, Mapping[str, str]] = {
        name: {"JWT_PUBLIC_KEYS": public, "SERVICE_SECRET": service_secret(raw, name)}
        for name in SERVICES
    }
    return own | {GATEWAY: {"JWT_SECRET": root}}


def _free_ports() -> dict[str, int]:
    """Find a port for each service that nobody listens on now."""
    with ExitStack() as held:
        ports = {}
        for name in SERVICES:
            plug = held.enter_context(socket.socket())
            plug.bind(("127.0.0.1", 0))
            ports[name] = plug.getsockname()[1]
        return ports
