"""The night as a machine: actions are collected in the dark and resolved together at its end.

A role's own action is known to its seat alone. The faction's kill is one shared action: each
living member may pick, all members see the picks, and the plurality of the last picks is carried
out. A pick may be changed or withdrawn until the night closes. What the actions come to is the
resolver's matter (`resolve.py`); this page keeps who chose what, what each seat has learnt, and
how many uses each has left. A use is spent by the night's end, also where the action was blocked.
"""

from collections.abc import Mapping
from functools import lru_cache
from operator import add
from typing import Final

import attrs

from mafia_district.ids import (
    EVERYONE,
    KEEPER_ONLY,
    MAX_SEATS,
    NOBODY,
    Day,
    ItemId,
    PlayerId,
    Seats,
    members,
)
from mafia_district.machine import (
    Code,
    Command,
    Event,
    Events,
    Fact,
    Machine,
    Refused,
    interned,
    to_seat,
)
from mafia_district.night.gear import NO_GEAR
from mafia_district.night.laid_out import laid_out, told
from mafia_district.night.resolve import Action, Reason, Resolution, faction_kill, resolve
from mafia_district.night.verbs import VERBS, Place
from mafia_district.phases import DAY, NIGHT, PhaseBegan, require_phase
from mafia_district.roles import ROLES, Ability
from mafia_district.roster import PlayerLeft, RolesDealt, Roster, require_living
from mafia_district.table import Table

FACTION_KILL: Final = "faction_kill"
KILL: Final = "kill"
_FACTION_ABILITY: Final = Ability(FACTION_KILL)


@attrs.frozen
class Act(Command):
    """Choose an action for tonight; a second choice of the same action replaces the first."""

    action: str
    target: PlayerId
    target2: PlayerId = NOBODY


@attrs.frozen
class Withdraw(Command):
    """Take one's chosen action back."""

    action: str


@attrs.frozen
class ActionChosen(Event):
    """An action for tonight; known to its seat, and the faction's kill to the faction."""

    seat: PlayerId
    action: str
    target: PlayerId
    target2: PlayerId


@attrs.frozen
class ActionWithdrawn(Event):
    """A chosen action was taken back; known to those who knew the choice."""

    seat: PlayerId
    action: str


@attrs.frozen
class NightResolved(Event):
    """How the night went: deaths as (seat, cause), and for every action how it ended.

    `saves` lists (seat, item) for each item that stopped a kill; `doused` is the mask of those who
    are doused from now on.
    """

    night: Day
    deaths: tuple[tuple[PlayerId, str], ...]
    reasons: tuple[Reason, ...]
    saves: tuple[tuple[PlayerId, ItemId], ...] = ()
    doused: Seats = 0


@attrs.frozen
class ResultLearned(Event):
    """What an action told the one who took it."""

    seat: PlayerId
    night: Day
    action: str
    target: PlayerId
    result: str


@attrs.frozen
class NightsShown(Event):
    """The end: how every night went."""

    nights: tuple[NightResolved, ...]


act = interned(Act)
_action_chosen = interned(ActionChosen)

# The most frequent command of the night and what it comes to, by seat and target: not made anew.
KILLS: Final = tuple(
    tuple(Act(seat, FACTION_KILL, target) for target in range(MAX_SEATS))
    for seat in range(MAX_SEATS)
)
_PICKED: Final = tuple(
    tuple((ActionChosen(kill.actor, kill.action, kill.target, NOBODY),) for kill in kills)
    for kills in KILLS
)


class Night:
    """Tonight's choices by (seat, action), uses left, and what the nights have taught each seat.

    `last` are the choices of the night before, `doused` is the keeper's.
    """

    __slots__ = ("choices", "doused", "last", "nights", "results", "uses")

    def __init__(self, rules: object = None) -> None:
        self.choices: dict[tuple[PlayerId, str], ActionChosen] = {}
        self.last: Mapping[tuple[PlayerId, str], ActionChosen] = {}
        self.doused: Seats = 0
        self.uses: dict[tuple[PlayerId, str], int] = {}  # of limited abilities only
        self.results: dict[PlayerId, list[ResultLearned]] = {}
        self.nights: tuple[NightResolved, ...] = ()

    def fork(self) -> "Night":
        """Copy the night; nothing that changes is shared."""
        copy = Night.__new__(Night)
        copy.choices = self.choices.copy()
        copy.last, copy.doused = self.last, self.doused
        copy.uses = self.uses.copy()
        results = self.results
        copy.results = {seat: results[seat].copy() for seat in results} if results else {}
        copy.nights = self.nights
        return copy


