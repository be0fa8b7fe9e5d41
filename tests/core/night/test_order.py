"""The order of a night: the golden rule, what can still happen, and loops.

The order must follow from what the rows declare, whatever verbs there are.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mafia_district.night.deed import Dawn, Deed, Place
from mafia_district.night.order import ambiguous, rank, settle
from mafia_district.night.verbs import VERBS
from mafia_district.roles import Ability, Role


class Night:
    """A settled night, told in lines such as "A redirect B C"; seats are in the names' order."""

    def __init__(self, *lines: str) -> None:
        told = [line.split() for line in lines]
        self.names = sorted({name for words in told for name in (words[0], *words[2:])})
        self.deeds = sorted((self._deed(*words) for words in told), key=rank)
        self.dawn = Dawn([None] * len(self.names), self.deeds)
        settle(self.dawn)

    def _deed(self, actor: str, verb: str, target: str, target2: str = "") -> Deed:
        seat = self.names.index
        second = seat(target2) if target2 else -2
        return Deed(seat(actor), VERBS[verb], seat(target), seat(target), second)

    def ends(self) -> dict[str, str]:
        """Give each action's outcome, and by whom, under its actor and verb."""
        return {
            f"{self.names[deed.actor]} {deed.verb.name}": f"{deed.outcome} {self.names[deed.by]}"
            if deed.by >= 0
            else str(deed.outcome)
            for deed in self.deeds
        }

    def dead(self) -> set[str]:
        """Name the dead."""
        return {self.names[seat] for seat in self.dawn.deaths}


def test_a_chain_of_blocks_is_settled_from_its_free_end() -> None:
    """Given A on B on C, A's block frees C, whatever the seats."""
    for free, middle, end in ("ABC", "CBA", "BCA"):
        night = Night(
            f"{free} roleblock {middle}", f"{middle} roleblock {end}", f"{end} investigate {free}"
        )
        assert night.ends() == {
            f"{free} roleblock": "done",
            f"{middle} roleblock": f"blocked {free}",
            f"{end} investigate": "done",
        }


@given(length=st.integers(2, 12), shift=st.integers(0, 11))
def test_a_ring_of_blocks_fails_whole(length: int, shift: int) -> None:
    """Given n roleblockers in a ring, all their blocks fail, and nothing else of theirs does."""
    seats = [chr(ord("A") + (place + shift) % length) for place in range(length)]
    ring = [
        f"{one} roleblock {other}" for one, other in zip(seats, seats[1:] + seats[:1], strict=True)
    ]
    night = Night(*ring, f"{seats[0]} kill Z")
    ends = night.ends()
    assert ends.pop(f"{seats[0]} kill") == "done"
    assert ends == {
        f"{one} roleblock": f"loop {before}"
        for before, one in zip(seats[-1:] + seats[:-1], seats, strict=True)
    }


def test_a_block_from_outside_opens_a_ring() -> None:
    """Given a ring with one of it blocked from outside, it is no ring any more but a chain."""
    night = Night("A roleblock B", "B roleblock C", "C roleblock A", "D roleblock B")
    assert night.ends() == {
        "A roleblock": "blocked C",
        "B roleblock": "blocked D",
        "C roleblock": "done",
        "D roleblock": "done",
    }


def test_what_hangs_on_a_ring_waits_for_it_and_goes_free() -> None:
    """Given two rings and actions that hang on both, the rings fail and all else takes place."""
    night = Night(
        *("A roleblock B", "B roleblock A", "A investigate E", "A protect E"),
        *("C roleblock D", "D roleblock C", "C kill E", "F kill E"),
    )
    assert night.ends() == {
        "A roleblock": "loop B",
        "B roleblock": "loop A",
        "C roleblock": "loop D",
        "D roleblock": "loop C",
        "A investigate": "done",
        "A protect": "done",
        "C kill": "protected A",
        "F kill": "done",
    }
    assert night.dead() == {"E"}


def test_a_redirected_block_lands_elsewhere() -> None:
    """Given a block turned from a cop to a townie, the cop is free."""
    night = Night("A roleblock C", "X redirect A V", "C investigate X")
    assert set(night.ends().values()) == {"done"}


def test_an_action_waits_for_a_block_that_may_yet_be_turned_on_it() -> None:
    """Given a block about to be turned on a cop whom nobody blocks as yet, the cop is blocked."""
    for redirector in "BX":
        night = Night("A roleblock D", f"{redirector} redirect A C", "C investigate A", "D kill V")
        ends = night.ends()
        assert ends["C investigate"] == "blocked A"
        assert ends["D kill"] == "done"


def test_a_block_that_may_be_driven_on_a_block_goes_first() -> None:
    """Given a bus between B and C, A's block on B lands on C and keeps C from blocking E."""
    night = Night("A roleblock B", "D busdrive B C", "C roleblock E", "E kill V", "B kill V")
    assert night.ends() == {
        "D busdrive": "done",
        "A roleblock": "done",
        "C roleblock": "blocked A",
        "B kill": "done",
        "E kill": "done",
    }


