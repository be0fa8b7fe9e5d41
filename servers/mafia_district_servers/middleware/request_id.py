"""Request ids: one name for a request in every log line and in its answer.

A caller's own id is taken if it is harmless to log; otherwise one is made. It is random and not a
count, for a count would tell one player how busy the others are.
"""

import re
from collections.abc import Mapping
from typing import Final

from mafia_district_servers.logs import REQUEST_ID
from mafia_district_servers.names import random_name

HEADER: Final = "X-Request-ID"
_harmless = re.compile(r"[A-Za-z0-9._-]{1,64}").fullmatch


def begin(headers: Mapping[str, str]) -> str:
    """Take or make the request's id, and let the log lines from here on bear it."""
    request_id = headers.get(HEADER)
    if request_id is None or not _harmless(request_id):
        request_id = random_name()
    REQUEST_ID.set(request_id)
    return request_id
