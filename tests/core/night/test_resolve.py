"""The resolver, against a second, much plainer account of the same rules."""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mafia_district.ids import NOBODY, PlayerId
from mafia_district.night import (
    Action,
    Reason,
    Resolution,
    Result,
    faction_kill,
    resolve,
)
from mafia_district.roles import Role, role

Night = tuple[list[Role], list[Action]]

# Those that the plain account knows.
CAST = [
    role(name)
    for name in (
        *("vanilla_townie", "mafia_goon", "town_cop", "town_doctor", "town_roleblocker"),
        *("mafia_roleblocker", "town_vigilante", "one_shot_vigilante", "jester", "vampire"),
    )
]


@st.composite
def nights(draw: st.DrawFn) -> Night:
    """Draw a cast, and for each ability and each mafioso's kill a lawful target or none.

    Fire, which kills many at once, has its account in `test_gear.py`.
    """
    cast = draw(st.lists(st.sampled_from(CAST), min_size=2, max_size=12))
    actions = []
    for seat, held in enumerate(cast):
        verbs = [ability.verb for ability in held.abilities if ability.when == "night"]
        verbs += ["faction_kill"] * (held.alignment == "mafia")
        others = st.sampled_from([other for other in range(len(cast)) if other != seat])
        for verb in verbs:
            target = draw(st.none() | others)
            if target is not None:
                actions.append(Action(seat, verb, target))
    return cast, draw(st.permutations(actions))


def effective_blocks(actions: Sequence[Action]) -> dict[PlayerId, PlayerId]:
    """Take away, as long as there is one, a blocker whom none left blocks; those left are rings."""
    left = {action.actor: action.target for action in actions if action.verb == "roleblock"}
    effective = {}
    while free := [seat for seat in left if seat not in left.values()]:
        effective[free[0]] = left.pop(free[0])
        left.pop(effective[free[0]], None)
    return effective


def plain_outcomes(actions: Sequence[Action]) -> dict[tuple[PlayerId, str], set[str]]:
    """Say of each action how it may end; the kills on a guarded seat share their fate."""
    blocks = effective_blocks(actions)
    held = set(blocks.values())
    guarded = {a.target for a in actions if a.verb == "protect" and a.actor not in held}
    ends = {}
    for action in actions:
        end = {"done"}
        if action.actor in held:
            end = {"blocked"}
        elif action.verb == "roleblock" and action.actor not in blocks:
            end = {"loop"}
        elif "kill" in action.verb and action.target in guarded:
            end = {"done", "protected"}
        ends[action.actor, action.verb] = end
    return ends


@given(nights())
def test_every_action_ends_as_the_rules_say(night: Night) -> None:
    """Given any lawful night, each action has one reason, and the one that the rules give."""
    cast, actions = night
    expected = plain_outcomes(actions)
    reasons = resolve(cast, actions).reasons
    assert Counter((reason.actor, reason.verb, reason.target) for reason in reasons) == Counter(
        (action.actor, action.verb, action.target) for action in actions
    )
    for reason in reasons:
        assert reason.outcome in expected[reason.actor, reason.verb]
        assert (reason.by == NOBODY) == (reason.outcome == "done")


@given(nights())
def test_one_protection_stops_one_kill(night: Night) -> None:
    """Given any night, those die on whom more kills land than protections."""
    cast, actions = night
    held = set(effective_blocks(actions).values())
    free = [action for action in actions if action.actor not in held]
    guards = Counter(action.target for action in free if action.verb == "protect")
    kills = Counter(action.target for action in free if "kill" in action.verb)
    resolution = resolve(cast, actions)
    assert [death.seat for death in resolution.deaths] == sorted(kills - guards)
    for death in resolution.deaths:
        assert death.cause in {cast[a.actor].method for a in free if _strikes(a, death.seat)}
    stopped = [reason for reason in resolution.reasons if reason.outcome == "protected"]
    assert Counter(reason.target for reason in stopped) == kills & guards
    assert {(reason.by, reason.target) for reason in stopped} <= {
        (action.actor, action.target) for action in free if action.verb == "protect"
    }


def _strikes(action: Action, seat: PlayerId) -> bool:
    return "kill" in action.verb and action.target == seat


