"""Sights: which entries of the log a viewer may see, and as which number of their own stream.

Each viewer's stream is numbered without gaps: the public entries and those for that seat. Nothing
else is counted, so that no number tells that something hidden took place.
"""

from bisect import bisect_left
from collections.abc import Sequence

from mafia_district.entries import Row
from mafia_district.ids import EVERYONE, Cursor, PlayerId, Version, Viewer, members
from mafia_district.machine import Event
from mafia_district.rules import Rules
from mafia_district.state import FACTS


def told(rules: Rules, event: Event, viewer: Viewer) -> Event:
    """Give the form in which a viewer may know an event that is for them."""
    form = FACTS[type(event)].form
    return event if form is None or viewer < 0 else form(rules, event, viewer)


class Index:
    """Which versions each viewer may see: public ones once, private ones by seat.

    Nothing is done when an entry is recorded. When somebody reads, the index catches up, at the
    cost of one step for a public entry, however many watch.
    """

    __slots__ = ("own", "public", "read")

    def __init__(self) -> None:
        self.public: list[Version] = []
        self.own: dict[PlayerId, list[Version]] = {}
        self.read = 0

    def extend(self, rows: Sequence[Row]) -> None:
        """Catch up with the log."""
        for version in range(self.read + 1, len(rows) + 1):
            _, _, audience, _ = rows[version - 1]
            if audience == EVERYONE:
                self.public.append(version)
            else:
                for seat in members(audience):
                    self.own.setdefault(seat, []).append(version)
        self.read = len(rows)

    def count(self, viewer: Viewer) -> Cursor:
        """Count the entries of a viewer's stream."""
        return len(self.public) + len(self.own.get(viewer, ()))

    def after(self, viewer: Viewer, cursor: Cursor) -> list[Version]:
        """Merge the public and the own versions behind a cursor into that viewer's stream."""
        public, own = self.public, self.own.get(viewer, [])
        start = bisect_left(
            range(len(own)), cursor, key=lambda place: place + bisect_left(public, own[place])
        )
        return sorted(public[cursor - start :] + own[start:])
