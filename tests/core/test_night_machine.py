"""The night as a machine: who may choose what, who knows it, what it spends and what it teaches."""

import pytest

from mafia_district.game import Game
from mafia_district.ids import KEEPER, NOBODY, SPECTATOR, members
from mafia_district.lobby import Leave
from mafia_district.machine import Code, Event
from mafia_district.night.collect import (
    Act,
    ActionChosen,
    ActionWithdrawn,
    NightResolved,
    ResultLearned,
    Withdraw,
)
from mafia_district.night.deed import FACTION_KILL
from mafia_district.night.resolve import Reason
from mafia_district.phases import DAY, NIGHT
from mafia_district.roster import PlayerDied
from mafia_district.voting import CastVote

from .districts import district, until
from .tables import dead, dealt, do, end_phase, frames, refused


def night(cast: str, **settings: object) -> Game:
    """Deal a cast and begin with the night."""
    return dealt(cast, first_phase="night", **settings)


def knows(game: Game, told: Event) -> set[int]:
    """Give the seats that were told of an event."""
    (entry,) = [entry for entry in game.log if entry.event == told]
    return set(members(entry.audience))


def test_a_choice_is_known_to_its_seat_alone() -> None:
    """Given a cop's choice, the cop reads it, and nobody else does but the keeper."""
    game = night("cdvmx")
    (chosen,) = do(game, Act(0, "investigate", 3))
    assert knows(game, chosen) == {0}
    assert [len(game.view(viewer).actions) for viewer in (0, 1, 3, SPECTATOR, KEEPER)] == [
        *(1, 0, 0, 0, 1),
    ]


def test_the_factions_pick_is_known_to_its_living_members() -> None:
    """Given a pick for the kill, the living mafia see it; their own powers stay their own."""
    game = night("vvvvvmxm")
    picked, blocked = do(game, Act(6, FACTION_KILL, 0), Act(6, "roleblock", 1))
    assert knows(game, picked) == {5, 6, 7}
    assert knows(game, blocked) == {6}
    end_phase(game)
    do(game, *[CastVote(seat, 7) for seat in (1, 2, 3, 4)])
    (picked,) = do(game, Act(6, FACTION_KILL, 1))
    assert knows(game, picked) == {5, 6}


def test_the_mafia_know_each_other_and_nobody_else_does() -> None:
    """Given a deal, each seat reads its own role, and the mafia those of the mafia."""
    game = dealt("vcjmx")
    roles = ["vanilla_townie", "town_cop", "jester", "mafia_goon", "mafia_roleblocker"]
    known = [[seat.role for seat in game.view(viewer).seats] for viewer in range(5)]
    for viewer in (0, 1, 2):
        assert known[viewer] == [name if seat == viewer else "" for seat, name in enumerate(roles)]
    assert known[3] == known[4] == ["", "", "", *roles[3:]]
    assert [game.view(viewer).faction for viewer in (0, 2, 3, SPECTATOR)] == [0, 0, 0b11000, 0]


def test_a_second_choice_replaces_the_first_and_may_be_taken_back() -> None:
    """Given two choices and a withdrawal, the last word counts, for each action alone."""
    game = night("cvvmx")
    do(game, Act(0, "investigate", 1), Act(0, "investigate", 2), Act(4, "roleblock", 1))
    assert game.view(0).actions == (ActionChosen(0, "investigate", 2, NOBODY),)
    do(game, Act(4, FACTION_KILL, 1))
    assert game.choices(4).chosen == ("roleblock", FACTION_KILL)
    assert do(game, Withdraw(4, "roleblock")) == (ActionWithdrawn(4, "roleblock"),)
    assert refused(game, Withdraw(4, "roleblock")) is Code.NOTHING_TO_WITHDRAW
    end_phase(game)
    assert game.view(0).results == (ResultLearned(0, 0, "investigate", 2, "town"),)
    assert dead(game) == {1}


def test_of_equal_picks_the_earlier_stands_where_it_was_not_moved() -> None:
    """Given picks that tie, the one made first is done, and repeating it does not make it late."""
    game = night("vvvvmm")
    do(game, Act(4, FACTION_KILL, 0), Act(5, FACTION_KILL, 1), Act(4, FACTION_KILL, 0))
    moved = game.fork()
    do(moved, Act(4, FACTION_KILL, 2), Act(4, FACTION_KILL, 0))
    end_phase(game)
    end_phase(moved)
    assert (dead(game), dead(moved)) == ({0}, {1})


