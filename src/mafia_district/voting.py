"""The vote: who is lynched today.

Three ways to vote, chosen by the rules. *Hammer*: votes are open and may be moved; as soon as one
target has a majority of the living, the vote is closed, and no later word counts. *Plurality*: the
same, but the vote stays open until the deadline. *Ballot*: votes are secret until the close, and
only the number of those who have voted is shown.

"No lynch" is voted for like a player; in a ballot it is an abstention. At the deadline a unique
top is lynched; a tie of any size lynches nobody, and abstentions that outweigh the leader's votes
save them. Repeating a vote adds nothing. The count per target is kept with each vote, since a vote
is the most frequent command of all.
"""

import attrs

from mafia_district.ids import EVERYONE, NO_LYNCH, NOBODY, PlayerId, Seats
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
from mafia_district.phases import DAY, PhaseBegan, require_phase
from mafia_district.roster import PlayerLeft, require_living, require_target
from mafia_district.rules import Rules
from mafia_district.table import Table

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


cast_vote = interned(CastVote)
_vote_cast = interned(VoteCast)
_vote_closed = interned(VoteClosed)


class Voting:
    """The votes of today by voter, and their count by target; `count` is the public number."""

    __slots__ = ("count", "hammer", "secret", "tally", "verdicts", "votes")

    def __init__(self, rules: Rules) -> None:
        self.hammer = rules.vote == "hammer"
        self.secret = rules.vote == "ballot"
        self.votes: dict[PlayerId, PlayerId] = {}
        self.tally: dict[PlayerId, int] = {}
        self.count = 0
        self.verdicts: list[VoteClosed] = []

    def fork(self) -> "Voting":
        """Copy the vote; nothing that changes is shared."""
        copy = Voting.__new__(Voting)
        copy.hammer, copy.secret, copy.count = self.hammer, self.secret, self.count
        copy.votes = self.votes.copy()
        copy.tally = self.tally.copy()
        copy.verdicts = self.verdicts.copy()
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


def verdict(voting: Voting) -> VoteClosed:
    """Judge the vote as it stands at the deadline."""
    ballots = tuple(sorted(voting.votes.items())) if voting.secret else ()
    return VoteClosed(_leader(voting.tally, secret=voting.secret), ballots)


def _leader(tally: dict[PlayerId, int], *, secret: bool) -> PlayerId:
    """Give the unique top of the vote, or NO_LYNCH."""
    top, leader, tied = 0, NO_LYNCH, False
    for target, count in tally.items():
        if target != NO_LYNCH and count >= top:
            leader, tied, top = target, count == top, count
    against = tally.get(NO_LYNCH, 0)
    saved = against > top or (against == top and not secret)
    return NO_LYNCH if tied or saved or not top else leader


def _cast_vote(table: Table, voting: Voting, command: CastVote) -> Events:
    seat, target, roster = command.actor, command.target, table.roster
    if table.phases.phase is not DAY:
        require_phase(table.phases, DAY)
    if seat < 0 or not (roster.alive & ~roster.gone) >> seat & 1:
        require_living(roster, seat)
    if target < 0 or not voting_for(table, seat) >> target & 1:
        _require_target(table, seat, target)
    if voting.secret:
        return _ballot(voting, seat, target)
    if voting.hammer:
        votes = voting.tally.get(target, 0) + (voting.votes.get(seat, NOBODY) != target)
        if votes >= majority(roster.alive.bit_count()):
            return _vote_cast(seat, target), _vote_closed(target, ())
    return (_vote_cast(seat, target),)


def _ballot(voting: Voting, seat: PlayerId, target: PlayerId) -> Events:
    cast = BallotCast(seat, target)
    before = seat in voting.votes
    after = target != NOBODY
    if before == after:
        return (cast,)
    return cast, BallotsCounted(len(voting.votes) + after - before)


def _unvote(table: Table, voting: Voting, command: Unvote) -> Events:
    require_phase(table.phases, DAY)
    require_living(table.roster, command.actor)
    if command.actor not in voting.votes:
        raise Refused(Code.NOTHING_TO_WITHDRAW, "you have not voted")
    if voting.secret:
        return _ballot(voting, command.actor, NOBODY)
    return (VoteWithdrawn(command.actor),)


def _require_target(table: Table, seat: PlayerId, target: PlayerId) -> None:
    """Refuse a target that cannot be voted for, and say why; no lynch may be one that can."""
    if target == NO_LYNCH and table.rules.no_lynch:
        return
    if target == NO_LYNCH:
        raise Refused(Code.BAD_TARGET, "these rules have no vote for no lynch")
    require_target(table.roster, target)
    if target == seat and not table.rules.self_vote:
        raise Refused(Code.BAD_TARGET, "one does not vote for oneself by these rules")
    raise Refused(Code.BAD_TARGET, "with an even number living only no lynch is open")


def _record_vote(table: Table, voting: Voting, event: VoteCast) -> None:
    seat, target, votes, tally = event.seat, event.target, voting.votes, voting.tally
    if seat in votes:
        tally[votes[seat]] -= 1
    votes[seat] = target
    tally[target] = tally.get(target, 0) + 1


def _record_withdrawal(table: Table, voting: Voting, event: VoteWithdrawn | PlayerLeft) -> None:
    old = voting.votes.pop(event.seat, NOBODY)
    if old != NOBODY:
        voting.tally[old] -= 1


def _record_ballot(table: Table, voting: Voting, event: BallotCast) -> None:
    if event.target == NOBODY:
        _record_withdrawal(table, voting, VoteWithdrawn(event.seat))
    else:
        _record_vote(table, voting, VoteCast(event.seat, event.target))


def _record_count(table: Table, voting: Voting, event: BallotsCounted) -> None:
    voting.count = event.count


def _record_verdict(table: Table, voting: Voting, event: VoteClosed) -> None:
    voting.verdicts.append(event)


def _new_phase(table: Table, voting: Voting, event: PhaseBegan) -> None:
    if voting.votes:
        voting.votes = {}
        voting.tally = {}
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
    hears={PhaseBegan: _new_phase, PlayerLeft: _record_withdrawal},
)