def abilities(roster: Roster, seat: PlayerId) -> tuple[Ability, ...]:
    """List what a seat can do at night, as far as its role is known here."""
    role = roster.roles[seat] if seat < len(roster.roles) else None
    own = role.abilities if role is not None else ()
    return (*own, _FACTION_ABILITY) if roster.mafia >> seat & 1 else own


@lru_cache(maxsize=1 << 10)
def most_actions(names: tuple[str, ...]) -> int:
    """Count the actions in one night of the busiest of some roles, by seat; empty for no seat."""
    roles = [ROLES[name] for name in names if name]
    own = [min(len(role.abilities), 1 if role.exclusive else 9) for role in roles]
    shared = [role.alignment == "mafia" for role in roles]
    return max(map(add, own, shared), default=0)


def targets(table: Table, night: Night, seat: PlayerId, ability: Ability) -> Seats:
    """Give the seats that an ability may name tonight; 0 when its uses are spent.

    What names nobody, such as to ignite, is chosen by naming one's own seat.
    """
    if night.uses and night.uses.get((seat, ability.verb), 1) < 1:
        return 0
    if ability.verb == FACTION_KILL:
        return _prey(table)
    alive = table.roster.alive
    if not VERBS[ability.verb].targets:
        return alive & 1 << seat
    if not ability.repeats and (seat, ability.verb) in night.last:
        alive &= ~(1 << night.last[seat, ability.verb].target)
    return alive if ability.on_self else alive & ~(1 << seat)


def _prey(table: Table) -> Seats:
    """Give the seats that the faction's kill may name tonight."""
    roster = table.roster
    return roster.alive if table.rules.kill_own else roster.alive & ~roster.mafia


def armed(table: Table, night: Night) -> Seats:
    """Give the seats that can still kill on their own account; a shot of tonight is spent."""
    killers = table.roster.killers
    for seat in members(killers) if killers else ():
        key = seat, KILL
        if key in night.uses and night.uses[key] <= (key in night.choices):
            killers &= ~(1 << seat)
    return killers


def resolve_night(table: Table, night: Night) -> tuple[Event, ...]:
    """Resolve the choices: the night's outcome for the keeper, then what each seat learns."""
    choices, day, roles = night.choices, table.phases.day, table.roster.roles
    gear = laid_out(table) if table.rules.town else NO_GEAR
    plain = gear is NO_GEAR and not night.doused
    if plain and not choices:
        return (NightResolved(day, (), ()),)
    actions = _actions(night)
    if plain and len(actions) == 1 and actions[0].verb == FACTION_KILL:
        kill = actions[0]
        return (_lone_kill(day, kill.actor, kill.target, table.roster.deal[kill.actor]),)
    resolution = resolve(roles, actions, gear, night.doused & table.roster.alive)
    resolved = _outcome(table, resolution)
    return resolved, *_lessons(table, resolution), *told(table, gear, resolution)


def kills(night: NightResolved) -> tuple[tuple[PlayerId, PlayerId], ...]:
    """List who died that night and by whose hand, the first that struck."""
    by = {
        reason.target: reason.actor
        for reason in reversed(night.reasons)
        if reason.outcome == "done" and VERBS[reason.verb].place is Place.KILL
    }
    return tuple((seat, by[seat]) for seat, _ in night.deaths if seat in by)


@lru_cache(maxsize=1 << 13)
def _lone_kill(day: Day, actor: PlayerId, target: PlayerId, killer: str) -> NightResolved:
    """Resolve the most frequent night of all, which depends on nothing but kill and killer."""
    resolution = resolve((ROLES[killer],) * MAX_SEATS, [Action(actor, FACTION_KILL, target)])
    return NightResolved(day, ((target, resolution.deaths[0].cause),), resolution.reasons)


def _actions(night: Night) -> list[Action]:
    """List tonight's actions in the order of their choosing, the faction's kill last, as one."""
    own, picks = [], []
    for pick in night.choices.values():
        if pick.action == FACTION_KILL:
            picks.append((pick.seat, pick.target))
        else:
            target = pick.target if VERBS[pick.action].targets else NOBODY
            own.append(Action(pick.seat, pick.action, target, pick.target2))
    kill = faction_kill(picks)
    return own if kill is None else [*own, kill]


def _outcome(table: Table, resolution: Resolution) -> NightResolved:
    deaths = tuple((death.seat, death.cause) for death in resolution.deaths)
    day, saves, doused = table.phases.day, resolution.saves, resolution.doused
    return NightResolved(day, deaths, resolution.reasons, saves, doused)


