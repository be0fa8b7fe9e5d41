"""WebSockets: every event once and in order, to those who may see it, and to nobody else."""

import asyncio
import socket as sockets
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from mafia_district import wire
from mafia_district.ids import SPECTATOR
from mafia_district_servers import connection
from mafia_district_servers.authority import Caller
from mafia_district_servers.outbox import Outbox
from mafia_district_servers.tokens import Kind

from .served import Person, Town, town
from .virtual import in_loop

FIVE = ("Ann", "Bob", "Cat", "Dan", "Eve")
PATIENCE = 10.0  # seconds until a test that waits for nothing fails


class Line:
    """A client's end of a socket."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def raw(self) -> str:
        """Take the next frame as it came."""
        message = await self.socket.receive(PATIENCE)
        assert message.type is aiohttp.WSMsgType.TEXT, (message, self.socket.close_code)
        return str(message.data)

    async def next(self, *kinds: str) -> Any:
        """Take the next frame of these kinds, or of any; the others are let go by."""
        while True:
            frame = msgspec.json.decode(await self.raw())
            if not kinds or frame["type"] in kinds:
                return frame

    async def events_until(self, kind: str, **fields: object) -> list[Any]:
        """Take events until a frame comes that says this."""
        events = []
        while True:
            frame = await self.next()
            if frame["type"] == kind and fields.items() <= frame.items():
                return events
            if frame["type"] == "event":
                events.append(frame["event"])

    async def closed(self) -> int:
        """Wait until the server closes; give the code."""
        while True:
            message = await self.socket.receive(PATIENCE)
            if message.type is aiohttp.WSMsgType.CLOSE:
                return int(message.data)
            assert message.type is aiohttp.WSMsgType.TEXT, message

    async def order(self, id: str, command: object) -> Any:
        """Send a command and wait for what is said to it."""
        await self.send({"type": "command", "id": id, "command": command})
        return await self.next("ack", "refused")

    async def send(self, frame: object) -> None:
        """Send a frame, or a text as it is."""
        text = frame if isinstance(frame, str) else msgspec.json.encode(frame).decode()
        await self.socket.send_str(text)


async def line(person: Person, game: str, viewer: object, **headers: str) -> Line:
    """Open a socket."""
    return Line(await person.socket(f"/api/game/ws/{game}/{viewer}", **headers))


def told(place: Town, game: str, viewer: int, after: int = 0) -> list[Any]:
    """Give what the game itself would tell a viewer."""
    warm = place.house.authority._shelf.kept(game)
    assert warm is not None
    sights = warm.game.entries(viewer, after=after)
    return [msgspec.json.decode(wire.event_bytes(sight.event)) for sight in sights]


@in_loop
async def test_a_socket_begins_with_a_snapshot_and_goes_on_with_events(tmp_path: Path) -> None:
    """Given a seat's socket, then it shows the present, then every event, then the ack."""
    async with town(tmp_path) as place:
        game, (ann, bob, *_) = await place.day(*FIVE)
        mine = await line(ann, game, 0)
        first = await mine.next()
        view = (await ann.get(f"/api/game/{game}/view")).json
        choices = (await ann.get(f"/api/game/{game}/choices")).json["choices"]
        assert first == view | {
            "type": "snapshot", "now": place.clock.now(), "choices": choices,
        }  # fmt: skip
        assert mine.socket.protocol == "mafia.v1"
        assert mine.socket.compress == 0
        await bob.post(f"/api/voting/{game}/vote", {"target": 2})
        await mine.send({
            "type": "command", "id": "1", "command": {"type": "voting.cast_vote", "target": 3},
        })  # fmt: skip
        events = await mine.events_until("ack", id="1")
        assert events == told(place, game, 0, after=first["cursor"])
        assert [event["seat"] for event in events] == [1, 0]


