"""To look: what an investigator learns, and who is told what.

All looking is done last, so it sees the night as it went: where visits landed, who was dead, who
had been framed. An investigator who is stopped learns that there is *no result*. A false answer
comes only from what the target is (a miller, a godfather), from a frame, or from what the target
wears (a mask, false papers).

This file has who asks what somebody *is*: the side (a cop; a parity cop of two at once), the role
or whether there is one, a gun, a past or an unused kill, company. Who asks what somebody *did* has
`spying.py`, who brings news `calling.py`.
"""

from collections.abc import Callable
from typing import Final

from mafia_district.cast import CLUBS
from mafia_district.ids import PlayerId, has, members
from mafia_district.night.deed import BOTH, CAME, ON_PURPOSE, Dawn, Deed, Place, Verb
from mafia_district.roles import Role

A_ROLE: Final = "a role's name"  # among the answers: no word, but any role's bare name


def _frame(deed: Deed, dawn: Dawn) -> None:
    dawn.framed |= 1 << deed.target


def _looks_alongside(deed: Deed, other: Deed) -> bool:
    return other.lands_on(deed.target) and other.verb.asks


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


def _compare(deed: Deed, dawn: Dawn) -> None:
    """Tell whether two are of one side, each as a cop would read them."""
    one, other = (_side(dawn, seat) for seat in deed.stops)
    deed.word = "same_side" if one == other else "different_sides"


def _side(dawn: Dawn, seat: PlayerId) -> str:
    """Give the side as which a seat reads: of the town, who seems not to be is of the mafia."""
    role = dawn.cast[seat]
    if role is None or _reads_town(dawn, seat):
        return "town"
    return "mafia" if role.alignment == "town" else role.wins


def _rolecheck(deed: Deed, dawn: Dawn) -> None:
    deed.word = readable(dawn, deed.target)


def readable(dawn: Dawn, seat: PlayerId) -> str:
    """Give the role of a seat as it reads: its bare name, or vanilla."""
    role = dawn.cast[seat]
    return "vanilla" if role is None or _plain(dawn, seat) else bare(role)


def _vanilla(deed: Deed, dawn: Dawn) -> None:
    deed.word = "vanilla" if _plain(dawn, deed.target) else "not_vanilla"


def _neapolitan(deed: Deed, dawn: Dawn) -> None:
    townie = _plain(dawn, deed.target) and dawn.town(deed.target)
    deed.word = "vanilla_townie" if townie else "not_vanilla_townie"


def _goon(deed: Deed, dawn: Dawn) -> None:
    role = dawn.cast[deed.target]
    mafioso = role is not None and role.alignment == "mafia"
    deed.word = "goon" if mafioso and _plain(dawn, deed.target) else "not_goon"


def _plain(dawn: Dawn, seat: PlayerId) -> bool:
    return has(dawn.gear.papered, seat) or dawn.has(seat, "vanilla")


def bare(role: Role) -> str:
    """Give a role's name without its side, as a role cop reads it."""
    return unsided(role.told)


def unsided(name: str) -> str:
    """Take the side off the name of a role."""
    return name.removeprefix("town_").removeprefix("mafia_")


def _gunsmith(deed: Deed, dawn: Dawn) -> None:
    deed.word = "has_gun" if dawn.has(deed.target, "gun") else "no_gun"


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


def look(
    name: str,
    effect: Callable[[Deed, Dawn], None],
    did: str,
    do: str,
    *answers: str,
    recalls: bool = False,
    targets: int = 1,
) -> Verb:
    """Make a row of the table: to look at somebody, and to be answered by one of some words."""
    return Verb(
        name, Place.INSPECT, effect, did=did, do=do, asks=True, answers=answers, recalls=recalls,
        targets=targets,
    )  # fmt: skip


VERBS: Final = (
    Verb(
        "frame",
        Place.MISC,
        _frame,
        did="framed {target}",
        do="frame {target}",
        modifies=_looks_alongside,
    ),
    look(
        "investigate",
        _investigate,
        "investigated {target}",
        "investigate {target}",
        *("town", "not_town"),
    ),
    look(
        "compare",
        _compare,
        "compared {target} with {target2}",
        "compare {target} with {target2}",
        *("same_side", "different_sides"),
        targets=BOTH,
    ),
    look(
        "rolecheck",
        _rolecheck,
        "read the role of {target}",
        "read the role of {target}",
        A_ROLE,
    ),
    look(
        "vanilla_check",
        _vanilla,
        "looked for a power in {target}",
        "look for a power in {target}",
        *("vanilla", "not_vanilla"),
    ),
    look(
        "neapolitan",
        _neapolitan,
        "sized {target} up",
        "size {target} up",
        *("vanilla_townie", "not_vanilla_townie"),
    ),
    look(
        "goon_check",
        _goon,
        "took {target} for a goon",
        "take {target} for a goon",
        *("goon", "not_goon"),
    ),
    look(
        "gunsmith",
        _gunsmith,
        "searched {target} for a gun",
        "search {target} for a gun",
        *("has_gun", "no_gun"),
    ),
    look(
        "detect",
        _detect,
        "looked into the past of {target}",
        "look into the past of {target}",
        *("positive", "negative"),
        recalls=True,
    ),
    look(
        "psych",
        _psych,
        "talked with {target}",
        "talk with {target}",
        *("positive", "negative"),
        recalls=True,
    ),
    look(
        "analyse",
        _analyse,
        "read the mail of {target}",
        "read the mail of {target}",
        *("can_communicate", "cannot_communicate"),
    ),
)
