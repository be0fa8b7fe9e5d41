"""Access: which role may use which route, in one table.

A route without a row cannot be mounted. What a row lets through, the game and the handlers may
still refuse: whose turn it is, who sits where and who hosts a table is their business, and follows
from the game and never from the role.
"""

from collections.abc import Mapping
from typing import Final, TypeAlias

from mafia_district_servers.caller import Role

Roles: TypeAlias = frozenset[Role]

ANYONE: Final[Roles] = frozenset()  # no token is asked for
PLAYERS: Final[Roles] = frozenset({Role.PLAYER, Role.HOST, Role.ADMIN})
HOSTS: Final[Roles] = frozenset({Role.HOST, Role.ADMIN})
ADMINS: Final[Roles] = frozenset({Role.ADMIN})
SERVICES: Final[Roles] = frozenset({Role.SERVICE})

ACCESS: Final[Mapping[str, Roles]] = {
    "GET /": ANYONE,
    "GET /asyncapi.json": ANYONE,
    "GET /docs": ANYONE,
    "GET /health": ANYONE,
    "GET /openapi.json": ANYONE,
    "GET /ready": ANYONE,
    "POST /api/gateway/user-token": ANYONE,
    "POST /api/gateway/service-token": ANYONE,
    "POST /api/gateway/ws-ticket": PLAYERS,
    "POST /api/gateway/logout": PLAYERS,
    "GET /api/gateway/services": HOSTS,
    "GET /api/gateway/cache/stats": HOSTS,
    "POST /api/gateway/cache/clear": HOSTS,
    "GET /api/gateway/task-stats": HOSTS,
    "GET /api/game/lobbies": ANYONE,
    "POST /api/game/lobbies": PLAYERS,
    "GET /api/game/{game}": PLAYERS,
    "GET /api/game/{game}/choices": PLAYERS,
    "GET /api/game/{game}/events": PLAYERS,
    "GET /api/game/{game}/log": PLAYERS,
    "GET /api/game/{game}/view": PLAYERS,
    "POST /api/game/{game}/bots": PLAYERS,
    "POST /api/game/{game}/commands": PLAYERS,
    "POST /api/game/{game}/done": PLAYERS,
    "POST /api/game/{game}/end": PLAYERS,
    "POST /api/game/{game}/extend": PLAYERS,
    "POST /api/game/{game}/join": PLAYERS,
    "POST /api/game/{game}/keeper": PLAYERS,
    "POST /api/game/{game}/kick": PLAYERS,
    "POST /api/game/{game}/leave": PLAYERS,
    "POST /api/game/{game}/pause": PLAYERS,
    "POST /api/game/{game}/ready": PLAYERS,
    "POST /api/game/{game}/rematch": PLAYERS,
    "POST /api/game/{game}/resume": PLAYERS,
    "POST /api/game/{game}/salt": PLAYERS,
    "POST /api/game/{game}/start": PLAYERS,
    "POST /api/game/{game}/substitute": PLAYERS,
    "POST /api/user/register": ANYONE,
    "GET /api/user/me": PLAYERS,
    "PATCH /api/user/me": PLAYERS,
    "DELETE /api/user/me": PLAYERS,
    "POST /api/user/me/password": PLAYERS,
    "POST /api/user/lookup": PLAYERS,
    "GET /api/user/leaderboard": PLAYERS,
    "POST /api/user/reports": PLAYERS,
    "GET /api/user/reports": ADMINS,
    "GET /api/user/audit": ADMINS,
    "GET /api/user": ADMINS,
    "GET /api/user/{user}": PLAYERS,
    "POST /api/user/{user}/ban": ADMINS,
    "POST /api/user/{user}/unban": ADMINS,
    "POST /api/user/{user}/mute": ADMINS,
    "POST /api/user/{user}/unmute": ADMINS,
    "POST /api/user/{user}/reset-password": ADMINS,
    "GET /api/task/stats": HOSTS,
    "GET /api/voting/task/stats": HOSTS,
    "GET /api/voting/{game}/history": PLAYERS,
    "GET /api/voting/{game}/tally": PLAYERS,
    "POST /api/voting/{game}/vote": PLAYERS,
    "DELETE /api/voting/{game}/vote": PLAYERS,
    "GET /api/roleplay/roles": ANYONE,
    "GET /api/roleplay/{game}/actions": PLAYERS,
    "POST /api/roleplay/{game}/actions": PLAYERS,
    "DELETE /api/roleplay/{game}/actions/{action}": PLAYERS,
    "GET /api/roleplay/{game}/announcements": PLAYERS,
    "GET /api/task/{game}/tasks": PLAYERS,
    "POST /api/task/{game}/tasks/{task}/complete": PLAYERS,
    "GET /api/shop/{game}/items": PLAYERS,
    "GET /api/shop/{game}/purchases": PLAYERS,
    "POST /api/shop/{game}/purchases": PLAYERS,
    "DELETE /api/shop/{game}/purchases": PLAYERS,
    "GET /api/character/assets": ANYONE,
    "POST /api/character/assets": PLAYERS,
    "GET /api/character/{game}/inventory": PLAYERS,
    "POST /api/character/{game}/inventory/{item}/give": PLAYERS,
    "POST /api/character/{game}/inventory/{item}/use": PLAYERS,
    "GET /api/character/{game}/looks": PLAYERS,
    "PUT /api/character/{game}/looks": PLAYERS,
    "GET /api/town/{game}/locations": PLAYERS,
    "GET /api/town/{game}/moves": PLAYERS,
    "POST /api/town/{game}/moves": PLAYERS,
    "GET /api/rumors/{game}": PLAYERS,
    "GET /api/rumors/{game}/prices": PLAYERS,
    "POST /api/rumors/{game}/purchases": PLAYERS,
    "POST /api/rumors/{game}/{rumor}/share": PLAYERS,
    "GET /api/communication/{game}/channels": PLAYERS,
    "GET /api/communication/{game}/channels/{channel}/messages": PLAYERS,
    "POST /api/communication/{game}/channels/{channel}/messages": PLAYERS,
}


def of(method: str, path: str) -> Roles:
    """Look up who may use a route; raises LookupError for one that is not in the table."""
    return ACCESS[f"{method} {path}"]


def permits(roles: Roles, role: Role) -> bool:
    """Tell whether a role is let through."""
    return not roles or role in roles
