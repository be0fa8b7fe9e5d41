"""The limits that the engine is measured beside: its all-vote game as plain Python, twice.

`straight` is the least that the game can cost in Python: lists of numbers, no checks, no records.
`validated` plays the same game through commands that are checked, and keeps what happened as
tuples, which is the least that anything worth the name of an engine can cost.
"""

import random

TOWN, MAFIA = 7, 3
SEATS = TOWN + MAFIA

draw = random.random


def straight() -> int:
    """Play one game; gives the number of its votes and kills."""
    is_mafia = [True] * MAFIA + [False] * TOWN
    random.shuffle(is_mafia)
    living, mafia, town, commands = list(range(SEATS)), MAFIA, TOWN, 0
    while True:
        prey = [seat for seat in living if not is_mafia[seat]]
        living.remove(prey[int(draw() * town)])
        town -= 1
        commands += 1
        if mafia >= town:
            return commands
        alive = mafia + town
        votes = [0] * SEATS
        for place in range(alive):
            other = int(draw() * (alive - 1))
            votes[living[other + (other >= place)]] += 1
        commands += alive
        top = max(votes)
        if votes.count(top) == 1:
            lynched = votes.index(top)
            living.remove(lynched)
            if is_mafia[lynched]:
                mafia -= 1
            else:
                town -= 1
            if not mafia or mafia >= town:
                return commands


class Line:
    """A game whose two commands, `kill` and `vote`, are checked, done and noted down."""

    __slots__ = ("alive", "day", "is_mafia", "mafia", "night", "noted", "over", "town", "votes")

    def __init__(self) -> None:
        self.is_mafia = [True] * MAFIA + [False] * TOWN
        random.shuffle(self.is_mafia)
        self.alive = [True] * SEATS
        self.mafia, self.town, self.day = MAFIA, TOWN, 1
        self.night, self.over = True, False
        self.votes: dict[int, int] = {}
        self.noted: list[tuple[object, ...]] = []

    def kill(self, seat: int, target: int) -> None:
        """Let one of the mafia kill one of the town."""
        lawful = self.night and not self.over and self.alive[seat] and self.alive[target]
        if not lawful or not self.is_mafia[seat] or self.is_mafia[target]:
            raise ValueError
        self.noted.append(("killed", self.day, seat, target))
        self._die(target)
        self.night = False

    def vote(self, seat: int, target: int) -> None:
        """Let one of the living vote for another; the last vote closes the day."""
        lawful = not (self.night or self.over) and self.alive[seat] and self.alive[target]
        if not lawful or seat == target or seat in self.votes:
            raise ValueError
        self.votes[seat] = target
        self.noted.append(("voted", self.day, seat, target))
        if len(self.votes) == self.mafia + self.town:
            self._close()

    def _close(self) -> None:
        counts = [0] * SEATS
        for target in self.votes.values():
            counts[target] += 1
        top = max(counts)
        if counts.count(top) == 1:
            self._die(counts.index(top))
        self.votes, self.night = {}, True
        self.day += 1

    def _die(self, seat: int) -> None:
        self.alive[seat] = False
        if self.is_mafia[seat]:
            self.mafia -= 1
        else:
            self.town -= 1
        self.over = not self.mafia or self.mafia >= self.town
        self.noted.append(("died", self.day, seat))


def validated() -> int:
    """Play one game by checked commands; gives their number."""
    game, commands = Line(), 0
    while not game.over:
        living = [seat for seat in range(SEATS) if game.alive[seat]]
        if game.night:
            prey = [seat for seat in living if not game.is_mafia[seat]]
            killer = next(seat for seat in living if game.is_mafia[seat])
            game.kill(killer, prey[int(draw() * len(prey))])
            commands += 1
            continue
        for place, seat in enumerate(living):
            other = int(draw() * (len(living) - 1))
            game.vote(seat, living[other + (other >= place)])
        commands += len(living)
    return commands
