"""Published setups: what players of the field call by a name, as data.

Each page has some rows; `published.py` says what a row is, `draws.py` how a setup comes by its
roles. A setup may be named in the rules of a game: then its roles are dealt, and the record knows
how to deal them again.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from mafia_district.near import LONGEST, nearest
from mafia_district.roles import BUILT_IN_BOOK, Book
from mafia_district.setup import Setup
from mafia_district.setups import c9_plus_plus, district, newbie, small, vanilla
from mafia_district.setups.published import Draw, Published

PUBLISHED: Final[Mapping[str, Published]] = MappingProxyType(
    {
        row.name: row
        for page in (district, newbie, c9_plus_plus, vanilla, small)
        for row in page.ROWS
    }
)

__all__ = ["PUBLISHED", "Draw", "Published", "published", "setup_of"]


def published(name: str) -> Published:
    """Look a setup up by its name; raises ValueError with the nearest names.

    >>> published("c9").title
    'C9'
    """
    if name in PUBLISHED:
        return PUBLISHED[name]
    near = nearest(name, PUBLISHED) or get_close_matches(name[:LONGEST], PUBLISHED, n=2, cutoff=0.4)
    hint = f"did you mean {' or '.join(near)}; " if near else ""
    raise ValueError(f"unknown setup {name!r}; {hint}all are listed by `mafia-district setups`")


@lru_cache(maxsize=1 << 6)
def setup_of(name: str, book: Book = BUILT_IN_BOOK) -> Setup | None:
    """Give what a published setup deals; None where that is its preset's default counts.

    Its roles are those of a book; raises ValueError for one that is not there.
    """
    draw = published(name).draw
    if not draw:
        return None
    try:
        return Setup.drawn(draw.compositions(), book)
    except ValueError as unknown:
        raise ValueError(f"the setup {name} cannot be dealt: {unknown}") from None
