"""The sensible player: lawful, repeatable, and better than chance; and what it says can be read."""

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from math import sqrt

import pytest

from mafia_district.bots import MakePlayer, Player, RandomPlay, Sensible, talk
from mafia_district.chance import Dice
from mafia_district.chat import MessageSaid
from mafia_district.choices import Choices
from mafia_district.game import Game
from mafia_district.ids import KEEPER, members
from mafia_district.lab import simulate
from mafia_district.lab.play import play, table
from mafia_district.machine import Code, Command, Refused
from mafia_district.outcome import End
from mafia_district.roles import ROLES
from mafia_district.rules import Rules
from mafia_district.view import View
from mafia_district.voting import VoteClosed

DISTRICT = Rules.preset("district")
CLASSIC = Rules.preset("classic")

HIDDEN = {Code.FULL}  # what only others' secrets forbid


class Split:
    """A player that plays by one brain for the town and by another for all others."""

    turns = Sensible.turns

    def __init__(self, dice: Dice, town: MakePlayer) -> None:
        self._brains: dict[bool, Player] = {True: town(dice), False: Sensible(dice)}

    def act(self, view: View, choices: Choices) -> Command | None:
        """Play by the brain that the seat's role calls for."""
        role = view.role
        return self._brains[not role or ROLES[role].alignment == "town"].act(view, choices)


def sensible_town(dice: Dice) -> Player:
    """Make a player of a game that all play sensibly."""
    return Split(dice, Sensible)


def random_town(dice: Dice) -> Player:
    """Make a player of a game in which the town plays at random against a sensible mafia."""
    return Split(dice, RandomPlay)


def dealt(rules: Rules, seats: int, number: int) -> tuple[Game, Dice]:
    """Give a game that is about to begin, and dice for its players."""
    key = sha256(b"sensible %d" % number).digest()
    game = table(rules, seats).fork()
    game.become(game.fork(), key)
    return game, Dice(key)


def play_lawfully(game: Game, make: Callable[[], Player]) -> list[Code]:
    """Play a game to its end and give the codes of all refusals."""
    seats = members(game.state.table.roster.seats)
    players, refused = [make() for _ in seats], []
    while game.outcome is None:
        number = game.phase_number
        for seat in seats * Sensible.turns:
            command = players[seat].act(game.view(seat), game.choices(seat))
            if command is not None and game.phase_number == number:
                try:
                    game.handle(command, game.at)
                except Refused as refusal:
                    refused.append(refusal.code)
        if game.phase_number == number and game.alarm is not None:
            game.pass_time(game.alarm)
    return refused


@pytest.mark.parametrize(
    ("rules", "seats"), [(DISTRICT, 5), (DISTRICT, 12), (DISTRICT, 18), (CLASSIC, 7), (CLASSIC, 12)]
)
def test_it_never_tries_what_is_not_allowed(rules: Rules, seats: int) -> None:
    """Given whole games, then nothing is refused but for what only others can know."""
    for number in range(3):
        game, dice = dealt(rules, seats, number)
        assert set(play_lawfully(game, partial(Sensible, dice))) <= HIDDEN


def test_a_player_may_be_replaced_at_any_moment() -> None:
    """Given a new player for every look, then it still plays lawfully, from its view alone."""

    class Forgetful:
        turns = Sensible.turns

        def __init__(self, dice: Dice) -> None:
            self._dice = dice

        def act(self, view: View, choices: Choices) -> Command | None:
            return Sensible(self._dice).act(view, choices)

    game, dice = dealt(DISTRICT, 12, 1)
    assert set(play_lawfully(game, partial(Forgetful, dice))) <= HIDDEN


def test_the_same_seed_plays_the_same_game() -> None:
    """Given the same seed twice, then every entry of the two logs is the same."""
    logs = []
    for _ in range(2):
        game, dice = dealt(DISTRICT, 12, 7)
        play(game, [Sensible(dice) for _ in range(12)])
        logs.append(game.log[:])
    assert logs[0] == logs[1]


def test_a_sensible_town_beats_a_random_one() -> None:
    """Given the same sensible mafia, a sensible town wins more, by more than 3.3 deviations."""
    games = 60
    wins = [
        simulate(DISTRICT, seats=10, games=games, seed=5, bots=make).wins["town"]
        for make in (sensible_town, random_town)
    ]
    pooled = sum(wins) / (2 * games)
    assert (wins[0] - wins[1]) / sqrt(2 * games * pooled * (1 - pooled)) > 3.3


def test_it_uses_all_of_the_town() -> None:
    """Given some games, then the players work, shop, ask, share, talk and use what they have."""
    done: set[str] = set()
    for number in range(4):
        game, dice = dealt(DISTRICT, 12, number)
        play(game, [Sensible(dice) for _ in range(12)])
        done |= {type(entry.event).__name__ for entry in game.log}
    assert done >= {
        "ErrandPaid", "Sold", "RumorHeard", "RumorShared", "PathSeen", "ItemUsed", "MessageSaid",
        "TraceFound", "BallotCast", "ActionChosen",
    }  # fmt: skip


def test_a_town_follows_its_sheriff() -> None:
    """Given a sheriff's word against somebody, then most ballots that evening name no other."""
    named, followed, cast = set[int](), 0, 0
    for number in range(6):
        game, dice = dealt(DISTRICT, 9, number)
        play(game, [Sensible(dice) for _ in range(9)])
        seats = {name: seat for seat, name in game.state.table.roster.names.items()}
        for event in (entry.event for entry in game.log):
            line = talk.parse(event.text) if isinstance(event, MessageSaid) else None
            if line is not None and line.kind == talk.GUILTY:
                named.add(seats[line.who])
            elif isinstance(event, VoteClosed):
                if named:
                    followed += sum(target in named for _, target in event.ballots)
                    cast += len(event.ballots)
                named.clear()
    assert cast > 20
    assert followed > 0.7 * cast


def test_it_neither_speaks_nor_acts_for_the_dead_or_after_the_end() -> None:
    """Given a game that is over, then it has nothing more to do."""
    game, dice = dealt(DISTRICT, 7, 0)
    player = Sensible(dice)
    game.pass_time(game.alarm or 0)
    game.handle(End(KEEPER), game.at)
    assert player.act(game.view(0), game.choices(0)) is None


@pytest.mark.parametrize("kind", talk.TEMPLATES)
def test_canned_lines_can_be_read_back(kind: str) -> None:
    """Given a line of any kind, when it is said and read, then it is the same line."""
    parts = {
        "who": "Ada L.", "names": ("Bot 1", "Zoë"), "places": ("Docks", "Bank"), "role": "Sheriff",
    }  # fmt: skip
    known = {name: value for name, value in parts.items() if f"{{{name}}}" in talk.TEMPLATES[kind]}
    line = talk.Line(kind, 12, **known)  # type: ignore[arg-type]
    assert talk.parse(talk.say(line)) == line


@pytest.mark.parametrize("text", ["hello", "", "Day x: I accuse Bot 1.", "day 3: I accuse Bot 1."])
def test_what_people_say_is_not_taken_for_a_line(text: str) -> None:
    """Given any other words, then nothing is read into them."""
    assert talk.parse(text) is None
