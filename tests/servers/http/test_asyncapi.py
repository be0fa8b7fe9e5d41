"""The description of the sockets: complete, true of live traffic, and readable offline."""

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import msgspec

from mafia_district_servers.http import asyncapi
from mafia_district_servers.tables import SOCKETS

from ..served import FIVE, line, town
from ..virtual import in_loop


def checker(name: str) -> jsonschema.Draft202012Validator:
    """Give the validator of a schema of the description."""
    components = {"schemas": asyncapi.schemas()}
    schema = {"$ref": f"#/components/schemas/{name}", "components": components}
    return jsonschema.Draft202012Validator(schema)


def test_every_socket_and_frame_is_described() -> None:
    """Given the tables, then each socket is a channel, with all frames both ways."""
    described: Any = msgspec.json.decode(asyncapi.document(SOCKETS))
    assert [row["address"] for row in described["channels"].values()] == [
        socket.path for socket in SOCKETS
    ]
    assert len(described["operations"]) == 2 * len(SOCKETS)
    messages = described["components"]["messages"]
    for name, message in messages.items():
        assert message["payload"]["$ref"].endswith(name)
        assert message["summary"]
    for channel in described["channels"].values():
        assert channel["messages"].keys() == messages.keys()


@in_loop
async def test_frames_are_as_described(tmp_path: Path) -> None:
    """Given a socket on which everything is said, then every frame fits the schema of its type."""
    frames = {kind.__name__.removesuffix("Frame").lower(): kind for kind in asyncapi.SENT}
    validators = {name: checker(kind.__name__) for name, kind in frames.items()}
    async with town(tmp_path) as place:
        game, (ann, bob, *_) = await place.day(*FIVE)
        mine = await line(ann, game, 0)
        first = await mine.next("snapshot")
        other = await line(bob, game, 1)
        await other.next("snapshot")
        sent = [
            {"type": "command", "id": "a", "command": {"type": "voting.cast_vote", "target": 1}},
            {"type": "command", "id": "b", "command": {"type": "lobby.start"}},
            {"type": "resume", "epoch": first["epoch"], "cursor": 0},
        ]
        for frame in sent:
            checker(f"{frame['type']}Frame".capitalize().replace("frame", "Frame")).validate(frame)
            await mine.send(frame)
        seen = {"snapshot"}
        validators["snapshot"].validate(first)
        while seen != set(validators):
            frame = await mine.next()
            validators[frame["type"]].validate(frame)
            seen.add(frame["type"])


class Links(HTMLParser):
    """Collects what a page asks a browser to load."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note sources, and links but those to follow."""
        for name, value in attrs:
            if name == "src" or (name == "href" and tag != "a"):
                self.loads.append((tag, value or ""))


@in_loop
async def test_the_manual_needs_nothing_from_anywhere(tmp_path: Path) -> None:
    """Given /docs, then it names every route and frame, and loads nothing else."""
    async with town(tmp_path) as place:
        got = await place.nobody.get("/docs")
        assert "script" not in got.headers["Content-Security-Policy"]
        page = got.bytes.decode()
        links = Links()
        links.feed(page)
        assert links.loads == []
        for word in ("/api/voting/{game}/vote", "SnapshotFrame", "VoteCast", "4008 too slow"):
            assert word in page
