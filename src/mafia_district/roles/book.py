"""A book of roles: all that can be dealt in one game, by name.

The roles that are built in are one book; a catalogue with roles of its own makes another. A game
looks roles up in the book of its own rules, so that two games in one process may know different
roles by the same name. A modifier may stand before any role of a book (`modifiers.py`).
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from mafia_district.near import nearest
from mafia_district.roles.modifiers import modified
from mafia_district.roles.role import Role


class Book:
    """Roles by their names, and names by the titles that people read; it never changes.

    >>> Book([Role("night_watch", "town", "Sleeps by day.")]).role("one_shot_night_watch").title
    'One Shot Night Watch'
    """

    __slots__ = ("_own", "names", "roles")

    def __init__(self, rows: Iterable[Role], own: Iterable[Role] = ()) -> None:
        """Bind rows together; one's own replace those of the same name."""
        self._own = {row.name: row for row in own}
        self.roles: Mapping[str, Role] = MappingProxyType(
            {**{row.name: row for row in rows}, **self._own}
        )
        self.names: Mapping[str, str] = MappingProxyType(
            {row.title: row.name for row in self.roles.values()}
        )

    def role(self, name: str) -> Role:
        """Look a role up by its catalogue name, with modifiers before it if any.

        Raises ValueError, with the nearest names, if there is no such role.
        """
        found = self.find(name)
        if found is not None:
            return found
        near = nearest(name, self.roles)
        hint = f"did you mean {' or '.join(near)}; " if near else ""
        raise ValueError(f"unknown role {name!r}; {hint}all are listed by `mafia-district roles`")

    def find(self, name: str) -> Role | None:
        """Look a role up as `role` does; None where that would raise."""
        return _found(self, name)

    def _of_any_side(self, name: str) -> Role | None:
        """Find the role that a modifier stands before; the town's may be named without a side."""
        if name in self._own:
            return self._own[name]
        names = (f"town_{name}", f"vanilla_{name}", name, f"mafia_{name}")
        known: Iterator[Role] = (self.roles[full] for full in names if full in self.roles)
        return next(known, None) or self.find(name)


@lru_cache(maxsize=1 << 12)
def _found(book: Book, name: str) -> Role | None:
    """Look a name up once; a modified role is made anew otherwise."""
    return book.roles.get(name) or modified(name, book._of_any_side)
