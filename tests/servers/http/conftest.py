"""Every test that runs a server runs it in one process, and in as many as there are services."""

from collections.abc import Iterator

import pytest

from ..served import SPLIT


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test in both shapes, if it runs a server."""
    if "tmp_path" in metafunc.fixturenames:
        metafunc.fixturenames.append("shape")
        metafunc.parametrize("shape", ["together", "apart"], indirect=True)


@pytest.fixture
def shape(request: pytest.FixtureRequest) -> Iterator[str]:
    """Choose the shape of the servers that a test runs."""
    token = SPLIT.set(request.param == "apart")
    yield request.param
    SPLIT.reset(token)
