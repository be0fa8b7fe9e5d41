"""The order of a night: Natural Action Resolution.

The golden rule: an action is performed before those that it modifies; so one performs, again and
again, whatever nothing unsettled can still modify. *Can still*: an action that has failed modifies
nothing any more, and one that an unsettled mover may send elsewhere may come to modify what it
finds there. Hence the graph is drawn anew after each round. What modifies nothing keeps nothing
waiting: such actions (kills, inspections) come last, by the fixed list and then by seat.

Where the rule leaves nothing free there is a loop. The one that matters is a loop that nothing
outside it modifies (a source among the strongly connected components). If it is made of blocks
alone, all in it fail, whatever its length. Otherwise the fixed list chooses the first of it, then
the lower seat; that one is performed, and the golden rule goes on with the rest.

No step draws lots, and none looks at the order of submission.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations_with_replacement, permutations
from typing import TypeAlias

import attrs

from mafia_district.ids import PlayerId
from mafia_district.night.verbs import Dawn, Deed, Place, Verb, never, stays, verb
from mafia_district.roles import Role

Threats: TypeAlias = dict[Deed, list[Deed]]


def rank(deed: Deed) -> tuple[Place, PlayerId, str]:
    """Give a deed's place among equals: the fixed list, then the seat."""
    return deed.verb.place, deed.actor, deed.verb.name


def settle(dawn: Dawn) -> None:
    """Perform the deeds of a night, which come sorted by `rank`, until each has its outcome."""
    shapers = [
        deed for deed in dawn.deeds if deed.verb.modifies is not never and deed.outcome is None
    ]
    while shapers:
        threats = _threats(shapers)
        free = [deed for deed in shapers if not threats[deed]]
        for deed in free or _opened(_loop(threats), threats):
            _perform(deed, dawn)
        shapers = [deed for deed in shapers if deed.outcome is None]
    for deed in dawn.deeds:  # grows while it is read, where fire is lit
        if deed.outcome is None:
            _perform(deed, dawn)


def _perform(deed: Deed, dawn: Dawn) -> None:
    deed.verb.effect(deed, dawn)
    if deed.outcome is None:
        deed.outcome = "done"


def _threats(shapers: Sequence[Deed]) -> Threats:
    """List for each unsettled deed those that can still modify it."""
    if len(shapers) == 1:  # as in most nights; nothing modifies itself
        return {shapers[0]: []}
    movers = [deed for deed in shapers if deed.verb.turns is not stays]
    aims = {deed: _aims(deed, movers) for deed in shapers}
    return {
        deed: [
            other for other in shapers if other is not deed and _may_modify(aims[other], aims[deed])
        ]
        for deed in shapers
    }


def _aims(deed: Deed, movers: Sequence[Deed]) -> list[Deed]:
    """Give a deed as it is aimed now, and as unsettled movers may yet aim it."""
    aims = [deed]
    for aimed in aims if movers else ():  # grows while it is read
        seats = {
            mover.verb.turns(mover, aimed)
            for mover in movers
            if mover is not deed and mover.verb.modifies(mover, aimed)
        }
        seats -= {known.target for known in aims}
        aims += [attrs.evolve(aimed, target=seat) for seat in seats]
    return aims


def _may_modify(ones: Sequence[Deed], others: Sequence[Deed]) -> bool:
    for one in ones:
        for other in others:
            if one.verb.modifies(one, other):
                return True
    return False


def _loop(threats: Threats) -> list[Deed]:
    """Find a loop that nothing outside it modifies, by rank.

    Where nothing is free, some such loop stands behind every deed, and nothing else stands behind
    the deeds of the loop itself. So the smallest set of deeds that stand behind one is a loop.
    """
    loop = min((_behind(deed, threats) for deed in threats), key=len)
    return [deed for deed in threats if deed in loop]


def _behind(deed: Deed, threats: Threats) -> list[Deed]:
    """List the deeds that can modify one, at once or through others."""
    behind = threats[deed].copy()
    for other in behind:  # grows while it is read
        behind += [further for further in threats[other] if further not in behind]
    return behind


def _opened(loop: Sequence[Deed], threats: Threats) -> Sequence[Deed]:
    """Give what is to be performed of a loop: its first deed, or nothing where all of it fails."""
    if any(deed.verb.place is not Place.BLOCK for deed in loop):
        return loop[:1]
    for deed in loop:
        deed.fail("loop", threats[deed][0].actor)
    return ()


def ambiguous(roles: Iterable[Role]) -> tuple[tuple[str, str], ...]:
    """List each pair of verbs among these roles whose order the golden rule cannot tell.

    That is so where two seats can aim them so that each modifies the other; a verb is also paired
    with itself, as two seats may hold it. Raises ValueError for a verb that does not exist.
    """
    verbs = sorted({ability.verb for role in roles for ability in role.abilities})
    pairs = combinations_with_replacement(verbs, 2)
    return tuple((one, other) for one, other in pairs if _clash(verb(one), verb(other)))


def _clash(one: Verb, other: Verb) -> bool:
    return any(
        one.modifies(deed, answer) and other.modifies(answer, deed)
        for deed in _every_aim(one, actor=0)
        for answer in _every_aim(other, actor=1)
    )


def _every_aim(row: Verb, actor: PlayerId) -> list[Deed]:
    """Aim a verb in every way that two actors and two bystanders can tell apart."""
    return [Deed(actor, row, named, named, other) for named, other in permutations(range(4), 2)]
