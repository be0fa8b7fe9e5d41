"""The gate: who may see that a game exists.

A public game is for everyone to watch. A private one is there for those who sit in it, for its
keeper and for those who know its join code; to everybody else every question about it gets the
answer of a game that does not exist. The code travels in a header of its own, for URLs end up in
logs.
"""

from collections.abc import Mapping
from hmac import compare_digest
from typing import Final, Protocol

from mafia_district.ids import SPECTATOR, Viewer
from mafia_district_servers.caller import Caller
from mafia_district_servers.games.authority import Authority, NoSuchGame, Warm

JOIN_CODE: Final = "X-Join-Code"


class Guesser(Protocol):
    """Counts the wrong codes of whoever tries them."""

    def check(self, user: str = "") -> None:
        """Raise a problem for who has been wrong too often."""
        ...

    def wrong(self, user: str = "") -> None:
        """Count a wrong code."""
        ...


async def enter(authority: Authority, caller: Caller, game: str, code: str) -> Warm:
    """Read a game that the caller may know of; raises NoSuchGame for any other."""
    warm = await authority.read(game)
    known = caller.account in warm.seats or warm.keeps(caller.account)
    if warm.public or caller.looks_after or known or knows(warm, code):
        return warm
    raise NoSuchGame(game)


def knows(warm: Warm, code: str) -> bool:
    """Tell whether this is the game's join code."""
    return compare_digest(code.encode(errors="surrogateescape"), warm.code.encode())


def eyes(warm: Warm, caller: Caller) -> Viewer:
    """Say with whose eyes a caller sees the game: the own seat's, or a spectator's."""
    return warm.seats.get(caller.account, SPECTATOR)


def join_code(headers: Mapping[str, str]) -> str:
    """Read the join code that came with a request, or an empty one."""
    return headers.get(JOIN_CODE, "")
