"""To spy: what somebody did, and what was done to them.

Whoever spies sees visits, where they landed and whether or not anything came of them; a blocked one
never happened. What names nobody is no visit, and what a ninja does when killing is seen by nobody.

    a tracker      whom the target visited         a watcher       who visited the target
    a follower     what kinds of things they did   a voyeur        what kinds of things were done
    a reporter     whether they went anywhere      an inspector    whether anybody came
    a role watcher which roles came                a motion detector   whether either happened

The *kind* of an action is as far as a follower or a voyeur can tell.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from mafia_district.night.deed import Dawn, Deed, Place, Verb
from mafia_district.night.verbs.looking import A_ROLE, look, readable

PLAYERS: Final = "a list of players"  # among the answers: no word, but seats
NOTHING: Final = "nothing"
NOBODY_CAME: Final = "nobody"

_KINDS: Final[Mapping[Place, str]] = MappingProxyType(
    {
        Place.COPY: "manipulation",
        Place.HIDE: "protection",
        Place.BUS: "manipulation",
        Place.BLOCK: "manipulation",
        Place.REDIRECT: "manipulation",
        Place.PROTECT: "protection",
        Place.MISC: "other",
        Place.KILL: "killing",
        Place.RECRUIT: "communication",
        Place.INSPECT: "investigation",
    }
)
KINDS: Final = (*sorted(set(_KINDS.values())), NOTHING)


def kind(verb: Verb) -> str:
    """Give the kind of an action, in one word."""
    return "communication" if verb.tells else _KINDS[verb.place]


def _kinds(deeds: Iterable[Deed]) -> str:
    return ", ".join(sorted({kind(deed.verb) for deed in deeds})) or NOTHING


def _by(deed: Deed, dawn: Dawn) -> list[Deed]:
    """List the visits of the target."""
    return [other for other in dawn.deeds if other.actor == deed.target and dawn.seen(other)]


def _to(deed: Deed, dawn: Dawn) -> list[Deed]:
    """List the visits to the target by others than who asks; nobody visits themself."""
    return [
        other
        for other in dawn.deeds
        if dawn.seen(other)
        and other.lands_on(deed.target)
        and other.actor not in (deed.actor, deed.target)
    ]


def _track(deed: Deed, dawn: Dawn) -> None:
    landed = {seat for other in _by(deed, dawn) for seat in other.stops}
    deed.seen = tuple(sorted(landed - {deed.target}))


def _watch(deed: Deed, dawn: Dawn) -> None:
    deed.seen = tuple(sorted({other.actor for other in _to(deed, dawn)}))


def _follow(deed: Deed, dawn: Dawn) -> None:
    deed.word = _kinds(_by(deed, dawn))


def _observe(deed: Deed, dawn: Dawn) -> None:
    deed.word = _kinds(_to(deed, dawn))


def _role_watch(deed: Deed, dawn: Dawn) -> None:
    """Name the role of each who came, as a role cop would read it."""
    came = sorted({other.actor for other in _to(deed, dawn)})
    deed.word = ", ".join(sorted(readable(dawn, seat) for seat in came)) or NOBODY_CAME


def _report(deed: Deed, dawn: Dawn) -> None:
    deed.word = "went_out" if _by(deed, dawn) else "stayed_in"


def _inspect(deed: Deed, dawn: Dawn) -> None:
    deed.word = "visited" if _to(deed, dawn) else "not_visited"


def _motion(deed: Deed, dawn: Dawn) -> None:
    deed.word = "motion" if _by(deed, dawn) or _to(deed, dawn) else "no_motion"


VERBS: Final = (
    look("track", _track, "followed {target}", "follow {target}", PLAYERS),
    look("watch", _watch, "watched {target}", "watch {target}", PLAYERS),
    look(
        "follow",
        _follow,
        "went after {target}",
        "go after {target}",
        *KINDS,
    ),
    look(
        "observe",
        _observe,
        "looked through the keyhole of {target}",
        "look through the keyhole of {target}",
        *KINDS,
    ),
    look(
        "role_watch",
        _role_watch,
        "studied the callers of {target}",
        "study the callers of {target}",
        *(A_ROLE, NOBODY_CAME),
    ),
    look(
        "report",
        _report,
        "reported on {target}",
        "report on {target}",
        *("went_out", "stayed_in"),
    ),
    look(
        "inspect",
        _inspect,
        "kept an eye on the door of {target}",
        "keep an eye on the door of {target}",
        *("visited", "not_visited"),
    ),
    look(
        "motion",
        _motion,
        "listened at the door of {target}",
        "listen at the door of {target}",
        *("motion", "no_motion"),
    ),
)
