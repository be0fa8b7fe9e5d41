"""The options by which a command line chooses the rules of a game."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import typer

from mafia_district.catalogue import BUILT_IN, Catalogue
from mafia_district.catalogue.files import BadCatalogue, read
from mafia_district.house import HOUSES
from mafia_district.near import hint
from mafia_district.rules import Rules
from mafia_district.setups import PUBLISHED
from mafia_district_cli.errors import UsageError, wrong_usage

SEATS: Final = {"district": 12, "classic": 9}  # how many play where nobody says so
SEATS_SHOWN: Final = "12, classic 9"


def setup_names(incomplete: str) -> list[str]:
    """Offer the published setups that begin so."""
    return [name for name in PUBLISHED if name.startswith(incomplete)]


def _require_kind(context: typer.Context, kind: str | None) -> str | None:
    """Refuse a kind of game that does not exist; whoever names a house or a setup is told so."""
    if kind is None or kind in SEATS:
        return kind
    said = f"--rules: no kind of game is called {kind!r}: choose {' or '.join(SEATS)}"
    if kind in HOUSES:
        here = any(option.name == "house" for option in context.command.params)
        how = f"--house {kind}" if here else f"`mafia-district simulate --house {kind}`"
        raise UsageError(f"{said}; {kind} is a house: {how}")
    if kind in PUBLISHED:
        raise UsageError(f"{said}; {kind} is a setup: `mafia-district simulate {kind}`")
    raise UsageError(f"{said}{hint(kind, SEATS)}")


def kind_option(shown: str | bool | None = None) -> Any:
    """Make the option that chooses the kind of game; `shown` is what stands for its default."""
    return typer.Option(
        "--rules",
        metavar=f"[{'|'.join(SEATS)}]",
        help="The kind of game.",
        callback=_require_kind,
        autocompletion=lambda incomplete: [name for name in SEATS if name.startswith(incomplete)],
        show_default=True if shown is None else shown,
    )


Preset: TypeAlias = Annotated[str, kind_option()]
CatalogueFile: TypeAlias = Annotated[
    Path | None,
    typer.Option("--catalogue", metavar="FILE", help="A town and roles of your own, as TOML."),
]
HouseName: TypeAlias = Annotated[
    str,
    typer.Option(
        "--house",
        help="Which house's answers to disputed questions: docs/house-rules.md.",
        autocompletion=lambda incomplete: [n for n in HOUSES if n.startswith(incomplete)],
    ),
]
SetupName: TypeAlias = Annotated[
    str | None,
    typer.Argument(
        metavar="[SETUP]",
        help="A published setup, with its roles and rules: `mafia-district setups`.",
        autocompletion=setup_names,
    ),
]
ROLES_HELP = 'The roles and their counts, such as "5 vanilla_townie, 2 mafia_goon".'
SET_HELP = "Change a single rule; may be given many times."


def chosen_rules(
    preset: str,
    *,
    setup: str = "",
    roles: str = "",
    first_phase: str = "",
    settings: Iterable[str] = (),
    house: str = "mafiascum",
    catalogue: Path | None = None,
) -> Rules:
    """Build the rules that a command line asks for; a later and narrower option wins.

    An empty text leaves the preset's value, or the setup's where one is named; then an empty
    preset is the setup's own. Raise UsageError that says what is wrong.
    """
    changes = dict(_split(setting) for setting in settings)
    changes |= {"first_phase": first_phase} if first_phase else {}
    changes |= {"roles": roles} if roles else {}
    with wrong_usage():
        base = Rules.published(setup, preset) if setup else Rules.preset(preset)
        rules = base.in_house(house)
        return rules.replace(catalogue=catalogue_of(catalogue)).with_settings(changes)


def catalogue_of(path: Path | None) -> Catalogue:
    """Read a catalogue, without a file the built-in one.

    Raise UsageError with a line for everything that is wrong with it.
    """
    try:
        return read(str(path)) if path else BUILT_IN
    except BadCatalogue as bad:
        raise UsageError(str(bad)) from None


def _split(setting: str) -> tuple[str, str]:
    """Split KEY=VALUE."""
    name, equals, value = setting.partition("=")
    if not equals:
        raise UsageError(f"write --set KEY=VALUE, not --set {setting}")
    return name.strip(), value.strip()
