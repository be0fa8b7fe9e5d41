"""Roles: what a role is, the catalogue of those that are built in, and the book of a game's."""

from mafia_district.roles.book import Book
from mafia_district.roles.catalogue import BUILT_IN_BOOK, ROLES, book_of, find_role, role
from mafia_district.roles.role import (
    ANY,
    HOURS,
    SHOT,
    TRAITS,
    Ability,
    Alignment,
    Method,
    Nights,
    Reach,
    Role,
)

__all__ = [
    "ANY",
    "BUILT_IN_BOOK",
    "HOURS",
    "ROLES",
    "SHOT",
    "TRAITS",
    "Ability",
    "Alignment",
    "Book",
    "Method",
    "Nights",
    "Reach",
    "Role",
    "book_of",
    "find_role",
    "role",
]
