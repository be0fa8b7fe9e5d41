"""`mafia-district items`, run as a user runs it."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

from mafia_district.catalogue import BUILT_IN

Run = Callable[..., CompletedProcess[str]]

EXAMPLE = Path(__file__).parents[2] / "examples" / "my-town.toml"


def test_the_goods_are_readable(run: Run) -> None:
    """Given nothing else, a person reads title, price and effect of all that is built in."""
    printed = run("items").stdout
    for item in BUILT_IN.items:
        (line,) = [line for line in printed.splitlines() if line.startswith(f"│ {item.id} ")]
        assert item.title in line
        assert f" {item.price} " in line
        assert item.text in line


def test_a_town_of_ones_own_has_its_own_goods(run: Run) -> None:
    """Given a catalogue file, its goods stand beside those that are built in."""
    goods = json.loads(run("items", "--catalogue", str(EXAMPLE), "--json").stdout)
    assert goods.keys() > {item.id for item in BUILT_IN.items}
