"""Write the reference pages from the code, so that they cannot say anything else than it does.

`python docs/generate.py` writes them; `--check` only compares, and fails where one is out of date.
The rulebook is written by hand but for its marked blocks, which `rulebook` writes, and so is the
page on roles of one's own, for which `own_roles.py` does.
"""

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import attrs
import own_roles
from marked import fill, table
from rulebook import BLOCKS

from mafia_district import Rules, wire
from mafia_district.course import CLOSINGS, REACTIONS
from mafia_district.house import HOUSES, MAFIASCUM, House, house
from mafia_district.ids import EVERYONE
from mafia_district.machine import Code, Fact
from mafia_district.night.sheet import sheet
from mafia_district.roles import ROLES, Role
from mafia_district.setups import PUBLISHED, Published, setup_of
from mafia_district.state import FACTS
from mafia_district_servers.identity import access
from mafia_district_servers.problems import Fault, status
from mafia_district_servers.settings import Settings
from mafia_district_servers.tables import ROUTES, SOCKETS

DOCS = Path(__file__).parent
NOTE = "This page is written by `docs/generate.py` from the code."


def summary(thing: object) -> str:
    """Give the first paragraph of a docstring as one line."""
    return " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())


def fields(kind: type) -> str:
    """List the fields of a record but its actor, with their types."""
    named = {name: of for name, of in inspect.get_annotations(kind).items() if name != "actor"}
    return ", ".join(f"`{name}`" for name in named) or "none"


def audience(fact: Fact) -> str:
    """Say who may know an event."""
    if callable(fact.audience):
        said = summary(fact.audience).removeprefix("Audience: ")
    else:
        said = "everyone" if fact.audience == EVERYONE else "the keeper alone"
    return said.rstrip(".") + ("; each seat its own part" if fact.form else "")


def reference() -> Iterator[str]:
    """Write the page of all names."""
    yield f"# Reference\n\n{NOTE}\n\n## Commands\n"
    yield from table(
        ("type", "fields", "meaning"),
        ((f"`{name}`", fields(kind), summary(kind)) for name, kind in wire.COMMANDS.items()),
    )
    yield "## Events\n"
    yield from table(
        ("type", "fields", "who may know it", "meaning"),
        (
            (f"`{name}`", fields(kind), audience(FACTS[kind]), summary(kind))
            for name, kind in wire.EVENTS.items()
        ),
    )
    yield "## What events bring about\n"
    yield from table(
        ("event", "reaction"),
        ((f"`{wire.NAMES[kind]}`", summary(react)) for kind, react in REACTIONS.items()),
    )
    yield "## How phases end\n"
    yield from table(
        ("phase", "what its end does"),
        ((f"`{phase.value}`", summary(close)) for phase, close in CLOSINGS.items()),
    )
    yield "## Refusals\n\nA refused command has changed nothing. Its code is one of these:\n"
    yield from (f"- `{code.value}`" for code in Code)
    yield "\n## Roles\n"
    yield from table(
        ("name", "alignment", "what it does"),
        ((f"`{role.name}`", role.alignment, role.summary) for role in ROLES.values()),
    )
    yield "## Rules\n"
    presets = [Rules.preset(name) for name in Rules.presets()]
    yield from table(
        ("rule", *(preset.name for preset in presets), "meaning"),
        (
            (f"`{name}`", *(f"`{getattr(preset, name)}`" for preset in presets), doc)
            for name, _, doc in presets[0].describe()
        ),
    )


def disclosures() -> Iterator[str]:
    """Write the page of everything that the rules let everybody know."""
    yield f"# Disclosures\n\n{NOTE}\n"
    yield "What the game lets everybody know, spectators included, is the list below; everything"
    yield "else is told to single seats or to the keeper alone ([reference](reference.md)). What"
    yield "follows from these facts is public too: when a phase ends, who lives, how many voted.\n"
    yield from table(
        ("event", "fields", "what everybody learns"),
        (
            (f"`{name}`", fields(kind), summary(kind))
            for name, kind in wire.EVENTS.items()
            if FACTS[kind].audience == EVERYONE
        ),
    )


def routes() -> Iterator[str]:
    """Write the page of all routes and problems."""
    yield f"# Routes\n\n{NOTE} How they work together: [HTTP and WebSocket](api.md).\n"
    yield from table(
        ("route", "who", "what"),
        ((f"`{row.method} {row.path}`", _WHO[row.roles], row.summary) for row in ROUTES),
    )
    yield "## WebSockets\n"
    yield from table(("path", "what"), ((f"`{row.path}`", row.summary) for row in SOCKETS))
    yield "## Problems\n\nThe `code` of an error, and the status that it comes with:\n"
    codes = sorted([*Code, *Fault], key=lambda code: code.value)
    yield from table(("code", "status"), ((f"`{code.value}`", status(code)) for code in codes))


_WHO = {
    access.ANYONE: "anyone",
    access.PLAYERS: "players",
    access.HOSTS: "hosts",
    access.ADMINS: "administrators",
    access.SERVICES: "services",
}


def settings() -> Iterator[str]:
    """Write the page of all settings."""
    yield f"# Settings\n\n{NOTE} A flag wins over a variable, a variable over the default.\n"
    yield from table(
        ("variable", "default", "meaning"),
        (
            (f"`{row.name}`", f"`{row.value}`" if row.value else "", row.doc)
            for row in Settings().table()
        ),
    )


