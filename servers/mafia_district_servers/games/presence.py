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
        if online:
            self._online.setdefault(game, set()).add(seat)
            return
        seats = self._online.get(game, set())
        seats.discard(seat)
        if not seats:
            self._online.pop(game, None)
        self._left.pop(game, None)  # so that the latest stands last
        self._left[game] = self._clock.now()
        self._forget_old()

    def closes_at(self, game: str, last: Instant) -> Instant | None:
        """Say when to close a lobby whose last entry was at `last`; None while it is not empty."""
        if self._online.get(game):
            return None
        return max(self._began, self._left.get(game, 0), last) + PATIENCE_MS

    def forget(self, game: str) -> None:
        """Drop a game that is over."""
        self._online.pop(game, None)
        self._left.pop(game, None)

    def _forget_old(self) -> None:
        """Drop instants that are past all patience: they delay the end of no lobby any more."""
        old = self._clock.now() - PATIENCE_MS
        while self._left[game := next(iter(self._left))] <= old:
            del self._left[game]
