"""The ways in which published setups come by their roles.

Most have one list of roles, or a few lists and the weight of each. One, C9++, draws letters, and
its roles follow from how often each letter came. All come down to compositions with weights, which
are whole numbers; the deal picks among those.
"""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations_with_replacement
from math import factorial, prod

import attrs

from mafia_district.setup import Composition, Setup
from mafia_district.setups.published import Row


@attrs.frozen
class Lists:
    """Lists of roles with their weights, in the notation of `Setup.parse`."""

    rows: tuple[tuple[int, str], ...]

    def compositions(self) -> tuple[Composition, ...]:
        """List all that the roles may come to, with their weights."""
        return tuple(Composition(weight, Setup.parse(roles).roles) for weight, roles in self.rows)

    def table(self) -> tuple[Row, ...]:
        """Lay the draw out for people: the head, then the rows."""
        whole = sum(weight for weight, _ in self.rows)
        rows = ((str(Fraction(weight, whole)), roles) for weight, roles in self.rows)
        return ("chance", "roles"), *rows


def roles(text: str) -> Lists:
    """Give the one list of an open setup."""
    return Lists(((1, text),))


def equal(*texts: str) -> Lists:
    """Give lists that are equally likely."""
    return Lists(tuple((1, text) for text in texts))


def nine(*three: str) -> str:
    """Fill three roles up to nine seats, as MafiaScum's newcomers play: five townies and a goon.

    >>> nine("town_jailkeeper", "vanilla_townie", "mafia_goon")
    '6 vanilla_townie, 2 mafia_goon, 1 town_jailkeeper'
    """
    pack = Counter({"vanilla_townie": 5, "mafia_goon": 1}) + Counter(three)
    return ", ".join(f"{count} {name}" for name, count in pack.items())


@attrs.frozen
class Letter:
    """A letter, its weight in each draw, and the roles that it brings when it comes so often.

    `roles` begins with what it brings when it does not come at all; its last is for more than
    that, too.
    """

    name: str
    weight: int
    roles: tuple[str, ...]

    def brings(self, count: int) -> Counter[str]:
        """Count the roles that the letter brings when it comes so often."""
        text = self.roles[min(count, len(self.roles) - 1)]
        return Counter(dict(Setup.parse(text).roles)) if text else Counter()


@attrs.frozen
class Letters:
    """Letters are drawn, each from all, and bring roles; `rest` is dealt to all other seats."""

    draws: int
    letters: tuple[Letter, ...]
    rest: str
    seats: int

    def compositions(self) -> tuple[Composition, ...]:
        """List all that the roles may come to, in the order of the letters."""
        return tuple(self._compositions())

    def table(self) -> tuple[Row, ...]:
        """Lay the draw out for people: the head, then the rows."""
        whole = sum(letter.weight for letter in self.letters)
        return (
            ("letter", "chance", "times drawn", "roles"),
            *(
                (letter.name, str(Fraction(letter.weight, whole)), str(count), brought)
                for letter in self.letters
                for count, brought in enumerate(letter.roles)
                if brought
            ),
        )

    def _compositions(self) -> Iterator[Composition]:
        for drawn in combinations_with_replacement(range(len(self.letters)), self.draws):
            counts = [drawn.count(which) for which in range(len(self.letters))]
            yield Composition(self._weight(counts), self._roles(counts))

    def _weight(self, counts: list[int]) -> int:
        """Weigh how often each letter came: the orders in which that happens, and their chance."""
        orders = factorial(self.draws) // prod(map(factorial, counts))
        pairs = zip(self.letters, counts, strict=True)
        return orders * prod(letter.weight for letter, count in pairs for _ in range(count))

    def _roles(self, counts: list[int]) -> tuple[tuple[str, int], ...]:
        pack: Counter[str] = Counter()
        for letter, count in zip(self.letters, counts, strict=True):
            pack += letter.brings(count)
        pack[self.rest] += self.seats - pack.total()
        return tuple(pack.items())
