"""To move: actions land where a driver or a redirector sends them.

A bus swaps two seats: what was to land on the one lands on the other. Buses do not move each other;
one after the other, by seat, they move what then points at their stops, and what is sent there
later. A redirection sends all that one player does to somebody else, or to themself. Neither is
told of to those who were moved, unless the house says so.
"""

from typing import Final

from mafia_district.ids import PlayerId
from mafia_district.night.deed import BOTH, Dawn, Deed, Place, Verb


def _rides(deed: Deed, other: Deed) -> bool:
    boards = any(stop in deed.stops for stop in other.stops)
    return boards and other.verb.place is not Place.BUS and bool(other.verb.targets)


def _across(deed: Deed, seat: PlayerId) -> PlayerId:
    """Give where a bus takes what points at a seat."""
    return {deed.target: deed.target2, deed.target2: deed.target}.get(seat, seat)


def _other_stop(deed: Deed, other: Deed) -> PlayerId:
    return _across(deed, other.target)


def _drive(deed: Deed, dawn: Dawn) -> None:
    dawn.swaps.append((deed.target, deed.target2))
    for other in dawn.pending(deed):
        if _rides(deed, other):
            other.target = _across(deed, other.target)
            if other.verb.targets == BOTH:
                other.target2 = _across(deed, other.target2)


def _steers(deed: Deed, other: Deed) -> bool:
    return other.actor == deed.target and bool(other.verb.targets)


def _second(deed: Deed, other: Deed) -> PlayerId:
    return deed.target2


def _redirect(deed: Deed, dawn: Dawn) -> None:
    stop = deed.target2
    for one, two in dawn.swaps:
        stop = {one: two, two: one}.get(stop, stop)
    for other in dawn.pending(deed):
        if _steers(deed, other):
            other.target = stop


VERBS: Final = (
    Verb(
        "busdrive",
        Place.BUS,
        _drive,
        did="swapped {target} and {target2}",
        do="swap {target} and {target2}",
        modifies=_rides,
        turns=_other_stop,
        targets=BOTH,
    ),
    Verb(
        "redirect",
        Place.REDIRECT,
        _redirect,
        did="turned {target} to {target2}",
        do="turn {target} to {target2}",
        modifies=_steers,
        turns=_second,
        targets=1,
        sends=True,
    ),
)
