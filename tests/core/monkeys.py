"""Monkeys: a whole game from the lobby to its end, played by people who press every button.

Most of what they send is lawful, much is not, and some is nonsense; all of it is drawn from one
seed, the rules of the game included. Run as a script, this prints the digest of the records of some
games, for a test that wants to see them played by another process.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from itertools import count
from random import Random
from typing import Any, Final

from mafia_district import log
from mafia_district.chance import commitment
from mafia_district.chat import ROOMS, Say
from mafia_district.clock import Done, Extend, Pause, Resume, ShiftClock
from mafia_district.game import Game
from mafia_district.ids import KEEPER, NOBODY, Instant, PlayerId, members
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
from mafia_district.machine import Command, Refused
from mafia_district.night.collect import Act, Withdraw
from mafia_district.night.verbs import VERBS
from mafia_district.outcome import End
from mafia_district.phases import DAY, ENDED, LOBBY, NIGHT, STARTING
from mafia_district.rules import Rules
from mafia_district.voting import CastVote, Unvote

SEATS: Final = 8
POWERS: Final = (
    "town_cop", "town_doctor", "town_roleblocker", "town_vigilante", "mafia_roleblocker",
    "jester",
)  # fmt: skip
TEXTS: Final = ("", "   ", "a word", "one\ntwo", "x" * 501)
RARE: Final = (Leave, End, Close, Kick, Pause)  # they would end the fun too soon
STEPS: Final = 400


def drawn_rules(dice: Random) -> Rules:
    """Draw the rules of a game."""
    drawn = dice.sample(POWERS, dice.randrange(4))
    powers = tuple((role, 1) for role in ("one_shot_vigilante", *drawn))
    nightless = dice.random() < 0.1
    return Rules.preset("classic").replace(
        roles=(("vanilla_townie", SEATS - 2 - len(powers)), ("mafia_goon", 2), *powers),
        vote=dice.choice(("hammer", "plurality", "ballot")),
        first_phase="day" if nightless else dice.choice(("day", "night")),
        nightless=nightless,
        reveal_on_death=dice.choice(("role", "alignment", "nothing")),
        faction_talk=dice.choice(("night", "always")),
        end=dice.choice(("parity", "elimination")),
        white_flag=dice.random() < 0.1,
        extensions=dice.randrange(3),
        **{
            switch: dice.random() < 0.5
            for switch in ("no_lynch", "self_vote", "no_lynch_on_even", "kill_own")
        },
    )


class Monkeys:
    """One game and those who play it; every call of `press` sends one command."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)
        self.code = self.dice.choice(("", "AB234"))
        secret = self.dice.randbytes(32)
        self.game = Game.open(drawn_rules(self.dice), secret, 1_000, code=self.code)
        self.at: Instant = 1_000

    def over(self) -> bool:
        """Tell whether the game has come to its end."""
        return self.game.phase is ENDED

    def draw(self) -> Command:
        """Draw the next command, and the instant at which it is sent."""
        self.at += self.dice.randrange(2_000)
        if self.game.deadline is not None and self.dice.random() < 0.06:
            self.at = max(self.at, self.game.deadline + self.dice.choice((-1, 0, 1, 500)))
        if self.dice.random() < 0.25:
            return self._nonsense()
        return self._sense()

    def press(self, command: Command) -> None:
        """Send a command; raises Refused."""
        self.game.handle(command, self.at, f"monkey:{self.at}")

    def _sense(self) -> Command:
        """Draw what a person at this table might do; in the lobby, mostly what starts the game."""
        roster, dice = self.game.state.table.roster, self.dice
        if self.game.phase is LOBBY and dice.random() < 0.8:
            return self._on_to_the_start()
        if self.game.phase is STARTING and dice.random() < 0.7:
            seat = self._somebody()
            return GiveSalt(seat, salt(roster.names.get(seat, "")).hex())
        if self.game.phase is DAY and dice.random() < 0.3:
            return CastVote(self._somebody(), 5 * self.game.phase_number % SEATS)  # a wagon
        return self._button() or self._nonsense()

    def _on_to_the_start(self) -> Command:
        roster, ready = self.game.state.table.roster, self.game.state.lobby.ready
        if roster.seats.bit_count() < SEATS:
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

    def _button(self) -> Command | None:
        """Draw one of the open commands of somebody, a kind of command first."""
        commands = list(self.game.choices(self._somebody()).commands())
        kinds = [kind for kind in dict.fromkeys(map(type, commands)) if self._wants(kind)]
        if not kinds:
            return None
        kind = self.dice.choice(kinds)
        return self.dice.choice([sent for sent in commands if type(sent) is kind])

    def _wants(self, kind: type[Command]) -> bool:
        return kind not in RARE or self.dice.random() < 0.1

    def _somebody(self) -> PlayerId:
        return self.dice.choice(members(self.game.state.table.roster.seats) or (0,))

    def _nonsense(self) -> Command:
        """Draw any command of anybody, the house's own among them."""
        actor = self.dice.choice((*range(SEATS + 1), NOBODY, -1, 29))
        command: Command = self.dice.choice(NONSENSE)(self, actor)
        return command

    def any_seat(self) -> PlayerId:
        """Draw a seat, or what is none."""
        seat: PlayerId = self.dice.choice((*range(-3, SEATS + 2), 30, 2**64))
        return seat


def salt(name: str) -> bytes:
    """Give the salt of a person, whom it is named after."""
    return sha256(name.encode()).digest()


Draws = Callable[[Monkeys, PlayerId], Any]

NONSENSE: Final[tuple[Draws, ...]] = (
    lambda own, actor: CastVote(actor, own.any_seat()),
    lambda own, actor: Unvote(actor),
    lambda own, actor: Act(actor, own.dice.choice((*VERBS, "fly")), own.any_seat()),
    lambda own, actor: Act(actor, own.dice.choice(tuple(VERBS)), own.any_seat(), own.any_seat()),
    lambda own, actor: Act(actor, "kill", own.dice.randrange(SEATS)),
    lambda own, actor: Withdraw(actor, own.dice.choice((*VERBS, "fly"))),
    lambda own, actor: Say(actor, own.dice.choice((*ROOMS, "attic")), own.dice.choice(TEXTS)),
    lambda own, actor: Done(actor, own.dice.random() < 0.5),
    lambda own, actor: SetReady(actor, own.dice.random() < 0.8),
    lambda own, actor: Resume(actor),
    lambda own, actor: Extend(actor, own.dice.randrange(-1, 5_000)),
    lambda own, actor: ShiftClock(own.dice.randrange(8), 1_000),
    lambda own, actor: Open(own.dice.randrange(8), "HA123"),
    lambda own, actor: Start(actor),
    lambda own, actor: AddBots(own.dice.randrange(8), own.dice.randrange(-1, 40)),
    lambda own, actor: HandOver(actor, own.any_seat()),
    lambda own, actor: Kick(own.dice.randrange(8), own.any_seat()),
    lambda own, actor: GiveSalt(actor, own.dice.choice(("", "xy", "00" * 32))),
    lambda own, actor: TakeSeat(actor, own.dice.choice(TEXTS), own.code, "not a digest"),
)


def play(seed: int) -> Iterator[Monkeys]:
    """Play a game to its end, yielding before the first command and after every one."""
    monkeys = Monkeys(seed)
    yield monkeys
    for _ in range(STEPS):
        with suppress(Refused):
            monkeys.press(monkeys.draw())
        yield monkeys
        if monkeys.over():
            return
    monkeys.press(End(KEEPER) if monkeys.game.phase in (DAY, NIGHT) else Close(KEEPER))
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
