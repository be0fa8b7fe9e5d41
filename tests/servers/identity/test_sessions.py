"""Sessions: renewed without a gap, stolen tokens found out, and over everywhere when they end."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from mafia_district_servers.adapters.clock import SystemIds
from mafia_district_servers.adapters.sessions_memory import MemorySessions
from mafia_district_servers.caller import Caller, Role
from mafia_district_servers.identity.sessions import REFRESH_MS, Login, Sessions
from mafia_district_servers.identity.tickets import Tickets
from mafia_district_servers.identity.tokens import Kind, Session, Tokens
from mafia_district_servers.keys import gateway_keys
from mafia_district_servers.ports import StoreUnavailable
from mafia_district_servers.problems import Problem

from ..virtual import VirtualClock, in_loop

ROOT = b"r" * 32
NOW = 1_800_000_000_000
ANN = Caller("guest-ann", "Ann")


class Watched(MemorySessions):
    """A store that counts how often it is asked for a session, may be slow, and may be away."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.away = False
        self.meanwhile: list[Coroutine[Any, Any, None]] = []

    async def is_ended(self, session: str) -> bool:
        """Look, and let something happen before the answer arrives."""
        self.asked += 1
        found = await super().is_ended(session)
        while self.meanwhile:
            await self.meanwhile.pop()
        return found

    async def ended(self, since: int) -> list[str]:
        """List, unless the store is away."""
        if self.away:
            raise StoreUnavailable("away")
        return await super().ended(since)


class Desk:
    """Processes of one server: their clock, their store, and what each of them knows."""

    def __init__(self) -> None:
        self.clock = VirtualClock(NOW)
        self.store = Watched()
        self.tokens = Tokens(gateway_keys([ROOT]), self.clock, SystemIds())
        self.here = self.another()
        self.tickets = Tickets(self.tokens, self.here, self.store, self.clock)

    def another(self) -> Sessions:
        """Give the sessions of another process, or of this one after a restart."""
        return Sessions(self.tokens, self.store, self.clock, SystemIds(), b"secret")

    async def ann(self) -> tuple[Login, str]:
        """Let Ann log in; give her session and an access token."""
        login = await self.here.begin(ANN.account, ANN.name, guest=True)
        return login, self.tokens.issue(Kind.ACCESS, ANN, login.session.id)


@in_loop
async def test_a_session_is_renewed_time_after_time() -> None:
    """Given a login, then each refresh token brings the next, of the same session and name."""
    desk = Desk()
    login, _ = await desk.ann()
    seen = {login.refresh}
    for _ in range(3):
        desk.clock.jump(REFRESH_MS - 1)
        renewed = await desk.here.renew(login.refresh)
        assert renewed.session.id == login.session.id
        assert (renewed.session.account, renewed.session.name) == (ANN.account, ANN.name)
        assert renewed.refresh not in seen
        seen.add(renewed.refresh)
        login = renewed
    desk.clock.jump(REFRESH_MS)
    with pytest.raises(Problem, match="too old"):
        await desk.here.renew(login.refresh)


@in_loop
async def test_fifty_at_once_are_given_one_successor() -> None:
    """Given a token used by fifty at the same moment, here and there, then all get the same one."""
    desk = Desk()
    login, _ = await desk.ann()
    processes = [desk.here, desk.another()] * 25
    renewed = await asyncio.gather(*(process.renew(login.refresh) for process in processes))
    assert len({each.refresh for each in renewed}) == 1
    assert (await desk.here.renew(renewed[0].refresh)).session.id == login.session.id


@in_loop
async def test_a_lost_answer_can_be_asked_for_again() -> None:
    """Given a renewal whose answer was lost, then within ten seconds the same one is given."""
    desk = Desk()
    login, _ = await desk.ann()
    first = await desk.here.renew(login.refresh)
    desk.clock.jump(10_000)
    assert (await desk.another().renew(login.refresh)).refresh == first.refresh


@in_loop
async def test_a_token_used_again_later_ends_the_session() -> None:
    """Given a token that two have used, then neither goes on, anywhere; other sessions do."""
    desk = Desk()
    (login, access), (other, _) = await desk.ann(), await desk.ann()
    told: list[str] = []
    desk.here.listeners.append(told.append)
    assert (await desk.here.access(access)).id == login.session.id
    successor = (await desk.here.renew(login.refresh)).refresh
    desk.clock.jump(10_001)
    for token in (login.refresh, login.refresh, successor):
        with pytest.raises(Problem, match="ended"):
            await desk.here.renew(token)
    assert told == [login.session.id]
    with pytest.raises(Problem, match="ended"):
        await desk.here.access(access)
    assert (await desk.here.renew(other.refresh)).session.id == other.session.id


@pytest.mark.parametrize("token", ["", "x", "\udc80", "a" * 100_000, "\x00"])
def test_what_is_no_refresh_token_renews_nothing(token: str) -> None:
    """Given any other text, then it is unauthorized."""
    with pytest.raises(Problem, match="not one of ours"):
        asyncio.run(Desk().here.renew(token))


