"""Leaks, planted on purpose: each breaks the engine in a way that somebody might break it by hand.

A leak is a function of pytest's `monkeypatch`; it takes its place in `LEAKS` by its name, which
says what a player could have learnt by it.
"""

from collections.abc import Callable
from typing import Any, Final

import attrs
import pytest

from mafia_district import (
    chat,
    choices,
    course,
    game,
    items,
    rumors,
    sayings,
    shop,
    town,
    town_choices,
)
from mafia_district.chat import MessageSaid, WhisperHeard
from mafia_district.game import Game
from mafia_district.ids import (
    EVERYONE,
    Instant,
    PlaceId,
    PlayerId,
    Seats,
    Viewer,
    has,
    members,
)
from mafia_district.items import GiftRefused, GiveItem, ItemGiven
from mafia_district.machine import Code, Entry, Events, Refused, Sight
from mafia_district.night.collect import Act, ActionChosen, NightResolved
from mafia_district.night.collect import targets as lawful
from mafia_district.phases import STARTING, DoneSet
from mafia_district.roster import GameStarted, PlayerDied, RolesDealt
from mafia_district.rumors import RumorHeard
from mafia_district.shop import Buy, Priced, SoldOut, Ware
from mafia_district.state import DECIDES, FACTS, State
from mafia_district.table import Table
from mafia_district.tasks import ErrandDone
from mafia_district.town import DawnBroke, Move, Town, TraceFound
from mafia_district.view import View
from mafia_district.voting import VoteClosed
from mafia_district.voting import verdict as judge

Patch = pytest.MonkeyPatch
Leak = Callable[[Patch], None]

LEAKS: Final[dict[str, Leak]] = {}
TOWN_LEAKS: Final[dict[str, Leak]] = {}  # those that only a game in a town can have


def _leak(plant: Leak) -> Leak:
    LEAKS[plant.__name__] = plant
    return plant


def _in_town(plant: Leak) -> Leak:
    TOWN_LEAKS[plant.__name__] = plant
    return plant


def tell(patch: Patch, kind: type[Any], audience: Any) -> None:
    """Give a row of the table of audiences another audience."""
    asked = (None, audience) if callable(audience) else (audience, None)
    for rows in [rows for rows in game._ROWS.values() if kind in rows]:
        _, _, *rest = rows[kind]
        patch.setitem(rows, kind, (*asked, *rest))
    patch.setitem(FACTS, kind, attrs.evolve(FACTS[kind], audience=audience))


def _react(patch: Patch, kind: type[Any], react: Callable[[State, Any], Events]) -> None:
    for rows in [rows for rows in game._ROWS.values() if kind in rows]:
        *row, _ = rows[kind]
        patch.setitem(rows, kind, (*row, react))


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
    decide, place = DECIDES[False][Act]

    def refusing(table: Any, own: Any, command: Act) -> Events:
        events: Events = decide(table, own, command)
        if any(pick.target == command.target for pick in own.choices.values()):
            raise Refused(Code.BAD_TARGET, "somebody has been there before")
        return events

    patch.setitem(DECIDES[False], Act, (refusing, place))


@_leak
def a_refusal_names_what_is_hidden(patch: Patch) -> None:
    """Tell in the words of a refusal how many have acted."""
    decide, place = DECIDES[False][Act]

    def telling(table: Any, own: Any, command: Act) -> Events:
        try:
            events: Events = decide(table, own, command)
        except Refused as refusal:
            raise Refused(refusal.code, f"{len(own.choices)} have acted") from None
        return events

    patch.setitem(DECIDES[False], Act, (telling, place))


@_leak
def the_night_ends_when_all_powers_are_used(patch: Patch) -> None:
    """End the night as soon as everybody who can do something has chosen."""

    def end(own: State, event: ActionChosen) -> Events:
        roster = own.table.roster
        chosen = {seat for seat, _ in own.night.choices}
        waiting = set(members(roster.cast.nightly & roster.alive)) - chosen
        return () if waiting else course.CLOSINGS[own.table.phases.phase](own)

    _react(patch, ActionChosen, end)