def test_a_loop_of_block_and_redirect_is_opened_by_the_fixed_list() -> None:
    """Given a block and a redirect on each other, Block stands before Redirect in the list."""
    for blocker, redirector in ("AX", "XA"):
        night = Night(f"{blocker} roleblock {redirector}", f"{redirector} redirect {blocker} V")
        assert night.ends() == {
            f"{blocker} roleblock": "done",
            f"{redirector} redirect": f"blocked {blocker}",
        }


def test_equals_in_a_loop_go_by_seat() -> None:
    """Given two redirectors on each other, the lower seat's turns the other's elsewhere."""
    night = Night("A redirect B V", "B redirect A W", "A kill X", "V kill Y")
    assert night.dead() == {"X", "W"}


def test_the_loop_that_nothing_outside_modifies_is_opened_first() -> None:
    """Given a ring upon whose failure another hangs, the other is a chain when its turn comes."""
    night = Night(
        *("C roleblock D", "D roleblock C", "C redirect A V"),
        *("A roleblock B", "B roleblock A"),
    )
    assert night.ends() == {
        "C roleblock": "loop D",
        "D roleblock": "loop C",
        "C redirect": "done",
        "B roleblock": "done",
        "A roleblock": "blocked B",
    }


def test_what_a_loop_began_with_is_not_undone() -> None:
    """Given a loop of three that a block opens, a later block on its actor stops the rest only."""
    night = Night("A roleblock X", "X redirect B V", "B roleblock A", "A kill V")
    assert night.ends() == {
        "A roleblock": "done",
        "X redirect": "blocked A",
        "B roleblock": "done",
        "A kill": "blocked B",
    }


def test_no_action_modifies_itself() -> None:
    """Given actions that land on their own actors, they modify the others of these alone."""
    night = Night("B busdrive R V", "R roleblock V", "R kill X")
    assert night.ends() == {"B busdrive": "done", "R roleblock": "done", "R kill": "blocked R"}
    assert Night("C redirect C B", "B redirect A Q", "A redirect C R", "C kill X").dead() == {"B"}


def test_a_bus_moves_what_protects_and_what_kills() -> None:
    """Given a doctor driven with the patient, kill and cure both land on the doctor."""
    ride = "B busdrive D V"
    assert Night(ride, "D protect V", "G kill V").dead() == set()
    assert Night(ride, "G kill V").dead() == {"D"}
    assert Night(ride, "D protect V", "G kill D").dead() == {"V"}
    assert Night(ride, "D protect V", "G kill V", "R roleblock B").dead() == set()


def test_two_buses_go_by_seat() -> None:
    """Given two buses with a common stop, the lower seat drives first and nothing goes back."""
    assert Night("A busdrive X Y", "B busdrive X Z", "G kill X").dead() == {"Y"}
    assert Night("B busdrive X Y", "A busdrive X Z", "G kill X").dead() == {"Z"}


def test_a_protection_outlasts_a_kill_that_is_blocked() -> None:
    """Given a guarded player and two killers, one blocked late, the other is stopped."""
    night = Night(
        *("A roleblock B", "B roleblock C", "C roleblock E"),
        *("D protect V", "E kill V", "F kill V"),
    )
    assert night.ends()["E kill"] == "blocked C"
    assert night.ends()["F kill"] == "protected D"
    assert night.dead() == set()


def _role(*verbs: str) -> Role:
    return Role("x", "town", "A test.", abilities=tuple(Ability(verb) for verb in verbs))


def test_ambiguous_pairs_are_those_that_modify_each_other() -> None:
    """Given roles, the pairs listed are those of which each may modify the other."""
    assert ambiguous([_role("protect", "kill", "investigate")]) == ()
    assert ambiguous([_role("redirect", "protect"), _role("roleblock", "kill", "busdrive")]) == (
        ("busdrive", "redirect"),
        ("busdrive", "roleblock"),
        ("redirect", "redirect"),
        ("redirect", "roleblock"),
        ("roleblock", "roleblock"),
    )


def test_an_unknown_verb_is_answered_with_the_nearest() -> None:
    """Given a role whose verb does not exist, the error names the nearest and all."""
    with pytest.raises(ValueError, match=r"unknown verb 'protekt'; did you mean protect; known: "):
        ambiguous([_role("protekt")])
    with pytest.raises(ValueError, match=r"unknown verb 'dance'; known: commute, hide, "):
        ambiguous([_role("dance")])


@pytest.mark.parametrize(
    ("name", "actor_side", "kills_only"), [("roleblock", True, False), ("protect", False, True)]
)
def test_what_a_verb_declares(name: str, actor_side: bool, kills_only: bool) -> None:
    """Given any other action, a block modifies its target's, a protection the kills on it."""
    deed = Deed(0, VERBS[name], 1, 1)
    for other_verb in VERBS.values():
        for actor, target in ((1, 2), (2, 1), (2, 3)):
            hit = (actor if actor_side else target) == 1
            expected = hit and (other_verb.place is Place.KILL or not kills_only)
            assert VERBS[name].modifies(deed, Deed(actor, other_verb, target, target)) == expected
