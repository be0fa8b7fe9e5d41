"""Slots: what is asked takes one when it is read and known; what is too much is refused."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from mafia_district_servers.caller import Caller, Role
from mafia_district_servers.identity.tokens import Kind

from ..served import FIVE, PATIENCE, Got, Line, Person, Town, line, town
from ..virtual import in_loop

NONE = {"queued": 0, "failed": 0, "timed_out": 0, "rejected": 0}


async def host(place: Town) -> Person:
    """Give somebody who looks after the server."""
    login = await place.house.sessions.begin("host", "host", guest=True)
    caller = Caller("host", "host", Role.HOST)
    return Person(place, "host", place.house.tokens.issue(Kind.ACCESS, caller, login.session.id))


def hung(place: Town) -> asyncio.Event:
    """Let /ready take until the event is set."""
    end = asyncio.Event()

    async def last_sign() -> None:
        await end.wait()

    place.house.authority.last_sign = last_sign  # type: ignore[method-assign, assignment]
    return end


async def until(done: Any) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(PATIENCE):
        while not done():
            await asyncio.sleep(0.001)


@in_loop
async def test_the_stats_of_all_three(tmp_path: Path) -> None:
    """Given some requests, then each manager tells of those that were its own, to hosts alone."""
    async with town(tmp_path, voting_max_concurrent_tasks=7, max_concurrent_tasks=8) as place:
        game, (ann, *_) = await place.day(*FIVE)
        keeper = await host(place)
        before = (await keeper.get("/api/gateway/task-stats")).json
        assert before["limit"] == 50
        assert before["completed"] > 10
        assert (await ann.post(f"/api/voting/{game}/vote", {"target": 1})).status == 200
        assert (await ann.post(f"/api/voting/{game}/vote", {"target": 29})).status == 422
        assert (await ann.get(f"/api/voting/{game}/tally")).status == 200
        voting = (await keeper.get("/api/voting/task/stats")).json
        assert voting == {"running": 1, "completed": 3, "limit": 7, **NONE}
        tasks = (await keeper.get("/api/task/stats")).json
        assert tasks == {"running": 1, "completed": 0, "limit": 8, **NONE}
        after = (await keeper.get("/api/gateway/task-stats")).json
        assert after["completed"] == before["completed"] + 6  # with those for the stats
        for path in ("gateway/task-stats", "voting/task/stats", "task/stats"):
            assert (await ann.get(f"/api/{path}")).told == (403, "forbidden")


@in_loop
async def test_too_much_is_refused(tmp_path: Path) -> None:
    """Given all slots taken and all queues full, then more is 503, and says when to come back."""
    async with town(tmp_path, gateway_max_concurrent_tasks=1) as place:
        ann = await place.guest("Ann")
        end, stats = hung(place), lambda: place.house.managers.gateway.stats
        first = asyncio.create_task(place.nobody.get("/ready"))
        await until(lambda: stats().running == 1)
        waiting = [asyncio.create_task(ann.get("/api/game/lobbies")) for _ in range(10)]
        await until(lambda: stats().queued == 10)
        busy = await ann.get("/api/game/lobbies")
        assert busy.told == (503, "busy")
        assert busy.headers["Retry-After"] == "1"
        health = asyncio.create_task(place.nobody.get("/health"))  # whoever is youngest makes room
        await until(lambda: stats().rejected == 2)
        end.set()
        assert (await first).status == (await health).status == 200
        told: list[Got] = await asyncio.gather(*waiting)
        assert sorted(got.status for got in told) == [200] * 9 + [503]
        assert (stats().running, stats().queued) == (0, 0)


@in_loop
async def test_what_takes_too_long_is_given_up(tmp_path: Path) -> None:
    """Given a request that takes over thirty seconds, then it is 504, and its slot is free."""
    async with town(tmp_path) as place:
        hung(place)
        asked = asyncio.create_task(place.nobody.get("/ready"))
        await until(lambda: place.house.managers.gateway.stats.running == 1)
        await place.clock.advance(29_999)
        assert not asked.done()
        await place.clock.advance(1)
        assert (await asked).told == (504, "timed_out")
        stats = place.house.managers.gateway.stats
        assert (stats.running, stats.timed_out) == (0, 1)


@in_loop
async def test_a_commit_that_takes_too_long_is_of_unknown_outcome(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a vote whose commit is slow, then 504 says so, the vote counts, and a repeat tells."""
    async with town(tmp_path, voting_max_concurrent_tasks=1) as place:
        game, (ann, bob, *_) = await place.day(*FIVE)
        voting = place.houses["voting"]
        store: Any = voting.authority._store
        held: list[tuple[asyncio.Future[Any], asyncio.Future[Any]]] = []
        append = store.append

        def slow(order: Any) -> asyncio.Future[Any]:
            told: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            held.append((append(order), told))
            return told

        monkeypatch.setattr(store, "append", slow)
        vote = ann.post(f"/api/voting/{game}/vote", {"target": 1}, Idempotency_Key="first")
        asked = asyncio.create_task(vote)
        await until(lambda: held)
        other = asyncio.create_task(bob.get(f"/api/voting/{game}/tally"))
        await until(lambda: voting.managers.voting.stats.queued == 1)
        assert (await bob.get(f"/api/game/{game}")).status == 200  # others are not held up
        await place.clock.advance(30_000)
        assert (await asked).told == (504, "outcome_unknown")
        never_began = (await other).told
        assert never_began in ((503, "busy"), (504, "timed_out"))
        monkeypatch.setattr(store, "append", append)
        for real, told in held:
            told.set_result(await real)
        again = await ann.post(f"/api/voting/{game}/vote", {"target": 1}, Idempotency_Key="first")
        assert again.status == 200
        assert again.json["events"][0]["type"] == "voting.vote_cast"
        history = (await ann.get(f"/api/voting/{game}/history")).json["events"]
        assert len(history) == 1
        managers = [house.managers for house in place.houses.values()]
        assert any(each.voting.stats.timed_out + each.gateway.stats.timed_out for each in managers)


@in_loop
async def test_a_socket_takes_no_slot(tmp_path: Path) -> None:
    """Given one slot, then sockets live beside it, and command and answer go through them."""
    async with town(tmp_path, gateway_max_concurrent_tasks=1) as place:
        game, (ann, bob, *_) = await place.day(*FIVE)
        lines: list[Line] = [await line(person, game, person.seat) for person in (ann, bob)]
        for number, each in enumerate(lines):
            vote = {"type": "voting.cast_vote", "target": 2}
            assert (await each.order(f"vote-{number}", vote))["type"] == "ack"
        stats = (await (await host(place)).get("/api/gateway/task-stats")).json
        assert (stats["running"], stats["queued"]) == (1, 0)  # that request itself


@in_loop
async def test_a_slow_body_takes_no_slot(tmp_path: Path) -> None:
    """Given a client that sends its body slowly, or has no token, then nobody waits for it."""
    async with town(tmp_path, gateway_max_concurrent_tasks=1) as place:
        hostname, port = place.url.removeprefix("http://").split(":")
        _, writer = await asyncio.open_connection(hostname, int(port))
        writer.write(b"POST /api/gateway/user-token HTTP/1.1\r\nHost: x\r\n")
        writer.write(b"Content-Type: application/json\r\nContent-Length: 20\r\n\r\n{")
        await writer.drain()
        assert (await place.nobody.get("/health")).status == 200
        before = place.house.managers.gateway.stats
        assert (await place.nobody.post("/api/gateway/logout")).status == 401
        assert place.house.managers.gateway.stats == before
        writer.close()
