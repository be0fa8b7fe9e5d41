"""Powers: what a seat can do now, and to whom.

Everything here is asked for a seat and answered from what that seat knows: its own role, who lives,
what hour it is, and what it has done before. So what is offered tells nothing, and the same answer
comes from the whole game and from the fold of that seat.
"""

from functools import lru_cache
from operator import add
from typing import TYPE_CHECKING, Final

from mafia_district.ids import BITS, PlayerId, Seats, has, members
from mafia_district.machine import Code, Refused
from mafia_district.night.deed import FACTION_KILL
from mafia_district.night.verbs import VERBS
from mafia_district.phases import DAY, EVENING, NIGHT, TWILIGHT
from mafia_district.roles import Ability, Book, Nights
from mafia_district.roster import Roster
from mafia_district.sentence import restless
from mafia_district.table import Table

if TYPE_CHECKING:
    from mafia_district.night.collect import Night

KILL: Final = "kill"
REVENGE: Final = "revenge"
_FACTION_ABILITY: Final = Ability(FACTION_KILL)
_BEYOND: Final = ("haunt", REVENGE)  # what the restless dead do
_NUMBERED: Final = ("first", "second", "third", "fourth", "fifth")


def abilities(roster: Roster, seat: PlayerId) -> tuple[Ability, ...]:
    """List what a seat can do, as far as its role is known here."""
    role = roster.cast.roles[seat] if seat < len(roster.cast.roles) else None
    own = role.abilities if role is not None else ()
    return (*own, _FACTION_ABILITY) if roster.cast.mafia >> seat & 1 else own


def ability_of(roster: Roster, seat: PlayerId, verb: str) -> Ability:
    """Give what a seat can do by the name of its verb, or refuse what its role cannot do."""
    for own in abilities(roster, seat):
        if own.verb == verb:
            return own
    raise Refused(Code.NOT_YOUR_ACTION, f"your role has no action {verb!r}")


@lru_cache(maxsize=1 << 10)
def most_actions(book: Book, names: tuple[str, ...]) -> int:
    """Count the actions in one night of the busiest of some roles, by seat; empty for no seat."""
    roles = [book.role(name) for name in names if name]
    own = [min(len(role.abilities), 1 if role.exclusive else 9) for role in roles]
    shared = [bool(role.faction) and role.alignment == "mafia" for role in roles]
    return max(map(add, own, shared), default=0)


def targets(table: Table, night: "Night", seat: PlayerId, ability: Ability) -> Seats:
    """Give the seats that an ability may name now; 0 when it may not be used.

    What names nobody, such as to ignite, is chosen by naming one's own seat.
    """
    if night.uses and night.uses.get((seat, ability.verb), 1) < 1:
        return 0
    phase = table.phases.phase
    if phase is NIGHT:
        return _by_night(table, night, seat, ability)
    if phase is TWILIGHT:
        return _at_twilight(table, seat, ability)
    return _by_day(table, seat, ability) if phase is DAY or phase is EVENING else 0


def seconds(table: Table, seat: PlayerId, verb: str, target: PlayerId) -> Seats:
    """Give the seats that may be named beside a target; 0 for what names one.

    Who may not name their own seat first may not name it second either.
    """
    if verb not in VERBS or not VERBS[verb].names_two:
        return 0
    row, alive = VERBS[verb], table.roster.alive
    own = [ability for ability in abilities(table.roster, seat) if ability.verb == verb]
    closed = 0 if any(held.on_self for held in own) else BITS[seat]
    return alive & ~closed if row.sends else alive & ~(closed | BITS[target])


def prey(table: Table, night: "Night", seat: PlayerId) -> Seats:
    """Give the seats that the faction's kill may name tonight."""
    roster, rules = table.roster, table.rules
    if night.curbed and (
        night.kills >= rules.faction_kills or number_of(table) <= rules.quiet_nights
    ):
        return 0
    return roster.alive if rules.kill_own else roster.alive & ~roster.faction(seat)


def factions_kill(table: Table, night: "Night") -> bool:
    """Tell whether any night may still bring a kill of a faction."""
    spent = night.kills + any(verb == FACTION_KILL for _, verb in night.choices)
    return not table.rules.nightless and spent < table.rules.faction_kills