def house_rules() -> Iterator[str]:
    """Write the page of what the houses answer."""
    yield f"# House rules\n\n{NOTE}\n"
    yield "Sites of the field answer some questions otherwise than others. A *house* is a name for"
    yield "a set of answers: `--house NAME` for `simulate` and `resolve`, any one by `--set`. The"
    yield "answers of `mafiascum` are the default, and what a house does not say is as there."
    yield "What no case of the field decides is a recommendation, which is most of `lykos`,"
    yield "`ultimafia` and `calder`.\n"
    houses = {name: house(name) for name in HOUSES}
    yield from table(
        ("switch", "question", *houses),
        (
            (f"`{row.name}`", row.metadata["doc"], *_answers(row.name, houses))
            for row in attrs.fields(House)
        ),
    )


def _answers(name: str, houses: Mapping[str, House]) -> Iterator[str]:
    """Give each house's answer, the default only once."""
    usual = getattr(MAFIASCUM, name)
    for called, own in houses.items():
        value = getattr(own, name)
        yield _shown(value) if value != usual or called == "mafiascum" else ""


def _shown(value: object) -> str:
    """Write a value as `--set` takes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def setups() -> Iterator[str]:
    """Write the page of the published setups."""
    yield f"# Setups\n\n{NOTE}\n"
    yield "A *setup* is a list of roles, or a way to draw one, and the rules that go with it. Those"
    yield "below are known by their names: `mafia-district simulate NAME` plays one, a lobby takes"
    yield "one as its `setup`, and `Rules.published` gives its rules. Of a setup that is"
    yield "drawn, everybody knows the table; what came of the draw, only the keeper until the end."
    yield "How it is drawn, and how to check that, says [the fair deal](fair-deal.md).\n"
    yield "A table below has a row for everything that the roles may come to; its *chance* is how"
    yield "likely that is, and 1 where nothing is drawn. In a table of letters, the chance is that"
    yield "of each single draw to be that letter, a row says what comes of so many of it, and"
    yield "vanilla townies fill up the rest of the seats.\n"
    yield from table(
        ("setup", "seats", "what it is"),
        ((f"[`{row.name}`](#{row.name})", _seats(row), row.summary) for row in PUBLISHED.values()),
    )
    for row in PUBLISHED.values():
        yield from _setup(row)


def _seats(row: Published) -> str:
    setup = setup_of(row.name)
    return f"{setup.seats}{', or others' if row.free else ''}" if setup else "any"


def _setup(row: Published) -> Iterator[str]:
    """Write all of one setup."""
    yield f"## {row.name}\n\n**{row.title}.** {row.summary}\n"
    if row.draw:
        head, *rows = row.draw.table()
        yield from table(head, rows)
    played = ", ".join(f"`{name}={_shown(value)}`" for name, value in row.rules.items())
    yield f"* Rules over `{row.preset}`: {played or 'none'}."
    yield from (f"* Not known: {line}" for line in row.unknown)
    yield from (f"* Played otherwise here: {line}" for line in row.departs)
    yield f"* Source: {row.source}\n"


def roles() -> Iterator[str]:
    """Write the page of all roles that are built in, in full."""
    yield f"# Roles\n\n{NOTE}\n"
    yield f"The {len(ROLES)} roles that are built in, by side. `mafia-district roles NAME` prints"
    yield "one, with [modifiers](#modifiers) before its name if you like, and you may write"
    yield "[roles of your own](roles-of-your-own.md). Where houses play a role otherwise, the"
    yield "switch of [the house's rules](house-rules.md) stands in brackets; `--set` sets it."
    yield "What a role *is told* are the words of its answers; `no_result` is that there is none.\n"
    for side, words in SIDES.items():
        yield f"## {side.title()}\n\n{words}\n"
        for role in sorted(ROLES.values(), key=lambda role: role.title):
            if role.alignment == side:
                yield from _role(role)
    yield "## Modifiers\n\nAny of these before a name makes another role of it, and several may be"
    yield "put on: `odd_night_weak_doctor`.\n"
    yield from own_roles.modifiers()


SIDES = {
    "town": "The many, who know nothing of each other, and win when their enemies are all dead.",
    "mafia": "The few, who know each other, kill together, and win with half of the votes.",
    "neutral": "Those who belong to neither, and win on their own.",
}


def _role(role: Role) -> Iterator[str]:
    """Write all of one role."""
    yield f"### {role.title}\n\n{role.description}\n"
    yield f"* name: `{role.name}`"
    yield from (f"* {label}: {said}" for label, said in sheet(role) if label != "side")
    yield ""


def rules() -> Iterator[str]:
    """Write the numbers of the rulebook, and leave its words."""
    yield fill((DOCS / "rules.md").read_text(encoding="utf-8"), BLOCKS)


def roles_of_your_own() -> Iterator[str]:
    """Write what a role may be made of, and leave the words about it."""
    yield fill((DOCS / "roles-of-your-own.md").read_text(encoding="utf-8"), own_roles.BLOCKS)


PAGES: dict[str, Callable[[], Iterator[str]]] = {
    "reference.md": reference,
    "disclosures.md": disclosures,
    "routes.md": routes,
    "settings.md": settings,
    "house-rules.md": house_rules,
    "setups.md": setups,
    "roles.md": roles,
    "rules.md": rules,
    "roles-of-your-own.md": roles_of_your_own,
}


def main(*arguments: str) -> int:
    """Write or check all pages; returns the exit code."""
    stale = 0
    for name, page in PAGES.items():
        text = "\n".join(page()).rstrip() + "\n"
        if "--check" not in arguments:
            (DOCS / name).write_text(text, encoding="utf-8")
        elif (DOCS / name).read_text(encoding="utf-8") != text:
            print(f"docs/{name} is out of date: run `python docs/generate.py`", file=sys.stderr)
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
