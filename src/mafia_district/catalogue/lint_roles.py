"""What makes a role one that can be played: it can do what it says, and it can win.

Verbs and goals are code, so a role may have those that some built-in role has. Who must be
eliminated wins by outliving the others: a faction, or a killer without one. All others win with a
side, or reach a goal of their own.

The order of two actions is in doubt where each can modify the other. That is no fault, for the
night settles it; but who writes such roles should know how.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final, TypeAlias, get_args

from mafia_district.cast import KILLS, kills_alone
from mafia_district.catalogue.records import goal
from mafia_district.catalogue.rows import Known, Row, Said
from mafia_district.near import hint
from mafia_district.night import ambiguous
from mafia_district.night.deed import Deed, Place, Verb
from mafia_district.night.verbs import VERBS
from mafia_district.roles import ROLES, Ability, Alignment, Role, book_of
from mafia_district.roles.modifiers import MODIFIERS

Values: TypeAlias = Mapping[str, Any]

TOWN: Final = "town"
CULT: Final = ROLES["cultist"].faction

# What a role may do, and what it may win by without a side; both are the business of code.
ABLE: Final = tuple(sorted({own.verb for row in ROLES.values() for own in row.abilities}))
GOALS: Final = tuple(
    sorted(
        {
            row.wins
            for row in ROLES.values()
            if row.alignment == "neutral" and not row.faction and not kills_alone(row)
        }
    )
)
GOAL_FIELDS: Final = ("alignment", "name", "faction", "wins")  # what says by what a role wins
ONE_AT_A_TIME: Final = ("hide", "babysit", "recruit")  # verbs that know of one person a night


def role(values: Values, known: Known) -> Said:
    """Ask what no table can tell of a role; who wins can be told only where its side can."""
    yield from _powers(values)
    if values.get("alignment") in get_args(Alignment):
        yield from _truths(values)
        if all(field in values for field in (*GOAL_FIELDS, "abilities")):
            yield from _belongs(values, known)


def ability(values: Values, known: Known) -> Said:
    """Ask whether an ability can reach as far as it says."""
    verb = values.get("verb")
    if values.get("reach") == "place" and verb in ABLE:
        why = bounds(VERBS[verb]) if verb in VERBS else ("is not done at night",)
        yield from (f"reach cannot be 'place': {verb} {reason}" for reason in why)


def bounds(row: Verb) -> Said:
    """Say why a verb cannot land on everybody in a place."""
    if row.asks:
        yield "asks, and would tell who was there"
    if not row.targets:
        yield "names nobody"
    if row.names_two:
        yield "names two"
    if row.name in ONE_AT_A_TIME:
        yield "is done to one at a time"
    if row.modifies(Deed(0, row, 0, 0), Deed(0, row, 1, 1)):
        yield "would stop its own actor, who may be there"


def _verbs(values: Values) -> list[str]:
    """List the verbs of a role that can be read."""
    return [own["verb"] for own in values.get("abilities", ()) if own.get("verb") in ABLE]


def _powers(values: Values) -> Said:
    verbs = _verbs(values)
    for verb in dict.fromkeys(verbs):
        if verbs.count(verb) > 1:
            yield f"abilities has {verb} {verbs.count(verb)} times: a role has each verb once"
    if verbs and "vanilla" in values.get("traits", ()):
        yield "traits has 'vanilla', which is to have no power: leave it out, or the abilities"


def _truths(values: Values) -> Said:
    """Find powers that would tell others something that is not so."""
    if values["alignment"] != TOWN:
        if "befriend" in _verbs(values):
            yield "befriend says that one is of the town: it is for the town alone"
        if "mason" in values.get("traits", ()):
            yield "traits has 'mason', and all masons are of the town: make it 'neighbor'"
    if "recruit" in _verbs(values) and _faction(values) != CULT:
        yield f"who is recruited joins the {CULT}: make its faction {CULT!r}"


def _faction(values: Values) -> str:
    return values.get("faction") or ("mafia" if values["alignment"] == "mafia" else "")


def _goal(values: Values) -> str:
    return goal(*(values.get(field, "") for field in GOAL_FIELDS))


def _sides(known: Known) -> set[tuple[str, str]]:
    """List the factions of all roles, each with what a role of it wins by."""
    built_in = {(row.faction, row.wins) for row in ROLES.values() if row.name not in known["roles"]}
    rows = [row.values for row in known["roles"].values() if "alignment" in row.values]
    own = {(_faction(values), _goal(values)) for values in rows}
    return {(faction, wins) for faction, wins in built_in | own if faction}


def _belongs(values: Values, known: Known) -> Said:
    """Find a role that cannot win, or stands on two sides."""
    faction, wins, sides = _faction(values), _goal(values), _sides(known)
    if faction and TOWN in (faction, values["alignment"]):
        yield f"faction {faction!r} makes an enemy of it: the town has none, so leave faction out"
    if values["alignment"] == TOWN:
        if values["wins"] not in ("", TOWN):
            yield f"wins {wins!r} is unreachable: it wins with the town, so leave wins out"
    elif faction and faction != TOWN:
        yield from _of_a_faction(values, wins, sides)
    elif not faction:
        yield from _on_its_own(values, wins, sorted({name for name, _ in sides}))


def _of_a_faction(values: Values, wins: str, sides: Container[tuple[str, str]]) -> Said:
    """Find a faction that nobody can win with, and a member who waits for another's win."""
    faction = _faction(values)
    if (faction, faction) not in sides:
        yield f"nobody can win with the faction {faction!r}: leave wins out of one of its roles"
    elif wins != faction:
        yield f"wins {wins!r} is unreachable: its faction is {faction!r}, so leave wins out"


