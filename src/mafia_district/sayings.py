"""Sayings: what a rumor may say, what of it is true, and how it is drawn, twisted and garbled.

A saying is true or *blind*. A true one is drawn from the recorded facts. A blind one is drawn from
all that may be said of those it is about, without a look at the facts or the roles: were false
rumors made of the innocent only, to be named in one would prove innocence. So a blind one may
happen to be true. For the same reason it is drawn from the public setup which role a saying is
about, true or blind: else to hear of a role would prove that somebody lives who holds it. The Town
Square is never spoken of, for everybody was there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from math import lcm
from typing import Final, NamedTuple

import attrs

from mafia_district.cast import kills_alone
from mafia_district.catalogue.records import SLOTS
from mafia_district.chance import shuffled
from mafia_district.ids import Day, PlaceId, PlayerId, has, members
from mafia_district.roles import Role
from mafia_district.rules import Rules
from mafia_district.setup import OR
from mafia_district.table import Table
from mafia_district.town import SQUARE

APPEARANCE: Final = "appearance"
WHEREABOUTS: Final = "whereabouts"
ERRAND: Final = "task"
ROLE: Final = "role"

PLAIN: Final = frozenset({"villager", "vanilla_townie"})  # roles that are not worth a rumor
NAMED: Final = 3  # players whom a role rumor names


class Saying(NamedTuple):
    """What a rumor says. Two rumors that say the same are the same, whoever tells them.

    Names are in seat order. What is said of a role holds on any day, so its day is 0; all else is
    as of its `day`, on which it was first told.
    """

    category: str
    persons: tuple[PlayerId, ...]
    place: PlaceId = ""
    asset: str = ""
    role: str = ""
    day: Day = 0


@attrs.frozen
class Request:
    """What somebody asks for: a saying of a kind, true or blind, that is none of the `known`."""

    seat: PlayerId
    category: str
    honest: bool
    known: frozenset[Saying]


class Facts:
    """Who was where and who had an errand where, by day, as far as it is known here.

    A day is one number, of which bit `seat * places + place` stands for a seat and a place: so the
    whole history of a town takes less room than a few rumors.
    """

    __slots__ = ("been", "places", "wanted")

    def __init__(self, rules: Rules) -> None:
        names = [place.id for place in rules.catalogue.places if place.id != SQUARE]
        self.places: Mapping[PlaceId, int] = {name: at for at, name in enumerate(names)}
        self.been: dict[Day, int] = {}
        self.wanted: dict[Day, int] = {}

    def fork(self) -> "Facts":
        """Copy the facts; nothing that changes is shared."""
        copy = Facts.__new__(Facts)
        copy.places = self.places
        copy.been, copy.wanted = self.been.copy(), self.wanted.copy()
        return copy

    def note(self, days: dict[Day, int], day: Day, seat: PlayerId, place: PlaceId) -> None:
        """Write into `been` or `wanted` that a seat has to do with a place; the Square is none."""
        if place in self.places:
            days[day] = days.get(day, 0) | 1 << seat * len(self.places) + self.places[place]

    def spots(self, category: str, seat: PlayerId, day: Day) -> Sequence[PlaceId]:
        """List the places at which what is said of a seat on a day is true."""
        known = self.wanted.get(day, 0) if category == ERRAND else self.been.get(day - 1, 0)
        own = known >> seat * len(self.places) & (1 << len(self.places)) - 1
        names = tuple(self.places)
        return [names[at] for at in members(own)]


def is_true(table: Table, facts: Facts, said: Saying) -> bool:
    """Tell whether it is as somebody says; only the whole game knows."""
    if said.category == ROLE:
        return any(_role_name(table, seat) == said.role for seat in said.persons)
    return any(
        said.place in facts.spots(said.category, seat, said.day) for seat in _meant(table, said)
    )


def lives(table: Table, said: Saying) -> bool:
    """Tell whether somebody lives of whom a saying speaks, as far as anybody can see."""
    return any(has(table.roster.alive, seat) for seat in _meant(table, said))


def _meant(table: Table, said: Saying) -> tuple[PlayerId, ...]:
    """List whom a saying may be about: whom it names, or all who wear what it speaks of."""
    if not said.asset:
        return said.persons
    seats = members(table.roster.seats)
    return tuple(seat for seat in seats if said.asset in table.looks.of(seat))


def draw(table: Table, facts: Facts, request: Request, drawn: int) -> Saying | None:
    """Draw what is asked for, about others who live and are here; None if there is nothing."""
    others = members(table.roster.here & ~(1 << request.seat))
    if request.category == ROLE:
        return _draw_role(table, facts, request, others, drawn)
    if request.category == APPEARANCE:
        return _draw_look(table, facts, request, others, drawn)
    return _draw_place(table, facts, request, {other: other for other in others}, drawn)


def _draw_look(
    table: Table, facts: Facts, request: Request, others: Iterable[PlayerId], drawn: int
) -> Saying | None:
    """Draw something worn in one slot, and a place; another slot if there is nothing in that."""
    drawn, first = divmod(drawn, len(SLOTS))
    for step in range(len(SLOTS)):
        slot = (first + step) % len(SLOTS)
        worn = {other: table.looks.of(other)[slot] for other in others}
        if said := _draw_place(table, facts, request, worn, drawn):
            return said
    return None


def _draw_place(
    table: Table,
    facts: Facts,
    request: Request,
    subjects: Mapping[PlayerId, PlayerId | str],
    drawn: int,
) -> Saying | None:
    """Draw a place, and what stands for one of some players: themselves, or what they wear.

    Plain pairs are sifted, for there are hundreds; the one that is drawn alone is written out.
    """
    category, day = request.category, table.phases.day
    known = {
        (said.asset or said.persons[0], said.place)
        for said in request.known
        if said.category == category and said.day == day
    }
    news = [
        (subject, place)
        for seat, subject in subjects.items()
        for place in (facts.spots(category, seat, day) if request.honest else facts.places)
        if (subject, place) not in known
    ]
    if not news:
        return None
    subject, place = news[drawn % len(news)]
    if isinstance(subject, str):
        return Saying(category, (), place, asset=subject, day=day)
    return Saying(category, (subject,), place, day=day)


def _draw_role(
    table: Table, facts: Facts, request: Request, others: Sequence[PlayerId], drawn: int
) -> Saying | None:
    """Draw a role, whoever may hold it, and three names: one of them a holder's if it is true."""
    drawn, lot = divmod(drawn, 1_000)
    roles = _roles_dealt(table, deadly=lot < table.rules.rumor_killer)
    if not roles:
        return None
    drawn, which = divmod(drawn, len(roles))
    for named in combinations(shuffled(drawn, others), NAMED):
        said = Saying(ROLE, tuple(sorted(named)), role=roles[which])
        if said not in request.known and (not request.honest or is_true(table, facts, said)):
            return said
    return None