@in_loop
async def test_choices_come_when_they_change(tmp_path: Path) -> None:
    """Given a seat that votes, then it is told that it can now take the vote back, and no more."""
    async with town(tmp_path) as place:
        game, (ann, bob, *_) = await place.day(*FIVE)
        mine = await line(ann, game, 0)
        before = (await mine.next("snapshot"))["choices"]
        await bob.post(f"/api/voting/{game}/vote", {"target": 2})
        await mine.send({
            "type": "command", "id": "1", "command": {"type": "voting.cast_vote", "target": 3},
        })  # fmt: skip
        frames = [await mine.next() for _ in range(5)]
        assert [frame["type"] for frame in frames] == [
            "presence", "event", "event", "choices", "ack",
        ]  # fmt: skip
        assert frames[3]["choices"].keys() - before.keys() == {"voting.unvote"}


@in_loop
async def test_one_frame_serves_all(tmp_path: Path) -> None:
    """Given seats and spectators, then a public event reaches all of them as the same bytes."""
    async with town(tmp_path) as place:
        game, people = await place.day(*FIVE)
        zoe = await place.guest("Zoe")
        lines = [await line(person, game, person.seat) for person in people]
        lines += [await line(zoe, game, "spectator") for _ in range(3)]
        lines.append(Line(await zoe.socket(f"/api/roleplay/ws/{game}")))
        for each in lines:
            await each.next("snapshot")
        await people[0].post(f"/api/voting/{game}/vote", {"target": 2})
        frames = set()
        for each in lines:
            while '"event"' not in (frame := await each.raw()):
                pass
            frames.add(frame)
        assert frames == {
            '{"type":"event","event":{"seat":0,"target":2,"type":"voting.vote_cast"}}'
        }


@in_loop
async def test_spectators_get_what_is_public_and_can_do_nothing(tmp_path: Path) -> None:
    """Given a spectator from the lobby on, then only public events reach them, and no command."""
    async with town(tmp_path) as place:
        game, _ = await place.day(*FIVE)
        zoe = await place.guest("Zoe")
        watching = await line(zoe, game, "spectator")
        first = await watching.next("snapshot")
        assert first["choices"] is None
        assert first["view"]["role"] == ""
        await watching.send({"type": "resume", "epoch": first["epoch"], "cursor": 0})
        refused = await watching.order("1", {"type": "voting.cast_vote", "target": 1})
        assert (refused["type"], refused["code"]) == ("refused", "not_seated")
        await watching.send({"type": "resume", "epoch": first["epoch"], "cursor": 0})
        await watching.next("at")
        events = [(await watching.next("event"))["event"] for _ in range(first["cursor"])]
        assert events == told(place, game, SPECTATOR)
        assert "roster.roles_dealt" not in {event["type"] for event in events}


@in_loop
async def test_a_seat_may_also_watch_as_a_spectator(tmp_path: Path) -> None:
    """Given a player on the spectators' bench, then no command of theirs is taken from there."""
    async with town(tmp_path) as place:
        game, (ann, *_) = await place.day(*FIVE)
        bench = await line(ann, game, "spectator")
        refused = await bench.order("1", {"type": "voting.cast_vote", "target": 1})
        assert refused["code"] == "not_seated"


@in_loop
async def test_resuming_leaves_no_gap_and_repeats_nothing(tmp_path: Path) -> None:
    """Given a place in the stream, then resume gives every event after it, once and in order."""
    async with town(tmp_path) as place:
        game, (ann, bob, *_) = await place.day(*FIVE)
        mine = await line(ann, game, 0)
        first = await mine.next("snapshot")
        whole = told(place, game, 0)
        for cursor in range(first["cursor"] + 1):
            await mine.send({"type": "resume", "epoch": first["epoch"], "cursor": cursor})
            at = await mine.next("at")
            assert (at["cursor"], at["epoch"]) == (cursor, first["epoch"])
            if cursor == first["cursor"] // 2:  # something happens in the middle of a repeat
                await bob.post(f"/api/voting/{game}/vote", {"target": 2})
                whole = told(place, game, 0)
            events = [(await mine.next("event"))["event"] for _ in whole[cursor:]]
            assert events == whole[cursor:]
        for epoch, cursor in (("other", 0), (first["epoch"], len(whole) + 1)):
            await mine.send({"type": "resume", "epoch": epoch, "cursor": cursor})
            assert (await mine.next("at", "snapshot"))["cursor"] == len(whole)


