"""`mafia-district rules`, run as a user runs it."""

import json
from collections.abc import Callable
from subprocess import CompletedProcess

from mafia_district.rules import Rules

Run = Callable[..., CompletedProcess[str]]


def test_json_holds_every_rule_of_every_preset(run: Run) -> None:
    """Given no preset, the document has all presets with all their rules."""
    document = json.loads(run("rules", "--json").stdout)
    assert document == {
        name: json.loads(
            json.dumps({key: value for key, value, _ in Rules.preset(name).describe()})
        )
        for name in Rules.presets()
    }


def test_a_preset_is_readable(run: Run) -> None:
    """Given a preset, a person reads each rule's name, value and meaning, whole."""
    printed = run("rules", "classic").stdout
    assert "district" not in printed
    for name, value, meaning in Rules.preset("classic").describe():
        (line,) = [line for line in printed.splitlines() if line.startswith(f"│ {name} ")]
        assert meaning in line
        assert isinstance(value, tuple) or str(value).lower() in line


def test_an_unknown_preset_is_one_line_that_names_the_choices(run: Run) -> None:
    """Given a preset that does not exist, one line on stderr lists those that do."""
    finished = run("rules", "chess")
    assert (finished.returncode, finished.stdout) == (2, "")
    assert finished.stderr.count("\n") == 1
    assert "classic" in finished.stderr
    assert "district" in finished.stderr
