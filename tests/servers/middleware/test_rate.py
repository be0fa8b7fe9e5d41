"""Rate limits: counted cheaply, fairly, across processes; told only to whom they limit."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from mafia_district_servers.caller import Caller, Role
from mafia_district_servers.identity.tokens import Kind
from mafia_district_servers.middleware import rate
from mafia_district_servers.middleware.rate import SETTLED_MS, WINDOW_MS, Limit, Rates
from mafia_district_servers.settings import Settings

from ..served import FIVE, Got, Line, Person, town
from ..virtual import VirtualClock, in_loop, settle

PROXIED = {"trusted_proxies": ("127.0.0.0/8",)}
MINUTE = 60_000


class FakeCounts:
    """Shared counts in memory; they may be away."""

    def __init__(self) -> None:
        self.totals: dict[str, int] = {}
        self.away = False

    async def settle(self, counted: Mapping[str, int], ttl: int) -> Mapping[str, int]:
        """Add and give totals."""
        assert ttl >= WINDOW_MS
        if self.away:
            return {}
        for name, count in counted.items():
            self.totals[name] = self.totals.get(name, 0) + count
        return {name: self.totals[name] for name in counted}


def limit(quota: int, clock: VirtualClock) -> Limit:
    """Make a limit."""
    return Limit("test", quota, clock)


def taken(limit: Limit, key: str, tries: int) -> int:
    """Try often; give how often it was let."""
    return sum(limit.take(key) is not None for _ in range(tries))


def test_a_quota_is_for_each_and_comes_back() -> None:
    """Given a quota of ten, then each has ten, and has them all again after two windows."""
    clock = VirtualClock(MINUTE * 100)
    ten = limit(10, clock)
    assert [taken(ten, key, 15) for key in ("ann", "bob", "ann")] == [10, 10, 0]
    clock.jump(WINDOW_MS + WINDOW_MS // 2)  # half of the window of then still reaches into now
    assert taken(ten, "ann", 15) == 5
    clock.jump(2 * WINDOW_MS)
    assert taken(ten, "ann", 15) == 10


PAUSES = st.sampled_from([0, 1, 999, 1_000, 20_000, 59_999, 60_000]) | st.integers(0, 20_000)


@given(st.lists(PAUSES, max_size=200), st.integers(1, 20))
def test_who_waits_as_told_is_let(pauses: list[int], quota: int) -> None:
    """Given any requests, then a window never lets much more than its quota, and Retry-After holds.

    A sliding window that assumes the last one's requests to be even may let twice as many at worst.
    """
    clock = VirtualClock(MINUTE * 100)
    some = limit(quota, clock)
    let: list[int] = []
    for pause in pauses:
        clock.jump(pause)
        left = some.take("ann")
        if left is None:
            clock.jump(some.wait("ann") * 1000)
            left = some.take("ann")
            assert left is not None
        let.append(clock.now())
        assert 0 <= left < quota
        assert len([at for at in let if at > clock.now() - WINDOW_MS]) <= 2 * quota


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given far more addresses than are counted one by one, then the rest share some counts."""
    monkeypatch.setattr(rate, "MOST_KEYS", 100)
    monkeypatch.setattr(rate, "SHARED_KEYS", 10)
    some = limit(50, VirtualClock(MINUTE * 100))
    let = sum(taken(some, f"address {number}", 1) for number in range(10_000))
    assert len(some._counts) == 110
    assert 100 + 10 * 49 <= let <= 100 + 10 * 50
    assert taken(some, "address 7", 100) == 49  # who is known is counted as before


@in_loop
async def test_two_processes_share_a_limit() -> None:
    """Given two processes, then they over-admit by what they do between settlements at most."""
    clock, counts = VirtualClock(MINUTE * 100), FakeCounts()
    settings = Settings(rate_per_user=100)
    two = [Rates(settings, clock) for _ in range(2)]
    runs = [asyncio.create_task(rates.run(counts)) for rates in two]
    await settle()
    let = 0
    for _ in range(60):
        let += sum(taken(rates._by_user, "ann", 3) for rates in two)
        await clock.advance(SETTLED_MS)
    assert 100 <= let <= 106
    for run in runs:
        run.cancel()


@in_loop
async def test_shared_counts_may_be_away() -> None:
    """Given shared counts that go and come back, then limits hold, and what was counted is told."""
    clock, counts = VirtualClock(MINUTE * 100), FakeCounts()
    one, other = limit(10, clock), limit(10, clock)
    one.share()
    other.share()
    counts.away = True
    assert taken(one, "ann", 12) == 10
    assert taken(other, "ann", 4) == 4
    await one.settle(counts)
    await one.settle(counts)
    assert taken(one, "ann", 1) == 0
    counts.away = False
    await one.settle(counts)
    await other.settle(counts)
    assert taken(other, "ann", 1) == 0
    assert list(counts.totals.values()) == [14]
    counts.away = True
    clock.jump(3 * WINDOW_MS)  # what nobody asks about any more is not kept
    assert taken(one, "ann", 3) == 3
    await one.settle(counts)
    clock.jump(WINDOW_MS)
    await one.settle(counts)
    assert not one._unsettled