@in_loop
async def test_a_command_repeated_acts_once(tmp_path: Path) -> None:
    """Given a command sent again after a cut, then it is acknowledged again and stands once."""
    async with town(tmp_path) as place:
        game, (ann, *_) = await place.day(*FIVE)
        vote = {"type": "voting.cast_vote", "target": 3}
        for _ in range(2):
            mine = await line(ann, game, 0)
            assert (await mine.order("once", vote))["type"] == "ack"
            await mine.socket.close()
        mine = await line(ann, game, 0)
        reused = await mine.order("once", vote | {"target": 2})
        assert (reused["type"], reused["code"]) == ("refused", "key_reused")
        history = (await ann.get(f"/api/voting/{game}/history")).json["events"]
        assert [row["event"]["target"] for row in history] == [3]


@in_loop
async def test_whoever_may_not_have_a_socket_is_told_by_its_close_code(tmp_path: Path) -> None:
    """Given other seats, games, tokens and doors, then each gets its own close code."""
    async with town(tmp_path) as place:
        game, (ann, bob) = await place.lobby("Ann", "Bob", public=False)
        zoe = await place.guest("Zoe")
        forged = Person(place, "Ann", ann.token[:-4] + "AAAA")
        for person, where, viewer, code in (
            (bob, game, 0, 4003),
            (ann, game, 2, 4003),
            (ann, game, 29, 4003),
            (zoe, game, 0, 4004),
            (zoe, game, "spectator", 4004),
            (ann, "abcdefghjkmn", 0, 4004),
            (ann, "abcdefghjkmn", "spectator", 4004),
            (forged, game, 0, 4001),
            (place.nobody, game, 0, 4001),
        ):
            assert await (await line(person, where, viewer)).closed() == code, (viewer, code)
        code = (await ann.get(f"/api/game/{game}/view")).json["view"]["code"]
        watching = await line(zoe, game, "spectator", X_Join_Code=code)
        assert (await watching.next())["type"] == "snapshot"


@in_loop
async def test_the_door_is_for_pages_of_this_host_alone(tmp_path: Path) -> None:
    """Given an Origin, then this host's and the listed ones come in, and all others are 403."""
    friend = "https://friend.example"
    async with town(tmp_path, cors_origins=(friend,), public_url="https://mafia.example") as place:
        game, (ann,) = await place.lobby("Ann")
        host = place.url.removeprefix("http://")
        for origin in (f"http://{host}", f"https://{host}", friend, "https://mafia.example"):
            mine = await line(ann, game, 0, Origin=origin)
            assert (await mine.next())["type"] == "snapshot"
        for origin in (
            "null", "", "https://evil.example", f"http://{host}.evil.example", f"http://evil.{host}",
            f"{friend}.evil.example", "http://friend.example", f"http://{host}/", f"{friend}:444",
            f"http://{host}@evil.example", "*", f"HTTP://{host}x",
        ):  # fmt: skip
            with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
                await line(ann, game, 0, Origin=origin)
            assert caught.value.status == 403, origin


@in_loop
async def test_the_protocol_has_to_be_offered(tmp_path: Path) -> None:
    """Given a handshake without mafia.v1 in front, or none at all, then it is 400."""
    async with town(tmp_path) as place:
        game, (ann,) = await place.lobby("Ann")
        url = f"{place.url}/api/game/ws/{game}/0"
        headers = {"Authorization": f"Bearer {ann.token}"}
        for protocols in ((), ("chat",), ("chat", "mafia.v1")):
            with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
                await place.http.ws_connect(url, protocols=protocols, headers=headers)
            assert caught.value.status == 400
        for odd in ("x", "-1", "-2", "keeper", "100", "%F0%9F%98%80", "1%20"):
            with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
                await line(ann, game, odd)
            assert caught.value.status == 404, odd


