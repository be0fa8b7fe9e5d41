"""Roles: what a role is, and the catalogue of those that are built in."""

from mafia_district.roles.catalogue import ROLES, role
from mafia_district.roles.role import Ability, Alignment, Role

__all__ = ["ROLES", "Ability", "Alignment", "Role", "role"]
