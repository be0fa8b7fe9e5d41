"""Leaks, planted on purpose: each breaks the engine in a way that somebody might break it by hand.

A leak is a function of pytest's `monkeypatch`; it takes its place in `LEAKS` by its name, which
says what a player could have learnt by it.
"""

from collections.abc import Callable
from typing import Any, Final

import attrs
import pytest

from mafia_district import chat, choices, game
from mafia_district.chat import MessageSaid
from mafia_district.game import Game
from mafia_district.ids import EVERYONE, Instant, PlayerId, Seats, Viewer, has, members
from mafia_district.machine import Code, Entry, Events, Refused, Sight
from mafia_district.night.collect import Act, ActionChosen, NightResolved
from mafia_district.night.collect import targets as lawful
from mafia_district.phases import STARTING, DoneSet
from mafia_district.roster import GameStarted, PlayerDied, RolesDealt
from mafia_district.state import DECIDES, FACTS
from mafia_district.table import Table
from mafia_district.view import View
from mafia_district.voting import VoteClosed
from mafia_district.voting import verdict as judge

Patch = pytest.MonkeyPatch
Leak = Callable[[Patch], None]

LEAKS: Final[dict[str, Leak]] = {}


def _leak(plant: Leak) -> Leak:
    LEAKS[plant.__name__] = plant
    return plant


def tell(patch: Patch, kind: type[Any], audience: Any) -> None:
    """Give a row of the table of audiences another audience."""
    _, _, *rest = game._ROWS[kind]
    asked = (None, audience) if callable(audience) else (audience, None)
    patch.setitem(game._ROWS, kind, (*asked, *rest))
    patch.setitem(FACTS, kind, attrs.evolve(FACTS[kind], audience=audience))


def _react(patch: Patch, kind: type[Any], react: Callable[[Game, Any], Events]) -> None:
    *row, _ = game._ROWS[kind]
    patch.setitem(game._ROWS, kind, (*row, react))


@_leak
def frames_bear_the_games_own_numbers(patch: Patch) -> None:
    """Give each sight the version of its entry as its number, so that the gaps tell."""
    entries = Game.entries

    def numbered(own: Game, viewer: Viewer, after: int = 0) -> tuple[Sight, ...]:
        theirs = [e for e in own.log if e.audience == EVERYONE or has(e.audience, viewer)]
        return tuple(
            sight._replace(cursor=entry.version)
            for sight, entry in zip(entries(own, viewer, after), theirs[after:], strict=False)
        )

    patch.setattr(Game, "entries", numbered)


@_leak
def the_cursor_counts_what_is_hidden(patch: Patch) -> None:
    """Count all entries in a viewer's cursor."""
    patch.setattr(Game, "cursor", lambda own, viewer: len(own.log))


@_leak
def a_refusal_depends_on_what_others_chose(patch: Patch) -> None:
    """Refuse to name somebody at night whom another has named already."""
    decide, place = DECIDES[Act]

    def refusing(table: Any, own: Any, command: Act) -> Events:
        events: Events = decide(table, own, command)
        if any(pick.target == command.target for pick in own.choices.values()):
            raise Refused(Code.BAD_TARGET, "somebody has been there before")
        return events

    patch.setitem(DECIDES, Act, (refusing, place))


@_leak
def a_refusal_names_what_is_hidden(patch: Patch) -> None:
    """Tell in the words of a refusal how many have acted."""
    decide, place = DECIDES[Act]

    def telling(table: Any, own: Any, command: Act) -> Events:
        try:
            events: Events = decide(table, own, command)
        except Refused as refusal:
            raise Refused(refusal.code, f"{len(own.choices)} have acted") from None
        return events

    patch.setitem(DECIDES, Act, (telling, place))


@_leak
def the_night_ends_when_all_powers_are_used(patch: Patch) -> None:
    """End the night as soon as everybody who can do something has chosen."""

    def end(own: Game, event: ActionChosen) -> Events:
        roster = own.state.table.roster
        chosen = {seat for seat, _ in own.state.night.choices}
        waiting = set(members(roster.nightly & roster.alive)) - chosen
        return () if waiting else game.CLOSINGS[own.phase](own)

    _react(patch, ActionChosen, end)


@_leak
def only_those_with_a_power_are_waited_for(patch: Patch) -> None:
    """End a phase when those are done who can do something at night."""

    def end(own: Game, event: DoneSet) -> Events:
        table = own.state.table
        waiting = table.roster.alive & table.roster.nightly & ~table.phases.done
        return () if waiting or table.phases.paused else game.CLOSINGS[own.phase](own)

    _react(patch, DoneSet, end)


