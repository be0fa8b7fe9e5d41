"""Every bare number and string of the game has a name here.

The aliases cost nothing at run time; they are there for the reader and for the type checker's
messages. Sets of seats are bit masks (bit *s* stands for seat *s*): they copy in no time, compare
in one instruction and have no order that could reach a log.
"""

from functools import lru_cache
from typing import Final, TypeAlias

PlayerId: TypeAlias = int  # a seat of one game, counted from 0; never an account
Viewer: TypeAlias = int  # a seat, or SPECTATOR, or KEEPER
Seats: TypeAlias = int  # a set of seats as a bit mask
Instant: TypeAlias = int  # milliseconds since the epoch
Millis: TypeAlias = int  # a duration in milliseconds
Day: TypeAlias = int  # counted from 1; 0 before the first
Coins: TypeAlias = int  # whole, never a fraction
PlaceId: TypeAlias = str  # a place of the town, by its catalogue name
ItemId: TypeAlias = str  # a kind of goods, by its catalogue name
Version: TypeAlias = int  # the number of an entry in the log, counted from 1
Cursor: TypeAlias = int  # how many entries one viewer has been shown

SPECTATOR: Final = -1
KEEPER: Final = -3  # sees everything; also the actor of the house's own commands

NO_LYNCH: Final = -1  # a target of votes: let nobody die
NOBODY: Final = -2  # no target at all

EVERYONE: Final = -1  # an audience
KEEPER_ONLY: Final = 0  # an audience

MAX_SEATS: Final = 30

BITS: Final = tuple(1 << seat for seat in range(MAX_SEATS))  # the masks of single seats


@lru_cache(maxsize=1 << 16)
def members(seats: Seats) -> tuple[PlayerId, ...]:
    """List the seats of a mask, lowest first."""
    return tuple(seat for seat in range(seats.bit_length()) if seats >> seat & 1)


def has(seats: Seats, seat: PlayerId) -> bool:
    """Tell whether a mask holds a seat; special targets and viewers are in no mask."""
    return seat >= 0 and bool(seats >> seat & 1)