@in_loop
async def test_what_is_counted_during_a_settlement_is_kept() -> None:
    """Given requests while the counts are being settled, then they are neither lost nor doubled."""
    clock = VirtualClock(MINUTE * 100)
    one = limit(10, clock)
    one.share()

    class Slow(FakeCounts):
        async def settle(self, counted: Mapping[str, int], ttl: int) -> Mapping[str, int]:
            totals = await super().settle(counted, ttl)
            assert taken(one, "ann", 3) == 3
            return totals

    assert taken(one, "ann", 4) == 4
    await one.settle(Slow())
    assert taken(one, "ann", 10) == 3


@in_loop
async def test_settling_outlives_what_goes_wrong(caplog: pytest.LogCaptureFixture) -> None:
    """Given shared counts that fail, then that is logged, and settling goes on."""
    clock = VirtualClock(MINUTE * 100)
    rates = Rates(Settings(), clock)

    class Broken(FakeCounts):
        async def settle(self, counted: Mapping[str, int], ttl: int) -> Mapping[str, int]:
            raise OSError

    run = asyncio.create_task(rates.run(Broken()))
    await settle()
    for _ in range(2):
        taken(rates._by_user, "ann", 1)
        await clock.advance(SETTLED_MS)
    assert caplog.text.count("cannot be settled") == 2
    run.cancel()


def limited(got: Got) -> int:
    """Check an answer to who asks too often; give the seconds to wait."""
    assert got.told == (429, "rate_limited")
    wait = int(got.headers["Retry-After"])
    assert 1 <= wait <= 120
    assert f"wait {wait} seconds" in got.json["detail"]
    return wait


@in_loop
async def test_a_person_has_a_limit(tmp_path: Path) -> None:
    """Given a person who asks too often, then they are told how much is left, and then refused."""
    async with town(tmp_path, rate_per_user=5) as place:
        ann, bob = await place.guest("Ann"), await place.guest("Bob")
        for left in (4, 3, 2, 1, 0):
            got = await ann.get("/api/roleplay/roles")  # asks for no token, so it counts for nobody
            assert rate.LIMIT not in got.headers
            got = await ann.post("/api/gateway/ws-ticket", {"game": "abcdefghjkmn"})
            assert got.headers["RateLimit-Policy"] == '"user";q=5;w=60'
            assert got.headers["RateLimit"].startswith(f'"user";r={left};t=')
        refused = await ann.post("/api/gateway/ws-ticket", {"game": "abcdefghjkmn"})
        wait = limited(refused)
        assert refused.headers["RateLimit"] == f'"user";r=0;t={wait}'
        assert refused.headers["RateLimit-Policy"] == '"user";q=5;w=60'
        assert (await bob.post("/api/gateway/ws-ticket", {"game": "a"})).status == 200
        place.clock.jump(wait * 1000)
        assert (await ann.post("/api/gateway/ws-ticket", {"game": "a"})).status == 200


@in_loop
async def test_an_address_has_a_limit(tmp_path: Path) -> None:
    """Given an address that asks too often, then it is refused; others are told nothing of it."""
    async with town(tmp_path, rate_per_address=3, **PROXIED) as place:
        for _ in range(3):
            got = await place.nobody.get("/health", X_Forwarded_For="192.0.2.1")
            assert got.headers["RateLimit-Policy"] == '"address";q=3;w=60'
            assert rate.LIMIT not in got.headers  # it may be the address of others too
        spoofed = await place.nobody.get("/health", X_Forwarded_For="198.51.100.7, 192.0.2.1")
        wait = limited(spoofed)
        assert spoofed.headers["RateLimit"] == f'"address";r=0;t={wait}'
        for path in ("/nowhere", "/api/game/lobbies", "/api/game/ws/abc/spectator"):
            limited(await place.nobody.get(path, X_Forwarded_For="192.0.2.1"))
        other = await place.nobody.get("/health", X_Forwarded_For="192.0.2.2")
        assert other.status == 200


@in_loop
async def test_limits_may_be_off(tmp_path: Path) -> None:
    """Given limits of 0, then nobody is limited, and no header speaks of limits."""
    async with town(tmp_path, rate_per_address=0, rate_per_user=0, **PROXIED) as place:
        ann = await place.guest("Ann")
        for _ in range(20):
            got = await ann.post("/api/gateway/ws-ticket", {"game": "a"}, X_Forwarded_For="9.9.9.9")
            assert got.status == 200
            assert not {rate.LIMIT, rate.POLICY} & set(got.headers)