@_leak
def a_phase_ends_when_somebody_notices(patch: Patch) -> None:
    """Date the end of a phase at the command that came too late."""

    def pass_time(own: Game, at: Instant) -> tuple[Entry, ...]:
        before, table = own.version, own.state.table
        if table.phases.deadline is not None and at >= table.phases.deadline:
            table.at = at
            own._record(game.CLOSINGS[own.phase](own), at, "")
        return tuple(own.log[before:])

    patch.setattr(Game, "pass_time", pass_time)


@_leak
def ballots_are_listed_as_they_were_cast(patch: Patch) -> None:
    """List the ballots after the close in the order of a dict."""

    def verdict(table: Table, voting: Any) -> VoteClosed:
        return VoteClosed(judge(table, voting).target, tuple(voting.votes.items()))

    patch.setattr(game, "verdict", verdict)


@_leak
def salts_are_listed_as_they_were_given(patch: Patch) -> None:
    """List the salts of the deal in the order of a dict."""
    deal = game.CLOSINGS[STARTING]

    def dealt(own: Game) -> Events:
        started, roles = deal(own)
        assert isinstance(started, GameStarted)
        order = list(own.state.lobby.salts)
        salts = sorted(started.salts, key=lambda salt: order.index(salt[0]))
        return attrs.evolve(started, salts=tuple(salts)), roles

    patch.setitem(game.CLOSINGS, STARTING, dealt)


@_leak
def the_saved_are_named(patch: Patch) -> None:
    """Say at dawn who would have died."""
    dawn = game.REACTIONS[NightResolved]

    def telling(own: Game, event: NightResolved) -> Events:
        saved = [reason.target for reason in event.reasons if reason.outcome == "protected"]
        return *[MessageSaid("lobby", seat, "was saved") for seat in saved], *dawn(own, event)

    _react(patch, NightResolved, telling)


@_leak
def a_death_tells_who_did_it(patch: Patch) -> None:
    """Name the killer in the cause of a death."""
    dawn = game.REACTIONS[NightResolved]

    def telling(own: Game, event: NightResolved) -> Events:
        killers = {reason.target: reason.actor for reason in event.reasons}
        return tuple(
            attrs.evolve(told, cause=f"{told.cause} by {killers.get(told.seat)}")
            if isinstance(told, PlayerDied)
            else told
            for told in dawn(own, event)
        )

    _react(patch, NightResolved, telling)


@_leak
def the_talk_of_others_takes_my_breath(patch: Patch) -> None:
    """Count the messages of all rooms and seats against everybody."""

    def patience(table: Any, own: chat.Chat, seat: PlayerId) -> None:
        since, limit = table.at - table.rules.message_window_ms, table.rules.messages
        if sum(said > since for times in own.lately.values() for said in times) >= limit:
            raise Refused(Code.RATE_LIMITED, "too many messages: wait a few seconds")

    patch.setattr(chat, "_require_patience", patience)


@_leak
def every_role_is_dealt_to_all(patch: Patch) -> None:
    """Send the whole deal instead of each seat's part."""
    patch.setitem(FACTS, RolesDealt, attrs.evolve(FACTS[RolesDealt], form=None))


@_leak
def the_view_shows_all_picks(patch: Patch) -> None:
    """Show in the view what everybody has chosen tonight."""
    patch.setattr(View, "_knows", lambda own, choice: True)


@_leak
def the_view_shows_the_dead_as_they_were(patch: Patch) -> None:
    """Show the roles of the dead, whatever the rules say of them."""
    known = View.role_of

    def role_of(own: View, seat: PlayerId) -> str:
        roster = own._state.table.roster
        role = roster.role(seat)
        return role.name if role and has(roster.dead, seat) else known(own, seat)

    patch.setattr(View, "role_of", role_of)


@_leak
def the_choices_leave_out_the_guarded(patch: Patch) -> None:
    """Offer as targets only those whom nobody guards."""

    def targets(table: Any, own: Any, seat: PlayerId, ability: Any) -> Seats:
        guarded: set[PlayerId] = {
            pick.target for pick in own.choices.values() if pick.action == "protect"
        }
        open_to: Seats = lawful(table, own, seat, ability)
        return open_to & ~sum(1 << target for target in guarded)

    patch.setattr(choices, "targets", targets)
