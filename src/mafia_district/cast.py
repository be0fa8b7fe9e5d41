"""The cast: what follows from who holds which role, looked up once for each deal.

It is asked for by the names of the roles by seat, empty where a role is not known, and the book
in which they stand. So it is the
same for the whole game, which knows all, and for the fold of one viewer, which knows a few.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, TypeAlias

from mafia_district.ids import NOBODY, PlayerId, Seats, has
from mafia_district.roles import TRAITS, Book, Role

Sides: TypeAlias = tuple[tuple[str, Seats], ...]
Weights: TypeAlias = tuple[tuple[PlayerId, int], ...]
Powers: TypeAlias = tuple[Seats, Seats, Seats, Seats, Seats]

KILLS: Final = ("kill", "ignite")  # verbs by which one kills on one's own account
CLUBS: Final = frozenset({"neighbor", "mason"})  # traits whose bearers have a room of their own

# Traits that change how a death comes about, or what comes of it.
_TOUCHY: Final = frozenset(TRAITS) - {
    "godfather", "gun", "insane", "mason", "miller", "neighbor", "suspects_all", "trusts_all",
    "vanilla",
}  # fmt: skip


@lru_cache(maxsize=1 << 13)
def look_up(
    book: Book, deal: tuple[str, ...]
) -> tuple[tuple[Role | None, ...], tuple[Seats, Seats, Seats], Powers]:
    """Look a deal up: roles by seat; who is town, who shares a kill, who is neutral; the powers.

    The powers are to act at night at all, to do so a limited number of times, to kill alone, to
    make a night end in another way by what one is, and to act while the town is awake.
    """
    roles = tuple(book.role(name) if name else None for name in deal)
    held = [(1 << seat, own) for seat, own in enumerate(roles) if own is not None]
    town = sum(bit for bit, own in held if own.alignment == "town")
    mafia = sum(bit for bit, own in held if own.alignment == "mafia" and own.faction)
    neutral = sum(bit for bit, own in held if own.alignment == "neutral")
    nightly = sum(bit for bit, own in held if acts(own, "night") or own.can("revenge"))
    daily = sum(bit for bit, own in held if acts(own, "day", "twilight"))
    limited = sum(bit for bit, own in held if own.limited)
    killers = sum(bit for bit, own in held if kills_alone(own))
    touchy = sum(bit for bit, own in held if own.vests or own.traits & _TOUCHY)
    return roles, (town, mafia, neutral), (nightly | mafia, limited, killers, touchy, daily)


@lru_cache(maxsize=1 << 13)
def bonds(
    book: Book, names: tuple[str, ...], revealed: Seats = 0
) -> tuple[tuple[Seats, ...], Mapping[str, Seats], Sides, Weights]:
    """Look up who belong together, who must be eliminated, and whose vote weighs more than one."""
    factions: dict[str, Seats] = {}
    sides: dict[tuple[str, PlayerId], Seats] = {}
    held = [(seat, book.role(name)) for seat, name in enumerate(names) if name]
    for seat, own in held:
        if own.faction:
            factions[own.faction] = factions.get(own.faction, 0) | 1 << seat
        if own.faction or own.alignment == "mafia":
            sides[own.wins, NOBODY] = sides.get((own.wins, NOBODY), 0) | 1 << seat
        elif own.alignment == "neutral" and kills_alone(own):
            sides[own.wins, seat] = 1 << seat
    votes = [(seat, _votes(own, has(revealed, seat))) for seat, own in held]
    heavy = tuple((seat, weight) for seat, weight in votes if weight != 1)
    faction = {seat: factions.get(own.faction, 0) for seat, own in held}
    mates = tuple(faction.get(seat, 0) for seat in range(len(names)))
    return mates, _clubs(held), tuple((wins, mask) for (wins, _), mask in sides.items()), heavy


def _votes(own: Role, revealed: bool) -> int:
    return max(own.votes, own.votes_revealed) if revealed else own.votes


def _clubs(held: list[tuple[PlayerId, Role]]) -> Mapping[str, Seats]:
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
