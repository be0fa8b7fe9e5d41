"""Chains: deaths that pull others along, once the kills have fallen.

Lovers die together. Who hides dies with their host, and whoever is being minded with their minder.
Who is weak dies of having called on somebody who is not town. Where the house says so a cult dies
with its last leader. Nothing protects from these deaths. They come before victory is judged, and
go on until nobody more is pulled along.
"""

from collections.abc import Iterator
from typing import Final

from mafia_district.ids import PlayerId, members
from mafia_district.night.deed import CAME, Blow, Dawn

GRIEF: Final = "grief"  # of a lover, and of whoever is devoted


def pull(dawn: Dawn) -> None:
    """Add the deaths that follow from those of the night, to the end of the chain."""
    for seat in _weak(dawn):
        dawn.deaths.setdefault(seat, []).append(Blow("weakness"))
    while pulled := [(seat, cause) for seat, cause in _pulled(dawn) if seat not in dawn.deaths]:
        for seat, cause in pulled:
            dawn.deaths[seat] = [Blow(cause)]


def _weak(dawn: Dawn) -> Iterator[PlayerId]:
    """Find who is too weak for what they came to."""
    for deed in dawn.deeds if "weak" in dawn.traits else ():
        came = deed.verb.targets and deed.outcome in CAME
        if came and dawn.has(deed.actor, "weak") and not dawn.town(deed.target):
            yield deed.actor


def _pulled(dawn: Dawn) -> Iterator[tuple[PlayerId, str]]:
    if not dawn.deaths:
        return
    yield from ((who, "hiding") for who, host in dawn.hiding.items() if host in dawn.deaths)
    yield from ((baby, "minded") for minder, baby in dawn.minded.items() if minder in dawn.deaths)
    lovers = dawn.bearers("lover")
    if any(seat in dawn.deaths for seat in lovers):
        yield from ((seat, GRIEF) for seat in lovers)
    if dawn.house.cult_dies_with_leader:
        yield from _cult(dawn)


def _cult(dawn: Dawn) -> Iterator[tuple[PlayerId, str]]:
    held = [(seat, role) for seat in members(dawn.alive) if (role := dawn.cast[seat])]
    leaders = [seat for seat, role in held if role.can("recruit")]
    if leaders and all(seat in dawn.deaths for seat in leaders):
        yield from ((seat, GRIEF) for seat in dawn.bearers("devoted"))
