"""The one way in for JSON.

Nothing that a client wrote reaches a handler but through here. `wire.parse` refuses what is not
strict JSON (wrong UTF-8, duplicate keys, NaN, U+0000, lone surrogates, too deep); what is left is
fitted to the request's class: every key known, every type right, nothing converted silently. Each
failure is one 400 whose detail names the place: `bad_json` for what is no strict JSON, and
`bad_request` for good JSON of the wrong shape.
"""

from collections.abc import Callable, Mapping
from functools import cache
from keyword import iskeyword
from typing import Any, TypeVar

import attrs
import msgspec

from mafia_district import wire
from mafia_district_servers.problems import Fault, Problem

T = TypeVar("T")

_encode = msgspec.json.Encoder().encode


def parse(data: bytes) -> object:
    """Parse strict JSON; raises a `bad_json` problem."""
    try:
        return wire.parse(data)
    except wire.Malformed as error:
        raise Problem(Fault.BAD_JSON, str(error)) from None


def read(data: bytes, kind: type[T]) -> T:
    """Read a body as one attrs class, or as `dict`; raises a `bad_json` or `bad_request` problem.

    A body that is spelt, but for the spaces between, just as this server would spell what it read
    in it, and escapes nothing, can hide nothing either, so it needs no second look. Most are; all
    others pass the door.
    """
    if kind is not dict and b"\\" not in data:
        shape: type = kind
        try:
            fitted: T = _decoder(shape)(data)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            pass  # the door says better what is wrong
        else:
            if _encode(fitted) == msgspec.json.format(data, indent=-1):
                return fitted
    return fit(parse(data), kind)


def fit(value: object, kind: type[T]) -> T:
    """Fit a parsed object to an attrs class, or to `dict`; raises a `bad_request` problem."""
    if not isinstance(value, dict):
        raise Problem(Fault.BAD_REQUEST, "the body must be a JSON object")
    if kind is not dict:
        _refuse_unknown(value, kind)
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise Problem(Fault.BAD_REQUEST, str(error)) from None


def read_query(query: Mapping[str, str], kind: type[T]) -> T:
    """Read a query string as one attrs class; raises a `bad_request` problem.

    A field that is called as a keyword of Python, as `as_`, is spelt without its underscore.
    """
    spelt = {f"{key}_" if iskeyword(key) else key: value for key, value in query.items()}
    _refuse_unknown(spelt, kind)
    try:
        return msgspec.convert(spelt, kind, strict=False)
    except msgspec.ValidationError as error:
        raise Problem(Fault.BAD_REQUEST, str(error)) from None


def nothing(data: bytes) -> None:
    """Read the body of a request that needs none: empty, or an empty object."""
    if data and parse(data) != {}:
        raise Problem(Fault.BAD_REQUEST, "this request takes no body")


@cache
def _decoder(kind: type) -> Callable[[bytes], Any]:
    return msgspec.json.Decoder(kind).decode


@cache
def _keys(kind: type) -> Mapping[str, object]:
    return attrs.fields_dict(kind)


def _refuse_unknown(value: Mapping[str, object], kind: type) -> None:
    known = _keys(kind)
    for key in value:
        if key not in known:
            names = ", ".join(known) or "none"
            detail = f"there is no key {key[:40]!r}; the keys are: {names}"
            raise Problem(Fault.BAD_REQUEST, detail)
