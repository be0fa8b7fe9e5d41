"""HTTP: what is wrong is told in one form, and nothing that is secret gets out by it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from mafia_district_servers.identity.tokens import Kind
from mafia_district_servers.middleware import limits
from mafia_district_servers.ports import StoreUnavailable
from mafia_district_servers.tables import ROUTES

from ..attacks import fault_of, json_bodies, names
from ..served import FIVE, PATIENCE, Line, Person, call, town
from ..virtual import in_loop


@in_loop
async def test_a_private_game_is_none_to_others(tmp_path: Path) -> None:
    """Given a private game, then an outsider gets from every route what a wrong id would get."""
    async with town(tmp_path) as place:
        game, (ann, *_) = await place.day(*FIVE, public=False)
        zoe = await place.guest("Zoe")
        for route in (route for route in ROUTES if "{game}" in route.path):
            hidden, missing = await call(zoe, route, game), await call(zoe, route, "abcdefghjkmn")
            assert hidden.told == missing.told == (404, "no_such_game"), route
            assert hidden.json["detail"] == missing.json["detail"]
        for asked in (game, "abcdefghjkmn"):
            got = await zoe.post("/api/gateway/ws-ticket", {"game": asked}, X_Join_Code="WRONG")
            path = f"/api/game/ws/{asked}/spectator"
            assert await Line(await place.nobody.socket(path, got.json["ticket"])).closed() == 4004
        listed = (await zoe.get("/api/game/lobbies")).json["lobbies"]
        assert listed == []
        code = (await ann.get(f"/api/game/{game}/view")).json["view"]["code"]
        assert (await zoe.get(f"/api/game/{game}")).status == 404
        assert (await zoe.get(f"/api/game/{game}", X_Join_Code="WRONG")).status == 404
        assert (await zoe.get(f"/api/game/{game}", X_Join_Code="\udcff")).status == 404
        seen = await zoe.get(f"/api/game/{game}", X_Join_Code=code)
        assert seen.status == 200
        assert code.encode() not in seen.bytes


@in_loop
async def test_every_error_has_one_form(tmp_path: Path) -> None:
    """Given requests that are wrong in all ways, then each is answered by one problem document."""
    async with town(tmp_path, max_body_bytes=1_024) as place:
        game, (ann, *_) = await place.day(*FIVE)
        vote = f"/api/voting/{game}/vote"
        wrong = [
            ((404, "not_found"), await ann.get("/nowhere")),
            ((404, "not_found"), await ann.get("/api/game/a/b/c/d")),
            ((405, "method_not_allowed"), await ann.send("PUT", vote, {"target": 1})),
            ((413, "too_large"), await ann.post(vote, BytesIO(b"a" * 10_000_000))),
            ((413, "too_large"), await ann.post(vote, _in_pieces(10_000_000))),
            (
                (415, "unsupported_media_type"),
                await ann.post(vote, b"x", Content_Type="text/plain"),
            ),
            ((400, "bad_request"), await ann.post(vote, {"target": 1}, Idempotency_Key="a b")),
            ((400, "bad_request"), await ann.post(vote, {"target": 1}, Idempotency_Key="")),
            ((400, "bad_request"), await ann.post(vote, {"target": 1}, Idempotency_Key="k" * 65)),
            ((422, "bad_target"), await ann.post(vote, {"target": 29})),
            ((401, "unauthorized"), await place.nobody.post(vote, {"target": 1})),
            ((400, "bad_request"), await ann.get(f"/api/game/ws/{game}/0")),
            ((404, "no_such_game"), await ann.get("/api/game/%00%0a")),
            ((422, "bad_rules"), await ann.post("/api/game/lobbies", {"rules": "chess"})),
            ((422, "bad_rules"), await ann.post("/api/game/lobbies", {"settings": {"day": 1}})),
            ((422, "bad_rules"), await ann.post("/api/game/lobbies", {"roles": "2 cooks"})),
            ((422, "bad_rules"), await ann.post("/api/game/lobbies", {"settings": {"roles": "x"}})),
        ]
        for expected, got in wrong:
            assert got.told == expected
            problem = got.json
            assert set(problem) == {"type", "title", "status", "detail", "code", "request_id"}
            assert problem["status"] == got.status
            assert problem["request_id"] == got.headers["X-Request-ID"]
            assert problem["detail"]
        assert wrong[2][1].headers["Allow"] == "DELETE, POST"
        assert "takes DELETE, POST, and not PUT" in wrong[2][1].json["detail"]
        assert wrong[10][1].headers["WWW-Authenticate"] == "Bearer"
        assert (await ann.get(f"/api/voting/{game}/history")).json["events"] == []


async def _in_pieces(size: int) -> AsyncIterator[bytes]:
    """Give a long body of no stated length."""
    for _ in range(size // 10_000):
        yield b"a" * 10_000


@in_loop
async def test_bad_json_changes_nothing(tmp_path: Path) -> None:
    """Given every attack on the JSON door, then each is 400, and the game stands where it stood."""
    async with town(tmp_path) as place:
        game, (ann, *_) = await place.day(*FIVE)
        before = (await ann.get(f"/api/game/{game}/view")).bytes
        for name, body in json_bodies().items():
            got = await ann.post(f"/api/voting/{game}/vote", body)
            assert got.told == (400, fault_of(body).value), name
        assert (await ann.get(f"/api/game/{game}/view")).bytes == before


@in_loop
async def test_names_are_names(tmp_path: Path) -> None:
    """Given naughty names, then what can be shown is kept as it is, and the rest refused."""
    async with town(tmp_path) as place:
        for welcome, name in names():
            got = await place.nobody.post("/api/gateway/user-token", {"guest_name": name})
            if not welcome:
                assert got.told == (400, "bad_request"), name
                continue
            assert got.json["user"]["name"] == name.strip()
            person = Person(place, name, got.json["access_token"])
            game = (await person.post("/api/game/lobbies", {"name": name})).json["game"]
            joined = await person.post(f"/api/game/{game}/join", {})
            assert joined.status == 200, joined.bytes
            view = (await person.get(f"/api/game/{game}/view")).json["view"]
            assert view["seats"][0]["name"] == name.strip()


@in_loop
async def test_every_route_with_a_token_asks_for_one(tmp_path: Path) -> None:
    """Given no token, a wrong one or an expired one, then every route that wants one is 401."""
    async with town(tmp_path) as place:
        game, (ann, *_) = await place.lobby("Ann")
        refresh = place.house.tokens.issue(Kind.HOST, (await session(ann)).caller, "s")
        people = [Person(place, "x", token) for token in ("", "x.y.z", refresh, ann.token + "=")]
        place.clock.jump(24 * 3_600_000)
        for route in (route for route in ROUTES if route.roles):
            for person in (*people, ann):
                assert (await call(person, route, game)).told == (401, "unauthorized")


async def session(person: Person) -> Any:
    """Verify a person's token."""
    return await person.town.house.sessions.access(person.token)


