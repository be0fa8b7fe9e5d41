"""Bot seats: the house plays the seats that no person has taken.

One task plays all bots of a game, each by a player that it keeps for as long as it plays. What a
bot does follows from its view, its own dice and what it remembers; after a restart a new player
goes on from what the view shows. When a bot acts, and when it says *done*, is drawn without a look
at its role or at what it did, so that the moment tells nobody anything; all act in the first half
of the time that they take, and say done in the second.
"""

import asyncio
import logging
from collections.abc import Iterator, MutableMapping
from hashlib import sha256
from heapq import heappop, heappush
from typing import Final, NamedTuple, Protocol, TypeAlias

from mafia_district.bots import Player, Sensible
from mafia_district.chance import Dice
from mafia_district.clock import Done
from mafia_district.game import Game
from mafia_district.ids import Instant, PlayerId, Version, members
from mafia_district.machine import Command, Refused
from mafia_district.night.powers import most_actions
from mafia_district.phases import ENDED, PLAYED
from mafia_district_servers.games.waiting import before
from mafia_district_servers.games.warm import Warm
from mafia_district_servers.ports import Clock, Feed, OutcomeUnknown, StoreUnavailable

RETRY_MS: Final = 1_000  # before a turn that came to nothing is taken again

Players: TypeAlias = MutableMapping[PlayerId, Player]

_log = logging.getLogger(__name__)


class House(Protocol):
    """What the bots need of the authority."""

    feed: Feed

    async def read(self, game: str, at_least: Version | None = None) -> Warm:
        """Give a game for reading."""
        ...

    async def act_as_bot(self, game: str, seat: PlayerId, command: Command, key: str) -> None:
        """Let a bot act in its seat."""
        ...


class Turn(NamedTuple):
    """A bot's next look at the game, to act or to say done; `lot` orders those of one instant."""

    at: Instant
    done: bool
    lot: int
    seat: PlayerId


class BotSeats:
    """Plays the bots of every running game, within `pace` milliseconds of a phase's beginning."""

    def __init__(self, house: House, clock: Clock, pace: int) -> None:
        self._house = house
        self._clock = clock
        self._pace = pace
        self._started = False
        self._drivers: dict[str, asyncio.Task[None]] = {}

    def start(self) -> None:
        """From now on play in every game that is noticed."""
        self._started = True

    async def stop(self) -> None:
        """Stop playing."""
        self._started = False
        drivers = list(self._drivers.values())
        for driver in drivers:
            driver.cancel()
        await asyncio.gather(*drivers, return_exceptions=True)

    def notice(self, warm: Warm) -> None:
        """Play in a game from now on, if it runs and has bots."""
        if not self._started or warm.id in self._drivers or not _plays(warm.game):
            return
        driver = self._drivers[warm.id] = asyncio.create_task(self._drive(warm.id))
        driver.add_done_callback(lambda _: self._drivers.pop(warm.id))

    async def _drive(self, game: str) -> None:
        try:
            await self._play(game)
        except Exception:
            _log.exception("the bots of game %s stopped: its next entry wakes them", game)

    async def _play(self, game: str) -> None:
        """Take turn after turn until the game is over."""
        phase, turns, players = -1, list[Turn](), dict[PlayerId, Player]()
        async with self._house.feed.subscribe(game) as changes:
            while _plays(now := (await self._house.read(game, at_least=0)).game):
                if now.phase_number != phase:
                    phase, turns = now.phase_number, sorted(self._plan(now, self._clock.now()))
                elif not turns:  # somebody's done was lost to another process that drives them
                    turns = sorted(self._plan(now, self._clock.now() + RETRY_MS))
                if turns and turns[0].at <= self._clock.now() and not _stands_still(now):
                    await self._take(game, now, players, turns)
                else:
                    next_at = turns[0].at if turns and not _stands_still(now) else None
                    await before(self._clock, next_at, anext(changes))

    def _plan(self, game: Game, start: Instant) -> Iterator[Turn]:
        """Draw the moments of all bots that are not done with this phase."""
        if game.phase not in PLAYED:
            return
        span = self._pace // 2
        if game.deadline is not None:
            span = max(0, min(span, (game.deadline - start) // 3))
        roster, phases = game.state.table.roster, game.state.table.phases
        looks = max(Sensible.turns, most_actions(roster.book, roster.deal))
        for seat in members(roster.bots & roster.alive & ~phases.done):
            dice = _dice(game, f"pace:{seat}:{game.phase_number}")
            for _ in range(looks):
                yield Turn(start + dice.below(span + 1), False, dice.below(1 << 32), seat)
            yield Turn(start + span + dice.below(span + 1), True, dice.below(1 << 32), seat)

    async def _take(self, name: str, game: Game, players: Players, turns: list[Turn]) -> None:
        """Take the next turn; one that came to nothing for no fault of the bot's is put back."""
        turn = heappop(turns)
        key = f"bot:{turn.seat}:{game.cursor(turn.seat)}"
        try:
            command = Done(turn.seat, True) if turn.done else _choose(game, turn, players)
            if command is not None:
                await self._house.act_as_bot(name, turn.seat, command, key)
        except Refused as refused:
            _log.debug("bot %d of game %s was refused: %s", turn.seat, name, refused)
        except (StoreUnavailable, OutcomeUnknown) as error:
            _log.warning("bot %d of game %s waits: %s", turn.seat, name, error)
            heappush(turns, turn._replace(at=self._clock.now() + RETRY_MS))
        except Exception:
            _log.exception("bot %d of game %s failed", turn.seat, name)


def _choose(game: Game, turn: Turn, players: Players) -> Command | None:
    """Ask the seat's player; at its first look here one sits down, with dice of that moment."""
    seat = turn.seat
    if seat not in players:
        players[seat] = Sensible(_dice(game, f"bot:{seat}:{game.version}:{turn.lot}"))
    return players[seat].act(game.view(seat), game.choices(seat))


def _dice(game: Game, stream: str) -> Dice:
    assert game.seed is not None, "a game that is played on has its seed"
    return Dice(sha256(game.seed + stream.encode()).digest())


def _plays(game: Game) -> bool:
    return bool(game.state.table.roster.bots) and game.phase is not ENDED


def _stands_still(game: Game) -> bool:
    return game.state.table.phases.paused is not None
