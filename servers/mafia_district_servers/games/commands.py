"""Commands as clients send them: which they may send, and under which key.

A seat's commands are the game's, less those of the house: taking a seat has a door of its own,
because it binds an account to a seat, so has the keeper's desk, and an outage's length is not for
players to say.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from mafia_district import wire
from mafia_district.ids import Instant, PlayerId
from mafia_district.machine import Command
from mafia_district_servers.names import random_name
from mafia_district_servers.problems import Fault, Problem

Make: TypeAlias = Callable[[PlayerId], Command]

NOT_FOR_SEATS: Final = (
    "lobby.open", "lobby.take_seat", "clock.shift_clock", "substitution.take_over",
    "keeper.open_desk", "keeper.look_in",
)  # fmt: skip
KEY_RULE: Final = "an idempotency key has 1 to 64 characters of A-Z a-z 0-9 . _ : -"

_EXAMPLE: Final = '{"type": "voting.cast_vote", "target": 3}'

is_key = re.compile(r"[A-Za-z0-9._:-]{1,64}").fullmatch


def make_key(now: Instant) -> str:
    """Make the key of a request that came without one; it is new, with all likelihood.

    It begins with the time, so that a store finds the keys of one moment side by side.
    """
    return f"{now:012x}{random_name()[12:]}"


def of_json(value: Mapping[str, object]) -> Make:
    """Give the maker of a command from JSON, for the seat that the authority finds.

    Raises a `bad_request` problem for one without a type, and a `forbidden` one for a command of
    the house; the maker raises `wire.Malformed`.
    """
    kind = value.get("type")
    if not isinstance(kind, str):
        raise Problem(Fault.BAD_REQUEST, f'a command needs a "type", as in {_EXAMPLE}')
    if kind in NOT_FOR_SEATS:
        raise Problem(Fault.FORBIDDEN, f"{kind} is not a command of a seat")

    def make(seat: PlayerId) -> Command:
        return wire.command(value, seat)

    return make
