"""A warm game: what one process keeps in memory of a game whose truth is in the store.

There are two folds of the log. The *committed* one holds what is stored and is all that anybody may
be shown. The *draft* runs ahead of it: commands are decided there, one after another, while the
ones before are still on their way to the disk. When they are stored, the committed fold follows;
when one is not, the draft and all that was decided on it is thrown away, and the next command gets
a new draft, a fork of the committed fold.
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

import attrs

from mafia_district import log
from mafia_district.game import Game
from mafia_district.ids import KEEPER, PlayerId, Version, Viewer
from mafia_district.machine import Entry
from mafia_district.roster import SeatPassed
from mafia_district_servers.ports import Append, Outcome, Receipt, Seating, Stored

Name: TypeAlias = tuple[str, str]  # actor and command id: what makes a command known again

_REMEMBERED: Final = 256  # receipts of a game; older ones are in the store


class Fold:
    """A game, the last hash of its log, and which account holds which seat, or ever did."""

    __slots__ = ("game", "hash", "past", "seats")

    def __init__(
        self,
        game: Game,
        last_hash: bytes,
        seats: Mapping[str, PlayerId],
        past: Mapping[str, Viewer],
    ) -> None:
        self.game = game
        self.hash = last_hash
        self.seats = dict(seats)
        self.past = dict(past)

    def fork(self) -> "Fold":
        """Copy the fold; nothing that changes is shared."""
        return Fold(self.game.fork(), self.hash, self.seats, self.past)

    def follow(self, entries: Iterable[Entry], last_hash: bytes) -> None:
        """Record what was decided elsewhere: on a draft, or by another process."""
        self.game.follow(entries)
        self.hash = last_hash

    def seat(self, changes: Iterable[Seating]) -> None:
        """Let accounts take and leave seats, and open the keeper's desk."""
        for change in changes:
            self.seats = {who: seat for who, seat in self.seats.items() if seat != change.seat}
            if change.account is not None:
                self.past[change.account] = change.seat
            if change.account is not None and change.seat != KEEPER:
                self.seats[change.account] = change.seat


@attrs.frozen(eq=False)
class Decided:
    """A command that was accepted on a draft and is on its way to the store.

    `hash` is the log's last one after it. `settled` is set when the game has followed the outcome
    in `stored`, so that whoever waits for it may come and go without a say in the commit.
    """

    append: Append
    entries: tuple[Entry, ...]
    hash: bytes
    draft: Fold
    stored: "asyncio.Future[Outcome]"
    settled: asyncio.Event = attrs.field(factory=asyncio.Event)

    @property
    def name(self) -> Name:
        """What makes the command known again."""
        return self.append.actor, self.append.command_id


class Warm:
    """One game as this process knows it.

    `game` and `seats` are for reading, and show what is committed at the moment of looking.
    """

    def __init__(self, stored: Stored) -> None:
        """Fold a stored game from its first line; raises log.Damaged."""
        head = stored.head
        self.id = head.id
        self.epoch = head.epoch
        self.opener = head.opener
        self.name = head.name
        self.public = head.public
        self.code = head.code
        self.in_flight: dict[Name, Decided] = {}
        self.receipts: dict[Name, Receipt] = {}
        self.catching_up = asyncio.Lock()
        recorded = log.recorded(log.Record(head.header, stored.lines), head.seed)
        self.game = Game.replay(recorded)
        self._committed = Fold(self.game, stored.lines[-1].hash, stored.seats, stored.past)
        self._draft: Fold | None = None

    @property
    def seats(self) -> Mapping[str, PlayerId]:
        """Which account holds which seat."""
        return self._committed.seats

    @property
    def past(self) -> Mapping[str, Viewer]:
        """Who ever took a seat, and which one last, or opened the keeper's desk."""
        return self._committed.past

    def keeps(self, account: str) -> bool:
        """Tell whether an account has opened the keeper's desk."""
        return self.past.get(account) == KEEPER

    def epoch_of(self, viewer: Viewer, version: Version | None = None) -> str:
        """Give the epoch of a viewer's stream, now or as it was at a version.

        It is the game's own, but for the keeper, and for a seat that has passed to another: whoever
        held it before cannot go on where they were. How often it has passed is public.
        """
        if viewer == KEEPER:
            return f"{self.epoch}.keeper"
        if viewer not in self.game.state.substitution.passed:
            return self.epoch
        events = [entry.event for entry in self.game.log[:version]]
        passed = [event for event in events if isinstance(event, SeatPassed)]
        times = [event.seat for event in passed].count(viewer)
        return f"{self.epoch}.{times}" if times else self.epoch

    @property
    def draft(self) -> Fold:
        """The fold on which the next command is decided."""
        if self._draft is None:
            self._draft = self._committed.fork()
        return self._draft

    def is_draft(self, draft: Fold) -> bool:
        """Tell whether a draft has not been thrown away."""
        return self._draft is draft

    def discard(self, draft: Fold) -> None:
        """Throw a draft away, and with it all that was decided on it."""
        if self._draft is draft:
            self._draft = None

    def commit(self, decided: Decided) -> None:
        """Follow a command that is stored, unless the store has been read since."""
        append = decided.append
        if append.expected == self.game.version:
            self._committed.follow(decided.entries, decided.hash)
            self._committed.seat(append.seating)
        self.remember(decided.name, append.receipt)

    def catch_up(self, stored: Stored) -> bool:
        """Follow what is stored; True if there was anything new. Raises log.Damaged."""
        lines = [line for line in stored.lines if line.version > self.game.version]
        if lines:
            entries = [log.unseal(line) for line in lines]  # a bad line changes nothing
            self._committed.follow(entries, lines[-1].hash)
            self._committed.seats = dict(stored.seats)
            self._committed.past = dict(stored.past)
            self._draft = None
        return bool(lines)

    def remember(self, name: Name, receipt: Receipt) -> None:
        """Keep a receipt; the oldest one goes when there are many."""
        self.receipts[name] = receipt
        if len(self.receipts) > _REMEMBERED:
            del self.receipts[next(iter(self.receipts))]
