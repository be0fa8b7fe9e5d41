"""Presence: who is connected, as far as a lobby's life depends on it.

A lobby in which nobody is connected and nothing happens for half an hour is closed. A restart cuts
every connection, so it begins the half hour anew.
"""

from typing import Final

from mafia_district.ids import Instant, Millis, PlayerId
from mafia_district_servers.ports import Clock

PATIENCE_MS: Final[Millis] = 30 * 60 * 1_000


class Presence:
    """Who is connected to which lobby, and since when nobody is."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = clock.now()
        self._online: dict[str, set[PlayerId]] = {}
        self._left: dict[str, Instant] = {}

    def set(self, game: str, seat: PlayerId, online: bool) -> None:
        """Note that a seat's person has come or gone."""
        seats = self._online.setdefault(game, set())
        if online:
            seats.add(seat)
        else:
            seats.discard(seat)
            self._left[game] = self._clock.now()

    def closes_at(self, game: str, last: Instant) -> Instant | None:
        """Say when to close a lobby whose last entry was at `last`; None while it is not empty."""
        if self._online.get(game):
            return None
        return max(self._began, self._left.get(game, 0), last) + PATIENCE_MS

    def forget(self, game: str) -> None:
        """Drop a game that is over."""
        self._online.pop(game, None)
        self._left.pop(game, None)
