"""The night as a machine: actions are collected in the dark and resolved together at its end.

A role's own action is known to its seat alone. The faction's kill is one shared action: each
living member may pick, all members see the picks, and the plurality of the last picks is carried
out. A pick may be changed or withdrawn until the night closes. What the actions come to is the
resolver's matter (`resolve.py`); this page keeps who chose what, what each seat has learnt, and
how many uses each has left. A use is spent by the night's end, also where the action was blocked.
What a seat can do and to whom is told by `powers.py`; some powers are used by day (`awake.py`).
"""

from collections.abc import Mapping
from typing import Final

import attrs

from mafia_district.ids import (
    BITS,
    EVERYONE,
    KEEPER_ONLY,
    MAX_SEATS,
    NOBODY,
    Day,
    ItemId,
    PlayerId,
    Seats,
    has,
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
from mafia_district.night.awake import EFFECTS, by_day
from mafia_district.night.deed import FACTION_KILL
from mafia_district.night.powers import ability_of, prey, seconds, targets, tonight
from mafia_district.night.resolve import Reason
from mafia_district.night.verbs import VERBS
from mafia_district.phases import DAY, NIGHT, PhaseBegan, require_phase
from mafia_district.roles import Role
from mafia_district.roster import (
    PlayerLeft,
    RolesDealt,
    RoleTurned,
    require_living,
)
from mafia_district.rules import MANY, Rules
from mafia_district.sentence import restless
from mafia_district.table import Table


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
class PowerUsed(Event):
    """A power was used while the town was awake; known to its seat."""

    seat: PlayerId
    action: str
    target: PlayerId


@attrs.frozen
class NightResolved(Event):
    """How the night went: deaths as (seat, cause), and for every action how it ended.

    `saves` lists (seat, item) for each item that stopped a kill, `slain` (victim, killer) where
    somebody's hand did it. The masks say who is doused from now on and who will die of guilt next
    night; `worn_out` lists who has spent a vest of the role's own, `turned` (seat, role)
    of each who becomes something else.
    """

    night: Day
    deaths: tuple[tuple[PlayerId, str], ...]
    reasons: tuple[Reason, ...]
    saves: tuple[tuple[PlayerId, ItemId], ...] = ()
    slain: tuple[tuple[PlayerId, PlayerId], ...] = ()
    doused: Seats = 0
    guilty: Seats = 0
    worn_out: tuple[PlayerId, ...] = ()
    turned: tuple[tuple[PlayerId, str], ...] = ()


@attrs.frozen
class ResultLearned(Event):
    """What an action told a seat: a word, or `seen`, and then the seats in that list."""

    seat: PlayerId
    night: Day
    action: str
    target: PlayerId
    result: str
    seen: tuple[PlayerId, ...] = ()


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

    `last` are the choices of the night before, `named` whom each seat has named so far, by action,
    the faction's kill apart, and `kills` in how many nights there was such a kill. `doused` and
    `guilty` are the keeper's masks, and so are `vests`: how many kills roles still stop. `curbed`
    is whether the rules allow the faction's kill in some nights only.
    """

    __slots__ = (
        "choices",
        "curbed",
        "day",
        "doused",
        "guilty",
        "kills",
        "last",
        "named",
        "nights",
        "results",
        "uses",
        "vests",
    )

    def __init__(self, rules: Rules) -> None:
        self.curbed = rules.quiet_nights > 0 or rules.faction_kills < MANY
        self.day: Day = 0  # of the last dawn
        self.choices: dict[tuple[PlayerId, str], ActionChosen] = {}
        self.last: Mapping[tuple[PlayerId, str], ActionChosen] = {}
        self.named: Mapping[tuple[PlayerId, str], Seats] = {}
        self.kills = 0
        self.doused: Seats = 0
        self.guilty: Seats = 0
        self.vests: Mapping[PlayerId, int] = {}
        self.uses: dict[tuple[PlayerId, str], int] = {}  # of limited abilities only
        self.results: dict[PlayerId, list[ResultLearned]] = {}
        self.nights: tuple[NightResolved, ...] = ()

    def fork(self) -> "Night":
        """Copy the night; nothing that changes is shared."""
        copy = Night.__new__(Night)
        copy.choices = self.choices.copy() if self.choices else {}
        copy.day, copy.curbed = self.day, self.curbed
        copy.last, copy.doused, copy.vests = self.last, self.doused, self.vests
        copy.guilty, copy.named, copy.kills = self.guilty, self.named, self.kills
        copy.uses = self.uses.copy() if self.uses else {}
        results = self.results
        copy.results = {seat: results[seat].copy() for seat in results} if results else {}
        copy.nights = self.nights
        return copy


def _act(table: Table, night: Night, command: Act) -> Events:
    seat, verb, target, roster = command.actor, command.action, command.target, table.roster
    if table.phases.phase is not NIGHT:
        return _by_day(table, night, command)
    if seat < 0 or not roster.here >> seat & 1:
        _require_awake(table, seat)
    shared = verb == FACTION_KILL and roster.cast.mafia >> seat & 1
    lawful = prey(table, night, seat) if shared else _lawful(table, night, seat, verb)
    if target < 0 or not lawful >> target & 1:
        raise Refused(Code.BAD_TARGET, f"{verb} cannot name seat {target}")
    if shared and command.target2 == NOBODY:
        return _PICKED[seat][target]
    _require_second(table, command)
    chosen = _action_chosen(seat, verb, target, command.target2)
    role = roster.cast.roles[seat]
    return (*_instead(night, seat, verb), chosen) if role and role.exclusive else (chosen,)


def _by_day(table: Table, night: Night, command: Act) -> Events:
    require_living(table.roster, command.actor)
    if command.action in VERBS and command.action not in EFFECTS:
        require_phase(table.phases, NIGHT)
    used = PowerUsed(command.actor, command.action, command.target)
    return *by_day(table, night, command.actor, command.action, command.target), used


def _require_awake(table: Table, seat: PlayerId) -> None:
    """Refuse those who are dead and rest, or have left, or are not there."""
    if not restless(table, seat):
        require_living(table.roster, seat)


def _require_second(table: Table, command: Act) -> None:
    """Refuse a second seat where one is named, and none where two are."""
    seat = command.actor
    if command.action in VERBS and VERBS[command.action].names_two:
        if not has(seconds(table, seat, command.action, command.target), command.target2):
            raise Refused(Code.BAD_TARGET, f"{command.action} names another living seat as well")
    elif command.target2 != NOBODY:
        raise Refused(Code.BAD_TARGET, f"{command.action} names one seat")


def _instead(night: Night, seat: PlayerId, verb: str) -> Events:
    """Take back what a seat has chosen besides, where its role does one thing a night."""
    chosen = [name for who, name in night.choices if who == seat and name != verb]
    return tuple(ActionWithdrawn(seat, name) for name in chosen)


def _withdraw(table: Table, night: Night, command: Withdraw) -> Events:
    require_phase(table.phases, NIGHT)
    _require_awake(table, command.actor)
    if (command.actor, command.action) not in night.choices:
        raise Refused(Code.NOTHING_TO_WITHDRAW, f"you have chosen no {command.action}")
    return (ActionWithdrawn(command.actor, command.action),)


def _lawful(table: Table, night: Night, seat: PlayerId, verb: str) -> Seats:
    """Give whom a seat's own action may name, or refuse an action that is not there or used up."""
    own = ability_of(table.roster, seat, verb)
    if night.uses and night.uses.get((seat, verb), 1) < 1:
        raise Refused(Code.NO_USES_LEFT, f"you have no {verb} left")
    if table.roster.alive >> seat & 1 and not tonight(table, night, seat, own):
        raise Refused(Code.NOT_TONIGHT, f"you have no {verb} on a night like this")
    return targets(table, night, seat, own)


def _choosers(table: Table, event: ActionChosen | ActionWithdrawn) -> Seats:
    """Audience: the seat, and for the faction's kill the living faction."""
    if event.action == FACTION_KILL:
        roster = table.roster
        return roster.cast.mates[event.seat] & roster.here
    return BITS[event.seat]


def _chosen(table: Table, night: Night, event: ActionChosen) -> None:
    key, choices = (event.seat, event.action), night.choices
    if key in choices and choices[key] != event:
        del choices[key]  # a new choice counts from now, a repeated one from before
    choices[key] = event


def _power_used(table: Table, night: Night, event: PowerUsed) -> None:
    key = event.seat, event.action
    if key in night.uses:
        night.uses[key] -= 1


def _withdrawn(table: Table, night: Night, event: ActionWithdrawn) -> None:
    del night.choices[event.seat, event.action]


def _resolved(table: Table, night: Night, event: NightResolved) -> None:
    night.nights += (event,)
    night.doused, night.guilty = event.doused, event.guilty
    for seat in event.worn_out:
        night.vests = {**night.vests, seat: night.vests[seat] - 1}


def _learned(table: Table, night: Night, event: ResultLearned) -> None:
    night.results.setdefault(event.seat, []).append(event)


def _nights_shown(table: Table, night: Night, event: NightsShown) -> None:
    night.nights = event.nights


def _roles_dealt(table: Table, night: Night, event: RolesDealt) -> None:
    roster = table.roster
    for seat in members(roster.cast.limited | roster.cast.touchy):
        own = roster.cast.roles[seat]
        if own is not None:
            _equip(night, seat, own)


def _role_turned(table: Table, night: Night, event: RoleTurned) -> None:
    _equip(night, event.seat, table.rules.book.role(event.role))


def _equip(night: Night, seat: PlayerId, own: Role) -> None:
    """Give a seat the uses and vests of its role."""
    for row in own.abilities:
        if row.shots:
            night.uses[seat, row.verb] = row.shots
    if own.vests:
        night.vests = {**night.vests, seat: own.vests}


def _phase_began(table: Table, night: Night, event: PhaseBegan) -> None:
    choices, uses = night.choices, night.uses
    if event.phase is DAY and (choices or event.day != night.day):
        night.last, night.choices, night.day = choices, {}, event.day
        if night.curbed or table.roster.cast.nightly != table.roster.cast.mafia:
            _remember(night, choices)
    for key in choices if uses else ():
        if key in uses:
            uses[key] -= 1


def _remember(night: Night, choices: Mapping[tuple[PlayerId, str], ActionChosen]) -> None:
    """Keep whom each has named, but for the faction's kill, which may name anybody again."""
    night.kills += any(verb == FACTION_KILL for _, verb in choices)
    own = {key: BITS[choice.target] for key, choice in choices.items() if key[1] != FACTION_KILL}
    if own:
        before = night.named
        night.named = {**before, **{key: bit | before.get(key, 0) for key, bit in own.items()}}


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
        PowerUsed: Fact(to_seat, _power_used),
        NightResolved: Fact(KEEPER_ONLY, _resolved),
        ResultLearned: Fact(to_seat, _learned),
        NightsShown: Fact(EVERYONE, _nights_shown),
    },
    hears={
        RolesDealt: _roles_dealt,
        RoleTurned: _role_turned,
        PhaseBegan: _phase_began,
        PlayerLeft: _player_left,
    },
)
