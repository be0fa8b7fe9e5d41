"""The sheet of a role: all that its row says, in words, line by line.

The command line prints it and the documentation is made of it, so both say the same. What a role
does not have is not on its sheet.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from mafia_district.cast import kills_alone
from mafia_district.night.awake import MEANT
from mafia_district.night.verbs import VERBS
from mafia_district.roles import ANY, TRAITS, Ability, Role

_GOALS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "jester": "by being lynched",
        "lyncher": "by the lynch of one townsperson",
        "executioner": "by the lynch of one townsperson",
        "survivor": "by living at the end",
    }
)
_HOURS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "night": "at night",
        "day": "by day",
        "twilight": "between the vote and the death",
        "grave": "in the night after their lynch",
    }
)
_NIGHTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "odd": "on odd nights",
        "even": "on even nights",
        "later": "not in the first night",
    }
)


def sheet(role: Role) -> tuple[tuple[str, str], ...]:
    """Give the lines of a role's sheet, each a label and what is said.

    >>> from mafia_district.roles import role
    >>> for label, said in sheet(role("two_shot_vigilante"))[:3]:
    ...     print(f"{label}: {said}")
    side: town
    wins: with the town
    can: kill a player: at night, 2 times in the game
    """
    return tuple((label, said) for label, said in _lines(role) if said)


def _lines(role: Role) -> Iterator[tuple[str, str]]:
    yield "side", role.alignment
    yield "wins", _wins(role)
    yield from (("can", _able(own)) for own in role.abilities)
    yield "uses", "one of these a night" if role.exclusive else ""
    yield "is told", _told(role)
    yield "by nature", "; ".join(TRAITS[trait] for trait in sorted(role.traits))
    yield "kills by", role.method if role.faction or kills_alone(role) else ""
    yield "stops", _vests(role.vests)
    yield "votes", _votes(role)
    yield "elsewhere", role.variants
    yield "from", role.source


def _wins(role: Role) -> str:
    if role.alignment == "neutral" and not role.faction:
        with_others = f"with the {role.wins.replace('_', ' ')}"
        return _GOALS.get(
            role.wins, "alone, by outliving the others" if kills_alone(role) else with_others
        )
    return f"with the {role.wins.replace('_', ' ')}"


def _able(own: Ability) -> str:
    row = VERBS.get(own.verb)
    words = row.do if row is not None else MEANT[own.verb]
    return f"{words.format(target='a player', target2='another')}: {', '.join(_limits(own))}"


def _limits(own: Ability) -> Iterator[str]:
    yield _HOURS[own.when]
    if own.shots:
        yield f"{own.shots} times in the game" if own.shots > 1 else "once in the game"
    if own.nights != "all":
        yield _NIGHTS.get(own.nights, f"on the {own.nights} night")
    if own.rests:
        yield "not on two nights running"
    if own.roams:
        yield "never the same player twice"
    elif not own.repeats:
        yield "not the same player two nights running"
    if own.on_self:
        yield "oneself as well"
    if own.reach == "place":
        yield "with all who stood beside them at dusk"


def _told(role: Role) -> str:
    """Say what words the role's actions may bring, to its holder or to whom they came."""
    rows = [VERBS[own.verb] for own in role.abilities if own.verb in VERBS]
    words = [word for row in rows for word in row.answers]
    asks = any(row.asks for row in rows)
    told = [*words, "no_result"] if asks else words
    return ", ".join(dict.fromkeys(told)) + (" (the other is)" if told and not asks else "")


def _vests(vests: int) -> str:
    if not vests:
        return ""
    return "every kill" if vests >= ANY else f"{vests} kill{'s' * (vests > 1)}"


def _votes(role: Role) -> str:
    later = f", {role.votes_revealed} once revealed" if role.mayor else ""
    return f"{role.votes}{later}" if later or role.votes != 1 else ""
