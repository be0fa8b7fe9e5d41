"""Playing one whole game with programs in all seats, in simulated time.

In each phase the players are asked in turn, beginning one seat further each time, so that no seat
always speaks first; then the phase runs into its deadline. At night only those are asked who can
do something. What is refused is simply not done: a player sees no more than a person would, so it
may try what is not allowed now.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import TypeAlias

from mafia_district.bots import Player
from mafia_district.choices import Choices
from mafia_district.game import Game
from mafia_district.ids import KEEPER, PlayerId, Seats, members
from mafia_district.lobby import AddBots, Start
from mafia_district.machine import Command, Refused
from mafia_district.night.collect import Act, Withdraw, most_actions
from mafia_district.phases import NIGHT
from mafia_district.rules import Rules
from mafia_district.view import View
from mafia_district.voting import CastVote, Unvote

_turns = attrgetter("turns")

_Asked: TypeAlias = Mapping[PlayerId, tuple[Callable[[View, Choices], Command | None], View]]

COUNTED = frozenset({CastVote, Unvote, Act, Withdraw})


def table(rules: Rules, seats: int) -> Game:
    """Lay a table: bots in all seats, the countdown running; fork it for each game.

    Raises Refused if the rules do not allow so many seats.
    """
    game = Game.open(rules, 0, 0)
    game.handle(AddBots(KEEPER, seats), 0)
    game.handle(Start(KEEPER), 0)
    return game


def play(game: Game, players: Sequence[Player]) -> int:
    """Play a game from its countdown to its end; `players` are by seat.

    Returns the number of votes and night actions that were accepted.
    """
    seats = members(game.state.table.roster.seats)
    asked = {
        seat: (player.act, game.view(seat)) for seat, player in zip(seats, players, strict=True)
    }
    turns = max(map(_turns, players))
    phases, outcome, counted = game.state.table.phases, game.state.outcome, 0
    while not outcome.over:
        number, deadline = phases.number, phases.deadline
        counted += _play_phase(game, asked, seats[number % len(seats)], turns)
        if phases.number == number:
            assert deadline is not None, "nobody pauses a simulated game"
            game.tick(deadline)
    return counted


def _play_phase(game: Game, asked: _Asked, first: PlayerId, turns: int) -> int:
    """Ask everybody in turn until the phase is over or its turns are used up."""
    table, do, at, counted = game.state.table, game.do, game.at, 0
    roster, phases, number = table.roster, table.phases, table.phases.number
    awake = roster.alive
    if phases.phase is NIGHT:
        awake &= roster.nightly
        turns = max(turns, most_actions(roster.deal))
    for seat in _round(awake, first) * turns:
        act, view = asked[seat]
        command = act(view, view.choices)
        if command is None:
            continue
        try:
            do(command, at)
        except Refused:
            continue
        counted += type(command) in COUNTED
        if phases.number != number:
            break
    return counted


@lru_cache(maxsize=1 << 13)
def _round(seats: Seats, first: PlayerId) -> tuple[PlayerId, ...]:
    """List seats in the order in which they sit, beginning with `first`."""
    before = (1 << first) - 1
    return members(seats & ~before) + members(seats & before)
