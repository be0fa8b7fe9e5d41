"""To protect: one protection stops one kill, where the house does not say otherwise.

A doctor's patient is spared one kill, a jailer's prisoner all of them, and a prisoner does nothing.
A bodyguard dies of the kill that was meant for another. Who minds somebody spares them one kill,
but takes them along when killed. A rolestopper lets nothing at all reach the target, and an alien,
who abducts them, lets them do nothing besides. A shield draws upon itself the kills of the one it
stands before.
"""

from typing import Final

from mafia_district.ids import PlayerId
from mafia_district.night.deed import Dawn, Deed, Guard, Place, Verb
from mafia_district.night.verbs.blocking import acts_under, block


def _kills_alongside(deed: Deed, other: Deed) -> bool:
    return other.target == deed.target and other.kills


def _stand_by(dawn: Dawn, seat: PlayerId, guard: Guard) -> None:
    if not dawn.has(seat, "macho"):
        dawn.guards.setdefault(seat, []).append(guard)


def _protect(deed: Deed, dawn: Dawn) -> None:
    _stand_by(dawn, deed.target, Guard(deed.actor, all=dawn.house.doctor_stops == "all"))


def _confines(deed: Deed, other: Deed) -> bool:
    return acts_under(deed, other) or _kills_alongside(deed, other)


def _jail(deed: Deed, dawn: Dawn) -> None:
    block(deed, dawn)
    _stand_by(dawn, deed.target, Guard(deed.actor, all=dawn.house.jail_stops == "all"))


def _guard(deed: Deed, dawn: Dawn) -> None:
    fights = dawn.house.bodyguard_kills_attacker  # and then takes on all who come
    _stand_by(dawn, deed.target, Guard(deed.actor, dies=True, all=fights))


def _babysit(deed: Deed, dawn: Dawn) -> None:
    dawn.minded[deed.actor] = deed.target
    _stand_by(dawn, deed.target, Guard(deed.actor))


def _lands_alongside(deed: Deed, other: Deed) -> bool:
    return other.lands_on(deed.target) and bool(other.verb.targets)


def _rolestop(deed: Deed, dawn: Dawn) -> None:
    for other in dawn.pending(deed):
        pierces = other.kills and dawn.has(other.actor, "strongman")
        if _lands_alongside(deed, other) and not pierces:
            other.fail("stopped", deed.actor)


def _takes_away(deed: Deed, other: Deed) -> bool:
    return acts_under(deed, other) or _lands_alongside(deed, other)


def _abduct(deed: Deed, dawn: Dawn) -> None:
    block(deed, dawn)
    _rolestop(deed, dawn)


def _kills_under(deed: Deed, other: Deed) -> bool:
    return other.actor == deed.target and other.kills


def _to_me(deed: Deed, other: Deed) -> PlayerId:
    return deed.actor


def _shield(deed: Deed, dawn: Dawn) -> None:
    for other in dawn.pending(deed):
        if _kills_under(deed, other):
            other.target = deed.actor


VERBS: Final = (
    Verb(
        "rolestop",
        Place.PROTECT,
        _rolestop,
        did="let nobody near {target}",
        do="let nobody near {target}",
        modifies=_lands_alongside,
    ),
    Verb(
        "jail",
        Place.PROTECT,
        _jail,
        did="locked {target} up",
        do="lock {target} up",
        modifies=_confines,
    ),
    Verb(
        "abduct",
        Place.PROTECT,
        _abduct,
        did="abducted {target}",
        do="abduct {target}",
        modifies=_takes_away,
    ),
    Verb(
        "protect",
        Place.PROTECT,
        _protect,
        did="guarded {target}",
        do="guard {target}",
        modifies=_kills_alongside,
    ),
    Verb(
        "guard",
        Place.PROTECT,
        _guard,
        did="stood before {target}",
        do="stand before {target}",
        modifies=_kills_alongside,
    ),
    Verb(
        "babysit",
        Place.PROTECT,
        _babysit,
        did="minded {target}",
        do="mind {target}",
        modifies=_kills_alongside,
    ),
    Verb(
        "shield",
        Place.PROTECT,
        _shield,
        did="stood between {target} and the world",
        do="stand between {target} and the world",
        modifies=_kills_under,
        turns=_to_me,
    ),
)
