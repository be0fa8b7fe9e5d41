"""The vote: who is lynched today.

Three ways to vote, chosen by the rules. *Hammer*: votes are open and may be moved; as soon as one
target has a majority of the living, the vote is closed, and no later word counts. *Plurality*: the
same, but the vote stays open until the deadline. *Ballot*: votes are secret until the close, and
only the number of those who have voted is shown.

The polls are open by day; where there is a town, in the evening, when dusk says that there is a
vote today.

"No lynch" is voted for like a player; in a ballot it is an abstention. At the deadline a unique
top is lynched; a tie of any size lynches nobody, and abstentions that outweigh the leader's votes
save them. Repeating a vote adds nothing.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

import attrs

from mafia_district.cast import weight
from mafia_district.ids import BITS, EVERYONE, MAX_SEATS, NO_LYNCH, NOBODY, PlayerId, Seats, has
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
from mafia_district.phases import DAY, EVENING, Phase, require_phase
from mafia_district.roster import PlayerLeft, Roster, require_living, require_target
from mafia_district.rules import Rules
from mafia_district.table import Table
from mafia_district.town import DuskFell

V = TypeVar("V")
Ballots = tuple[tuple[PlayerId, PlayerId], ...]


@attrs.frozen
class CastVote(Command):
    """Vote for a living player, or for NO_LYNCH; a second vote moves the first."""

    target: PlayerId


@attrs.frozen
class Unvote(Command):
    """Withdraw one's vote."""


@attrs.frozen
class VoteCast(Event):
    """An open vote."""

    seat: PlayerId
    target: PlayerId


@attrs.frozen
class VoteWithdrawn(Event):
    """An open vote was withdrawn."""

    seat: PlayerId


@attrs.frozen
class BallotCast(Event):
    """A secret vote, or with NOBODY as target its withdrawal; known to its voter."""

    seat: PlayerId
    target: PlayerId


@attrs.frozen
class BallotsCounted(Event):
    """How many have cast a ballot; all that is shown before the close."""

    count: int


@attrs.frozen
class VoteClosed(Event):
    """The verdict: a seat, or NO_LYNCH; with it the ballots as (voter, target), if secret."""

    target: PlayerId
    ballots: Ballots


def _by_seat(kind: Callable[[PlayerId, PlayerId], V]) -> tuple[tuple[V, ...], ...]:
    """Make what every vote comes to, by seat and by target; NO_LYNCH comes last, at -1."""
    targets = (*range(MAX_SEATS), NO_LYNCH)
    return tuple(tuple(kind(seat, target) for target in targets) for seat in range(MAX_SEATS))


# Nothing is done more often than voting, and to look a record up is cheaper than to make it.
VOTES: Final = _by_seat(CastVote)
_CAST: Final = _by_seat(lambda seat, target: (VoteCast(seat, target),))
_ballot_cast = interned(BallotCast)
_counted = interned(BallotsCounted, typed=False)
_CLOSED: Final = tuple(VoteClosed(target, ()) for target in (*range(MAX_SEATS), NO_LYNCH))


def cast_vote(seat: PlayerId, target: PlayerId) -> CastVote:
    """Make the command to vote; `VOTES[seat][target]` is the same for those who can vote."""
    return CastVote(seat, target)


class Voting:
    """The votes of today by voter, in the order of first votes; `count` is the public number.

    `choosy` is whether the rules keep anybody from voting for any of the living; `polls` is the
    phase in which the vote runs, None for not today.
    """

    __slots__ = ("choosy", "count", "hammer", "polls", "secret", "verdicts", "votes")

    def __init__(self, rules: Rules) -> None:
        self.hammer = rules.vote == "hammer"
        self.secret = rules.vote == "ballot"
        self.choosy = rules.no_lynch_on_even or not rules.self_vote
        self.polls: Phase | None = None if rules.town else DAY
        self.votes: dict[PlayerId, PlayerId] = {}
        self.count = 0
        self.verdicts: tuple[VoteClosed, ...] = ()

    def fork(self) -> "Voting":
        """Copy the vote; nothing that changes is shared."""
        copy = Voting.__new__(Voting)
        copy.hammer, copy.secret, copy.choosy = self.hammer, self.secret, self.choosy
        copy.count, copy.verdicts, copy.polls = self.count, self.verdicts, self.polls
        copy.votes = self.votes.copy()
        return copy


def majority(living: int) -> int:
    """Give the votes that hammer: more than half of the living.

    >>> majority(7), majority(8)
    (4, 5)
    """
    return living // 2 + 1


def voting_for(table: Table, seat: PlayerId) -> Seats:
    """Give the seats that a seat may vote for today."""
    living, rules = table.roster.alive, table.rules
    if rules.no_lynch_on_even and living.bit_count() % 2 == 0:
        return 0
    return living if rules.self_vote else living & ~(1 << seat)


def verdict(table: Table, voting: Voting) -> VoteClosed:
    """Judge the vote as it stands at the deadline."""
    leader = _leader(table.roster, voting)
    if voting.secret:
        return VoteClosed(leader, tuple(sorted(voting.votes.items())))
    return _CLOSED[leader]


