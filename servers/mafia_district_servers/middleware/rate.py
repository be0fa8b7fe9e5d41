"""Rate limits: how often an address, and how often a person, may ask.

A window slides: what counts is the present minute and as much of the last one as still reaches into
the sixty seconds before now. A refused request does not count. Counting is two entries in a dict,
here in this process; every 250 ms what was counted is added to what other processes have counted,
and their sums are taken over. So two processes admit together at most as many too many as they
admit between two settlements, and while the shared counts are away each goes on with its own.

Memory is bounded: when very many are counted, all further ones share some thousand counts.

Wrong join codes and failed logins have limits of their own, much lower, for an address and for a
person; right ones do not count. Who has used them up is not let try until some time has passed.

Everyone who is limited is told so by the headers of the IETF's draft (ratelimit-headers, 11). An
address may be that of many: how much is left to it would tell one of them how busy the others are,
so only its policy is told; what is left is told to a person of that person's own limit.
"""

import logging
from collections.abc import Mapping
from contextvars import ContextVar
from math import ceil
from typing import Final
from zlib import crc32

from aiohttp import web

from mafia_district.ids import Instant, Millis
from mafia_district.machine import Code
from mafia_district_servers.caller import Role
from mafia_district_servers.games.gate import JOIN_CODE
from mafia_district_servers.identity.tokens import Session
from mafia_district_servers.middleware.addresses import Addresses
from mafia_district_servers.ports import Clock, Counts
from mafia_district_servers.problems import Problem
from mafia_district_servers.settings import Settings

WINDOW_MS: Final[Millis] = 60_000
SETTLED_MS: Final[Millis] = 250
WRONG_CODES: Final = 10  # that an address or a person may try in a window
FAILED_LOGINS: Final = 10
MOST_KEYS: Final = 65_536  # counted one by one
SHARED_KEYS: Final = 4_096

LIMIT: Final = "RateLimit"
POLICY: Final = "RateLimit-Policy"
_LOGINS: Final = frozenset({"/api/gateway/user-token", "/api/gateway/service-token"})
_JOIN: Final = "/join"
_WRONG_CODE: Final = (b'"code":"no_such_game"', b'"code":"wrong_code"')

_log = logging.getLogger(__name__)


class _Asker:
    """Who asks, as far as it is known: whose limits a request is counted under."""

    __slots__ = ("account", "address", "left", "tries")

    def __init__(self, address: str | None, tries: "Limit | None") -> None:
        self.address = address  # where it is anybody's
        self.tries = tries  # what a wrong guess would be counted under
        self.account = ""
        self.left: int | None = None  # how many requests the account has left


_ASKER: Final[ContextVar[_Asker]] = ContextVar("asker")


