"""Slots: what a route's handler does is done as a job of the task managers that it belongs to."""

from typing import Any, Final

from aiohttp.hdrs import METH_GET

from mafia_district_servers.caller import Role
from mafia_district_servers.http.routes import Call, Handler, Nothing, Reply, Route, reply
from mafia_district_servers.managers import Managers
from mafia_district_servers.task_manager import Priority, TaskManager, TaskStats

_OF_HEALTH: Final = ("/health", "/ready", "/metrics")


def slotted(managers: Managers, route: Route) -> Handler:
    """Give a route's handler as one that takes its slots first."""
    handler, gateway, own = route.handler, managers.gateway, managers.own(route.path)
    usual = priority(route)

    async def within_gateways(call: Call[Any, Any]) -> Reply:
        return await gateway.run(handler, call, _of(call, usual))

    if own is None:
        return within_gateways
    service: TaskManager = own

    async def within_services(call: Call[Any, Any]) -> Reply:
        return await service.run(handler, call, _of(call, usual))

    async def within_both(call: Call[Any, Any]) -> Reply:
        return await gateway.run(within_services, call, _of(call, usual))

    return within_both


def stats_route(path: str, manager: str) -> Route:
    """Make the route that answers a manager's statistics."""

    async def task_stats(call: Call[Nothing, Nothing]) -> Reply:
        """Tell how many jobs run, wait, and have ended in which way."""
        asked: TaskManager = getattr(call.house.managers, manager)
        return reply(asked.stats)

    task_stats.__module__ = f"{__package__}.{manager}"  # as whose it is described
    summary = f"Jobs of the {manager} service"
    return Route("GET", path, task_stats, summary, response=TaskStats)


def priority(route: Route) -> Priority:
    """Say who waits for a slot before whom."""
    if route.path in _OF_HEALTH:
        return Priority.HOUSE
    return Priority.READ if route.method == METH_GET else Priority.COMMAND


def _of(call: Call[Any, Any], usual: Priority) -> Priority:
    session = call.caller_session
    if session is not None and session.caller.role is Role.SERVICE:
        return Priority.HOUSE
    return usual
