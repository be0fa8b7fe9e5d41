"""Every test that runs a server runs it in one process, and in as many as there are services."""

from collections.abc import Iterator

import pytest

from ..served import SPLIT


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test in both shapes, if it runs a server."""
    if "tmp_path" in metafunc.fixturenames:
        metafunc.parametrize("shape", ["together", "apart"], indirect=True)


@pytest.fixture(autouse=True)
def shape(request: pytest.FixtureRequest) -> Iterator[str]:
    """Choose the shape of the servers that a test runs."""
    chosen = getattr(request, "param", "together")
    token = SPLIT.set(chosen == "apart")
    yield chosen
    SPLIT.reset(token)
