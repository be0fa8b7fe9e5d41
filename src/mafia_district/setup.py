"""A setup: which roles are dealt, and how many of each.

The numbers of each role are public before the deal; who holds which is the secret. The default
counts grow with the table: a quarter of the seats mafia, and a little help for the town.
"""

import re

import attrs

from mafia_district.ids import MAX_SEATS
from mafia_district.roles import role

_ITEM = re.compile(r"\s*(\d+)\s+([a-z][a-z0-9_]*)\s*")


@attrs.frozen
class Setup:
    """Roles with their counts.

    Raises ValueError for an unknown role, a count below one, or more roles than a table has seats.
    """

    roles: tuple[tuple[str, int], ...]
    _names: tuple[str, ...] = attrs.field(init=False, eq=False, repr=False)

    @_names.default
    def _listed(self) -> tuple[str, ...]:
        needed = sum(count for _, count in self.roles)
        if needed > MAX_SEATS:
            raise ValueError(f"{needed} roles are too many: a table has at most {MAX_SEATS} seats")
        return tuple(name for name, count in self.roles for _ in range(count))

    def __attrs_post_init__(self) -> None:
        for name, count in self.roles:
            role(name)
            if count < 1:
                raise ValueError(f"{count} of {name} cannot be dealt: at least 1")

    @property
    def seats(self) -> int:
        """Count the seats that the setup needs."""
        return len(self._names)

    def names(self) -> tuple[str, ...]:
        """List one role name a seat, in the setup's own order."""
        return self._names

    @classmethod
    def parse(cls, text: str) -> "Setup":
        """Read "5 vanilla_townie, 2 mafia_goon"; raises ValueError that says what is wrong.

        >>> Setup.parse("5 vanilla_townie, 2 mafia_goon").seats
        7
        """
        return cls(tuple(_read(item) for item in text.split(",")))

    @classmethod
    def default(cls, preset: str, seats: int) -> "Setup":
        """Give the default counts of a preset for a number of seats.

        >>> Setup.default("classic", 7).roles
        (('vanilla_townie', 4), ('mafia_goon', 1), ('town_cop', 1), ('town_doctor', 1))
        """
        mafia = max(1, (seats + 2) // 4 if preset == "district" else seats // 4)
        cops = int(seats >= (6 if preset == "district" else 5))
        doctors = int(seats >= 5) + int(seats >= 16)
        jesters = int(seats >= 10)
        townies = seats - mafia - cops - doctors - jesters
        return cls(_present(
            ("vanilla_townie", townies), ("mafia_goon", mafia), ("town_cop", cops),
            ("town_doctor", doctors), ("jester", jesters),
        ))  # fmt: skip


def _present(*roles: tuple[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple((name, count) for name, count in roles if count)


def _read(item: str) -> tuple[str, int]:
    match = _ITEM.fullmatch(item)
    if match is None:
        raise ValueError(
            f"cannot read {item.strip()!r}: write a count and a role, as in '2 town_cop'"
        )
    return match[2], int(match[1])