def _leader(roster: Roster, voting: Voting) -> PlayerId:
    """Give the unique top of the vote, or NO_LYNCH."""
    counts = [0] * (roster.seats.bit_length() + 1)
    for target in voting.votes.values():
        counts[target] += 1
    for seat, votes in roster.heavy:
        if seat in voting.votes:
            counts[voting.votes[seat]] += votes - 1
    against = counts.pop()  # NO_LYNCH is the last
    top = max(counts)
    saved = against > top or (against == top and not voting.secret)
    return NO_LYNCH if saved or not top or counts.count(top) > 1 else counts.index(top)


def _cast_vote(table: Table, voting: Voting, command: CastVote) -> Events:
    seat, target, roster = command.actor, command.target, table.roster
    if table.phases.phase is not voting.polls:
        _require_polls(table, voting)
    if seat < 0 or not roster.here >> seat & 1:
        require_living(roster, seat)
    if voting.choosy or target < 0 or not roster.alive >> target & 1:
        _require_target(table, seat, target)
    if voting.hammer:
        if roster.heavy:
            return _weigh(roster, voting, seat, target)
        votes, half = voting.votes, roster.alive.bit_count() // 2
        # Fewer than half need not be counted: with one more vote they make no majority.
        if len(votes) >= half and _after(votes, seat, target) > half:
            return *_CAST[seat][target], _CLOSED[target]
    elif voting.secret:
        return _ballot(voting, seat, target)
    return _CAST[seat][target]


def _weigh(roster: Roster, voting: Voting, seat: PlayerId, target: PlayerId) -> Events:
    """Cast a vote where not all weigh the same; it hammers with more than half of the weight."""
    voters = [who for who, aim in voting.votes.items() if aim == target and who != seat]
    wagon = sum(BITS[who] for who in voters) | BITS[seat]
    if weight(wagon, roster.heavy) >= majority(weight(roster.alive, roster.heavy)):
        return *_CAST[seat][target], _CLOSED[target]
    return _CAST[seat][target]


def _after(votes: Mapping[PlayerId, PlayerId], seat: PlayerId, target: PlayerId) -> int:
    """Count the votes for a target once a seat has voted for it."""
    return [*votes.values()].count(target) + (votes.get(seat) != target)


def _ballot(voting: Voting, seat: PlayerId, target: PlayerId) -> Events:
    cast = _ballot_cast(seat, target)
    before = seat in voting.votes
    after = target != NOBODY
    if before == after:
        return (cast,)
    return cast, _counted(len(voting.votes) + after - before)


def _unvote(table: Table, voting: Voting, command: Unvote) -> Events:
    _require_polls(table, voting)
    require_living(table.roster, command.actor)
    if command.actor not in voting.votes:
        raise Refused(Code.NOTHING_TO_WITHDRAW, "you have not voted")
    if voting.secret:
        return _ballot(voting, command.actor, NOBODY)
    return (VoteWithdrawn(command.actor),)


def _require_polls(table: Table, voting: Voting) -> None:
    """Refuse a vote while there is none."""
    require_phase(table.phases, EVENING if table.rules.town else DAY)
    if voting.polls is None:
        raise Refused(Code.NO_VOTE_TODAY, "there is no vote on this day")


def _require_target(table: Table, seat: PlayerId, target: PlayerId) -> None:
    """Refuse a target that cannot be voted for today."""
    rules = table.rules
    if target == NO_LYNCH:
        if not rules.no_lynch:
            raise Refused(Code.BAD_TARGET, "these rules have no vote for no lynch")
        return
    require_target(table.roster, target)
    if target == seat and not rules.self_vote:
        raise Refused(Code.BAD_TARGET, "one does not vote for oneself by these rules")
    if not has(voting_for(table, seat), target):
        raise Refused(Code.BAD_TARGET, "with an even number living only no lynch is open")


def _record_vote(table: Table, voting: Voting, event: VoteCast) -> None:
    voting.votes[event.seat] = event.target


def _record_withdrawal(table: Table, voting: Voting, event: VoteWithdrawn | PlayerLeft) -> None:
    voting.votes.pop(event.seat, None)


def _record_ballot(table: Table, voting: Voting, event: BallotCast) -> None:
    if event.target == NOBODY:
        voting.votes.pop(event.seat, None)
    else:
        voting.votes[event.seat] = event.target


def _record_count(table: Table, voting: Voting, event: BallotsCounted) -> None:
    voting.count = event.count


def _dusk_fell(table: Table, voting: Voting, event: DuskFell) -> None:
    voting.polls = EVENING if event.vote else None


def _record_verdict(table: Table, voting: Voting, event: VoteClosed) -> None:
    voting.verdicts += (event,)
    voting.votes = {}
    voting.count = 0


MACHINE = Machine(
    name="voting",
    begin=Voting,
    commands={CastVote: _cast_vote, Unvote: _unvote},
    events={
        VoteCast: Fact(EVERYONE, _record_vote),
        VoteWithdrawn: Fact(EVERYONE, _record_withdrawal),
        BallotCast: Fact(to_seat, _record_ballot),
        BallotsCounted: Fact(EVERYONE, _record_count),
        VoteClosed: Fact(EVERYONE, _record_verdict),
    },
    hears={PlayerLeft: _record_withdrawal, DuskFell: _dusk_fell},
)
