"""`mafia-district serve` hosts games, and says plainly why it cannot."""

import json
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
ADDRESS = re.compile(r"address +(\S+)")


@contextmanager
def serving(script: Path, home: Path, *arguments: str) -> Iterator[tuple[str, str]]:
    """Run a server in a directory; gives its address and what it announced, then stops it."""
    command = [script, "serve", "--port", "0", *arguments]
    with subprocess.Popen(command, cwd=home, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        announced = ""
        for line in server.stdout:
            announced += line
            if "Ctrl-C" in line:
                break
        found = ADDRESS.search(announced)
        assert found, announced
        try:
            yield found[1], announced
        finally:
            server.send_signal(signal.SIGTERM)
            assert server.wait(20) == 0


def test_it_serves_drains_and_keeps_its_secret(script: Path, tmp_path: Path) -> None:
    """Given an empty directory, when it serves, it is healthy, stops with 0 and keeps its files."""
    with serving(script, tmp_path) as (url, announced):
        with urllib.request.urlopen(f"{url}/health") as answer:
            assert answer.status == 200
        assert f"{url}/#host=" in announced
    secret = tmp_path / "mafia-district.secret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    before = secret.read_bytes()
    with (
        serving(script, tmp_path) as (url, _),
        urllib.request.urlopen(f"{url}/openapi.json") as answer,
    ):
        assert json.load(answer)["openapi"].startswith("3.")
    assert secret.read_bytes() == before


def test_a_port_in_use_is_one_line(run: Run) -> None:
    """Given a port that is taken, when it starts there, it says so and exits with 1."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = run("serve", "--port", str(port))
    assert ran.returncode == 1
    assert ran.stderr.count("\n") == 1
    assert f"127.0.0.1:{port}" in ran.stderr
    assert "--port" in ran.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"this is no database" * 100, "mafia-district.db"), (None, "mafia-district.db")],
    ids=["not-a-database", "newer-schema"],
)
def test_a_database_it_cannot_use_is_one_line(
    run: Run, tmp_path: Path, content: bytes | None, said: str
) -> None:
    """Given a file that is no database, or one of a later version, it says which and exits 1."""
    path = tmp_path / "mafia-district.db"
    if content is not None:
        path.write_bytes(content)
    else:
        with sqlite3.connect(path) as db:
            db.execute("PRAGMA user_version = 9999")
        db.close()
    ran = run("serve", "--port", "0")
    assert ran.returncode == 1, ran.stdout
    assert ran.stderr.count("\n") == 1
    assert said in ran.stderr


def test_a_wrong_variable_is_named(run: Run) -> None:
    """Given a PORT that is no number, when it starts, it names the variable and exits with 2."""
    ran = run("serve", PORT="eighty")
    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
    assert "PORT" in ran.stderr


def test_the_settings_in_force_show_no_secret(run: Run) -> None:
    """Given a secret, when the settings are printed, the secret is not among them."""
    ran = run("serve", "--print-config", "--port", "81", JWT_SECRET="s" * 40)
    assert ran.returncode == 0
    assert re.search(r"PORT\W+81\b", ran.stdout)
    assert "ssss" not in ran.stdout


def test_half_a_certificate_is_wrong_usage(run: Run) -> None:
    """Given a certificate without its key, when it starts, it asks for both and exits with 2."""
    ran = run("serve", "--tls-cert", "cert.pem")
    assert ran.returncode == 2
    assert "--tls-key" in ran.stderr
