"""Tables to test at: games laid out in a few words, and what one asks of them.

A cast is written with one letter a seat, lowest seat first, as in "vvvcdmm"; `CAST` says what the
letters mean. All persons, no bots, unless a test wants it otherwise; seat 0 hosts.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs
import pytest

from mafia_district.catalogue import Catalogue
from mafia_district.catalogue.records import METHODS
from mafia_district.chat import ROOMS, Say, Whisper
from mafia_district.choices import SAMPLE_TEXT
from mafia_district.clock import Done, Extend, Pause, Resume
from mafia_district.game import Game
from mafia_district.ids import KEEPER, NOBODY, SPECTATOR, Instant, PlayerId, Viewer, members
from mafia_district.items import GiveItem, UseItem
from mafia_district.keeper import LookIn, OpenDesk
from mafia_district.lobby import (
    AddBots,
    Close,
    HandOver,
    Kick,
    Leave,
    SetReady,
    Start,
    TakeSeat,
)
from mafia_district.machine import Code, Command, Event, Refused
from mafia_district.night.collect import Act, Withdraw
from mafia_district.night.verbs import VERBS
from mafia_district.outcome import End
from mafia_district.record import Recorded
from mafia_district.roster import RolesDealt
from mafia_district.rules import Rules
from mafia_district.rumors import BuyRumor, ShareRumor
from mafia_district.sayings import Facts
from mafia_district.shop import Buy, Cancel
from mafia_district.state import State
from mafia_district.substitution import OfferSeat, SeatBot, TakeOver
from mafia_district.tasks import Complete
from mafia_district.town import Move
from mafia_district.voting import CastVote, Unvote
from mafia_district.wire import choices_bytes, event_bytes, view_bytes

from .streets import catalogue

CAST: Final = {
    "v": "vanilla_townie",
    "m": "mafia_goon",
    "c": "town_cop",
    "d": "town_doctor",
    "r": "town_roleblocker",
    "x": "mafia_roleblocker",
    "g": "town_vigilante",
    "o": "one_shot_vigilante",
    "j": "jester",
}


def rules(**settings: Any) -> Rules:
    """Change some of the classic rules."""
    return Rules.preset("classic").replace(**settings)


def village(*, special: bool, reliability: int, **places: dict[str, Any]) -> Catalogue:
    """Make a small town's catalogue, with some of its places changed.

    Its wards and vests stop whatever kills and tell of it; if it is `special`, all its goods but
    garlic and water lie under the counter.
    """
    small = catalogue(reliability)
    return attrs.evolve(
        small,
        places=tuple(attrs.evolve(row, **places.get(row.id, {})) for row in small.places),
        items=tuple(
            attrs.evolve(
                item,
                methods=METHODS if item.methods else (),
                tells=bool(item.methods),
                special=item.special or (special and item.id not in ("garlic", "water")),
            )
            for item in small.items
        ),
    )


def lobby(persons: int, *, bots: int = 0, code: str = "", seed: int = 7, **settings: Any) -> Game:
    """Open a lobby, private with a code, and seat persons and then bots."""
    game = Game.open(rules(**settings), seed, 0, code=code)
    do(game, *[TakeSeat(NOBODY, f"Player {seat}", code) for seat in range(persons)])
    if bots:
        do(game, AddBots(KEEPER, bots))
    return game


def started(game: Game) -> Game:
    """Make everybody ready and start the countdown."""
    persons = members(game.state.table.roster.persons)
    do(game, *[SetReady(seat, True) for seat in persons], Start(KEEPER))
    return game


def dealt(cast: str, **settings: Any) -> Game:
    """Play from the lobby to the first phase with the roles of a cast, by seat."""
    roles = tuple(CAST[letter] for letter in cast)
    counts = tuple((role, roles.count(role)) for role in dict.fromkeys(roles))
    game = started(lobby(len(cast), roles=counts, **settings))
    end_phase(game)
    return with_deal(game, roles)


def with_deal(game: Game, roles: tuple[str, ...]) -> Game:
    """Give the same game with another deal."""
    (deal,) = [entry.event for entry in game.log if isinstance(entry.event, RolesDealt)]
    return swapped(game, {deal: RolesDealt(roles)})


def swapped(game: Game, draws: Mapping[Event, Event]) -> Game:
    """Give the same game with other draws.

    A draw stands in an event: so it is swapped in the record, and the record is folded and can be
    played on. The game knows no other way, and needs none for tests.
    """
    recorded = game.record()
    entries = tuple(
        entry._replace(event=draws.get(entry.event, entry.event)) for entry in recorded.entries
    )
    return Game.replay(Recorded(recorded.header, entries, recorded.seed))


def do(game: Game, *commands: Command) -> tuple[Event, ...]:
    """Send commands, all at the instant of the last; give the events that came of them."""
    return tuple(entry.event for sent in commands for entry in game.handle(sent, game.at))


def end_phase(game: Game) -> tuple[Event, ...]:
    """Let the deadline come; give the events that came of it."""
    assert game.deadline is not None
    return tuple(entry.event for entry in game.pass_time(game.deadline))


def refused(game: Game, sent: Command, at: Instant | None = None) -> Code:
    """Give the code with which a command is refused; nothing may have changed by it."""
    before = inside(game)
    with pytest.raises(Refused) as refusal:
        game.handle(sent, game.at if at is None else at)
    assert inside(game) == before
    return refusal.value.code


def dead(game: Game) -> set[PlayerId]:
    """Give the seats that have died."""
    return set(members(game.state.table.roster.dead))


def viewers(game: Game) -> tuple[Viewer, ...]:
    """List everybody who may watch: all seats, one that nobody holds, spectators and the keeper."""
    return (*range(game.state.table.roster.seats.bit_length() + 1), SPECTATOR, KEEPER)


def seen(game: Game, viewer: Viewer) -> tuple[bytes, bytes]:
    """Give all that a viewer is shown at the moment: the view and the choices."""
    return view_bytes(game.view(viewer)), choices_bytes(game.choices(viewer))


def frames(game: Game, viewer: Viewer, after: int = 0) -> list[tuple[int, Instant, bytes]]:
    """Give what a viewer's stream holds after a cursor, as it goes over the wire."""
    sights = game.entries(viewer, after)
    return [(sight.cursor, sight.at, event_bytes(sight.event)) for sight in sights]