class Limit:
    """How often each of many may do something in a window; 0 is no limit."""

    def __init__(self, name: str, quota: int, clock: Clock) -> None:
        self.name = name
        self.quota = quota
        self.policy = f'"{name}";q={quota};w={WINDOW_MS // 1000}'
        self._clock = clock
        self._window = 0  # its number
        self._counts: dict[str, int] = {}
        self._before: Mapping[str, int] = {}
        self._unsettled: dict[tuple[int, str], int] | None = None

    def take(self, key: str) -> int | None:
        """Count one, and give how many are left; None if there are too many: then none is counted.

        This runs for every request.
        """
        now = self._clock.now()
        if now // WINDOW_MS != self._window:
            self._roll(now)
        counts = self._counts
        count = counts.get(key)
        if count is None:
            key = self._counted_as(key)
            count = counts.get(key, 0)
        before = self._before.get(key)
        left = self.quota - count
        if before:
            left -= before * (WINDOW_MS - now % WINDOW_MS) // WINDOW_MS
        if left <= 0:
            return None
        counts[key] = count + 1
        if self._unsettled is not None:
            self._note(key)
        return left - 1

    def resets_in(self) -> int:
        """Give the seconds until the present window is over."""
        return _seconds(WINDOW_MS - self._clock.now() % WINDOW_MS - 1)

    def add(self, key: str) -> None:
        """Count one, come what may."""
        self._roll(self._clock.now())
        self._add(key)

    def is_used_up(self, key: str) -> bool:
        """Tell whether there are too many already; counts nothing."""
        return self._used(key, self._clock.now()) >= self.quota

    def wait(self, key: str) -> int:
        """Give the seconds after which somebody who has used it up may try again."""
        now = self._clock.now()
        self._roll(now)
        key = self._counted_as(key)
        elapsed, count = now % WINDOW_MS, self._counts.get(key, 0)
        if count < self.quota:
            before = self._before.get(key, 0)
            kept = (self.quota - count) / max(before, 1)
            return _seconds(WINDOW_MS * (1 - kept) - elapsed)
        return _seconds(WINDOW_MS - elapsed + WINDOW_MS * (1 - self.quota / count))

    def share(self) -> None:
        """From now on keep what is counted until it is settled."""
        self._unsettled = {}

    async def settle(self, counts: Counts) -> None:
        """Add what was counted to the shared counts, and take over their sums."""
        counted, self._unsettled = self._unsettled, {}
        if not counted:
            return
        names = {spot: f"rate:{self.name}:{spot[0]}:{spot[1]}" for spot in counted}
        told = {names[spot]: count for spot, count in counted.items()}
        totals = await counts.settle(told, 2 * WINDOW_MS)
        self._roll(self._clock.now())
        for spot, count in counted.items():
            window, key = spot
            total = totals.get(names[spot])
            since = self._unsettled.get(spot, 0)
            if window != self._window:
                continue  # it is over, and the next one is counted already
            if total is None:
                self._unsettled[spot] = since + count  # they are away: another time
            else:
                self._counts[key] = total + since

    def _used(self, key: str, now: Instant) -> int:
        self._roll(now)
        key = self._counted_as(key)
        before = self._before.get(key, 0)
        reaching = before * (WINDOW_MS - now % WINDOW_MS) // WINDOW_MS if before else 0
        return reaching + self._counts.get(key, 0)

    def _add(self, key: str) -> None:
        key = self._counted_as(key)
        self._counts[key] = self._counts.get(key, 0) + 1
        if self._unsettled is not None:
            self._note(key)

    def _note(self, key: str) -> None:
        """Keep one for the next settlement."""
        if self._unsettled is not None:
            spot = self._window, key
            self._unsettled[spot] = self._unsettled.get(spot, 0) + 1

    def _counted_as(self, key: str) -> str:
        if len(self._counts) < MOST_KEYS or key in self._counts:
            return key
        return f"#{crc32(key.encode(errors='replace')) % SHARED_KEYS}"

    def _roll(self, now: Instant) -> None:
        window = now // WINDOW_MS
        if window != self._window:
            self._before = self._counts if window == self._window + 1 else {}
            self._counts = {}
            self._window = window


class Guesses:
    """What somebody at an address tries to guess: a join code, or what a login asks for."""

    def __init__(self, limit: Limit, address: str | None) -> None:
        self._limit = limit
        self._address = address

    def check(self, user: str = "") -> None:
        """Raise a `rate_limited` problem for who has been wrong too often."""
        for key in self._keys(user):
            if self._limit.is_used_up(key):
                raise _refused(f"too many wrong {self._limit.name}", self._limit.wait(key))

    def wrong(self, user: str = "") -> None:
        """Count a wrong one."""
        for key in self._keys(user):
            self._limit.add(key)

    def _keys(self, user: str) -> list[str]:
        keys = [f"address {self._address}"] if self._address is not None else []
        return [*keys, f"user {user}"] if user else keys


