"""The interface under generated requests: every answer is one that its description allows."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

CONFIG = Path(__file__).with_name("schemathesis.toml")
BIN = Path(sys.executable).parent
OFF = {"RATE_PER_USER": "0", "RATE_PER_ADDRESS": "0", "LOG_LEVEL": "error"}


@contextmanager
def serving(home: Path) -> Iterator[tuple[str, str]]:
    """Serve in a directory, without limits on the rate; gives the address and the host's token."""
    command = [BIN / "mafia-district", "serve", "--port", "0"]
    with subprocess.Popen(
        command, cwd=home, stdout=subprocess.PIPE, text=True, env=os.environ | OFF
    ) as server:
        assert server.stdout is not None
        announced = {}
        for line in server.stdout:
            if "Ctrl-C" in line:
                break
            key, _, value = line.strip().partition("  ")
            announced[key] = value.strip()
        try:
            yield announced["address"], announced["host's link"].partition("#host=")[2]
        finally:
            server.terminate()


def token(url: str, asked: dict[str, str]) -> str:
    """Get an access token."""
    request = urllib.request.Request(
        f"{url}/api/gateway/user-token", json.dumps(asked).encode(),
        {"Content-Type": "application/json"},
    )  # fmt: skip
    with urllib.request.urlopen(request) as answer:
        return str(json.load(answer)["access_token"])


@pytest.mark.parametrize("role", ["guest", "host"])
def test_every_answer_is_as_described(
    tmp_path: Path, role: str, request: pytest.FixtureRequest
) -> None:
    """Given generated requests, good and bad, alone and in sequences, then no check fails."""
    examples = 100 if request.config.getoption("--long") else 3
    with serving(tmp_path) as (url, host):
        asked = {"guest_name": "Ada"} if role == "guest" else {"refresh_token": host}
        command = [
            BIN / "st", "--config-file", CONFIG, "run", f"{url}/openapi.json", "--checks", "all",
            "--max-examples", str(examples), "--seed", "7", "--no-color",
            "--exclude-path", "/api/gateway/logout",
            "-H", f"Authorization: Bearer {token(url, asked)}",
        ]  # fmt: skip
        ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-6_000:]
