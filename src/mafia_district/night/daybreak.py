"""Daybreak: what was chosen in the dark goes to the resolver, and comes back as events.

The order in which things are handed over changes nothing (`resolve.py`). Who dies, how every action
ended and what the nights to come must know is one event, for the keeper; then each seat is told
what it learns. Who has become something else does so before the deaths are told, since victory is
judged with them.
"""

from collections.abc import Container, Sequence
from functools import lru_cache

from mafia_district.ids import BITS, MAX_SEATS, NOBODY, Day, PlayerId, Seats, members
from mafia_district.machine import Event, Events
from mafia_district.night.collect import ActionChosen, Night, NightResolved, ResultLearned
from mafia_district.night.deed import CAME, FACTION_KILL, ON_PURPOSE, Before
from mafia_district.night.gear import NO_GEAR
from mafia_district.night.laid_out import laid_out, told
from mafia_district.night.resolve import (
    Action,
    Performers,
    Resolution,
    action,
    carried_out,
    faction_kill,
    resolve,
)
from mafia_district.night.verbs import VERBS
from mafia_district.roles import Book
from mafia_district.roster import turned
from mafia_district.table import Table
from mafia_district.voting import VotesStolen


def resolve_night(table: Table, night: Night) -> tuple[Event, ...]:
    """Resolve the choices: the night's outcome for the keeper, then what each seat learns."""
    choices, day, roles = night.choices, table.phases.day, table.roster.cast.roles
    gear = laid_out(table) if table.rules.town else NO_GEAR
    plain = gear is NO_GEAR and not (night.doused or night.guilty or table.roster.cast.touchy)
    if plain and not choices:
        return (NightResolved(day, (), ()),)
    if plain and len(choices) == 1:
        (pick,) = choices.values()
        if pick.action == FACTION_KILL:
            killer = table.roster.now[pick.seat]
            return (_lone_kill(table.roster.book, day, pick.seat, pick.target, killer),)
    own, kills = _actions(table, night)
    before = _before(table, night, own)
    resolution = carried_out(roles, own, kills, gear, before, table.rules)
    resolved = _outcome(day, resolution)
    changed = [
        event for seat, name in resolution.turned for event in turned(table.roster, seat, name)
    ]
    stolen = (VotesStolen(resolution.stolen),) if resolution.stolen else ()
    lessons = _lessons(table, resolution)
    return resolved, *changed, *stolen, *lessons, *told(table, gear, resolution)


@lru_cache(maxsize=1 << 13)
def _lone_kill(
    book: Book, day: Day, actor: PlayerId, target: PlayerId, killer: str
) -> NightResolved:
    """Resolve the most frequent night of all, which depends on nothing but kill and killer."""
    cast = (book.role(killer),) * MAX_SEATS
    return _outcome(day, resolve(cast, [Action(actor, FACTION_KILL, target)]))


def _before(table: Table, night: Night, own: Sequence[Action]) -> Before:
    """Say what the nights before have left for those who live; who killed, only if it is asked."""
    alive = table.roster.alive
    asked = any(VERBS[action.verb].recalls for action in own)
    attempted = _with_kills(night, CAME) if asked else 0
    killed = _with_kills(night, {"done"}) if asked else 0
    return Before(
        alive, night.doused & alive, night.vests, attempted, killed, night.guilty & alive,
        table.roster.pairs or None,
    )  # fmt: skip


def _with_kills(night: Night, outcomes: Container[str | None]) -> Seats:
    """Give the mask of all who ever made a kill of their own choosing that ended in such a way."""
    past = [reason for told in night.nights for reason in told.reasons]
    kills = [reason for reason in past if reason.verb in ON_PURPOSE and reason.outcome in outcomes]
    return sum({BITS[reason.actor] for reason in kills})


def _actions(table: Table, night: Night) -> tuple[list[Action], list[Performers]]:
    """List tonight's own actions in the order of their choosing, and who may make each kill."""
    own: list[Action] = []
    picks: dict[Seats, list[tuple[PlayerId, PlayerId]]] = {}
    for pick in night.choices.values():
        if pick.action == FACTION_KILL:
            picks.setdefault(table.roster.faction(pick.seat), []).append((pick.seat, pick.target))
        else:
            target = pick.target if VERBS[pick.action].targets else NOBODY
            own.append(action(pick.seat, pick.action, target, pick.target2))
            if table.rules.town:
                beside = _beside(table, pick)
                own += [Action(pick.seat, pick.action, seat, afar=True) for seat in beside]
    return own, [faction_kill(made, table.rules) for made in picks.values()]


def _beside(table: Table, pick: ActionChosen) -> tuple[PlayerId, ...]:
    """List on whom else an action lands: those who stood beside its target when dusk fell."""
    role = table.roster.cast.roles[pick.seat]
    if role is None or pick.action not in role.wide or not table.phases.day:
        return ()
    town, others = table.town, members(table.roster.alive & ~BITS[pick.target])
    place = town.at_dusk(pick.target)
    return tuple(seat for seat in others if town.at_dusk(seat) == place)


def _outcome(day: Day, night: Resolution) -> NightResolved:
    deaths = tuple((death.seat, death.cause) for death in night.deaths)
    return NightResolved(
        day, deaths, night.reasons, night.saves, night.slain, night.doused, night.guilty,
        night.worn_out, night.turned,
    )  # fmt: skip


def _lessons(table: Table, resolution: Resolution) -> Events:
    day = table.phases.day
    return tuple(
        ResultLearned(result.seat, day, result.verb, result.target, result.word, result.seen)
        for result in resolution.results
    )
