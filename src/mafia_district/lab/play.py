"""Playing one whole game with programs in all seats, in simulated time.

In each phase the players are asked in turn, beginning one seat further each time, so that no seat
always speaks first; then the phase runs into its deadline. At night only those are asked who can
do something. What is refused is simply not done: a
player sees no more than a person would, so it may try what is not allowed now.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from mafia_district.bots import Player
from mafia_district.choices import Choices
from mafia_district.game import Game
from mafia_district.ids import EVERYONE, KEEPER, Seats, members
from mafia_district.lobby import AddBots, Start
from mafia_district.machine import Command, Refused
from mafia_district.night.collect import Act, Withdraw
from mafia_district.phases import NIGHT
from mafia_district.rules import Rules
from mafia_district.view import View
from mafia_district.voting import CastVote, Unvote

_Asked: TypeAlias = tuple[Seats, Callable[[View, Choices], Command | None], View, Choices]

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
    asked = []
    for seat, player in zip(members(game.state.table.roster.seats), players, strict=True):
        view = View(game.state, seat)
        asked.append((1 << seat, player.act, view, view.choices))
    turns = max(player.turns for player in players)
    counted = 0
    while game.outcome is None:
        number, deadline = game.phase_number, game.deadline
        first = number % len(asked)
        counted += _play_phase(game, asked[first:] + asked[:first], turns)
        if game.phase_number == number:
            assert deadline is not None, "nobody pauses a simulated game"
            game.pass_time(deadline)
    return counted


def _play_phase(game: Game, asked: Sequence[_Asked], turns: int) -> int:
    """Ask everybody in turn until the phase is over or its turns are used up."""
    table, do, at, counted = game.state.table, game.do, game.at, 0
    roster, phases, number = table.roster, table.phases, table.phases.number
    awake = roster.nightly if phases.phase is NIGHT else EVERYONE
    for _ in range(turns):
        for bit, act, view, choices in asked:
            if not roster.alive & awake & bit:
                continue
            command = act(view, choices)
            if command is None:
                continue
            try:
                do(command, at)
            except Refused:
                continue
            counted += type(command) in COUNTED
            if phases.number != number:
                return counted
    return counted
