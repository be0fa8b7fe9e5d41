"""The resolver: from the actions of a night to what dawn finds.

A pure, total function of the cast, the actions, what items have set down (`gear.py`), who is doused
and what the nights before have left. It looks at no clock and draws no lot, and the order in which
the actions were handed in changes nothing: `order.py` says in which order they take effect, `verbs`
what each does, `house.py` which of the field's answers is given. Every action ends with a reason.
"""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import attrs

from mafia_district.house import MAFIASCUM, House
from mafia_district.ids import NOBODY, ItemId, PlayerId, Seats
from mafia_district.machine import interned
from mafia_district.night.deed import (
    BLOCKED,
    CAME,
    FACTION_KILL,
    NOTHING_BEFORE,
    Before,
    Dawn,
    Deed,
    Outcome,
    Place,
    Verb,
)
from mafia_district.night.gear import NO_GEAR, Gear
from mafia_district.night.order import listed, rank, settle
from mafia_district.night.verbs import verb
from mafia_district.night.verbs.blocking import unstoppable
from mafia_district.roles import Role


@attrs.frozen
class Action:
    """What one seat does tonight; a seat does each verb at most once.

    A verb that names nobody has `NOBODY` for its target. One that reaches a whole place is an
    action for each who is there, all but the one on whom it was named `afar`: that is no visit.
    """

    actor: PlayerId
    verb: str
    target: PlayerId
    target2: PlayerId = NOBODY
    afar: bool = False


@attrs.frozen
class Death:
    """A death of the night; `cause` is the method of the kill, or the chain that pulled."""

    seat: PlayerId
    cause: str


@attrs.frozen
class Result:
    """What an action told a seat: a word, `no_result` where it failed, or a list of seats."""

    seat: PlayerId
    verb: str
    target: PlayerId
    word: str
    seen: tuple[PlayerId, ...] = ()


@attrs.frozen
class Reason:
    """How an action ended, and `by` whose doing; `target` is whom its actor named."""

    actor: PlayerId
    verb: str
    target: PlayerId
    outcome: Outcome
    by: PlayerId = NOBODY
    target2: PlayerId = NOBODY


@attrs.frozen
class Resolution:
    """A resolved night.

    Deaths are in seat order. There is one reason for every action, in the order of the fixed list
    and then of the seats, and so are the results and `spent`: the uses of limited abilities, each
    a seat and a verb, whether they came to anything or not. What an action brings about, as an
    ignition each burning, has a reason of its own.

    `visits` are (who, where it landed), of all but what was blocked; `saves` (seat, item) of each
    ward and vest that stopped a kill; `doused` is the mask of who is doused from now on, `worn_out`
    who has stopped a kill by a vest of the role's own,
    `guilty` who dies of it next night, `turned` (seat, role) of each who becomes something else,
    `slain` (victim, killer) of each who died by somebody's hand, the first that struck, `stolen`
    (victim, thief) of votes.
    """

    deaths: tuple[Death, ...]
    results: tuple[Result, ...]
    reasons: tuple[Reason, ...]
    spent: tuple[tuple[PlayerId, str], ...]
    visits: tuple[tuple[PlayerId, PlayerId], ...] = ()
    saves: tuple[tuple[PlayerId, ItemId], ...] = ()
    doused: Seats = 0
    worn_out: tuple[PlayerId, ...] = ()
    guilty: Seats = 0
    turned: tuple[tuple[PlayerId, str], ...] = ()
    slain: tuple[tuple[PlayerId, PlayerId], ...] = ()
    stolen: tuple[tuple[PlayerId, PlayerId], ...] = ()


Performers: TypeAlias = tuple[Action, ...]  # of one kill: the same by each who may perform it

action = interned(Action)
_death = interned(Death)
_result = interned(Result)
_reason = interned(Reason)


