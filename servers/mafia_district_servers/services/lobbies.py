"""The game service's lobbies: opening one, and finding one that is public."""

import logging
from typing import Final, TypeAlias

import attrs
import msgspec

from mafia_district.catalogue import Catalogue
from mafia_district.game import Game
from mafia_district.ids import SPECTATOR, Instant
from mafia_district.phases import Phase
from mafia_district.rules import Rules
from mafia_district_servers.games.authority import Authority
from mafia_district_servers.http.routes import Call, Nothing, Reply, Route, reply
from mafia_district_servers.middleware.invalidation import LOBBIES
from mafia_district_servers.names import printable
from mafia_district_servers.ports import GameRow, StoreUnavailable
from mafia_district_servers.problems import Fault, Problem

_log = logging.getLogger(__name__)

_LISTED: Final = 50  # lobbies in one answer
_LISTED_MS: Final = 1_000  # for how long a list is good
_NAME: Final = 64  # most characters of a lobby's name
_NOT_SETTINGS: Final = {
    "name": 'choose the preset in "rules", not among the settings',
    "roles": 'name the roles in "roles", not among the settings',
    "setup_name": 'name the setup in "setup", not among the settings',
    "catalogue": "which catalogue a town is made of is the server's to set",
}

Setting: TypeAlias = str | int | bool


@attrs.frozen
class OpenLobby:
    """A lobby to open: `rules` is a preset, `settings` change single rules of it.

    `house` names a house whose answers to disputed questions are taken, MafiaScum's if empty.
    `setup` names a published setup, whose rules go over those of the preset; `roles` names what is
    dealt, as in "5 vanilla_townie, 2 mafia_goon". Without both the preset's counts are dealt. An
    empty preset is the setup's own, or else `district`. A lobby that is not public can be seen and
    entered with its code alone.
    """

    name: str = "Mafia"
    rules: str = ""
    setup: str = ""
    house: str = ""
    settings: dict[str, Setting] = attrs.field(factory=dict)
    roles: str = ""
    public: bool = True


@attrs.frozen
class LobbyOpened:
    """The new game; `code` is empty for a public one."""

    game: str
    code: str


@attrs.frozen
class LobbyRow:
    """A public game in the list."""

    game: str
    name: str
    phase: Phase
    seats: int
    max_seats: int
    created_at: Instant


@attrs.frozen
class Lobbies:
    """Public games that are not over, newest first."""

    lobbies: list[LobbyRow]


async def open_lobby(call: Call[OpenLobby, Nothing]) -> Reply:
    """Open a lobby; its opener still has to join."""
    house, asked = call.house, call.body
    name = printable(asked.name, _NAME)
    game = await house.authority.open(
        call.session.caller,
        _rules(asked, house.settings.catalogue),
        public=asked.public,
        name=name,
        key=call.key,
    )
    warm = await house.authority.read(game)
    return reply(LobbyOpened(game, warm.code), 201)


def _rules(asked: OpenLobby, catalogue: Catalogue) -> Rules:
    """Build the rules; raises a `bad_rules` problem with a sentence that says what is wrong."""
    for name, why in _NOT_SETTINGS.items():
        if name in asked.settings:
            raise Problem(Fault.BAD_RULES, why)
    try:
        rules = _named(asked).replace(catalogue=catalogue, **asked.settings)
        return rules.with_settings({"roles": asked.roles}) if asked.roles else rules
    except ValueError as error:
        raise Problem(Fault.BAD_RULES, str(error)) from None


def _named(asked: OpenLobby) -> Rules:
    if asked.setup:
        rules = Rules.published(asked.setup, asked.rules)
    else:
        rules = Rules.preset(asked.rules or "district")
    return rules.in_house(asked.house) if asked.house else rules


async def lobbies(call: Call[Nothing, Nothing]) -> Reply:
    """List the public games that are not over, as they were within the last second."""
    house = call.house
    listed = await house.cache.get(LOBBIES)
    if not listed:
        listed = msgspec.json.encode(await _list(house.authority))
        await house.cache.set(LOBBIES, listed, _LISTED_MS)
    return Reply(listed)


async def _list(authority: Authority) -> Lobbies:
    rows = [row for row in await authority.games(unfinished=True) if row.public]
    found = [await _find(authority, row) for row in rows[:_LISTED]]
    return Lobbies([row for row in found if row is not None])


async def _find(authority: Authority, row: GameRow) -> LobbyRow | None:
    """Look a game up; one that cannot be read is left out, and does not hide the others."""
    try:
        warm = await authority.read(row.id, at_least=0)
    except StoreUnavailable as error:
        _log.error("left out of the list of lobbies: %s", error)
        return None
    return _row(row, warm.game)


def _row(row: GameRow, game: Game) -> LobbyRow:
    seats = len(game.view(SPECTATOR).seats)
    return LobbyRow(row.id, row.name, game.phase, seats, game.rules.max_seats, row.created_at)


ROUTES: Final = (
    Route(
        "POST", "/api/game/lobbies", open_lobby, "Open a lobby",
        request=OpenLobby, response=LobbyOpened, status=201,
    ),
    Route(
        "GET", "/api/game/lobbies", lobbies, "List public games",
        response=Lobbies,
    ),
)  # fmt: skip
