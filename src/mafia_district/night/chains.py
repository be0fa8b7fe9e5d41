"""Chains: deaths that pull others along, once the kills have fallen.

Lovers die together, by a lynch as well. Who has sworn to take somebody along does. Who hides dies
with their host if the host is struck down, and whoever is being minded with their minder. Who is
weak dies of having called on somebody who is not town. Where the house says so a cult dies with its
last leader. Nothing protects from these deaths. They come before victory is judged, and go on until
nobody more is pulled along.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from mafia_district.ids import BITS, NOBODY, PlayerId, Seats, has, members
from mafia_district.night.deed import CAME, Blow, Dawn
from mafia_district.roles import Role

HIDING: Final = Blow("hiding")
GRIEF: Final = "grief"  # of a lover, and of whoever is devoted


def pull(dawn: Dawn) -> None:
    """Add the deaths that follow from those of the night, to the end of the chain."""
    for seat in _weak(dawn):
        dawn.deaths.setdefault(seat, []).append(Blow("weakness"))
    while pulled := [(seat, blow) for seat, blow in _pulled(dawn) if seat not in dawn.deaths]:
        for seat, blow in pulled:
            dawn.deaths[seat] = [blow]


def bereaved(love: Sequence[Seats], dead: Seats) -> Seats:
    """Give those who die with the dead, of groups that die together, to the end of the chain."""
    gone = dead
    while more := [group for group in love if group & gone and group & ~gone]:
        for group in more:
            gone |= group
    return gone & ~dead


def leaderless(cast: Sequence[Role | None], alive: Seats, dead: Seats) -> Seats:
    """Give those devoted to a cult whose last leaders are dead; `alive` lived before that."""
    held = [(seat, role) for seat in members(alive) if (role := cast[seat])]
    leaders = [seat for seat, role in held if role.can("recruit")]
    if not leaders or not all(has(dead, seat) for seat in leaders):
        return 0
    return sum(BITS[seat] for seat, role in held if "devoted" in role.traits)


def _weak(dawn: Dawn) -> Iterator[PlayerId]:
    """Find who is too weak for what they came to."""
    for deed in dawn.deeds if "weak" in dawn.traits else ():
        came = deed.verb.visits and deed.outcome in CAME
        if came and dawn.has(deed.actor, "weak") and not all(map(dawn.town, deed.stops)):
            yield deed.actor


def _pulled(dawn: Dawn) -> Iterator[tuple[PlayerId, Blow]]:
    if not dawn.deaths:
        return
    dead = dawn.deaths
    yield from ((aim, Blow("revenge", who)) for who, aim in dawn.sworn.items() if who in dead)
    struck = [seat for seat in dead if dead[seat][0].by != NOBODY or dead[seat][0] == HIDING]
    yield from ((who, HIDING) for who, host in dawn.hiding.items() if host in struck)
    yield from ((baby, Blow("minded")) for minder, baby in dawn.minded.items() if minder in dead)
    if "lover" in dawn.traits:
        mourning = bereaved(_love(dawn), _mask(dead))
        yield from ((seat, Blow(GRIEF)) for seat in members(mourning))
    if dawn.house.cult_dies_with_leader:
        devoted = leaderless(dawn.cast, dawn.alive, _mask(dead))
        yield from ((seat, Blow(GRIEF)) for seat in members(devoted))


def _mask(dead: Iterable[PlayerId]) -> Seats:
    return sum(BITS[seat] for seat in dead)


def _love(dawn: Dawn) -> list[Seats]:
    """List the groups of the living who die together."""
    if dawn.before.love is not None:
        return [group & dawn.alive for group in dawn.before.love]
    return [sum(BITS[seat] for seat in dawn.bearers("lover"))]
