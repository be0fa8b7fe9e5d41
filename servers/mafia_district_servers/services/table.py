"""The game service's comings and goings: substitutes, the keeper's desk, and the next game."""

from typing import Any, Final

import attrs
import msgspec

from mafia_district.ids import Cursor, PlayerId
from mafia_district_servers.games import gate
from mafia_district_servers.games.answers import Answer
from mafia_district_servers.http.routes import Acted, Call, EventJson, Nothing, Reply, Route, reply
from mafia_district_servers.http.shown import enter


@attrs.frozen
class Substitute:
    """Which seat is to pass, and to whom.

    From the host: the seat is offered to whoever takes it, or with `bot` a bot takes it at once.
    From somebody who has no seat: they take a seat that is offered, under the token's name if no
    other is given; `code` is the join code of a private game.
    """

    seat: PlayerId
    bot: bool = False
    name: str = ""
    code: str = ""


@attrs.frozen
class Substituted:
    """The seat that was offered or has passed, and the caller's place in the game's stream."""

    seat: PlayerId
    epoch: str
    cursor: Cursor
    events: list[EventJson]


@attrs.frozen
class Rematch:
    """The next game of the same people; `code` is empty for a public one."""

    game: str
    code: str


async def substitute(call: Call[Substitute, Nothing]) -> Reply:
    """Offer a vacant seat, seat a bot there, or take one that is offered."""
    authority, caller, asked = call.house.authority, call.session.caller, call.body
    await gate.enter(authority, caller, call.game, asked.code or call.join_code)
    answer = await authority.substitute(
        call.game, caller, asked.seat, bot=asked.bot, name=asked.name or caller.name, key=call.key
    )
    return reply(Substituted(asked.seat, answer.epoch, answer.cursor, _events(answer)))


async def keeper(call: Call[Nothing, Nothing]) -> Reply:
    """Open the keeper's desk, for all to know; who has opened it already is told the same."""
    await enter(call)
    answer = await call.house.authority.open_desk(call.game, call.session.caller)
    return reply(Acted(answer.epoch, answer.cursor, _events(answer)))


async def rematch(call: Call[Nothing, Nothing]) -> Reply:
    """Open the next game; whoever of the table asks is given the same one."""
    await enter(call)
    authority = call.house.authority
    warm = await authority.rematch(call.game, call.session.caller)
    return reply(Rematch(warm.id, warm.code), 201)


def _events(answer: Answer) -> list[EventJson]:
    return [msgspec.json.decode(event) for event in answer.events]


def _post(name: str, handler: Any, summary: str, **row: Any) -> Route:
    return Route("POST", f"/api/game/{{game}}/{name}", handler, summary, **row)


ROUTES: Final = (
    _post(
        "substitute", substitute, "Offer a vacant seat, or take one that is offered",
        request=Substitute, response=Substituted,
    ),
    _post("keeper", keeper, "Open the keeper's desk, if one does not play", response=Acted),
    _post(
        "rematch", rematch, "Play again: one new lobby for all who ask",
        response=Rematch, status=201,
    ),
)  # fmt: skip