def fold(game: Game, viewer: Viewer) -> State:
    """Fold what a viewer may see into a state of their own."""
    state = State(game.rules)
    for sight in game.entries(viewer):
        state.apply(sight.event, sight.at)
    return state


def inside(game: Game) -> str:
    """Write down everything that a game holds: its log and all of its state, hidden or not."""
    return repr((game.at, game.log[:], [_slots(own) for own in game.state.machines]))


def _slots(own: Any) -> list[tuple[str, Any]]:
    held = [(slot, getattr(own, slot)) for slot in type(own).__slots__]
    return [(slot, _slots(value) if isinstance(value, Facts) else value) for slot, value in held]


def fields(kind: type[Any]) -> tuple[str, ...]:
    """Name the fields of a record."""
    return tuple(field.name for field in attrs.fields(kind))


def thinkable(game: Game, seat: PlayerId, seats: int) -> Iterator[Command]:
    """List what a seat could send: one text and one number stand for all, and no salt."""
    for target in range(-2, seats + 1):
        yield from (CastVote(seat, target), Kick(seat, target), HandOver(seat, target))
        yield from (OfferSeat(seat, target), SeatBot(seat, target), TakeOver(seat, target, "Sub"))
        yield from [Act(seat, verb, target) for verb in VERBS]
    yield from [Withdraw(seat, verb) for verb in VERBS]
    yield from [Say(seat, room, SAMPLE_TEXT) for room in ROOMS]
    yield from [Done(seat, yes) for yes in (True, False)]
    yield from [SetReady(seat, yes) for yes in (True, False)]
    yield from (AddBots(seat, 1), Extend(seat, 60), OpenDesk(seat), LookIn(seat, "view"))
    yield from [kind(seat) for kind in (Unvote, Leave, Start, Pause, Resume, End, Close)]
    if game.rules.town:
        yield from _thinkable_in_town(game.rules.catalogue, seat, seats)


def _thinkable_in_town(small: Catalogue, seat: PlayerId, seats: int) -> Iterator[Command]:
    yield from [Move(seat, place.id) for place in small.places]
    yield from [BuyRumor(seat, trade.category) for trade in small.trades]
    yield from (Cancel(seat), Complete(seat, 1), Complete(seat, 2))
    for item in small.items:
        yield from (Buy(seat, item.id), UseItem(seat, item.id))
    for target in range(seats + 1):
        yield Whisper(seat, target, SAMPLE_TEXT)
        yield from [ShareRumor(seat, number, (target,)) for number in (1, 2)]
        for item in small.items:
            yield from (UseItem(seat, item.id, target), GiveItem(seat, item.id, target))
