"""The cast: what follows from who holds which role, looked up once for each deal.

It is asked for by the names of the roles by seat, empty where a role is not known, and the book
in which they stand. So it is the same for the whole game, which knows all, and for the fold of one
viewer, which knows a few.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, TypeAlias

import attrs

from mafia_district.ids import NOBODY, PlayerId, Seats, has
from mafia_district.roles import TRAITS, Book, Role

Sides: TypeAlias = tuple[tuple[str, Seats], ...]
Weights: TypeAlias = tuple[tuple[PlayerId, int], ...]
Held: TypeAlias = list[tuple[PlayerId, Role]]

KILLS: Final = ("kill", "ignite")  # verbs by which one kills on one's own account
CLUBS: Final = frozenset({"neighbor", "mason"})  # traits whose bearers have a room of their own

# Traits that change how a death comes about, or what comes of it.
_TOUCHY: Final = frozenset(TRAITS) - {
    "encryptor", "godfather", "gun", "insane", "mason", "miller", "neighbor", "suspects_all",
    "trusts_all", "vanilla",
}  # fmt: skip


@attrs.frozen(eq=False)
class Cast:
    """Who holds which role, and what follows from it; masks of seats, the dead among them.

    `roles` are by seat, None where a role is not known. `mafia` are those who share a kill,
    `nightly` and `daily` those who can do something at night, or while the town is awake, `limited`
    those some of whose uses are counted, `killers` those who kill on their own account, `touchy`
    those of a nature that changes how a death comes about. `mates` are by seat who know each other
    as a faction, `clubs` who may talk with each other. `sides` are those who must be eliminated,
    each with the goal that it wins by; `alone` is the one side where there is but one and all votes
    weigh the same, and `heavy` how many votes those have who have not one.
    """

    roles: tuple[Role | None, ...] = ()
    town: Seats = 0
    mafia: Seats = 0
    neutral: Seats = 0
    nightly: Seats = 0
    daily: Seats = 0
    limited: Seats = 0
    killers: Seats = 0
    touchy: Seats = 0
    mates: tuple[Seats, ...] = ()
    clubs: Mapping[str, Seats] = attrs.field(factory=dict)
    sides: Sides = ()
    heavy: Weights = ()
    alone: Seats = attrs.field(init=False)
    plain: bool = attrs.field(init=False)

    @alone.default
    def _lone_side(self) -> Seats:
        return self.sides[0][1] if len(self.sides) == 1 and not self.heavy else 0

    @plain.default
    def _nothing_special(self) -> bool:
        """Tell whether nobody's lynch has anything special about it."""
        return not (self.daily or self.neutral or self.touchy)


NOBODY_CAST: Final = Cast()


@lru_cache(maxsize=1 << 13)
def cast(book: Book, names: tuple[str, ...], revealed: Seats = 0) -> Cast:
    """Look up what follows from a deal; `revealed` are those whom all know for what they are."""
    roles = tuple(book.role(name) if name else None for name in names)
    held = [(seat, own) for seat, own in enumerate(roles) if own is not None]
    mafia = _those(held, lambda own: own.alignment == "mafia" and own.faction)
    return Cast(
        roles=roles,
        town=_those(held, lambda own: own.alignment == "town"),
        mafia=mafia,
        neutral=_those(held, lambda own: own.alignment == "neutral"),
        nightly=mafia | _those(held, lambda own: acts(own, "night") or own.can("revenge")),
        daily=_those(held, lambda own: acts(own, "day", "twilight")),
        limited=_those(held, lambda own: own.limited),
        killers=_those(held, kills_alone),
        touchy=_those(held, lambda own: own.vests or own.traits & _TOUCHY),
        mates=_mates(held, len(names)),
        clubs=_clubs(held),
        sides=_sides(held),
        heavy=_weights(held, revealed),
    )


def _those(held: Held, asked: Callable[[Role], object]) -> Seats:
    return sum(1 << seat for seat, own in held if asked(own))


def _mates(held: Held, seats: int) -> tuple[Seats, ...]:
    """Give by seat the mask of those who are of the same faction."""
    factions: dict[str, Seats] = {}
    for seat, own in held:
        if own.faction:
            factions[own.faction] = factions.get(own.faction, 0) | 1 << seat
    faction = {seat: factions.get(own.faction, 0) for seat, own in held}
    return tuple(faction.get(seat, 0) for seat in range(seats))


def _sides(held: Held) -> Sides:
    """Give those who must be eliminated: factions, the mafia, and killers each alone."""
    sides: dict[tuple[str, PlayerId], Seats] = {}
    for seat, own in held:
        if own.faction or own.alignment == "mafia":
            sides[own.wins, NOBODY] = sides.get((own.wins, NOBODY), 0) | 1 << seat
        elif own.alignment == "neutral" and kills_alone(own):
            sides[own.wins, seat] = 1 << seat
    return tuple((wins, mask) for (wins, _), mask in sides.items())


def _weights(held: Held, revealed: Seats) -> Weights:
    """List the votes of those who have not one."""
    votes = [(seat, _votes(own, has(revealed, seat))) for seat, own in held]
    return tuple((seat, weight) for seat, weight in votes if weight != 1)


def _votes(own: Role, revealed: bool) -> int:
    return max(own.votes, own.votes_revealed) if revealed else own.votes


def _clubs(held: Held) -> Mapping[str, Seats]:
    """Give the masks of those who talk with each other for what they are."""
    traits = {trait for _, own in held for trait in own.traits & CLUBS}
    return {trait: sum(1 << seat for seat, own in held if trait in own.traits) for trait in traits}


def weight(seats: Seats, heavy: Weights) -> int:
    """Count the votes that some seats have together."""
    return seats.bit_count() + sum(votes - 1 for seat, votes in heavy if seats >> seat & 1)


def acts(own: Role, *when: str) -> bool:
    """Tell whether a role has an ability for one of these times."""
    return any(ability.when in when for ability in own.abilities)


def kills_alone(own: Role) -> bool:
    """Tell whether a role kills on its own account."""
    return own.can(*KILLS)
