"""Bustle: what goes on by day in a pair of towns, drawn from dice.

A viewer sees who is in their own place. So the places are parted: some are the *stage*, where the
viewer walks about; in all others everybody does what they like, in each game for itself. When
somebody leaves the stage or comes onto it is the same in both games; whither and whence is not. On
the stage, what can be seen is done in both, and what cannot, in each for itself.

A day is made by playing it: both towns are played on side by side, and what is seen in both is kept
only if it discloses the same in both.
"""

from collections import Counter
from random import Random
from typing import Any, Final, TypeAlias

import attrs

from mafia_district.chat import Say, Whisper
from mafia_district.game import Game
from mafia_district.ids import NOBODY, Instant, PlaceId, PlayerId, Viewer, has, members
from mafia_district.items import GiveItem, UseItem
from mafia_district.looks import Dress
from mafia_district.machine import Command, Refused
from mafia_district.rumors import BUREAU, BuyRumor, ShareRumor
from mafia_district.shop import SHOP, Buy
from mafia_district.tasks import Complete
from mafia_district.town import SQUARE, Move
from mafia_district.town_choices import OPTIONS, commands, options

from .disclosed import Leak, disclosed

Plan: TypeAlias = list[tuple[Instant, Command]]

WORDS: Final = ("aye", "nay", "who?", "not me", "x" * 40)
BUSY: Final = 60  # what is done in secret in each game on one day
SEEN: Final = 12  # what the viewer sees
DONE: Final = 10  # what the viewer does
TALK: Final = 2  # messages of a seat: too few for what it may say elsewhere to depend on them
RARE: Final = (Buy, UseItem, GiveItem, Complete, BuyRumor)  # what is seldom open to anybody
PUBLIC: Final = ("garlic", "water")  # goods whose stock everybody sees


def answer(game: Game, command: Command, at: Instant) -> tuple[str, str] | None:
    """Send a command; give the code and the words with which it is refused, or None."""
    try:
        game.handle(command, max(at, game.at))
    except Refused as refusal:
        return refusal.code.value, refusal.detail
    return None


