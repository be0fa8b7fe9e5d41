"""Choices: what a seat may do now, as far as the seat itself can know.

Every choice is a function of what the seat sees, so offering it tells nothing; what only a hidden
fact forbids is offered, accepted, and fails in the story. Nothing is listed until it is asked for:
targets are masks, and a command is built when it is chosen.
"""

from collections.abc import Iterator
from typing import Any, Final

from mafia_district import town_choices
from mafia_district.chat import Say, open_rooms
from mafia_district.clock import Done, Extend, Pause, Resume
from mafia_district.ids import NO_LYNCH, NOBODY, PlayerId, Seats, has, members
from mafia_district.lobby import (
    AddBots,
    Close,
    GiveSalt,
    HandOver,
    Kick,
    Leave,
    SetReady,
    Start,
)
from mafia_district.machine import Command
from mafia_district.night.collect import Act, Withdraw
from mafia_district.night.powers import abilities, seconds, targets
from mafia_district.outcome import End
from mafia_district.phases import LOBBY, NIGHT, PLAYED, STARTING
from mafia_district.sentence import restless
from mafia_district.state import State
from mafia_district.substitution import OfferSeat, SeatBot, offered, vacant
from mafia_district.voting import CastVote, Unvote, may_abstain, voting_for

SAMPLE_TEXT: Final = "hello"  # what `commands` says where anything could be said


