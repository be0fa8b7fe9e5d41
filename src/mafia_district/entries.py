"""Entries: the log of a game that is being played, in memory.

Far more is recorded than is ever read, most of all in a simulation. So an entry is kept as a bare
tuple, its *row*, which is made and thrown away in a fraction of the time. It gets its version,
which is its place in the log, and the names of its fields when somebody looks.
"""

from collections.abc import Iterator, Sequence
from typing import TypeAlias, overload

from mafia_district.ids import Instant, Seats
from mafia_district.machine import Entry, Event

Row: TypeAlias = tuple[Instant, str, Seats, Event]  # the fields of an Entry after its version


class Entries(Sequence[Entry]):
    """A read-only window on the rows of a log; it shows the present."""

    __slots__ = ("_rows",)

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, which: int) -> Entry: ...
    @overload
    def __getitem__(self, which: slice) -> tuple[Entry, ...]: ...
    def __getitem__(self, which: int | slice) -> Entry | tuple[Entry, ...]:
        places = range(len(self._rows))[which]
        if isinstance(places, range):
            return tuple([Entry(place + 1, *self._rows[place]) for place in places])
        return Entry(places + 1, *self._rows[places])

    def __iter__(self) -> Iterator[Entry]:
        return (Entry(version, *row) for version, row in enumerate(self._rows, 1))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Entries):
            return NotImplemented
        return self._rows == other._rows

    __hash__ = None  # type: ignore[assignment] # a log grows

    def __repr__(self) -> str:
        return f"Entries({self._rows!r})"
