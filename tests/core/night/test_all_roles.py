"""Every role beside every other: nights of random casts, by every house."""

from collections.abc import Iterator
from itertools import combinations
from random import Random

import pytest

from mafia_district.house import HOUSES, house
from mafia_district.ids import NOBODY, PlayerId
from mafia_district.night import Action, Resolution, Result, carried_out, faction_kill
from mafia_district.night.deed import FACTION_KILL
from mafia_district.night.verbs import VERBS
from mafia_district.night.verbs.looking import A_ROLE
from mafia_district.night.verbs.spying import PLAYERS
from mafia_district.roles import ROLES, Role

NIGHTS = 400
SEATS = 24

Night = tuple[list[Role], list[Action], list[tuple[Action, ...]]]


def nights(seed: int, count: int) -> Iterator[Night]:
    """Draw nights in which each may do all that their role can do, to whomever."""
    dice, names = Random(seed), list(ROLES)
    for _ in range(count):
        cast = [ROLES[name] for name in dice.sample(names, SEATS)]
        own = [action for seat, held in enumerate(cast) for action in _own(dice, seat, held)]
        yield cast, own, _kills(dice, cast)


def _own(dice: Random, seat: PlayerId, held: Role) -> Iterator[Action]:
    for ability in held.abilities:
        if ability.when != "night":
            continue
        verb = VERBS[ability.verb]
        one, other = dice.sample([place for place in range(SEATS) if place != seat], 2)
        if dice.random() < 0.8:
            target = one if verb.targets else NOBODY
            yield Action(seat, ability.verb, target, other if verb.names_two else NOBODY)


def _kills(dice: Random, cast: list[Role]) -> list[tuple[Action, ...]]:
    picks: dict[str, list[tuple[PlayerId, PlayerId]]] = {}
    for seat, held in enumerate(cast):
        if held.alignment == "mafia":
            picks.setdefault(held.faction, []).append((seat, dice.randrange(SEATS)))
    return [faction_kill(made) for made in picks.values()]


@pytest.mark.parametrize("name", HOUSES)
def test_every_night_comes_to_an_end(name: str) -> None:
    """Given any roles side by side, every action ends with a reason, and every asker is told."""
    met: set[frozenset[str]] = set()
    for cast, own, kills in nights(7, NIGHTS):
        resolved = carried_out(cast, own, kills, house=house(name))
        met |= {frozenset(pair) for pair in combinations([held.name for held in cast], 2)}
        _account(cast, own, kills, resolved)
    assert len(met) == len(ROLES) * (len(ROLES) - 1) // 2


def _account(
    cast: list[Role], own: list[Action], kills: list[tuple[Action, ...]], resolved: Resolution
) -> None:
    told = [(reason.actor, reason.verb) for reason in resolved.reasons]
    assert all(told.count((action.actor, action.verb)) == 1 for action in own)
    assert told.count((-1, FACTION_KILL)) == 0
    assert sum(verb == FACTION_KILL for _, verb in told) == len(kills)
    assert all(reason.outcome is not None for reason in resolved.reasons)
    asked = [action.actor for action in own if VERBS[action.verb].asks]
    assert sorted(r.seat for r in resolved.results if VERBS[r.verb].asks) == sorted(asked)
    assert all(map(_in_words, resolved.results))
    assert {seat for seat, _ in resolved.slain} <= {death.seat for death in resolved.deaths}


def _in_words(told: Result) -> bool:
    """Tell whether what was told is among the words that the verb's row lists for people."""
    words = VERBS[told.verb].answers
    if told.word == "seen" or A_ROLE in words:
        return bool({PLAYERS, A_ROLE} & set(words))
    return set(told.word.split(", ")) <= {*words, "no_result", "blocked", "moved"}


@pytest.mark.parametrize("name", HOUSES)
def test_no_order_of_handing_in_changes_a_night(name: str) -> None:
    """Given the same actions in another order, the whole resolution is the same."""
    dice = Random(8)
    for cast, own, kills in nights(9, NIGHTS // 4):
        again = dice.sample(own, len(own))
        rules = house(name)
        first = carried_out(cast, own, kills, house=rules)
        assert carried_out(cast, again, kills, house=rules) == first
