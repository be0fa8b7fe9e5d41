"""The vote: who is lynched today.

Four ways to vote, chosen by the rules. *Hammer*: votes are open and may be moved; as soon as one
target has a majority of the living, the vote is closed, and no later word counts. *Plurality*: the
same, but the vote stays open until the deadline. *Ballot*: votes are secret until the close, and
only the number of those who have voted is shown. *Trial*: as the hammer, but a majority only
accuses; after the defence all others judge by secret ballot, and the accused is lynched if more
weight says guilty than innocent. `sentence.py` tells what lies between a vote and a death.

The polls are open by day; where there is a town, in the evening, when dusk says that there is a
vote today.

"No lynch" is voted for like a player; in a ballot it is an abstention. At the deadline a unique
top is lynched, where the house has it so; a tie of any size lynches nobody, and abstentions that
outweigh the leader's votes save them. Repeating a vote adds nothing. Not all votes need weigh the
same: a role may have more than one, or may have stolen another's for a day.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

import attrs

from mafia_district.cast import weight
from mafia_district.ids import (
    BITS,
    EVERYONE,
    KEEPER_ONLY,
    MAX_SEATS,
    NO_LYNCH,
    NOBODY,
    PlayerId,
    Seats,
    has,
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
from mafia_district.night.collect import NightResolved
from mafia_district.phases import DAY, EVENING, JUDGEMENT, Phase, require_phase
from mafia_district.roster import PlayerLeft, require_living, require_target
from mafia_district.rules import Rules
from mafia_district.sentence import DiedByDay, TrialCalled
from mafia_district.table import Table
from mafia_district.tally import leader, needed, weights
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


@attrs.frozen
class VotesStolen(Event):
    """Whose votes count for whom in the day to come, as (victim, thief)."""

    pairs: tuple[tuple[PlayerId, PlayerId], ...]


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
    phase in which the vote runs, None for not today. `weighs` is whether a majority closes the vote
    that is not simply more than half of the heads. `stolen` lists (victim, thief) of the votes that
    count for another until the next night is over. `closing` are the votes with which the last vote
    was closed.
    """

    __slots__ = (
        "choosy", "closing", "count", "hammer", "polls", "secret", "stolen", "verdicts", "votes",
        "weighs",
    )  # fmt: skip

    def __init__(self, rules: Rules) -> None:
        self.verdicts: tuple[VoteClosed, ...] = ()
        self.votes: dict[PlayerId, PlayerId] = {}
        self.closing: Mapping[PlayerId, PlayerId] = {}
        self.stolen: tuple[tuple[PlayerId, PlayerId], ...] = ()
        self.count = 0
        self.polls: Phase | None = None if rules.town else DAY
        self.by_the_rules(rules)

    def by_the_rules(self, rules: Rules) -> None:
        """Let votes be cast as the rules say."""
        half = rules.vote == "hammer" and rules.no_lynch_needs == "half"
        self.weighs = rules.vote == "trial" or half
        self.hammer = rules.vote == "hammer" and not self.weighs
        self.secret = rules.vote == "ballot"
        self.choosy = rules.no_lynch_on_even or not rules.self_vote

    def fork(self) -> "Voting":
        """Copy the vote; nothing that changes is shared."""
        copy = Voting.__new__(Voting)
        copy.hammer, copy.secret, copy.choosy = self.hammer, self.secret, self.choosy
        copy.count, copy.verdicts, copy.polls = self.count, self.verdicts, self.polls
        copy.weighs, copy.stolen, copy.closing = self.weighs, self.stolen, self.closing
        copy.votes = self.votes.copy() if self.votes else {}
        return copy


def voting_for(table: Table, seat: PlayerId) -> Seats:
    """Give the seats that a seat may vote for today; in a judgement, a vote says *guilty*."""
    living, rules = table.roster.alive, table.rules
    if table.phases.phase is JUDGEMENT:
        return BITS[table.sentence.accused] & ~BITS[seat]
    if rules.no_lynch_on_even and living.bit_count() % 2 == 0:
        return 0
    return living if rules.self_vote else living & ~(1 << seat)


def may_abstain(table: Table, seat: PlayerId) -> bool:
    """Tell whether a seat may vote for no lynch; in a judgement that says *innocent*."""
    if table.phases.phase is JUDGEMENT:
        return seat != table.sentence.accused
    return table.rules.no_lynch


def voters(table: Table) -> Seats:
    """Give the seats that may vote now."""
    here = table.roster.here
    return here & ~BITS[table.sentence.accused] if table.phases.phase is JUDGEMENT else here


