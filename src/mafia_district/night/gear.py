"""Gear: what items have set down before any role acts.

Items come first. They are no visit, nothing blocks, turns or copies them, and so they are never
part of a loop: the resolver finds them lying there. What is told by items (who visited, how many)
is read off the resolved night.

A *ward* is good for one night, a *vest* until it has stopped a kill. Each stops one kill by one of
its methods, and a second kill kills. Of all that fits a kill the least is spent: a doctor's
protection first, then the cheaper ward, a vest last. The cheaper ward is decided here, once, so
that the order in which things were set down decides nothing.
"""

from collections.abc import Set as AbstractSet
from typing import Final, TypeAlias

import attrs

from mafia_district.ids import Coins, ItemId, PlayerId, Seats

_FIRE: Final = ("fire",)


@attrs.frozen
class Ward:
    """Something that stops one kill tonight; `holds` False where the lot was against it."""

    seat: PlayerId
    item: ItemId
    price: Coins
    methods: tuple[str, ...]
    holds: bool = True


@attrs.frozen
class Vest:
    """Something that is worn until it has stopped one kill."""

    seat: PlayerId
    item: ItemId
    methods: tuple[str, ...]


Shield: TypeAlias = Ward | Vest


def _cheaper_first(wards: tuple[Ward, ...]) -> tuple[Ward, ...]:
    return tuple(sorted(wards, key=lambda ward: (ward.price, ward.item, ward.seat)))


def _by_name(vests: tuple[Vest, ...]) -> tuple[Vest, ...]:
    return tuple(sorted(vests, key=lambda vest: (vest.item, vest.seat)))


@attrs.frozen
class Gear:
    """All that lies set down tonight; wards and vests stand in the order in which they are spent.

    `masked`: every alignment check of these seats answers town. `papered`: every reading of their
    role answers vanilla. `cuffed`: their role does nothing. `tapped` lists (who taps, whom).
    `lit`: a lantern counts who visits them.
    """

    wards: tuple[Ward, ...] = attrs.field(default=(), converter=_cheaper_first)
    vests: tuple[Vest, ...] = attrs.field(default=(), converter=_by_name)
    masked: Seats = 0
    papered: Seats = 0
    cuffed: Seats = 0
    tapped: tuple[tuple[PlayerId, PlayerId], ...] = ()
    lit: Seats = 0

    def shields(self) -> tuple[Shield, ...]:
        """List what can stop a kill tonight, in the order in which it is spent."""
        return (*(ward for ward in self.wards if ward.holds), *self.vests)

    def washed(self) -> Seats:
        """Give the seats from which a dousing is washed off: a ward against fire alone is water."""
        return sum({1 << ward.seat for ward in self.wards if ward.holds and ward.methods == _FIRE})


NO_GEAR: Final = Gear()


def vest_methods(methods: tuple[str, ...], in_play: AbstractSet[str]) -> tuple[str, ...]:
    """Give what a vest stops in a game: where nobody kills by its own methods, a bite.

    >>> vest_methods(("shot", "blade"), {"bite", "fire"})
    ('bite',)
    """
    return methods if in_play & set(methods) else ("bite",)
