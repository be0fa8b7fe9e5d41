"""Substitution: a seat whose person has gone passes to somebody else, and the game goes on.

The host may offer a seat to a person who has none, who takes it by a command of their own, or seat
a bot there at once. Two kinds of seats are *vacant*:

* one whose person has walked out, until the phase ends and the seat dies;
* one that is *idle*: its person has given no sign in this cycle and in the two whole ones, day and
  night, before it. A sign is a vote, a ballot once it is shown, a word to the whole town, saying
  done or taking that back. Only what everybody can see counts: were a night action a sign as well,
  an offer that is not open would tell of one. Who is taken for idle and is not, says done: by any
  sign, the offer is void.

Whoever takes a seat has exactly what the seat has and knows, its role and its purse, what it chose
and what it voted. Only where its person has walked out, that is void already, and the substitute
begins on the Town Square. The host's own seat is handed over first. Who may take a seat, as an
account that has none, is for the servers to say: here is nobody but seats.
"""

from collections.abc import Mapping

import attrs

from mafia_district.chat import MessageSaid
from mafia_district.ids import BITS, EVERYONE, NOBODY, Day, PlayerId, Seats, has
from mafia_district.machine import Code, Command, Event, Events, Fact, Machine, Refused
from mafia_district.phases import PLAYED, DoneSet, PhaseBegan, require_phase
from mafia_district.roster import HostChanged, SeatPassed, require_host, require_name
from mafia_district.table import Table
from mafia_district.town import stepped_in
from mafia_district.voting import VoteCast, VoteClosed, VoteWithdrawn

_ALL: Seats = -1


@attrs.frozen
class OfferSeat(Command):
    """Offer a vacant seat to whoever takes it; the host's."""

    seat: PlayerId


@attrs.frozen
class SeatBot(Command):
    """Let a bot take a vacant seat; the host's."""

    seat: PlayerId


@attrs.frozen
class TakeOver(Command):
    """Sit down on a seat that is offered; nobody's command, for who sits down has no seat yet."""

    seat: PlayerId
    name: str


@attrs.frozen
class SeatOffered(Event):
    """A seat is open to a substitute."""

    seat: PlayerId


class Substitution:
    """Which seats are offered, who has given a sign, and how often each seat has passed.

    The signs are those of this cycle and of the two before it; before the first, all are present.
    """

    __slots__ = ("before", "day", "earlier", "offers", "passed", "present")

    def __init__(self, rules: object = None) -> None:
        self.offers: Seats = 0
        self.day: Day = 0
        self.present: Seats = _ALL
        self.before: Seats = _ALL
        self.earlier: Seats = _ALL
        self.passed: Mapping[PlayerId, int] = {}  # made anew by a change

    def fork(self) -> "Substitution":
        """Copy all of it; nothing that changes is shared."""
        copy = Substitution.__new__(Substitution)
        copy.offers, copy.day, copy.passed = self.offers, self.day, self.passed
        copy.present, copy.before, copy.earlier = self.present, self.before, self.earlier
        return copy


def vacant(table: Table, own: Substitution) -> Seats:
    """Give the seats that the host may let pass to another."""
    roster = table.roster
    if table.phases.phase not in PLAYED:
        return 0
    idle = ~(own.present | own.before | own.earlier)
    seats = roster.alive & roster.persons & (roster.gone | idle)
    return seats & ~BITS[roster.host] if roster.host >= 0 else seats


def offered(table: Table, own: Substitution) -> Seats:
    """Give the seats that a substitute may take now."""
    return own.offers & vacant(table, own) if own.offers else 0


def _offer_seat(table: Table, own: Substitution, command: OfferSeat) -> Events:
    _require_vacant(table, own, command)
    if has(own.offers, command.seat):
        raise Refused(Code.ALREADY_DONE, "that seat is offered already")
    return (SeatOffered(command.seat),)


def _seat_bot(table: Table, own: Substitution, command: SeatBot) -> Events:
    _require_vacant(table, own, command)
    return _pass(table, command.seat, f"Bot {command.seat + 1}", bot=True)


def _take_over(table: Table, own: Substitution, command: TakeOver) -> Events:
    if command.actor != NOBODY:
        raise Refused(Code.ALREADY_SEATED, "who sits down has no seat yet")
    require_phase(table.phases, *PLAYED)
    if not has(offered(table, own), command.seat):
        raise Refused(Code.BAD_TARGET, f"seat {command.seat} is not offered to anybody")
    require_name(command.name)
    host = (HostChanged(command.seat),) if table.roster.host == NOBODY else ()
    return *_pass(table, command.seat, command.name.strip(), bot=False), *host


def _pass(table: Table, seat: PlayerId, name: str, *, bot: bool) -> Events:
    left = has(table.roster.gone, seat)
    passed = SeatPassed(seat, name, bot, left)
    return (passed, stepped_in(table, seat)) if left and table.rules.town else (passed,)


def _require_vacant(table: Table, own: Substitution, command: OfferSeat | SeatBot) -> None:
    require_host(table.roster, command.actor)
    require_phase(table.phases, *PLAYED)
    if not has(vacant(table, own), command.seat):
        raise Refused(
            Code.BAD_TARGET,
            "a seat passes whose person has left, or has given no sign for two days and nights",
        )


def _seat_offered(table: Table, own: Substitution, event: SeatOffered) -> None:
    own.offers |= BITS[event.seat]


def _seat_passed(table: Table, own: Substitution, event: SeatPassed) -> None:
    own.offers &= ~BITS[event.seat]
    own.present |= BITS[event.seat]
    own.passed = {**own.passed, event.seat: own.passed.get(event.seat, 0) + 1}


def _seen(table: Table, own: Substitution, event: VoteCast | VoteWithdrawn | DoneSet) -> None:
    own.present |= BITS[event.seat]


def _shown(table: Table, own: Substitution, event: VoteClosed) -> None:
    for seat, _ in event.ballots:
        own.present |= BITS[seat]


def _heard(table: Table, own: Substitution, event: MessageSaid) -> None:
    if event.room == "town":
        own.present |= BITS[event.seat]


def _phase_began(table: Table, own: Substitution, event: PhaseBegan) -> None:
    if event.day != own.day:
        if own.offers:
            own.offers = offered(table, own)  # an offer that a sign made void stays void
        own.day, own.earlier, own.before, own.present = event.day, own.before, own.present, 0


MACHINE = Machine(
    name="substitution",
    begin=Substitution,
    commands={OfferSeat: _offer_seat, SeatBot: _seat_bot, TakeOver: _take_over},
    events={SeatOffered: Fact(EVERYONE, _seat_offered)},
    hears={
        SeatPassed: _seat_passed,
        VoteCast: _seen,
        VoteWithdrawn: _seen,
        VoteClosed: _shown,
        DoneSet: _seen,
        MessageSaid: _heard,
        PhaseBegan: _phase_began,
    },
)
