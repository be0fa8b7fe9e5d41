"""The resolver: from the actions of a night to what dawn finds.

A pure, total function of the cast, the actions, what items have set down (`gear.py`) and who is
doused. It looks at no clock and draws no lot, and the order in which the actions were handed in
changes nothing: `order.py` says in which order they take effect, `verbs.py` what each does. Every
action ends with a reason.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import attrs

from mafia_district.ids import NOBODY, ItemId, PlayerId, Seats
from mafia_district.machine import interned
from mafia_district.night.gear import NO_GEAR, Gear
from mafia_district.night.order import rank, settle
from mafia_district.night.verbs import Dawn, Deed, Outcome, Place, verb
from mafia_district.roles import Role

# How a deed ends whose actor was there: what is stopped on the doorstep was a visit all the same.
_CAME: Final = frozenset[Outcome | None]({"done", "protected", "warded"})


@attrs.frozen
class Action:
    """What one seat does tonight; a seat does each verb at most once.

    A verb that names nobody has `NOBODY` for its target.
    """

    actor: PlayerId
    verb: str
    target: PlayerId
    target2: PlayerId = NOBODY


@attrs.frozen
class Death:
    """A death of the night; `cause` is the method of the kill."""

    seat: PlayerId
    cause: str


@attrs.frozen
class Result:
    """What an action told its actor: `town`, `not_town`, or `no_result` where it failed."""

    seat: PlayerId
    verb: str
    target: PlayerId
    word: str


@attrs.frozen
class Reason:
    """How an action ended, and `by` whose doing; `target` is whom its actor named."""

    actor: PlayerId
    verb: str
    target: PlayerId
    outcome: Outcome
    by: PlayerId = NOBODY


@attrs.frozen
class Resolution:
    """A resolved night.

    Deaths are in seat order. There is one reason for every action, in the order of the fixed list
    and then of the seats, and so are the results and `spent`: the uses of limited abilities, each
    a seat and a verb, whether they came to anything or not. After an ignition stands one more
    reason for each who was to burn.

    `visits` are (who, where it landed), of all but what was blocked; `saves` (seat, item) of each
    ward and vest that stopped a kill; `doused` is the mask of who is doused from now on.
    """

    deaths: tuple[Death, ...]
    results: tuple[Result, ...]
    reasons: tuple[Reason, ...]
    spent: tuple[tuple[PlayerId, str], ...]
    visits: tuple[tuple[PlayerId, PlayerId], ...] = ()
    saves: tuple[tuple[PlayerId, ItemId], ...] = ()
    doused: Seats = 0


_action = interned(Action)
_death = interned(Death)
_result = interned(Result)
_reason = interned(Reason)


def resolve(
    cast: Sequence[Role | None],
    actions: Sequence[Action],
    gear: Gear = NO_GEAR,
    doused: Seats = 0,
) -> Resolution:
    """Resolve a night: `cast[seat]` is each seat's role (None: nobody sits there).

    `gear` is what items have set down, `doused` the mask of the living who are doused. That the
    actions are lawful (living actors, abilities not used up) is for the caller to see to.
    Raises ValueError for a verb that does not exist.
    """
    deeds = [
        Deed(act.actor, verb(act.verb), act.target, act.target, act.target2) for act in actions
    ]
    deeds.sort(key=rank)
    dawn = Dawn(cast, deeds, gear, doused)
    if gear is not NO_GEAR:
        _set_down(dawn)
    settle(dawn)
    return _report(dawn)


def _set_down(dawn: Dawn) -> None:
    """Let the items work that come before all roles."""
    dawn.shields = dawn.gear.shields()
    for deed in dawn.deeds:
        if dawn.gear.cuffed >> deed.actor & 1:
            deed.fail("cuffed")


def _report(dawn: Dawn) -> Resolution:
    reasons, results, spent, visits = [], [], [], []
    for deed in dawn.deeds:
        actor, row, role, outcome = deed.actor, deed.verb, dawn.cast[deed.actor], deed.outcome
        reasons.append(_reason(actor, row.name, deed.named, outcome, deed.by))
        if row.asks:
            results.append(_result(actor, row.name, deed.named, deed.word or "no_result"))
        if role is not None and row.name in role.limited:
            spent.append((actor, row.name))
        if row.visits and outcome in _CAME and deed.target != actor:
            visits.append((actor, deed.target))
    return Resolution(
        tuple([_death(seat, dawn.deaths[seat]) for seat in sorted(dawn.deaths)]),
        tuple(results),
        tuple(reasons),
        tuple(spent),
        tuple(visits),
        tuple([(shield.seat, shield.item) for shield in dawn.saves]),
        dawn.doused & ~dawn.gear.washed() if dawn.doused else 0,
    )


def visitors(resolution: Resolution, seat: PlayerId) -> tuple[PlayerId, ...]:
    """List, by seat, who visited a seat that night, each once; nobody visits themself."""
    return tuple(sorted({who for who, where in resolution.visits if where == seat}))


def methods_in_play(cast: Iterable[Role | None]) -> frozenset[str]:
    """Give the methods by which these roles kill, on their own account or for the mafia."""
    return frozenset(role.method for role in cast if role is not None and _kills(role))


def _kills(role: Role) -> bool:
    own = any(verb(ability.verb).place is Place.KILL for ability in role.abilities)
    return own or role.alignment == "mafia"


def faction_kill(picks: Sequence[tuple[PlayerId, PlayerId]]) -> Action | None:
    """Make one kill of a faction's picks, each an (actor, target), in the order of picking.

    The plurality of the members' last picks is carried out, in a tie the target picked first. It
    is performed by the member who first picked that target and still does. No pick, no kill.
    """
    if len(picks) == 1:
        return _action(picks[0][0], "faction_kill", picks[0][1], NOBODY)
    standing: dict[PlayerId, PlayerId] = {}
    for actor, target in picks:
        if standing.get(actor) != target:  # to repeat a pick does not make it a later one
            standing.pop(actor, None)
            standing[actor] = target
    if not standing:
        return None
    votes = list(standing.values())
    chosen = max(votes, key=votes.count)  # the first of those with most
    performer = list(standing)[votes.index(chosen)]
    return _action(performer, "faction_kill", chosen, NOBODY)
