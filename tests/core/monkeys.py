"""Monkeys: a whole game from the lobby to its end, played by people who press every button.

Most of what they send is lawful, much is not, and some is nonsense; all of it is drawn from one
seed, the rules of the game included. Run as a script, this prints the digest of the records of some
games, for a test that wants to see them played by another process.
"""

import sys
from collections.abc import Callable, Container, Iterator
from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from itertools import count
from random import Random
from typing import Any, Final

from mafia_district import log
from mafia_district.catalogue import Catalogue
from mafia_district.chance import commitment
from mafia_district.chat import ROOMS, Say, Whisper
from mafia_district.choices import COMMANDS
from mafia_district.clock import Done, Extend, Pause, Resume, ShiftClock
from mafia_district.game import Game
from mafia_district.ids import KEEPER, NOBODY, Instant, PlayerId, members
from mafia_district.items import GiveItem, UseItem
from mafia_district.keeper import LookIn, OpenDesk
from mafia_district.lobby import (
    AddBots,
    Close,
    GiveSalt,
    HandOver,
    Kick,
    Leave,
    Open,
    SetReady,
    Start,
    TakeSeat,
)
from mafia_district.looks import Dress
from mafia_district.machine import Command, Refused
from mafia_district.night.awake import EFFECTS
from mafia_district.night.collect import Act, Withdraw
from mafia_district.night.verbs import VERBS
from mafia_district.outcome import End
from mafia_district.phases import DAY, ENDED, LOBBY, NIGHT, PLAYED, STARTING, TWILIGHT
from mafia_district.rules import Rules
from mafia_district.rumors import BuyRumor, ShareRumor
from mafia_district.sentence import Strike
from mafia_district.shop import Buy, Cancel
from mafia_district.substitution import OfferSeat, SeatBot, TakeOver, offered, vacant
from mafia_district.tasks import Complete
from mafia_district.town import Move
from mafia_district.town_choices import OPTIONS
from mafia_district.voting import CastVote, Unvote

from .tables import village

FEWEST: Final = 3
MOST: Final = 13
POWERS: Final = (
    "town_cop", "town_doctor", "town_roleblocker", "town_vigilante", "mafia_roleblocker",
    "jester", "arsonist", "doctor", "town_bus_driver", "town_tracker", "cult_leader",
    "town_universal_backup", "odd_night_town_cop", "mafia_lover", "double_voter",
    "weak_doctor", "governor", "vengeful_townie", "hunter", "mayor", "lyncher", "executioner",
    "town_day_vigilante", "politician", "mafia_traitor", "town_insane_cop",
)  # fmt: skip
TEXTS: Final = ("", "   ", "a word", "one\ntwo", "x" * 501)
CATEGORIES: Final = ("appearance", "whereabouts", "task", "role")
RARE: Final = (Leave, End, Close, Kick, Pause)  # they would end the fun too soon
STEPS: Final = 400
SETUPS: Final = {7: "c9", 9: "matrix6", 13: "c9_plus_plus"}  # drawn ones, by seats


def drawn_rules(dice: Random, seats: int, *, town: bool) -> Rules:
    """Draw the rules of a game for so many seats."""
    nightless = not town and dice.random() < 0.2
    rules = Rules.preset("district" if town else "classic").replace(
        min_seats=FEWEST,
        roles=_drawn_roles(dice, seats) if dice.random() < 0.7 else (),
        vote=dice.choice(("hammer", "plurality", "ballot", "trial")),
        first_phase="day" if nightless else dice.choice(("day", "night")),
        nightless=nightless,
        reveal_on_death=dice.choice(("role", "alignment", "nothing")),
        faction_talk=dice.choice(("night", "always")),
        end=dice.choice(("parity", "elimination")),
        white_flag=dice.random() < 0.1,
        extensions=dice.randrange(3),
        lovers=dice.choice(("chain", "pairs")),
        no_lynch_needs=dice.choice(("majority", "half")),
        **_switches(dice, "no_lynch", "self_vote", "no_lynch_on_even", "kill_own", "jester_haunts"),
    )
    if town:
        return _drawn_town(dice, rules)
    return rules.replace(setup_name="" if rules.roles else SETUPS.get(seats, ""))


