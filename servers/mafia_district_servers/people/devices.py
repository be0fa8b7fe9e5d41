"""Devices: a second account of the same person, as far as a device can tell.

A client may send a fingerprint of the device that it runs on. It is kept as a hash under a key of
the server's own, so that the database alone tells nobody whose device it is, and for 90 days. An
address is no device: a household, a school and half a town may share one.
"""

import hmac
from hashlib import sha256
from typing import Final

from mafia_district.ids import Instant
from mafia_district_servers.ports import Device
from mafia_district_servers.problems import Fault, Problem

KEPT_MS: Final = 90 * 24 * 3600 * 1000
_SHORTEST: Final = 8
_LONGEST: Final = 512


class Devices:
    """Knows devices again by a keyed hash of their fingerprints."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def known_as(self, fingerprint: str, now: Instant) -> Device:
        """Give what is kept of a device; raises a `bad_request` problem."""
        if not _SHORTEST <= len(fingerprint) <= _LONGEST:
            raise Problem(
                Fault.BAD_REQUEST, f"a device has a name of {_SHORTEST} to {_LONGEST} characters"
            )
        digest = hmac.digest(self._key, fingerprint.encode(), sha256)
        return Device(digest, now - KEPT_MS)
