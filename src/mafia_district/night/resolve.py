"""The resolver: from the actions of a night to what dawn finds.

A pure, total function of the cast and the actions. It looks at no clock and draws no lot, and the
order in which the actions were handed in changes nothing: `order.py` says in which order they take
effect, `verbs.py` what each does. Every action ends with a reason.
"""

from collections.abc import Sequence

import attrs

from mafia_district.ids import NOBODY, PlayerId
from mafia_district.machine import interned
from mafia_district.night.order import rank, settle
from mafia_district.night.verbs import Dawn, Deed, Outcome, verb
from mafia_district.roles import Role


@attrs.frozen
class Action:
    """What one seat does tonight; a seat does each verb at most once."""

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
    a seat and a verb, whether they came to anything or not.
    """

    deaths: tuple[Death, ...]
    results: tuple[Result, ...]
    reasons: tuple[Reason, ...]
    spent: tuple[tuple[PlayerId, str], ...]


_action = interned(Action)
_death = interned(Death)
_result = interned(Result)
_reason = interned(Reason)


def resolve(cast: Sequence[Role | None], actions: Sequence[Action]) -> Resolution:
    """Resolve a night: `cast[seat]` is each seat's role (None: nobody sits there).

    That the actions are lawful (living actors, abilities not used up) is for the caller to see to.
    Raises ValueError for a verb that does not exist.
    """
    deeds = [
        Deed(act.actor, verb(act.verb), act.target, act.target, act.target2) for act in actions
    ]
    deeds.sort(key=rank)
    dawn = Dawn(cast, deeds)
    settle(dawn)
    return _report(dawn)


def _report(dawn: Dawn) -> Resolution:
    reasons, results, spent = [], [], []
    for deed in dawn.deeds:
        actor, name, role = deed.actor, deed.verb.name, dawn.cast[deed.actor]
        reasons.append(_reason(actor, name, deed.named, deed.outcome, deed.by))
        if deed.verb.asks:
            results.append(_result(actor, name, deed.named, deed.word or "no_result"))
        if role is not None and name in role.limited:
            spent.append((actor, name))
    deaths = [_death(seat, dawn.deaths[seat]) for seat in sorted(dawn.deaths)]
    return Resolution(tuple(deaths), tuple(results), tuple(reasons), tuple(spent))


def faction_kill(picks: Sequence[tuple[PlayerId, PlayerId]]) -> Action | None:
    """Make one kill of a faction's picks, each an (actor, target), in the order of picking.

    The plurality of the members' last picks is carried out, in a tie the target picked first. It
    is performed by the member who first picked that target and still does. No pick, no kill.
    """
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
