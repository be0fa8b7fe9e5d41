"""The shelf: what is thrown away when there is no more room."""

import asyncio
from unittest.mock import AsyncMock

import attrs
import pytest

from mafia_district.lobby import Close
from mafia_district.log import Damaged
from mafia_district_servers.errors import NoSuchGame
from mafia_district_servers.games.shelf import Shelf
from mafia_district_servers.games.warm import Warm
from mafia_district_servers.ports import StoreUnavailable

from ..tables import HeldStore, Place
from ..virtual import in_loop, settle


@in_loop
async def test_ended_games_go_first_then_the_oldest() -> None:
    """Given room for three games, one that is over makes place, then the one left alone longest."""
    store = HeldStore()
    place = Place(store)
    a, b, c, d, e = [await place.open(name=name) for name in "abcde"]
    await place.join(b, "ann")
    await place.act(b, "ann", Close, "close")
    shelf = Shelf(store, 3, loaded=lambda warm: None)
    for game in (a, b, c, a, d):
        await shelf.get(game)
    assert [shelf.kept(game) is not None for game in (a, b, c, d)] == [True, False, True, True]
    await shelf.get(e)
    assert [shelf.kept(game) is not None for game in (a, c, d, e)] == [True, False, True, True]


@in_loop
async def test_a_game_with_commands_on_their_way_stays() -> None:
    """Given room for one game whose command is not stored yet, another comes beside it."""
    store = HeldStore()
    place = Place(store, warm_games=1)
    busy, other = [await place.open(name=name) for name in "ab"]
    await place.join(busy, "ann")
    warm = await place.authority.read(busy)
    store.hold()
    waiting = asyncio.ensure_future(place.ready(busy, "ann", "r"))
    await settle()
    await place.authority.read(other)
    assert await place.authority.read(busy) is warm
    store.release()
    await waiting


@in_loop
async def test_a_game_is_loaded_once_for_all_who_ask() -> None:
    """Given ten who ask for a cold game at once, it is loaded once; what is not there is said."""
    store = HeldStore()
    game = await Place(store).open()
    loaded: list[Warm] = []
    shelf = Shelf(store, 3, loaded.append)
    warm = await asyncio.gather(*(shelf.get(game) for _ in range(10)))
    assert loaded == warm[:1]
    assert len(set(map(id, warm))) == 1
    with pytest.raises(NoSuchGame):
        await shelf.get("nowhere")


@in_loop
async def test_a_bad_line_changes_nothing() -> None:
    """Given news with a bad line, a warm game stays as it was; a cold one is said to be bad."""
    store = HeldStore()
    place, late = Place(store), Place(store, label="late")
    game = await place.open()
    await late.authority.read(game)
    warm = await Shelf(store, 3, lambda _: None).get(game)
    await place.seat(game, ("ann", "bob"))
    good = await store.load(game)
    assert good is not None
    bad = attrs.evolve(good, lines=(*good.lines[:2], good.lines[2]._replace(event=b"{}")))
    with pytest.raises(Damaged):
        warm.catch_up(bad)
    assert (warm.game.version, warm.seats) == (1, {})
    assert warm.catch_up(good)
    assert len(warm.seats) == 2
    store.load = AsyncMock(return_value=bad)  # type: ignore[method-assign]
    with pytest.raises(StoreUnavailable, match="damaged"):
        await Shelf(store, 3, lambda _: None).get(game)
    with pytest.raises(StoreUnavailable, match="damaged"):
        await late.authority.read(game)
