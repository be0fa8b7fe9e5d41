"""The canned lines: a small fixed language in which programs speak, and which people read.

Each line has a template; what it says can be read back from the text, as long as no name holds the
comma that lists are joined with. Whatever else is said is for people alone, and programs pass over
it. Lines carry their day, so that one is never said twice, and what a player has said already can
be seen by looking at the messages.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

import attrs

WITNESS: Final = "witness"
PRESENCE: Final = "presence"
GLASS: Final = "glass"
WIRE: Final = "wire"
GUILTY: Final = "guilty"
INNOCENT: Final = "innocent"
ROLE_RUMOR: Final = "role_rumor"
SEEN_RUMOR: Final = "seen_rumor"
ACCUSATION: Final = "accusation"
GREETING: Final = "greeting"
PLAN: Final = "plan"

TEMPLATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        WITNESS: "Day {day}: I was at the {places} and saw {names}.",
        PRESENCE: "Day {day}: I too came by the {places}.",
        GLASS: "Day {day}, through my glass: {who} went to {places}.",
        WIRE: "Night {day}, on my wire: {who} was visited by {names}.",
        GUILTY: "I am the {role}. Night {day}: {who} is not town.",
        INNOCENT: "I am the {role}. Night {day}: {who} is town.",
        ROLE_RUMOR: "Day {day}, so they say: one of {names} is the {role}.",
        SEEN_RUMOR: "Day {day}, so they say: {who} was at the {places}.",
        ACCUSATION: "Day {day}: I accuse {who}.",
        GREETING: "Day {day}: good to see you, {names}.",
        PLAN: "Night {day}: let us call on {who}.",
    }
)

_NONE: Final = "nobody"
_COMMA: Final = ", "


@attrs.frozen
class Line:
    """What a canned line says; names, places and roles as people read them."""

    kind: str
    day: int
    who: str = ""
    names: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    role: str = ""


def say(line: Line) -> str:
    """Put a line into words.

    >>> say(Line("accusation", 3, who="Ada"))
    'Day 3: I accuse Ada.'
    """
    return TEMPLATES[line.kind].format(
        day=line.day,
        who=line.who,
        names=_COMMA.join(line.names) or _NONE,
        places=_COMMA.join(line.places) or _NONE,
        role=line.role,
    )


@lru_cache(maxsize=1 << 12)
def parse(text: str) -> Line | None:
    """Read a line back from its words; None for anything else that people may say."""
    for kind, pattern in _PATTERNS.items():
        if match := pattern.fullmatch(text):
            told = match.groupdict("")
            return Line(
                kind,
                int(told["day"]),
                told.get("who", ""),
                _listed(told.get("names", _NONE)),
                _listed(told.get("places", _NONE)),
                told.get("role", ""),
            )
    return None


def _listed(text: str) -> tuple[str, ...]:
    return () if text == _NONE else tuple(text.split(_COMMA))


def _pattern(template: str) -> re.Pattern[str]:
    """Turn a template into the pattern of its lines."""
    escaped = re.escape(template).replace(r"\{", "{").replace(r"\}", "}")
    return re.compile(
        escaped.format(
            day=r"(?P<day>[0-9]{1,4})",
            who=r"(?P<who>.+)",
            names=r"(?P<names>.+)",
            places=r"(?P<places>.+)",
            role=r"(?P<role>.+)",
        )
    )


_PATTERNS: Final = {kind: _pattern(template) for kind, template in TEMPLATES.items()}
