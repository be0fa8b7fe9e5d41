"""Why a WebSocket is closed: the close codes of `mafia.v1`, and what problem each stands for."""

import enum
from collections.abc import Mapping
from typing import Final

from mafia_district.machine import Code
from mafia_district_servers.problems import AnyCode, Fault, Problem

_LONGEST: Final = 123  # bytes of a reason (RFC 6455, 5.5)


@enum.unique
class Close(enum.IntEnum):
    """The codes; those from 4000 on are this protocol's own."""

    GONE = 1001
    TEXT_ONLY = 1003
    OUR_FAULT = 1011
    BAD_TOKEN = 4001
    NOT_IN_SEAT = 4003
    NO_SUCH_GAME = 4004
    TOO_SLOW = 4008
    REPLACED = 4009
    RESUME_ELSEWHERE = 4012
    TOO_MANY = 4029


_OF_PROBLEMS: Final[Mapping[AnyCode, Close]] = {
    Fault.UNAUTHORIZED: Close.BAD_TOKEN,
    Fault.NOT_SEATED: Close.NOT_IN_SEAT,
    Fault.NO_SUCH_GAME: Close.NO_SUCH_GAME,
    Fault.UNREACHABLE: Close.RESUME_ELSEWHERE,
    Code.RATE_LIMITED: Close.TOO_MANY,
}


def close_code(problem: Problem) -> Close:
    """Give the close code of a problem that ends a connection."""
    return _OF_PROBLEMS.get(problem.code, Close.OUR_FAULT)


def reason(text: str) -> bytes:
    """Write a reason, cut to what a close frame may hold, between two characters."""
    return text.encode()[:_LONGEST].decode(errors="ignore").encode()
