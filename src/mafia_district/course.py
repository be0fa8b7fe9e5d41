"""The course of a game: what ends a phase, and what one event brings about in the others.

These are the only functions that know all machines. Two tables at the end say it at a glance: what
closes each phase, and which event has which effect. They only make events; what those change is
told by the machines themselves. Victory is judged when a phase closes, never on a death; only a
death by day is followed by a judgement of its own.
"""

from collections.abc import Callable
from typing import Any, Final

from mafia_district import purse, rumors, shop, tasks
from mafia_district.chance import commitment, deal_key, number, shuffled
from mafia_district.deal import SetupDrawn, SetupShown, composition, dealt
from mafia_district.execution import after_vote, execute, may_speak, pulled, replacements
from mafia_district.ids import Instant, Seats, has, members
from mafia_district.items import ItemUsed
from mafia_district.keeper import LooksShown
from mafia_district.lobby import salts
from mafia_district.looks import dressed
from mafia_district.machine import Event, Events
from mafia_district.night.chains import GRIEF
from mafia_district.night.collect import NightResolved, NightsShown, PowerUsed
from mafia_district.night.daybreak import resolve_night
from mafia_district.night.deed import FACTION_KILL
from mafia_district.outcome import GameEnded, SeedShown, goals
from mafia_district.phases import (
    DAY,
    ENDED,
    EVENING,
    JUDGEMENT,
    NIGHT,
    PLAYED,
    STARTING,
    TRIAL,
    TWILIGHT,
    AlarmSet,
    DeadlineMoved,
    DoneSet,
    Phase,
    phase_began,
)
from mafia_district.purse import AT_START, CoinsMoved
from mafia_district.roles import SHOT
from mafia_district.roster import (
    LYNCHED,
    GameStarted,
    LoversPaired,
    PlayerDied,
    PlayerLeft,
    RolesDealt,
    SeatPassed,
    roles_dealt,
    roles_shown,
)
from mafia_district.sentence import Condemned, DiedByDay, TrialCalled, died_by_day
from mafia_district.state import State
from mafia_district.table import Table
from mafia_district.tasks import ErrandPaid
from mafia_district.town import SQUARE, DawnBroke, TraceFound, Walked, careers
from mafia_district.turn import close, disappointed, judged_by_day
from mafia_district.voting import (
    BallotsCounted,
    VoteClosed,
    called,
    verdict,
    voters,
)


def _deal(state: State) -> Events:
    """End the countdown: deal the roles, fair to all who added a salt."""
    lobby, table = state.lobby, state.table
    seed = _seed(state)
    seats = members(table.roster.seats)
    setup = table.rules.setup(len(seats))
    given = salts(lobby) if lobby.salts else ()
    started = GameStarted(commitment(seed), setup.roles, given)
    deal = roles_dealt(dealt(seed, seats, given, setup))
    if setup.compositions:
        return started, SetupDrawn(composition(seed, given, setup)), deal
    return started, deal


def _seed(state: State) -> bytes:
    seed = state.table.seed
    assert seed is not None, "a game without its seed cannot be played on"
    return seed


def _close_day(state: State) -> Events:
    """Close the vote as it stands; in a town, shut the Shop and let the evening come."""
    if state.table.rules.town:
        return shop.close_shop(state.shop) + close(state, (), EVENING)
    return (verdict(state.table, state.voting),)


def _close_evening(state: State) -> Events:
    """Close the vote as it stands, or without one go home."""
    if state.voting.polls is None:
        return close(state, (), after_vote(state))
    return (verdict(state.table, state.voting),)


def _close_night(state: State) -> Events:
    """Resolve what was chosen in the dark."""
    return resolve_night(state.table, state.night)


