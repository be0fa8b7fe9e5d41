"""Looks: chosen in the lobby or given by lot, worn for all to see, and nobody's role."""

from collections import Counter
from typing import Final

import pytest

from mafia_district.catalogue import BUILT_IN
from mafia_district.catalogue.records import SLOTS
from mafia_district.ids import EVERYONE, NOBODY, SPECTATOR
from mafia_district.lobby import Leave, TakeSeat
from mafia_district.looks import Dress, LookChosen
from mafia_district.machine import Code

from .districts import gathered, town
from .tables import do, end_phase, fold, lobby, refused, started

RACKS: Final = {slot: [a for a in BUILT_IN.assets if a.slot == slot] for slot in SLOTS}
FIRST: Final = tuple(rack[0].id for rack in RACKS.values())
SECOND: Final = tuple(rack[1].id for rack in RACKS.values())


def test_a_look_is_chosen_in_the_lobby_and_kept() -> None:
    """Given a choice and a second thought, all see the last; at the start it stays as it is."""
    game = gathered(5)
    assert do(game, Dress(0, FIRST)) == (LookChosen(0, FIRST),)
    started(game)
    do(game, Dress(0, SECOND))
    end_phase(game)
    assert {town(game, viewer).looks[0] for viewer in (0, 4, SPECTATOR)} == {SECOND}
    assert fold(game, SPECTATOR).table.looks.worn == game.state.table.looks.worn
    chosen = [entry for entry in game.log if isinstance(entry.event, LookChosen)]
    assert {entry.audience for entry in chosen} == {EVERYONE}
    assert len(chosen) == 6


def test_who_has_not_chosen_is_dressed_by_lot_and_in_nothing_that_is_earned() -> None:
    """Given thirty who chose nothing, each wears one thing in each slot, of many sorts, no rank."""
    game = started(gathered(30))
    end_phase(game)
    looks = town(game, SPECTATOR).looks
    assert sorted(looks) == [*range(30)]
    for place, rack in enumerate(RACKS.values()):
        worn = Counter(look[place] for look in looks.values())
        assert set(worn) <= {asset.id for asset in rack if not asset.rank}
        assert len(worn) > 2


def test_a_lot_is_moved_neither_by_roles_nor_by_what_others_wear() -> None:
    """Given one seed, other roles and another's choice, everybody else is dressed the same."""
    plain, other = gathered(6), gathered(6, roles=(("doctor", 4), ("vampire", 2)))
    do(other, Dress(2, FIRST))
    for game in (plain, other):
        end_phase(started(game))
    assert {**town(plain, 0).looks, 2: FIRST} == town(other, 0).looks


def test_only_who_sits_is_offered_to_dress() -> None:
    """Given five seats taken, the sixth has nothing to dress."""
    game = gathered(5)
    assert [Dress in game.choices(seat).kinds() for seat in (0, 4, 5)] == [True, True, False]


def test_a_look_leaves_with_its_seat() -> None:
    """Given one who dressed and got up, whoever sits down there chooses anew."""
    game = gathered(5)
    do(game, Dress(4, FIRST), Leave(4))
    assert 4 not in town(game, 0).looks
    do(game, TakeSeat(NOBODY, "Cid"))
    assert 4 not in town(game, 0).looks


@pytest.mark.parametrize(
    "assets",
    [
        (),
        FIRST[:-1],
        (*FIRST, FIRST[0]),
        (FIRST[1], FIRST[0], *FIRST[2:]),
        (*FIRST[:-1], "halo"),
        (FIRST[0],) * len(SLOTS),
    ],
)
def test_a_look_has_one_asset_for_each_slot(assets: tuple[str, ...]) -> None:
    """Given too few, too many, a wrong order or an unknown one, it is refused."""
    assert refused(gathered(5), Dress(0, assets)) is Code.BAD_LOOK


def test_looks_are_refused_at_the_wrong_hour_seat_or_game() -> None:
    """Given a game that runs, a stranger or a classic game, each is refused with its own code."""
    game = gathered(5)
    assert refused(game, Dress(5, FIRST)) is Code.NO_SUCH_SEAT
    end_phase(started(game))
    assert refused(game, Dress(0, FIRST)) is Code.WRONG_PHASE
    assert refused(lobby(3), Dress(0, FIRST)) is Code.NO_TOWN
