"""How a process is: what every one of them answers, and the gateway asks."""

from typing import Final

import attrs

from mafia_district_servers.http.routes import Call, Nothing, Reply, Route, reply


@attrs.frozen
class Status:
    """How the server is."""

    status: str


async def health(call: Call[Nothing, Nothing]) -> Reply:
    """Say that the process lives."""
    return reply(Status("ok"))


async def ready(call: Call[Nothing, Nothing]) -> Reply:
    """Say that the store answers."""
    await call.house.authority.last_sign()
    return reply(Status("ready"))


ROUTES: Final = (
    Route("GET", "/health", health, "Whether the process lives", response=Status),
    Route("GET", "/ready", ready, "Whether the store answers", response=Status),
)