def _open_first_phase(state: State, event: RolesDealt) -> Events:
    """Judge the game as it was dealt, and begin the first phase."""
    phase = NIGHT if state.table.rules.first_phase == "night" else DAY
    table, roster = state.table, state.table.roster
    settled = _settle(state) if table.rules.town else ()
    bound = _bound(state) if roster.cast.neutral or roster.cast.touchy else ()
    return settled + bound + close(state, (), phase)


def _bound(state: State) -> Events:
    """Draw whom some love and whom some hate: part of the deal, so by the key of the deal."""
    table, roster = state.table, state.table.roster
    key = deal_key(_seed(state), [bytes.fromhex(salt) for _, _, salt in salts(state.lobby)])
    wanted = goals(table, lambda stream: number(key, stream, 0))
    lovers = roster.with_trait("lover") if table.rules.lovers == "pairs" else 0
    if not lovers:
        return wanted
    return LoversPaired(_paired(lovers, roster.cast.mafia, number(key, "lovers", 0))), *wanted


def _paired(lovers: Seats, mafia: Seats, drawn: int) -> tuple[Seats, ...]:
    """Link lovers by two, each of the mafia to another side as far as there are enough."""
    others = shuffled(drawn, members(lovers & ~mafia))
    row = list(members(lovers & mafia))
    mixed = min(len(row), len(others))
    pairs = [*zip(row[:mixed], others[:mixed], strict=True)]
    rest = row[mixed:] + others[mixed:]
    pairs += zip(rest[::2], rest[1::2], strict=False)
    return tuple(1 << one | 1 << other for one, other in pairs)


def _settle(state: State) -> Events:
    """Give everybody a career, a look and some coins; none of it looks at the roles."""
    table = state.table
    coins = table.rules.start_coins
    seats = members(table.roster.seats)
    purses = tuple([CoinsMoved(seat, coins, AT_START) for seat in seats])
    return careers(table), *dressed(table), *purses


def _lynch(state: State, event: VoteClosed) -> Events:
    """Carry a verdict out, unless the death must wait for somebody who may have a say."""
    table, seat = state.table, event.target
    if seat < 0:
        return _spare(state)
    roster, rules = table.roster, table.rules
    if roster.cast.plain and not state.outcome.special:
        return close(state, ((seat, LYNCHED),), after_vote(state))
    if roster.cast.daily and may_speak(state, seat):
        return Condemned(seat), _next(table, TWILIGHT, table.at + rules.twilight_ms)
    return execute(state, seat)


def _spare(state: State) -> Events:
    """Lynch nobody; who is acquitted leaves the rest of the vote's time to the others."""
    table, sentence, rules = state.table, state.table.sentence, state.table.rules
    acquitted = table.phases.phase is JUDGEMENT
    if acquitted and sentence.trials < rules.trials_a_day and sentence.left:
        return (_next(table, EVENING if rules.town else DAY, table.at + sentence.left),)
    return close(state, (), after_vote(state))


def _next(table: Table, phase: Phase, deadline: Instant) -> Event:
    """Begin a phase of the same day."""
    return phase_began(phase, table.phases.number + 1, table.phases.day, deadline)


def _open_trial(state: State, event: TrialCalled) -> Events:
    """Let the accused speak."""
    table = state.table
    return (_next(table, TRIAL, table.at + table.rules.trial_ms),)


def _close_trial(state: State) -> Events:
    """Let all the others judge."""
    table = state.table
    return (_next(table, JUDGEMENT, table.at + table.rules.judgement_ms),)


def _close_judgement(state: State) -> Events:
    """Count what they said."""
    return (verdict(state.table, state.voting),)


def _close_twilight(state: State) -> Events:
    """Carry out what is left of the sentence."""
    sentence = state.table.sentence
    if sentence.pardoned:
        return close(state, (), after_vote(state), spared=True)
    return execute(state, sentence.condemned)


