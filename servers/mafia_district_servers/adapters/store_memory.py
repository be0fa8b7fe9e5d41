"""A store that forgets everything with its process: for tests and for tables that nobody keeps."""

import asyncio
from collections.abc import Collection, Iterable

import attrs

from mafia_district.ids import KEEPER, Instant, PlayerId, Version, Viewer
from mafia_district.log import Line, erase
from mafia_district_servers.adapters.judge import Head, Name, judge
from mafia_district_servers.ports import (
    Append,
    Appended,
    GameHead,
    GameRow,
    Look,
    NewGame,
    Opening,
    Outcome,
    Receipt,
    Stored,
)


@attrs.define
class _Game:
    head: GameHead
    lines: list[Line]
    seats: dict[str, PlayerId] = attrs.field(factory=dict)
    past: dict[str, Viewer] = attrs.field(factory=dict)
    ended: bool = False


class MemoryStore:
    """Keeps every game in plain dictionaries."""

    def __init__(self) -> None:
        self._games: dict[str, _Game] = {}
        self._heads: dict[str, Head] = {}
        self._receipts: dict[Name, Receipt] = {}
        self._openings: dict[tuple[str, str], Opening] = {}
        self._sign: Instant | None = None

    async def create(self, game: NewGame) -> Opening:
        """Store a new game; a repeat of an opener's key gives the game of the first time."""
        key = game.head.opener, game.command_id
        if key not in self._openings:
            self._openings[key] = Opening(game.head.id, game.body_hash)
            self._games[game.head.id] = _Game(game.head, list(game.lines))
            self._heads[game.head.id] = len(game.lines), game.lines[-1].hash
        return self._openings[key]

    def append(self, append: Append) -> "asyncio.Future[Outcome]":
        """Store a command at once."""
        (outcome,) = judge([append], self._heads, self._receipts)
        if isinstance(outcome, Appended):
            self._keep(self._games[append.game], append)
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        future.set_result(outcome)
        return future

    async def load(self, game: str, after: Version = 0) -> Stored | None:
        """Read a game's lines behind a version; None if there is no such game."""
        kept = self._games.get(game)
        if kept is None:
            return None
        return Stored(kept.head, tuple(kept.lines[after:]), dict(kept.seats), dict(kept.past))

    async def look(self, game: str, actor: str, command_id: str) -> Look:
        """Look up a game's version (0: no such game) and what a key stands for."""
        version = (await self.versions([game])).get(game, 0)
        return Look(version, self._receipts.get((game, actor, command_id)))

    async def versions(self, games: Iterable[str]) -> dict[str, Version]:
        """Look up the versions of several games."""
        return {game: self._heads[game][0] for game in games if game in self._heads}

    async def games(self, *, unfinished: bool = False) -> list[GameRow]:
        """List games, newest first: all, or those that are not over."""
        rows = [
            GameRow(
                game.head.id, game.head.name, game.head.public, game.head.created_at, game.ended
            )
            for game in self._games.values()
            if not (unfinished and game.ended)
        ]
        return sorted(rows, key=lambda row: (-row.created_at, row.id))

    async def written(self, account: str) -> dict[str, list[Version]]:
        """List by game the entries with free text that an account's commands brought about."""
        found: dict[str, set[Version]] = {}
        for (game, actor, _), receipt in self._receipts.items():
            if actor == account:
                found.setdefault(game, set()).update(range(receipt.first, receipt.last + 1))
        texts = {
            game: [version for version in sorted(own) if self._games[game].lines[version - 1].texts]
            for game, own in sorted(found.items())
        }
        return {game: versions for game, versions in texts.items() if versions}

    async def erase(self, game: str, versions: Collection[Version], epoch: str) -> None:
        """Forget the free text of entries, and begin another epoch."""
        kept = self._games[game]
        kept.head, lines = attrs.evolve(kept.head, epoch=epoch), kept.lines
        for version in versions:
            lines[version - 1] = erase(lines[version - 1])

    async def last_sign(self) -> Instant | None:
        """Read when a server last gave a sign of life; None if none ever did."""
        return self._sign

    async def sign(self, at: Instant) -> None:
        """Give a sign of life."""
        self._sign = max(at, self._sign or at)

    async def close(self) -> None:
        """Keep everything, for whoever opens this store next."""

    def _keep(self, game: _Game, append: Append) -> None:
        game.lines += append.lines
        game.ended = game.ended or append.ended
        for change in append.seating:
            game.seats = {
                account: seat for account, seat in game.seats.items() if seat != change.seat
            }
            if change.account is not None:
                game.past[change.account] = change.seat
            if change.account is not None and change.seat != KEEPER:
                game.seats[change.account] = change.seat