@in_loop
async def test_a_ticket_opens_its_socket_once(tmp_path: Path) -> None:
    """Given tickets, then each opens the one socket that it is for, once, for its own caller."""
    async with town(tmp_path) as place:
        game, (ann, bob) = await place.lobby("Ann", "Bob", public=False)
        path = f"/api/game/ws/{game}"

        async def ticket(person: Person, **asked: object) -> str:
            got = await person.post("/api/gateway/ws-ticket", {"game": game, **asked})
            assert got.json["expires_in"] == 30
            return str(got.json["ticket"])

        seat = await ticket(ann, seat=0)
        assert (await Line(await place.nobody.socket(f"{path}/0", seat)).next())["cursor"]
        assert await Line(await place.nobody.socket(f"{path}/0", seat)).closed() == 4001
        for wrong in (await ticket(ann, seat=1), await ticket(ann), ann.token, "x", "a.b.c"):
            assert await Line(await place.nobody.socket(f"{path}/0", wrong)).closed() == 4001
        stolen = await ticket(bob, seat=0)
        assert await Line(await place.nobody.socket(f"{path}/0", stolen)).closed() == 4003
        bench = await ticket(ann)
        watching = Line(await place.nobody.socket(f"{path}/spectator", bench))
        assert (await watching.next())["view"]["viewer"] == SPECTATOR


@in_loop
async def test_a_newer_connection_takes_the_seat(tmp_path: Path) -> None:
    """Given two connections to one seat, then the older is closed with 4009; benches are free."""
    async with town(tmp_path) as place:
        game, (ann, bob) = await place.lobby("Ann", "Bob")
        other = await line(bob, game, 1)
        bench = await line(ann, game, "spectator")
        old = await line(ann, game, 0)
        await old.next("snapshot")
        new = await line(ann, game, 0)
        await new.next("snapshot")
        assert await old.closed() == 4009
        second = await line(ann, game, "spectator")
        for each in (other, bench, second):
            await each.next("snapshot")
        assert (await new.order("1", {"type": "lobby.set_ready", "ready": True}))["type"] == "ack"
        for each in (other, bench, second):
            assert (await each.next("event"))["event"]["type"] == "lobby.ready_set"
        await new.socket.close()
        gone = await other.next("presence")
        assert gone == {"type": "presence", "seat": 0, "online": False}


@in_loop
async def test_leaving_closes_the_seat(tmp_path: Path) -> None:
    """Given players who are sent away, leave or log out, then their sockets close, each why."""
    async with town(tmp_path) as place:
        game, (ann, bob, cat, dan) = await place.lobby("Ann", "Bob", "Cat", "Dan")
        kicked, leaver, logger = [await line(p, game, p.seat) for p in (bob, cat, dan)]
        for each in (kicked, leaver, logger):
            await each.next("snapshot")
        await ann.post(f"/api/game/{game}/kick", {"seat": bob.seat})
        assert (await kicked.next("event"))["event"]["type"] == "roster.seat_left"
        assert await kicked.closed() == 4003
        await cat.post(f"/api/game/{game}/leave")
        assert await leaver.closed() == 4003
        await dan.post("/api/gateway/logout")
        assert await logger.closed() == 4001


@in_loop
async def test_a_socket_ends_with_its_token(tmp_path: Path) -> None:
    """Given a token or a ticket's token that is about to expire, then the socket goes with it."""
    async with town(tmp_path) as place:
        game, (ann,) = await place.lobby("Ann")
        place.clock.jump(870_950)
        got = await ann.post("/api/gateway/ws-ticket", {"game": game})
        place.clock.jump(29_000)
        by_token = await line(ann, game, 0)
        path = f"/api/game/ws/{game}/spectator"
        by_ticket = Line(await place.nobody.socket(path, got.json["ticket"]))
        for each in (by_token, by_ticket):
            await each.next("snapshot")
            assert await each.closed() == 4001


