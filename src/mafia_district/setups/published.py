"""What a published setup is: data, and nothing but data.

A setup has its roles, or a way to draw them, and the rules that it plays otherwise than its preset.
What no source says is not made up: `unknown` says so, and what stands in its place. Where a source
is clear but the game is played otherwise here, `departs` says that.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeAlias

import attrs

from mafia_district.setup import Composition

Row: TypeAlias = tuple[str, ...]  # of a table for people to read

_NONE: Final[Mapping[str, Any]] = MappingProxyType({})


class Draw(Protocol):
    """How a setup comes by its roles."""

    def compositions(self) -> tuple[Composition, ...]:
        """List all that the roles may come to, with their weights."""

    def table(self) -> tuple[Row, ...]:
        """Lay the draw out for people: the head, then the rows."""


@attrs.frozen(kw_only=True)
class Published:
    """A setup by its name, with its `title` and a `summary` for people to read.

    Without a `draw` the preset's counts are dealt, for any number of seats that it allows. `free`
    is a setup whose source leaves the number of seats open: its roles are an example. `rules` are
    those that differ from the preset's, by name.
    """

    name: str
    title: str
    summary: str
    source: str
    draw: Draw | None
    rules: Mapping[str, Any] = _NONE
    preset: str = "classic"
    free: bool = False
    unknown: tuple[str, ...] = ()
    departs: tuple[str, ...] = ()