def _drawn_roles(dice: Random, seats: int) -> tuple[tuple[str, int], ...]:
    drawn = dice.sample(POWERS, dice.randrange(max(1, min(4, seats - 3))))
    powers = [(role, 1) for role in ("one_shot_vigilante", *drawn)]
    powers += [("town_lover", 2)] if seats > 7 and dice.random() < 0.2 else []
    mafia = max(1, seats // 5)
    villagers = seats - mafia - sum(count for _, count in powers)
    return ("vanilla_townie", villagers), (dice.choice(("mafia_goon", "vampire")), mafia), *powers


def _drawn_town(dice: Random, rules: Rules) -> Rules:
    """Draw what a town has besides: mostly a village, where people meet more often."""
    catalogue = rules.catalogue if dice.random() < 0.2 else _drawn_village(dice)
    return rules.replace(
        catalogue=catalogue,
        moves_a_day=dice.choice((4, 6, 20)),
        start_coins=dice.choice((0, 100, 5_000, 5_000)),
        purchases_a_day=dice.choice((1, 9)),
        carried=dice.choice((1, 3, 3)),
        special_every=dice.choice((1, 3)),
        shop_opens_ms=dice.choice((0, 30_000, 90_000)),
        rumor_garbled=dice.choice((100, 700)),
        **_switches(dice, "whispers", "vote_on_day_one"),
    )


def _drawn_village(dice: Random) -> Catalogue:
    return village(
        special=dice.random() < 0.3,
        reliability=dice.choice((0, 700, 1_000)),
        docks={"capacity": dice.choice((2, 4))},
        church={"opens_ms": 20_000, "closes_ms": 120_000},
    )


def _switches(dice: Random, *names: str) -> dict[str, bool]:
    return {name: dice.random() < 0.5 for name in names}


class Monkeys:
    """One game and those who play it; every call of `press` sends one command."""

    def __init__(self, seed: int, *, town: bool | None = None) -> None:
        self.dice = Random(seed)
        town = self.dice.random() < 0.5 if town is None else town
        self.seats = self.dice.randrange(FEWEST, MOST + 1)
        self.code = self.dice.choice(("", "AB234"))
        secret, rules = self.dice.randbytes(32), drawn_rules(self.dice, self.seats, town=town)
        self.game = Game.open(rules, secret, 1_000, code=self.code)
        self.at: Instant = 1_000
        self.last: Command = Start(KEEPER)

    def over(self) -> bool:
        """Tell whether the game has come to its end."""
        return self.game.phase is ENDED

    def draw(self) -> Command:
        """Draw the next command, and the instant at which it is sent."""
        self.at += self.dice.randrange(2_000)
        if self.game.alarm is not None and self.dice.random() < 0.04:
            self.at = max(self.at, self.game.alarm + self.dice.choice((-1, 0, 1, 500)))
        if self.dice.random() < 0.06:
            return self.last  # the same button again
        if self.dice.random() < 0.2:
            return self._nonsense()
        return self._sense()

    def press(self, command: Command) -> None:
        """Send a command; raises Refused."""
        self.last = command
        self.game.handle(command, self.at, f"monkey:{self.at}")

    def _sense(self) -> Command:
        """Draw what a person at this table might do; in the lobby, mostly what starts the game."""
        roster, dice = self.game.state.table.roster, self.dice
        if self.game.phase is LOBBY and dice.random() < 0.8:
            return self._on_to_the_start()
        if dice.random() < 0.5 and (sent := self._for_the_absent()):
            return sent
        if self.game.phase is STARTING and dice.random() < 0.7:
            seat = self._somebody()
            return GiveSalt(seat, salt(roster.names.get(seat, "")).hex())
        if self.game.phase is self.game.state.voting.polls and dice.random() < 0.3:
            return CastVote(self._somebody(), 5 * self.game.phase_number % self.seats)  # a wagon
        if self.game.phase is TWILIGHT and dice.random() < 0.3:
            return self._last_word() or self._nonsense()
        if self.game.phase in (NIGHT, DAY) and dice.random() < 0.2:
            seat = self._somebody()
            return Act(seat, self.power(seat), dice.randrange(self.seats))
        if self.game.rules.town and self.game.phase is DAY and dice.random() < 0.7:
            few = members(roster.here)[:4]
            return self._button(self.dice.choice(few or (0,)), OPTIONS) or self._nonsense()
        return self._button(self._somebody(), COMMANDS) or self._nonsense()

    def _last_word(self) -> Command | None:
        """Draw what somebody may do who has a say before a death."""
        for seat in members(self.game.state.table.roster.here):
            if self.game.choices(seat).actions:
                return self._button(seat, (Act,))
        return None

    def _for_the_absent(self) -> Command | None:
        """Draw what brings somebody to a seat whose person has gone, or to the keeper's desk."""
        state, dice = self.game.state, self.dice
        if dice.random() < 0.02:
            return OpenDesk(KEEPER)
        if state.desk.opened and dice.random() < 0.04:
            return LookIn(KEEPER, dice.choice(("view", "events")))
        if seats := members(offered(state.table, state.substitution)):
            return TakeOver(NOBODY, dice.choice(seats), f"Monkey {dice.randrange(1_000)}")
        if seats := members(vacant(state.table, state.substitution)):
            kind = dice.choice((OfferSeat, OfferSeat, SeatBot))
            return kind(dice.choice((KEEPER, state.table.roster.host)), dice.choice(seats))
        return None

    def _on_to_the_start(self) -> Command:
        roster, ready = self.game.state.table.roster, self.game.state.lobby.ready
        if roster.seats.bit_count() < self.seats:
            return self._sit_down()
        waiting = members(roster.persons & ~ready)
        return SetReady(self.dice.choice(waiting), True) if waiting else Start(roster.host)

    def _sit_down(self) -> Command:
        if self.game.state.table.roster.persons and self.dice.random() < 0.2:
            return AddBots(KEEPER, 1)
        name = f"Monkey {self.dice.randrange(1_000)}"
        code = self.code if self.dice.random() < 0.8 else "WRONG"
        promised = commitment(salt(name)) if self.dice.random() < 0.7 else ""
        return TakeSeat(NOBODY, name, code, promised)

    def _button(self, seat: PlayerId, among: Container[type[Any]]) -> Command | None:
        """Draw one of the open commands of a seat, a kind of command first."""
        commands = [sent for sent in self.game.choices(seat).commands() if type(sent) in among]
        kinds = [kind for kind in dict.fromkeys(map(type, commands)) if self._wants(kind)]
        if not kinds:
            return None
        kind = self.dice.choice(kinds)
        drawn = [sent for sent in commands if type(sent) is kind]
        if kind is Buy and self.dice.random() < 0.7:
            return drawn[0]  # most want the same goods, and there are few
        return self.dice.choice(drawn)

    def _wants(self, kind: type[Command]) -> bool:
        return kind not in RARE or self.dice.random() < 0.03

    def _somebody(self) -> PlayerId:
        return self.dice.choice(members(self.game.state.table.roster.seats) or (0,))

    def _nonsense(self) -> Command:
        """Draw any command of anybody, the house's own among them."""
        actor = self.dice.choice((*range(self.seats + 1), NOBODY, -1, 29))
        command: Command = self.dice.choice(NONSENSE)(self, actor)
        return command

    def any_seat(self) -> PlayerId:
        """Draw a seat, or what is none."""
        seat: PlayerId = self.dice.choice((*range(-3, self.seats + 2), 30, 2**64))
        return seat

    def power(self, seat: PlayerId) -> str:
        """Give what a seat's role can do, open tonight or not."""
        held = self.game.state.table.roster.role(seat)
        return self.dice.choice(held.abilities).verb if held and held.abilities else "fly"

    def any_of(self, kind: str) -> str:
        """Draw the name of a row of the catalogue, or one that is no name."""
        rows = getattr(self.game.rules.catalogue, kind)
        return self.dice.choice((*[row.id for row in rows], "nowhere"))


def salt(name: str) -> bytes:
    """Give the salt of a person, whom it is named after."""
    return sha256(name.encode()).digest()


Draws = Callable[[Monkeys, PlayerId], Any]

NONSENSE: Final[tuple[Draws, ...]] = (
    lambda own, actor: CastVote(actor, own.any_seat()),
    lambda own, actor: Unvote(actor),
    lambda own, actor: Act(actor, own.dice.choice((*VERBS, "fly")), own.any_seat()),
    lambda own, actor: Act(actor, own.dice.choice(tuple(VERBS)), own.any_seat(), own.any_seat()),
    lambda own, actor: Act(actor, own.dice.choice(tuple(EFFECTS)), own.any_seat()),
    lambda own, actor: Strike(own.dice.choice((actor, KEEPER)), own.any_seat()),
    lambda own, actor: Act(actor, "kill", own.dice.randrange(own.seats)),
    lambda own, actor: Withdraw(actor, own.dice.choice((*VERBS, "fly"))),
    lambda own, actor: Say(actor, own.dice.choice((*ROOMS, "attic")), own.dice.choice(TEXTS)),
    lambda own, actor: Done(actor, own.dice.random() < 0.5),
    lambda own, actor: SetReady(actor, own.dice.random() < 0.8),
    lambda own, actor: Resume(actor),
    lambda own, actor: Extend(actor, own.dice.randrange(-1, 5_000)),
    lambda own, actor: ShiftClock(own.dice.randrange(own.seats), 1_000),
    lambda own, actor: Open(own.dice.randrange(own.seats), "HA123"),
    lambda own, actor: Start(actor),
    lambda own, actor: AddBots(own.dice.randrange(own.seats), own.dice.randrange(-1, 40)),
    lambda own, actor: HandOver(actor, own.any_seat()),
    lambda own, actor: Kick(own.dice.randrange(own.seats), own.any_seat()),
    lambda own, actor: GiveSalt(actor, own.dice.choice(("", "xy", "00" * 32))),
    lambda own, actor: TakeSeat(actor, own.dice.choice(TEXTS), own.code, "not a digest"),
    lambda own, actor: OfferSeat(actor, own.any_seat()),
    lambda own, actor: SeatBot(actor, own.any_seat()),
    lambda own, actor: TakeOver(own.dice.choice((actor, NOBODY)), own.any_seat(), "Somebody"),
    lambda own, actor: own.dice.choice(
        (OpenDesk(actor), LookIn(own.dice.choice((actor, KEEPER)), "view"))
    ),
    lambda own, actor: Move(actor, own.any_of("places")),
    lambda own, actor: Buy(actor, own.any_of("items")),
    lambda own, actor: Cancel(actor),
    lambda own, actor: UseItem(actor, own.any_of("items"), own.any_seat()),
    lambda own, actor: GiveItem(actor, own.any_of("items"), own.any_seat()),
    lambda own, actor: Complete(actor, own.dice.randrange(-1, 4)),
    lambda own, actor: BuyRumor(actor, own.dice.choice((*CATEGORIES, "gossip"))),
    lambda own, actor: ShareRumor(actor, own.dice.randrange(3), (own.any_seat(), own.any_seat())),
    lambda own, actor: ShareRumor(actor, 1, (own.any_seat(),), own.any_seat()),
    lambda own, actor: Whisper(actor, own.any_seat(), own.dice.choice(TEXTS)),
    lambda own, actor: Dress(actor, tuple(own.any_of("assets") for _ in range(6))),
)


def play(seed: int, *, town: bool | None = None) -> Iterator[Monkeys]:
    """Play a game to its end, yielding before the first command and after every one."""
    monkeys = Monkeys(seed, town=town)
    yield monkeys
    for _ in range(STEPS):
        with suppress(Refused):
            monkeys.press(monkeys.draw())
        yield monkeys
        if monkeys.over():
            return
    monkeys.press(End(KEEPER) if monkeys.game.phase in PLAYED else Close(KEEPER))
    yield monkeys


def record_bytes(game: Game) -> bytes:
    """Write down a game's record, with salts that are no secret."""
    salts, file = count(), BytesIO()
    log.write(log.record(game.record(), lambda: next(salts).to_bytes(16, "big")), file)
    return file.getvalue()


def digest(seeds: range) -> str:
    """Give the digest of the records of some games."""
    played = [list(play(seed))[-1] for seed in seeds]
    return sha256(b"".join(record_bytes(monkeys.game) for monkeys in played)).hexdigest()


if __name__ == "__main__":
    sys.stdout.write(digest(range(*map(int, sys.argv[1:]))))
