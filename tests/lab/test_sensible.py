"""The sensible player: lawful, repeatable, and better than chance; and what it says can be read."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from itertools import cycle
from math import sqrt

import pytest

from mafia_district.bots import MakePlayer, Player, RandomPlay, Sensible, talk
from mafia_district.bots.nightwork import BONFIRE
from mafia_district.chance import Dice
from mafia_district.chat import MessageSaid
from mafia_district.choices import Choices
from mafia_district.clock import Done
from mafia_district.game import Game
from mafia_district.ids import PlayerId, has, members
from mafia_district.lab import simulate
from mafia_district.lab.play import play, table
from mafia_district.lab.split import Split
from mafia_district.machine import Code, Command, Event, Refused
from mafia_district.night.collect import ActionChosen
from mafia_district.night.deed import FACTION_KILL
from mafia_district.phases import DAY, NIGHT, PhaseBegan
from mafia_district.rules import Rules
from mafia_district.rumors import RumorHeard
from mafia_district.sayings import ROLE
from mafia_district.setup import Setup
from mafia_district.view import View
from mafia_district.voting import VoteCast, VoteClosed

DISTRICT = Rules.preset("district")
CLASSIC = Rules.preset("classic")

HIDDEN = {Code.FULL}  # what only others' secrets forbid


class Forgetful:
    """A seat that a new sensible player takes over at every look, as after a restart."""

    turns = Sensible.turns

    def __init__(self, dice: Dice) -> None:
        self._dice = dice

    def act(self, view: View, choices: Choices) -> Command | None:
        """Let a new player look."""
        return Sensible(self._dice).act(view, choices)


class IdleLeader(Forgetful):
    """The same, but who is to kill for the mafia does nothing at night."""

    def act(self, view: View, choices: Choices) -> Command | None:
        """Let a new player look, unless this is the leader's seat."""
        living = view.faction & view.alive
        idle = view.phase is NIGHT and living & -living == 1 << view.viewer
        return None if idle else super().act(view, choices)


def dealt(rules: Rules, seats: int, number: int) -> tuple[Game, Dice]:
    """Give a game that is about to begin, and dice for its players."""
    key = sha256(b"sensible %d" % number).digest()
    game = table(rules, seats).fork()
    game.become(game.fork(), key)
    return game, Dice(key)


def played(rules: Rules, seats: int, number: int, make: MakePlayer) -> tuple[Game, list[Event]]:
    """Play a whole game, in which nothing may be refused that can be known; gives its events."""
    game, dice = dealt(rules, seats, number)
    assert set(play_lawfully(game, partial(make, dice))) <= HIDDEN
    return game, [entry.event for entry in game.log]


def lynched(events: list[Event]) -> list[PlayerId]:
    """List who was lynched."""
    closed = [event.target for event in events if isinstance(event, VoteClosed)]
    return [target for target in closed if target >= 0]


def lines(events: list[Event]) -> list[str]:
    """List the kinds of canned lines that were said."""
    said = [talk.parse(event.text) for event in events if isinstance(event, MessageSaid)]
    return [line.kind for line in said if line is not None]


def actions(events: list[Event]) -> list[str]:
    """List the night actions that were chosen."""
    return [event.action for event in events if isinstance(event, ActionChosen)]


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
    """Given a new player for every look, then the town works, testifies, shares and lynches."""
    events = [event for number in range(3) for event in played(DISTRICT, 12, number, Forgetful)[1]]
    said = lines(events)
    assert set(said) >= {talk.PRESENCE, talk.GLASS, talk.ROLE_RUMOR}
    assert talk.WITNESS not in said  # of whom it does not remember it says nothing
    kinds = {type(event).__name__ for event in events}
    assert kinds >= {"ErrandPaid", "Sold", "RumorShared", "BallotCast"}
    assert len(lynched(events)) > 6


