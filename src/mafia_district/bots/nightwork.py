"""The night, and what else a role does: whom its action names.

The lowest living seat of the mafia chooses, kills and says so; the others follow, so that one of
them alone may have to fear a trace. They take whom the town trusts, a sheriff before all. A doctor
guards the sheriff who has spoken up, else whom the town trusts; an investigator looks at whom it
suspects and has not looked at; an arsonist goes from house to house and lights three at once. Who
may still act before a death, or after it, goes by suspicion as well.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from mafia_district.bots import talk
from mafia_district.bots.evidence import INVESTIGATE
from mafia_district.bots.mind import Mind
from mafia_district.ids import NOBODY, PlayerId, Seats, members
from mafia_district.machine import Command
from mafia_district.night.collect import act
from mafia_district.night.deed import FACTION_KILL

ROOM = "faction"
BONFIRE: Final = 3  # doused houses that are worth a fire
SURE: Final = 2.5  # a suspicion that is worth a shot
ALIKE: Final = 0.3  # suspicions that differ by less are taken by lot
PATIENCE: Final = 6  # one look in so many a mate kills for a leader who has not


def by_night(mind: Mind) -> Command | None:
    """Choose an action that has not been chosen yet."""
    chosen, actions = mind.choices.chosen, mind.choices.actions
    if len(chosen) == len(actions) or (
        chosen and mind.view.rules.book.role(mind.view.role).exclusive
    ):
        return _plan(mind)
    for verb, targets in actions.items():
        if verb not in chosen:
            target = CHOOSERS.get(verb, _any)(mind, targets)
            if target != NOBODY:
                return act(mind.seat, verb, target, _second(mind, verb, target))
    return None


def by_power(mind: Mind) -> Command | None:
    """Use a power that is open while the town is awake, or to the dead, if it seems worth it."""
    for verb, targets in mind.choices.actions.items():
        if verb not in mind.choices.chosen:
            target = CHOOSERS.get(verb, _any)(mind, targets)
            if target != NOBODY:
                return act(mind.seat, verb, target, NOBODY)
    return None


def _second(mind: Mind, verb: str, target: PlayerId) -> PlayerId:
    """Draw whom to name besides, where an action names two."""
    others = mind.choices.seconds(verb, target)
    return _any(mind, others) if others else NOBODY


def _plan(mind: Mind) -> Command | None:
    """Tell the mates whom one is going to visit, if there are any."""
    picks = [pick for pick in mind.view.actions if pick.action == FACTION_KILL]
    mates = mind.mates & mind.view.alive & ~(1 << mind.seat)
    if not mates or not picks or picks[0].seat != mind.seat or ROOM not in mind.choices.rooms:
        return None
    return mind.say(ROOM, talk.PLAN, mind.view.day, picks[0].target)


def _kill_together(mind: Mind, targets: Seats) -> PlayerId:
    """Follow the first pick of a mate; make it if it is one's own turn to kill."""
    for pick in mind.view.actions:
        if pick.action == FACTION_KILL:
            return pick.target
    if leads(mind) or not mind.dice.below(PATIENCE):
        return _dangerous(mind, targets & ~mind.mates)
    return NOBODY


def leads(mind: Mind) -> bool:
    """Tell whether the player is the member of the mafia who kills."""
    living = mind.mates & mind.view.alive
    return living & -living == 1 << mind.seat


def _dangerous(mind: Mind, targets: Seats) -> PlayerId:
    """Choose whom the town can spare least: its sheriff, else whom it trusts most.

    Who has lived through a visit is guarded, and is left alone until another has been called on.
    """
    sheriffs = mind.town.evidence.sheriffs & targets & ~mind.memory.struck
    others = targets & ~mind.memory.struck or targets
    target = members(sheriffs)[0] if sheriffs else _trusted(mind, others)
    mind.memory.struck = 1 << target if target != NOBODY else 0
    return target


