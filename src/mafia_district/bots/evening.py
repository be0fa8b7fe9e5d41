"""The evening, or where there is no town the day: talk, vote, accuse, and set things down.

Everybody votes for whom they suspect most, so that what was told in the open makes one vote of
many; a ballot is moved when more is heard. The mafia vote with the crowd, as long as it goes for
the others. A jester would like to be noticed.
"""

from typing import Final

from mafia_district.bots import talk
from mafia_district.bots.goods import use
from mafia_district.bots.mind import Mind
from mafia_district.bots.nightwork import by_power
from mafia_district.bots.testimony import ROOM, testify
from mafia_district.ids import NO_LYNCH, NOBODY, PlayerId, members
from mafia_district.machine import Command
from mafia_district.phases import JUDGEMENT
from mafia_district.voting import CastVote

SURE: Final = 1.5  # a suspicion that is worth an accusation
CHORUS: Final = 3  # accusers that are enough
LOST: Final = 1.0  # a lead in suspicion from which nothing saves a mate any more
RESTLESS: Final = 2  # how often one finds nothing to do before one stops looking
DOUBT: Final = -3.0  # nobody is lynched on less


def by_evening(mind: Mind) -> Command | None:
    """Do the next thing of the evening; after some time without any, nothing more."""
    if mind.memory.idle >= RESTLESS:
        return None
    if ROOM in mind.choices.rooms and (told := testify(mind)):
        return told
    if mind.choices.votes and _waits(mind):
        return None
    command = by_power(mind) or _judge(mind)
    mind.memory.idle += command is None
    return command


def _judge(mind: Mind) -> Command | None:
    """Vote, accuse whom one is sure of, and set things down."""
    if mind.choices.votes:
        target = _target(mind)
        if mind.view.votes.get(mind.seat, NOBODY) != target:
            return CastVote(mind.seat, target)
        if ROOM in mind.choices.rooms and (accused := _accuse(mind, target)):
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


def _waits(mind: Mind) -> bool:
    """Tell whether to leave it to others to open a vote that ends all talk.

    Who may have something to say should say it first. So the lot decides who opens the vote, one
    look in as many as there are living; but once somebody has no more to do, there is no use.
    """
    view = mind.view
    if view.rules.vote != "hammer" or view.votes or any(row.done for row in view.seats):
        return False
    return mind.dice.below(view.alive.bit_count()) > 0


def _target(mind: Mind) -> PlayerId:
    """Choose for whom to vote; NO_LYNCH for nobody."""
    if mind.view.role == "jester":
        return _anybody(mind)
    if mind.mates:
        return _scapegoat(mind)
    among = mind.choices.votes & ~(1 << mind.seat)
    top = mind.own.most(among)[0]
    doubt = 0 if mind.view.phase is JUDGEMENT else DOUBT
    if mind.own.of(top) < doubt and mind.choices.no_lynch:
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