@pytest.mark.parametrize("make", [Sensible, Forgetful])
def test_an_open_vote_is_held(make: MakePlayer) -> None:
    """Given hammer games, then there are votes, and on nearly every day a lynch."""
    days, events = 0, list[Event]()
    for number in range(6):
        game, told = played(CLASSIC, 9, number, make)
        days, events = days + game.day, events + told
    assert sum(isinstance(event, VoteCast) for event in events) > 2 * days
    assert len(lynched(events)) > 0.8 * (days - 6)


@pytest.mark.parametrize("number", range(6))
def test_who_is_done_after_two_looks_in_vain_has_voted(number: int) -> None:
    """Given players who are done once they have twice found nothing to do, every day lynches."""
    game, dice = dealt(CLASSIC, 9, number)
    players = [Sensible(dice) for _ in range(9)]
    game.pass_time(game.alarm or 0)
    while game.outcome is None:
        play_until_done(game, players)
    events = [entry.event for entry in game.log]
    days = [event for event in events if isinstance(event, PhaseBegan) and event.phase is DAY]
    assert len(lynched(events)) == len(days)


def play_until_done(game: Game, players: list[Sensible]) -> None:
    """Play one phase, in which a player says that it is done at its second look in vain."""
    number, vain = game.phase_number, Counter[PlayerId]()
    for seat in cycle(members(game.view(0).alive)):
        command = players[seat].act(game.view(seat), game.choices(seat))
        vain[seat] += command is None
        if command is not None or vain[seat] == 2:
            game.handle(command or Done(seat, True), game.at)
        if game.phase_number != number:
            return


def test_an_arsonist_who_forgets_lights_by_the_calendar() -> None:
    """Given a new player for every look, an arsonist lights after so many houses as ever."""
    rules = DISTRICT.replace(roles=Setup.parse("11 villager, 1 vampire, 1 arsonist").roles)
    fires = []
    for number in range(4):
        chosen = [a for a in actions(played(rules, 13, number, Forgetful)[1]) if a != FACTION_KILL]
        assert chosen[BONFIRE : BONFIRE + 1] in ([], ["ignite"])
        fires += [action for action in chosen if action == "ignite"]
    assert fires


def test_the_mates_of_an_idle_leader_kill() -> None:
    """Given a leader of the mafia who never kills, then a mate does, though new at every look."""
    chosen = [a for number in range(3) for a in actions(played(CLASSIC, 12, number, IdleLeader)[1])]
    assert FACTION_KILL in chosen


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
        for make in (partial(Split, Sensible, Sensible), partial(Split, RandomPlay, Sensible))
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


def test_nobody_tells_more_rumors_than_they_have_heard() -> None:
    """Given some games, then no role rumor is told twice, twisted by the lot or not."""
    for number in range(4):
        day, heard, told = 1, Counter[tuple[int, PlayerId]](), Counter[tuple[int, PlayerId]]()
        for event in played(DISTRICT, 12, number, Sensible)[1]:
            if isinstance(event, PhaseBegan):
                day = event.day
            elif isinstance(event, RumorHeard) and event.category == ROLE:
                heard[event.day, event.seat] += 1
            elif isinstance(event, MessageSaid) and lines([event]) == [talk.ROLE_RUMOR]:
                told[day, event.seat] += 1
        assert told
        assert told <= heard


def test_it_neither_speaks_nor_acts_for_the_dead_or_after_the_end() -> None:
    """Given the dead, who are asked like anybody else, and an end, then there is nothing to do."""
    asked: list[tuple[bool, Command | None]] = []

    class Watched(Sensible):
        def act(self, view: View, choices: Choices) -> Command | None:
            command = super().act(view, choices)
            asked.append((has(view.alive, view.viewer), command))
            return command

    for number in range(4):
        game, dice = dealt(DISTRICT, 12, number)
        play_lawfully(game, partial(Watched, dice))
    assert {command for alive, command in asked if not alive} == {None}
    winner, *_ = members(game.view(0).alive)
    assert Sensible(dice).act(game.view(winner), game.choices(winner)) is None


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