def test_choices_are_refused_with_a_reason() -> None:
    """Given a wrong hour, actor, action or target, each is refused with its own code."""
    game = dealt("cdomvvv")
    assert refused(game, Act(0, "investigate", 1)) is Code.WRONG_PHASE
    do(game, *[CastVote(seat, 6) for seat in range(4)])
    assert refused(game, Act(6, "protect", 0)) is Code.DEAD
    assert refused(game, Act(9, "protect", 0)) is Code.NO_SUCH_SEAT
    assert refused(game, Act(0, "protect", 1)) is Code.NOT_YOUR_ACTION
    assert refused(game, Act(0, FACTION_KILL, 1)) is Code.NOT_YOUR_ACTION
    assert refused(game, Act(4, "fly", 1)) is Code.NOT_YOUR_ACTION
    for target in (0, 6, 7, -1, NOBODY, 2**70):
        assert refused(game, Act(0, "investigate", target)) is Code.BAD_TARGET
    assert refused(game, Act(0, "investigate", 1, 2)) is Code.BAD_TARGET


def test_the_mafia_may_name_their_own_where_the_rules_let_them() -> None:
    """Given both rules, a mafioso as target is lawful in one and refused in the other."""
    assert do(night("vvvvmm"), Act(4, FACTION_KILL, 5))
    assert refused(night("vvvvmm", kill_own=False), Act(4, FACTION_KILL, 5)) is Code.BAD_TARGET


def test_a_limited_power_is_spent_by_the_night_and_not_by_a_change_of_mind() -> None:
    """Given one shot, changing one's mind costs nothing; a night spends it, blocked or not."""
    game = night("orvvvvm")
    do(game, Act(0, "kill", 2), Withdraw(0, "kill"))
    end_phase(game)
    end_phase(game)
    do(game, Act(0, "kill", 2), Act(1, "roleblock", 0))
    assert dead(game) == set()
    end_phase(game)
    end_phase(game)
    assert game.choices(0).actions == {}
    assert refused(game, Act(0, "kill", 2)) is Code.NO_USES_LEFT
    assert dead(game) == set()


def test_a_blocked_cop_learns_that_there_was_no_result() -> None:
    """Given a block on the cop, the answer is none, never a false one; nobody else is told."""
    game = night("crvvvm")
    do(game, Act(0, "investigate", 5), Act(1, "roleblock", 0), Act(1, "roleblock", 0))
    end_phase(game)
    assert [result.result for result in game.view(0).results] == ["no_result"]
    assert [len(game.view(viewer).results) for viewer in (1, 5, SPECTATOR, KEEPER)] == [0, 0, 0, 1]


def test_a_cop_who_dies_has_learnt_all_the_same() -> None:
    """Given a cop who is killed, that night's result is theirs, and the living do not read it."""
    game = night("cvvvvm")
    do(game, Act(0, "investigate", 5), Act(5, FACTION_KILL, 0))
    end_phase(game)
    assert dead(game) == {0}
    assert game.view(0).results == (ResultLearned(0, 0, "investigate", 5, "not_town"),)
    assert game.view(1).results == ()


@pytest.mark.parametrize("reveal", ["role", "alignment", "nothing"])
def test_dawn_names_the_dead_and_nothing_more(reveal: str) -> None:
    """Given a kill and a saved life, the town learns of the death by the rules, and no more."""
    game = night("dgvvvvm", reveal_on_death=reveal)
    do(game, Act(0, "protect", 2), Act(6, FACTION_KILL, 2), Act(1, "kill", 3))
    cursor = game.cursor(SPECTATOR)
    end_phase(game)
    shown = {"role": "vanilla_townie", "alignment": "town", "nothing": ""}[reveal]
    died = b'{"cause":"shot","seat":3,"shown":"%b","type":"roster.player_died"}' % shown.encode()
    told = [frame for _, _, frame in frames(game, SPECTATOR, cursor)]
    assert told[0] == died
    assert len(told) == 2
    assert game.view(2).role_of(3) == shown


def test_deaths_are_listed_by_seat_whoever_was_named_first() -> None:
    """Given two kills in either order of choosing, dawn lists them alike."""
    lists = []
    for order in ((0, 1), (1, 0)):
        game = night("gvvvvvm")
        kills = (Act(0, "kill", 4), Act(6, FACTION_KILL, 2))
        do(game, *[kills[number] for number in order])
        end_phase(game)
        lists.append([frame for _, _, frame in frames(game, 5)][-3:])
    assert lists[0] == lists[1]


