"""The tally: what votes come to, where not all of them weigh the same.

A role may have more votes than one, and a vote that was stolen counts where the thief votes. A
majority is more than half of the weight of all who live.
"""

from collections.abc import Mapping, Sequence

from mafia_district.cast import Weights
from mafia_district.ids import NO_LYNCH, PlayerId, has
from mafia_district.roster import Roster
from mafia_district.rules import Rules


def majority(living: int) -> int:
    """Give the votes that hammer: more than half of the living.

    >>> majority(7), majority(8)
    (4, 5)
    """
    return living // 2 + 1


def weights(roster: Roster, stolen: Sequence[tuple[PlayerId, PlayerId]]) -> Weights:
    """List who has not one vote; a stolen one is the thief's, if both live."""
    if not stolen:
        return roster.cast.heavy
    held = dict(roster.cast.heavy)
    for victim, thief in stolen:
        loot = held.get(victim, 1) if has(roster.alive, victim) else 0
        held[victim] = 0
        if has(roster.alive, thief):
            held[thief] = held.get(thief, 1) + loot
    return tuple(held.items())


def leader(
    roster: Roster, votes: Mapping[PlayerId, PlayerId], held: Weights, *, ballot: bool
) -> PlayerId:
    """Give the unique top of some votes, or NO_LYNCH.

    As many votes for no lynch as for the leader save them, but not in a ballot, where they are
    abstentions.
    """
    counts = [0] * (roster.seats.bit_length() + 1)
    for target in votes.values():
        counts[target] += 1
    for seat, weight in held:
        if seat in votes:
            counts[votes[seat]] += weight - 1
    against = counts.pop()  # NO_LYNCH is the last
    top = max(counts)
    saved = against > top or (against == top and not ballot)
    return NO_LYNCH if saved or not top or counts.count(top) > 1 else counts.index(top)


def needed(rules: Rules, target: PlayerId, living: int) -> int:
    """Give the weight that closes the vote, of that of all who live."""
    half = target == NO_LYNCH and rules.no_lynch_needs == "half"
    return (living + 1) // 2 if half else majority(living)
