"""Playing one whole game with programs in all seats, in simulated time.

In each phase the players are asked in turn, beginning one seat further each time, so that no seat
always speaks first; then the phase runs into its deadline. At night only those are asked who can
do something. What is refused is simply not done: a player sees no more than a person would, so it
may try what is not allowed now.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

import attrs

from mafia_district.bots import Player
from mafia_district.choices import Choices
from mafia_district.game import Game
from mafia_district.ids import BITS, KEEPER, Instant, PlayerId, Seats, members
from mafia_district.lobby import AddBots, Start
from mafia_district.machine import Command, Refused
from mafia_district.night.collect import Act, Withdraw
from mafia_district.night.powers import most_actions
from mafia_district.phases import NIGHT, STARTING, Phases
from mafia_district.rules import Rules
from mafia_district.sentence import restless
from mafia_district.table import Table
from mafia_district.view import View
from mafia_district.voting import CastVote, Unvote

_Act: TypeAlias = Callable[[View, Choices], Command | None]

COUNTED = frozenset({CastVote, Unvote, Act, Withdraw})


def table(rules: Rules, seats: int) -> Game:
    """Lay a table: bots in all seats, the countdown running; fork it for each game.

    Raises Refused if the rules do not allow so many seats.
    """
    game = Game.open(rules, 0, 0)
    game.handle(AddBots(KEEPER, seats), 0)
    game.handle(Start(KEEPER), 0)
    return game


@attrs.frozen
class Seated:
    """Players in their seats: by seat, how to ask each, and how often in a phase, at the most."""

    asked: Mapping[PlayerId, tuple[_Act, View, Choices]]
    turns: int


def seated(game: Game, players: Sequence[Player]) -> Seated:
    """Seat players, one for every seat that is taken, lowest first."""
    views = [game.view(seat) for seat in members(game.state.table.roster.seats)]
    return Seated(
        {
            view.viewer: (player.act, view, view.choices)
            for player, view in zip(players, views, strict=True)
        },
        max([player.turns for player in players]),
    )


def play(game: Game, players: Sequence[Player] | Seated) -> int:
    """Play a game to its end; `players` are by seat.

    Who lets the same players play again and again on the same game hands them in `seated`.
    Returns the number of votes and night actions that were accepted.
    """
    if not isinstance(players, Seated):
        players = seated(game, players)
    table, outcome, do, counted = game.state.table, game.state.outcome, game.do, 0
    phases, roster, seats = table.phases, table.roster, members(table.roster.seats)
    if phases.phase is STARTING:
        game.tick(_due(phases))
    asked, by_day = players.asked, players.turns
    by_night = max(by_day, most_actions(roster.book, roster.deal))
    while not outcome.over:
        number, at, night = phases.number, game.at, phases.phase is NIGHT
        awake, turns = (roster.cast.nightly, by_night) if night else (roster.seats, by_day)
        dead = _restless(table) if night and table.sentence.restless else 0
        for seat in _round(roster.alive & awake | dead, seats[number % len(seats)]) * turns:
            act, view, choices = asked[seat]
            command = act(view, choices)
            if command is None:
                continue
            try:
                do(command, at)
            except Refused:
                continue
            counted += type(command) in COUNTED
            if phases.number != number:
                break
        else:
            game.tick(_due(phases))
    return counted


def _restless(table: Table) -> Seats:
    """Give the dead who may act tonight."""
    dead = members(table.roster.dead)
    return sum(BITS[seat] for seat in dead if restless(table, seat))


def _due(phases: Phases) -> Instant:
    assert phases.alarm is not None, "nobody pauses a simulated game"
    return phases.alarm


@lru_cache(maxsize=1 << 12)
def _round(seats: Seats, first: PlayerId) -> tuple[PlayerId, ...]:
    """List seats in the order in which they sit, beginning with `first`."""
    before = (1 << first) - 1
    return members(seats & ~before) + members(seats & before)
