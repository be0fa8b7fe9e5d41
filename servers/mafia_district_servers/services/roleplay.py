"""The roleplay service: roles, night actions, and what is announced to all."""

from typing import Any, Final

import attrs
import msgspec

from mafia_district.ids import NOBODY, SPECTATOR, Cursor, PlayerId, members
from mafia_district.night.collect import Act, Withdraw
from mafia_district.roles import Role
from mafia_district_servers.http.routes import (
    Acted,
    Call,
    Cursors,
    Nothing,
    Reply,
    Route,
    SocketRoute,
    act,
    reply,
)
from mafia_district_servers.http.shown import Page, enter, page, placed, take_seat


@attrs.frozen
class RoleRow:
    """A role as people read it.

    `summary` is what it is for, `description` all that there is to know of it, `variants` what
    houses of other rules play, and `source` where it is from.
    """

    name: str
    title: str
    alignment: str
    wins: str
    summary: str
    description: str
    variants: str
    source: str


@attrs.frozen
class Roles:
    """The catalogue."""

    roles: list[RoleRow]


@attrs.frozen
class Action:
    """An action for tonight."""

    action: str
    target: PlayerId
    target2: PlayerId = NOBODY


@attrs.frozen
class Actions:
    """What the seat may do tonight, by action the seats it may name; and what it has chosen."""

    epoch: str
    cursor: Cursor
    actions: dict[str, list[PlayerId]]
    chosen: list[str]


async def roles(call: Call[Nothing, Nothing]) -> Reply:
    """List the roles that can be dealt here."""
    book = call.house.settings.catalogue.book
    return reply(Roles([_row(role) for role in book.roles.values()]))


def _row(role: Role) -> RoleRow:
    return RoleRow(
        role.name, role.title, role.alignment, role.wins, role.summary, role.description,
        role.variants, role.source,
    )  # fmt: skip


async def actions(call: Call[Nothing, Nothing]) -> Reply:
    """Tell what the seat may do tonight."""
    warm, seat = await take_seat(call)
    choices = warm.game.choices(seat)
    open_now = {verb: members(seats) for verb, seats in choices.actions.items()}
    encode = msgspec.json.encode
    return placed(warm, seat, actions=encode(open_now), chosen=encode(choices.chosen))


async def choose(call: Call[Action, Nothing]) -> Reply:
    """Choose an action."""
    asked = call.body
    return await act(call, lambda seat: Act(seat, asked.action, asked.target, asked.target2))


async def withdraw(call: Call[Nothing, Nothing]) -> Reply:
    """Take an action back."""
    return await act(call, lambda seat: Withdraw(seat, call.path["action"]))


async def announcements(call: Call[Nothing, Cursors]) -> Reply:
    """Tell what was announced to all."""
    return page(await enter(call), SPECTATOR, call.query)


def _route(method: str, name: str, handler: Any, summary: str, **types: Any) -> Route:
    return Route(method, f"/api/roleplay/{{game}}/{name}", handler, summary, **types)


ROUTES: Final = (
    Route(
        "GET", "/api/roleplay/roles", roles, "The roles that there are",
        response=Roles,
    ),
    _route("GET", "actions", actions, "What one's seat may do tonight", response=Actions),
    _route("POST", "actions", choose, "Choose an action", request=Action, response=Acted),
    _route("DELETE", "actions/{action}", withdraw, "Take an action back", response=Acted),
    _route(
        "GET", "announcements", announcements, "What was announced to all",
        query=Cursors, response=Page,
    ),
)  # fmt: skip

SOCKETS: Final = (
    SocketRoute("/api/roleplay/ws/{game}", lambda path: SPECTATOR, "What is announced, live"),
)