def verdict(table: Table, voting: Voting) -> VoteClosed:
    """Judge the vote as it stands at the deadline."""
    if table.rules.at_deadline == "nobody" and not voting.secret:
        return _CLOSED[NO_LYNCH]
    held = weights(table.roster, voting.stolen)
    if not voting.secret:
        return _CLOSED[leader(table.roster, voting.votes, held, ballot=False)]
    ballot, living = table.phases.phase is not JUDGEMENT, table.roster.alive
    votes = [(seat, aim) for seat, aim in voting.votes.items() if has(living, seat)]
    valid = {seat: aim for seat, aim in votes if aim == NO_LYNCH or has(living, aim)}
    top = leader(table.roster, valid, held, ballot=ballot)
    return VoteClosed(top, tuple(sorted(voting.votes.items())))


def _cast_vote(table: Table, voting: Voting, command: CastVote) -> Events:
    seat, target, roster = command.actor, command.target, table.roster
    if table.phases.phase is not voting.polls:
        _require_polls(table, voting)
    if seat < 0 or not roster.here >> seat & 1:
        require_living(roster, seat)
    if voting.choosy or target < 0 or not roster.alive >> target & 1:
        _require_target(table, seat, target)
    if voting.hammer:
        if roster.cast.heavy or voting.stolen:
            return _weigh(table, voting, seat, target)
        votes, half = voting.votes, roster.alive.bit_count() // 2
        # Fewer than half need not be counted: with one more vote they make no majority.
        if len(votes) >= half and _after(votes, seat, target) > half:
            return *_CAST[seat][target], _CLOSED[target]
    elif voting.secret:
        return _ballot(voting, seat, target)
    elif voting.weighs:
        return _weigh(table, voting, seat, target)
    return _CAST[seat][target]


def _weigh(table: Table, voting: Voting, seat: PlayerId, target: PlayerId) -> Events:
    """Cast a vote where the wagon must be weighed to see whether it closes the vote."""
    return *_CAST[seat][target], *called(table, voting, {**voting.votes, seat: target})


def called(table: Table, voting: Voting, votes: Mapping[PlayerId, PlayerId]) -> Events:
    """Close the vote, or call a trial, where a wagon has the weight for it.

    At most one wagon can have it, so it is asked for again whenever a weight has changed.
    """
    held = weights(table.roster, voting.stolen)
    living = weight(table.roster.alive, held)
    for target in dict.fromkeys(votes.values()) if voting.hammer or voting.weighs else ():
        wagon = sum(BITS[voter] for voter, aim in votes.items() if aim == target)
        if weight(wagon, held) >= needed(table.rules, target, living):
            return (_call(table, target),)
    return ()


def _call(table: Table, target: PlayerId) -> Event:
    if table.rules.vote != "trial" or target == NO_LYNCH:
        return _CLOSED[target]
    deadline = table.phases.deadline
    return TrialCalled(target, deadline - table.at if deadline is not None else 0)


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
    require_phase(table.phases, voting.polls or _home(table.rules))
    if voting.polls is None:
        raise Refused(Code.NO_VOTE_TODAY, "there is no vote on this day")


def _home(rules: Rules) -> Phase:
    return EVENING if rules.town else DAY


def _require_target(table: Table, seat: PlayerId, target: PlayerId) -> None:
    """Refuse a target that cannot be voted for today."""
    rules = table.rules
    if target == NO_LYNCH:
        if not may_abstain(table, seat):
            raise Refused(Code.BAD_TARGET, "you have no vote for no lynch")
        return
    require_target(table.roster, target)
    if table.phases.phase is JUDGEMENT and not has(voting_for(table, seat), target):
        raise Refused(Code.BAD_TARGET, "all but the accused judge the accused")
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
    voting.closing, voting.votes = voting.votes, {}
    voting.count = 0
    if voting.polls is JUDGEMENT:
        voting.polls = _home(table.rules)
        voting.by_the_rules(table.rules)


def _trial_called(table: Table, voting: Voting, event: TrialCalled) -> None:
    voting.polls = JUDGEMENT
    voting.votes = {}
    voting.secret = voting.choosy = True
    voting.hammer = voting.weighs = False


def _void(table: Table, voting: Voting, event: DiedByDay) -> None:
    """Forget the votes of the dead, and those for them.

    Ballots stay until they are counted: how many there are is public, and if that number fell, it
    would tell who has voted, and for whom.
    """
    if voting.secret:
        return
    dead = event.seats
    left = [(v, aim) for v, aim in voting.votes.items() if not (has(dead, v) or has(dead, aim))]
    voting.votes = dict(left)


def _votes_stolen(table: Table, voting: Voting, event: VotesStolen) -> None:
    voting.stolen = event.pairs


def _give_back(table: Table, voting: Voting, event: NightResolved) -> None:
    voting.stolen = ()


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
        VotesStolen: Fact(KEEPER_ONLY, _votes_stolen),
    },
    hears={
        PlayerLeft: _record_withdrawal,
        DuskFell: _dusk_fell,
        TrialCalled: _trial_called,
        DiedByDay: _void,
        NightResolved: _give_back,
    },
)