def _lessons(table: Table, resolution: Resolution) -> Events:
    day = table.phases.day
    return tuple(
        ResultLearned(result.seat, day, result.verb, result.target, result.word)
        for result in resolution.results
    )


def _act(table: Table, night: Night, command: Act) -> Events:
    seat, verb, target, roster = command.actor, command.action, command.target, table.roster
    if table.phases.phase is not NIGHT:
        require_phase(table.phases, NIGHT)
    if seat < 0 or not roster.here >> seat & 1:
        require_living(roster, seat)
    shared = verb == FACTION_KILL and roster.mafia >> seat & 1
    lawful = _prey(table) if shared else _lawful(table, night, seat, verb)
    if target < 0 or not lawful >> target & 1:
        raise Refused(Code.BAD_TARGET, f"{verb} cannot name seat {target}")
    if command.target2 != NOBODY:
        raise Refused(Code.BAD_TARGET, f"{verb} names one seat")
    if shared:
        return _PICKED[seat][target]
    chosen = _action_chosen(seat, verb, target, NOBODY)
    role = roster.roles[seat]
    return (*_instead(night, seat, verb), chosen) if role and role.exclusive else (chosen,)


def _instead(night: Night, seat: PlayerId, verb: str) -> Events:
    """Take back what a seat has chosen besides, where its role does one thing a night."""
    chosen = [name for who, name in night.choices if who == seat and name != verb]
    return tuple(ActionWithdrawn(seat, name) for name in chosen)


def _withdraw(table: Table, night: Night, command: Withdraw) -> Events:
    require_phase(table.phases, NIGHT)
    require_living(table.roster, command.actor)
    if (command.actor, command.action) not in night.choices:
        raise Refused(Code.NOTHING_TO_WITHDRAW, f"you have chosen no {command.action}")
    return (ActionWithdrawn(command.actor, command.action),)


def _lawful(table: Table, night: Night, seat: PlayerId, verb: str) -> Seats:
    """Give whom a seat's own action may name, or refuse an action that is not there or used up."""
    for ability in abilities(table.roster, seat):
        if ability.verb == verb:
            if night.uses and night.uses.get((seat, verb), 1) < 1:
                raise Refused(Code.NO_USES_LEFT, f"you have no {verb} left")
            return targets(table, night, seat, ability)
    raise Refused(Code.NOT_YOUR_ACTION, f"your role has no action {verb!r}")


def _choosers(table: Table, event: ActionChosen | ActionWithdrawn) -> Seats:
    """Audience: the seat, and for the faction's kill the living faction."""
    if event.action == FACTION_KILL:
        return table.roster.mafia & table.roster.alive
    return 1 << event.seat


def _chosen(table: Table, night: Night, event: ActionChosen) -> None:
    key, choices = (event.seat, event.action), night.choices
    if key in choices and choices[key] != event:
        del choices[key]  # a new choice counts from now, a repeated one from before
    choices[key] = event


def _withdrawn(table: Table, night: Night, event: ActionWithdrawn) -> None:
    del night.choices[event.seat, event.action]


def _resolved(table: Table, night: Night, event: NightResolved) -> None:
    night.nights += (event,)
    night.doused = event.doused


def _learned(table: Table, night: Night, event: ResultLearned) -> None:
    night.results.setdefault(event.seat, []).append(event)


def _nights_shown(table: Table, night: Night, event: NightsShown) -> None:
    night.nights = event.nights


def _roles_dealt(table: Table, night: Night, event: RolesDealt) -> None:
    for seat in members(table.roster.limited):
        role = table.roster.roles[seat]
        for ability in role.abilities if role else ():
            if ability.shots:
                night.uses[seat, ability.verb] = ability.shots


def _phase_began(table: Table, night: Night, event: PhaseBegan) -> None:
    choices, uses = night.choices, night.uses
    if event.phase is DAY:
        night.last, night.choices = choices, {}
    for key in choices if uses else ():
        if key in uses:
            uses[key] -= 1


def _player_left(table: Table, night: Night, event: PlayerLeft) -> None:
    for key in [key for key in night.choices if key[0] == event.seat]:
        del night.choices[key]


MACHINE = Machine(
    name="night",
    begin=Night,
    commands={Act: _act, Withdraw: _withdraw},
    events={
        ActionChosen: Fact(_choosers, _chosen),
        ActionWithdrawn: Fact(_choosers, _withdrawn),
        NightResolved: Fact(KEEPER_ONLY, _resolved),
        ResultLearned: Fact(to_seat, _learned),
        NightsShown: Fact(EVERYONE, _nights_shown),
    },
    hears={RolesDealt: _roles_dealt, PhaseBegan: _phase_began, PlayerLeft: _player_left},
)