def _power(state: State, event: PowerUsed) -> Events:
    """Go on with what a power has brought about while the town was awake.

    A twilight outlasts a last shot, whether or not a governor is left who could pardon: its end
    must not tell.
    """
    table, voting = state.table, state.voting
    if event.action == "reveal":
        return called(table, voting, voting.votes)
    if event.action == "shoot":
        return died_by_day(table, (event.target, SHOT))
    return _close_twilight(state) if event.action == "pardon" else ()


def _day_deaths(state: State, event: DiedByDay) -> Events:
    """Let die whom a death by day pulls along; then let it change others, and judge the game.

    A wagon may weigh enough now, or nobody be left who is waited for.
    """
    table, voting = state.table, state.voting
    mourning = pulled(table, event.seats)
    dead = (*members(event.seats), *members(mourning))
    changed = *replacements(table, dead), *disappointed(state, event.seats | mourning)
    if mourning:
        return *changed, *died_by_day(table, *((seat, GRIEF) for seat in members(mourning)))
    over = judged_by_day(state)
    return *changed, *(over or called(table, voting, voting.votes) or _end_early(state, event))


def _dawn(state: State, event: NightResolved) -> Events:
    """Let die whom the night killed, judge the game and go on."""
    return close(state, event.deaths, DAY)


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
    """Show at the end what was secret: roles, nights, the keeper's looks and the seed."""
    phases, drawn, looks = state.table.phases, state.lobby.drawn, state.desk.looks
    return (
        roles_shown(state.table.roster.deal),
        *((SetupShown(drawn),) if drawn else ()),
        NightsShown(state.night.nights),
        *((LooksShown(looks),) if looks else ()),
        SeedShown(_seed(state).hex()),
        phase_began(ENDED, phases.number + 1, phases.day, None),
    )


def _end_early(state: State, event: Event) -> Events:
    """Close the phase when all the living who are here are done, and by ballot have voted.

    Whether they have is told by the public number of ballots alone, those of the dead among them:
    who looked closer would tell by the end of the phase whose ballots they are.
    """
    table, voting = state.table, state.voting
    phases, here = table.phases, table.roster.here
    if phases.phase not in PLAYED or phases.paused is not None or here & ~phases.done:
        return ()
    polled = voting.secret and phases.phase is voting.polls
    if polled and voting.count < voters(table).bit_count():
        return ()
    return CLOSINGS[phases.phase](state)


def _walk_out(state: State, event: PlayerLeft) -> Events:
    """Count the ballots anew, since the leaver's is void, or let the others go on."""
    voting = state.voting
    if voting.secret and len(voting.votes) < voting.count:
        return (BallotsCounted(len(voting.votes)),)
    return _end_early(state, event)


def _catch_up(state: State, event: SeatPassed) -> Events:
    """Tell again whom a faction picks, where one of it was away and is held by another now."""
    roster, picks = state.table.roster, state.night.choices
    faction = roster.faction(event.seat) if event.left else 0
    return tuple(
        picks[seat, verb] for seat, verb in picks if verb == FACTION_KILL and has(faction, seat)
    )


# What ends a phase, by phase.
CLOSINGS: Final[dict[Phase, Callable[[State], Events]]] = {
    STARTING: _deal,
    DAY: _close_day,
    EVENING: _close_evening,
    TRIAL: _close_trial,
    JUDGEMENT: _close_judgement,
    TWILIGHT: _close_twilight,
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
    TrialCalled: _open_trial,
    PowerUsed: _power,
    DiedByDay: _day_deaths,
    NightResolved: _dawn,
    DeadlineMoved: _end_early,
    DoneSet: _end_early,
    BallotsCounted: _end_early,
    PlayerLeft: _walk_out,
    SeatPassed: _catch_up,
    GameEnded: _reveal,
}

# What is due within a phase, ahead of its end, by phase.
RINGS: Final[dict[Phase, Callable[[State], Events]]] = {DAY: _open_shop}

# Those of them that are for a town alone, though what they answer happens everywhere.
IN_TOWN: Final = frozenset({PlayerDied})
