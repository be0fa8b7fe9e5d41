"""Roles: what a role is, and the catalogue of those that are built in."""

from mafia_district.roles.catalogue import ROLES, find_role, role
from mafia_district.roles.role import ANY, SHOT, TRAITS, Ability, Alignment, Method, Role

__all__ = [
    "ANY",
    "ROLES",
    "SHOT",
    "TRAITS",
    "Ability",
    "Alignment",
    "Method",
    "Role",
    "find_role",
    "role",
]
