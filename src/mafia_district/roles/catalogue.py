"""The catalogue: the roles that are built in, by their catalogue names.

Most names, and what they mean, are MafiaScum's, where most of these roles were first played. A
modifier before a name makes another role of it (`modifiers.py`), and roles of somebody's own stand
in a book beside them (`book_of`).
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from mafia_district.roles import district, investigators, mafia, neutral, town
from mafia_district.roles.book import Book
from mafia_district.roles.role import Role

BUILT_IN_BOOK: Final = Book(
    row for part in (investigators, town, mafia, neutral, district) for row in part.ROLES
)
ROLES: Final[Mapping[str, Role]] = BUILT_IN_BOOK.roles


@lru_cache(maxsize=1 << 8)
def book_of(own: tuple[Role, ...]) -> Book:
    """Give the book of the built-in roles and one's own, which replace those of the same name.

    Games with equal roles share a book, and so all that is looked up by it.
    """
    return Book(ROLES.values(), own) if own else BUILT_IN_BOOK


def role(name: str) -> Role:
    """Look a built-in role up by its name, with modifiers before it if any; raises ValueError.

    >>> role("town_cop").title
    'Town Cop'
    """
    return BUILT_IN_BOOK.role(name)


def find_role(name: str) -> Role | None:
    """Look a built-in role up as `role` does; None where that would raise."""
    return BUILT_IN_BOOK.find(name)
