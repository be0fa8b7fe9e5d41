"""The tables: every service that a server is made of, with its routes and its sockets."""

from collections.abc import Mapping
from typing import Final

import attrs

from mafia_district_servers.http.routes import Route, SocketRoute
from mafia_district_servers.services import (
    character,
    communication,
    game,
    gateway,
    lobbies,
    roleplay,
    rumors,
    shop,
    status,
    table,
    task,
    town,
    users,
    voting,
)


@attrs.frozen
class Service:
    """A service: its tables."""

    routes: tuple[Route, ...]
    sockets: tuple[SocketRoute, ...] = ()


GATEWAY: Final = "gateway"
KEEPS_TIME: Final = "game"  # the service that lets phases end and bots play
RELAYS: Final = "roleplay"  # the service that tells the others' news where there is no Redis
SERVICES: Final[Mapping[str, Service]] = {
    GATEWAY: Service(gateway.ROUTES),
    KEEPS_TIME: Service((*lobbies.ROUTES, *game.ROUTES, *table.ROUTES), game.SOCKETS),
    "voting": Service(voting.ROUTES),
    "roleplay": Service(roleplay.ROUTES, roleplay.SOCKETS),
    "communication": Service(communication.ROUTES),
    "task": Service(task.ROUTES),
    "shop": Service(shop.ROUTES),
    "character": Service(character.ROUTES),
    "town": Service(town.ROUTES),
    "rumors": Service(rumors.ROUTES),
    "user": Service(users.ROUTES),
}
ALL: Final = frozenset(SERVICES)
ROUTES: Final = (*status.ROUTES, *(route for each in SERVICES.values() for route in each.routes))
SOCKETS: Final = tuple(socket for each in SERVICES.values() for socket in each.sockets)
