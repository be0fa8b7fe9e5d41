"""What the tests of the documents share."""

import importlib
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def generate(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Import the program that writes the generated pages."""
    monkeypatch.syspath_prepend(DOCS)
    return importlib.import_module("generate")


@pytest.fixture
def marked(generate: ModuleType) -> ModuleType:
    """Import what knows the marked blocks of a page."""
    return importlib.import_module("marked")
