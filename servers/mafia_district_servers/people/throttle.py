"""Throttle: how often a password may be tried, for one name and from one address.

Some attempts are free, for people mistype. After each further one there is a wait, and each is
twice as long as the one before. An attempt is counted before the password is looked at and forgiven
when it was right, so that many at once get no further than one after another. It does not matter
whether a name is anybody's. The longest wait of a name is short: whoever wants to keep its owner
out can be a nuisance and nothing more.
"""

from collections import OrderedDict
from hashlib import sha256
from typing import Final, TypeAlias

import attrs

from mafia_district.ids import Instant, Millis
from mafia_district.machine import Code
from mafia_district_servers.ports import Clock
from mafia_district_servers.problems import Problem

_FIRST_MS: Final = 1_000  # the first wait
_FORGOTTEN_MS: Final = 3_600_000  # after the end of the last wait
_MOST: Final = 65_536  # names and addresses that are remembered; the oldest go


@attrs.frozen
class Limit:
    """How many attempts are free, and the longest wait."""

    free: int
    longest: Millis


Key: TypeAlias = tuple[Limit, bytes]

OF_A_NAME: Final = Limit(5, 5 * 60_000)
OF_AN_ADDRESS: Final = Limit(30, 15 * 60_000)


@attrs.define
class _Count:
    attempts: int = 0
    free_at: Instant = 0


class Throttle:
    """Counts attempts in memory."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counts: OrderedDict[Key, _Count] = OrderedDict()

    def attempt(self, name: str, address: str) -> None:
        """Count an attempt; raises a `rate_limited` problem for one that comes too soon."""
        now = self._clock.now()
        keys = _keys(name, address)
        wait = max(self._of(key, now).free_at for key in keys) - now
        if wait > 0:
            seconds = -(-wait // 1000)
            detail = f"too many wrong passwords: try again in {seconds} s"
            raise Problem(Code.RATE_LIMITED, detail, {"Retry-After": str(seconds)})
        for key in keys:
            self._add(key, now)

    def succeeded(self, name: str, address: str) -> None:
        """Forgive an attempt that was right: the name's earlier ones too, of the address's one."""
        of_name, of_address = _keys(name, address)
        self._counts.pop(of_name, None)
        count = self._of(of_address, self._clock.now())
        count.attempts = max(0, count.attempts - 1)
        if count.attempts < of_address[0].free:
            count.free_at = self._clock.now()

    def _of(self, key: Key, now: Instant) -> _Count:
        count = self._counts.get(key)
        if count is None or count.free_at + _FORGOTTEN_MS < now:
            count = self._counts[key] = _Count(free_at=now)
            if len(self._counts) > _MOST:
                self._counts.popitem(last=False)
        self._counts.move_to_end(key)
        return count

    def _add(self, key: Key, now: Instant) -> None:
        limit, count = key[0], self._of(key, now)
        count.attempts += 1
        over = count.attempts - limit.free
        wait = min(_FIRST_MS << min(over, 30), limit.longest) if over >= 0 else 0
        count.free_at = now + wait


def _keys(name: str, address: str) -> tuple[Key, Key]:
    return (OF_A_NAME, _short(name)), (OF_AN_ADDRESS, _short(address))


def _short(text: str) -> bytes:
    """Give what a text is remembered by, however long it is."""
    return sha256(text.encode()).digest()[:16]
