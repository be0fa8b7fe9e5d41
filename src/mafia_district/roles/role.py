"""What a role is: data, and nothing but data.

A role has an alignment, the abilities that it may use, and a way to win. It does nothing by itself:
an ability names a *verb*, and the verbs of `mafia_district.night` are the only code. So a new role
is a new row, and two roles that do the same thing do it by the same lines.

What belongs to a faction rather than to a role, such as the kill that the mafia share, is no
ability of any of its members.
"""

from typing import Literal, TypeAlias

import attrs

Alignment: TypeAlias = Literal["town", "mafia", "neutral"]


@attrs.frozen
class Ability:
    """A verb that a role may use at night.

    `shots` is how many times in a game, 0 for as often as one likes; `on_self` says whether the
    holder may name their own seat.
    """

    verb: str
    shots: int = 0
    on_self: bool = False


@attrs.frozen
class Role:
    """A role by its catalogue name, with its `title` and `summary` for people to read.

    `wins` names the condition under which its holder wins, for a faction's role the faction;
    `limited` is derived: the verbs whose uses are counted.
    """

    name: str
    title: str
    alignment: Alignment
    wins: str
    summary: str
    abilities: tuple[Ability, ...] = ()
    limited: frozenset[str] = attrs.field(init=False, eq=False, repr=False)

    @limited.default
    def _counted(self) -> frozenset[str]:
        """Name the verbs whose uses are counted."""
        return frozenset(ability.verb for ability in self.abilities if ability.shots)
