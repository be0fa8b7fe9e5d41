"""WebSockets: every event once and in order, to those who may see it, and to nobody else."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from mafia_district import wire
from mafia_district.ids import SPECTATOR
from mafia_district.lobby import Kick
from mafia_district_servers.adapters.store_memory import MemoryStore
from mafia_district_servers.games.authority import Caller
from mafia_district_servers.identity.tokens import Kind
from mafia_district_servers.live.closing import Close
from mafia_district_servers.live.hub import Hub

from ..served import FIVE, Line, Person, Town, line, town
from ..tables import Place, caller
from ..virtual import VirtualClock, in_loop


async def told(place: Town, game: str, viewer: int, after: int = 0) -> list[Any]:
    """Give what the game itself would tell a viewer."""
    warm = await place.houses["game"].authority.read(game)
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
        assert events == await told(place, game, 0, after=first["cursor"])
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
        assert events == await told(place, game, SPECTATOR)
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
        whole = await told(place, game, 0)
        for cursor in range(first["cursor"] + 1):
            await mine.send({"type": "resume", "epoch": first["epoch"], "cursor": cursor})
            at = await mine.next("at")
            assert (at["cursor"], at["epoch"]) == (cursor, first["epoch"])
            if cursor == first["cursor"] // 2:  # something happens in the middle of a repeat
                await bob.post(f"/api/voting/{game}/vote", {"target": 2})
                whole = await told(place, game, 0)
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
        assert await kicked.closed() == 4003
        await cat.post(f"/api/game/{game}/leave")
        assert await leaver.closed() == 4003
        await dan.post("/api/gateway/logout")
        assert await logger.closed() == 4001


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
async def test_closing_sends_everybody_to_resume_elsewhere(tmp_path: Path) -> None:
    """Given open sockets, when the server drains, then they are closed with 4012, and resume."""
    async with town(tmp_path) as place:
        game, (ann, bob) = await place.lobby("Ann", "Bob")
        lines = [await line(ann, game, 0), await line(bob, game, 1)]
        snapshots = [await each.next("snapshot") for each in lines]
        closing = asyncio.create_task(place.drain())
        assert [await each.closed() for each in lines] == [4012, 4012]
        await closing
    async with town(tmp_path) as place:
        caller = Caller(ann.account, ann.name)
        token = place.house.tokens.issue(Kind.ACCESS, caller, "session")
        mine = await line(Person(place, "Ann", token), game, 0)
        cursor = snapshots[0]["cursor"]
        await mine.send({"type": "resume", "epoch": snapshots[0]["epoch"], "cursor": cursor})
        assert (await mine.next("at"))["cursor"] == cursor


class Ear:
    """A socket that writes down what it is sent."""

    def __init__(self, name: str, viewer: int) -> None:
        self.account = caller(name).account
        self.viewer = viewer
        self.heard: list[bytes] = []
        self.closed: Close | None = None

    def offer(self, frames: Sequence[bytes]) -> None:
        """Write frames down."""
        if self.closed is None:
            self.heard.extend(frames)

    def repeat(self, frames: Iterator[bytes]) -> None:
        """Write frames down."""
        self.offer(list(frames))

    def cut(self, code: Close, reason: str) -> None:
        """Hear no more."""
        self.closed = code


@in_loop
async def test_who_lost_the_seat_hears_nothing_of_its_next_holder() -> None:
    """Given a seat that passes on and is dealt a role at one look, its old socket hears nothing."""
    store, clock = MemoryStore(), VirtualClock()
    here, there = Place(store, clock, "here"), Place(store, clock, "there")
    game = await here.open()
    await here.seat(game, ("ann", "bob", "cat", "dan", "eve"))
    hub, bob, cat = Hub(game, here.authority, clock), Ear("bob", 1), Ear("cat", 2)
    for ear in (bob, cat):
        await hub.attach(ear)
    bob.heard.clear()
    await there.act(game, "ann", lambda seat: Kick(seat, 1), "kick")
    await there.join(game, "fay")
    for name in ("cat", "dan", "eve", "fay"):
        await there.ready(game, name, f"ready-{name}")
    await there.go(game, "ann")
    await clock.advance(5_000)
    await there.done(game, "ann", "done")
    await hub.reach((await there.authority.read(game)).game.version)
    assert (await here.authority.read(game)).seats[caller("fay").account] == 1
    assert any(b"roster.roles_dealt" in frame for frame in cat.heard)
    assert (bob.heard, bob.closed) == ([], Close.NOT_IN_SEAT)
    await hub.close()