def test_who_leaves_does_nothing_tonight() -> None:
    """Given a doctor and a performer who leave, their actions are void at once."""
    game = night("dvvvvmmv")
    do(game, Act(0, "protect", 1), Act(5, FACTION_KILL, 1), Act(6, FACTION_KILL, 2))
    do(game, Leave(0), Leave(5))
    assert [choice.seat for choice in game.view(KEEPER).actions] == [6]
    assert [choice.seat for choice in game.view(6).actions] == [6]
    assert refused(game, Act(0, "protect", 1)) is Code.DEAD
    end_phase(game)
    assert dead(game) == {0, 2, 5}


def test_the_keeper_reads_why_and_the_players_after_the_end() -> None:
    """Given a resolved night, its reasons are the keeper's until the game is over."""
    game = night("cvvm")
    do(game, Act(3, FACTION_KILL, 1))
    end_phase(game)
    reasons = (Reason(3, FACTION_KILL, 1, "done"),)
    resolved = NightResolved(0, ((1, "shot"),), reasons, slain=((1, 3),))
    assert game.view(KEEPER).nights == (resolved,)
    assert game.view(3).nights == ()
    assert game.phase is DAY
    do(game, CastVote(0, 3), CastVote(2, 3))
    assert game.view(SPECTATOR).nights == (resolved,)


@pytest.mark.parametrize("town", [True, False])
def test_a_doctor_guards_nobody_two_nights_running(town: bool) -> None:
    """Given a guarded player, the next night it is refused and not offered, and then lawful."""
    game = district("vvvvdb", first_phase="night", town=town)
    do(game, Act(4, "protect", 1), Act(4, "protect", 0))
    until(game, NIGHT)
    assert refused(game, Act(4, "protect", 0)) is Code.BAD_TARGET
    assert game.choices(4).actions["protect"] == 0b101110
    do(game, Act(4, "protect", 2), Withdraw(4, "protect"))
    until(game, NIGHT)
    assert do(game, Act(4, "protect", 0))
    assert refused(game, Act(4, "protect", 4)) is Code.BAD_TARGET


def test_a_guard_that_was_taken_back_is_free_the_next_night() -> None:
    """Given a choice withdrawn, it binds nobody; a classic doctor is never bound at all."""
    game = district("vvvvdb", first_phase="night")
    do(game, Act(4, "protect", 0), Withdraw(4, "protect"))
    until(game, NIGHT)
    assert do(game, Act(4, "protect", 0))
    classic = night("vvvvdm")
    do(classic, Act(4, "protect", 0))
    until(classic, NIGHT)
    assert do(classic, Act(4, "protect", 0))


def test_an_arsonist_does_one_thing_a_night() -> None:
    """Given a dousing and a change of mind, only the last stands, either way round."""
    game = district("vvvvvab", first_phase="night")
    do(game, Act(5, "douse", 0))
    assert do(game, Act(5, "ignite", 5)) == (
        ActionWithdrawn(5, "douse"),
        ActionChosen(5, "ignite", 5, NOBODY),
    )
    assert do(game, Act(5, "douse", 1)) == (
        ActionWithdrawn(5, "ignite"),
        ActionChosen(5, "douse", 1, NOBODY),
    )
    assert do(game, Act(5, "douse", 2)) == (ActionChosen(5, "douse", 2, NOBODY),)
    assert [action.target for action in game.view(KEEPER).actions] == [2]
    until(game, NIGHT)
    do(game, Act(5, "ignite", 5))
    end_phase(game)
    assert dead(game) == {2}


def test_fire_is_lit_by_naming_oneself_and_takes_all_who_are_doused() -> None:
    """Given two doused on two nights, they burn together, nobody is told before, and only once."""
    game = district("vvvvvvvab", first_phase="night")
    for prey in (0, 1):
        before = {seat: game.cursor(seat) for seat in (0, 1, 2, 8, SPECTATOR)}
        assert refused(game, Act(7, "douse", 7)) is Code.BAD_TARGET
        do(game, Act(7, "douse", prey))
        assert {seat: game.cursor(seat) for seat in before} == before
        until(game, NIGHT)
    for target in (0, 8, NOBODY):
        assert refused(game, Act(7, "ignite", target)) is Code.BAD_TARGET
    assert game.choices(7).actions["ignite"] == 1 << 7
    do(game, Act(7, "ignite", 7))
    until(game, NIGHT)
    assert dead(game) == {0, 1}
    assert PlayerDied(1, "fire", "villager") in [entry.event for entry in game.log]
    do(game, Act(7, "ignite", 7))
    end_phase(game)
    assert dead(game) == {0, 1}