@in_loop
async def test_pages_of_listed_sites_may_use_the_interface(tmp_path: Path) -> None:
    """Given requests of pages, then those of a listed site may read the answer, others not."""
    friend, health = "https://friend.example", "/health"
    async with town(tmp_path, cors_origins=(friend,)) as place:
        asked = {"Origin": friend, "Access_Control_Request_Method": "POST"}
        before = await place.nobody.send("OPTIONS", "/api/game/lobbies", **asked)
        assert before.status == 204
        assert "Idempotency-Key" in before.headers["Access-Control-Allow-Headers"]
        for got in (before, await place.nobody.get(health, Origin=friend)):
            assert got.headers["Access-Control-Allow-Origin"] == friend
            assert got.headers["Vary"] == "Origin"
        for origin in ("https://evil.example", "null", friend + ".evil.example"):
            got = await place.nobody.get(health, Origin=origin)
            assert "Access-Control-Allow-Origin" not in got.headers
            asked = {"Origin": origin, "Access_Control_Request_Method": "POST"}
            before = await place.nobody.send("OPTIONS", "/api/game/lobbies", **asked)
            assert before.told == (405, "method_not_allowed")


@in_loop
async def test_the_log_keeps_secrets(tmp_path: Path) -> None:
    """Given everything logged, then no token, code, query or word that was said is in it."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    logger = logging.getLogger("mafia_district_servers")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    async with town(tmp_path) as place:
        game, (ann, *_) = await place.day(*FIVE, public=False)
        code = (await ann.get(f"/api/game/{game}/view")).json["view"]["code"]
        path = f"/api/communication/{game}/channels/town/messages"
        await ann.post(path, {"text": "rosebud"})
        await ann.get(f"/api/game/{game}/events?after=999999&epoch=rosebud")
        await ann.get(f"/api/game/{game}/%0aforged")
        await ann.socket(f"/api/game/ws/{game}/0")
    logger.removeHandler(handler)
    logged = written.getvalue()
    assert f"POST {path} 200" in logged
    for secret in (ann.token, ann.token.split(".")[2], code, "rosebud", "\nforged"):
        assert secret not in logged


@in_loop
async def test_what_fails_inside_is_told_as_that(tmp_path: Path) -> None:
    """Given a fault of ours, then it is 500 without a traceback, counted and logged."""
    async with town(tmp_path) as place:

        async def broken() -> None:
            raise RuntimeError("secret detail")

        place.house.authority.last_sign = broken  # type: ignore[method-assign, assignment]
        got = await place.nobody.get("/ready")
        assert got.told == (500, "internal")
        assert b"secret" not in got.bytes
        assert place.house.managers.gateway.stats.failed == 1


@in_loop
async def test_slow_bodies_are_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a body that does not come, then it is 408; one in pieces, but in time, is read."""
    monkeypatch.setattr(limits, "BODY_SECONDS", 0.05)
    async with town(tmp_path) as place:
        host, port = place.url.removeprefix("http://").split(":")
        head = (
            b"POST /api/gateway/user-token HTTP/1.1\r\nHost: x\r\n"
            b"Content-Type: application/json\r\n"
            b"Content-Length: 20\r\n\r\n"
        )
        for body, status in ((b'{"guest_', b"408"), (b'{"guest_name":"Ann"}', b"200")):
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(head)
            await writer.drain()
            writer.write(body)
            answer = await reader.readuntil(b"\r\n")
            assert status in answer
            writer.close()


