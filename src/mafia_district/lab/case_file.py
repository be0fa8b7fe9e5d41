"""Files of cases: from a JSON document to cases, and everything that is wrong with one.

What a case cannot be played with is found before it is played, all of it at once, a line for each
fault that names the case and, where it is an action's, which one. The format is described in
`docs/cases.md`, whose tables have a row for every key below; a test holds the two together.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

import attrs

from mafia_district.catalogue.lint_roles import ABLE
from mafia_district.ids import MAX_SEATS
from mafia_district.near import hint
from mafia_district.night.awake import EFFECTS
from mafia_district.night.deed import FACTION_KILL
from mafia_district.night.verbs import VERBS
from mafia_district.phases import Phase
from mafia_district.roles import Book

KINDS: Final = ("night", "day", "win")
DEAD: Final = "dead_"  # before the role of who is dead already
NO_LYNCH_WORD: Final = "no_lynch"  # what a vote may name besides players
HOUSE_SEAT: Final = "deadline"  # who lets the time run out
DEFAULT_RULESET: Final = "mafiascum"
DEFAULT_NIGHT: Final = 2

# What a case may call a verb that has another name here.
ALSO: Final[Mapping[str, tuple[str, ...]]] = {
    "faction_kill_vote": (FACTION_KILL,),
    "kill": ("kill", FACTION_KILL),
    "reveal_mayor": ("reveal",),
    "check": ("vanilla_check", "neapolitan", "rolecheck", "investigate", "gunsmith"),
    "detect": ("detect", "motion"),
}
VOTES: Final = ("vote", "unvote")
BY_DAY: Final = (*VOTES, "dies", "end_day")

FILE_KEYS: Final = ("cases", "meta")
PLAYED_KEYS: Final = ("id", "kind", "ruleset", "players", "night", "actions", "expected")
NOTED_KEYS: Final = ("note", "source", "contested", "alternatives")  # for people
STEP_KEYS: Final = ("actor", "action", "target", "target2", "night")

LIST: Final = "a list of names"
TABLE: Final = "an object"
TEXT: Final = "a text"
NUMBER: Final = "a whole number from 1"
ACTIONS: Final = "a list of actions"

# What `expected` may ask for, and how it is written.
EXPECTED: Final[Mapping[str, str]] = {
    "deaths": LIST,
    "next_night_deaths": LIST,
    "results": TABLE,
    "blocked": LIST,
    "state": TABLE,
    "phase": TEXT,
    "winners": "a list of names, or null",
    "game_over": "true or false",
    "why": "a list of texts",
}
OF_NIGHTS: Final = ("next_night_deaths",)  # what only a night can answer
OF_PLAYERS: Final = ("deaths", "next_night_deaths", "blocked")
FACTS: Final = ("vest", "shots", "role")  # of a player, in `state`
DOUSED: Final = "doused"

Said: TypeAlias = Iterator[str]


class BadCase(ValueError):
    """A case that cannot be played: a line for each reason, which names the case."""


@attrs.frozen
class Step:
    """What one player does; `night` is given where a case spans several."""

    actor: str
    action: str
    target: str = ""
    target2: str = ""
    night: int = 0


@attrs.frozen
class Case:
    """A table, what is done there, and what is expected to come of it."""

    id: str
    kind: str
    ruleset: str
    players: Mapping[str, str]
    actions: tuple[Step, ...]
    expected: Mapping[str, Any]
    night: int = DEFAULT_NIGHT  # in which it begins, or before which


def read(document: Any) -> list[Case]:
    """Read a document of cases, as JSON gives it; raises BadCase with all that is wrong."""
    if not isinstance(document, dict) or not isinstance(document.get("cases"), list):
        near = hint("cases", document) if isinstance(document, dict) else ""
        raise BadCase(f'a file of cases is {{"cases": [...]}}{near}')
    said = [*_unknown(document, FILE_KEYS), *_none_or_twice(document["cases"])]
    for place, raw in enumerate(document["cases"], 1):
        said += [f"case {_name(raw, place)}{line}" for line in _faults(raw)]
    if said:
        raise BadCase("\n".join(said))
    return [_case(raw, place) for place, raw in enumerate(document["cases"], 1)]


def _name(raw: Any, place: int) -> str:
    given = raw.get("id") if isinstance(raw, dict) else None
    return given if isinstance(given, str) else f"number {place}"


def _none_or_twice(raws: list[Any]) -> Said:
    if not raws:
        yield "there is no case in it: write one into the list"
    names = Counter(_name(raw, place) for place, raw in enumerate(raws, 1))
    for name, count in names.items():
        if count > 1:
            yield f"case {name}: is there {count} times: give each its own id"


def _case(raw: Mapping[str, Any], place: int) -> Case:
    """Make a case of what is known to be one; what is null is as if it were not there."""
    night = raw.get("night") or 0
    steps = tuple(
        Step(**{"night": night} | {key: value for key, value in step.items() if value is not None})
        for step in raw.get("actions") or ()
    )
    ruleset = raw.get("ruleset") or DEFAULT_RULESET
    wanted = raw.get("expected") or {}
    expected = {k: value for k, value in wanted.items() if value is not None or k == "winners"}
    begins = next((step.night for step in steps if step.night), night or DEFAULT_NIGHT)
    return Case(_name(raw, place), raw["kind"], ruleset, raw["players"], steps, expected, begins)


def _faults(raw: Any) -> Said:
    """Find what is wrong with the form of a case; each line begins where its name ends."""
    if not isinstance(raw, dict):
        yield ": a case is an object"
        return
    yield from (f": {line}" for line in _unknown(raw, (*PLAYED_KEYS, *NOTED_KEYS)))
    if raw.get("kind") not in KINDS:
        kind = f"its kind is {raw['kind']!r}" if "kind" in raw else "kind is missing"
        yield f": {kind}: choose {', '.join(KINDS)}{hint(str(raw.get('kind', '')), KINDS)}"
    shapes = {"id": TEXT, "ruleset": TEXT, "night": NUMBER, "actions": ACTIONS, "expected": TABLE}
    yield from (f": {line}" for line in _shaped(raw, shapes))
    yield from _players(raw.get("players"))
    if _is(raw.get("actions"), ACTIONS):
        for number, step in enumerate(raw["actions"], 1):
            yield from (f", action {number}: {line}" for line in _step(step))
    if isinstance(raw.get("expected"), dict):
        yield from (f", expected: {line}" for line in _wishes(raw["expected"], raw.get("kind")))


def _players(players: Any) -> Said:
    if not isinstance(players, dict) or not players:
        yield ': players is missing: write {"NAME": "ROLE", ...}'
        return
    if len(players) > MAX_SEATS:
        yield f": {len(players)} players are too many: a table has at most {MAX_SEATS} seats"
    for name, held in players.items():
        if not isinstance(held, str):
            yield f', player {name}: is written as a name with a role, as "{name}": "town_cop"'
        if name in (NO_LYNCH_WORD, HOUSE_SEAT):
            yield f", player {name}: that name means something else in a case: choose another"


def _step(step: Any) -> Said:
    if not isinstance(step, dict):
        yield "an action is an object"
        return
    yield from _unknown(step, STEP_KEYS)
    for key in ("actor", "action"):
        if step.get(key) is None:
            yield f"{key} is missing"
    texts = dict.fromkeys(("actor", "action", "target", "target2"), TEXT)
    yield from _shaped(step, texts | {"night": NUMBER})


def _wishes(expected: Mapping[str, Any], kind: Any) -> Said:
    yield from _unknown(expected, EXPECTED)
    yield from _shaped(expected, EXPECTED)
    for key in OF_NIGHTS:
        if key in expected and kind in KINDS and kind != "night":
            yield f"a {kind} case does not answer {key}: leave it out"


def _unknown(written: Mapping[str, Any], known: Iterable[str]) -> Said:
    for key in written:
        if key not in known:
            yield f"{key!r} is unknown: there may stand {', '.join(known)}{hint(key, known)}"


def _shaped(written: Mapping[str, Any], shapes: Mapping[str, str]) -> Said:
    """Find values of the wrong kind."""
    for key, shape in shapes.items():
        if written.get(key) is not None and not _is(written[key], shape):
            yield f"{key} must be {shape}"


def _is(value: Any, shape: str) -> bool:
    if shape in (LIST, EXPECTED["winners"], EXPECTED["why"]):
        return isinstance(value, list) and all(isinstance(name, str) for name in value)
    if shape == NUMBER:
        return type(value) is int and value >= 1
    wanted = {TEXT: str, TABLE: dict, ACTIONS: list, EXPECTED["game_over"]: bool}
    return isinstance(value, wanted[shape])


def faults(case: Case, book: Book) -> list[str]:
    """List what is wrong with the names in a case, whose roles stand in a book."""
    return [f"case {case.id}{line}" for line in _misnamed(case, book)]


def _misnamed(case: Case, book: Book) -> Said:
    for player, held in case.players.items():
        try:
            book.role(held.removeprefix(DEAD))
        except ValueError as unknown:
            yield f", player {player}: {unknown}"
    before = 0
    for number, step in enumerate(case.actions, 1):
        yield from (f", action {number}: {line}" for line in _names(case, step))
        if 0 < step.night < before:
            yield f", action {number}: night {step.night} is over by then: list night by night"
        before = max(before, step.night)
    yield from (f", expected: {line}" for line in _expects(case))


def _names(case: Case, step: Step) -> Said:
    """Find the names of an action that nobody and nothing has."""
    words = (*BY_DAY, *ALSO, *VERBS, *EFFECTS)
    if step.action not in words:
        offered = dict.fromkeys((*BY_DAY, *ALSO, *ABLE, FACTION_KILL))
        near = hint(step.action, offered, ": ") or ": the verbs are in docs/roles-of-your-own.md"
        yield f"there is no action {step.action!r}{near}"
    voting = step.action == "vote"
    if step.action != "end_day":
        yield from _somebody(case, step.actor)
    elif step.actor not in (HOUSE_SEAT, *case.players):
        yield f"the day is ended by the actor {HOUSE_SEAT!r}, not by {step.actor!r}"
    if voting and not step.target:
        yield f"target is missing: a vote names a player or {NO_LYNCH_WORD}"
    for target in filter(None, (step.target, step.target2)):
        yield from _somebody(case, target, *([NO_LYNCH_WORD] if voting else []))


def _somebody(case: Case, name: str, *besides: str) -> Said:
    known = (*case.players, *besides)
    if name not in known:
        yield f"there is no player {name!r}: there are {', '.join(known)}{hint(name, known)}"


def _expects(case: Case) -> Said:
    """Find what is expected of nobody who is there, and of nothing that there is."""
    named = [(key, name) for key in OF_PLAYERS for name in case.expected.get(key) or ()]
    named += [("results", name) for name in case.expected.get("results") or ()]
    for key, name in named:
        yield from (f"{key}: {line}" for line in _somebody(case, name))
    phases = [phase.value for phase in Phase]
    phase = case.expected.get("phase")
    if phase is not None and phase not in phases:
        yield f"there is no phase {phase!r}: choose {', '.join(phases)}{hint(phase, phases)}"
    for key in case.expected.get("state") or ():
        player, dot, fact = key.rpartition(".")
        if key == DOUSED:
            continue
        if not dot or fact not in FACTS:
            written = ", ".join(f"NAME.{fact}" for fact in FACTS)
            yield f"state: {key!r} is unknown: there may stand {written}, {DOUSED}"
        else:
            yield from (f"state: {line}" for line in _somebody(case, player))
