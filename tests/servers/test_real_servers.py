"""The launcher of real servers: what others test with has to hold itself."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from redis import Redis as Client

from .real_servers import Redis, program
from .real_time import until
from .virtual import in_loop

TESTS_THAT_ARE_KILLED = """
import importlib.util, os, pathlib, signal, sys
spec = importlib.util.spec_from_file_location("real_servers", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
server = module.Redis(pathlib.Path(sys.argv[2]))
server.start()
print(server._process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_is_kept_survives_a_kill(redis_server: Redis) -> None:
    """Given a server that is killed and started again, port and contents are the same."""
    url = redis_server.url
    for value in (b"1", b"2"):
        with Client.from_url(url) as client:
            client.set("test:survives", value)
        redis_server.kill9()
        with pytest.raises(OSError, match="refused"):
            redis_server.answers(0)
        redis_server.start()
        assert redis_server.url == url
        with Client.from_url(url) as client:
            assert client.getdel("test:survives") == value


@in_loop
async def test_it_ends_with_its_tests(tmp_path: Path) -> None:
    """Given tests that are killed, their server is gone soon after."""
    launcher = Path(__file__).with_name("real_servers.py")
    ran = subprocess.run(
        [sys.executable, "-c", TESTS_THAT_ARE_KILLED, str(launcher), str(tmp_path)],
        stdout=subprocess.PIPE, timeout=30, check=False,
    )  # fmt: skip
    assert ran.returncode == -signal.SIGKILL

    def gone() -> bool:
        try:
            os.kill(int(ran.stdout), 0)
        except ProcessLookupError:
            return True
        try:  # nobody may have taken note of its end yet
            return "\nState:\tZ" in Path(f"/proc/{int(ran.stdout)}/status").read_text()
        except OSError:
            return False

    await until(gone)


def test_a_missing_program_is_a_failure_with_its_fix() -> None:
    """Given neither wheel nor program, the line says what to do."""
    with pytest.raises(RuntimeError, match="no such-server for the tests: install it"):
        program(("such-server", "such-other"), "such_wheel", "bin/such", "install it")


def test_a_program_is_taken_from_path_without_its_wheel() -> None:
    """Given no wheel, the first of the names that PATH knows is taken."""
    assert Path(program(("such-server", "sh"), "such_wheel", "bin/such", "")).name == "sh"


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    """Given a port that is taken, the failure quotes the server's own words, and nothing runs."""
    first = Redis(tmp_path)
    first.start()
    second = Redis(tmp_path)
    second.port = first.port
    try:
        with pytest.raises(RuntimeError, match=r"(?s)did not start:\n.*in use"):
            second.start()
    finally:
        first.stop()
