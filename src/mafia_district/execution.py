"""The execution: from a verdict to the deaths that it brings.

A death may wait for those who have a say in it. Then who was condemned dies, whoever they take
along and whoever cannot live without them; a lynch may be somebody's goal, may end the game by a
rule of the setup, and may open a grave for one more night.
"""

from mafia_district.ids import BITS, PlayerId, Seats, has, members
from mafia_district.machine import Events
from mafia_district.night.chains import GRIEF, bereaved
from mafia_district.night.powers import may_take_along
from mafia_district.night.resolve import has_power
from mafia_district.outcome import JESTERS_DAY, by_the_setup, won_by_lynch
from mafia_district.phases import DAY, NIGHT, Phase
from mafia_district.roles import SHOT
from mafia_district.roster import LYNCHED, RoleRevealed, turned
from mafia_district.sentence import GraveOpened
from mafia_district.state import State
from mafia_district.table import Table
from mafia_district.turn import close


def may_speak(state: State, seat: PlayerId) -> bool:
    """Tell whether anybody may still pardon, or the condemned may shoot."""
    table = state.table
    shoots = table.rules.vengeful_shoots == "twilight" and has(table.roster.here, seat)
    return bool(governors(state, seat)) or (shoots and may_take_along(table, seat))


def governors(state: State, seat: PlayerId) -> list[PlayerId]:
    """List who may pardon a seat."""
    roster, uses = state.table.roster, state.night.uses
    others = [other for other in members(roster.cast.daily & roster.here) if other != seat]
    return [
        other
        for other in others
        if (role := roster.cast.roles[other]) is not None
        and role.can("pardon")
        and uses.get((other, "pardon"), 1)
    ]


def execute(state: State, seat: PlayerId) -> Events:
    """Let die whom the vote condemned, judge the game and go on."""
    table, next_phase = state.table, after_vote(state)
    roster, rules = table.roster, table.rules
    if _survives(table, seat):
        return RoleRevealed(seat, roster.now[seat]), *close(state, (), next_phase)
    killed = _lynched(table, seat)
    if not killed:
        return close(state, (), next_phase)
    alone = won_by_lynch(table, state.outcome, seat)
    fallen = sum(BITS[other] for other, _ in killed)
    ended = by_the_setup(table, seat, roster.alive & ~fallen)
    if rules.jester_ends_game and any(won.seat == seat for won in alone):
        ended = (), JESTERS_DAY
    news = *alone, *_graves(state, seat), *_replacements(table, killed)
    return *news, *close(state, killed, next_phase, alone, ended)


def _survives(table: Table, seat: PlayerId) -> bool:
    """Tell whether a lynch only reveals: once, a mayor, where the house says so."""
    role = table.roster.cast.roles[seat]
    mayor = role is not None and role.votes_revealed > role.votes
    return mayor and table.rules.mayor_survives_lynch and not has(table.roster.revealed, seat)


def _lynched(table: Table, seat: PlayerId) -> tuple[tuple[PlayerId, str], ...]:
    """List who dies of a lynch: of that of some nobody; whom they take along; who dies of grief."""
    roster = table.roster
    if has(roster.with_trait("unlynchable"), seat):
        return ()
    shots = [(aim, SHOT) for who, aim in table.sentence.shots if who == seat]
    return pulling(table, ((seat, LYNCHED), *shots))


def pulling(
    table: Table, killed: tuple[tuple[PlayerId, str], ...]
) -> tuple[tuple[PlayerId, str], ...]:
    """Add those who die of grief for the dead: lovers, and a cult that has lost its leaders."""
    roster, dead = table.roster, sum(BITS[seat] for seat, _ in killed)
    gone = dead
    while more := (bereaved(roster.love, gone) | _leaderless(table, gone)) & roster.alive & ~gone:
        gone |= more
    return *killed, *((seat, GRIEF) for seat in members(gone & ~dead))


def _leaderless(table: Table, dead: Seats) -> Seats:
    """Give the cult that dies with its last leader, where the house says so."""
    roster = table.roster
    if not table.rules.cult_dies_with_leader:
        return 0
    living = [(seat, role) for seat in members(roster.alive) if (role := roster.cast.roles[seat])]
    leaders = [seat for seat, role in living if role.can("recruit")]
    fallen = bool(leaders) and all(has(dead, seat) for seat in leaders)
    return roster.with_trait("devoted") if fallen else 0


def _replacements(table: Table, killed: tuple[tuple[PlayerId, str], ...]) -> Events:
    """Let backups become what the first of the dead was who had a power and was town."""
    roster, dead = table.roster, [seat for seat, _ in killed]
    backups = members(roster.with_trait("backup") & roster.alive & ~sum(BITS[s] for s in dead))
    lost = [role for seat in dead if (role := roster.cast.roles[seat]) and has_power(role)]
    if not lost:
        return ()
    return tuple(event for seat in backups for event in turned(roster, seat, lost[0].told))


def _graves(state: State, seat: PlayerId) -> Events:
    """Let those of the dead act in the night to come who may."""
    table, rules = state.table, state.table.rules
    role, others = table.roster.cast.roles[seat], table.roster.alive & ~BITS[seat]
    if role is None:
        return ()
    if rules.vengeful_shoots == "night" and may_take_along(table, seat):
        return (GraveOpened(seat, others),)
    if not (rules.jester_haunts and role.can("haunt")):
        return ()
    ballots = state.voting.verdicts[-1].ballots
    guilty = sum(BITS[voter] for voter, aim in ballots if aim == seat) if ballots else others
    return (GraveOpened(seat, guilty & others),)


def after_vote(state: State) -> Phase:
    """Give the phase that follows the vote."""
    return DAY if state.table.rules.nightless else NIGHT
