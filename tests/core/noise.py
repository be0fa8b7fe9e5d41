"""Noise: what goes on in one phase of a pair of twins, drawn from dice.

What the viewer sees or does themself is drawn once, for both games; what is secret is drawn for
each game alone, in what is done and in when. Where the rules let out that something was done, as
they do with the number of ballots, it is done in both at one instant, but by others.
"""

from collections.abc import Iterable
from random import Random

from mafia_district.chat import Say
from mafia_district.clock import Done, Extend, Pause, Resume
from mafia_district.game import Game
from mafia_district.ids import KEEPER, NO_LYNCH, NOBODY, Instant, PlayerId, Viewer, has, members
from mafia_district.items import UseItem
from mafia_district.keeper import LookIn, OpenDesk
from mafia_district.lobby import Leave
from mafia_district.machine import Command
from mafia_district.night.collect import Act, Withdraw
from mafia_district.night.deed import FACTION_KILL
from mafia_district.outcome import End
from mafia_district.phases import DAY
from mafia_district.substitution import OfferSeat, SeatBot, TakeOver
from mafia_district.town_choices import OPTIONS, commands
from mafia_district.voting import CastVote, Unvote

from .bustle import WORDS, Plan
from .tables import thinkable

MARGIN = 1_000  # before the deadline, for what must come last


