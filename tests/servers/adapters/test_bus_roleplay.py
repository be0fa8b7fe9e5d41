"""The bus over the roleplay service's socket: all hear all, and it comes back by itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from mafia_district_servers.adapters.bus_roleplay import RoleplayBus
from mafia_district_servers.adapters.clock import SystemClock, SystemIds
from mafia_district_servers.adapters.own_token import OwnToken
from mafia_district_servers.identity import service_tokens
from mafia_district_servers.identity.service_tokens import Gatekeeper
from mafia_district_servers.identity.tokens import Tokens
from mafia_district_servers.keys import gateway_keys, service_secret
from mafia_district_servers.live.relay import PATH, Relay, frame, word
from mafia_district_servers.middleware import problems
from mafia_district_servers.problems import Problem

from ..real_servers import free_port
from ..real_time import until
from ..served import Person, town
from ..virtual import in_loop

TOKENS = Tokens(gateway_keys([b"r" * 32]), SystemClock(), SystemIds())


class End:
    """One end of the bus, and what was heard there."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []

    def hear(self, topic: str, text: str) -> None:
        """Keep a word; fail on some."""
        self.heard.append((topic, text))
        if topic == "bad":
            raise ValueError(text)


@asynccontextmanager
async def relaying(port: int, end: End) -> AsyncIterator[Relay]:
    """Run the relay's process."""
    relay = Relay(Gatekeeper(TOKENS))

    async def serve(request: web.Request) -> web.StreamResponse:
        try:
            return await relay.serve(request)
        except Problem as problem:
            return problems.answer(problem, "-")

    app = web.Application()
    app.router.add_get(PATH, serve)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    hearing = asyncio.create_task(relay.run(end.hear))
    try:
        yield relay
    finally:
        hearing.cancel()
        await relay.close()
        await runner.cleanup()


@asynccontextmanager
async def connected(port: int, service: str, end: End) -> AsyncIterator[RoleplayBus]:
    """Run a service's end."""
    async with aiohttp.ClientSession() as http:

        async def token() -> str:
            return service_tokens.issue(TOKENS, service)

        bus = RoleplayBus(http, (f"http://127.0.0.1:{port}",), token)
        carrying = asyncio.create_task(bus.run(end.hear))
        try:
            yield bus
        finally:
            carrying.cancel()
            await asyncio.gather(carrying, return_exceptions=True)


@in_loop
async def test_all_others_hear_each_word_and_a_break_heals() -> None:
    """Given a relay and two services, then all hear all, in order, also from a new relay."""
    port, ends = free_port(), [End(), End(), End()]
    async with AsyncExitStack() as stack:
        voting = await stack.enter_async_context(connected(port, "voting", ends[1]))
        game = await stack.enter_async_context(connected(port, "game", ends[2]))
        voting.send("game", "lost 1")
        sessions = set()
        for life in range(2):
            async with relaying(port, ends[0]) as relay:
                await until(lambda: bool(voting.session and game.session), 20)
                sessions.add(voting.session)
                words = [("game", f"g{life} {n}") for n in range(50)] + [("bad", "x")]
                for topic, text in words:
                    voting.send(topic, text)
                await until(lambda: len(ends[0].heard) == len(ends[2].heard) == 51)
                assert ends[0].heard == ends[2].heard == words
                assert ends[1].heard == []
                relay.send("session", "s")
                await until(lambda: ends[1].heard == [("session", "s")])
                await until(lambda: ends[2].heard[-1] == ("session", "s"))
            await until(lambda: not voting.session and not game.session)
            for end in ends:
                end.heard.clear()
        assert len(sessions) == 2


@in_loop
async def test_only_services_are_let_in() -> None:
    """Given somebody without a service's token, then the relay's socket is not for them."""
    port = free_port()
    async with relaying(port, End()), aiohttp.ClientSession() as http:
        for headers in ({}, {"X-Service-Token": "x.y.z"}, {"Authorization": "Bearer x"}):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await http.ws_connect(f"http://127.0.0.1:{port}{PATH}", headers=headers)
            assert refused.value.status == 401


@in_loop
async def test_a_service_gets_its_token_for_its_own_secret(tmp_path: Path) -> None:
    """Given the secrets of services, then each buys its own token, and no other's."""
    async with town(tmp_path, jwt_secret=b"r" * 32) as place:
        secret = service_secret(b"r" * 32, "voting")
        own = OwnToken(place.http, (place.url,), "voting", secret)
        token = await own.get()
        assert token == await own.get()
        gatekeeper = Gatekeeper(place.house.tokens)
        assert gatekeeper.service({"X-Service-Token": token}) == "voting"
        path = "/api/gateway/service-token"
        for service, wrong in (("shop", secret), ("voting", ""), ("nobody", secret)):
            asked = {"service": service, "secret": wrong}
            assert (await place.nobody.post(path, asked)).told == (401, "unauthorized")
            with pytest.raises(aiohttp.ClientResponseError):
                await OwnToken(place.http, (place.url,), service, wrong).get()
        person = Person(place, "voting", token)
        assert (await person.post("/api/game/lobbies", {})).told == (401, "unauthorized")


@pytest.mark.parametrize(
    "text", ["", "x", "[]", "{}", '{"kind":1}', '{"kind":"reached","game":"g","version":"x"}']
)
def test_what_is_no_word_is_none(text: str) -> None:
    """Given anything else, then it is no word; and what is one comes back as it was."""
    assert word(text) is None
    assert word(frame("game", "abc 12")) == ("game", "abc 12")
    assert word(frame("session", "abc 12")) == ("session", "abc 12")
