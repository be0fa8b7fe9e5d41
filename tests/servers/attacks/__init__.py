"""Attacks as data: one a line, with Python's escapes, so that every byte can be written."""

from pathlib import Path

from mafia_district import wire
from mafia_district_servers.problems import Fault

_HERE = Path(__file__).parent


def lines(name: str) -> list[str]:
    """Read the attacks of a file, without its comments."""
    text = (_HERE / name).read_text(encoding="ascii")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def unescaped(text: str) -> str:
    """Read Python's escapes."""
    return text.encode("ascii").decode("unicode_escape")


def json_bodies() -> dict[str, bytes]:
    """Give the bodies that the JSON door must refuse, by name."""
    rows = (line.split("\t", 1) for line in lines("json_bodies.txt"))
    return {name: unescaped(body).encode("latin-1") for name, body in rows}


def fault_of(body: bytes) -> Fault:
    """Tell what is wrong with a refused body: its JSON, or only its shape."""
    try:
        wire.parse(body)
    except wire.Malformed:
        return Fault.BAD_JSON
    return Fault.BAD_REQUEST


def names() -> list[tuple[bool, str]]:
    """Give texts with whether a guest may be called so."""
    return [(line[0] == "+", unescaped(line[2:])) for line in lines("naughty_names.txt")]
