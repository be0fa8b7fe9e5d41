"""Gear and fire: what items do to a night, ruling by ruling, and against a plainer account.

The cast of the rulings, by seat: two vampires, a doctor, a sheriff, an arsonist, a jester, two
villagers, a roleblocker and a vigilante.
"""

from collections.abc import Sequence

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mafia_district.house import house
from mafia_district.ids import NOBODY, PlayerId, Seats, has, members
from mafia_district.night import (
    NO_GEAR,
    Action,
    Before,
    Death,
    Gear,
    Reason,
    Resolution,
    Result,
    Vest,
    Ward,
    methods_in_play,
    resolve,
    vest_methods,
    visitors,
)
from mafia_district.night.deed import Outcome
from mafia_district.night.verbs import VERBS
from mafia_district.roles import Role, role

# Those that the plain account below knows.
PLAIN = [
    role(name)
    for name in (
        *("vanilla_townie", "mafia_goon", "town_cop", "town_doctor", "town_roleblocker"),
        *("mafia_roleblocker", "town_vigilante", "one_shot_vigilante", "jester", "villager"),
        *("vampire", "sheriff", "doctor", "arsonist"),
    )
]
V, W, D, S, A, J, T, U, R, K = range(10)
CAST = [
    role(name)
    for name in (
        *("vampire", "vampire", "doctor", "sheriff", "arsonist", "jester"),
        *("villager", "villager", "town_roleblocker", "town_vigilante"),
    )
]
ALL = ("shot", "bite", "fire", "poison", "blade")

BITE = Action(V, "faction_kill", T)
SHOT = Action(K, "kill", T)
GUARD = Action(D, "protect", T)
IGNITE = Action(A, "ignite", NOBODY)

GARLIC = Ward(T, "garlic", 60, ("bite",))
CROSS = Ward(T, "cross", 90, ("bite",))
WATER = Ward(T, "water", 40, ("fire",))
HOLY = Ward(T, "holy_water", 50, ALL)
VEST = Vest(T, "vest", ("shot", "blade"))


def night(*actions: Action, gear: Gear = NO_GEAR, doused: Seats = 0) -> Resolution:
    """Resolve some actions of the cast of the rulings."""
    return resolve(CAST, actions, gear, Before(doused=doused))


def dead(resolution: Resolution) -> dict[PlayerId, str]:
    """Give the cause of each death."""
    return {death.seat: death.cause for death in resolution.deaths}


def ends(resolution: Resolution) -> list[tuple[PlayerId, str, Outcome]]:
    """Say how each action ended."""
    return [(reason.actor, reason.verb, reason.outcome) for reason in resolution.reasons]


def test_a_kill_is_made_by_the_method_of_who_performs_it() -> None:
    """Given a bite, a shot and a fire, each death says which; a kill by nobody known is a shot."""
    killed = night(BITE, attrs.evolve(SHOT, target=U), IGNITE, doused=1 << J)
    assert dead(killed) == {J: "fire", T: "bite", U: "shot"}
    assert dead(resolve([None] * 10, [BITE])) == {T: "shot"}


@pytest.mark.parametrize(
    ("wards", "kill", "spent"),
    [
        ((GARLIC,), BITE, ["garlic"]),
        ((CROSS,), BITE, ["cross"]),
        ((CROSS, GARLIC), BITE, ["garlic"]),  # the cheaper one
        ((CROSS, GARLIC, HOLY), BITE, ["holy_water"]),
        ((attrs.evolve(HOLY, holds=False), CROSS), BITE, ["cross"]),
        ((GARLIC, CROSS, WATER), SHOT, []),
        ((HOLY,), SHOT, ["holy_water"]),
        ((attrs.evolve(HOLY, holds=False),), BITE, []),
        ((attrs.evolve(GARLIC, seat=U),), BITE, []),
    ],
)
def test_a_ward_stops_a_kill_by_its_methods(
    wards: tuple[Ward, ...], kill: Action, spent: list[str]
) -> None:
    """Given wards and a kill, the cheapest that fits and holds is spent, or there is a death."""
    resolution = night(kill, gear=Gear(wards))
    assert resolution.saves == tuple((T, item) for item in spent)
    assert list(dead(resolution)) == ([] if spent else [T])
    ended = Reason(kill.actor, kill.verb, T, "warded", T) if spent else None
    assert resolution.reasons == (ended or Reason(kill.actor, kill.verb, T, "done"),)