@_leak
def only_those_with_a_power_are_waited_for(patch: Patch) -> None:
    """End a phase when those are done who can do something at night."""

    def end(own: State, event: DoneSet) -> Events:
        table = own.table
        waiting = table.roster.alive & table.roster.cast.nightly & ~table.phases.done
        return () if waiting or table.phases.paused else course.CLOSINGS[table.phases.phase](own)

    _react(patch, DoneSet, end)


@_leak
def a_phase_ends_when_somebody_notices(patch: Patch) -> None:
    """Date the end of a phase at the command that came too late."""

    def pass_time(own: Game, at: Instant) -> tuple[Entry, ...]:
        before, table = own.version, own.state.table
        if table.phases.deadline is not None and at >= table.phases.deadline:
            table.at = at
            own._record(course.CLOSINGS[own.phase](own.state), at, "")
        return tuple(own.log[before:])

    patch.setattr(Game, "pass_time", pass_time)


@_leak
def ballots_are_listed_as_they_were_cast(patch: Patch) -> None:
    """List the ballots after the close in the order of a dict."""

    def verdict(table: Table, voting: Any) -> VoteClosed:
        return VoteClosed(judge(table, voting).target, tuple(voting.votes.items()))

    patch.setattr(course, "verdict", verdict)


@_leak
def salts_are_listed_as_they_were_given(patch: Patch) -> None:
    """List the salts of the deal in the order of a dict."""
    deal = course.CLOSINGS[STARTING]

    def dealt(own: State) -> Events:
        started, roles = deal(own)
        assert isinstance(started, GameStarted)
        order = list(own.lobby.salts)
        salts = sorted(started.salts, key=lambda salt: order.index(salt[0]))
        return attrs.evolve(started, salts=tuple(salts)), roles

    patch.setitem(course.CLOSINGS, STARTING, dealt)


@_leak
def the_saved_are_named(patch: Patch) -> None:
    """Say at dawn who would have died."""
    dawn = course.REACTIONS[NightResolved]

    def telling(own: State, event: NightResolved) -> Events:
        saved = [reason.target for reason in event.reasons if reason.outcome == "protected"]
        return *[MessageSaid("lobby", seat, "was saved") for seat in saved], *dawn(own, event)

    _react(patch, NightResolved, telling)


@_leak
def a_death_tells_who_did_it(patch: Patch) -> None:
    """Name the killer in the cause of a death."""
    dawn = course.REACTIONS[NightResolved]

    def telling(own: State, event: NightResolved) -> Events:
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


def _decide(patch: Patch, kind: type[Any], change: Callable[..., Events]) -> None:
    """Let what a command comes to in a town be changed before it happens."""
    decide, place = DECIDES[True][kind]

    def changed(table: Table, own: Any, command: Any) -> Events:
        return change(table, own, command, decide(table, own, command))

    patch.setitem(DECIDES[True], kind, (changed, place))


@_in_town
def who_comes_is_asked_whence(patch: Patch) -> None:
    """Let those who are in a place hear where somebody has come from."""

    def telling(table: Table, own: Town, command: Move, events: Events) -> Events:
        origin = own.place(command.actor)
        return *events, MessageSaid("place", command.actor, origin, command.place)

    _decide(patch, Move, telling)


@_in_town
def what_lies_under_the_counter_is_counted(patch: Patch) -> None:
    """Show the stock of special goods in the price list."""

    def counted(table: Table, own: Any) -> tuple[Ware, ...]:
        goods = table.rules.catalogue.items
        return tuple(Ware(item.id, own.price(item), own.left(item)) for item in goods)

    patch.setattr(shop, "wares", counted)


@_in_town
def special_goods_are_refused_when_gone(patch: Patch) -> None:
    """Refuse to sell what is no longer under the counter, instead of taking the asking for it."""

    def refusing(table: Table, own: Any, command: Buy, events: Events) -> Events:
        if any(isinstance(event, SoldOut) for event in events):
            raise Refused(Code.SOLD_OUT, "there is none left")
        return events

    _decide(patch, Buy, refusing)


