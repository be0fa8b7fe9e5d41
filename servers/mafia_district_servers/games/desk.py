"""The desk: where commands are decided, stored and only then answered.

A command is decided on the game's draft without looking at the store; the store itself tells, by
the expected log and by the key, if that was wrong. It is then decided again on what the store
has. A refusal changes nothing that the store could check, so it is checked here: it is given only
if the log really stands where the refusal was judged.

From the decision to the append nothing waits, so decisions are stored in their order, and several
may be on their way at once. Nothing leaves before its commit: not the answer, not a view, not the
feed's message, not a refusal that rests on it. A caller that stops waiting does not stop a commit.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from typing import Final, NamedTuple

from mafia_district import log
from mafia_district.ids import KEEPER, NOBODY, Instant, PlayerId, Version
from mafia_district.keeper import DeskOpened
from mafia_district.machine import Command, Entry, Refused
from mafia_district.phases import ENDED, PhaseBegan
from mafia_district.roster import SeatLeft, SeatPassed, SeatTaken
from mafia_district_servers.errors import (
    CommitUnderWay,
    Forbidden,
    KeyReused,
    NoSuchGame,
    NotSeated,
)
from mafia_district_servers.games.shelf import Shelf, damage_told
from mafia_district_servers.games.warm import Decided, Fold, Name, Warm
from mafia_district_servers.ports import (
    HOUSE,
    Append,
    Appended,
    Clock,
    Conflict,
    Duplicate,
    EventStore,
    Ids,
    Outcome,
    Receipt,
    Seating,
    StoreUnavailable,
)

_TRIES: Final = 16  # how often a command is decided before it is given up


class Key(NamedTuple):
    """What makes a repeat of a command known: its id, and the hash of what it says."""

    id: str
    body_hash: bytes


class Order(NamedTuple):
    """A command to be decided, by whom, and when if not now.

    `make` gives the command for the draft that it is decided on, or raises NotSeated,
    Forbidden or Refused.
    `account` is who holds the seat if one is taken, or who keeps the game if the desk is opened.
    """

    actor: str
    key: Key
    make: Callable[[Fold], Command]
    account: str | None = None
    at: Instant | None = None

    @property
    def name(self) -> Name:
        """What makes the command known again."""
        return self.actor, self.key.id


class _LostRace(Exception):
    """What was decided on is not what is stored; the store is at `version` at least."""

    def __init__(self, version: Version = 0) -> None:
        super().__init__(version)
        self.version = version


class Desk:
    """Decides the commands of all games of a process; `changed` hears of what is committed."""

    def __init__(
        self,
        store: EventStore,
        clock: Clock,
        ids: Ids,
        shelf: Shelf,
        changed: Callable[[Warm], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._shelf = shelf
        self._changed = changed

    async def perform(self, game: str, order: Order) -> tuple[Warm, Receipt]:
        """Decide a command and store it, once, however often it is ordered.

        Raises Refused, NotSeated, Forbidden, NoSuchGame, KeyReused, StoreUnavailable and
        OutcomeUnknown.
        """
        for _ in range(_TRIES):
            warm = await self._shelf.get(game)
            try:
                receipt = await self._receipt(warm, order)
            except _LostRace as lost:
                await self.reach(warm, lost.version)
                continue
            if receipt.body_hash != order.key.body_hash:
                raise KeyReused(order.key.id)
            try:
                await self.reach(warm, receipt.last)
            except asyncio.CancelledError:
                raise CommitUnderWay from None  # it is committed even
            return warm, receipt
        raise StoreUnavailable(f"game {game} is being changed too often: try again")

    async def pass_time(self, game: str) -> None:
        """Let a game's phase end if its deadline has come.

        Where it has ended on the draft already, this waits until that is stored: until then the
        committed game is still due, and whoever keeps time by it would ask again at once.
        """
        warm = await self._shelf.get(game)
        decided = self._pass_time(warm, warm.draft, self._clock.now())
        if decided is None:
            await _landed(warm)
            return
        try:
            reached = (await _outcome(decided)).last
        except _LostRace as lost:
            reached = lost.version
        await self.reach(warm, reached)

    async def reach(self, warm: Warm, version: Version) -> None:
        """Catch up, unless the warm game has come to a version already."""
        if warm.game.version >= version:
            return
        async with warm.catching_up:
            if warm.game.version < version:
                await self.catch_up(warm)

    async def catch_up(self, warm: Warm) -> None:
        """Follow what others have stored; raises StoreUnavailable for lines that are damaged."""
        stored = await self._store.load(warm.id, warm.game.version)
        if stored is None:
            raise NoSuchGame(warm.id)
        if stored.head.epoch != warm.epoch:  # its history is another one now
            await self._shelf.drop(warm.id)
            return
        with damage_told(warm.id):
            news = warm.catch_up(stored)
        if news:
            self._changed(warm)

    async def _receipt(self, warm: Warm, order: Order) -> Receipt:
        """Give the receipt of a command: of its first time, or of its being decided now."""
        name = order.name
        while (earlier := warm.in_flight.get(name)) is not None:
            await _outcome(earlier)
        known = warm.receipts.get(name)
        if known is not None:
            return known
        draft = warm.draft
        try:
            decided = self._decide(warm, draft, order)
        except (Refused, NotSeated, Forbidden):
            known = await self._confirm(warm, draft, order)
            if known is None:
                raise
            return known
        return await _outcome(decided)

    def _decide(self, warm: Warm, draft: Fold, order: Order) -> Decided:
        at = max(self._clock.now() if order.at is None else order.at, draft.game.at)
        self._pass_time(warm, draft, at)
        command = order.make(draft)
        with _whole(warm, draft):
            entries = draft.game.handle(command, at, order.key.id)
        return self._send(warm, draft, order, _seat(order, command, entries), entries)

    def _pass_time(self, warm: Warm, draft: Fold, at: Instant) -> Decided | None:
        """Let happen what has fallen due; gives the last of it."""
        if draft.game.alarm is None or at < draft.game.alarm:
            return None
        with _whole(warm, draft):
            entries = draft.game.pass_time(at)
        last = None
        for command_id, phase in groupby(entries, lambda entry: entry.command_id):
            order = Order(HOUSE, Key(command_id, b""), _nothing)
            last = self._send(warm, draft, order, KEEPER, tuple(phase))
        return last

    def _send(
        self, warm: Warm, draft: Fold, order: Order, seat: PlayerId, entries: tuple[Entry, ...]
    ) -> Decided:
        """Queue what was decided; the draft goes on from it at once."""
        expected, previous = entries[0].version - 1 if entries else draft.game.version, draft.hash
        receipt = Receipt(order.key.body_hash, seat, expected + 1, expected + len(entries))
        seating = _seating(entries, order.account)
        append = Append(
            warm.id, expected, previous, order.actor, order.key.id, receipt,
            self._seal(draft, entries), seating, _ends(entries),
        )  # fmt: skip
        draft.seat(seating)
        stored = self._store.append(append)
        decided = Decided(append, entries, draft.hash, draft, stored)
        warm.in_flight[decided.name] = decided
        stored.add_done_callback(partial(self._settle, warm, decided))
        return decided

    def _seal(self, draft: Fold, entries: tuple[Entry, ...]) -> tuple[log.Line, ...]:
        lines = []
        for entry in entries:
            line = log.seal(entry, draft.hash, self._salt)
            draft.hash = line.hash
            lines.append(line)
        return tuple(lines)

    def _salt(self) -> bytes:
        return self._ids.secret(log.SALT_BYTES)

    def _settle(self, warm: Warm, decided: Decided, stored: "asyncio.Future[Outcome]") -> None:
        """Follow a commit, or throw the draft away; runs before anybody is answered."""
        if warm.in_flight.get(decided.name) is decided:
            del warm.in_flight[decided.name]
        try:
            if stored.exception() is None and isinstance(stored.result(), Appended):
                warm.commit(decided)
                self._changed(warm)
            else:
                warm.discard(decided.draft)
        except BaseException:
            warm.discard(decided.draft)  # it would stay ahead of a game that did not follow
            raise
        finally:
            decided.settled.set()

    async def _confirm(self, warm: Warm, draft: Fold, order: Order) -> Receipt | None:
        """Check a refusal against the store; gives the receipt if the key was used before."""
        look = await self._store.look(warm.id, *order.name)
        if look.receipt is not None:
            return look.receipt
        if look.version > draft.game.version:
            raise _LostRace(look.version)
        await _landed(warm)
        if not warm.is_draft(draft):
            raise _LostRace
        return None


@contextmanager
def _whole(warm: Warm, draft: Fold) -> Iterator[None]:
    """Throw a draft away that a fault of ours may have left half changed."""
    try:
        yield
    except Refused:
        raise
    except BaseException:
        warm.discard(draft)
        raise


async def _outcome(decided: Decided) -> Receipt:
    """Wait until a command is stored and settled; who stops waiting does not stop the commit."""
    try:
        await decided.settled.wait()
    except asyncio.CancelledError:
        raise CommitUnderWay from None
    outcome = decided.stored.result()
    if isinstance(outcome, Conflict):
        raise _LostRace(outcome.version)
    return outcome.receipt if isinstance(outcome, Duplicate) else decided.append.receipt


async def _landed(warm: Warm) -> None:
    """Wait until what is on its way to the store now has arrived, or has failed."""
    for decided in list(warm.in_flight.values()):
        await decided.settled.wait()


def _seat(order: Order, command: Command, entries: tuple[Entry, ...]) -> PlayerId:
    """Give the seat whose command it was; for one who sat down, the seat that they took."""
    if command.actor != NOBODY:
        return command.actor
    sat = SeatTaken | SeatPassed
    return next(entry.event.seat for entry in entries if isinstance(entry.event, sat))


def _seating(entries: tuple[Entry, ...], account: str | None) -> tuple[Seating, ...]:
    changes = []
    for entry in entries:
        event = entry.event
        if isinstance(event, SeatTaken | SeatPassed) and not event.bot:
            changes.append(Seating(event.seat, account))
        elif isinstance(event, DeskOpened):
            changes.append(Seating(KEEPER, account))
        elif isinstance(event, SeatLeft | SeatPassed):
            changes.append(Seating(event.seat, None))
    return tuple(changes)


def _ends(entries: tuple[Entry, ...]) -> bool:
    return any(
        isinstance(entry.event, PhaseBegan) and entry.event.phase is ENDED for entry in entries
    )


def _nothing(draft: Fold) -> Command:
    raise AssertionError("what time brings about has no command")