@given(nights())
def test_investigators_are_never_told_a_lie(night: Night) -> None:
    """Given any night, a cop learns the alignment, or that there is no result: dead or alive."""
    cast, actions = night
    held = set(effective_blocks(actions).values())
    asked = [action for action in actions if action.verb == "investigate"]
    assert resolve(cast, actions).results == tuple(
        Result(
            action.actor,
            action.verb,
            action.target,
            "no_result"
            if action.actor in held
            else "town"
            if cast[action.target].alignment == "town"
            else "not_town",
        )
        for action in sorted(asked, key=lambda action: action.actor)
    )


@given(nights())
def test_limited_abilities_are_spent_by_use_alone(night: Night) -> None:
    """Given any night, every use of a one-shot power is spent, whatever came of it."""
    cast, actions = night
    used = [action for action in actions if cast[action.actor].name == "one_shot_vigilante"]
    assert resolve(cast, actions).spent == tuple(sorted((a.actor, a.verb) for a in used))


@given(nights(), st.data())
def test_the_order_of_submission_changes_nothing(night: Night, data: st.DataObject) -> None:
    """Given the same actions handed in in another order, the whole resolution is the same."""
    cast, actions = night
    shuffled = data.draw(st.permutations(actions))
    assert resolve(cast, shuffled) == resolve(cast, actions)


@given(nights())
def test_without_blocks_and_protections_everyone_shot_dies(night: Night) -> None:
    """Given only kills and checks, all targets die and every action is done, the victims' too."""
    cast, drawn = night
    actions = [action for action in drawn if action.verb not in ("roleblock", "protect")]
    resolution = resolve(cast, actions)
    targets = {action.target for action in actions if "kill" in action.verb}
    assert {death.seat for death in resolution.deaths} == targets
    assert {reason.outcome for reason in resolution.reasons} <= {"done"}


def test_a_night_without_actions_is_empty() -> None:
    """Given nobody acted, nothing came of it."""
    assert resolve([role("jester")], []) == Resolution((), (), (), ())


def test_a_whole_night_reads_as_one_value() -> None:
    """Given a blocked one-shot, a saved cop and a seat left empty, the resolution says it all."""
    names = ["one_shot_vigilante", "mafia_roleblocker", "town_cop", "town_doctor"]
    cast = [None, *(role(name) for name in names)]
    night = resolve(
        cast,
        [
            Action(2, "faction_kill", 3),
            Action(2, "roleblock", 1),
            Action(1, "kill", 2),
            Action(3, "investigate", 2),
            Action(4, "protect", 3),
        ],
    )
    assert night == Resolution(
        deaths=(),
        results=(Result(3, "investigate", 2, "not_town"),),
        reasons=(
            Reason(2, "roleblock", 1, "done"),
            Reason(4, "protect", 3, "done"),
            Reason(1, "kill", 2, "blocked", 2),
            Reason(2, "faction_kill", 3, "protected", 4),
            Reason(3, "investigate", 2, "done"),
        ),
        spent=((1, "kill"),),
        visits=((2, 1), (4, 3), (2, 3), (3, 2)),
    )


def test_an_unknown_verb_is_refused_by_name() -> None:
    """Given a verb that does not exist, the error says what may have been meant."""
    with pytest.raises(ValueError, match=r"unknown verb 'roleblok'; did you mean roleblock"):
        resolve([role("jester")], [Action(0, "roleblok", 0)])


@pytest.mark.parametrize(
    ("picks", "performer", "target"),
    [
        ([(0, 5)], 0, 5),
        ([(0, 5), (1, 6), (2, 6)], 1, 6),  # plurality
        ([(0, 5), (1, 6)], 0, 5),  # a tie: the pick made first
        ([(0, 5), (1, 6), (0, 7)], 1, 6),  # only last picks count, and from when they were made
        ([(0, 5), (1, 5), (0, 6), (0, 5)], 1, 5),  # who came back to a target came later
        ([(0, 5), (1, 6), (0, 5)], 0, 5),  # who says it again does not
        ([(0, 7), (1, 6), (2, 5), (3, 5), (4, 6)], 1, 6),
    ],
)
def test_a_faction_kills_by_plurality(
    picks: list[tuple[PlayerId, PlayerId]], performer: PlayerId, target: PlayerId
) -> None:
    """Given picks in order, one member performs one kill on the target of most last picks."""
    assert faction_kill(picks)[0] == Action(performer, "faction_kill", target)


def test_no_pick_is_no_kill() -> None:
    """Given a faction that picked nobody, there is no action."""
    assert faction_kill([]) == ()