def test_one_ward_stops_one_kill() -> None:
    """Given two kills on one seat, one ward is too little, two that fit are enough."""
    assert dead(night(BITE, SHOT, gear=Gear((HOLY,)))) == {T: "shot"}
    assert dead(night(BITE, SHOT, gear=Gear((GARLIC,)))) == {T: "shot"}
    both = night(BITE, SHOT, gear=Gear((GARLIC, HOLY)))
    assert (dead(both), both.saves) == ({T: "shot"}, ((T, "holy_water"),))
    vested = night(BITE, SHOT, gear=Gear((GARLIC,), (VEST,)))
    assert (dead(vested), vested.saves) == ({}, ((T, "garlic"), (T, "vest")))


def test_the_doctor_is_spent_before_a_ward_and_a_ward_before_a_vest() -> None:
    """Given several things that fit a kill, what is lost least is spent."""
    guarded = night(BITE, GUARD, gear=Gear((GARLIC,)))
    assert ends(guarded) == [(D, "protect", "done"), (V, "faction_kill", "protected")]
    assert guarded.saves == ()
    second = night(BITE, SHOT, GUARD, gear=Gear((HOLY,), (VEST,)))
    assert (dead(second), second.saves) == ({}, ((T, "holy_water"),))
    assert night(SHOT, gear=Gear((HOLY,), (VEST,))).saves == ((T, "holy_water"),)
    assert night(SHOT, gear=Gear((GARLIC,), (VEST,))).saves == ((T, "vest"),)


def test_a_vest_stops_bites_where_nobody_has_a_gun_or_a_blade() -> None:
    """Given casts with and without a shot, a vest is fitted to what there is."""
    assert methods_in_play(CAST) == {"bite", "fire", "shot"}
    assert methods_in_play([*CAST[:K], None]) == {"bite", "fire"}
    assert vest_methods(VEST.methods, methods_in_play(CAST)) == VEST.methods
    assert vest_methods(VEST.methods, methods_in_play(CAST[:K])) == ("bite",)


def test_what_was_stopped_was_a_visit_and_what_was_blocked_was_not() -> None:
    """Given a warded bite, a guard, a blocked shot and a cuffed sheriff, two of them came."""
    resolution = night(
        *(BITE, GUARD, SHOT, Action(S, "investigate", T), Action(R, "roleblock", K)),
        gear=Gear((GARLIC,), cuffed=1 << S),
    )
    assert visitors(resolution, T) == (V, D)
    assert visitors(resolution, K) == (R,)
    assert visitors(resolution, S) == ()
    assert visitors(night(BITE, Action(V, "kill", T)), T) == (V,)


@pytest.mark.parametrize(("cuffed", "died"), [(V, []), (W, [T])])
def test_cuffs_stop_the_bite_of_its_performer_alone(cuffed: PlayerId, died: list[PlayerId]) -> None:
    """Given cuffs on the vampire who bites, or on the other, the bite fails or does not."""
    resolution = night(BITE, gear=Gear(cuffed=1 << cuffed))
    assert list(dead(resolution)) == died
    assert resolution.reasons[0].outcome == ("done" if died else "cuffed")


@pytest.mark.parametrize(
    ("name", "died"), [("mafiascum", [0, 2]), ("tos", [])], ids=["all", "protection"]
)
def test_cuffs_hold_a_strongman_no_better_than_a_block(name: str, died: list[PlayerId]) -> None:
    """Given cuffs on strongmen, their kills land where no block stops them, and nothing else."""
    cast = [
        role("villager"),
        role("mafia_strongman"),
        role("villager"),
        role("strongman_vigilante"),
    ]
    acts = [Action(1, "faction_kill", 0), Action(3, "kill", 2)]
    found = resolve(cast, acts, Gear(cuffed=1 << 1 | 1 << 3), house=house(name))
    assert [death.seat for death in found.deaths] == died


def test_the_cuffed_do_nothing_and_so_stop_nobody() -> None:
    """Given a cuffed blocker and a cuffed sheriff, one frees a killer, one learns nothing."""
    asked = Action(S, "investigate", V)
    resolution = night(Action(R, "roleblock", K), SHOT, asked, gear=Gear(cuffed=1 << R | 1 << S))
    assert dead(resolution) == {T: "shot"}
    assert resolution.results == (Result(S, "investigate", V, "no_result"),)
    assert ends(resolution) == [
        *((R, "roleblock", "cuffed"), (K, "kill", "done"), (S, "investigate", "cuffed")),
    ]


def test_a_one_shot_power_is_spent_in_cuffs() -> None:
    """Given a cuffed one-shot vigilante, the shot is gone as if it were blocked."""
    cast = [role("one_shot_vigilante"), role("villager")]
    assert resolve(cast, [Action(0, "kill", 1)], Gear(cuffed=1)).spent == ((0, "kill"),)


