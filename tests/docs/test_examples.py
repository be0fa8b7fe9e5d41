"""Every example in the library's docstrings and in the documents is true."""

import doctest
import pkgutil
from importlib import import_module
from pathlib import Path

import pytest

import mafia_district

ROOT = Path(__file__).parents[2]
MODULES = [
    "mafia_district",
    *(found.name for found in pkgutil.walk_packages(mafia_district.__path__, "mafia_district.")),
]
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples_are_true(name: str) -> None:
    """Given a module of the library, its examples give what they show."""
    assert doctest.testmod(import_module(name)).failed == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_document_examples_are_true(page: Path) -> None:
    """Given a document, its interactive examples give what they show."""
    assert doctest.testfile(str(page), module_relative=False, encoding="utf-8").failed == 0
