"""Standings: what games have come to for those who played them.

A game counts when at least five people sat at its table at the end, each with an account of their
own or as a guest; bots do not count, and neither does a game that its host has ended. Whoever sat
to the end, also the dead, earns 10 points of reputation, and 50 for a win. Who walked out has lost
and earns nothing; who took a seat over has all that it brings.

Results follow from a game's log and from who held its seats at the end. They are computed when the
end is committed, by whatever process does so, and at the next start for games that were missed;
(game, account) is their key, so twice does no harm.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Final

import attrs

from mafia_district.game import Game
from mafia_district.ids import Day, PlayerId, has, members
from mafia_district.outcome import Outcome
from mafia_district.phases import ENDED, PhaseBegan
from mafia_district.roles import Role
from mafia_district.roster import PlayerDied, PlayerLeft, SeatTaken
from mafia_district_servers.errors import NoSuchGame
from mafia_district_servers.games.authority import Authority
from mafia_district_servers.games.warm import Warm
from mafia_district_servers.ports import (
    Accounts,
    Clock,
    Leader,
    OutcomeUnknown,
    Result,
    StoreUnavailable,
)

FEWEST: Final = 5  # people, for a game to count
WIN: Final = 50
STAYED: Final = 10
_RETRY_MS: Final = 60_000
_REMEMBER: Final = 4_096  # games known to be settled

_log = logging.getLogger(__name__)


@attrs.frozen
class Tally:
    """Games played, and how many of them were won."""

    games: int = 0
    wins: int = 0

    def and_one(self, won: bool) -> "Tally":
        """Count one more."""
        return Tally(self.games + 1, self.wins + won)


@attrs.frozen
class Statistics:
    """What an account has played; `days_lived` and `reputation` are sums over all its games."""

    games: int
    wins: int
    days_lived: int
    reputation: int
    sides: dict[str, Tally]
    roles: dict[str, Tally]


class Standings:
    """Keeps the results of games, and reads from them."""

    def __init__(self, accounts: Accounts, authority: Authority, clock: Clock) -> None:
        self._accounts = accounts
        self._authority = authority
        self._clock = clock
        self._settled: dict[str, None] = {}
        self._settling: dict[str, asyncio.Task[None]] = {}
        authority.enders.append(self.hear)

    def hear(self, warm: Warm) -> None:
        """Hear of a game that is over; its results are kept soon."""
        if warm.id not in self._settled and warm.id not in self._settling:
            self._settling[warm.id] = asyncio.create_task(self._settle(warm))

    async def run(self) -> None:
        """Settle the games that were missed; runs until cancelled."""
        while True:
            try:
                await self.catch_up()
                return
            except StoreUnavailable as error:
                _log.warning("cannot settle the games that were missed: %s", error)
            await self._clock.sleep_until(self._clock.now() + _RETRY_MS)

    async def catch_up(self) -> None:
        """Settle the games that ended while nobody heard of it."""
        ended = [row.id for row in await self._authority.games() if row.ended]
        for game in await self._accounts.unsettled(ended):
            try:
                self.hear(await self._authority.read(game))
            except (NoSuchGame, StoreUnavailable) as error:
                _log.error("game %s is not settled: %s", game, error)
            await self.settled()

    async def settled(self) -> None:
        """Wait for the results that are being kept."""
        await asyncio.gather(*self._settling.values())

    async def statistics(self, account: str) -> Statistics:
        """Sum an account's results up."""
        await self.settled()
        results = await self._accounts.results(account)
        sides: dict[str, Tally] = {}
        roles: dict[str, Tally] = {}
        for row in results:
            sides[row.side] = sides.get(row.side, Tally()).and_one(row.won)
            roles[row.role] = roles.get(row.role, Tally()).and_one(row.won)
        return Statistics(
            len(results),
            sum(row.won for row in results),
            sum(row.days for row in results),
            sum(row.reputation for row in results),
            sides,
            roles,
        )

    async def leaders(self, limit: int) -> list[Leader]:
        """List the accounts that have earned most reputation."""
        await self.settled()
        return await self._accounts.leaders(limit)

    async def _settle(self, warm: Warm) -> None:
        try:
            await self._accounts.settle(warm.id, results(warm.id, warm.game, warm.seats))
            self._remember(warm.id)
        except (StoreUnavailable, OutcomeUnknown) as error:
            _log.warning("game %s is settled later: %s", warm.id, error)
        except Exception:
            _log.exception("game %s is not settled", warm.id)
        finally:
            del self._settling[warm.id]

    def _remember(self, game: str) -> None:
        self._settled[game] = None
        if len(self._settled) > _REMEMBER:
            del self._settled[next(iter(self._settled))]


def results(name: str, game: Game, seats: Mapping[str, PlayerId]) -> list[Result]:
    """Say what a game that is over has come to for the accounts that hold its seats."""
    outcome, roster = game.outcome, game.state.table.roster
    people = {who: seat for who, seat in seats.items() if has(roster.persons, seat)}
    by_host = outcome is None or _ended_by_host(outcome)
    if outcome is None or by_host or not roster.dealt or len(people) < FEWEST:
        return []
    lived, left = _lives(game)
    found = []
    for account, seat in sorted(people.items()):
        role = roster.role(seat)
        assert role is not None, "a game that was dealt knows every role"
        won = seat not in left and _won(outcome, role, seat)
        earned = 0 if seat in left else STAYED + WIN * won
        found.append(
            Result(name, account, role.alignment, role.name, won, lived[seat], earned, game.at)
        )
    return found


def _ended_by_host(outcome: Outcome) -> bool:
    return outcome.reason == "ended by the host"


def _won(outcome: Outcome, role: Role, seat: PlayerId) -> bool:
    return role.wins in outcome.winners or seat in outcome.seats


def _lives(game: Game) -> tuple[dict[PlayerId, Day], set[PlayerId]]:
    """Give the last day that each seat has seen alive, and who walked out."""
    day, left = 0, set()
    died: dict[PlayerId, Day] = {}
    for entry in game.log:
        event = entry.event
        if isinstance(event, PhaseBegan) and event.phase is not ENDED:
            day = event.day
        elif isinstance(event, PlayerDied):
            died[event.seat] = day
        elif isinstance(event, PlayerLeft):
            left.add(event.seat)
        elif isinstance(event, SeatTaken):
            left.discard(event.seat)  # a substitute
    seats = members(game.state.table.roster.seats)
    return {seat: died.get(seat, day) for seat in seats}, left
