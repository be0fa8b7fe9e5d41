"""Real servers for the tests that want one: started once for each worker, at the first use."""

import logging
import os
from collections.abc import Iterator

import pytest

from .real_servers import Redis


@pytest.fixture(autouse=True)
def _heard() -> None:
    """Let pytest hear the servers' log, whatever a server that ran before has set."""
    logger = logging.getLogger("mafia_district_servers")
    logger.propagate = True
    logger.setLevel(logging.NOTSET)


@pytest.fixture(scope="session")
def _own_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    """Start a Redis that belongs to this worker."""
    server = Redis(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def redis_url(request: pytest.FixtureRequest) -> str:
    """Give a Redis that nobody may break: MAFIA_TEST_REDIS, or the worker's own.

    Others may use the given one at the same time: keep to names of your own, and never flush it.
    """
    given = os.environ.get("MAFIA_TEST_REDIS")
    return given or str(request.getfixturevalue("_own_redis").url)


@pytest.fixture
def redis_server(_own_redis: Redis) -> Iterator[Redis]:
    """Give the worker's own Redis, to be killed and frozen; it runs again afterwards."""
    yield _own_redis
    _own_redis.revive()
