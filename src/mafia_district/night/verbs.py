"""The verbs: everything that an action can do at night, and what each of them modifies.

No verb has a priority number. A verb declares, as a predicate over two actions, which others it
*modifies*: a roleblock every action of the seat that it lands on, a protection every kill that
lands where it does. The order of a night follows from these declarations (`order.py`), so that a
new verb is a row here and nothing is renumbered.

A verb that sends other actions elsewhere also declares where each one goes (`turns`): an action
can then be foreseen to land, and to modify, where it does not yet. Its effect changes the `target`
of those actions; whom their actors named is kept.

`place` is the verb's place in the field's fixed list (Natural Action Resolution, MafiaScum). The
list decides nothing but loops and the order in which equal claims are served.

What the effects rest on: kills are simultaneous, so that no kill stops another action; one
protection stops one kill, and so does one ward; an investigator whose action fails is told so, and
is never told a lie but by a mask. Fire is laid first and lit later: whoever is doused burns when
an arsonist ignites, each in a kill of its own, and then is doused no more.
"""

import enum
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

import attrs

from mafia_district.ids import NOBODY, PlayerId, Seats, members
from mafia_district.night.gear import NO_GEAR, Gear, Shield
from mafia_district.roles import SHOT, Role

Outcome: TypeAlias = Literal["done", "blocked", "cuffed", "protected", "warded", "loop"]


class Place(enum.IntEnum):
    """The fixed list, first to last."""

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
    until it is settled, `by` the seat that made it fail, `word` what it told its actor.
    """

    actor: PlayerId
    verb: "Verb"
    named: PlayerId
    target: PlayerId
    target2: PlayerId = NOBODY
    outcome: Outcome | None = None
    by: PlayerId = NOBODY
    word: str = ""

    def fail(self, outcome: Outcome, by: PlayerId = NOBODY) -> None:
        """Settle the deed without effect, and say who caused it, where anybody did."""
        self.outcome = outcome
        self.by = by


@attrs.define(eq=False)
class Dawn:
    """What the night is coming to: its deeds, who guards whom, and who is dead by what.

    `shields` are the wards and vests not spent yet, `saves` those that have stopped a kill.
    """

    cast: Sequence[Role | None]
    deeds: list[Deed]
    gear: Gear = NO_GEAR
    doused: Seats = 0
    guards: dict[PlayerId, list[PlayerId]] = attrs.field(factory=dict)
    deaths: dict[PlayerId, str] = attrs.field(factory=dict)
    shields: tuple[Shield, ...] = ()
    saves: tuple[Shield, ...] = ()


Effect: TypeAlias = Callable[[Deed, Dawn], None]
Modifies: TypeAlias = Callable[[Deed, Deed], bool]
Turns: TypeAlias = Callable[[Deed, Deed], PlayerId]


def never(deed: Deed, other: Deed) -> bool:
    """Modify nothing."""
    return False


def stays(deed: Deed, other: Deed) -> PlayerId:
    """Send nothing elsewhere."""
    return other.target


@attrs.frozen(eq=False)
class Verb:
    """A row of the table of verbs.

    `effect(deed, dawn)` performs a deed whose turn has come. `modifies(deed, other)` tells whether
    the deed, where it lands, modifies another. `turns(deed, other)` gives the seat to which it
    sends an action that it modifies. `asks` marks a verb that brings its actor an answer, `visits`
    one that takes its actor to where it lands. `targets` is how many seats it names.
    """

    name: str
    place: Place
    effect: Effect
    modifies: Modifies = never
    turns: Turns = stays
    asks: bool = False
    visits: bool = True
    targets: int = 1


def _acts_under(deed: Deed, other: Deed) -> bool:
    """Tell whether the other action is done by the seat on which this one lands."""
    return other.actor == deed.target


def _kills_alongside(deed: Deed, other: Deed) -> bool:
    """Tell whether the other action is a kill that lands where this one does."""
    return other.target == deed.target and other.verb.place is Place.KILL


def _block(deed: Deed, dawn: Dawn) -> None:
    for other in dawn.deeds:
        if other is not deed and other.outcome is None and _acts_under(deed, other):
            other.fail("blocked", deed.actor)


def _protect(deed: Deed, dawn: Dawn) -> None:
    dawn.guards.setdefault(deed.target, []).append(deed.actor)


def _kill(deed: Deed, dawn: Dawn) -> None:
    role = dawn.cast[deed.actor]
    _strike(deed, dawn, role.method if role else SHOT)


def _burn(deed: Deed, dawn: Dawn) -> None:
    _strike(deed, dawn, "fire")


def _strike(deed: Deed, dawn: Dawn, method: str) -> None:
    """Kill who is where the deed lands, unless someone guards them or something wards them."""
    guards = dawn.guards.get(deed.target)
    if guards:
        deed.fail("protected", guards.pop(0))
    elif dawn.shields and _warded(deed.target, dawn, method):
        deed.fail("warded", deed.target)
    else:
        dawn.deaths.setdefault(deed.target, method)


def _warded(seat: PlayerId, dawn: Dawn, method: str) -> bool:
    """Spend the first thing that stops such a kill on a seat; tell whether there was one."""
    shields = dawn.shields
    for place, shield in enumerate(shields):
        if shield.seat == seat and method in shield.methods:
            dawn.shields = shields[:place] + shields[place + 1 :]
            dawn.saves += (shield,)
            return True
    return False


def _douse(deed: Deed, dawn: Dawn) -> None:
    dawn.doused |= 1 << deed.target


def _ignite(deed: Deed, dawn: Dawn) -> None:
    """Have everybody burnt who is doused: the burnings follow the deed at once."""
    after = dawn.deeds.index(deed) + 1
    dawn.deeds[after:after] = [Deed(deed.actor, _BURN, seat, seat) for seat in members(dawn.doused)]
    dawn.doused = 0


def _investigate(deed: Deed, dawn: Dawn) -> None:
    role = dawn.cast[deed.target]
    town = role is not None and role.alignment == "town"
    deed.word = "town" if town or dawn.gear.masked >> deed.target & 1 else "not_town"


_BURN: Final = Verb("burn", Place.KILL, _burn, visits=False)

_ROWS: Final = (
    Verb("roleblock", Place.BLOCK, _block, modifies=_acts_under),
    Verb("protect", Place.PROTECT, _protect, modifies=_kills_alongside),
    Verb("douse", Place.MISC, _douse),
    Verb("kill", Place.KILL, _kill),
    Verb("faction_kill", Place.KILL, _kill),
    Verb("ignite", Place.KILL, _ignite, visits=False, targets=0),
    _BURN,
    Verb("investigate", Place.INSPECT, _investigate, asks=True),
)

VERBS: Final[Mapping[str, Verb]] = MappingProxyType({row.name: row for row in _ROWS})


def verb(name: str) -> Verb:
    """Look a verb up; raises ValueError, with the nearest and all known names, if there is none."""
    try:
        return VERBS[name]
    except KeyError:
        nearest = get_close_matches(name, VERBS)
        hint = f"did you mean {' or '.join(nearest)}; " if nearest else ""
        raise ValueError(f"unknown verb {name!r}; {hint}known: {', '.join(VERBS)}") from None
