"""Testimony: what a player tells the town in the evening, and what it keeps to itself.

Townspeople tell what bears on the case: who was at the place of this morning's trace, what a glass
or a wire showed, what the bureau said, and a sheriff what the nights have shown, once there is
somebody to convict or a neck to save. The mafia admit to a place only if somebody saw them there,
leave their mates out, and put other names into rumors about themselves.
"""

from collections.abc import Callable, Iterator

from mafia_district.bots import talk
from mafia_district.bots.evidence import INVESTIGATE, alignment
from mafia_district.bots.mind import Mind
from mafia_district.ids import NOBODY, Seats, members
from mafia_district.items import PathSeen, VisitorsHeard
from mafia_district.machine import Command
from mafia_district.sayings import ROLE, WHEREABOUTS
from mafia_district.town import SQUARE
from mafia_district.town_view import RumorView

ROOM = "town"
LATE = 6  # so few living that a sheriff tells all


def testify(mind: Mind) -> Command | None:
    """Say the next thing that there is to say; None when all is said."""
    for tell in _WITNESSES:
        for command in tell(mind):
            if command is not None:
                return command
    return None


def _presence(mind: Mind) -> Iterator[Command | None]:
    """Tell who was at the place of this morning's trace, oneself first of all, unless all were."""
    town, view = mind.view.town, mind.view
    for when in mind.memory.traces:
        day, place = when
        if town is None or day != view.day - 1 or place not in town.yesterday:
            continue
        if mind.town.evidence.crowded(when, view.alive.bit_count()):
            continue
        seen = mind.memory.seen.get(when, 0) & ~mind.mates
        if seen or (when in mind.memory.seen and not mind.mates):
            yield mind.say(ROOM, talk.WITNESS, day, names=seen, places=(place,))
        elif not mind.mates and not _has_told(mind, talk.WITNESS, day):
            yield mind.say(ROOM, talk.PRESENCE, day, places=(place,))


def _has_told(mind: Mind, kind: str, day: int) -> bool:
    """Tell whether the player has said something of a kind about a day, whatever it was."""
    mind.listen()
    said = mind.memory.statements
    return any(s.speaker == mind.seat and s.kind == kind and s.day == day for s in said)


def _sheriff(mind: Mind) -> Iterator[Command | None]:
    """Tell what the nights have shown."""
    view = mind.view
    checks = [result for result in view.results if result.action == INVESTIGATE]
    guilty = any(r.result == "not_town" and view.alive >> r.target & 1 for r in checks)
    if not (guilty or _spoken(mind) or _in_danger(mind) or view.alive.bit_count() <= LATE):
        return
    for check in checks:
        if check.result in ("town", "not_town"):
            kind = talk.INNOCENT if check.result == "town" else talk.GUILTY
            yield mind.say(ROOM, kind, check.night, check.target, role=view.role)


def _spoken(mind: Mind) -> bool:
    """Tell whether the player has claimed to be a sheriff, or somebody else falsely has."""
    return bool(mind.own.evidence.sheriffs)


def _in_danger(mind: Mind) -> bool:
    accusers = mind.own.evidence.accusers.get(mind.seat, 0)
    return 3 * accusers.bit_count() >= mind.view.alive.bit_count()


def _items(mind: Mind) -> Iterator[Command | None]:
    """Tell what the glass and the wire showed today; the mafia keep it."""
    town, view = mind.view.town, mind.view
    if mind.mates or town is None:
        return
    for learnt in town.learnt:
        fact = learnt.fact
        if learnt.day != view.day:
            continue
        if isinstance(fact, PathSeen):
            if (view.day - 1, fact.target) in mind.town.evidence.paths:
                continue
            places = tuple(dict.fromkeys(place for place in fact.places if place != SQUARE))
            yield mind.say(ROOM, talk.GLASS, view.day - 1, fact.target, places=places)
        elif isinstance(fact, VisitorsHeard) and fact.visitors:
            heard = sum(1 << seat for seat in fact.visitors)
            yield mind.say(ROOM, talk.WIRE, view.day - 1, fact.target, heard)


def _rumors(mind: Mind) -> Iterator[Command | None]:
    """Tell today's rumors that bear on the case."""
    for rumor in reversed(mind.memory.rumors):
        if rumor.day != mind.view.day:
            return
        if rumor.category == ROLE:
            yield _lineup(mind, rumor)
        elif rumor.category == WHEREABOUTS:
            yield _sighting(mind, rumor)


def _lineup(mind: Mind, rumor: RumorView) -> Command | None:
    """Tell a rumor of a role, the mafia with other names for their own."""
    names = sum(1 << seat for seat in rumor.persons)
    if alignment(mind.view.rules.book, rumor.role) == "mafia" and names & mind.mates:
        if _has_told(mind, talk.ROLE_RUMOR, rumor.day):
            return None  # with other names, which the lot would not draw twice
        names = _twisted(mind, names)
    lineups = mind.town.evidence.lineups
    if (names, rumor.role) in lineups or (rumor.giver != NOBODY and lineups):
        return None
    return mind.say(ROOM, talk.ROLE_RUMOR, rumor.day, names=names, role=rumor.role)


def _twisted(mind: Mind, names: Seats) -> Seats:
    """Put others into a rumor for one's mates."""
    for mate in members(names & mind.mates):
        stranger = mind.stranger(names)
        names = names & ~(1 << mate) | 1 << (mate if stranger == NOBODY else stranger)
    return names


def _sighting(mind: Mind, rumor: RumorView) -> Command | None:
    """Tell that somebody was at the place of this morning's trace."""
    when, (who, *_) = (rumor.day - 1, rumor.place), rumor.persons
    if when not in mind.memory.traces or mind.mates >> who & 1:
        return None
    return mind.say(ROOM, talk.SEEN_RUMOR, when[0], who, places=(rumor.place,))


_WITNESSES: tuple[Callable[[Mind], Iterator[Command | None]], ...] = (
    _sheriff,
    _presence,
    _items,
    _rumors,
)
