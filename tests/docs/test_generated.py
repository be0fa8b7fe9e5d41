"""The reference pages say what the code says."""

import importlib.util
from pathlib import Path

GENERATOR = Path(__file__).parents[2] / "docs" / "generate.py"


def test_the_reference_is_up_to_date() -> None:
    """Given the code, when the pages are made anew, they are the pages that lie there."""
    spec = importlib.util.spec_from_file_location("generate", GENERATOR)
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    assert generate.main("--check") == 0
