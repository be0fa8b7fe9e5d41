"""The blocks of the page on roles of one's own: what one may be made of."""

from collections.abc import Callable, Iterator
from typing import Final

from marked import Lines, table

from mafia_district.catalogue.lint_roles import ABLE, GOALS, bounds
from mafia_district.night.awake import MEANT
from mafia_district.night.deed import Verb
from mafia_district.night.verbs import VERBS
from mafia_district.roles import HOURS, ROLES, TRAITS
from mafia_district.roles.modifiers import MODIFIERS


def verbs() -> Lines:
    """Write what a role may do."""
    yield from table(
        ("verb", "to", "when", "names", "may reach a place", "a role that does it"),
        map(_verb, ABLE),
    )


def _verb(name: str) -> Iterator[str]:
    row = VERBS.get(name)
    yield f"`{name}`"
    yield (row.do if row else MEANT[name]).format(target="a player", target2="another")
    yield HOURS.get(name, "night")
    yield _named(row) if row else "one"
    yield "yes" if row and not any(bounds(row)) else ""
    yield next(role.title for role in ROLES.values() if role.can(name))


def _named(row: Verb) -> str:
    return "two" if row.names_two else "one" if row.targets else "nobody"


def traits() -> Lines:
    """Write what a role may be by nature."""
    yield from table(("trait", "who has it"), ((f"`{name}`", TRAITS[name]) for name in TRAITS))


def goals() -> Lines:
    """Write the goals that are nobody else's."""
    rows = [(goal, next(r for r in ROLES.values() if r.wins == goal)) for goal in GOALS]
    yield from table(
        ("goal", "a role that wins by it"),
        ((f"`{goal}`", f"{role.title}: {role.summary}") for goal, role in rows),
    )


def modifiers() -> Lines:
    """Write what may stand before any role, and what each adds to what is said of it."""
    plain = ROLES["doctor"]
    added = {name: modify(plain).summary for name, modify in MODIFIERS.items()}
    yield from table(
        ("before a name", "adds"),
        ((f"`{name}_`", said.removeprefix(plain.summary).strip()) for name, said in added.items()),
    )


BLOCKS: Final[dict[str, Callable[[], Lines]]] = {
    "modifiers": modifiers,
    "verbs": verbs,
    "traits": traits,
    "goals": goals,
}