@in_loop
async def test_services_are_not_limited(tmp_path: Path) -> None:
    """Given another service, then what it asks is not counted a second time."""
    async with town(tmp_path, rate_per_user=1) as place:
        login = await place.house.sessions.begin("service:voting", "voting", guest=True)
        caller = Caller("service:voting", "voting", Role.SERVICE)
        token = place.house.tokens.issue(Kind.ACCESS, caller, login.session.id)
        voting = Person(place, "voting", token)
        for _ in range(3):
            got = await voting.post("/api/gateway/logout")
            assert got.status == 403
            assert rate.POLICY not in got.headers


async def guesses(zoe: Person, game: str, code: str, **headers: str) -> Got:
    """Try a join code."""
    return await zoe.get(f"/api/game/{game}", X_Join_Code=code, **headers)


@in_loop
async def test_wrong_codes_are_limited(tmp_path: Path) -> None:
    """Given a guesser, then ten wrong codes are the last, by any way, and right ones no guess."""
    async with town(tmp_path) as place:
        game, (ann, *_) = await place.day(*FIVE, public=False)
        code = (await ann.get(f"/api/game/{game}/view")).json["view"]["code"]
        zoe = await place.guest("Zoe")
        for _ in range(15):
            assert (await guesses(zoe, game, code)).status == 200
        for _ in range(4):
            assert (await guesses(zoe, game, "WRONG")).told == (404, "no_such_game")
            missing = await guesses(zoe, "abcdefghjkmn", "WRONG")  # which it is, is not told
            assert missing.told == (404, "no_such_game")
        wrong = await zoe.post(f"/api/game/{game}/join", {"code": "WRONG"})
        assert wrong.status in (403, 404)
        path = f"/api/game/ws/{game}/spectator"
        assert await Line(await zoe.socket(path, X_Join_Code="WRONG")).closed() == 4004
        wait = limited(await guesses(zoe, game, code))
        limited(await guesses(zoe, "abcdefghjkmn", code))
        limited(await zoe.post(f"/api/game/{game}/join", {"code": code}))
        assert await Line(await zoe.socket(path, X_Join_Code=code)).closed() == 4029
        assert (await zoe.get("/api/game/lobbies")).status == 200
        assert (await guesses(await place.guest("Yan"), game, code)).status == 200
        place.clock.jump(wait * 1000)
        assert (await guesses(zoe, game, code)).status == 200


@in_loop
async def test_a_guesser_gains_nothing_by_new_names(tmp_path: Path) -> None:
    """Given a guesser with a new guest's name for each code, then the address is refused."""
    async with town(tmp_path, **PROXIED) as place:
        game, _ = await place.day(*FIVE, public=False)
        home = {"X_Forwarded_For": "2001:db8:1:2::5"}
        for number in range(10):
            guest = await place.guest(f"Zoe {number}")
            assert (await guesses(guest, game, "WRONG", **home)).status == 404
        guest = await place.guest("Zoe")
        limited(await guesses(guest, game, "WRONG", X_Forwarded_For="2001:db8:1:2:ffff::6"))
        path = f"/api/game/ws/{game}/spectator"
        far = {"X_Forwarded_For": "2001:db8:1:3::5", "X_Join_Code": "WRONG"}
        assert await Line(await guest.socket(path, **far)).closed() == 4004


@in_loop
async def test_failed_logins_are_limited(tmp_path: Path) -> None:
    """Given an address that fails to log in, ten times are the last; successes do not count."""
    async with town(tmp_path, **PROXIED) as place:
        home: dict[str, Any] = {"X_Forwarded_For": "192.0.2.1"}
        proxied = {"X-Forwarded-For": "192.0.2.1"}

        async def log_in(**body: str) -> Got:
            return await place.nobody.post("/api/gateway/user-token", dict(body), **home)

        for _ in range(15):
            assert (await log_in(guest_name="Ann")).status == 200
        for _ in range(9):
            assert (await log_in(refresh_token="wrong")).told == (401, "unauthorized")
        secret = {"service": "voting", "secret": "x"}
        wrong = await place.nobody.post("/api/gateway/service-token", dict(secret), **home)
        assert wrong.status == 401
        limited(await log_in(refresh_token="wrong"))
        for spelt in ("/api/gateway/user-token?", "/api/gateway/user%2Dtoken"):
            url = URL(place.url + spelt, encoded=True)
            async with place.http.post(
                url, json={"refresh_token": "wrong"}, headers=proxied
            ) as got:
                assert got.status == 429
        limited(await log_in(guest_name="Ann"))
        home["X_Forwarded_For"] = "192.0.2.2"
        assert (await log_in(guest_name="Ann")).status == 200
