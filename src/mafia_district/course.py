"""The course of a game: what ends a phase, and what one event brings about in the others.

These are the only functions that know all machines. Two tables at the end say it at a glance: what
closes each phase, and which event has which effect. They only make events; what those change is
told by the machines themselves. Victory is judged when a phase closes, never on a death.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from mafia_district import purse, rumors, shop, tasks
from mafia_district.chance import commitment
from mafia_district.deal import dealt
from mafia_district.ids import Day, PlayerId, has, members
from mafia_district.items import ItemUsed
from mafia_district.lobby import salts
from mafia_district.looks import dressed
from mafia_district.machine import Event, Events
from mafia_district.night.chains import GRIEF
from mafia_district.night.collect import (
    NightResolved,
    NightsShown,
    armed,
)
from mafia_district.night.daybreak import resolve_night
from mafia_district.outcome import (
    GameEnded,
    SeedShown,
    WonAlone,
    game_ended,
    judge,
    stalemate,
    survivors,
    won_by_lynch,
)
from mafia_district.phases import (
    DAY,
    ENDED,
    EVENING,
    NIGHT,
    PLAYED,
    STARTING,
    AlarmSet,
    DeadlineMoved,
    DoneSet,
    Phase,
    phase_began,
)
from mafia_district.purse import AT_START, CoinsMoved
from mafia_district.roster import (
    LEFT_TOWN,
    LYNCHED,
    GameStarted,
    PlayerDied,
    PlayerLeft,
    RolesDealt,
    Roster,
    death,
    roles_dealt,
    roles_shown,
)
from mafia_district.rules import Rules
from mafia_district.state import State
from mafia_district.tasks import ErrandPaid
from mafia_district.town import SQUARE, DawnBroke, DuskFell, TraceFound, Walked, careers
from mafia_district.voting import BallotsCounted, VoteClosed, verdict


def _deal(state: State) -> Events:
    """End the countdown: deal the roles, fair to all who added a salt."""
    lobby, table = state.lobby, state.table
    seed = _seed(state)
    seats = members(table.roster.seats)
    setup = table.rules.setup(len(seats))
    given = salts(lobby) if lobby.salts else ()
    started = GameStarted(commitment(seed), setup.roles, given)
    return started, roles_dealt(dealt(seed, seats, given, setup))


def _seed(state: State) -> bytes:
    seed = state.table.seed
    assert seed is not None, "a game without its seed cannot be played on"
    return seed


def _close_day(state: State) -> Events:
    """Close the vote as it stands; in a town, shut the Shop and let the evening come."""
    if state.table.rules.town:
        return shop.close_shop(state.shop) + _close(state, (), EVENING)
    return (verdict(state.table, state.voting),)


def _close_evening(state: State) -> Events:
    """Close the vote as it stands, or without one go home."""
    if state.voting.polls is None:
        return _close(state, (), _after_vote(state))
    return (verdict(state.table, state.voting),)


def _close_night(state: State) -> Events:
    """Resolve what was chosen in the dark."""
    return resolve_night(state.table, state.night)


def _open_first_phase(state: State, event: RolesDealt) -> Events:
    """Judge the game as it was dealt, and begin the first phase."""
    phase = NIGHT if state.table.rules.first_phase == "night" else DAY
    settled = _settle(state) if state.table.rules.town else ()
    return settled + _close(state, (), phase)


def _settle(state: State) -> Events:
    """Give everybody a career, a look and some coins; none of it looks at the roles."""
    table = state.table
    coins = table.rules.start_coins
    seats = members(table.roster.seats)
    purses = tuple([CoinsMoved(seat, coins, AT_START) for seat in seats])
    return careers(table), *dressed(table), *purses


def _lynch(state: State, event: VoteClosed) -> Events:
    """Let die whom the vote condemned, judge the game and go on."""
    table, seat = state.table, event.target
    next_phase = _after_vote(state)
    if seat < 0:
        return _close(state, (), next_phase)
    roster = table.roster
    if roster.touchy >> seat & 1:
        return _close(state, _lynched(roster, seat), next_phase)
    alone = won_by_lynch(table, seat) if roster.neutral else ()
    return alone + _close(state, ((seat, LYNCHED),), next_phase, alone)


def _lynched(roster: Roster, seat: PlayerId) -> tuple[tuple[PlayerId, str], ...]:
    """List who dies of a lynch: nobody of that of some, and those with whom one dies together."""
    if has(roster.with_trait("unlynchable"), seat):
        return ()
    lovers = roster.with_trait("lover") & roster.alive
    if not has(lovers, seat):
        return ((seat, LYNCHED),)
    return (seat, LYNCHED), *((other, GRIEF) for other in members(lovers) if other != seat)


def _after_vote(state: State) -> Phase:
    return DAY if state.table.rules.nightless else NIGHT


def _dawn(state: State, event: NightResolved) -> Events:
    """Let die whom the night killed, judge the game and go on."""
    return _close(state, event.deaths, DAY)


def _close(
    state: State,
    killed: Sequence[tuple[PlayerId, str]],
    phase: Phase,
    alone: tuple[WonAlone, ...] = (),
) -> Events:
    """Let die who was killed and who has walked out, then judge the game and go on.

    `alone` are those who have just won alone, which is not recorded yet.
    """
    table = state.table
    roster, phases, rules = table.roster, table.phases, table.rules
    alive, deaths = roster.alive, []
    if roster.gone & alive:
        killed = (*killed, *_leavers(roster, killed))
    for seat, cause in killed:
        deaths.append(death(roster, seat, cause, rules.reveal_on_death))
        alive &= ~(1 << seat)
    day, length = phases.day, rules.night_ms
    if phase is DAY:
        day, length = day + 1, rules.day_ms
    elif phase is EVENING:
        length = rules.evening_ms
    ended = judge(table, alive, armed(table, state.night) if roster.killers else 0)
    if ended is None and phase is DAY and not deaths:
        ended = stalemate(table, day)
    if ended is None:
        began = phase_began(phase, phases.number + 1, day, table.at + length)
        return (*deaths, began, *_turn(rules, phase, day)) if rules.town else (*deaths, began)
    winners, reason = ended
    seats = (*state.outcome.seats, *[won.seat for won in alone])
    if roster.neutral & alive:
        seats += survivors(table, alive)
    return *deaths, game_ended(winners, seats, reason)


def _turn(rules: Rules, phase: Phase, day: Day) -> Events:
    """Say what a phase of the town begins with."""
    if phase is DAY:
        return (DawnBroke(day),)
    return (DuskFell(day, day > 1 or rules.vote_on_day_one),) if phase is EVENING else ()


def _leavers(roster: Roster, killed: Sequence[tuple[PlayerId, str]]) -> list[tuple[PlayerId, str]]:
    """List the deaths of those who have walked out, where nothing else has killed them."""
    dead = {seat for seat, _ in killed}
    left = members(roster.gone & roster.alive)
    return [(seat, LEFT_TOWN) for seat in left if seat not in dead]


def _morning(state: State, event: DawnBroke) -> Events:
    """Tell what the night left behind, fill the shelves, deal the tasks, and set the alarm."""
    table, rules = state.table, state.table.rules
    return (
        *_traces(state),
        *shop.restock(table, state.shop, event.day),
        *tasks.deal(table, table.tasks, event.day),
        AlarmSet(rules.day_ms - rules.shop_opens_ms),
    )


def _traces(state: State) -> Events:
    """Find, for each who was killed in the night, a place where their killer had been."""
    table, nights = state.table, state.night.nights
    if not nights or nights[-1].night != table.phases.day - 1:
        return ()
    found = []
    for victim, killer in nights[-1].slain:
        paths = [place for place in table.town.yesterday.get(killer, ()) if place != SQUARE]
        if paths:
            drawn = table.lot(f"trace {victim}", table.phases.day)
            found.append(TraceFound(victim, paths[drawn % len(paths)]))
    return tuple(found)


def _walked(state: State, event: Walked) -> Events:
    """Find which errands a step has done."""
    return tasks.walked(state.table, state.table.tasks, event)


def _used(state: State, event: ItemUsed) -> Events:
    """Find which errands the use of an item has done."""
    return tasks.used(state.table, state.table.tasks, event)


def _paid(state: State, event: ErrandPaid) -> Events:
    """Let somebody hear of an errand that leaves a rumor behind."""
    return rumors.leak(state.table, state.rumors, event)


def _inherit(state: State, event: PlayerDied) -> Events:
    """In a town, give the bank what the dead leave behind."""
    return purse.inherit(state.table.purse, event.seat)


def _open_shop(state: State) -> Events:
    """Open the Shop, and let nothing more be due before dusk."""
    return AlarmSet(0), *shop.open_shop(state.table, state.shop)


def _reveal(state: State, event: GameEnded) -> Events:
    """Show at the end what was secret: roles, nights and the seed."""
    phases = state.table.phases
    return (
        roles_shown(state.table.roster.deal),
        NightsShown(state.night.nights),
        SeedShown(_seed(state).hex()),
        phase_began(ENDED, phases.number + 1, phases.day, None),
    )


def _end_early(state: State, event: Event) -> Events:
    """Close the phase when all the living who are here are done, and by ballot have voted."""
    table, voting = state.table, state.voting
    phases, here = table.phases, table.roster.here
    if phases.phase not in PLAYED or phases.paused is not None or here & ~phases.done:
        return ()
    if voting.secret and phases.phase is voting.polls and voting.count < here.bit_count():
        return ()
    return CLOSINGS[phases.phase](state)


def _walk_out(state: State, event: PlayerLeft) -> Events:
    """Count the ballots anew, since the leaver's is void, or let the others go on."""
    voting = state.voting
    if voting.secret and len(voting.votes) < voting.count:
        return (BallotsCounted(len(voting.votes)),)
    return _end_early(state, event)


# What ends a phase, by phase.
CLOSINGS: Final[dict[Phase, Callable[[State], Events]]] = {
    STARTING: _deal,
    DAY: _close_day,
    EVENING: _close_evening,
    NIGHT: _close_night,
}

# What one machine's event brings about in others, by event.
REACTIONS: Final[dict[type[Any], Callable[[State, Any], Events]]] = {
    RolesDealt: _open_first_phase,
    DawnBroke: _morning,
    Walked: _walked,
    ItemUsed: _used,
    ErrandPaid: _paid,
    PlayerDied: _inherit,
    VoteClosed: _lynch,
    NightResolved: _dawn,
    DeadlineMoved: _end_early,
    DoneSet: _end_early,
    BallotsCounted: _end_early,
    PlayerLeft: _walk_out,
    GameEnded: _reveal,
}

# What is due within a phase, ahead of its end, by phase.
RINGS: Final[dict[Phase, Callable[[State], Events]]] = {DAY: _open_shop}

# Those of them that are for a town alone, though what they answer happens everywhere.
IN_TOWN: Final = frozenset({PlayerDied})
