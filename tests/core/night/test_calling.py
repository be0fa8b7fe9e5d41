"""To call on somebody, and to take somebody away."""

from mafia_district.night.collect import Act, ResultLearned
from mafia_district.roster import PlayerDied

from ..tables import do, end_phase, lobby, started, with_deal
from .scenes import Scene


def test_a_visitor_only_comes_and_can_be_seen_and_shot() -> None:
    """Given a visitor, nothing comes of the visit but what others make of it."""
    cast = "V=town_visitor W=town_watcher P=paranoid_gun_owner C=town_checker B=town_roleblocker"
    scene = Scene(cast, "V visit P", "W watch P", "C try_out W", "B roleblock C")
    assert (scene.dead(), scene.told("W"), scene.told("V")) == ("V W", ["V"], [])
    assert scene.told("C") == ["no_result"]
    assert Scene(cast, "C try_out W").told("C") == ["success"]


def test_fruit_comes_from_nobody_knows_whom() -> None:
    """Given a fruit vendor, the other is told of the fruit and of no name, once for each piece."""
    cast = "F=town_fruit_vendor G=mafia_fruit_vendor V=vanilla_townie B=town_roleblocker"
    scene = Scene(cast, "F vend V", "G vend V")
    assert scene.told("V") == ["fruit", "fruit"]
    assert {result.target for result in scene.resolved.results} == {2}
    assert Scene(cast, "F vend V", "B roleblock F").told("V") == []


def test_in_some_houses_who_is_driven_elsewhere_is_told_so() -> None:
    """Given a house that tells of it, both stops of a bus that went are told, and nobody else."""
    cast = "D=town_bus_driver V=villager W=villager B=town_roleblocker G=mafia_goon"
    driven = Scene(cast, "D busdrive V W", house_name="tos")
    assert [driven.told(name) for name in "DVWBG"] == [[], ["moved"], ["moved"], [], []]
    assert [(told.seat, told.target) for told in driven.resolved.results] == [(1, 1), (2, 2)]
    assert Scene(cast, "D busdrive V W").told("V") == []


def test_fruit_reaches_the_view_of_who_got_it() -> None:
    """Given a game, who got fruit reads so at dawn, and nobody else does."""
    game = started(lobby(4, first_phase="night"))
    end_phase(game)
    game = with_deal(game, ("town_fruit_vendor", "mafia_goon", "vanilla_townie", "vanilla_townie"))
    do(game, Act(0, "vend", 2))
    happened = end_phase(game)
    assert not any(isinstance(event, PlayerDied) for event in happened)
    learnt = [(event.seat, event.target, event.result) for event in happened
              if isinstance(event, ResultLearned)]  # fmt: skip
    assert learnt == [(2, 2, "fruit")]
    assert [len(game.view(seat).results) for seat in range(4)] == [0, 0, 1, 0]


def test_who_is_abducted_does_nothing_and_is_reached_by_nothing() -> None:
    """Given an alien, kills, help and looks fail on the target, and so does all that it does."""
    cast = "A=town_alien X=town_cop G={killer} D=town_doctor T=town_tracker V=vanilla_townie"
    lines = ("A abduct X", "X investigate V", "G faction_kill X", "D protect X", "T track X")
    scene = Scene(cast.format(killer="mafia_goon"), *lines)
    assert scene.dead() == ""
    assert scene.told("X") == scene.told("T") == ["no_result"]
    ends = {scene.end("G", "faction_kill"), scene.end("D", "protect"), scene.end("T", "track")}
    assert ends == {"stopped"}
    assert Scene(cast.format(killer="mafia_strongman"), *lines).dead() == "X"


def test_an_alien_holds_a_killer_but_no_strongman() -> None:
    """Given an alien on a killer, the kill fails, but for a strongman's where no house says so."""
    cast, lines = "A=town_alien G={} V=vanilla_townie", ("A abduct G", "G faction_kill V")
    assert Scene(cast.format("mafia_goon"), *lines).dead() == ""
    assert Scene(cast.format("mafia_strongman"), *lines).dead() == "V"
    assert Scene(cast.format("mafia_strongman"), *lines, house_name="tos").dead() == ""