def _trusted(mind: Mind, targets: Seats) -> PlayerId:
    """Choose one of those whom the town suspects least, by lot."""
    if not targets:
        return NOBODY
    ranked = mind.town.most(targets)
    calm = [seat for seat in ranked if mind.town.of(seat) <= mind.town.of(ranked[-1]) + ALIKE]
    return calm[mind.dice.below(len(calm))]


def _guard(mind: Mind, targets: Seats) -> PlayerId:
    """Guard a sheriff, else whom the town trusts."""
    if sheriffs := mind.own.evidence.sheriffs & targets:
        return mind.own.most(sheriffs)[-1]
    return _trusted(mind, targets)


def _investigate(mind: Mind, targets: Seats) -> PlayerId:
    """Look at the most suspicious of those whom one has not looked at."""
    known = sum({1 << r.target for r in mind.view.results if r.action == INVESTIGATE})
    return _suspect(mind, targets & ~known or targets)


def _stop(mind: Mind, targets: Seats) -> PlayerId:
    """Keep an enemy from acting."""
    if mind.mates:
        return _dangerous(mind, targets & ~mind.mates)
    return mind.own.most(targets)[0]


def _shoot(mind: Mind, targets: Seats) -> PlayerId:
    """Shoot only whom one is sure of."""
    top = mind.own.most(targets)[0]
    return top if mind.own.of(top) >= SURE else NOBODY


def _any(mind: Mind, targets: Seats) -> PlayerId:
    """Draw one, where nothing speaks for any of them."""
    seats = members(targets)
    return seats[mind.dice.below(len(seats))]


def _suspect(mind: Mind, targets: Seats) -> PlayerId:
    """Look into one of the most suspicious."""
    ranked = mind.own.most(targets)
    alike = [seat for seat in ranked if mind.own.of(seat) >= mind.own.of(ranked[0]) - ALIKE]
    return alike[mind.dice.below(len(alike))]


def _pardon(mind: Mind, targets: Seats) -> PlayerId:
    """Let go whom one does not suspect, or who is of one's own."""
    condemned = members(targets)[0]
    own = targets & mind.mates
    return condemned if own or mind.own.of(condemned) < 0 else NOBODY


def _avenge(mind: Mind, targets: Seats) -> PlayerId:
    """Take along whom one suspects most, and none of one's own."""
    others = targets & ~mind.mates
    return mind.own.most(others)[0] if others else NOBODY


def _douse(mind: Mind, targets: Seats) -> PlayerId:
    """Douse another house, until there are enough for a fire."""
    wet = mind.memory.doused & mind.view.alive
    before = mind.memory.forgotten % (BONFIRE + 1)  # one night in so many was for the fire
    if wet.bit_count() + before >= BONFIRE or not targets & ~wet:
        return NOBODY
    target = _trusted(mind, targets & ~wet)
    mind.memory.doused |= 1 << target
    return target


def _ignite(mind: Mind, targets: Seats) -> PlayerId:
    """Light the houses when they are enough, or nobody is left to douse."""
    memory = mind.memory
    if not memory.doused & mind.view.alive and not memory.forgotten % (BONFIRE + 1):
        return NOBODY
    memory.doused = memory.forgotten = 0
    return members(targets)[0]


CHOOSERS: Final[Mapping[str, Callable[[Mind, Seats], PlayerId]]] = MappingProxyType(
    {
        FACTION_KILL: _kill_together,
        "protect": _guard,
        INVESTIGATE: _investigate,
        "roleblock": _stop,
        "kill": _shoot,
        "shoot": _shoot,
        "pardon": _pardon,
        **dict.fromkeys(("revenge", "haunt"), _avenge),
        "douse": _douse,
        "ignite": _ignite,
        **dict.fromkeys(("guard", "babysit", "jail", "rolestop", "watch"), _guard),
        **dict.fromkeys(("befriend", "hide", "frame"), _trusted),
        **dict.fromkeys(("rolecheck", "gunsmith", "track", "motion", "detect"), _suspect),
    }
)
