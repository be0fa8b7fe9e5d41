"""Logging: the standard library's, as lines for people or as lines of JSON.

A line names the request that caused it. What was asked is logged as method and path, never as
query, header or body: tokens, join codes and what players say have no place in a log. The library
would quote a malformed request's head; one fixed line is written in its place.
"""

import logging
import sys
from contextvars import ContextVar
from typing import Final

import msgspec
from aiohttp.http_exceptions import HttpProcessingError

REQUEST_ID: Final[ContextVar[str]] = ContextVar("request_id", default="-")

_LIBRARY: Final = "aiohttp.server"
_LOGGERS: Final = ("mafia_district_servers", _LIBRARY)
_LINE: Final = "%(asctime)s %(levelname)-7s %(name)s [%(request_id)s] %(message)s"


class _Stamp(logging.Filter):
    """Adds the current request's id to every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = REQUEST_ID.get()
        return True


class _Malformed(logging.Filter):
    """Puts one line that quotes nothing in the place of a malformed request's traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError)):
            return True
        record.msg, record.args, record.exc_info = "a malformed request was refused", None, None
        record.levelno, record.levelname = logging.INFO, "INFO"
        return logging.getLogger(record.name).isEnabledFor(logging.INFO)


_malformed: Final = _Malformed()


class JsonLines(logging.Formatter):
    """Writes one JSON object a line: `at`, `level`, `logger`, `request_id`, `message`, `trace`."""

    def format(self, record: logging.LogRecord) -> str:
        """Encode the record; `trace` is there only for an exception."""
        fields = {
            "at": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request_id": REQUEST_ID.get(),
            "message": record.getMessage(),
        }
        if record.exc_info:
            fields["trace"] = self.formatException(record.exc_info)
        return msgspec.json.encode(fields).decode()


def configure(level: str, form: str) -> None:
    """Send the servers' log to stderr; `form` is "console" or "json".

    Only the servers' own loggers are touched, so that a program that embeds them keeps its own
    logging. Calling it again replaces what the first call set.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_Stamp())
    handler.setFormatter(JsonLines() if form == "json" else logging.Formatter(_LINE))
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(level.upper())
        logger.propagate = False
    logging.getLogger(_LIBRARY).addFilter(_malformed)
