"""The workshop of a night: its deeds, and what they come to.

A *deed* is an action while the night is worked out; a *verb* is a row that says what such an action
does and which others it modifies; the *dawn* is what it all comes to. The verbs themselves stand in
`verbs/`, a file for each family, and the order in which deeds are performed in `order.py`.

What the effects rest on: kills are simultaneous, so that no kill stops another action; an
investigator whose action fails is told so, and is never told a lie but by what a role or an item
makes appear. An action that is stopped where it lands was a visit all the same; one that is stopped
before never happened.
"""

import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

import attrs

from mafia_district.house import MAFIASCUM, House
from mafia_district.ids import NOBODY, PlayerId, Seats, members
from mafia_district.night.gear import NO_GEAR, Gear, Shield
from mafia_district.roles import Role

Outcome: TypeAlias = Literal[
    "done", "blocked", "cuffed", "protected", "warded", "loop", "away", "hidden", "stopped",
    "immune", "wrong_side", "cancelled", "in_vain",
]  # fmt: skip

# How a deed ends whose actor was there.
CAME: Final = frozenset[Outcome | None](
    {
        None, "done", "hidden", "protected", "warded", "immune", "stopped", "wrong_side",
        "cancelled", "in_vain",
    }
)  # fmt: skip


# Traits for which a deed may fail on whomever it comes to.
PICKY: Final = frozenset({"ascetic", "lazy", "loyal", "disloyal", "simple", "complex"})

BLOCKED: Final = frozenset[Outcome | None]({"blocked", "loop", "cuffed"})


class Place(enum.IntEnum):
    """The field's fixed list, first to last (Natural Action Resolution, MafiaScum).

    It decides nothing but loops and the order in which equal claims are served.
    """

    COPY = enum.auto()
    HIDE = enum.auto()
    BUS = enum.auto()
    BLOCK = enum.auto()
    REDIRECT = enum.auto()
    PROTECT = enum.auto()
    MISC = enum.auto()
    KILL = enum.auto()
    RECRUIT = enum.auto()
    INSPECT = enum.auto()


@attrs.define(eq=False)
class Deed:
    """An action while the night is worked out.

    `named` is whom its actor named, `target` where it lands as things stand. `outcome` is None
    until it is settled, `by` the seat that made it fail. `word` and `seen` are what it told its
    actor: a word, or a list of seats.
    """

    actor: PlayerId
    verb: "Verb"
    named: PlayerId
    target: PlayerId
    target2: PlayerId = NOBODY
    outcome: Outcome | None = None
    by: PlayerId = NOBODY
    word: str = ""
    seen: tuple[PlayerId, ...] | None = None

    def at(self, seat: PlayerId) -> "Deed":
        """Give the deed as it would be if it landed elsewhere."""
        return Deed(self.actor, self.verb, self.named, seat, self.target2)

    def fail(self, outcome: Outcome, by: PlayerId = NOBODY) -> None:
        """Settle the deed without effect, and say who caused it, where anybody did."""
        self.outcome = outcome
        self.by = by

    def lands_on(self, seat: PlayerId) -> bool:
        """Tell whether the deed lands on a seat; some land on two."""
        return self.target == seat or (self.target2 == seat and self.verb.targets == BOTH)

    @property
    def stops(self) -> tuple[PlayerId, ...]:
        """The seats on which the deed lands."""
        return (self.target, self.target2) if self.verb.targets == BOTH else (self.target,)

    @property
    def kills(self) -> bool:
        """Whether it is a kill."""
        return self.verb.place is Place.KILL


Effect: TypeAlias = Callable[[Deed, "Dawn"], None]
Modifies: TypeAlias = Callable[[Deed, Deed], bool]
Turns: TypeAlias = Callable[[Deed, Deed], PlayerId]

FACTION_KILL: Final = "faction_kill"
ON_PURPOSE: Final = ("kill", FACTION_KILL, "ignite")  # kills that somebody has chosen to make
BOTH: Final = 2  # of targets: the verb lands on both of them


def never(deed: Deed, other: Deed) -> bool:
    """Modify nothing."""
    return False


def kills_its_actor(deed: Deed, other: Deed) -> bool:
    """Tell whether the other action is a kill of whoever does this one."""
    return other.target == deed.actor and other.kills


def stays(deed: Deed, other: Deed) -> PlayerId:
    """Send nothing elsewhere."""
    return other.target


@attrs.frozen(eq=False)
class Verb:
    """A row of the table of verbs.

    `effect(deed, dawn)` performs a deed whose turn has come. `modifies(deed, other)` tells whether
    the deed, where it lands, modifies another. `turns(deed, other)` gives the seat to which it
    sends an action that it modifies. `asks` marks a verb that brings its actor an answer, `tells`
    one that brings news to whom it lands on, `nameless` such news that does not say from whom;
    `answers` are the words that either may bring. `visits` marks one that takes its actor to where
    it lands. `targets` is how many seats it lands on; `sends` marks one that names a second, where
    it sends others. `recalls` marks one that asks for the nights before. `did` and `do` are its
    words, done and meant.
    """

    name: str
    place: Place
    effect: Effect
    did: str
    do: str
    modifies: Modifies = never
    turns: Turns = stays
    asks: bool = False
    tells: bool = False
    nameless: bool = False
    answers: tuple[str, ...] = ()
    visits: bool = True
    targets: int = 1
    sends: bool = False
    recalls: bool = False

    @property
    def names_two(self) -> bool:
        """Whether it names two seats."""
        return self.sends or self.targets == BOTH


