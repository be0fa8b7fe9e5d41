"""Upstreams: the instances of a service, and which of them to ask.

Each game prefers one instance (rendezvous hashing: the one whose address and the game's id hash
highest), so that a game's commands meet in one process and rarely conflict; a request without a
game goes round. An instance that has failed twice in a row is unhealthy and asked after the others;
after five failures its circuit is open and it is not asked at all. Every second each instance is
asked how it is, and one good answer brings it back.
"""

import asyncio
import enum
import logging
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import count
from typing import Final

import aiohttp

from mafia_district_servers.ports import Clock

CHECK_MS: Final = 1_000
UNHEALTHY: Final = 2  # failures in a row
OUT: Final = 5
_ANSWER: Final = aiohttp.ClientTimeout(total=2.0)  # seconds for a health check

_log = logging.getLogger(__name__)


@enum.unique
class Health(enum.Enum):
    """How an instance has answered of late."""

    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"
    OUT = "out"


class Instance:
    """One process of a service, by its address."""

    __slots__ = ("_failures", "url")

    def __init__(self, url: str) -> None:
        self.url = url
        self._failures = 0

    @property
    def health(self) -> Health:
        """How it has answered of late."""
        if self._failures < UNHEALTHY:
            return Health.HEALTHY
        return Health.UNHEALTHY if self._failures < OUT else Health.OUT

    def answered(self) -> None:
        """Note that it answered."""
        if self._failures >= UNHEALTHY:
            _log.info("%s is back", self.url)
        self._failures = 0

    def failed(self) -> None:
        """Note that it did not."""
        self._failures += 1
        if self._failures in (UNHEALTHY, OUT):
            _log.warning("%s is %s", self.url, self.health.value)


class Upstream:
    """A service's instances."""

    def __init__(self, service: str, urls: Iterable[str]) -> None:
        self.service = service
        self.instances = tuple(map(Instance, urls))
        self._turn = count()

    def order(self, game: str) -> list[Instance]:
        """List whom to ask about a game, one after another; nobody, if all are out."""
        key = game or str(next(self._turn))
        usable = [each for each in self.instances if each.health is not Health.OUT]
        return sorted(usable, key=lambda each: (each.health.value, _rank(each.url, key)))


class Upstreams:
    """All services that are elsewhere, by name."""

    def __init__(
        self, urls: Mapping[str, Iterable[str]], clock: Clock, http: aiohttp.ClientSession
    ) -> None:
        self._upstreams = {name: Upstream(name, each) for name, each in urls.items()}
        self._clock = clock
        self._http = http

    def __getitem__(self, service: str) -> Upstream:
        """Give a service's instances."""
        return self._upstreams[service]

    def __contains__(self, service: str) -> bool:
        """Tell whether a service is elsewhere."""
        return service in self._upstreams

    def __iter__(self) -> Iterator[Upstream]:
        """Give all of them."""
        return iter(self._upstreams.values())

    async def watch(self) -> None:
        """Ask every instance how it is, until cancelled."""
        while True:
            instances = [each for upstream in self for each in upstream.instances]
            await asyncio.gather(*map(self._check, instances))
            await self._clock.sleep_until(self._clock.now() + CHECK_MS)

    async def _check(self, instance: Instance) -> None:
        try:
            async with self._http.get(f"{instance.url}/health", timeout=_ANSWER) as got:
                healthy = got.status == 200
        except (aiohttp.ClientError, OSError, TimeoutError):
            healthy = False
        if healthy:
            instance.answered()
        else:
            instance.failed()


def _rank(url: str, key: str) -> bytes:
    """Give a place in a row that is another for every key, and the same in every gateway."""
    return sha256(f"{url} {key}".encode()).digest()
