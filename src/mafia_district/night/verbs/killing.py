"""To kill: by one's own hand, for the faction, or back at whoever comes.

Kills are simultaneous, and each wants a protection of its own. What stops one is spent in this
order: who guards the target, first those who die of it; then wards and vests, least first; a
vest of the role's own last. A strongman needs to mind none of them.

Who shoots at visitors (a veteran on the alert, a paranoid) does so when all have come who come
tonight. Who is a bomb strikes back at the one who killed them. Two factions that the rules set
against each other, as fire and ice, undo each other's kills of the same player.
"""

from typing import Final

from mafia_district.ids import PlayerId, has, members
from mafia_district.night.deed import Blow, Dawn, Deed, Guard, Place, Verb, kills_its_actor
from mafia_district.roles import SHOT


def strike(deed: Deed, dawn: Dawn, method: str) -> None:
    """Kill who is where the deed lands, unless something there stops it."""
    seat = deed.target
    if _immune(dawn, seat):
        deed.fail("immune", seat)
    elif dawn.has(deed.actor, "strongman") or not _stopped(deed, dawn, method):
        _die(deed, dawn, method)


def _die(deed: Deed, dawn: Dawn, method: str) -> None:
    dawn.deaths.setdefault(deed.target, []).append(Blow(method, deed.actor))
    if dawn.has(deed.target, "bomb") and deed.verb is not _BLAST and deed.actor != deed.target:
        dawn.deeds.append(Deed(deed.target, _BLAST, deed.actor, deed.actor))


def _immune(dawn: Dawn, seat: PlayerId) -> bool:
    return has(dawn.alert, seat) or (
        not dawn.house.pgo_dies_of_a_kill and dawn.has(seat, "paranoid")
    )


def _stopped(deed: Deed, dawn: Dawn, method: str) -> bool:
    """Let the kill fail on what protects the target; tell whether it did."""
    guards = dawn.guards.get(deed.target)
    if guards:
        _parry(deed, dawn, guards, method)
    elif dawn.shields and _warded(deed.target, dawn, method):
        deed.fail("warded", deed.target)
    elif deed.target in dawn.vests and _vested(deed.target, dawn):
        deed.fail("immune", deed.target)
    return deed.outcome is not None


def _parry(deed: Deed, dawn: Dawn, guards: list[Guard], method: str) -> None:
    """Let a guard take the kill: first one who throws themself before it."""
    guard = max(guards, key=lambda guard: guard.dies)
    if not guard.all:
        guards.remove(guard)
    deed.fail("protected", guard.actor)
    if guard.dies:
        dawn.deeds.append(Deed(deed.actor, _IN_STEAD, guard.actor, guard.actor))
        if dawn.house.bodyguard_kills_attacker and deed.actor != guard.actor:
            dawn.deeds.append(Deed(guard.actor, _RETURN, deed.actor, deed.actor))


def _warded(seat: PlayerId, dawn: Dawn, method: str) -> bool:
    """Spend the first thing that stops such a kill on a seat; tell whether there was one."""
    shields = dawn.shields
    for place, shield in enumerate(shields):
        if shield.seat == seat and method in shield.methods:
            dawn.shields = shields[:place] + shields[place + 1 :]
            dawn.saves += (shield,)
            return True
    return False


def _vested(seat: PlayerId, dawn: Dawn) -> bool:
    """Spend a vest of the role's own; a house says if it lasts for the night or for a kill."""
    if dawn.house.vest_stops == "all" and seat in dawn.worn_out:
        return True
    if not dawn.vests[seat]:
        return False
    role = dawn.cast[seat]
    if dawn.worn_out.count(seat) and role is not None and role.vests < dawn.vests[seat]:
        return False
    dawn.vests[seat] -= 1
    dawn.worn_out.append(seat)
    return True


def _kill(deed: Deed, dawn: Dawn) -> None:
    rival = _rival(deed, dawn)
    if rival is not None:
        deed.fail("cancelled", rival.actor)
    else:
        _by_hand(deed, dawn)


def _by_hand(deed: Deed, dawn: Dawn) -> None:
    role = dawn.cast[deed.actor]
    strike(deed, dawn, role.method if role else SHOT)


def _rival(deed: Deed, dawn: Dawn) -> Deed | None:
    """Find the kill of another faction that undoes this one, where the rules say so."""
    if not dawn.house.rival_kills_cancel:
        return None
    role = dawn.cast[deed.actor]
    for other in dawn.deeds:
        theirs = dawn.cast[other.actor]
        rivals = role and theirs and role.faction and theirs.faction not in ("", role.faction)
        if rivals and _kills_with(other, deed):
            return other
    return None


def _kills_with(other: Deed, deed: Deed) -> bool:
    return other.kills and other.target == deed.target and other.outcome in (None, "cancelled")


def _shoot(deed: Deed, dawn: Dawn) -> None:
    strike(deed, dawn, SHOT)


def _on_the_alert(deed: Deed, dawn: Dawn) -> None:
    dawn.alert |= 1 << deed.actor


def shoot_visitors(dawn: Dawn) -> None:
    """Let those shoot who shoot at whoever comes, once it is settled who does."""
    for seat in sorted({*members(dawn.alert), *dawn.bearers("paranoid")}):
        dawn.deeds += [Deed(seat, _SHOT, visitor, visitor) for visitor in dawn.visitors(seat)]


def _back(name: str, did: str, do: str) -> Verb:
    return Verb(name, Place.KILL, _shoot, did=did, do=do, visits=False)


_SHOT: Final = _back("shoot_visitor", "shot {target}, who came by", "shoot {target}, who came by")
_BLAST: Final = _back("blast", "took {target} along", "take {target} along")
_RETURN: Final = _back("shoot_back", "shot back at {target}", "shoot back at {target}")
_IN_STEAD: Final = Verb(
    "strike_guard", Place.KILL, _by_hand, did="killed {target}, who was on guard",
    do="kill {target}, who was on guard", visits=False,
)  # fmt: skip

VERBS: Final = (
    Verb("kill", Place.KILL, _kill, did="killed {target}", do="kill {target}"),
    Verb(
        "faction_kill",
        Place.KILL,
        _kill,
        did="killed {target} for the faction",
        do="kill {target} for the faction",
    ),
    Verb(
        "alert",
        Place.MISC,
        _on_the_alert,
        did="lay in wait",
        do="lie in wait",
        modifies=kills_its_actor,
        visits=False,
        targets=0,
    ),
    _SHOT,
    _BLAST,
    _RETURN,
    _IN_STEAD,
)
