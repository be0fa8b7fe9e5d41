"""WebSockets: who may not have one is told why, and nobody harms another by one."""

import asyncio
import socket as sockets
from pathlib import Path

import aiohttp
import pytest

from mafia_district.ids import SPECTATOR
from mafia_district_servers.live import connection
from mafia_district_servers.live.outbox import MOST_REPEATS, Outbox

from ..served import FIVE, PATIENCE, Line, Person, Town, line, town
from ..virtual import in_loop

MOST_TRIES = 1_000


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
async def test_a_socket_ends_with_its_token(tmp_path: Path) -> None:
    """Given a token or a ticket's token that is about to expire, then the socket goes with it."""
    async with town(tmp_path) as place:
        game, (ann,) = await place.lobby("Ann")
        place.clock.jump(24 * 3_600_000 - 29_050)
        got = await ann.post("/api/gateway/ws-ticket", {"game": game})
        place.clock.jump(29_000)
        by_token = await line(ann, game, 0)
        path = f"/api/game/ws/{game}/spectator"
        by_ticket = Line(await place.nobody.socket(path, got.json["ticket"]))
        for each in (by_token, by_ticket):
            await each.next("snapshot")
            assert await each.closed() == 4001


@in_loop
async def test_bad_frames_are_refused_and_do_no_harm(tmp_path: Path) -> None:
    """Given frames that are wrong in all ways, then each is refused and the socket lives on."""
    async with town(tmp_path) as place:
        game, (ann, *_) = await place.day(*FIVE)
        mine = await line(ann, game, 0)
        await mine.next("snapshot")
        vote = {"type": "voting.cast_vote", "target": 1}
        malformed = ["", "x", '{"type":"command","type":"resume"}', "[" * 1_000]
        misshapen: list[object] = [
            "[]", "null", "{}",
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
        ]  # fmt: skip
        for code, frames in (("bad_json", malformed), ("bad_request", misshapen)):
            for frame in frames:
                await mine.send(frame)
                refused = await mine.next("refused", "snapshot", "at")
                assert (refused["type"], refused["code"]) == ("refused", code), frame
                assert refused["detail"]
        for command, code in (
            ({"type": "voting.cast_vote", "target": 29}, "bad_target"),
            ({"type": "voting.cast_vote", "target": "1"}, "bad_request"),
            ({"type": "voting.cast_vote", "target": 1, "actor": 1}, "bad_request"),
            ({"type": "voting.cast"}, "bad_request"),
            ({"type": ["voting.cast_vote"]}, "bad_request"),
            ({}, "bad_request"),
            ({"type": "lobby.take_seat", "name": "Twice"}, "forbidden"),
            ({"type": "clock.shift_clock", "by": 1}, "forbidden"),
            ({"type": "lobby.start"}, "wrong_phase"),
        ):
            refused = await mine.order("a", command)
            assert (refused["id"], refused["code"]) == ("a", code)
        untyped = await mine.order("a", {"target": 1})
        assert 'a command needs a "type", as in {"type": "voting.cast_vote"' in untyped["detail"]
        assert (await mine.order("a", vote))["type"] == "ack"


@in_loop
async def test_an_account_has_so_many_sockets(tmp_path: Path) -> None:
    """Given an account with all its sockets, then one more is 4029 until it lets go of another."""
    async with town(tmp_path, sockets_per_account=2) as place:
        game, (ann, bob) = await place.lobby("Ann", "Bob")
        held = [await line(ann, game, viewer) for viewer in (0, "spectator")]
        for each in held:
            await each.next("snapshot")
        assert await (await line(ann, game, "spectator")).closed() == 4029
        other, _ = await place.lobby("Cat")
        assert await (await line(ann, other, "spectator")).closed() == 4029
        await (await line(bob, game, 1)).next("snapshot")
        await held[1].socket.close()
        for _ in range(MOST_TRIES):  # the server may not have heard of it yet
            again = await (await line(ann, game, "spectator")).first()
            if again != 4029:
                break
        assert again == "snapshot"


@in_loop
async def test_ones_own_half_open_socket_is_no_hindrance(tmp_path: Path) -> None:
    """Given a seat's socket that is dead and counts, then its player comes back in its place."""
    async with town(tmp_path, sockets_per_account=1) as place:
        game, (ann, bob) = await place.lobby("Ann", "Bob")
        dead = await line(ann, game, 0)
        await dead.next("snapshot")
        assert await (await line(ann, game, "spectator")).closed() == 4029
        assert await (await line(ann, game, 1)).closed() == 4029
        back = await line(ann, game, 0)
        assert await back.first() == "snapshot"
        assert await dead.closed() == 4009
        assert (await back.order("1", {"type": "lobby.set_ready", "ready": True}))["type"] == "ack"
        await (await line(bob, game, 1)).next("snapshot")


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
async def test_one_who_does_not_read_is_cut_and_slows_nobody(tmp_path: Path, shape: str) -> None:
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
        if shape == "together":  # else the hops between take what the reader does not
            last = (await _drain(stuck)).rpartition(b"\x88")[2]  # its close: length, code, reason
            assert last[1:3] == (4008).to_bytes(2, "big")
        stuck.close()


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


def test_an_outbox_is_bounded_and_in_order() -> None:
    """Given an outbox, then frames leave in order with repeats in their place, within bounds."""
    outbox = Outbox(most_items=4, most_bytes=10)
    assert outbox.take(1) == b""
    assert outbox.offer([b"one", b"two"])
    assert outbox.repeat(iter([b"x" * 100, b"y" * 100]))
    assert not outbox.offer([b"12345"])  # too many bytes
    assert outbox.offer([b"six"])
    assert not outbox.offer([b""])  # too many frames
    assert outbox.take(4) == b"onetwo"
    assert outbox.take(1) == b"x" * 100
    assert outbox.take(1_000) == b"y" * 100 + b"six"
    assert outbox.take(1) == b""
    assert outbox.offer([b"1234567890"])
    assert outbox.take(1_000) == b"1234567890"


def test_an_outbox_holds_few_repeats() -> None:
    """Given one who asks for repeats and reads none, few are taken; what is read counts no more."""
    outbox = Outbox(most_items=1_000, most_bytes=1_000)
    taken = [outbox.repeat(iter([b"once", b"more"])) for _ in range(MOST_REPEATS + 2)]
    assert taken == [True] * MOST_REPEATS + [False] * 2
    assert outbox.take(9) == b"oncemoreonce"  # one is read, one is under way
    assert outbox.repeat(iter([b"last"]))
    assert not outbox.repeat(iter([b"late"]))
    assert outbox.take(1_000).endswith(b"oncemorelast")