def _on_its_own(values: Values, wins: str, factions: Sequence[str]) -> Said:
    """Find a neutral role of no faction that waits for what never comes."""
    kills = any(_meant(own.get("verb", "")) in KILLS for own in values.get("abilities", ()))
    if kills and wins in (TOWN, *factions):
        yield f"wins {wins!r} is unreachable: that side wins when such a killer is dead"
    if kills or wins in (TOWN, *factions, *GOALS):
        return
    goals = (*GOALS, TOWN, *factions)
    fault = f"wins {wins!r} is unreachable" if values["wins"] else "wins is missing"
    yield f"{fault}: who does not kill wins by one of {', '.join(goals)}{hint(wins, goals)}"


def _meant(verb: str) -> str:
    """Give the verb that is meant by a misspelt one, which somebody has complained about."""
    return (get_close_matches(verb, ABLE, n=1) or [verb])[0]


def remarks(rows: Iterable[Row]) -> list[str]:
    """List what the author of these rows' roles should know, though none of it is a fault."""
    roles = [row for row in rows if row.table == "roles" and row.key]
    return [f"{row.label}: {said}" for row in roles for said in (*_named(row, roles), *_idle(row))]


def _named(row: Row, roles: Sequence[Row]) -> Said:
    """Find a name by which another role is known already."""
    if row.key in ROLES:
        yield "replaces the built-in role of that name"
        return
    if not row.key.startswith(tuple(f"{name}_" for name in MODIFIERS)):
        return
    others = tuple(Role(other.key, TOWN, "") for other in roles if other.key != row.key)
    if book_of(others).find(row.key) is not None:
        yield "its name is that of another role with a modifier before it, which it replaces"


def _idle(row: Row) -> Said:
    """Find a power that its bearer alone can do nothing with."""
    verbs = _verbs(row.values)
    if "ignite" in verbs and "douse" not in verbs:
        yield "can ignite and not douse: without somebody else who douses, nobody burns"


def doubts(rows: Iterable[Row]) -> list[str]:
    """List each pair of verbs of these rows' roles whose order is in doubt, and what settles it.

    Blocks of each other are none: every house has its answer to them. Nor is a verb that only one
    role has: two who hold the same role are equals.
    """
    held = {row.key: _verbs(row.values) for row in rows if row.table == "roles" and row.key}
    roles = [Role(name, TOWN, "", abilities=tuple(map(Ability, held[name]))) for name in held]
    return [
        f"{_holders(held, pair)}: the order of {pair[0]} and {pair[1]} is ambiguous, as each can"
        f" modify the other: {_settled(*pair)}"
        for pair in ambiguous(roles)
        if _matters(held, *pair)
    ]


def _matters(held: Mapping[str, list[str]], one: str, other: str) -> bool:
    if VERBS[one].place is VERBS[other].place is Place.BLOCK:
        return False
    return one != other or sum(one in verbs for verbs in held.values()) > 1


def _holders(held: Mapping[str, list[str]], pair: tuple[str, str]) -> str:
    names = [repr(name) for name, verbs in held.items() if any(verb in pair for verb in verbs)]
    return f"roles {', '.join(names)}"


def _settled(one: str, other: str) -> str:
    """Say what the night does where the golden rule does not tell the order."""
    first, second = sorted((VERBS[one], VERBS[other]), key=lambda row: row.place)
    if first.place is second.place:
        return "in a loop the lower seat acts first"
    return f"in a loop the fixed list lets {first.name} act first"