@pytest.mark.parametrize("seat", [V, A, J, T])
def test_a_mask_reads_town_and_nothing_else_does_for_the_wicked(seat: PlayerId) -> None:
    """Given any role, the sheriff reads it as it is, and as town behind a mask."""
    asked = Action(S, "investigate", seat)
    (bare,), (masked,) = night(asked).results, night(asked, gear=Gear(masked=1 << seat)).results
    assert bare.word == ("town" if seat == T else "not_town")
    assert masked.word == "town"


def test_fire_kills_each_who_is_doused_and_visits_nobody() -> None:
    """Given an ignition, all doused burn, the arsonist too; one guard saves one; none is doused."""
    guard = Action(D, "protect", T)
    resolution = night(IGNITE, guard, doused=1 << T | 1 << U | 1 << A)
    assert dead(resolution) == {A: "fire", U: "fire"}
    assert resolution.visits == ((D, T),)
    assert resolution.doused == 0
    assert resolution.reasons == (
        Reason(D, "protect", T, "done"),
        Reason(A, "ignite", NOBODY, "done"),
        Reason(A, "burn", A, "done"),
        Reason(A, "burn", T, "protected", D),
        Reason(A, "burn", U, "done"),
    )


def test_fire_is_laid_until_it_is_lit() -> None:
    """Given dousings, they add up; blocked, neither they nor fire come."""
    douse, block = Action(A, "douse", T), Action(R, "roleblock", A)
    laid = night(douse, doused=1 << U)
    assert (laid.deaths, laid.doused, laid.visits) == ((), 1 << T | 1 << U, ((A, T),))
    assert night(douse, block).doused == 0
    assert night(IGNITE, block, doused=1 << U).doused == 1 << U
    assert ends(night(IGNITE)) == [(A, "ignite", "done")]


def test_of_two_arsonists_one_may_light_what_the_other_lays() -> None:
    """Given one who douses and two who ignite in one night, the doused burns, and once."""
    cast = [role("arsonist")] * 3 + [role("villager")]
    resolution = resolve(
        cast, [Action(0, "ignite", NOBODY), Action(1, "ignite", NOBODY), Action(2, "douse", 3)]
    )
    assert resolution.deaths == (Death(3, "fire"),)
    assert [reason.actor for reason in resolution.reasons if reason.verb == "burn"] == [0]


def test_water_stops_fire_and_washes_off_what_it_finds() -> None:
    """Given water, fire is stopped, and the bearer is not doused at dawn, fire or none."""
    gear = Gear((WATER,))
    lit = night(IGNITE, gear=gear, doused=1 << T | 1 << U)
    assert (dead(lit), lit.saves, lit.doused) == ({U: "fire"}, ((T, "water"),), 0)
    assert night(gear=gear, doused=1 << T | 1 << U).doused == 1 << U
    assert night(Action(A, "douse", T), gear=gear).doused == 0
    assert night(gear=Gear((HOLY, GARLIC)), doused=1 << T).doused == 1 << T


def test_gear_is_the_same_in_whatever_order_it_was_set_down() -> None:
    """Given wards and vests in two orders, the gear is equal, and stands as it is spent."""
    wards, vests = (CROSS, WATER, HOLY, GARLIC), (VEST, Vest(T, "mail", ("blade",)))
    gear = Gear(wards, vests)
    assert gear == Gear(wards[::-1], vests[::-1])
    spent = [shield.item for shield in gear.shields()]
    assert spent == ["water", "holy_water", "garlic", "cross", "mail", "vest"]


Night = tuple[list[Role], list[Action], Gear, Seats]


@st.composite
def gears(draw: st.DrawFn, seats: int) -> Gear:
    """Draw some gear for so many seats."""
    seat, mask = st.integers(0, seats - 1), st.integers(0, 2**seats - 1)
    methods = st.sampled_from([("bite",), ("fire",), ("shot", "blade"), ALL])
    items = st.sampled_from(["a", "b", "c"])
    wards = st.builds(Ward, seat, items, st.sampled_from([40, 50]), methods, st.booleans())
    vests = st.builds(Vest, seat, items, methods)
    return Gear(
        tuple(draw(st.lists(wards, max_size=8))),
        tuple(draw(st.lists(vests, max_size=3))),
        masked=draw(mask),
        cuffed=draw(mask) & draw(mask),
    )


