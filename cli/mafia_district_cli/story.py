"""The story of a game: each event as a sentence for people.

The table below has a row for each type of event; those of a town are in `town_story.py`. What
people wrote is cleaned of everything that could steer a terminal.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from mafia_district import (
    chat,
    deal,
    keeper,
    lobby,
    outcome,
    phases,
    roster,
    sentence,
    substitution,
    voting,
)
from mafia_district.catalogue import BUILT_IN, Catalogue
from mafia_district.ids import NOBODY, Instant, PlayerId, members
from mafia_district.machine import Event
from mafia_district.night import collect
from mafia_district.night.explain import whys
from mafia_district.roles import Book
from mafia_district.setup import RoleCounts
from mafia_district_cli.town_story import (
    TOWN_SENTENCES,
    Names,
    listed,
    printable,
    with_article,
)


def tell(event: Event, names: Mapping[PlayerId, str], catalogue: Catalogue = BUILT_IN) -> str:
    """Tell an event in one line; seats without a name are told by their number."""
    return SENTENCES[type(event)](event, Names(names, catalogue))


def clock(at: Instant, begin: Instant) -> str:
    """Write an instant as hours, minutes and seconds since another.

    >>> clock(3_725_000, 0)
    '1:02:05'
    """
    minutes, seconds = divmod((at - begin) // 1_000, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def role_title(book: Book, role: str) -> str:
    """Write a role's name for people; alignments and unknown names stay as they are."""
    known = [(option, book.find(option)) for option in role.split("|")]
    return " or ".join(printable(found.title if found else option) for option, found in known)


def _words(name: str) -> str:
    """Write an identifier as words."""
    return name.replace("_", " ")


def _taken(event: roster.SeatTaken, name: Names) -> str:
    kind = "bot" if event.bot else "person"
    return f"{name(event.seat)}, a {kind}, takes seat {event.seat}."


def _dealt(event: roster.RolesDealt | roster.RolesShown | roster.MatesTold, name: Names) -> str:
    known = (
        f"{name(seat)} is {role_title(name.book, role)}"
        for seat, role in enumerate(event.roles)
        if role
    )
    return f"Roles: {listed(known)}."


def _died(event: roster.PlayerDied, name: Names) -> str:
    was = f" They were {with_article(role_title(name.book, event.shown))}." if event.shown else ""
    return f"{name(event.seat)} dies: {_words(event.cause)}.{was}"


def _began(event: phases.PhaseBegan, name: Names) -> str:
    played = event.phase in phases.PLAYED
    return f"-- {event.phase.value}{f' {event.day}' if played else ''} --"


def _started(event: roster.GameStarted, name: Names) -> str:
    return f"The roles are dealt: {_counted(event.roles, name.book)}."


def _drawn(event: deal.SetupDrawn | deal.SetupShown, name: Names) -> str:
    return f"The setup was drawn: {_counted(event.roles, name.book)}."


def _counted(roles: RoleCounts, book: Book) -> str:
    return listed(f"{count} {role_title(book, role)}" for role, count in roles)


def _closed(event: voting.VoteClosed, name: Names) -> str:
    ballots = (f"{name(voter)} for {name(target)}" for voter, target in event.ballots)
    shown = f" Ballots: {listed(ballots)}." if event.ballots else ""
    return f"The vote is closed: {name(event.target)}.{shown}"


def _resolved(event: collect.NightResolved, name: Names) -> str:
    dead = listed(name(seat) for seat, _ in event.deaths)
    told = " ".join(whys(event.reasons, name))
    return f"Night {event.night} is resolved, killed: {dead}. {told}".rstrip()


def _learnt(event: collect.ResultLearned, name: Names) -> str:
    return listed(map(name, event.seen)) if event.result == "seen" else _words(event.result)


def _shown(event: collect.NightsShown, name: Names) -> str:
    return " ".join(_resolved(night, name) for night in event.nights) or "There was no night."


def _paired(event: roster.LoversPaired, name: Names) -> str:
    pairs = (" and ".join(map(name, members(pair))) for pair in event.pairs)
    return f"In love: {listed(pairs)}."


def _ended(event: outcome.GameEnded, name: Names) -> str:
    winners = [*event.winners, *(name(seat) for seat in event.seats)]
    return f"The game is over: {event.reason}. Winners: {listed(winners)}."