@_in_town
def a_sale_names_the_buyer(patch: Patch) -> None:
    """Tell the town who has bought goods whose stock everybody sees."""

    def telling(table: Table, own: Any, command: Buy, events: Events) -> Events:
        priced = any(isinstance(event, Priced) for event in events)
        return (*events, MessageSaid("lobby", command.actor, command.item)) if priced else events

    _decide(patch, Buy, telling)


@_in_town
def a_rumors_words_count_what_others_heard(patch: Patch) -> None:
    """Choose the words of a rumor by how many have been heard in the whole town."""
    first_told = rumors._first_told

    def told(table: Table, own: Any, *what: Any, **giver: PlayerId) -> Events:
        heard, recorded = first_told(table, own, *what, **giver)
        assert isinstance(heard, RumorHeard)
        rows, all_heard = table.rules.catalogue.rumors, sum(map(len, own.held.values()))
        return attrs.evolve(heard, template=rows[all_heard % len(rows)].id), recorded

    patch.setattr(rumors, "_first_told", told)


@_in_town
def a_rumor_speaks_of_roles_that_somebody_holds(patch: Patch) -> None:
    """Draw the role of a rumor, a blind one as well, from those of the living."""

    def held(table: Table, *, deadly: bool) -> list[str]:
        roles = [table.roster.role(seat) for seat in members(table.roster.alive)]
        return sorted({role.name for role in roles if role} - sayings.PLAIN)

    patch.setattr(sayings, "_roles_dealt", held)


@_in_town
def an_errand_is_done_before_all_eyes(patch: Patch) -> None:
    """Tell those in a place that somebody's errand is done."""
    tell(patch, ErrandDone, lambda table, event: table.town.here(event.seat))


@_in_town
def a_gift_is_seen_by_all_who_are_there(patch: Patch) -> None:
    """Tell those in a place who has given what to whom."""
    tell(patch, ItemGiven, lambda table, event: table.town.here(event.seat))


@_in_town
def a_whisper_is_overheard(patch: Patch) -> None:
    """Let those in a place hear what is whispered."""
    tell(patch, WhisperHeard, lambda table, event: table.town.here(event.seat))


@_in_town
def a_full_bag_refuses_the_giver(patch: Patch) -> None:
    """Refuse a gift to somebody whose bag is full."""

    def refusing(table: Table, own: Any, command: GiveItem, events: Events) -> Events:
        if any(isinstance(event, GiftRefused) for event in events):
            raise Refused(Code.BAG_FULL, "their bag is full")
        return events

    _decide(patch, GiveItem, refusing)


@_in_town
def only_those_with_room_are_offered_a_gift(patch: Patch) -> None:
    """Leave out of the choices whose bag is full."""
    beside = town_choices.beside

    def with_room(table: Table, seat: PlayerId) -> Seats:
        others = members(beside(table, seat))
        return sum(1 << other for other in others if items.has_room(table, other))

    patch.setattr(town_choices, "beside", with_room)


@_in_town
def a_trace_tells_who_could_have_seen_it_made(patch: Patch) -> None:
    """Say with a trace who had been in that place as well."""
    morning = course.REACTIONS[DawnBroke]

    def telling(own: State, event: DawnBroke) -> Events:
        walks, events = own.table.town.yesterday, morning(own, event)
        traces = [trace for trace in events if isinstance(trace, TraceFound)]
        return *events, *[
            MessageSaid("lobby", seat, "was there")
            for trace in traces
            for seat in sorted(walks)
            if trace.place in walks[seat]
        ]

    _react(patch, DawnBroke, telling)


@_in_town
def the_open_places_tell_when_somebody_acted(patch: Patch) -> None:
    """Offer the places that are open at the instant of whatever was done last by anybody."""
    open_at_all_hours = town.places_open

    def open_now(table: Table, seat: PlayerId) -> tuple[PlaceId, ...]:
        place = table.rules.catalogue.place
        names = open_at_all_hours(table, seat)
        return tuple(name for name in names if town._open_at(table, place(name)))

    patch.setattr(town_choices, "places_open", open_now)
