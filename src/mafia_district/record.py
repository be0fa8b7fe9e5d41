"""A recorded game: a head that says by which rules it was played, and its entries.

This page is the record in memory; `log.py` writes it to a file and checks it.
"""

import attrs

from mafia_district.machine import Entry
from mafia_district.rules import Rules
from mafia_district.version import __version__

FORMAT = 1


@attrs.frozen
class Header:
    """The head of a record.

    `commitment` is the digest of the seed, public from the beginning; `chosen_seed` marks a seed
    that somebody chose, as tests and simulations do, so that the deal proves nothing.
    """

    rules: Rules
    commitment: str
    chosen_seed: bool
    format: int = FORMAT
    engine: str = __version__


@attrs.frozen
class Recorded:
    """A recorded game; without its seed it can be looked at, but not played on."""

    header: Header
    entries: tuple[Entry, ...]
    seed: bytes | None = None
