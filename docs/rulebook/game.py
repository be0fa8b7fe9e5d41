"""The numbers of the game itself: seats, roles, phases, talk, and how the presets differ."""

from collections.abc import Iterable

from marked import Lines, table

from mafia_district import Rules
from mafia_district.clock import MAX_EXTENSION_SECONDS
from mafia_district.roles import ROLES
from mafia_district.roster import MAX_NAME
from mafia_district.setup import OR
from rulebook.words import CLASSIC, DISTRICT, count, prose, seconds, title


def seats() -> Lines:
    """Say how large tables are."""
    small, large = DISTRICT, CLASSIC
    yield from prose(
        f"A table of the district has {small.min_seats} to {small.max_seats} seats, a classic one "
        f"{large.min_seats} to {large.max_seats}. A name has 1 to {MAX_NAME} characters. The "
        f"countdown after the host's start takes {seconds(DISTRICT.countdown_ms)}."
    )


def counts(rules: Rules) -> Lines:
    """Write the default counts of a preset's roles, by seats."""
    setups = {
        seats: dict(rules.setup(seats).roles)
        for seats in range(rules.min_seats, rules.max_seats + 1)
    }
    roles = list(dict.fromkeys(role for setup in setups.values() for role in setup))
    yield from table(
        ("seats", *map(title, roles)),
        ((seats, *(setup.get(role, "") for role in roles)) for seats, setup in setups.items()),
    )


def cast(rules: Rules) -> tuple[str, ...]:
    """List the roles that a preset deals by default."""
    tables = range(rules.min_seats, rules.max_seats + 1)
    dealt = [role for seats in tables for role, _ in rules.setup(seats).roles]
    return tuple(dict.fromkeys(name for role in dealt for name in role.split(OR)))


def roles(names: Iterable[str]) -> Lines:
    """Describe some roles."""
    sides = {"neutral": "nobody's"}
    rows = [ROLES[name] for name in names]
    yield from table(
        ("role", "side", "what it does"),
        ((row.title, sides.get(row.alignment, row.alignment), row.summary) for row in rows),
    )


def district_roles() -> Lines:
    """Describe the roles of the district."""
    yield from roles(cast(DISTRICT))


def classic_roles() -> Lines:
    """Describe all other roles."""
    yield from roles(name for name in ROLES if name not in cast(DISTRICT))


def phases() -> Lines:
    """Say how long the phases are."""
    rows = [("day", "day_ms"), ("evening", "evening_ms"), ("night", "night_ms")]
    yield from table(
        ("phase", "district", "classic"),
        (
            (
                phase,
                seconds(getattr(DISTRICT, rule)),
                seconds(getattr(CLASSIC, rule)) if phase != "evening" else "",
            )
            for phase, rule in rows
        ),
    )


def extending() -> Lines:
    """Say how far a phase may be extended."""
    yield from prose(
        f"A phase may be extended {count(DISTRICT.extensions, 'time')}, each time by 1 to "
        f"{MAX_EXTENSION_SECONDS} whole seconds."
    )


def messages() -> Lines:
    """Say how long and how many messages may be."""
    yield from prose(
        f"A message has 1 to {DISTRICT.message_length} characters, and a player may send "
        f"{DISTRICT.messages} in {seconds(DISTRICT.message_window_ms)}."
    )


def stalemate() -> Lines:
    """Say when nothing happens any more."""
    yield from prose(
        f"It is also a draw after {count(DISTRICT.stalemate_days, 'day')} in a row without a death."
    )


def differences() -> Lines:
    """List the rules in which the presets differ."""
    pairs = zip(DISTRICT.describe(), CLASSIC.describe(), strict=True)
    yield from table(
        ("rule", DISTRICT.name, CLASSIC.name, "meaning"),
        (
            (f"`{name}`", f"`{one}`", f"`{other}`", doc)
            for (name, one, doc), (_, other, _) in pairs
            if one != other and name != "name"
        ),
    )


def trials() -> Lines:
    """Write how long trials take, and how many there are."""
    yield from prose(
        f"A defence takes {seconds(CLASSIC.trial_ms)}, a judgement {seconds(CLASSIC.judgement_ms)},"
        f" and there are at most {count(CLASSIC.trials_a_day, 'trial')} a day. A twilight takes"
        f" {seconds(CLASSIC.twilight_ms)} at the most."
    )
