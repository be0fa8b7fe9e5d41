"""To spy: what is seen of a night by those who ask what was done."""

import pytest

from mafia_district.night.verbs import VERBS

from .scenes import Scene

CAST = "S=vanilla_townie B=town_cop D=town_doctor M={mafioso} R=town_roleblocker V=vanilla_townie"
BUSY = ("D protect B", "M faction_kill B", "B investigate V")
ASKING = [name for name, row in VERBS.items() if row.asks]


@pytest.mark.parametrize(
    ("verb", "told"),
    [
        ("track", "V"),
        ("watch", "D M"),
        ("follow", "investigation"),
        ("observe", "killing, protection"),
        ("role_watch", "doctor, roleblocker"),
        ("report", "went_out"),
        ("inspect", "visited"),
        ("motion", "motion"),
    ],
)
def test_each_sees_its_part_of_a_busy_night(verb: str, told: str) -> None:
    """Given a cop who goes out, and is guarded and struck at, each who spies sees their part."""
    cast = CAST.format(mafioso="mafia_roleblocker")
    assert Scene(cast, *BUSY, f"S {verb} B").told("S") == [told]


@pytest.mark.parametrize(
    ("verb", "told"),
    [
        ("track", ""),
        ("watch", ""),
        ("follow", "nothing"),
        ("observe", "nothing"),
        ("role_watch", "nobody"),
        ("report", "stayed_in"),
        ("inspect", "not_visited"),
        ("motion", "no_motion"),
    ],
)
def test_what_was_blocked_and_what_a_ninja_does_is_not_seen(verb: str, told: str) -> None:
    """Given a blocked cop on whom a ninja calls to kill, there is nothing of that to be seen."""
    cast = CAST.format(mafioso="mafia_ninja") + " T=town_tracker"
    lines = ("M faction_kill B", "R roleblock T", "T track B", f"S {verb} B")
    assert Scene(cast, *lines).told("S") == [told]
    blocked = Scene(cast, "R roleblock M", "M faction_kill V", f"S {verb} V")
    assert blocked.told("S") == [told]


@pytest.mark.parametrize("verb", ASKING)
def test_who_asks_and_is_stopped_gets_no_result(verb: str) -> None:
    """Given any verb that asks, a block and an ascetic target leave it without a result."""
    other = " V" if VERBS[verb].names_two else ""
    cast = CAST.format(mafioso="ascetic_mafia_goon")
    assert Scene(cast, "R roleblock S", f"S {verb} B{other}").told("S") == ["no_result"]
    assert Scene(cast, f"S {verb} M{other}").told("S") == ["no_result"]
    assert Scene(cast, f"S {verb} B{other}").told("S") != ["no_result"]


def test_both_stops_of_a_bus_are_visits() -> None:
    """Given a bus driver, who follows them sees both stops, and who watches either sees them."""
    cast = "B=town_bus_driver T=town_tracker W=town_watcher A=vanilla_townie C=vanilla_townie"
    scene = Scene(cast, "B busdrive A C", "T track B", "W watch C")
    assert (scene.told("T"), scene.told("W")) == (["A C"], ["B"])
