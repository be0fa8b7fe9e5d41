"""To look: what an investigator learns, and who is told what.

All looking is done last, so it sees the night as it went: where visits landed, who was dead, who
had been framed. An investigator who is stopped learns that there is *no result*. A false answer
comes only from what the target is (a miller, a godfather), from a frame, or from what the target
wears (a mask, false papers). What a ninja does when killing is seen by nobody.
"""

from collections.abc import Callable
from typing import Final

from mafia_district.cast import CLUBS
from mafia_district.ids import PlayerId, has, members
from mafia_district.night.deed import CAME, ON_PURPOSE, Dawn, Deed, Place, Verb
from mafia_district.roles import Role


def _frame(deed: Deed, dawn: Dawn) -> None:
    dawn.framed |= 1 << deed.target


def _looks_alongside(deed: Deed, other: Deed) -> bool:
    return other.target == deed.target and other.verb.asks


def _investigate(deed: Deed, dawn: Dawn) -> None:
    town = _reads_town(dawn, deed.target) != dawn.has(deed.actor, "insane")
    if dawn.has(deed.actor, "suspects_all") or dawn.has(deed.actor, "trusts_all"):
        town = dawn.has(deed.actor, "trusts_all")
    deed.word = "town" if town else "not_town"


def _reads_town(dawn: Dawn, seat: PlayerId) -> bool:
    if has(dawn.gear.masked, seat) or dawn.has(seat, "godfather"):
        return True
    if has(dawn.framed, seat) or dawn.has(seat, "miller"):
        return False
    if dawn.house.jester_reads == "town" and _is_jester(dawn, seat):
        return True
    suspicious = dawn.house.doused_reads_not_town and has(dawn.reeking, seat)
    return dawn.town(seat) and not (suspicious and _fire_raisers(dawn))


def _is_jester(dawn: Dawn, seat: PlayerId) -> bool:
    role = dawn.cast[seat]
    return role is not None and role.wins == "jester"


def _fire_raisers(dawn: Dawn) -> list[PlayerId]:
    """List the living who can set fire."""
    held = [(seat, dawn.cast[seat]) for seat in members(dawn.alive)]
    return [seat for seat, role in held if role is not None and role.can("ignite")]


def _rolecheck(deed: Deed, dawn: Dawn) -> None:
    role = dawn.cast[deed.target]
    vanilla = _plain(dawn, deed.target)
    deed.word = "vanilla" if vanilla or role is None else bare(role)


def _vanilla(deed: Deed, dawn: Dawn) -> None:
    deed.word = "vanilla" if _plain(dawn, deed.target) else "not_vanilla"


def _neapolitan(deed: Deed, dawn: Dawn) -> None:
    townie = _plain(dawn, deed.target) and dawn.town(deed.target)
    deed.word = "vanilla_townie" if townie else "not_vanilla_townie"


def _plain(dawn: Dawn, seat: PlayerId) -> bool:
    return has(dawn.gear.papered, seat) or dawn.has(seat, "vanilla")


def bare(role: Role) -> str:
    """Give a role's name without its side, as a role cop reads it."""
    return role.told.removeprefix("town_").removeprefix("mafia_")


def _gunsmith(deed: Deed, dawn: Dawn) -> None:
    deed.word = "has_gun" if dawn.has(deed.target, "gun") else "no_gun"


def _track(deed: Deed, dawn: Dawn) -> None:
    """See whom the target visited, where it came to it."""
    landed = {
        stop
        for other in dawn.deeds
        if other.actor == deed.target and dawn.seen(other)
        for stop in other.stops
        if stop != other.actor
    }
    deed.seen = tuple(sorted(landed))


def _watch(deed: Deed, dawn: Dawn) -> None:
    """See who visited the target; nobody sees themself."""
    came = {other.actor for other in dawn.deeds if dawn.seen(other) and other.lands_on(deed.target)}
    deed.seen = tuple(sorted(came - {deed.actor, deed.target}))