class Noise:
    """The noise of one phase; `alike` are the seats of which both games would disclose the same."""

    def __init__(
        self, dice: Random, game: Game, viewer: Viewer, alike: tuple[PlayerId, ...], first: Instant
    ) -> None:
        assert game.deadline is not None
        self.dice, self.game, self.viewer = dice, game, viewer
        self.first, self.last = first, game.deadline - MARGIN
        roster = game.state.table.roster
        self.living = members(roster.alive & ~roster.gone)
        self.dead = members(roster.dead)
        self.alike = [seat for seat in self.living if seat in alike] or list(self.living)
        self.others = [seat for seat in self.living if seat != viewer]
        self.leaver = self._leaver()
        self.conspires = has(roster.cast.mafia, viewer)
        self.victim = self._target()
        polls = game.state.voting.polls
        self.secret_vote = game.phase is polls and game.rules.vote == "ballot"
        self.bustles = game.rules.town and game.phase is DAY
        self.ballots = {seat: self._target() for seat in self.others if dice.random() < 0.7}
        self.slots = sorted(self._instant() for _ in self.ballots)

    def common(self) -> Plan:
        """Draw what the viewer sees or does: the same in both games."""
        drawn = [*self._in_public(), *self._of_the_viewer()]
        if self.conspires:
            drawn += [*self._picks(self.game, self.victim), *self._faction_talk(self.game)]
        if self.viewer in self.dead:
            drawn += self._talk_of_the_dead()
        absent = [*self.leaver, *self._substitutes()]
        return [*self._spread(drawn), *self._clock(), *absent, *self._close()]

    def secret(self, game: Game) -> Plan:
        """Draw what the viewer must not know, for one of the games."""
        drawn, victim = [], self.victim
        if not self.conspires:
            victim = self._target()
            drawn += [*self._picks(game, victim), *self._faction_talk(game)]
        if self.viewer not in self.dead:
            drawn += self._talk_of_the_dead()
        drawn += self._powers(game, victim)
        if game.rules.town and not self.bustles:
            drawn += self._set_down(game)
        drawn += [LookIn(KEEPER, "view")] if self._chance(0.3) else []
        return [*self._spread(drawn), *(self._secret_ballots() if self.secret_vote else ())]

    def _instant(self) -> Instant:
        return self.dice.randrange(self.first, self.last)

    def _spread(self, commands: Iterable[Command]) -> Plan:
        return [(self._instant(), command) for command in commands]

    def _target(self) -> PlayerId:
        """Draw one of the living, mostly one who may die in both games."""
        return self.dice.choice(self.alike if self.dice.random() < 0.8 else self.living)

    def _chance(self, of: float) -> bool:
        return self.dice.random() < of

    def _in_public(self) -> list[Command]:
        somebody, seats = self.dice.choice(self.living), self.others
        drawn: list[Command] = [
            Done(seat, self._chance(0.8)) for seat in seats if self._chance(0.5)
        ]
        drawn += [Say(seat, "town", self.dice.choice(WORDS)) for seat in seats if self._chance(0.3)]
        if not self.secret_vote:
            drawn += [CastVote(seat, self._target()) for seat in seats if self._chance(0.5)]
            drawn += [CastVote(somebody, NO_LYNCH), Unvote(self.dice.choice(self.living))]
        return drawn

    def _of_the_viewer(self) -> list[Command]:
        if self.viewer < 0:
            return []
        thought = list(thinkable(self.game, self.viewer, len(self.living)))
        offered = list(self.game.choices(self.viewer).commands()) or thought
        drawn = [self.dice.choice(offered) for _ in range(3)] + self.dice.sample(thought, 2)
        elsewhere = (End, Pause, Leave, *(OPTIONS if self.bustles else ()))
        return [sent for sent in drawn if not isinstance(sent, elsewhere)]

    def _clock(self) -> Plan:
        """Let the house stop the clock for a while, and give more time."""
        stop, go, more = sorted(self._instant() for _ in range(3))
        clock: Plan = [(stop, Pause(KEEPER)), (go, Resume(KEEPER)), (more, Extend(KEEPER, 1))]
        return clock if self._chance(0.3) and not self.secret_vote else []

    def _leaver(self) -> Plan:
        """Let somebody leave now and then: first of all, and do nothing more, or last of all."""
        seat, first = self.dice.choice(self.alike), self._chance(0.5)
        if not self._chance(0.3):
            return []
        if first:
            self.others = [other for other in self.others if other != seat]
        return [(self.first if first else self.last + MARGIN // 3, Leave(seat))]

    def _substitutes(self) -> Plan:
        """Let others come for those who are gone: a person or a bot, or somebody for the desk."""
        plan: Plan = [(self.first, OpenDesk(KEEPER))] if self._chance(0.2) else []
        gone = [command.actor for at, command in self.leaver if at == self.first]
        idle = [self.dice.choice(self.living)]
        for seat in gone or idle:
            offer, taken = sorted(self._instant() for _ in range(2))
            if self._chance(0.5):
                plan += [(offer, OfferSeat(KEEPER, seat)), (taken, TakeOver(NOBODY, seat, "Sub"))]
            elif self._chance(0.5):
                plan.append((taken, SeatBot(KEEPER, seat)))
        return plan

    def _close(self) -> Plan:
        """Let all be done at last, often."""
        done: Plan = [(self.last + MARGIN // 2, Done(seat, True)) for seat in self.living]
        return done if self._chance(0.5) else []

    def _picks(self, game: Game, victim: PlayerId) -> list[Command]:
        """Let the faction pick whom to kill, mostly the victim; a viewer among them picks alone."""
        seats = [seat for seat in self.others if has(game.state.table.roster.cast.mafia, seat)]
        return [
            Act(seat, FACTION_KILL, victim if self._chance(0.7) else self._target())
            for seat in seats
            for _ in range(self.dice.randrange(3))
        ]

    def _powers(self, game: Game, victim: PlayerId) -> list[Command]:
        """Use the powers that are somebody's own, or take an action back."""
        drawn: list[Command] = []
        for seat in self.others:
            role = game.state.table.roster.role(seat)
            for ability in role.abilities if role else ():
                if ability.when != "night":
                    continue
                targets = [victim if self._chance(0.4) else self._target() for _ in range(2)]
                acts = [Act(seat, ability.verb, target) for target in targets]
                drawn += acts[: self.dice.choice((0, 1, 1, 2))]
                drawn += [Withdraw(seat, ability.verb)] if self._chance(0.15) else []
        return drawn

    def _set_down(self, game: Game) -> list[Command]:
        """Let some set down for the night what they carry."""
        offered = [list(commands(game.state, seat, UseItem)) for seat in self.others]
        return [self.dice.choice(uses) for uses in offered if uses and self._chance(0.6)]

    def _faction_talk(self, game: Game) -> list[Command]:
        seats = [seat for seat in self.others if has(game.state.table.roster.cast.mafia, seat)]
        return self._talk(seats, "faction")

    def _talk_of_the_dead(self) -> list[Command]:
        return self._talk(self.dead, "dead")

    def _talk(self, seats: Iterable[PlayerId], room: str) -> list[Command]:
        """Let some say a word each: too little for what they may say elsewhere to depend on it."""
        return [
            Say(seat, room, self.dice.choice(WORDS))
            for seat in seats
            if seat != self.viewer and self._chance(0.6)
        ]

    def _secret_ballots(self) -> Plan:
        """Let the same seats vote, in an order of their own, change their minds, and agree."""
        order = self.dice.sample(list(self.ballots), len(self.ballots))
        plan: Plan = []
        for slot, seat in zip(self.slots, order, strict=True):
            plan.append((slot, CastVote(seat, self._target())))
            if self._chance(0.5):
                plan.append((self.dice.randrange(slot, self.last), CastVote(seat, NO_LYNCH)))
            plan.append((self.last, CastVote(seat, self.ballots[seat])))
        for seat in order[:1]:
            plan.append((self.last + 1, Unvote(seat)))
            plan.append((self.last + 2, CastVote(seat, self.ballots[seat])))
        return plan