class Rates:
    """The limits of a process."""

    def __init__(self, settings: Settings, clock: Clock, *, in_front: bool = True) -> None:
        """Take the settings; behind a gateway nothing is counted, for it was counted there."""
        self.in_front = in_front
        self.addresses = Addresses(settings.trusted_proxies)
        self._clock = clock
        self._by_address = Limit("address", settings.rate_per_address, clock)
        self._by_user = Limit("user", settings.rate_per_user, clock)
        self._codes = Limit("codes", WRONG_CODES, clock)
        self._logins = Limit("logins", FAILED_LOGINS, clock)
        self._both = f"{self._by_address.policy}, {self._by_user.policy}"

    def arrive(self, request: web.Request) -> None:
        """Count a request by its address; raises a `rate_limited` problem."""
        if not self.in_front:
            return
        address = self.addresses.of(request)
        asker = _Asker(address, self._tried(request))
        _ASKER.set(asker)
        if address is None:
            return
        limit = self._by_address
        if limit.quota and limit.take(address) is None:
            raise _exhausted(limit, address, "too many requests come from your address")
        if asker.tries is not None:
            Guesses(asker.tries, address).check()

    def known(self, session: Session | None) -> None:
        """Count this task's request by who asks, once that is known.

        Other services are not counted: what they do was counted where it came from. Raises a
        `rate_limited` problem.
        """
        if session is None or session.caller.role is Role.SERVICE or not self.in_front:
            return
        asker, limit = _ASKER.get(), self._by_user
        account = asker.account = session.caller.account
        if limit.quota:
            left = asker.left = limit.take(account)
            if left is None:
                raise _exhausted(limit, account, "you send too many requests")
        if asker.tries is not None:
            Guesses(asker.tries, None).check(account)

    def answered(self, response: web.StreamResponse) -> None:
        """Count what was guessed wrong, and tell the limits."""
        asker = _ASKER.get(None)
        if asker is None:
            return  # the request was refused before it was looked at
        if asker.tries is not None and response.status >= 400:
            self._count_wrong(asker, asker.tries, response)
        headers = response.headers
        by_address = asker.address is not None and self._by_address.quota
        if asker.account and self._by_user.quota:
            headers[POLICY] = self._both if by_address else self._by_user.policy
            if asker.left is not None:
                headers[LIMIT] = f'"user";r={asker.left};t={self._by_user.resets_in()}'
        elif by_address:
            headers[POLICY] = self._by_address.policy

    def codes(self) -> Guesses:
        """Give the count of the join codes that the address of this task's request got wrong."""
        asker = _ASKER.get(None)
        return Guesses(self._codes, None if asker is None else asker.address)

    async def run(self, counts: Counts) -> None:
        """Settle with the shared counts, again and again, until cancelled."""
        limits = (self._by_address, self._by_user, self._codes, self._logins)
        for limit in limits:
            limit.share()
        while True:
            await self._clock.sleep_until(self._clock.now() + SETTLED_MS)
            try:
                for limit in limits:
                    await limit.settle(counts)
            except Exception:
                _log.exception("the rate limits cannot be settled with other processes")

    def _tried(self, request: web.Request) -> Limit | None:
        """Tell under which limit a wrong guess falls; None for most requests, which guess none."""
        path = request.path  # however it was spelt
        if path in _LOGINS:
            return self._logins
        return self._codes if path.endswith(_JOIN) or JOIN_CODE in request.headers else None

    def _count_wrong(self, asker: _Asker, limit: Limit, response: web.StreamResponse) -> None:
        body = response.body if isinstance(response, web.Response) else None
        if limit is self._logins:
            wrong = response.status == 401
        else:
            wrong = isinstance(body, bytes) and any(word in body for word in _WRONG_CODE)
        if wrong:
            Guesses(limit, asker.address).wrong(asker.account)


def _seconds(millis: float) -> int:
    """Give whole seconds in which so much time has certainly passed, and a little more."""
    return max(ceil((millis + 1) / 1000), 1)


def _exhausted(limit: Limit, key: str, words: str) -> Problem:
    wait = limit.wait(key)
    return _refused(words, wait, {LIMIT: f'"{limit.name}";r=0;t={wait}'})


def _refused(words: str, wait: int, headers: Mapping[str, str] | None = None) -> Problem:
    """Say who asks too often when to come back."""
    told = {"Retry-After": str(wait), **(headers or {})}
    return Problem(Code.RATE_LIMITED, f"{words}: wait {wait} seconds", told)
