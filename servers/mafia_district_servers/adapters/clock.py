"""The system's clock and its source of secrets."""

import asyncio
import secrets
import time
from typing import Final

from mafia_district.ids import Instant

_ID_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # without i l o 0 1
_CODE_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without I O 0 1
_LONGEST_NAP: Final = 10.0  # seconds; the time of day may be set while we sleep


class SystemClock:
    """The time of day, as the operating system has it."""

    def now(self) -> Instant:
        """Give the present instant."""
        return time.time_ns() // 1_000_000

    async def sleep_until(self, at: Instant) -> None:
        """Sleep until an instant."""
        while (left := at - self.now()) > 0:
            await asyncio.sleep(min(left / 1000, _LONGEST_NAP))


class SystemIds:
    """Random names and secrets from the operating system."""

    def game_id(self) -> str:
        """Make the id of a game; two alike are less likely than one in 2**59."""
        return _draw(_ID_LETTERS, 12)

    def account_id(self) -> str:
        """Make the id of a guest's account."""
        return f"guest-{_draw(_ID_LETTERS, 16)}"

    def join_code(self) -> str:
        """Make the join code of a private lobby."""
        return _draw(_CODE_LETTERS, 5)

    def secret(self, count: int) -> bytes:
        """Draw secret random bytes."""
        return secrets.token_bytes(count)


def _draw(letters: str, count: int) -> str:
    return "".join(secrets.choice(letters) for _ in range(count))
