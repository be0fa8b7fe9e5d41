"""The evening, or where there is no town the day: talk, vote, accuse, and set things down.

Everybody votes for whom they suspect most, so that what was told in the open makes one vote of
many; a ballot is moved when more is heard. The mafia vote with the crowd, as long as it goes for
the others. A jester would like to be noticed.
"""

from typing import Final

from mafia_district.bots import talk
from mafia_district.bots.goods import use
from mafia_district.bots.mind import Mind
from mafia_district.bots.testimony import ROOM, testify
from mafia_district.ids import NO_LYNCH, NOBODY, PlayerId, members
from mafia_district.machine import Command
from mafia_district.voting import CastVote

SURE: Final = 1.5  # a suspicion that is worth an accusation
CHORUS: Final = 3  # accusers that are enough
LOST: Final = 1.0  # a lead in suspicion from which nothing saves a mate any more
RESTLESS: Final = 1  # how often one finds nothing to do before one stops looking
DOUBT: Final = -3.0  # nobody is lynched on less


def by_evening(mind: Mind) -> Command | None:
    """Do the next thing of the evening; after some time without any, nothing more."""
    if mind.memory.idle > RESTLESS:
        return None
    command = _next(mind)
    if command is None:
        mind.memory.idle += 1
    return command


def _next(mind: Mind) -> Command | None:
    """Tell what is to be told, vote, accuse whom one is sure of, and set things down."""
    talks = ROOM in mind.choices.rooms
    if talks and (told := testify(mind)):
        return told
    if mind.choices.votes and not _is_early(mind):
        target = _target(mind)
        if mind.view.votes.get(mind.seat, NOBODY) != target:
            return CastVote(mind.seat, target)
        if talks and (accused := _accuse(mind, target)):
            return accused
    return use(mind, mind.view.town) if mind.view.town else None


def _accuse(mind: Mind, target: PlayerId) -> Command | None:
    """Accuse for whom one votes, if one is sure and not enough others have."""
    known = mind.town if mind.mates else mind.own
    if target < 0 or known.of(target) < SURE:
        return None
    if known.evidence.accusers[target].bit_count() >= CHORUS:
        return None
    return mind.say(ROOM, talk.ACCUSATION, mind.view.day, target)


def _is_early(mind: Mind) -> bool:
    """Tell whether others may still have something to say before an open vote."""
    view = mind.view
    return view.rules.vote == "hammer" and mind.memory.asks < 3 and not view.votes


def _target(mind: Mind) -> PlayerId:
    """Choose for whom to vote; NO_LYNCH for nobody."""
    if mind.view.role == "jester":
        return _anybody(mind)
    if mind.mates:
        return _scapegoat(mind)
    among = mind.choices.votes & ~(1 << mind.seat)
    top = mind.own.most(among)[0]
    if mind.own.of(top) < DOUBT and mind.choices.no_lynch:
        return NO_LYNCH
    return top


def _anybody(mind: Mind) -> PlayerId:
    """Vote for anybody at all, and stay with it: so oddly that one may be lynched for it."""
    among = members(mind.choices.votes)
    return mind.view.votes.get(mind.seat, among[mind.dice.below(len(among))])


def _scapegoat(mind: Mind) -> PlayerId:
    """Choose whom the mafia vote for: whom the town suspects, a mate only if all is lost.

    A mate who is lost in any case is voted for with the crowd, for who does not is suspected next.
    """
    ranked = mind.town.most(mind.choices.votes & ~(1 << mind.seat))
    others = [seat for seat in ranked if not mind.mates >> seat & 1]
    if not others:
        return NO_LYNCH
    lead = mind.town.of(ranked[0]) - mind.town.of(others[0])
    return ranked[0] if lead >= LOST else others[0]
