"""`mafia-district serve` hosts games, and says plainly why it cannot."""

import json
import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

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


@pytest.mark.parametrize(
    ("variable", "value"), [("HOST", "[/red]"), ("DATABASE_URL", "sqlite:///a[/b].db")]
)
def test_settings_in_brackets_are_printed_as_they_are(run: Run, variable: str, value: str) -> None:
    """Given a value that looks like markup, the settings show it."""
    assert f" {value} " in run("serve", "--print-config", **{variable: value}).stdout


@pytest.mark.parametrize("signal_", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("slow", ["import", "certificate", "secret"])
def test_a_signal_while_it_starts_ends_it_well(
    script: Path, tmp_path: Path, slow: str, signal_: signal.Signals
) -> None:
    """Given a file that it waits for as it starts, when it is told to stop, it exits with 0."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "segno.py").write_text("open('pipe').read()")  # instead of the library
    flags = ["--tls-cert", "pipe", "--tls-key", "key"] if slow == "certificate" else []
    variables = {"import": {"PYTHONPATH": "."}, "secret": {"JWT_SECRET_FILE": "pipe"}}.get(slow, {})
    command = [script, "serve", "--port", "0", *flags]
    environment = os.environ | variables
    with subprocess.Popen(command, cwd=tmp_path, env=environment) as server:
        with pipe.open("wb") as writer:  # opens when the server begins to read
            server.send_signal(signal_)
            if slow == "secret":
                writer.write(b"s" * 40)
        assert server.wait(20) == 0


@pytest.fixture
def pems(tmp_path: Path) -> None:
    """Write certificates with their keys, and files that are neither."""
    for name in ("ours", "theirs"):
        key = Ed25519PrivateKey.generate()
        subject = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, name)])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder(subject, subject, key.public_key(), 1)
            .not_valid_before(now)
            .not_valid_after(now + timedelta(days=1))
            .sign(key, None)
        )
        (tmp_path / f"{name}.crt").write_bytes(certificate.public_bytes(Encoding.PEM))
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (tmp_path / f"{name}.key").write_bytes(pem)
    (tmp_path / "text").write_text("this is neither")


@pytest.mark.usefixtures("pems")
@pytest.mark.parametrize(
    ("certificate", "key", "said"),
    [
        ("none.crt", "ours.key", "cannot read none.crt: No such file"),
        ("ours.crt", "none.key", "cannot read none.key: No such file"),
        ("text", "ours.key", "text holds no certificate"),
        ("ours.crt", "text", "text holds no private key"),
        ("ours.crt", "theirs.key", "theirs.key is not the key of ours.crt"),
    ],
)
def test_a_useless_pair_is_one_line(run: Run, certificate: str, key: str, said: str) -> None:
    """Given TLS files that are missing or no pair, it names the one and what is wrong with it."""
    ran = run("serve", "--port", "0", "--tls-cert", certificate, "--tls-key", key)
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (1, "", 1)
    assert said in ran.stderr


def test_half_a_certificate_is_wrong_usage(run: Run) -> None:
    """Given a certificate without its key, when it starts, it asks for both and exits with 2."""
    ran = run("serve", "--tls-cert", "cert.pem")
    assert ran.returncode == 2
    assert "--tls-key" in ran.stderr