class Choices:
    """A read-only window on what one seat may do; it shows the present.

    Spectators and the keeper have no choices here.
    """

    __slots__ = ("_state", "seat")

    def __init__(self, state: State, seat: PlayerId) -> None:
        self._state = state
        self.seat = seat

    @property
    def votes(self) -> Seats:
        """Mask of the seats that this seat may vote for."""
        return voting_for(self._state.table, self.seat) if self._polls and self._acts else 0

    @property
    def no_lynch(self) -> bool:
        """Whether this seat may vote for no lynch, or abstain."""
        return self._polls and self._acts and may_abstain(self._state.table, self.seat)

    @property
    def actions(self) -> dict[str, Seats]:
        """The actions open to this seat now, each with the mask of its targets."""
        table, night = self._state.table, self._state.night
        if not (self._awake if table.phases.phase is NIGHT else self._acts and self._daily):
            return {}
        open_to = {}
        for ability in abilities(table.roster, self.seat):
            if seats := targets(table, night, self.seat, ability):
                open_to[ability.verb] = seats
        return open_to

    def seconds(self, verb: str, target: PlayerId) -> Seats:
        """Mask of the seats that a night action may name beside a target; 0 if it names one."""
        return seconds(self._state.table, self.seat, verb, target)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The night actions that this seat has chosen and may take back."""
        choices = self._state.night.choices
        if not choices or not self._awake:
            return ()
        return tuple([verb for seat, verb in choices if seat == self.seat])

    @property
    def rooms(self) -> tuple[str, ...]:
        """The rooms in which this seat may speak."""
        return open_rooms(self._state.table, self.seat)

    @property
    def seats(self) -> Seats:
        """Mask of the seats that this seat, as host, may send away."""
        return self._state.table.roster.seats & ~(1 << self.seat) if self._hosts else 0

    @property
    def heirs(self) -> Seats:
        """Mask of the seats to which this seat, as host, may hand the table over."""
        roster = self._state.table.roster
        return self.seats & roster.persons & ~roster.gone

    @property
    def vacant(self) -> Seats:
        """Mask of the seats that this seat, as host, may let pass to a bot."""
        return vacant(self._state.table, self._state.substitution) if self._hosts else 0

    @property
    def to_offer(self) -> Seats:
        """Mask of the seats that this seat, as host, may offer to a substitute."""
        seats = self.vacant
        return seats & ~offered(self._state.table, self._state.substitution) if seats else 0

    def town(self, kind: type[Command]) -> dict[str, Any]:
        """Give what the fields of a command of the town may be; empty where it is not open."""
        return town_choices.options(self._state, self.seat, kind)

    def kinds(self) -> tuple[type[Command], ...]:
        """List the kinds of commands that are open, in the order of `COMMANDS`."""
        own = tuple(kind for kind, is_open in _OPEN.items() if is_open(self))
        if not self._state.table.rules.town:
            return own
        return own + tuple(kind for kind in town_choices.OPTIONS if self.town(kind))

    def commands(self) -> Iterator[Command]:
        """List every command that is open, with a sample where any text or number would do."""
        for kind in self.kinds():
            if kind in town_choices.OPTIONS:
                yield from town_choices.commands(self._state, self.seat, kind)
            else:
                yield from _EVERY[kind](self)

    @property
    def _polls(self) -> bool:
        """Whether the vote runs."""
        return self._state.table.phases.phase is self._state.voting.polls

    @property
    def _acts(self) -> bool:
        """Whether the seat lives, is here, and the clock runs."""
        table, seat = self._state.table, self.seat
        return seat >= 0 and bool(table.roster.here >> seat & 1) and table.phases.paused is None

    @property
    def _awake(self) -> bool:
        """Whether the seat may act at night: it lives, or is one of the dead who do not rest."""
        table = self._state.table
        if self._acts:
            return True
        return table.phases.paused is None and bool(restless(table, self.seat))

    @property
    def _daily(self) -> bool:
        return has(self._state.table.roster.cast.daily, self.seat)

    @property
    def _hosts(self) -> bool:
        return self.seat >= 0 and self._state.table.roster.host == self.seat

    @property
    def _sits(self) -> bool:
        return has(self._state.table.roster.seats, self.seat)

    def _phase(self, *phases: object) -> bool:
        return self._state.table.phases.phase in phases

    @property
    def _paused(self) -> bool:
        return self._state.table.phases.paused is not None

    @property
    def _may_start(self) -> bool:
        table = self._state.table
        seats, rules = table.roster.seats.bit_count(), table.rules
        waiting = table.roster.persons & ~self._state.lobby.ready & ~(1 << self.seat)
        named = rules.named_setup
        fits = named is None or named.seats == seats
        return not waiting and fits and rules.min_seats <= seats <= rules.max_seats

    @property
    def _may_leave(self) -> bool:
        if self._phase(*PLAYED):
            return has(self._state.table.roster.here, self.seat)
        return self._sits and self._phase(LOBBY, STARTING)

    @property
    def _free(self) -> bool:
        return self._state.table.roster.seats.bit_count() < self._state.table.rules.max_seats

    @property
    def _owes_salt(self) -> bool:
        lobby = self._state.lobby
        return self.seat in lobby.commitments and self.seat not in lobby.salts

    @property
    def _may_extend(self) -> bool:
        table = self._state.table
        return table.phases.extensions < table.rules.extensions


# Whether a kind of command is open to a seat, by kind.
_OPEN: Final[dict[type[Any], Any]] = {
    CastVote: lambda own: own.votes or own.no_lynch,
    Unvote: lambda own: own._polls and own._acts and own.seat in own._state.voting.votes,
    Act: lambda own: own.actions,
    Withdraw: lambda own: own._phase(NIGHT) and own.chosen,
    Done: lambda own: own._phase(*PLAYED) and own._acts,
    Say: lambda own: own.rooms,
    SetReady: lambda own: own._phase(LOBBY, STARTING) and own._sits,
    GiveSalt: lambda own: own._phase(STARTING) and own._owes_salt,
    Leave: lambda own: own._may_leave,
    Start: lambda own: own._phase(LOBBY) and own._hosts and own._may_start,
    AddBots: lambda own: own._phase(LOBBY) and own._hosts and own._free,
    Kick: lambda own: own._phase(LOBBY, STARTING) and own.seats,
    HandOver: lambda own: own.heirs,
    Pause: lambda own: own._hosts and own._phase(*PLAYED) and not own._paused,
    Resume: lambda own: own._hosts and own._paused,
    Extend: lambda own: own._hosts and own._phase(*PLAYED) and not own._paused and own._may_extend,
    End: lambda own: own._hosts and own._phase(*PLAYED),
    Close: lambda own: own._hosts and own._phase(LOBBY, STARTING),
    OfferSeat: lambda own: own.to_offer,
    SeatBot: lambda own: own.vacant,
}

COMMANDS: Final = (*_OPEN, *town_choices.OPTIONS)


def _every_vote(own: Choices) -> Iterator[Command]:
    for target in members(own.votes):
        yield CastVote(own.seat, target)
    if own.no_lynch:
        yield CastVote(own.seat, NO_LYNCH)


def _every_act(own: Choices) -> Iterator[Command]:
    for verb, seats in own.actions.items():
        for target in members(seats):
            for second in members(own.seconds(verb, target)) or (NOBODY,):
                yield Act(own.seat, verb, target, second)


# Every command of a kind that is open; a salt is the seat's own secret and cannot be listed.
_EVERY: Final[dict[type[Any], Any]] = {
    CastVote: _every_vote,
    Unvote: lambda own: [Unvote(own.seat)],
    Act: _every_act,
    Withdraw: lambda own: [Withdraw(own.seat, verb) for verb in own.chosen],
    Done: lambda own: [Done(own.seat, True), Done(own.seat, False)],
    Say: lambda own: [Say(own.seat, room, SAMPLE_TEXT) for room in own.rooms],
    SetReady: lambda own: [SetReady(own.seat, True), SetReady(own.seat, False)],
    GiveSalt: lambda own: [],
    Leave: lambda own: [Leave(own.seat)],
    Start: lambda own: [Start(own.seat)],
    AddBots: lambda own: [AddBots(own.seat, 1)],
    Kick: lambda own: [Kick(own.seat, seat) for seat in members(own.seats)],
    HandOver: lambda own: [HandOver(own.seat, seat) for seat in members(own.heirs)],
    Pause: lambda own: [Pause(own.seat)],
    Resume: lambda own: [Resume(own.seat)],
    Extend: lambda own: [Extend(own.seat, 60)],
    End: lambda own: [End(own.seat)],
    Close: lambda own: [Close(own.seat)],
    OfferSeat: lambda own: [OfferSeat(own.seat, seat) for seat in members(own.to_offer)],
    SeatBot: lambda own: [SeatBot(own.seat, seat) for seat in members(own.vacant)],
}
