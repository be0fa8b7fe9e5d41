"""The authority: the one way to a game, for every door of every service.

It opens games, lets accounts act in them, and keeps them going: a phase ends at its deadline, a bot
takes its turn, an empty lobby closes, and an outage is given back to the players. It knows accounts
and seats, but nothing of HTTP. How a command becomes a stored fact is told in `desk`.

Several authorities may serve the same store: each catches up with what the others have stored, and
of two that decide the same version or the same key only one is ever taken.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import Final

from mafia_district import log
from mafia_district.chance import SEED_BYTES
from mafia_district.chat import Say, Whisper
from mafia_district.clock import ShiftClock
from mafia_district.game import Game
from mafia_district.ids import KEEPER, NOBODY, Instant, PlayerId, Version
from mafia_district.keeper import LookIn, OpenDesk
from mafia_district.lobby import Close, TakeSeat
from mafia_district.machine import Code, Command, Entry, Refused
from mafia_district.phases import ENDED, LOBBY
from mafia_district.roster import SeatTaken
from mafia_district.rules import Rules
from mafia_district.substitution import OfferSeat, SeatBot, TakeOver
from mafia_district_servers.caller import Caller
from mafia_district_servers.errors import (
    CommitUnderWay,
    Forbidden,
    KeyReused,
    NoSuchGame,
    NotOver,
    NotSeated,
)
from mafia_district_servers.games.answers import Answer, answer
from mafia_district_servers.games.bot_seats import BotSeats
from mafia_district_servers.games.commands import make_key
from mafia_district_servers.games.desk import Desk, Key, Order
from mafia_district_servers.games.presence import Presence
from mafia_district_servers.games.pulse import Pulse
from mafia_district_servers.games.shelf import DAMAGE, Shelf
from mafia_district_servers.games.timers import Timers
from mafia_district_servers.games.warm import Fold, Warm
from mafia_district_servers.ports import (
    HOUSE,
    Clock,
    EventStore,
    Feed,
    GameHead,
    GameRow,
    Ids,
    NewGame,
    OutcomeUnknown,
    StoreUnavailable,
)
from mafia_district_servers.settings import Settings

__all__ = [
    "Answer",
    "Authority",
    "Forbidden",
    "Key",
    "KeyReused",
    "NoSuchGame",
    "NotOver",
    "NotSeated",
    "OutcomeUnknown",
    "StoreUnavailable",
    "Warm",
]

_KEEPERS_DO_NOT_PLAY: Final = "who has opened the keeper's desk takes no seat in this game"
_ONCE_A_GAME: Final = "who ever sat in a game is nobody's substitute there: let another come"

POLL_MS: Final = 1_000  # between two looks for what other processes have stored

_log = logging.getLogger(__name__)


class Authority:
    """All games of one store, as one process serves them.

    `chosen_seed` is for demonstrations: every game then has this seed, and its record says so.
    `alone` says that this process serves all of it: then what is in memory is the present, but for
    what another server on the same store has done within the last second. `may_speak` is asked
    about each account that acts, and `enders` hear of games that are over, of one perhaps more than
    once.
    """

    def __init__(
        self,
        store: EventStore,
        feed: Feed,
        clock: Clock,
        ids: Ids,
        settings: Settings,
        chosen_seed: int | None = None,
        *,
        alone: bool = False,
    ) -> None:
        self.feed = feed
        self._store = store
        self._clock = clock
        self._ids = ids
        self._chosen_seed = chosen_seed
        self._alone = alone
        self._shelf = Shelf(store, settings.warm_games, self._changed)
        self._desk = Desk(store, clock, ids, self._shelf, self._changed)
        self._timers = Timers(clock, self._ring)
        self._presence = Presence(clock)
        self._pulse = Pulse(store, clock, self._give_back)
        self._bots = BotSeats(self, clock, settings.bot_pace_ms)
        self._tasks: list[asyncio.Task[None]] = []
        self.may_speak: Callable[[str], Awaitable[bool]] = _all_may_speak
        self.enders: list[Callable[[Warm], None]] = []

    async def start(self) -> None:
        """Take up all unfinished games; after an outage, give the time back first.

        Of several processes on one store one is enough to do so: the others `follow`.
        """
        await self._pulse.beat()
        self._bots.start()
        for row in await self._store.games(unfinished=True):
            with _apart(row.id):
                self._changed(await self._shelf.get(row.id))
        for work in (self._timers.run, self._pulse.run):
            self._tasks.append(asyncio.create_task(work()))
        self.follow()

    def follow(self) -> None:
        """Look from now on for what other processes have stored."""
        self._tasks.append(asyncio.create_task(self._follow_others()))

    async def close(self) -> None:
        """Stop deadlines and bots; what is on its way to the store still gets there."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._bots.stop()

    async def open(self, caller: Caller, rules: Rules, *, public: bool, name: str, key: Key) -> str:
        """Open a lobby and give the game's id; a repeat of the key gives the same one.

        Raises KeyReused and StoreUnavailable.
        """
        return await self._open(caller.account, rules, public=public, name=name, key=key)

    async def _open(self, opener: str, rules: Rules, *, public: bool, name: str, key: Key) -> str:
        code = "" if public else self._ids.join_code()
        seed = self._ids.secret(SEED_BYTES) if self._chosen_seed is None else self._chosen_seed
        game = Game.open(rules, seed, self._clock.now(), code=code)
        assert game.seed is not None, "a game has its seed where it is opened"
        record = log.record(game.record(), self._salt)
        head = GameHead(
            self._ids.game_id(), self._epoch(), name, public, code, game.at,
            record.header, game.seed, opener,
        )  # fmt: skip
        new = NewGame(head, key.id, key.body_hash, record.lines)
        try:
            opening = await self._store.create(new)
        except asyncio.CancelledError:
            raise CommitUnderWay from None
        if opening.body_hash != key.body_hash:
            raise KeyReused(key.id)
        await self._shelf.get(opening.game)
        return opening.game

    async def act(
        self, game: str, caller: Caller, make: Callable[[PlayerId], Command], key: Key
    ) -> Answer:
        """Let a caller act in the seat that they hold; a repeat of the key acts once.

        Raises Refused, NotSeated, NoSuchGame, KeyReused, StoreUnavailable, OutcomeUnknown, and
        what `make` raises.
        """
        silent = not await self.may_speak(caller.account)

        def seated(draft: Fold) -> Command:
            seat = draft.seats.get(caller.account)
            if seat is None:
                raise NotSeated(game)
            command = make(seat)
            if silent and isinstance(command, Say | Whisper):
                raise Refused(Code.MAY_NOT_SPEAK, "an admin of this server has muted you")
            return command

        return await self._perform(game, Order(caller.account, key, seated))

    async def join(
        self, game: str, caller: Caller, *, name: str, code: str, commitment: str, key: Key
    ) -> Answer:
        """Seat a caller; raises as `act` does."""

        def sit(draft: Fold) -> Command:
            if caller.account in draft.seats:
                raise Refused(Code.ALREADY_SEATED, "you sit at this table already")
            if draft.past.get(caller.account) == KEEPER:
                raise Forbidden(_KEEPERS_DO_NOT_PLAY)
            return TakeSeat(NOBODY, name, code, commitment)

        return await self._perform(game, Order(caller.account, key, sit, caller.account))

    async def substitute(
        self, game: str, caller: Caller, seat: PlayerId, *, bot: bool, name: str, key: Key
    ) -> Answer:
        """Offer a seat or seat a bot there for one who sits; for others, take what is offered.

        Raises Forbidden for who has ever sat here, or has opened the keeper's desk: they know more
        than a substitute may. Raises as `act` does besides.
        """

        def pass_on(draft: Fold) -> Command:
            own = draft.seats.get(caller.account)
            if own is not None:
                return SeatBot(own, seat) if bot else OfferSeat(own, seat)
            if caller.account in draft.past:
                kept = draft.past[caller.account] == KEEPER
                raise Forbidden(_KEEPERS_DO_NOT_PLAY if kept else _ONCE_A_GAME)
            if bot:
                raise NotSeated(game)
            return TakeOver(NOBODY, seat, name)

        return await self._perform(game, Order(caller.account, key, pass_on, caller.account))

    async def open_desk(self, game: str, caller: Caller) -> Answer:
        """Open the keeper's desk for a caller; a repeat is given the same answer.

        Raises Forbidden for who may not, and as `act` does.
        """
        warm = await self.read(game)

        def sit_down(draft: Fold) -> Command:
            if not (caller.looks_after or caller.account == warm.opener):
                raise Forbidden("who opened the lobby may keep the game, or an administrator")
            if caller.account in draft.past:
                raise Forbidden("who sits in a game, or ever did, sees it with that seat's eyes")
            return OpenDesk(KEEPER)

        key = Key("open", b"")
        return await self._perform(game, Order(_desk(caller), key, sit_down, caller.account))

    async def look_in(self, game: str, caller: Caller, what: str) -> Warm:
        """Record a look from the keeper's desk, and give the game; after the end nothing is hidden.

        Raises Forbidden for who has not opened the desk, and as `act` does.
        """
        warm = await self.read(game)
        if not warm.keeps(caller.account):
            raise Forbidden("the keeper's eyes are for who has opened the keeper's desk")
        if warm.game.phase is not ENDED:
            key = Key(make_key(self._clock.now()), b"")
            look = LookIn(KEEPER, what)
            await self._perform(game, Order(_desk(caller), key, partial(_always, look)))
        return warm

    async def rematch(self, game: str, caller: Caller) -> Warm:
        """Give the next game of the people who hold a game's seats; the first to ask opens it.

        Raises NotOver, NotSeated, NoSuchGame and StoreUnavailable.
        """
        warm = await self.read(game)
        if caller.account not in warm.seats:
            raise NotSeated(game)
        if warm.game.phase is not ENDED:
            raise NotOver(game)
        opener, key = f"rematch:{game}", Key("rematch", b"")
        rules, public, name = warm.game.rules, warm.public, warm.name
        return await self.read(await self._open(opener, rules, public=public, name=name, key=key))

    async def act_as_bot(self, game: str, seat: PlayerId, command: Command, key: str) -> None:
        """Let a bot act in its seat; two drivers with the same key act once."""
        await self._perform(game, Order(f"bot:{seat}", Key(key, b""), partial(_always, command)))

    async def read(self, game: str, at_least: Version | None = None) -> Warm:
        """Give a game, caught up with the store, for reading only.

        The store is not asked if the game has come to `at_least` already, which is what somebody
        wants who has heard of a version from the feed. Raises NoSuchGame and StoreUnavailable.
        """
        warm = await self._shelf.get(game)
        if at_least is None and not self._alone:
            await self._desk.catch_up(warm)
        else:
            await self._desk.reach(warm, at_least or 0)
        return await self._shelf.get(game)  # another one, if its texts were erased meanwhile

    async def log(self, game: str) -> log.Record:
        """Read a game's record as it is stored; whether it may be shown is for the caller."""
        stored = await self._store.load(game)
        if stored is None:
            raise NoSuchGame(game)
        return log.Record(stored.head.header, stored.lines)

    async def erase(self, account: str) -> None:
        """Forget what an account's person wrote in all games: messages, and names of their own.

        The entries stay, and so does the chain of their hashes. Raises StoreUnavailable and
        OutcomeUnknown.
        """
        for game, versions in (await self._store.written(account)).items():
            stored = await self._store.load(game)
            assert stored is not None, "games are never deleted"
            own = [at for at in versions if not _is_bot(log.unseal(stored.lines[at - 1]))]
            await self._store.erase(game, own, self._epoch())
            await self._shelf.drop(game)

    async def games(self, *, unfinished: bool = False) -> list[GameRow]:
        """List games, newest first, private ones too: all, or those that are not over."""
        return await self._store.games(unfinished=unfinished)

    async def last_sign(self) -> Instant | None:
        """Read when a server of this store last gave a sign of life."""
        return await self._store.last_sign()

    def present(self, game: str, seat: PlayerId, online: bool) -> None:
        """Hear that a seat's person has connected, or is gone."""
        self._presence.set(game, seat, online)
        warm = self._shelf.kept(game)
        if warm is not None:
            self._set_alarm(warm)

    async def _perform(self, game: str, order: Order) -> Answer:
        if self._pulse.missed():
            await self._pulse.beat()
        return answer(*await self._desk.perform(game, order))

    def _epoch(self) -> str:
        return self._ids.secret(8).hex()

    def _salt(self) -> bytes:
        return self._ids.secret(log.SALT_BYTES)

    def _changed(self, warm: Warm) -> None:
        """Tell the world of a game that has come into memory, or further."""
        self.feed.publish(warm.id, warm.game.version)
        self._set_alarm(warm)
        self._bots.notice(warm)

    def _set_alarm(self, warm: Warm) -> None:
        """Look at a game again at its deadline, or when its lobby has been empty for long."""
        game = warm.game
        if game.phase is LOBBY:
            self._timers.set(warm.id, self._presence.closes_at(warm.id, game.at))
        else:
            self._timers.set(warm.id, game.alarm)
        if game.phase is ENDED:
            self._presence.forget(warm.id)
            for hear in self.enders:
                hear(warm)

    async def _ring(self, game: str) -> None:
        if self._pulse.missed():
            await self._pulse.beat()
        await self._desk.pass_time(game)
        warm = await self._shelf.get(game)
        if warm.game.phase is LOBBY:
            await self._close_if_empty(warm)
        self._set_alarm(warm)

    async def _close_if_empty(self, warm: Warm) -> None:
        closes_at = self._presence.closes_at(warm.id, warm.game.at)
        if closes_at is None or closes_at > self._clock.now():
            return
        key = Key(f"empty:{warm.game.version}", b"")
        with contextlib.suppress(Refused):  # somebody has started the game in the meantime
            await self._desk.perform(warm.id, Order(HOUSE, key, partial(_always, Close(KEEPER))))

    async def _give_back(self, since: Instant) -> None:
        """Give every running game the time of an outage back, counted from the last sign of life.

        The shift is dated at that sign, when the deadline was still to come: so it is the first
        thing that happens after the outage, and no phase ends of what nobody could use.
        """
        for row in await self._store.games(unfinished=True):
            with _apart(row.id):
                await self._shift(await self._shelf.get(row.id), since)

    async def _shift(self, warm: Warm, since: Instant) -> None:
        if warm.game.deadline is None:
            return
        at = max(since, warm.game.at)
        shift = ShiftClock(KEEPER, self._clock.now() - at)
        key = Key(f"outage:{since}", b"")
        with contextlib.suppress(Refused):  # another process has let the game end
            await self._desk.perform(warm.id, Order(HOUSE, key, partial(_always, shift), at=at))

    async def _follow_others(self) -> None:
        """Look now and then for what other processes have stored in the games shown here."""
        while True:
            await self._clock.sleep_until(self._clock.now() + POLL_MS)
            try:
                await self._poll()
            except StoreUnavailable as error:
                _log.warning("cannot look for news: %s", error)
            except Exception:
                _log.exception("cannot look for news")

    async def _poll(self) -> None:
        games = set(self.feed.listened()).union(self._shelf.running() if self._alone else ())
        for game, version in (await self._store.versions(games) if games else {}).items():
            with _apart(game):
                await self.read(game, at_least=version)


@contextlib.contextmanager
def _apart(game: str) -> Iterator[None]:
    """Log what is wrong with one game, so that the others go on.

    A store that does not answer is no fault of the game's: that goes through, to be tried again.
    """
    try:
        yield
    except Exception as fault:
        of_the_store = isinstance(fault, StoreUnavailable | OutcomeUnknown)
        if of_the_store and not isinstance(fault.__cause__, DAMAGE):
            raise
        _log.exception("game %s is left out", game)


def _is_bot(entry: Entry) -> bool:
    """Tell whether an entry seats a bot, whose name is nobody's."""
    return isinstance(entry.event, SeatTaken) and entry.event.bot


async def _all_may_speak(account: str) -> bool:
    return True


def _desk(caller: Caller) -> str:
    """Name the actor of what a caller does at the keeper's desk; no account is called so."""
    return f"keeper:{caller.account}"


def _always(command: Command, draft: Fold) -> Command:
    return command