def resolve(
    cast: Sequence[Role | None],
    actions: Sequence[Action],
    gear: Gear = NO_GEAR,
    before: Before = NOTHING_BEFORE,
    house: House = MAFIASCUM,
) -> Resolution:
    """Resolve a night: `cast[seat]` is each seat's role (None: nobody sits there).

    `gear` is what items have set down. That the actions are lawful (living actors, abilities not
    used up) is for the caller to see to. Raises ValueError for a verb that does not exist.
    """
    deeds = [Deed(act.actor, _row(act), act.target, act.target, act.target2) for act in actions]
    deeds.sort(key=listed if house.order == "list" else rank)
    dawn = Dawn(cast, deeds, gear, before, house)
    if gear is not NO_GEAR:
        _set_down(dawn)
    settle(dawn)
    _replace(dawn)
    return _report(dawn)


def _row(action: Action) -> Verb:
    """Give the verb of an action, as it is done from afar where it is."""
    row = verb(action.verb)
    return attrs.evolve(row, visits=False) if action.afar else row


def _set_down(dawn: Dawn) -> None:
    """Let the items work that come before all roles."""
    dawn.shields = dawn.gear.shields()
    for deed in dawn.deeds:
        if dawn.gear.cuffed >> deed.actor & 1 and not unstoppable(deed, dawn):
            deed.fail("cuffed")


def _replace(dawn: Dawn) -> None:
    """Let backups take the place of a townsperson with a power who has died.

    Of several the faction's victim is replaced, else the lowest seat.
    """
    backups = [seat for seat in dawn.bearers("backup") if seat not in dawn.deaths]
    fallen = [dead for dead in dawn.deaths if _had_a_power(dawn, dead)] if backups else []
    if fallen:
        slain = _slain_by_a_faction(dawn)
        role = dawn.cast[min(fallen, key=lambda dead: (dead not in slain, dead))]
        assert role is not None, "only the dead who had a power are replaced"
        dawn.turned.update(dict.fromkeys(backups, role.told))


def _had_a_power(dawn: Dawn, seat: PlayerId) -> bool:
    role = dawn.cast[seat]
    return role is not None and has_power(role)


def has_power(role: Role) -> bool:
    """Tell whether a role is one that a backup takes the place of: the town's, and not vanilla."""
    return role.alignment == "town" and "vanilla" not in role.traits and "backup" not in role.traits


def _slain_by_a_faction(dawn: Dawn) -> set[PlayerId]:
    kills = [deed for deed in dawn.deeds if deed.verb.name == FACTION_KILL]
    return {deed.target for deed in kills if deed.outcome == "done"}


def _report(dawn: Dawn) -> Resolution:
    reasons, results, spent, visits = [], [], [], []
    told_all = dawn.house.told_of_block == "all"
    for deed in dawn.deeds:
        actor, row, role, outcome = deed.actor, deed.verb, dawn.cast[deed.actor], deed.outcome
        reasons.append(_reason(actor, row.name, deed.named, outcome, deed.by, deed.target2))
        if row.asks or row.tells:
            results.extend(_results(deed))
        elif deed.outcome in BLOCKED and told_all:
            results.append(_result(actor, row.name, deed.named, "blocked"))
        elif row.place is Place.BUS and outcome == "done" and dawn.house.bus_told:
            results.extend(_result(stop, row.name, stop, "moved") for stop in deed.stops)
        if role is not None and row.name in role.limited:
            spent.append((actor, row.name))
        if row.visits and outcome in CAME:
            visits.extend([(actor, stop) for stop in deed.stops if stop != actor])
    return Resolution(
        tuple([_death(seat, dawn.deaths[seat][0].cause) for seat in sorted(dawn.deaths)]),
        tuple(results),
        tuple(reasons),
        tuple(spent),
        tuple(visits),
        tuple([(shield.seat, shield.item) for shield in dawn.saves]),
        dawn.doused & ~dawn.gear.washed() if dawn.doused else 0,
        tuple(dawn.worn_out),
        _guilty(dawn) if dawn.house.vigilante_guilt else 0,
        tuple(sorted(dawn.turned.items())),
        tuple(
            [
                (seat, dawn.deaths[seat][0].by)
                for seat in sorted(dawn.deaths)
                if dawn.deaths[seat][0].by != NOBODY
            ]
        ),
        dawn.stolen,
    )


