"""Roles: what a role is, and the catalogue of those that are built in."""

from mafia_district.roles.catalogue import ROLES, role
from mafia_district.roles.role import SHOT, Ability, Alignment, Method, Role

__all__ = ["ROLES", "SHOT", "Ability", "Alignment", "Method", "Role", "role"]
