"""Twins: two games that are equal in all that one viewer may know, and differ in everything else.

The theory is noninterference (Goguen and Meseguer): what others do in secret must make no
difference to what a viewer gets. So two games are played side by side. Both open alike; the draw of
the deal is swapped in the record of one, which is folded and played on. What the viewer sees or
does themself then happens in both, at the same instants; what is secret is drawn for each alone
(`noise.py`), and so are the instants of the salts, and the code of a lobby where the viewer does
not sit. After every instant the viewer's bytes must be equal: the stream with its numbers and
instants, the view, the choices, and the answers to whatever the viewer might send.

Two games are twins only while they agree in what the rules disclose: who died and how, what that
shows of a role, ballots after the close, the viewer's own results, who has won. So a phase is
rehearsed on forks, and its noise drawn anew, until both come to the same. What they come to is read
from the keeper's log, never from what the viewer was shown.
"""

from itertools import takewhile
from random import Random
from typing import Any, Final

from mafia_district.chance import commitment, seed_from
from mafia_district.game import Game
from mafia_district.ids import NOBODY, SPECTATOR, Instant, PlayerId, Viewer
from mafia_district.lobby import AddBots, GiveSalt, SetReady, Start, TakeSeat
from mafia_district.machine import Command, Refused
from mafia_district.night.collect import Act, ResultLearned
from mafia_district.outcome import GameEnded
from mafia_district.phases import ENDED
from mafia_district.roles import role
from mafia_district.roster import LEFT_TOWN, PlayerDied
from mafia_district.rules import Rules
from mafia_district.voting import VoteClosed

from .noise import Noise, Plan
from .tables import frames, seen, thinkable, with_deal

CAST: Final = (
    "vanilla_townie", "vanilla_townie", "town_cop", "town_doctor", "town_roleblocker",
    "town_vigilante", "mafia_goon", "mafia_roleblocker", "jester",
)  # fmt: skip
SEATS: Final = len(CAST)
VIEWERS: Final = (*range(SEATS + 1), SPECTATOR)  # one of them is a seat that nobody holds
PHASES: Final = 7
TRIES: Final = 60  # rehearsals of a phase, before a pair is given up
LATE: Final = 1_000  # how long after a deadline somebody may be late


class Leak(AssertionError):
    """A viewer was given something that depends on what they may not know."""


def play(seed: int, viewer: Viewer | None = None) -> "Twins":
    """Play a pair of twins before a viewer, who is drawn if not given; raises Leak."""
    twins = Twins(seed, viewer)
    twins.gather()
    twins.deal()
    while twins.games[0].phase_number < PHASES and twins.play_phase():
        pass
    return twins


