"""A setup: which roles are dealt, and how many of each.

The numbers of each role are public before the deal; who holds which is the secret. A setup may
leave a role open between several ("jester|arsonist"): then only the choice is public, and the deal
makes it. Or it is *drawn*: the deal chooses between whole compositions, and what is public is what
all of them have in common, and the roles among which the rest are.

The default counts grow with the table: a quarter of the seats mafia, three tenths where there is a
town to help its people, and a few roles that help them more.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from functools import reduce
from itertools import accumulate
from math import factorial
from operator import and_
from typing import NamedTuple, TypeAlias

import attrs

from mafia_district.ids import MAX_SEATS
from mafia_district.roles import BUILT_IN_BOOK, Book

OR = "|"  # between the roles of a choice

# Where one player more or less weighs most: vampires, sheriffs and doctors by seats.
_SMALL = {3: (1, 0, 0), 4: (1, 0, 0), 5: (1, 0, 1), 6: (2, 1, 1), 7: (2, 1, 0), 8: (2, 0, 1)}

_ITEM = re.compile(r"\s*(\d+)\s+([a-z][a-z0-9_]*(?:\|[a-z][a-z0-9_]*)*)\s*")


RoleCounts: TypeAlias = tuple[tuple[str, int], ...]


class Composition(NamedTuple):
    """Roles that a drawn setup may come to, and their weight among all that it may come to."""

    weight: int
    roles: RoleCounts


@attrs.frozen
class Setup:
    """Roles with their counts, all of one book; a role may be a choice between several.

    `roles` is what everybody may know. A setup with `compositions` is drawn: make it by
    `Setup.drawn`. Raises ValueError for an unknown role, a count below one, or more roles than a
    table has seats.
    """

    roles: RoleCounts
    compositions: tuple[Composition, ...] = ()
    book: Book = attrs.field(default=BUILT_IN_BOOK, eq=False, repr=False)
    _names: tuple[str, ...] = attrs.field(init=False, eq=False, repr=False)
    _open: bool = attrs.field(init=False, eq=False, repr=False)
    _bounds: tuple[int, ...] = attrs.field(init=False, eq=False, repr=False)

    @_names.default
    def _listed(self) -> tuple[str, ...]:
        needed = sum(count for _, count in self.roles)
        if needed > MAX_SEATS:
            raise ValueError(f"{needed} roles are too many: a table has at most {MAX_SEATS} seats")
        return _expanded(self.roles)

    @_open.default
    def _leaves_a_choice(self) -> bool:
        return any(OR in name for name, _ in self.roles)

    @_bounds.default
    def _added_up(self) -> tuple[int, ...]:
        return tuple(accumulate(composition.weight for composition in self.compositions))

    def __attrs_post_init__(self) -> None:
        for name, count in self.roles:
            for option in name.split(OR):
                self.book.role(option)
            if count < 1:
                raise ValueError(f"{count} of {name} cannot be dealt: at least 1")

    @property
    def seats(self) -> int:
        """Count the seats that the setup needs."""
        return len(self._names)

    def names(self, drawn: int = 0) -> tuple[str, ...]:
        """List one role name a seat, in the setup's own order.

        `drawn` is the number by which the deal is shuffled: it draws the composition and makes the
        open choices, with the digits that the shuffle leaves over, so that no place in the deal
        tells how they went.

        >>> Setup.parse("2 villager, 1 jester|arsonist").names(factorial(3))
        ('villager', 'villager', 'arsonist')
        """
        if self.compositions:
            return _expanded(self.composition(drawn))
        if not self._open:
            return self._names
        drawn //= factorial(self.seats)
        names = []
        for name in self._names:
            options = name.split(OR)
            drawn, which = divmod(drawn, len(options))
            names.append(options[which])
        return tuple(names)

    def composition(self, drawn: int) -> RoleCounts:
        """Give the composition that the deal's number draws; empty where the setup is not drawn.

        The left-over digits point at one of as many places as all weights together; the
        compositions take up their weights in places, in their order.
        """
        if not self.compositions:
            return ()
        place = drawn // factorial(self.seats) % self._bounds[-1]
        return self.compositions[bisect_right(self._bounds, place)].roles

    @classmethod
    def drawn(cls, compositions: Sequence[Composition], book: Book = BUILT_IN_BOOK) -> "Setup":
        """Make the setup that is drawn from compositions; a single one is no draw.

        Raises ValueError if they are not for the same number of seats, if a weight is below one,
        or if one of them leaves a choice open itself.

        >>> calm, funny = (("villager", 2),), (("villager", 1), ("jester", 1))
        >>> Setup.drawn([Composition(1, calm), Composition(3, funny)]).roles
        (('villager', 1), ('villager|jester', 1))
        """
        if len(compositions) == 1:
            return cls(compositions[0].roles, book=book)
        if len({sum(count for _, count in roles) for _, roles in compositions}) != 1:
            raise ValueError("the compositions of a setup must all be for the same number of seats")
        if min(weight for weight, _ in compositions) < 1:
            raise ValueError("the weight of a composition is a whole number from 1")
        if any(OR in name for _, roles in compositions for name, _ in roles):
            raise ValueError("a composition names its roles: write one for each choice")
        return cls(_in_common(compositions), tuple(compositions), book)

    @classmethod
    def parse(cls, text: str, book: Book = BUILT_IN_BOOK) -> "Setup":
        """Read "5 vanilla_townie, 2 mafia_goon"; raises ValueError that says what is wrong.

        >>> Setup.parse("5 vanilla_townie, 2 mafia_goon").seats
        7
        """
        return cls(tuple(_read(item) for item in text.split(",")), book=book)

    @classmethod
    def default(cls, preset: str, seats: int) -> "Setup":
        """Give the default counts of a preset for a number of seats.

        >>> Setup.default("classic", 7).roles
        (('vanilla_townie', 4), ('mafia_goon', 1), ('town_cop', 1), ('town_doctor', 1))
        """
        return cls(_district(seats) if preset == "district" else _classic(seats))


def _expanded(roles: RoleCounts) -> tuple[str, ...]:
    return tuple(name for name, count in roles for _ in range(count))


def _in_common(compositions: Sequence[Composition]) -> RoleCounts:
    """Give what is true of every composition: counts, and one choice for all other seats."""
    packs = [Counter(_expanded(roles)) for _, roles in compositions]
    certain = reduce(and_, packs)
    options = dict.fromkeys(name for pack in packs for name in pack - certain)
    rest = packs[0].total() - certain.total()
    return (*certain.items(), *(((OR.join(options), rest),) if rest else ()))


def _classic(seats: int) -> RoleCounts:
    mafia, cops, doctors = max(1, seats // 4), int(seats >= 5), int(seats >= 5) + int(seats >= 16)
    jesters = int(seats >= 10)
    townies = seats - mafia - cops - doctors - jesters
    return _present(
        ("vanilla_townie", townies), ("mafia_goon", mafia), ("town_cop", cops),
        ("town_doctor", doctors), ("jester", jesters),
    )  # fmt: skip


def _district(seats: int) -> RoleCounts:
    """Give the counts that are fair between sensible players: docs/decisions/0007-balance.md."""
    neutrals = int(seats >= 10) + int(seats >= 22)
    mafia, sheriffs, doctors = _SMALL.get(seats) or (3 * (seats + 2 - neutrals) // 10, 1, 1)
    neutral = "jester|arsonist" if seats >= 12 else "jester"
    villagers = seats - mafia - sheriffs - doctors - neutrals
    return _present(
        ("villager", villagers), ("vampire", mafia), ("sheriff", sheriffs),
        ("doctor", doctors), (neutral, neutrals),
    )  # fmt: skip


def _present(*roles: tuple[str, int]) -> RoleCounts:
    return tuple((name, count) for name, count in roles if count)


def _read(item: str) -> tuple[str, int]:
    match = _ITEM.fullmatch(item)
    if match is None:
        raise ValueError(
            f"cannot read {item.strip()!r}: write a count and a role, as in '2 town_cop'"
        )
    return match[2], int(match[1])
