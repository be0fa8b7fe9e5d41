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

from mafia_district import tasks
from mafia_district.chance import commitment, seed_from
from mafia_district.game import Game
from mafia_district.ids import EVERYONE, NOBODY, SPECTATOR, Instant, PlayerId, Viewer, has
from mafia_district.lobby import AddBots, GiveSalt, SetReady, Start, TakeSeat
from mafia_district.machine import Code, Command, Event
from mafia_district.night.collect import Act
from mafia_district.phases import DAY, ENDED
from mafia_district.roles import role
from mafia_district.roster import RolesDealt
from mafia_district.rules import Rules
from mafia_district.sights import told
from mafia_district.tasks import TasksDealt
from mafia_district.wire import event_bytes

from .bustle import Bustle, Plan, answer
from .disclosed import Leak, disclosed, shown
from .noise import Noise
from .tables import frames, seen, swapped, thinkable, village

CAST: Final = (
    "vanilla_townie", "vanilla_townie", "town_cop", "town_doctor", "town_roleblocker",
    "town_vigilante", "mafia_goon", "mafia_roleblocker", "jester", "town_universal_backup",
    "cult_leader",
)  # fmt: skip
SEATS: Final = len(CAST)
VIEWERS: Final = (*range(SEATS + 1), SPECTATOR)  # one of them is a seat that nobody holds
PHASES: Final = {False: 7, True: 10}  # how many are played without a town, and with one
TRIES: Final = 60  # rehearsals of a phase, before a pair is given up
PROBED: Final = 0.03  # of the instants
LATE: Final = 1_000  # how long after a deadline somebody may be late


def play(seed: int, viewer: Viewer | None = None, *, town: bool | None = None) -> "Twins":
    """Play a pair of twins before a viewer, drawn like the town if not given; raises Leak."""
    twins = Twins(seed, viewer, town)
    twins.gather()
    twins.deal()
    while twins.games[0].phase_number < PHASES[twins.town] and twins.play_phase():
        pass
    return twins


class Twins:
    """Two games before one viewer."""

    def __init__(self, seed: int, viewer: Viewer | None, town: bool | None) -> None:
        self.dice = Random(seed)
        self.town = self.dice.random() < 0.5 if town is None else town
        self.viewer = self.dice.choice(VIEWERS) if viewer is None else viewer
        self.sits = 0 <= self.viewer < SEATS
        self.codes = ("AB234", "AB234" if self.sits else "XY567")
        rules = _drawn_rules(self.dice)
        rules = _drawn_town(self.dice, rules) if self.town else rules
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
        swap = self._swapped(deal)
        self.games = [one, swapped(other, {RolesDealt(deal): RolesDealt(swap)})]
        reveal = one.rules.reveal_on_death
        self.alike = tuple(
            seat for seat in range(SEATS) if shown(deal[seat], reveal) == shown(swap[seat], reveal)
        )
        self.look()

    def play_phase(self) -> bool:
        """Play a phase; False if the games have ended, or no noise keeps them twins."""
        if self.games[0].phase is ENDED:
            return False
        if self.town and self.games[0].phase is DAY:
            self._swap_errands()
        number = self.games[0].phase_number
        for _ in range(TRIES):
            common, ours, theirs = self._plan()
            one, other = self.games
            if self._comes_to(one, common + ours) == self._comes_to(other, common + theirs):
                self.perform(common, ours, theirs)
                if one.phase_number == number:
                    self._end_phase(ours, theirs)
                    self.look()
                return True
        return False

    def _plan(self) -> tuple[Plan, Plan, Plan]:
        """Draw what happens in both games in this phase, and in each alone."""
        one, other = self.games
        noise = Noise(self.dice, one, self.viewer, self.alike, max(one.at, other.at) + 1)
        plans = noise.common(), noise.secret(one), noise.secret(other)
        if not noise.bustles:
            return plans
        return Bustle(self.dice, self.games, self.viewer, (noise.first, noise.last)).draw(*plans)

    def _swap_errands(self) -> None:
        """Swap the draw of the day's errands in one of the games, but for the viewer's."""
        one, other = self.games
        state = other.fork(self.dice.randbytes(32)).state
        dealt: dict[Event, Event] = {
            own.event: drawn
            for drawn in tasks.deal(state.table, state.table.tasks, other.day)
            for own in other.log
            if isinstance(own.event, TasksDealt)
            and isinstance(drawn, TasksDealt)
            and (own.event.seat, own.event.day) == (drawn.seat, other.day)
            and drawn.seat != self.viewer
        }
        self.games = [one, swapped(other, dealt)]
        self.look()

    def perform(self, common: Plan, ours: Plan, theirs: Plan) -> None:
        """Play what is planned, until the phase ends by it, and look after every instant."""
        number = self.games[0].phase_number
        for at in sorted({at for at, _ in (*common, *ours, *theirs)}):
            for game in self.games:
                game.tick(at)  # who keeps the time is punctual
            for command in _due(common, at):
                self._press(command, at)
            for game, plan in zip(self.games, (ours, theirs), strict=True):
                for command in _due(plan, at):
                    answer(game, command, at)
            self.look()
            if self.games[0].phase_number > number:
                return
            if self.dice.random() < PROBED:
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
        thought = thinkable(self.games[0], self.viewer, SEATS) if self.viewer >= 0 else ()
        for command in thought:
            one, other = (self._heard(game, command, at) for game in self.games)
            if one != other and self._tries(command, at):
                raise Leak(f"{command} of viewer {self.viewer} is answered\n{one}\nor\n{other}")

    def _tries(self, command: Command, at: Instant) -> bool:
        """Tell whether an answer may not tell anything: it is no one that is learnt by trying."""
        forks = [game.fork() for game in self.games]
        answers = [answer(fork, command, at) for fork in forks]
        if any(words and words[0] == Code.FULL.value for words in answers):
            return False
        ours, theirs = (
            disclosed(fork, game.version, self.viewer)
            for fork, game in zip(forks, self.games, strict=True)
        )
        return answers[0] != answers[1] or ours == theirs

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
        if fork.phase_number > game.phase_number:
            return answered
        return (
            *answered,
            *[
                (entry.at, event_bytes(told(fork.rules, entry.event, self.viewer)))
                for entry in fork.log[game.version :]
                if entry.audience == EVERYONE or has(entry.audience, self.viewer)
            ],
        )

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
        return disclosed(fork, game.version, self.viewer)

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


def _drawn_town(dice: Random, rules: Rules) -> Rules:
    """Draw a town around the rules: a village whose goods are nearly all under the counter."""
    return rules.replace(
        town=True,
        catalogue=village(
            special=True,
            reliability=dice.choice((0, 0, 500)),
            church={"opens_ms": 20_000, "closes_ms": 120_000},
        ),
        moves_a_day=30,
        start_coins=dice.choice((160, 160, 1_000)),
        carried=dice.choice((1, 2)),
        purchases_a_day=3,
        special_every=dice.choice((1, 1, 3)),
        seats_per_common=1,
        living_per_ward=1,
        shop_opens_ms=dice.choice((0, 80_000, 80_000)),
        rumor_garbled=500,
        messages=20,
        whispers=True,
        vote_on_day_one=dice.random() < 0.5,
    )
