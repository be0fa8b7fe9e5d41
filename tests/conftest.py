"""What all tests share: whether they run in their long form."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run ask for the long form of what takes minutes."""
    parser.addoption("--long", action="store_true", help="play the many games and nights in full")


@pytest.fixture(scope="session")
def long(pytestconfig: pytest.Config) -> bool:
    """Tell whether the long form is asked for."""
    return bool(pytestconfig.getoption("--long"))
