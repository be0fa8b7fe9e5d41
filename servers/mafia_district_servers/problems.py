"""Problems: what goes wrong, as `application/problem+json` (RFC 9457).

Every error answer has one form: `type`, `title`, `status`, `detail`, `code`, `request_id`. The code
is a member of one of two closed lists, the game's refusals (`mafia_district.machine.Code`) and the
server's own below; the HTTP status is a table beside them. `detail` says what would help and tells
nothing that the caller may not know.
"""

import enum
import logging
from collections.abc import Mapping
from typing import Final, TypeAlias

import msgspec

from mafia_district import wire
from mafia_district.machine import Code, Refused
from mafia_district_servers.errors import Forbidden, KeyReused, NoSuchGame, NotOver, NotSeated
from mafia_district_servers.ports import OutcomeUnknown, StoreUnavailable

_log = logging.getLogger(__name__)

CONTENT_TYPE: Final = "application/problem+json"
_LONGEST: Final = 600  # characters of a detail: it may quote what a client wrote
_TYPE: Final = "urn:mafia-district:problem:"


@enum.unique
class Fault(enum.Enum):
    """What a server refuses before or beside the game, by its wire name."""

    BAD_JSON = "bad_json"
    BAD_PASSWORD = "bad_password"  # noqa: S105
    BAD_REQUEST = "bad_request"
    BAD_RULES = "bad_rules"
    BANNED = "banned"
    BUSY = "busy"
    CLOSING = "closing"
    EPOCH_CHANGED = "epoch_changed"
    FORBIDDEN = "forbidden"
    GAME_NOT_OVER = "game_not_over"
    HEAD_TOO_LARGE = "head_too_large"
    INTERNAL = "internal"
    KEY_REUSED = "key_reused"
    KNOWN_DEVICE = "known_device"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    NOT_FOUND = "not_found"
    NOT_REGISTERED = "not_registered"
    NOT_SEATED = "not_seated"
    NO_SUCH_GAME = "no_such_game"
    NO_SUCH_USER = "no_such_user"
    OUTCOME_UNKNOWN = "outcome_unknown"
    STORE_UNAVAILABLE = "store_unavailable"
    TAKEN = "taken"
    TOO_EXPENSIVE = "too_expensive"
    TIMED_OUT = "timed_out"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    UNAUTHORIZED = "unauthorized"
    UNREACHABLE = "unreachable"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105
    URL_TOO_LONG = "url_too_long"


AnyCode: TypeAlias = Code | Fault

# The status of a code that is not listed here is 409: the game has moved on or is elsewhere.
_STATUS: Final[Mapping[AnyCode, int]] = {
    Fault.BAD_JSON: 400,
    Fault.BAD_PASSWORD: 422,
    Fault.BAD_REQUEST: 400,
    Fault.BAD_RULES: 422,
    Fault.BANNED: 403,
    Fault.BUSY: 503,
    Fault.CLOSING: 503,
    Fault.FORBIDDEN: 403,
    Fault.HEAD_TOO_LARGE: 431,
    Fault.INTERNAL: 500,
    Fault.KEY_REUSED: 422,
    Fault.METHOD_NOT_ALLOWED: 405,
    Fault.NOT_FOUND: 404,
    Fault.NOT_REGISTERED: 403,
    Fault.NOT_SEATED: 403,
    Fault.NO_SUCH_GAME: 404,
    Fault.NO_SUCH_USER: 404,
    Fault.OUTCOME_UNKNOWN: 504,
    Fault.STORE_UNAVAILABLE: 503,
    Fault.TIMED_OUT: 504,
    Fault.TOO_LARGE: 413,
    Fault.TOO_SLOW: 408,
    Fault.UNAUTHORIZED: 401,
    Fault.UNREACHABLE: 502,
    Fault.UNSUPPORTED_MEDIA_TYPE: 415,
    Fault.WRONG_PASSWORD: 403,
    Fault.URL_TOO_LONG: 414,
    Code.BAD_NAME: 422,
    Code.BAD_SALT: 422,
    Code.BAD_SETUP: 422,
    Code.BAD_TARGET: 422,
    Code.BAD_TEXT: 422,
    Code.MAY_NOT_SPEAK: 403,
    Code.NOT_HOST: 403,
    Code.NOT_YOUR_ACTION: 403,
    Code.NO_SUCH_ROOM: 404,
    Code.NO_SUCH_SEAT: 422,
    Code.RATE_LIMITED: 429,
    Code.WRONG_CODE: 403,
}


def status(code: AnyCode) -> int:
    """Look up the HTTP status of a code."""
    return _STATUS.get(code, 409)


class Problem(Exception):
    """An error answer on its way out; `headers` are sent beside it, `more` stands in it."""

    def __init__(
        self,
        code: AnyCode,
        detail: str,
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(f"{code.value}: {detail}")
        self.code = code
        self.detail = detail if len(detail) <= _LONGEST else f"{detail[:_LONGEST]}…"
        self.headers = headers or {}
        self.more = more or {}

    @property
    def status(self) -> int:
        """The HTTP status."""
        return status(self.code)

    def body(self, request_id: str) -> bytes:
        """Encode the problem document."""
        return msgspec.json.encode(
            {
                "type": _TYPE + self.code.value,
                "title": self.code.value.replace("_", " ").capitalize(),
                "status": self.status,
                "detail": self.detail,
                "code": self.code.value,
                "request_id": request_id,
                **self.more,
            }
        )


# What the authority's errors are called outside, and what the caller may do about them.
_ERRORS: Final[Mapping[type[BaseException], tuple[Fault, str]]] = {
    NoSuchGame: (Fault.NO_SUCH_GAME, "there is no such game"),
    NotSeated: (Fault.NOT_SEATED, "you have no seat in this game"),
    NotOver: (Fault.GAME_NOT_OVER, "that is for when the game is over"),
    KeyReused: (Fault.KEY_REUSED, "this idempotency key was used for something else"),
    OutcomeUnknown: (Fault.OUTCOME_UNKNOWN, "send it again with the same key"),
    StoreUnavailable: (Fault.STORE_UNAVAILABLE, "the game's store does not answer"),
}


def problem_of(error: Exception) -> Problem:
    """Turn any error of a request into its problem; an unknown one is logged and is ours."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Refused):
        return Problem(error.code, error.detail)
    if isinstance(error, Forbidden):
        return Problem(Fault.FORBIDDEN, str(error))
    if isinstance(error, wire.Malformed):
        return Problem(Fault.BAD_REQUEST, str(error))
    if type(error) in _ERRORS:
        return Problem(*_ERRORS[type(error)])
    _log.error("a request failed", exc_info=error)
    return Problem(Fault.INTERNAL, "the server made a mistake; it has been logged")


def is_our_fault(error: BaseException) -> bool:
    """Tell whether an error of a request is the server's; logs nothing."""
    if isinstance(error, Problem):
        return error.status >= 500
    if isinstance(error, Refused | wire.Malformed):
        return False
    return type(error) not in _ERRORS or status(_ERRORS[type(error)][0]) >= 500