SENTENCES: Final[Mapping[type[Event], Callable[[Any, Names], str]]] = MappingProxyType(
    {
        lobby.LobbyOpened: lambda e, n: f"A {'public' if e.public else 'private'} lobby opens.",
        lobby.CodeTold: lambda e, n: f"The code of the lobby is {e.code}.",
        lobby.ReadySet: lambda e, n: f"{n(e.seat)} is {'' if e.ready else 'not '}ready.",
        lobby.SaltGiven: lambda e, n: f"{n(e.seat)} reveals a salt for the deal.",
        roster.GameStarted: _started,
        deal.SetupDrawn: _drawn,
        deal.SetupShown: _drawn,
        lobby.LobbyClosed: lambda e, n: f"The lobby is closed: {e.reason}.",
        roster.SeatTaken: _taken,
        roster.SeatLeft: lambda e, n: f"{n(e.seat)} {'is sent away' if e.kicked else 'gets up'}.",
        roster.HostChanged: lambda e, n: f"{n(e.seat)} is the host now.",
        roster.SeatPassed: lambda e, n: f"{printable(e.name)} takes over seat {e.seat}.",
        substitution.SeatOffered: lambda e, n: f"The seat of {n(e.seat)} is open to a substitute.",
        keeper.DeskOpened: lambda e, n: "Somebody who does not play sees everything from now on.",
        keeper.LookedIn: lambda e, n: f"The keeper looks at the {e.what}.",
        keeper.LooksShown: lambda e, n: f"From the keeper's desk there were {len(e.looks)} looks.",
        roster.RolesDealt: _dealt,
        roster.PlayerDied: _died,
        roster.PlayerLeft: lambda e, n: f"{n(e.seat)} leaves the game.",
        roster.RolesShown: _dealt,
        roster.RoleTurned: lambda e, n: (
            f"{n(e.seat)} is {with_article(role_title(n.book, e.role))} now."
        ),
        roster.MatesTold: _dealt,
        roster.RoleRevealed: lambda e, n: (
            f"{n(e.seat)} is shown to be {with_article(role_title(n.book, e.role))}."
        ),
        roster.LoversPaired: _paired,
        phases.PhaseBegan: _began,
        phases.DoneSet: lambda e, n: f"{n(e.seat)} is {'' if e.done else 'not '}done.",
        phases.ClockPaused: lambda e, n: f"The clock stops with {e.left / 1_000:.0f} s left.",
        phases.DeadlineMoved: lambda e, n: f"The phase has another deadline: {e.why}.",
        voting.VoteCast: lambda e, n: f"{n(e.seat)} votes for {n(e.target)}.",
        voting.VoteWithdrawn: lambda e, n: f"{n(e.seat)} withdraws the vote.",
        voting.BallotCast: lambda e, n: (
            f"{n(e.seat)} takes the ballot back."
            if e.target == NOBODY
            else f"{n(e.seat)} casts a ballot for {n(e.target)}."
        ),
        voting.BallotsCounted: lambda e, n: (
            f"{e.count} {'has' if e.count == 1 else 'have'} cast a ballot."
        ),
        voting.VoteClosed: _closed,
        voting.VotesStolen: lambda e, n: listed(
            f"{n(thief)} has the vote of {n(victim)}." for victim, thief in e.pairs
        ),
        sentence.TrialCalled: lambda e, n: f"{n(e.seat)} stands accused.",
        sentence.Condemned: lambda e, n: f"{n(e.seat)} is to die, if nobody has a say in it.",
        sentence.Pardoned: lambda e, n: f"{n(e.seat)} is pardoned.",
        sentence.LastShot: lambda e, n: f"{n(e.seat)} takes {n(e.target)} along.",
        sentence.GraveOpened: lambda e, n: f"{n(e.seat)} will not rest tonight.",
        sentence.DiedByDay: lambda e, n: (
            f"The votes of and for {listed(map(n, members(e.seats)))} are void."
        ),
        collect.ActionChosen: lambda e, n: (
            f"{n(e.seat)} chooses {_words(e.action)} on {n(e.target)}."
        ),
        collect.ActionWithdrawn: lambda e, n: f"{n(e.seat)} takes {_words(e.action)} back.",
        collect.PowerUsed: lambda e, n: f"{n(e.seat)} uses {_words(e.action)} on {n(e.target)}.",
        collect.NightResolved: _resolved,
        collect.ResultLearned: lambda e, n: (
            f"{n(e.seat)} learns of {n(e.target)}: {_learnt(e, n)}."
        ),
        collect.NightsShown: _shown,
        chat.MessageSaid: lambda e, n: f"[{e.room}] {n(e.seat)}: {printable(e.text)}",
        chat.WhisperHeard: lambda e, n: f"{n(e.seat)} whispers to {n(e.to)}: {printable(e.text)}",
        outcome.GoalSet: lambda e, n: f"{n(e.seat)} wants {n(e.target)} lynched.",
        outcome.WonAlone: lambda e, n: f"{n(e.seat)} has won alone.",
        outcome.GameEnded: _ended,
        outcome.SeedShown: lambda e, n: f"The seed was {e.seed}.",
        **TOWN_SENTENCES,
    }
)