class Twins:
    """Two games before one viewer."""

    def __init__(self, seed: int, viewer: Viewer | None) -> None:
        self.dice = Random(seed)
        self.viewer = self.dice.choice(VIEWERS) if viewer is None else viewer
        self.sits = 0 <= self.viewer < SEATS
        self.codes = ("AB234", "AB234" if self.sits else "XY567")
        rules = _drawn_rules(self.dice)
        self.games = [Game.open(rules, seed_from(seed), 0, code=code) for code in self.codes]
        self.cursor = 0
        self.alike: tuple[PlayerId, ...] = ()  # the seats of which both disclose the same
        self.look()

    def gather(self) -> None:
        """Fill the lobby with persons and a bot, and let the persons add their salts."""
        for seat in range(SEATS - 1):
            name, promised = f"Player {seat}", commitment(_salt(seat))
            for game, code in zip(self.games, self.codes, strict=True):
                game.handle(TakeSeat(NOBODY, name, code, promised), game.at)
            self.look()
        ready = [SetReady(seat, True) for seat in range(1, SEATS - 1)]
        self.perform([(0, command) for command in (AddBots(0, 1), *ready, Start(0))], [], [])
        own: Plan = [(2_000, GiveSalt(self.viewer, _salt(self.viewer).hex()))] if self.sits else []
        self.perform(own, self._salting(), self._salting())

    def deal(self) -> None:
        """Let the countdown end, and swap the draw of the deal in one of the games."""
        one, other = self._end_phase([], [])
        deal = one.state.table.roster.deal
        swapped = self._swapped(deal)
        self.games = [one, with_deal(other, swapped)]
        reveal = one.rules.reveal_on_death
        self.alike = tuple(
            seat
            for seat in range(SEATS)
            if _shown(deal[seat], reveal) == _shown(swapped[seat], reveal)
        )
        self.look()

    def play_phase(self) -> bool:
        """Play a phase; False if the games have ended, or no noise keeps them twins."""
        one, other = self.games
        if one.phase is ENDED:
            return False
        noise = Noise(self.dice, one, self.viewer, self.alike, max(one.at, other.at) + 1)
        for _ in range(TRIES):
            common, ours, theirs = noise.common(), noise.secret(one), noise.secret(other)
            if self._comes_to(one, common + ours) == self._comes_to(other, common + theirs):
                number = one.phase_number
                self.perform(common, ours, theirs)
                if one.phase_number == number:
                    self._end_phase(ours, theirs)
                    self.look()
                return True
        return False

    def perform(self, common: Plan, ours: Plan, theirs: Plan) -> None:
        """Play what is planned, until the phase ends by it, and look after every instant."""
        number = self.games[0].phase_number
        for at in sorted({at for at, _ in (*common, *ours, *theirs)}):
            for command in _due(common, at):
                self._press(command, at)
            for game, plan in zip(self.games, (ours, theirs), strict=True):
                for command in _due(plan, at):
                    answer(game, command, at)
            self.look()
            if self.games[0].phase_number > number:
                return
            if self.dice.random() < 0.05:
                self.probe()

    def look(self) -> None:
        """Compare all that the viewer gets."""
        for one, other in zip(*(self._given(game) for game in self.games), strict=True):
            if one != other:
                raise Leak(f"viewer {self.viewer} is given\n{one}\nor\n{other}")
        self.cursor = self.games[0].cursor(self.viewer)

    def probe(self) -> None:
        """Compare the answers to everything that the viewer might send now."""
        at = max(game.at for game in self.games)
        for command in thinkable(self.viewer, SEATS) if self.viewer >= 0 else ():
            one, other = (self._heard(game, command, at) for game in self.games)
            if one != other:
                raise Leak(f"{command} of viewer {self.viewer} is answered\n{one}\nor\n{other}")

    def _press(self, command: Command, at: Instant) -> None:
        """Send a command to both games; if it is the viewer's, they must answer alike."""
        one, other = (answer(game, command, at) for game in self.games)
        if command.actor == self.viewer and one != other:
            raise Leak(f"{command} of viewer {self.viewer} is answered {one} or {other}")

    def _given(self, game: Game) -> tuple[Any, ...]:
        """Give all that is new to the viewer; once the end shows all, only what came before it."""
        stream = frames(game, self.viewer, self.cursor)
        if game.phase is ENDED:
            return (list(takewhile(lambda frame: b'"roster.roles_shown"' not in frame[2], stream)),)
        return stream, game.cursor(self.viewer), *seen(game, self.viewer)

    def _heard(self, game: Game, command: Command, at: Instant) -> tuple[Any, ...]:
        """Give what the viewer hears of a command of theirs, until the phase ends by it."""
        fork = game.fork()
        answered = answer(fork, command, at), fork.phase_number
        same = fork.phase_number == game.phase_number
        return (*answered, frames(fork, self.viewer, self.cursor) if same else None)

    def _salting(self) -> Plan:
        """Let all give their salts, in an order and at instants of their own."""
        seats = self.dice.sample(range(SEATS - 1), SEATS - 1)
        return [
            (self.dice.randrange(1, 4_000), GiveSalt(seat, _salt(seat).hex()))
            for seat in seats
            if seat != self.viewer
        ]

    def _swapped(self, deal: tuple[str, ...]) -> tuple[str, ...]:
        """Shuffle some of the roles that the viewer cannot know."""
        known = {self.viewer} if self.sits else set()
        if self.sits and role(deal[self.viewer]).alignment == "mafia":
            known |= {seat for seat in range(SEATS) if role(deal[seat]).alignment == "mafia"}
        veiled = [seat for seat in range(SEATS) if seat not in known and self.dice.random() < 0.6]
        swapped = list(deal)
        for seat, other in zip(veiled, self.dice.sample(veiled, len(veiled)), strict=True):
            swapped[seat] = deal[other]
        return tuple(swapped)

    def _comes_to(self, game: Game, plan: Plan) -> object:
        """Play a phase on a fork, and give what is disclosed by its end."""
        fork = game.fork()
        for at, command in sorted(plan, key=lambda planned: planned[0]):
            if fork.phase_number == game.phase_number:
                answer(fork, command, at)
        if fork.phase_number == game.phase_number and fork.deadline is not None:
            fork.pass_time(fork.deadline)
        return _disclosed(fork, game.version, self.viewer)

    def _end_phase(self, ours: Plan, theirs: Plan) -> list[Game]:
        """Let the phase end; in one game or both, somebody may be late with an action."""
        end = self.games[0].deadline
        assert end is not None
        for game, plan in zip(self.games, (ours, theirs), strict=True):
            acts = [sent for _, sent in plan if isinstance(sent, Act)]
            if acts and self.dice.random() < 0.4:
                answer(game, self.dice.choice(acts), end + self.dice.randrange(LATE))
            game.pass_time(end + LATE)
        return self.games


def answer(game: Game, command: Command, at: Instant) -> tuple[str, str] | None:
    """Send a command; give the code and the words with which it is refused, or None."""
    try:
        game.handle(command, max(at, game.at))
    except Refused as refusal:
        return refusal.code.value, refusal.detail
    return None


def _due(plan: Plan, at: Instant) -> list[Command]:
    return [command for due, command in plan if due == at]


def _salt(seat: PlayerId) -> bytes:
    return bytes([seat + 1]) * 32


def _drawn_rules(dice: Random) -> Rules:
    return Rules.preset("classic").replace(
        roles=tuple((name, CAST.count(name)) for name in dict.fromkeys(CAST)),
        vote=dice.choice(("hammer", "plurality", "ballot")),
        first_phase=dice.choice(("day", "night")),
        reveal_on_death=dice.choice(("role", "alignment", "nothing")),
        faction_talk=dice.choice(("night", "always")),
        kill_own=dice.random() < 0.5,
        message_window_ms=60_000,
    )


def _shown(name: str, reveal: str) -> str:
    """Give what a death makes known of a role, by its words or by what comes of it."""
    return name if reveal == "role" else role(name).wins


def _disclosed(game: Game, since: int, viewer: Viewer) -> object:
    """Give what the rules let out of the entries after a version."""
    deal, reveal = game.state.table.roster.deal, game.rules.reveal_on_death
    let_out: set[object] = set()
    for entry in game.log[since:]:
        match entry.event:
            case PlayerDied(seat=seat, cause=cause):
                let_out.add((seat, cause == LEFT_TOWN, _shown(deal[seat], reveal)))
            case VoteClosed(target=target, ballots=ballots):
                let_out.add((target, frozenset(ballots)))
            case ResultLearned(seat=seat) as result if seat == viewer:
                let_out.add(result)
            case GameEnded(winners=winners, seats=seats):
                let_out.add((winners, frozenset(seats)))
    return let_out