def number_of(table: Table) -> int:
    """Count the nights up to tonight."""
    return table.phases.day + (table.rules.first_phase == "night")


def tonight(table: Table, night: "Night", seat: PlayerId, ability: Ability) -> bool:
    """Tell whether an ability may be used in a night like this one."""
    if ability.when != "night" and not (ability.verb == REVENGE and _sworn(table, seat)):
        return False
    if ability.rests and (seat, ability.verb) in night.last:
        return False
    nights, rules = ability.nights, table.rules
    if (
        ability.verb == KILL
        and not rules.vigilante_first_night
        and has(table.roster.cast.town, seat)
    ):
        nights = "later"
    return nights == "all" or _falls_on(nights, number_of(table))


def _falls_on(nights: Nights, number: int) -> bool:
    if nights in _NUMBERED:
        return number == _NUMBERED.index(nights) + 1
    return number > 1 if nights == "later" else (nights == "odd") == bool(number % 2)


def armed(table: Table, night: "Night") -> Seats:
    """Give the seats that can still kill on their own account; a shot of tonight is spent."""
    killers = table.roster.cast.killers
    for seat in members(killers) if killers else ():
        key = seat, KILL
        if key in night.uses and night.uses[key] <= (key in night.choices):
            killers &= ~(1 << seat)
    return killers


def may_take_along(table: Table, seat: PlayerId) -> bool:
    """Tell whether a seat's role takes revenge for a lynch of today."""
    role = table.roster.cast.roles[seat]
    if role is None or not role.can(REVENGE):
        return False
    limit = table.rules.vengeful_days
    return "hunter" in role.traits or not limit or table.phases.day <= limit


def _by_night(table: Table, night: "Night", seat: PlayerId, ability: Ability) -> Seats:
    alive, verb = table.roster.alive, ability.verb
    if not alive >> seat & 1:
        return restless(table, seat) if verb in _BEYOND else 0
    if verb == FACTION_KILL:
        return prey(table, night, seat)
    if not tonight(table, night, seat, ability):
        return 0
    if not VERBS[verb].targets:
        return alive & 1 << seat
    open_to = alive & ~_closed_to(table, night, seat, ability)
    if not VERBS[verb].names_two:
        return open_to
    return sum(BITS[aim] for aim in members(open_to) if seconds(table, seat, verb, aim))


def _closed_to(table: Table, night: "Night", seat: PlayerId, ability: Ability) -> Seats:
    """Give the seats that an ability may not name tonight, of those who live."""
    key, own = (seat, ability.verb), BITS[seat]
    named = night.named.get(key, 0)
    once = table.rules.doctor_self == "once" and ability.verb == "protect" and not named & own
    closed = 0 if ability.on_self or once else own
    if ability.roams:
        closed |= named
    if not ability.repeats and key in night.last:
        closed |= BITS[night.last[key].target]
    return closed


def _sworn(table: Table, seat: PlayerId) -> bool:
    """Tell whether a seat may say by night whom it takes along if it dies."""
    role = table.roster.cast.roles[seat]
    hunts = role is not None and "hunter" in role.traits
    return hunts or table.rules.vengeful_fires_on == "death"


def _at_twilight(table: Table, seat: PlayerId, ability: Ability) -> Seats:
    sentence, alive = table.sentence, table.roster.alive
    if ability.verb == "pardon":
        return BITS[sentence.condemned] if seat != sentence.condemned else 0
    if ability.verb == REVENGE and seat == sentence.condemned and not sentence.shots:
        return alive & ~BITS[seat] if may_take_along(table, seat) else 0
    return 0


def _by_day(table: Table, seat: PlayerId, ability: Ability) -> Seats:
    roster = table.roster
    if ability.when != "day" or (ability.verb == "reveal" and _revealed_by_lynch(table, seat)):
        return 0
    if ability.verb == "reveal":
        return BITS[seat] & ~roster.revealed
    return roster.alive & ~BITS[seat]


def _revealed_by_lynch(table: Table, seat: PlayerId) -> bool:
    role = table.roster.cast.roles[seat]
    return role is not None and role.mayor and table.rules.mayor_survives_lynch