@in_loop
async def test_a_verified_token_is_not_verified_again() -> None:
    """Given a token in use all day, then the store is asked for its session once."""
    desk = Desk()
    _, access = await desk.ann()
    for _ in range(100):
        await desk.here.access(access)
        desk.clock.jump(60_000)
    assert desk.store.asked == 1


@in_loop
async def test_a_remembered_token_still_ends() -> None:
    """Given an access token that was just verified, when it expires, then it is refused."""
    desk = Desk()
    _, access = await desk.ann()
    desk.clock.jump(24 * 3_600_000 - 1)
    assert (await desk.here.access(access)).caller == ANN
    desk.clock.jump(1)
    with pytest.raises(Problem, match="expired"):
        await desk.here.access(access)


@in_loop
async def test_an_ended_session_is_over_everywhere() -> None:
    """Given processes on one store, when one logs a session out, then all refuse it within 5 s."""
    desk = Desk()
    there = desk.another()
    (login, token), (_, other) = await desk.ann(), await desk.ann()
    for process in (desk.here, there):
        assert (await process.access(token)).id == login.session.id

    await desk.here.end(login.session.id)

    with pytest.raises(Problem, match="ended"):
        await desk.here.access(token)
    assert (await desk.here.access(other)).caller == ANN
    desk.clock.jump(5_001)
    for process in (there, desk.here, desk.another()):
        with pytest.raises(Problem, match="ended"):
            await process.access(token)
    assert (await there.access(other)).caller == ANN


@in_loop
async def test_each_process_looks_every_second() -> None:
    """Given a process that nobody calls, when a session ends elsewhere, then it hears of it."""
    desk = Desk()
    login, _ = await desk.ann()
    there, told = desk.another(), list[str]()
    there.listeners.append(told.append)
    looking = asyncio.create_task(there.run())
    await desk.clock.advance(10)
    await desk.here.end(login.session.id)
    await desk.clock.advance(1_000)
    assert told == [login.session.id]
    looking.cancel()


@in_loop
async def test_all_sessions_of_an_account_are_over() -> None:
    """Given two sessions of Ann's, when her account is shut out, then both are over at once."""
    desk = Desk()
    (_, one), (_, two) = await desk.ann(), await desk.ann()
    for token in (one, two):
        await desk.here.access(token)
    await desk.here.end_all(ANN.account)
    for token in (one, two):
        with pytest.raises(Problem, match="ended"):
            await desk.here.access(token)


@in_loop
async def test_nothing_is_trusted_while_the_database_is_away() -> None:
    """Given a remembered token and no database, then it is trusted for five seconds, not more."""
    desk = Desk()
    _, token = await desk.ann()
    await desk.here.access(token)
    desk.store.away = True
    desk.clock.jump(5_000)
    assert (await desk.here.access(token)).caller == ANN
    desk.clock.jump(1)
    with pytest.raises(StoreUnavailable):
        await desk.here.access(token)
    desk.store.away = False
    assert (await desk.here.access(token)).caller == ANN


@in_loop
async def test_a_logout_overtakes_a_look_at_the_store() -> None:
    """Given a token that is being verified, when its session is ended meanwhile, it is refused."""
    desk = Desk()
    login, token = await desk.ann()
    desk.store.meanwhile.append(desk.here.end(login.session.id))
    for _ in range(2):
        with pytest.raises(Problem, match="ended"):
            await desk.here.access(token)


@in_loop
async def test_the_host_s_link_begins_a_session_each_time() -> None:
    """Given the host's link, then it is an administrator's, and no access token itself."""
    desk = Desk()
    link = desk.here.host_link()
    for _ in range(2):
        assert (await desk.here.verify(link, Kind.HOST)).caller.role is Role.ADMIN
    with pytest.raises(Problem):
        await desk.here.access(link)


@in_loop
async def test_a_ticket_opens_one_socket_once() -> None:
    """Given a ticket, then it is good for its game and seat, once, within 30 seconds."""
    desk = Desk()
    _, token = await desk.ann()
    session = await desk.here.access(token)

    async def redeem(ticket: str, game: str = "game", viewer: int = 3) -> Session:
        admission = await desk.tickets.redeem(ticket, game, viewer)
        assert admission.code == "CODE"
        return admission.session

    ticket = desk.tickets.issue(session, "game", 3, "CODE")
    for elsewhere in (("other", 3), ("game", 4), ("game", -1)):
        with pytest.raises(Problem, match="another socket"):
            await redeem(ticket, *elsewhere)
    redeemed = await redeem(ticket)
    assert (redeemed.caller, redeemed.expires) == (ANN, session.expires)
    with pytest.raises(Problem, match="used"):
        await redeem(ticket)
    late, of_the_ended = (desk.tickets.issue(session, "game", 3, "CODE") for _ in range(2))
    await desk.here.end(session.id)
    with pytest.raises(Problem, match="ended"):
        await redeem(of_the_ended)
    desk.clock.jump(30_000)
    with pytest.raises(Problem, match="expired"):
        await redeem(late)
