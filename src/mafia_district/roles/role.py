"""What a role is: data, and nothing but data.

A role has an alignment, the abilities that it may use, traits, and a way to win. It does nothing by
itself: an ability names a *verb*, and the verbs of `mafia_district.night` are the only code. So a
new role is a new row, and two roles that do the same thing do it by the same lines.

An *ability* is used by choice, most of them at night, some by day, some between the vote and the
death; a *trait* is what a role is whether it likes it or not, such as to read wrong or to take the
killer along. What belongs to a faction rather than to a role, such as the
kill that the mafia share, is no ability of any of its members. How it kills is: the kill is made by
the *method* of the member who performs it, as are that member's own. Items ward methods, not roles.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

import attrs

from mafia_district.roles.description import describe

Alignment: TypeAlias = Literal["town", "mafia", "neutral"]
Method: TypeAlias = Literal["shot", "bite", "fire", "poison", "blade"]
Nights: TypeAlias = Literal[
    "all", "odd", "even", "later", "first", "second", "third", "fourth", "fifth"
]
When: TypeAlias = Literal["night", "day", "twilight", "grave"]
Reach: TypeAlias = Literal["one", "place"]

SHOT: Final = "shot"

# What a role can be by nature, and what each means.
TRAITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "miller": "every check of the alignment answers not town",
        "godfather": "every check of the alignment answers town",
        "gun": "has a gun",
        "vanilla": "has no power",
        "ascetic": "whatever is done to them fails, but for kills",
        "macho": "cannot be protected",
        "ninja": "is not seen when killing",
        "strongman": "kills through blocks, protections and vests",
        "weak": "dies of visiting somebody who is not town",
        "lazy": "fails when a single one is left who is not town",
        "simple": "fails on all who have a power",
        "complex": "fails on all who have none",
        "loyal": "fails on all but their own side",
        "disloyal": "fails on their own side",
        "paranoid": "shoots all who visit",
        "bomb": "takes along whoever kills them",
        "lover": "dies when another lover does",
        "neighbor": "may talk with the other neighbors",
        "mason": "may talk with the other masons, who are all town",
        "devoted": "dies with the last leader of the cult, where the house says so",
        "backup": "becomes what the first townsperson with a power was who dies",
        "unlynchable": "does not die of a lynch",
        "insane": "is told the opposite of every alignment",
        "suspects_all": "is told that everybody is not town",
        "trusts_all": "is told that everybody is town",
        "encryptor": "while they live, their faction may talk at all hours",
        "hunter": "may take somebody along however they die, at night as well",
    }
)


# The verbs that are not used at night: by day, in the *twilight* between the vote and the death, or
# from the *grave*, in the night after one's own lynch.
HOURS: Final[Mapping[str, When]] = MappingProxyType(
    {"reveal": "day", "shoot": "day", "pardon": "twilight", "revenge": "twilight", "haunt": "grave"}
)


@attrs.frozen
class Ability:
    """A verb that a role may use.

    `shots` is how many times in a game, 0 for as often as one likes; `on_self` says whether the
    holder may name their own seat, `repeats` whether the same seat two nights running, `roams` that
    no seat may be named twice in a game. `nights` are those on which it may be used: all, every
    other, one by its number, or `later`, which is all but the first; what `rests` not two of them
    running. With a `reach` of `place` it lands on all who stood beside the one named at dusk.
    """

    verb: str
    shots: int = 0
    on_self: bool = False
    repeats: bool = True
    nights: Nights = "all"
    roams: bool = False
    rests: bool = False
    reach: Reach = "one"

    @property
    def when(self) -> When:
        """When the verb is used: mostly at night."""
        return HOURS.get(self.verb, "night")


@attrs.frozen
class Role:
    """A role by its catalogue name, with its `title` and `summary` for people to read.

    `wins` names the condition under which its holder wins, for a faction's role the faction;
    `faction` whom its holder knows and kills with, empty for nobody. `method` is how it kills; an
    `exclusive` role uses one of its abilities a night at most. `vests` is how many kills it stops
    by itself in a game, ANY for each; `votes` is the weight of its vote, `votes_revealed` that
    after the role was revealed. `poses_as` names the role that is told and shown instead, to its
    holder as well. `source` says where it is from and `variants` what other houses play; `detail`
    is what else should be said of it than its verbs and traits say for themselves.

    `told` is derived, the name that its holder and the graveyard know; and so are `limited`, the
    verbs whose uses are counted, and `wide`, those that reach a whole place.
    """

    name: str
    alignment: Alignment
    summary: str
    title: str = attrs.field()
    wins: str = attrs.field()
    abilities: tuple[Ability, ...] = ()
    traits: frozenset[str] = frozenset()
    method: Method = SHOT
    exclusive: bool = False
    vests: int = 0
    votes: int = 1
    votes_revealed: int = 1
    poses_as: str = ""
    faction: str = attrs.field()
    source: str = ""
    variants: str = ""
    detail: str = ""
    told: str = attrs.field(init=False, eq=False, repr=False)
    limited: frozenset[str] = attrs.field(init=False, eq=False, repr=False)
    wide: frozenset[str] = attrs.field(init=False, eq=False, repr=False)

    @title.default
    def _as_words(self) -> str:
        return self.name.replace("_", " ").title()

    @wins.default
    def _with_its_side(self) -> str:
        return self.name if self.alignment == "neutral" else self.alignment

    @faction.default
    def _own(self) -> str:
        return "mafia" if self.alignment == "mafia" else ""

    @property
    def description(self) -> str:
        """All that should be said of the role, in one paragraph."""
        return describe(self)

    @property
    def mayor(self) -> bool:
        """Whether its vote weighs more once it is revealed."""
        return self.votes_revealed > self.votes

    def can(self, *verbs: str) -> bool:
        """Tell whether an ability of the role uses one of these verbs."""
        return any(ability.verb in verbs for ability in self.abilities)

    @told.default
    def _as_known(self) -> str:
        """Name the role as its holder and the graveyard know it."""
        return self.poses_as or self.name

    @limited.default
    def _counted(self) -> frozenset[str]:
        """Name the verbs whose uses are counted."""
        return frozenset(ability.verb for ability in self.abilities if ability.shots)

    @wide.default
    def _reaching(self) -> frozenset[str]:
        """Name the verbs that reach a whole place."""
        return frozenset(own.verb for own in self.abilities if own.reach == "place")


ANY: Final = 1_000  # of vests: more than a game has kills