def _motion(deed: Deed, dawn: Dawn) -> None:
    moved = any(
        dawn.seen(other)
        and other is not deed
        and (other.actor == deed.target or other.lands_on(deed.target))
        for other in dawn.deeds
    )
    deed.word = "motion" if moved else "no_motion"


def _detect(deed: Deed, dawn: Dawn) -> None:
    """See whether the target ever set out to kill, whatever came of it."""
    tried = any(other.outcome in CAME for other in _kills_of(dawn, deed.target))
    deed.word = "positive" if tried or has(dawn.before.attempted, deed.target) else "negative"


def _psych(deed: Deed, dawn: Dawn) -> None:
    """See whether the target could kill, and has not."""
    role = dawn.cast[deed.target]
    able = role is not None and (role.can(*ON_PURPOSE) or _shares_a_kill(role))
    done = any(other.outcome == "done" for other in _kills_of(dawn, deed.target))
    killed = done or has(dawn.before.killed, deed.target)
    deed.word = "positive" if able and not killed else "negative"


def _kills_of(dawn: Dawn, seat: PlayerId) -> list[Deed]:
    return [deed for deed in dawn.deeds if deed.actor == seat and deed.verb.name in ON_PURPOSE]


def _shares_a_kill(role: Role) -> bool:
    return role.alignment == "mafia" and bool(role.faction)


def _analyse(deed: Deed, dawn: Dawn) -> None:
    deed.word = "can_communicate" if _talks(dawn, deed.target) else "cannot_communicate"


def _talks(dawn: Dawn, seat: PlayerId) -> bool:
    """Tell whether a seat shares a room with anybody who lives."""
    role = dawn.cast[seat]
    living = [other for other in members(dawn.alive) if other != seat and other not in dawn.deaths]
    others = [dawn.cast[other] for other in living]
    return role is not None and any(other and _shares(role, other) for other in others)


def _shares(role: Role, other: Role) -> bool:
    together = role.faction and role.faction == other.faction
    return bool(together or role.traits & other.traits & CLUBS)


def _befriend(deed: Deed, dawn: Dawn) -> None:
    """Say who one is: that one is of the town is true, for no other role may do it."""
    deed.word = "is_town"


def _look(
    name: str, effect: Callable[[Deed, Dawn], None], did: str, do: str, *, recalls: bool = False
) -> Verb:
    return Verb(name, Place.INSPECT, effect, did=did, do=do, asks=True, recalls=recalls)


VERBS: Final = (
    Verb(
        "frame",
        Place.MISC,
        _frame,
        did="framed {target}",
        do="frame {target}",
        modifies=_looks_alongside,
    ),
    _look("investigate", _investigate, "investigated {target}", "investigate {target}"),
    _look("rolecheck", _rolecheck, "read the role of {target}", "read the role of {target}"),
    _look(
        "vanilla_check", _vanilla, "looked for a power in {target}", "look for a power in {target}"
    ),
    _look("neapolitan", _neapolitan, "sized {target} up", "size {target} up"),
    _look("gunsmith", _gunsmith, "searched {target} for a gun", "search {target} for a gun"),
    _look("track", _track, "followed {target}", "follow {target}"),
    _look("watch", _watch, "watched {target}", "watch {target}"),
    _look("motion", _motion, "listened at the door of {target}", "listen at the door of {target}"),
    _look(
        "detect",
        _detect,
        "looked into the past of {target}",
        "look into the past of {target}",
        recalls=True,
    ),
    _look("psych", _psych, "talked with {target}", "talk with {target}", recalls=True),
    _look("analyse", _analyse, "read the mail of {target}", "read the mail of {target}"),
    Verb(
        "befriend",
        Place.INSPECT,
        _befriend,
        did="made friends with {target}",
        do="make friends with {target}",
        tells=True,
    ),
)