def _roles_dealt(table: Table, *, deadly: bool) -> list[str]:
    """List the roles of the setup that are worth a rumor: killers' or not, else what there is.

    Each is there as often as it may have been dealt, an open choice by equal shares.
    """
    setup = table.rules.setup(table.roster.seats.bit_count())
    choices = [(choice.split(OR), count) for choice, count in setup.roles]
    whole = lcm(*(len(options) for options, _ in choices))
    cards = [
        name
        for options, count in choices
        for name in options * (count * whole // len(options))
        if name not in PLAIN
    ]
    find = table.rules.book.role
    return [name for name in cards if _is_deadly(find(name)) is deadly] or cards


def _is_deadly(own: Role) -> bool:
    """Tell whether a role kills at night and is not of the town."""
    return own.alignment == "mafia" or (own.alignment == "neutral" and kills_alone(own))


def _role_name(table: Table, seat: PlayerId) -> str:
    own = table.roster.role(seat)
    return own.name if own else ""


def renamed(said: Saying, which: int, name: PlayerId) -> Saying:
    """Put another name in the place of one."""
    kept = said.persons[:which] + said.persons[which + 1 :]
    return said._replace(persons=tuple(sorted((*kept, name))))


def garbled(table: Table, facts: Facts, said: Saying, to: PlayerId, drawn: int) -> Saying:
    """Let somebody mishear one part, a name or the place; as it was if there is no other."""
    drawn, part = divmod(drawn, len(said.persons) + bool(said.place))
    choices = list(_misheard(table, facts, said, part, to))
    return choices[drawn % len(choices)] if choices else said


def _misheard(
    table: Table, facts: Facts, said: Saying, part: int, to: PlayerId
) -> Iterator[Saying]:
    """List what a saying may become: the name of any other who is here, or any other place."""
    if part == len(said.persons):
        return (said._replace(place=place) for place in facts.places if place != said.place)
    names = members(table.roster.here & ~(1 << to))
    return (renamed(said, part, name) for name in names if name not in said.persons)