@in_loop
async def test_the_place_is_told_now_and_then(tmp_path: Path) -> None:
    """Given twenty quiet seconds, then every viewer is told their own place."""
    async with town(tmp_path) as place:
        game, (ann, *_) = await place.day(*FIVE)
        mine, bench = await line(ann, game, 0), await line(ann, game, "spectator")
        snapshots = [await each.next("snapshot") for each in (mine, bench)]
        await place.clock.advance(20_000)
        for each, first in zip((mine, bench), snapshots, strict=True):
            at = await each.next("at")
            assert at == {
                "type": "at", "epoch": first["epoch"], "cursor": first["cursor"],
                "now": place.clock.now(),
            }  # fmt: skip
        assert snapshots[0]["cursor"] > snapshots[1]["cursor"]


@in_loop
async def test_bad_frames_are_refused_and_do_no_harm(tmp_path: Path) -> None:
    """Given frames that are wrong in all ways, then each is refused and the socket lives on."""
    async with town(tmp_path) as place:
        game, (ann, *_) = await place.day(*FIVE)
        mine = await line(ann, game, 0)
        await mine.next("snapshot")
        vote = {"type": "voting.cast_vote", "target": 1}
        for frame in (
            "", "x", "[]", "null", "{}", '{"type":"command","type":"resume"}', "[" * 1_000,
            {"type": ["resume"]}, {"type": {}}, {"type": "event"},
            {"type": "resume"}, {"type": "resume", "epoch": 1, "cursor": 0},
            {"type": "resume", "epoch": "x", "cursor": "0"},
            {"type": "resume", "epoch": "x", "cursor": -1},
            {"type": "command", "id": "1"}, {"type": "command", "command": vote},
            {"type": "command", "id": "", "command": vote},
            {"type": "command", "id": "a b", "command": vote},
            {"type": "command", "id": "x" * 65, "command": vote},
            {"type": "command", "id": 1, "command": vote},
            {"type": "command", "id": "1", "command": [vote]},
            {"type": "command", "id": "1", "command": vote, "actor": 2},
        ):  # fmt: skip
            await mine.send(frame)
            refused = await mine.next("refused", "snapshot", "at")
            assert (refused["type"], refused["code"]) == ("refused", "bad_json"), frame
            assert refused["detail"]
        for command, code in (
            ({"type": "voting.cast_vote", "target": 29}, "bad_target"),
            ({"type": "voting.cast_vote", "target": "1"}, "bad_json"),
            ({"type": "voting.cast_vote", "target": 1, "actor": 1}, "bad_json"),
            ({"type": "voting.cast"}, "bad_json"),
            ({"type": ["voting.cast_vote"]}, "bad_json"),
            ({}, "bad_json"),
            ({"type": "lobby.take_seat", "name": "Twice"}, "forbidden"),
            ({"type": "clock.shift_clock", "by": 1}, "forbidden"),
            ({"type": "lobby.start"}, "wrong_phase"),
        ):
            refused = await mine.order("a", command)
            assert (refused["id"], refused["code"]) == ("a", code)
        assert (await mine.order("a", vote))["type"] == "ack"


@in_loop
async def test_what_is_no_text_or_too_much_ends_the_socket(tmp_path: Path) -> None:
    """Given a binary frame, one too large, or a flood, then the socket is closed for it."""
    async with town(tmp_path, max_body_bytes=1_024) as place:
        game, (ann,) = await place.lobby("Ann")
        binary, large, flood = [await line(ann, game, "spectator") for _ in range(3)]
        await binary.socket.send_bytes(b"{}")
        assert await binary.closed() == 1003
        await large.send("x" * 1_025)
        assert await large.closed() == 1009
        for _ in range(connection.BURST + 50):
            await flood.send("{}")
        assert await flood.closed() == 4029