class Guard(NamedTuple):
    """Somebody's protection of a seat; `dies` if it takes the kill upon itself, `all` if any."""

    actor: PlayerId
    dies: bool = False
    all: bool = False


class Blow(NamedTuple):
    """A cause of a death: how, and by whom, NOBODY where a chain pulled the dead along."""

    cause: str
    by: PlayerId = NOBODY


@attrs.frozen
class Before:
    """What the nights before have left: who is doused, what vests are left, who tried to kill.

    `attempted` are all who ever did on purpose, `killed` those of them whose victims died. `alive`
    are those who live, all of the cast if None; `guilty` those who die of guilt tonight;
    `love` are those who die together, all lovers at once if None.
    """

    alive: Seats | None = None
    doused: Seats = 0
    vests: Mapping[PlayerId, int] | None = None
    attempted: Seats = 0
    killed: Seats = 0
    guilty: Seats = 0
    love: tuple[Seats, ...] | None = None


NOTHING_BEFORE = Before()


@attrs.define(eq=False)
class Dawn:
    """What the night is coming to: its deeds, who guards whom, and who is dead by what.

    `shields` are the wards and vests not spent yet, `saves` those that have stopped a kill. `vests`
    is how many kills roles still stop by themselves, `worn_out` who has stopped one tonight.
    `reeking` is who is or was doused tonight, `swaps` where buses went. `hiding` and `minded` say
    behind whom somebody hides and whom somebody minds, `sworn` whom somebody takes
    along if they die, `turned` what somebody becomes, `stolen` (victim, thief) of votes.
    `deaths` holds every blow that a seat has died of, the first first. `traits` are those of all of
    the cast, `picky` is whether any of them lets a deed fail on whom it comes to.
    """

    cast: Sequence[Role | None]
    deeds: list[Deed]
    gear: Gear = NO_GEAR
    before: Before = NOTHING_BEFORE
    house: House = MAFIASCUM
    alive: Seats = attrs.field(init=False)
    vests: dict[PlayerId, int] = attrs.field(init=False)
    doused: Seats = attrs.field(init=False)
    deaths: dict[PlayerId, list[Blow]] = attrs.field(init=False)
    guards: dict[PlayerId, list[Guard]] = attrs.field(factory=dict)
    shields: tuple[Shield, ...] = ()
    saves: tuple[Shield, ...] = ()
    worn_out: list[PlayerId] = attrs.field(factory=list)
    hiding: dict[PlayerId, PlayerId] = attrs.field(factory=dict)
    minded: dict[PlayerId, PlayerId] = attrs.field(factory=dict)
    alert: Seats = 0
    framed: Seats = 0
    swaps: list[tuple[PlayerId, PlayerId]] = attrs.field(factory=list)
    reeking: Seats = attrs.field(init=False)
    sworn: dict[PlayerId, PlayerId] = attrs.field(factory=dict)
    turned: dict[PlayerId, str] = attrs.field(factory=dict)
    stolen: tuple[tuple[PlayerId, PlayerId], ...] = ()
    traits: frozenset[str] = attrs.field(init=False)
    picky: bool = attrs.field(init=False)

    @alive.default
    def _living(self) -> Seats:
        if self.before.alive is not None:
            return self.before.alive
        return sum(1 << seat for seat, role in enumerate(self.cast) if role is not None)

    @vests.default
    def _vests_left(self) -> dict[PlayerId, int]:
        if self.before.vests is not None:
            return dict(self.before.vests)
        return {seat: role.vests for seat, role in enumerate(self.cast) if role and role.vests}

    @doused.default
    @reeking.default
    def _still_doused(self) -> Seats:
        return self.before.doused

    @deaths.default
    def _dead_of_guilt(self) -> dict[PlayerId, list[Blow]]:
        return {seat: [Blow("guilt")] for seat in members(self.before.guilty)}

    @traits.default
    def _in_play(self) -> frozenset[str]:
        return frozenset().union(*(role.traits for role in self.cast if role is not None))

    @picky.default
    def _choosy(self) -> bool:
        return not self.traits.isdisjoint(PICKY)

    def has(self, seat: PlayerId, trait: str) -> bool:
        """Tell whether a seat's role has a trait."""
        if trait not in self.traits or seat < 0:
            return False
        role = self.cast[seat]
        return role is not None and trait in role.traits

    def town(self, seat: PlayerId) -> bool:
        """Tell whether a seat is of the town."""
        role = self.cast[seat]
        return role is not None and role.alignment == "town"

    def pending(self, deed: Deed) -> Iterator[Deed]:
        """Go through the other deeds that are not settled."""
        return (other for other in self.deeds if other is not deed and other.outcome is None)

    def bearers(self, trait: str) -> list[PlayerId]:
        """List the living seats whose roles have a trait."""
        if trait not in self.traits:
            return []
        return [seat for seat in members(self.alive) if self.has(seat, trait)]

    def visitors(self, seat: PlayerId) -> list[PlayerId]:
        """List, by seat, who came to a seat so far or is on the way, each once; not themself."""
        return sorted(
            {
                deed.actor
                for deed in self.deeds
                if deed.verb.visits
                and deed.outcome in CAME
                and deed.lands_on(seat)
                and deed.actor != seat
            }
        )

    def seen(self, deed: Deed) -> bool:
        """Tell whether those who watch can see a deed's visit."""
        unseen = deed.kills and self.has(deed.actor, "ninja")
        return deed.verb.visits and deed.outcome in CAME and not unseen


Verbs: TypeAlias = Mapping[str, Verb]