@st.composite
def nights(draw: st.DrawFn) -> Night:
    """Draw a cast, its lawful actions, some gear, and who is doused."""
    cast = draw(st.lists(st.sampled_from(PLAIN), min_size=2, max_size=8))
    actions = []
    for seat, held in enumerate(cast):
        verbs = [ability.verb for ability in held.abilities if ability.when == "night"]
        if held.exclusive:
            verbs = [draw(st.sampled_from(verbs))]
        verbs += ["faction_kill"] * (held.alignment == "mafia")
        others = st.sampled_from([other for other in range(len(cast)) if other != seat])
        for verb in verbs:
            if draw(st.booleans()):
                actions.append(Action(seat, verb, draw(others) if VERBS[verb].targets else NOBODY))
    doused = draw(st.integers(0, 2 ** len(cast) - 1))
    return cast, draw(st.permutations(actions)), draw(gears(len(cast))), doused


def unhindered(actions: Sequence[Action], gear: Gear) -> list[Action]:
    """Take away what the cuffed do, then what those do whom an effective block holds."""
    free = [action for action in actions if not has(gear.cuffed, action.actor)]
    left = {action.actor: action.target for action in free if action.verb == "roleblock"}
    held = set()
    while ends := [seat for seat in left if seat not in left.values()]:
        held.add(target := left.pop(ends[0]))
        left.pop(target, None)
    return [
        a for a in free if a.actor not in held and not (a.verb == "roleblock" and a.actor in left)
    ]


def blows(cast: Sequence[Role], free: Sequence[Action], doused: Seats) -> list[tuple[int, str]]:
    """List all kills of the night as (seat, method), in the order in which they are served."""
    for action in free:
        if action.verb == "douse":
            doused |= 1 << action.target
    kills: list[tuple[int, str]] = []
    for action in sorted(free, key=lambda action: (action.actor, action.verb)):
        if action.verb == "ignite":
            kills += [(seat, "fire") for seat in members(doused)]
            doused = 0
        elif "kill" in action.verb:
            kills.append((action.target, cast[action.actor].method))
    return kills


@given(nights())
def test_those_die_whom_nothing_saves(drawn: Night) -> None:
    """Given any night, each kill takes a guard, a ward or a vest that fits it, or a life."""
    cast, actions, gear, doused = drawn
    free = unhindered(actions, gear)
    guards = [action.target for action in free if action.verb == "protect"]
    left = [*sorted((w for w in gear.wards if w.holds), key=lambda w: w.price), *gear.vests]
    deaths: dict[int, str] = {}
    saves = []
    for seat, method in blows(cast, free, doused):
        fitting = [shield for shield in left if shield.seat == seat and method in shield.methods]
        if seat in guards:
            guards.remove(seat)
        elif fitting:
            left.remove(fitting[0])
            saves.append((seat, fitting[0].item))
        else:
            deaths.setdefault(seat, method)
    resolution = resolve(cast, actions, gear, Before(doused=doused))
    assert dead(resolution) == deaths
    assert list(resolution.saves) == saves


@given(nights())
def test_every_action_ends_with_a_reason_and_every_visit_was_made(drawn: Night) -> None:
    """Given any night, each action has one reason; those that came are the visits."""
    cast, actions, gear, doused = drawn
    resolution = resolve(cast, actions, gear, Before(doused=doused))
    own = [reason for reason in resolution.reasons if reason.verb != "burn"]
    assert sorted((r.actor, r.verb, r.target) for r in own) == sorted(
        (action.actor, action.verb, action.target) for action in actions
    )
    for reason in own:
        assert (reason.outcome == "cuffed") == has(gear.cuffed, reason.actor)
        assert (reason.by == NOBODY) == (reason.outcome in ("done", "cuffed"))
    came = [(a.actor, a.target) for a in unhindered(actions, gear) if a.verb != "ignite"]
    assert sorted(resolution.visits) == sorted(came)


@given(nights(), st.data())
def test_no_order_of_handing_in_changes_anything(drawn: Night, data: st.DataObject) -> None:
    """Given the same actions and gear in another order, the whole resolution is the same."""
    cast, actions, gear, doused = drawn
    shuffled = Gear(
        tuple(data.draw(st.permutations(gear.wards))),
        tuple(data.draw(st.permutations(gear.vests))),
        masked=gear.masked,
        cuffed=gear.cuffed,
    )
    again = data.draw(st.permutations(actions))
    assert resolve(cast, again, shuffled, Before(doused=doused)) == resolve(
        cast, actions, gear, Before(doused=doused)
    )


@given(nights())
def test_gear_that_does_nothing_changes_nothing(drawn: Night) -> None:
    """Given wards that do not hold, taps, papers and lanterns, the night is as without them."""
    cast, actions, gear, doused = drawn
    idle = Gear(
        tuple(attrs.evolve(ward, holds=False) for ward in gear.wards),
        papered=gear.masked,
        tapped=((0, 1),),
        lit=gear.cuffed,
    )
    assert resolve(cast, actions, idle, Before(doused=doused)) == resolve(
        cast, actions, before=Before(doused=doused)
    )
