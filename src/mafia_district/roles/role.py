"""What a role is: data, and nothing but data.

A role has an alignment, the abilities that it may use, and a way to win. It does nothing by itself:
an ability names a *verb*, and the verbs of `mafia_district.night` are the only code. So a new role
is a new row, and two roles that do the same thing do it by the same lines.

What belongs to a faction rather than to a role, such as the kill that the mafia share, is no
ability of any of its members. How it kills is: the kill is made by the *method* of the member who
performs it, as are that member's own. Items ward methods, not roles.
"""

from typing import Final, Literal, TypeAlias

import attrs

Alignment: TypeAlias = Literal["town", "mafia", "neutral"]
Method: TypeAlias = Literal["shot", "bite", "fire", "poison", "blade"]

SHOT: Final = "shot"


@attrs.frozen
class Ability:
    """A verb that a role may use at night.

    `shots` is how many times in a game, 0 for as often as one likes; `on_self` says whether the
    holder may name their own seat, `repeats` whether the same seat two nights running.
    """

    verb: str
    shots: int = 0
    on_self: bool = False
    repeats: bool = True


@attrs.frozen
class Role:
    """A role by its catalogue name, with its `title` and `summary` for people to read.

    `wins` names the condition under which its holder wins, for a faction's role the faction.
    `method` is how it kills; an `exclusive` role uses one of its abilities a night at most.
    `limited` is derived: the verbs whose uses are counted.
    """

    name: str
    title: str
    alignment: Alignment
    wins: str
    summary: str
    abilities: tuple[Ability, ...] = ()
    method: Method = SHOT
    exclusive: bool = False
    limited: frozenset[str] = attrs.field(init=False, eq=False, repr=False)

    @limited.default
    def _counted(self) -> frozenset[str]:
        """Name the verbs whose uses are counted."""
        return frozenset(ability.verb for ability in self.abilities if ability.shots)