def _results(deed: Deed) -> list[Result]:
    """Give what a deed told: its actor an answer, or the one it came to some news."""
    if deed.verb.tells:
        giver = deed.target if deed.verb.nameless else deed.actor
        return [_result(deed.target, deed.verb.name, giver, deed.word)] if deed.word else []
    if deed.seen is not None:
        return [_result(deed.actor, deed.verb.name, deed.named, "seen", deed.seen)]
    return [_result(deed.actor, deed.verb.name, deed.named, deed.word or "no_result")]


def _guilty(dawn: Dawn) -> Seats:
    """Give the mask of those who shot a townsperson on their own account, and live."""
    return sum(
        {
            1 << deed.actor
            for deed in dawn.deeds
            if deed.verb.name == "kill"
            and deed.outcome == "done"
            and dawn.town(deed.actor)
            and dawn.town(deed.target)
            and deed.actor not in dawn.deaths
        }
    )


def visitors(resolution: Resolution, seat: PlayerId) -> tuple[PlayerId, ...]:
    """List, by seat, who visited a seat that night, each once; nobody visits themself."""
    return tuple(sorted({who for who, where in resolution.visits if where == seat}))


def methods_in_play(cast: Iterable[Role | None]) -> frozenset[str]:
    """Give the methods by which these roles kill, on their own account or for the mafia."""
    return frozenset(role.method for role in cast if role is not None and _kills(role))


def _kills(role: Role) -> bool:
    nightly = [ability for ability in role.abilities if ability.when == "night"]
    own = any(verb(ability.verb).place is Place.KILL for ability in nightly)
    return own or bool(role.faction)


def faction_kill(
    picks: Sequence[tuple[PlayerId, PlayerId]], house: House = MAFIASCUM
) -> Performers:
    """Make one kill of a faction's picks, each an (actor, target), in the order of picking.

    The plurality of the members' last picks is carried out, in a tie the target picked first; some
    houses carry out the last of all picks. The members who still pick that target are given, in the
    order in which they came to it: the first of them performs it. No pick, no kill.
    """
    if len(picks) == 1:
        return (action(picks[0][0], FACTION_KILL, picks[0][1], NOBODY),)
    standing: dict[PlayerId, PlayerId] = {}
    for actor, target in picks:
        if standing.get(actor) != target:  # to repeat a pick does not make it a later one
            standing.pop(actor, None)
            standing[actor] = target
    if not standing:
        return ()
    votes = list(standing.values())
    last = house.faction_kill_pick == "last"
    chosen = votes[-1] if last else max(votes, key=votes.count)  # the first of those with most
    return tuple(
        action(actor, FACTION_KILL, target, NOBODY)
        for actor, target in standing.items()
        if target == chosen
    )


def carried_out(
    cast: Sequence[Role | None],
    actions: Sequence[Action],
    kills: Sequence[Performers],
    gear: Gear = NO_GEAR,
    before: Before = NOTHING_BEFORE,
    house: House = MAFIASCUM,
) -> Resolution:
    """Resolve a night with the kills of factions, each given by its possible performers.

    The first performs it; where the house says so, the first of them whom nobody blocks.
    """
    first = [performers[0] for performers in kills if performers]
    resolved = resolve(cast, (*actions, *first), gear, before, house)
    if house.faction_kill_performer == "first":
        return resolved
    for performers in kills:
        for place, performer in enumerate(performers[1:]):
            if not _blocked(resolved, performers[place]):
                break
            others = [kill for kill in first if kill not in performers]
            first = [*others, performer]
            resolved = resolve(cast, (*actions, *first), gear, before, house)
    return resolved


def _blocked(resolved: Resolution, kill: Action) -> bool:
    return any(
        (reason.actor, reason.verb) == (kill.actor, kill.verb) and reason.outcome in BLOCKED
        for reason in resolved.reasons
    )
