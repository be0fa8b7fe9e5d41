"""To reach a place: an ability that lands on all who stood beside the one named at dusk."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest

from mafia_district.catalogue import BUILT_IN, RoleRow
from mafia_district.catalogue.files import read
from mafia_district.game import Game
from mafia_district.machine import Event
from mafia_district.night import whys
from mafia_district.night.collect import Act, NightResolved, ResultLearned
from mafia_district.night.deed import FACTION_KILL
from mafia_district.phases import NIGHT
from mafia_district.roles import Ability

from .districts import gathered, until, walk
from .tables import dead, do, end_phase, started, with_deal

LOCKSMITH = read(str(Path(__file__).parents[2] / "examples" / "locksmith.toml"))
GRENADIER = RoleRow(
    "grenadier", "town", "Blows up a place.", abilities=(Ability("kill", shots=2, reach="place"),)
)
OWN = attrs.evolve(BUILT_IN, name="own", roles=(*LOCKSMITH.roles, GRENADIER))
NAMES = ("Lock", "Ann", "Bob", "Cid", "Dan", "Eve", "Fay", "Gus")


def dealt(*names: str, walks: Mapping[int, tuple[str, ...]] | None = None, **settings: Any) -> Game:
    """Play to the first night of a district, some having walked about that day."""
    counts = tuple((name, names.count(name)) for name in dict.fromkeys(names))
    game = started(gathered(len(names), catalogue=OWN, roles=counts, **settings))
    end_phase(game)
    game = with_deal(game, names)
    for seat, path in (walks or {}).items():
        walk(game, seat, *path)
    if game.phase is not NIGHT:
        until(game, NIGHT)
    return game


def resolved(events: tuple[Event, ...]) -> NightResolved:
    """Find how the night went."""
    (night,) = [event for event in events if isinstance(event, NightResolved)]
    return night


def results(events: tuple[Event, ...]) -> dict[int, tuple[int, ...]]:
    """Give whom each seat was told that it saw."""
    return {told.seat: told.seen for told in events if isinstance(told, ResultLearned)}


CROWD = ("locksmith", "villager", "villager", "villager", "vampire", "town_vigilante")


def test_everybody_in_the_place_is_guarded_and_nobody_else() -> None:
    """Given a locksmith at the docks with two others, all three live through the night."""
    walks = {0: ("docks",), 1: ("docks",), 2: ("docks",), 3: ("church",)}
    for prey, shot, killed in ((2, 0, set()), (2, 3, {3}), (3, 1, {3})):
        game = dealt(*CROWD, walks=walks)
        do(game, Act(0, "protect", 1), Act(4, FACTION_KILL, prey), Act(5, "kill", shot))
        end_phase(game)
        assert dead(game) == killed


def test_where_somebody_stood_at_dusk_counts() -> None:
    """Given one who came and left again, only who was there when dusk fell is guarded."""
    for path, killed in ((("church", "docks"), set()), (("docks", "church"), {3})):
        game = dealt(*CROWD[:5], walks={1: ("docks",), 3: path})
        do(game, Act(0, "protect", 1), Act(4, FACTION_KILL, 3))
        end_phase(game)
        assert dead(game) == killed


@pytest.mark.parametrize("settings", [{"town": False}, {"first_phase": "night"}])
def test_without_a_place_only_the_one_named_is_reached(settings: dict[str, Any]) -> None:
    """Given no town, or a night before any day, a locksmith is a doctor."""
    for prey, killed in ((1, set()), (2, {2})):
        game = dealt(*CROWD[:5], **settings)
        do(game, Act(0, "protect", 1), Act(4, FACTION_KILL, prey))
        end_phase(game)
        assert dead(game) == killed


def test_it_is_one_visit_and_tells_its_actor_nothing() -> None:
    """Given a tracker, watchers and a weak locksmith, only the visit to the one named is one."""
    cast = ("weak_locksmith", "villager", "vampire", "town_tracker", "caretaker", "town_watcher")
    game = dealt(*cast, walks={1: ("docks",), 2: ("docks",)})
    do(game, Act(0, "protect", 1), Act(3, "track", 0), Act(4, "watch", 2), Act(5, "watch", 1))
    events = end_phase(game)
    assert results(events) == {3: (1,), 4: (), 5: (0,)}
    assert dead(game) == set()


def test_it_is_told_in_one_sentence() -> None:
    """Given all on the Square, one sentence names all who were guarded, or why none was."""
    game = dealt(*CROWD[:5], walks={2: ("docks",), 3: ("docks",)})
    blocked = dealt("locksmith", "town_roleblocker", *CROWD[1:4], "vampire")
    do(game, Act(0, "protect", 1))
    do(blocked, Act(0, "protect", 3), Act(1, "roleblock", 0))
    told, stopped = (
        whys(resolved(end_phase(night)).reasons, NAMES.__getitem__) for night in (game, blocked)
    )
    assert told == ["Lock guarded Ann, Lock and Dan."]
    assert stopped[-1] == (
        "Lock meant to guard Cid, Lock, Ann, Bob, Dan and Eve, but was blocked by Ann."
    )
    assert len(stopped) == 2


def test_a_use_is_spent_once() -> None:
    """Given a grenade for a whole place, two deaths cost one of two uses."""
    cast = ("grenadier", "villager", "villager", "vampire", "vampire", "villager")
    game = dealt(*cast, walks={1: ("docks",), 3: ("docks",)})
    do(game, Act(0, "kill", 1))
    night = resolved(end_phase(game))
    assert night.deaths == ((1, "shot"), (3, "shot"))
    assert game.state.night.uses == {(0, "kill"): 1}
