"""The voting service: cast, withdraw, and how the vote stands."""

from typing import Any, Final

import attrs
import msgspec

from mafia_district.ids import Cursor, PlayerId
from mafia_district.machine import Event
from mafia_district.tally import majority
from mafia_district.view import View
from mafia_district.voting import MACHINE, Unvote, cast_vote
from mafia_district_servers.games import gate
from mafia_district_servers.http.routes import Acted, Call, Nothing, Reply, Route, act
from mafia_district_servers.http.shown import Happened, enter, happenings, placed
from mafia_district_servers.http.slots import stats_route


@attrs.frozen
class Vote:
    """Whom to vote for: a seat, or -1 for no lynch."""

    target: PlayerId


@attrs.frozen
class Cast:
    """One vote as the caller may know it."""

    seat: PlayerId
    target: PlayerId


@attrs.frozen
class Count:
    """How many votes a target has."""

    target: PlayerId
    votes: int


@attrs.frozen
class Tally:
    """How the vote stands: of a secret one, only the own ballot and the number of ballots."""

    votes: list[Cast]
    counts: list[Count]
    ballots: int
    majority: int


@attrs.frozen
class Tallied:
    """A tally and its place in the stream."""

    epoch: str
    cursor: Cursor
    tally: Tally


@attrs.frozen
class History:
    """All votes of the game that the caller may know of, in order."""

    epoch: str
    cursor: Cursor
    events: list[Happened]


async def vote(call: Call[Vote, Nothing]) -> Reply:
    """Cast or move one's vote."""
    target = call.body.target
    return await act(call, lambda seat: cast_vote(seat, target))


async def unvote(call: Call[Nothing, Nothing]) -> Reply:
    """Withdraw one's vote."""
    return await act(call, Unvote)


async def tally(call: Call[Nothing, Nothing]) -> Reply:
    """Tell how the vote stands."""
    warm = await enter(call)
    viewer = gate.eyes(warm, call.session.caller)
    return placed(warm, viewer, tally=msgspec.json.encode(count(warm.game.view(viewer))))


def count(view: View) -> Tally:
    """Count the votes that a viewer knows of, by target in the order of first votes."""
    counts: dict[PlayerId, int] = {}
    for target in view.votes.values():
        counts[target] = counts.get(target, 0) + 1
    return Tally(
        [Cast(seat, target) for seat, target in view.votes.items()],
        [Count(target, votes) for target, votes in counts.items()],
        view.ballots,
        majority(view.alive.bit_count()),
    )


async def history(call: Call[Nothing, Nothing]) -> Reply:
    """Tell how the votes went."""
    warm = await enter(call)
    viewer = gate.eyes(warm, call.session.caller)
    sights = [sight for sight in warm.game.entries(viewer) if _is_of_a_vote(sight.event)]
    return placed(warm, viewer, events=happenings(sights))


def _is_of_a_vote(event: Event) -> bool:
    return type(event) in MACHINE.events


def _route(method: str, name: str, handler: Any, summary: str, **types: Any) -> Route:
    return Route(method, f"/api/voting/{{game}}/{name}", handler, summary, **types)


ROUTES: Final = (
    _route("POST", "vote", vote, "Cast or move one's vote", request=Vote, response=Acted),
    _route("DELETE", "vote", unvote, "Withdraw one's vote", response=Acted),
    _route("GET", "tally", tally, "How the vote stands", response=Tallied),
    _route("GET", "history", history, "How the votes went", response=History),
    stats_route("/api/voting/task/stats", "voting"),
)