@in_loop
async def test_a_body_that_breaks_off_is_no_fault_of_ours(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given clients that break off in a body, then they are wrong and not we."""
    caplog.set_level(logging.INFO, "mafia_district_servers")
    read, reading = limits.body, asyncio.Semaphore(0)

    async def seen(request: web.Request, most_bytes: int) -> bytes:
        reading.release()
        return await read(request, most_bytes)

    monkeypatch.setattr(limits, "body", seen)
    bodies = (
        b"Content-Length: 20\r\n\r\n{",
        b"Transfer-Encoding: chunked\r\n\r\n5\r\n{",
    )
    path = "/api/gateway/user-token"
    async with town(tmp_path) as place:
        host, port = place.url.removeprefix("http://").split(":")
        for body in bodies:
            _, writer = await asyncio.open_connection(host, int(port))
            head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            writer.write(head.encode() + body)
            await writer.drain()
            async with asyncio.timeout(PATIENCE):
                await asyncio.wait_for(reading.acquire(), PATIENCE)
                writer.close()
                while f"POST {path} 400" not in caplog.text:
                    await asyncio.sleep(0)
            caplog.clear()
        assert place.house.managers.gateway.stats.failed == 0


@in_loop
async def test_a_damaged_game_does_not_hide_the_others(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Given two lobbies of which one cannot be read, then the other is listed."""
    async with town(tmp_path) as place:
        damaged, whole = [(await place.lobby("Ann"))[0] for _ in range(2)]
        read = place.houses["game"].authority.read

        async def half(game: str, at_least: int | None = None) -> Any:
            if game == damaged:
                raise StoreUnavailable(f"game {game} is damaged")
            return await read(game, at_least)

        place.houses["game"].authority.read = half  # type: ignore[method-assign]
        place.clock.jump(2_000)
        listed = (await place.nobody.get("/api/game/lobbies")).json["lobbies"]
        assert [row["game"] for row in listed] == [whole]
        assert f"{damaged} is damaged" in caplog.text


@in_loop
async def test_what_is_long_is_not_repeated_at_length(tmp_path: Path) -> None:
    """Given a name of tens of thousands of characters, then the refusal is a short one."""
    async with town(tmp_path) as place:
        game, (ann, *_) = await place.day(*FIVE, rules="district", settings={"first_phase": "day"})
        long = "x" * 60_000
        for path, body in (
            (f"/api/town/{game}/moves", {"place": long}),
            (f"/api/shop/{game}/purchases", {"item": long}),
            ("/api/game/lobbies", {"roles": f"5 {long}"}),
            ("/api/game/lobbies", {"setup": long}),
        ):
            got = await ann.post(path, body)
            assert 400 <= got.status < 500
            assert len(got.bytes) < 2_000, path
