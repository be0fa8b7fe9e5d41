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

No step draws lots, and none looks at the order of submission. A house may do without the golden
rule: then the fixed list alone says what comes first.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations_with_replacement, permutations
from typing import Final, TypeAlias

from mafia_district.ids import PlayerId, members
from mafia_district.night import chains
from mafia_district.night.deed import FACTION_KILL, Dawn, Deed, Place, Verb, never, stays
from mafia_district.night.verbs import verb
from mafia_district.night.verbs.fire import douse_visitors
from mafia_district.night.verbs.killing import shoot_visitors
from mafia_district.roles import Role

_SWAPPED: Final = {Place.BLOCK: Place.REDIRECT, Place.REDIRECT: Place.BLOCK}

Threats: TypeAlias = dict[Deed, list[Deed]]


def rank(deed: Deed) -> tuple[Place, PlayerId, str]:
    """Give a deed's place among equals: the fixed list, then the seat."""
    return deed.verb.place, deed.actor, deed.verb.name


def listed(deed: Deed) -> tuple[int, PlayerId, str]:
    """Give a deed's place in the list that some houses go by: it redirects before it blocks."""
    place = deed.verb.place
    return _SWAPPED.get(place, place), deed.actor, deed.verb.name


def settle(dawn: Dawn) -> None:
    """Perform the deeds of a night, which come sorted by `rank`, until each has its outcome."""
    shapers = [deed for deed in dawn.deeds if deed.verb.modifies is not never]
    while shapers := [deed for deed in shapers if deed.outcome is None]:
        threats = _threats(shapers, dawn)
        free = [deed for deed in shapers if not threats[deed]]
        for deed in free or _opened(_loop(threats), threats, dawn):
            _perform(deed, dawn)
    if dawn.house.visiting_arsonist_douses:
        douse_visitors(dawn)
    if dawn.alert or "paranoid" in dawn.traits:
        shoot_visitors(dawn)
    _strike_and_look(dawn)


def _strike_and_look(dawn: Dawn) -> None:
    """Let the kills fall, then what they pull along, then let those look who look."""
    late: list[Deed] = []
    for deed in dawn.deeds:  # grows while it is read, where a kill brings about another
        if deed.verb.place > Place.KILL:
            late.append(deed)
        else:
            _perform(deed, dawn)
    chains.pull(dawn)
    for deed in late:
        _perform(deed, dawn)


def _perform(deed: Deed, dawn: Dawn) -> None:
    if deed.outcome is not None:
        return
    if dawn.picky and _repelled(deed, dawn):
        return
    deed.verb.effect(deed, dawn)
    if deed.outcome is None:
        deed.outcome = "done"


def _repelled(deed: Deed, dawn: Dawn) -> bool:
    """Let a deed fail on who its actor or its target is; tell whether it did."""
    own = deed.verb.name != FACTION_KILL
    if own and dawn.has(deed.actor, "lazy") and _nearly_won(dawn):
        deed.fail("in_vain", deed.actor)
    for seat in deed.stops if deed.verb.targets and deed.outcome is None else ():
        if not deed.kills and dawn.has(seat, "ascetic") and deed.actor != seat:
            deed.fail("immune", seat)
        elif own and _for_others(deed.actor, seat, dawn):
            deed.fail("wrong_side", seat)
    return deed.outcome is not None


def _nearly_won(dawn: Dawn) -> bool:
    """Tell whether a single one was left, at nightfall, who is not town."""
    return sum(not dawn.town(seat) for seat in members(dawn.alive)) == 1


def _for_others(actor: PlayerId, seat: PlayerId, dawn: Dawn) -> bool:
    """Tell whether somebody has come to one on whom their role fails."""
    if dawn.has(actor, "loyal") and not _same_side(actor, seat, dawn):
        return True
    if dawn.has(actor, "disloyal") and _same_side(actor, seat, dawn):
        return True
    if dawn.has(actor, "simple") and not dawn.has(seat, "vanilla"):
        return True
    return dawn.has(actor, "complex") and dawn.has(seat, "vanilla")


def _same_side(actor: PlayerId, seat: PlayerId, dawn: Dawn) -> bool:
    own, other = dawn.cast[actor], dawn.cast[seat]
    return own is not None and other is not None and own.wins == other.wins


def _threats(shapers: Sequence[Deed], dawn: Dawn) -> Threats:
    """List for each unsettled deed those that can still modify it."""
    if len(shapers) == 1:  # as in most nights; nothing modifies itself
        return {shapers[0]: []}
    if dawn.house.order == "list":
        return {shapers[0]: [], **{deed: [shapers[0]] for deed in shapers[1:]}}
    movers = [deed for deed in shapers if deed.verb.turns is not stays]
    if not movers:
        return {
            deed: [
                other for other in shapers if other is not deed and other.verb.modifies(other, deed)
            ]
            for deed in shapers
        }
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
        aims += [aimed.at(seat) for seat in seats]
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


def _opened(loop: Sequence[Deed], threats: Threats, dawn: Dawn) -> Sequence[Deed]:
    """Give what is to be performed of a loop: its first deed, or nothing where all of it fails."""
    blocks_alone = all(deed.verb.place is Place.BLOCK for deed in loop)
    if not blocks_alone or dawn.house.mutual_block == "first":
        return loop[:1]
    for deed in loop:
        deed.fail("loop", threats[deed][0].actor)
    return ()


def ambiguous(roles: Iterable[Role]) -> tuple[tuple[str, str], ...]:
    """List each pair of verbs among these roles whose order the golden rule cannot tell.

    That is so where two seats can aim them so that each modifies the other; a verb is also paired
    with itself, as two seats may hold it. What is done by day is left out. Raises ValueError for a
    verb that does not exist.
    """
    held = [ability for role in roles for ability in role.abilities]
    verbs = sorted({ability.verb for ability in held if ability.when == "night"})
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