class Bustle:
    """One day of two towns before a viewer, around what else is planned for it."""

    def __init__(
        self, dice: Random, games: list[Game], viewer: Viewer, span: tuple[Instant, Instant]
    ) -> None:
        self.dice, self.viewer, self.span = dice, viewer, span
        self.games = [game.fork() for game in games]
        self.number = games[0].phase_number
        roster, rules = games[0].state.table.roster, games[0].rules
        self.seats = [seat for seat in members(roster.here) if seat != viewer]
        places = [place.id for place in rules.catalogue.places]
        self.stage: frozenset[PlaceId] = frozenset()
        self.quarter: PlaceId = SQUARE  # where the viewer mostly goes
        if has(roster.alive, viewer):
            self.quarter = dice.choice((SHOP, BUREAU, SQUARE))
            self.stage = frozenset({SQUARE, self.quarter, dice.choice(places)})
        crowded = (SHOP, SHOP, BUREAU, BUREAU)  # where there is most to be done
        self.wings = [place for place in (*places, *crowded) if place not in self.stage]
        self.busy = dice.sample(self.seats, min(3, len(self.seats)))
        self.plans: tuple[Plan, Plan, Plan] = ([], [], [])
        self.said: Counter[tuple[int, PlayerId]] = Counter()

    def draw(self, common: Plan, ours: Plan, theirs: Plan) -> tuple[Plan, Plan, Plan]:
        """Fill the day that is planned so far; give the plan of both games and of each."""
        slots: list[tuple[Instant, Any, tuple[Any, ...]]] = [
            (at, self._planned, (which, command))
            for which, plan in enumerate((common, ours, theirs))
            for at, command in plan
        ]
        slots += [(self._instant(0.2), self._go_off, (seat,)) for seat in self._some(0.7)]
        slots += [
            (self._instant(), self._in_secret, (game,)) for game in (0, 1) for _ in range(BUSY)
        ]
        slots += [(self._instant(), self._of_the_viewer, ()) for _ in range(DONE)]
        sights = (self._come_on, self._on_stage, self._whisper, self._sale)
        slots += [(self._instant(), self.dice.choice(sights), ()) for _ in range(SEEN)]
        for at, do, what in sorted(slots, key=lambda slot: slot[0]):
            if not self._day_lasts(at):
                break
            do(at, *what)
        return self.plans[0] + common, self.plans[1] + ours, self.plans[2] + theirs

    def _day_lasts(self, at: Instant) -> bool:
        """Let time pass; False when the day is over, or the towns have come to be no more twins."""
        since = [game.version for game in self.games]
        for game in self.games:
            game.tick(at)
        same = self._let_out_the_same(self.games, since)
        return same and all(game.phase_number == self.number for game in self.games)

    def _let_out_the_same(self, games: list[Game], since: list[int]) -> bool:
        ours, theirs = (
            disclosed(game, version, self.viewer)
            for game, version in zip(games, since, strict=True)
        )
        return ours == theirs

    def _instant(self, part: float = 1.0) -> Instant:
        first, last = self.span
        return self.dice.randrange(first, first + max(1, int((last - first) * part)))

    def _some(self, share: float) -> list[PlayerId]:
        return [seat for seat in self.seats if self.dice.random() < share]

    def _hidden(self, which: int, seat: PlayerId) -> bool:
        return self.games[which].state.table.town.place(seat) not in self.stage

    def _planned(self, at: Instant, which: int, command: Command) -> None:
        for game in self.games if which == 0 else [self.games[which - 1]]:
            answer(game, command, at)

    def _each(self, at: Instant, ours: Command, theirs: Command) -> None:
        """Do something in each game, if it is possible in both and discloses the same."""
        trials = [game.fork() for game in self.games]
        since = [game.version for game in trials]
        answers = [
            answer(game, sent, at) for game, sent in zip(trials, (ours, theirs), strict=True)
        ]
        if answers[0] == answers[1] and self._let_out_the_same(trials, since):
            self.games = trials
            if ours == theirs:
                self.plans[0].append((at, ours))
            else:
                self.plans[1].append((at, ours))
                self.plans[2].append((at, theirs))

    def _go_off(self, at: Instant, seat: PlayerId) -> None:
        """Let somebody leave the Square, in each game to a place of its own, or to the same."""
        if all(game.state.table.town.place(seat) == SQUARE for game in self.games):
            ours, theirs = (Move(seat, self.dice.choice(self.wings)) for _ in self.games)
            self._each(at, ours, theirs if self.dice.random() < 0.5 else ours)

    def _come_on(self, at: Instant) -> None:
        """Let somebody come to the viewer, from wherever they are."""
        off = [seat for seat in self.seats if self._hidden(0, seat) and self._hidden(1, seat)]
        if off and self.stage:
            move = Move(self.dice.choice(off), self.games[0].state.table.town.place(self.viewer))
            self._each(at, move, move)

    def _on_stage(self, at: Instant) -> None:
        """Let somebody on the stage do what can be seen there, or what is done to the viewer."""
        seats = [
            seat for seat in self.seats if not (self._hidden(0, seat) or self._hidden(1, seat))
        ]
        if not seats:
            return
        seat = self.dice.choice(seats)
        offered = [Say(seat, "place", self.dice.choice(WORDS)), *self._offered(0, seat)]
        seen = [sent for sent in offered if self._is_seen(sent)]
        sent = Move(seat, self.quarter) if self.dice.random() < 0.4 else self.dice.choice(seen)
        self._each(at, sent, sent)

    def _is_seen(self, sent: Command) -> bool:
        match sent:
            case Move(place=place):
                return place in self.stage
            case GiveItem(to=to) | Whisper(to=to):
                return to == self.viewer
            case ShareRumor(to=to):
                return self.viewer in to
        return isinstance(sent, Say | Complete)

    def _of_the_viewer(self, at: Instant) -> None:
        """Let the viewer do something; they stay on the stage."""
        if not self.stage:
            return
        for sent in self._dealings():
            self._ask(at, sent)
        offered = self._offered(0, self.viewer)
        own = [sent for sent in offered if not isinstance(sent, Move) or sent.place in self.stage]
        rare = [sent for sent in own if isinstance(sent, RARE)]
        rare = rare or [Move(self.viewer, self.quarter)]
        sent = self.dice.choice(rare if self.dice.random() < 0.7 else own)
        self._each(at, sent, sent)

    def _dealings(self) -> list[Command]:
        """List what the viewer may buy and give: what is there, and who has room, is hidden."""
        state, viewer = self.games[0].state, self.viewer
        return [sent for kind in (Buy, GiveItem) for sent in commands(state, viewer, kind)]

    def _ask(self, at: Instant, sent: Command) -> None:
        """Let the viewer try something, and compare the answers."""
        ours, theirs = (answer(game.fork(), sent, at) for game in self.games)
        if ours != theirs:
            raise Leak(f"{sent} of viewer {self.viewer} is answered {ours} or {theirs}")

    def _whisper(self, at: Instant) -> None:
        """Let two beside the viewer whisper, in each game something else."""
        if not self.stage:
            return
        table = self.games[0].state.table
        beside = members(table.town.here(self.viewer) & table.roster.here & ~(1 << self.viewer))
        if len(beside) > 1:
            seat, to = self.dice.sample(beside, 2)
            ours, theirs = (Whisper(seat, to, self.dice.choice(WORDS)) for _ in self.games)
            self._each(at, ours, theirs)

    def _sale(self, at: Instant) -> None:
        """Let somebody buy what everybody sees sold, in each game somebody else."""
        item, buyers = self.dice.choice(PUBLIC), []
        for game in self.games:
            willing = [seat for seat in self.seats if item in _on_sale(game, seat)]
            buyers += self.dice.sample(willing, min(1, len(willing)))
        if len(buyers) == len(self.games) and self.games[0].state.shop.opened:
            ours, theirs = (Buy(seat, item) for seat in buyers)
            self._each(at, ours, theirs)

    def _in_secret(self, at: Instant, which: int) -> None:
        """Let somebody do in one of the games what the viewer cannot see."""
        if not self.seats:
            return
        seat = self.dice.choice(self.busy if self.dice.random() < 0.7 else self.seats)
        secret = [sent for sent in self._offered(which, seat) if self._is_secret(which, sent)]
        rare = [sent for sent in secret if isinstance(sent, RARE)]
        if secret:
            command = self.dice.choice(rare if rare and self.dice.random() < 0.7 else secret)
            answer(self.games[which], command, at)
            self.said[which, seat] += isinstance(command, Say | Whisper)
            self.plans[which + 1].append((at, command))

    def _is_secret(self, which: int, sent: Command) -> bool:
        hidden = self._hidden(which, sent.actor)
        match sent:
            case Move(place=place):
                return hidden and place not in self.stage
            case Buy(item=item):
                return item not in PUBLIC
            case GiveItem(to=to):
                return to != self.viewer
            case ShareRumor(to=to):
                return self.viewer not in to
            case Complete():
                return hidden
            case Say() | Whisper():
                return hidden and self.said[which, sent.actor] < TALK
        return True

    def _offered(self, which: int, seat: PlayerId) -> list[Command]:
        """List one command, or few, of each kind that is open to a seat in the town."""
        state, dice = self.games[which].state, self.dice
        offered: list[Command] = [Say(seat, "place", dice.choice(WORDS))]
        for kind in OPTIONS:
            if kind is not Dress and (sent := list(commands(state, seat, kind))):
                offered.append(self._varied(dice.choice(sent)))
        return offered

    def _varied(self, sent: Command) -> Command:
        """Draw what choices give a sample of."""
        if isinstance(sent, Whisper):
            return attrs.evolve(sent, text=self.dice.choice(WORDS))
        if isinstance(sent, ShareRumor) and self.dice.random() < 0.4:
            return attrs.evolve(sent, twist=self.dice.choice([*self.seats, NOBODY]))
        return sent


def _on_sale(game: Game, seat: PlayerId) -> tuple[str, ...]:
    on_sale: tuple[str, ...] = options(game.state, seat, Buy).get("item", ())
    return on_sale