@in_loop
async def test_one_who_does_not_read_is_cut_and_slows_nobody(tmp_path: Path) -> None:
    """Given a reader who stops, then it is cut with 4008, and the others get everything."""
    said = 400
    text = "x" * 500
    async with town(tmp_path, socket_queue_frames=50, socket_queue_bytes=65_536) as place:
        rules = {"messages": 10_000, "message_length": 500}
        game, (ann, bob) = await place.lobby("Ann", "Bob", settings=rules)
        healthy = [await line(bob, game, 1), await line(bob, game, "spectator")]
        for each in healthy:
            await each.next("snapshot")
        stuck = await _stuck(place, ann, game)
        reading = [asyncio.create_task(_hear(each, said)) for each in healthy]
        for _ in range(said):
            path = f"/api/communication/{game}/channels/lobby/messages"
            assert (await ann.post(path, {"text": text})).status == 200
        assert [await each for each in reading] == [said, said]
        last = (await _drain(stuck)).rpartition(b"\x88")[2]  # the close frame: length, code, reason
        assert last[1:3] == (4008).to_bytes(2, "big")


async def _stuck(place: Town, person: Person, game: str) -> sockets.socket:
    """Open a socket by hand, with a small buffer, and read nothing but the handshake."""
    host, port = place.url.removeprefix("http://").split(":")
    raw = sockets.socket()
    raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4_096)
    raw.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(raw, (host, int(port)))
    await loop.sock_sendall(raw, (
        f"GET /api/game/ws/{game}/{person.seat} HTTP/1.1\r\nHost: {host}:{port}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: mafia.v1\r\n"
        f"Authorization: Bearer {person.token}\r\n\r\n"
    ).encode())  # fmt: skip
    assert b" 101 " in await loop.sock_recv(raw, 64)
    return raw


async def _drain(raw: sockets.socket) -> bytes:
    """Read what is left, to the end."""
    data = bytearray()
    while True:
        part = await asyncio.wait_for(asyncio.get_running_loop().sock_recv(raw, 65_536), PATIENCE)
        if not part:
            raw.close()
            return bytes(data)
        data += part


async def _hear(each: Line, count: int) -> int:
    """Count the messages that reach a reader."""
    heard = 0
    while heard < count:
        heard += (await each.next("event"))["event"]["type"] == "chat.message_said"
    return heard


@in_loop
async def test_closing_sends_everybody_to_resume_elsewhere(tmp_path: Path) -> None:
    """Given open sockets, when the server drains, then they are closed with 4012, and resume."""
    async with town(tmp_path) as place:
        game, (ann, bob) = await place.lobby("Ann", "Bob")
        lines = [await line(ann, game, 0), await line(bob, game, 1)]
        snapshots = [await each.next("snapshot") for each in lines]
        closing = asyncio.create_task(place.house.sockets.close())
        assert [await each.closed() for each in lines] == [4012, 4012]
        await closing
    async with town(tmp_path) as place:
        caller = Caller(ann.account, ann.name)
        token = place.house.tokens.issue(Kind.ACCESS, caller, "session")
        mine = await line(Person(place, "Ann", token), game, 0)
        cursor = snapshots[0]["cursor"]
        await mine.send({"type": "resume", "epoch": snapshots[0]["epoch"], "cursor": cursor})
        assert (await mine.next("at"))["cursor"] == cursor


@in_loop
async def test_an_outbox_is_bounded_and_in_order() -> None:
    """Given an outbox, then frames leave in order with repeats in their place, within bounds."""
    outbox = Outbox(most_items=4, most_bytes=10)
    assert outbox.offer([b"one", b"two"])
    assert outbox.repeat(iter([b"x" * 100, b"y" * 100]))
    assert not outbox.offer([b"12345"])  # too many bytes
    assert outbox.offer([b"six"])
    assert not outbox.offer([b""])  # too many frames
    taken = [await outbox.next() for _ in range(5)]
    assert taken == [b"one", b"two", b"x" * 100, b"y" * 100, b"six"]
    assert outbox.offer([b"1234567890"])
    assert await outbox.next() == b"1234567890"
    waiting = asyncio.create_task(outbox.next())
    await asyncio.sleep(0)
    outbox.offer([b"late", b"last"])
    outbox.close()
    assert [await waiting, await outbox.next(), await outbox.next()] == [b"late", b"last", None]
