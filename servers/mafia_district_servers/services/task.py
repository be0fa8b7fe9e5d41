"""The task service: the errands of the day, and claiming what they pay."""

from typing import Any, Final

import attrs
import msgspec

from mafia_district.ids import Cursor
from mafia_district.tasks import Complete
from mafia_district.town_view import ErrandView
from mafia_district_servers.http.routes import Acted, Call, Nothing, Reply, Route, act
from mafia_district_servers.http.shown import live_in_town, placed
from mafia_district_servers.http.slots import stats_route
from mafia_district_servers.problems import Fault, Problem


@attrs.frozen
class Tasks:
    """The caller's tasks of today, and the caller's place in the stream."""

    epoch: str
    cursor: Cursor
    tasks: list[ErrandView]


async def tasks(call: Call[Nothing, Nothing]) -> Reply:
    """List one's tasks of today."""
    warm, seat, town = await live_in_town(call)
    return placed(warm, seat, tasks=msgspec.json.encode(town.errands))


async def complete(call: Call[Nothing, Nothing]) -> Reply:
    """Claim the pay of a task that is done."""
    number = call.path["task"]
    if not (number.isascii() and number.isdecimal() and len(number) < 3):
        raise Problem(Fault.NOT_FOUND, "a task is named by its number")
    return await act(call, lambda seat: Complete(seat, int(number)))


def _route(method: str, name: str, handler: Any, summary: str, **types: Any) -> Route:
    return Route(method, f"/api/task/{{game}}/{name}", handler, summary, **types)


ROUTES: Final = (
    _route("GET", "tasks", tasks, "One's tasks of today", response=Tasks),
    _route("POST", "tasks/{task}/complete", complete, "Claim a task's pay", response=Acted),
    stats_route("/api/task/stats", "task"),
)
