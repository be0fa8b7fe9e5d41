"""`mafia-district rules`: every rule of a preset, with its value and its meaning."""

from typing import Annotated, Any

import typer
from rich.table import Table

from mafia_district.rules import Rules
from mafia_district_cli.errors import wrong_usage
from mafia_district_cli.output import print_json, print_table, table_of

app = typer.Typer(add_completion=False)


def _complete(incomplete: str) -> list[str]:
    """Offer the presets that begin so."""
    return [name for name in Rules.presets() if name.startswith(incomplete)]


@app.command()
def rules(
    preset: Annotated[
        str | None, typer.Argument(help="One preset; all if absent.", autocompletion=_complete)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Print the rules of a preset, or of all side by side; `simulate --set` changes one."""
    with wrong_usage():
        chosen = [Rules.preset(name) for name in ([preset] if preset else Rules.presets())]
    if as_json:
        print_json({rules.name: _values(rules) for rules in chosen})
    else:
        print_table(_compare(chosen))


def _values(rules: Rules) -> dict[str, Any]:
    """Return a preset's values by the rules' names."""
    return {name: value for name, value, _ in rules.describe()}


def _compare(presets: list[Rules]) -> Table:
    """Lay presets side by side, a rule a line."""
    rows = [
        (name, *(_shown(getattr(rules, name)) for rules in presets), meaning)
        for name, _, meaning in presets[0].describe()
    ]
    return table_of(("rule", *(rules.name for rules in presets), "meaning"), rows)


def _shown(value: object) -> str:
    """Write a value as `--set` takes it."""
    if isinstance(value, tuple):
        return ", ".join(f"{count} {role}" for role, count in value)
    return str(value).lower() if isinstance(value, bool) else str(value)
