"""The options by which a command line chooses the rules of a game."""

from collections.abc import Iterable

from mafia_district.rules import Rules
from mafia_district_cli.errors import UsageError, wrong_usage

RULES_HELP = "The kind of game."
ROLES_HELP = 'The roles and their counts, such as "5 vanilla_townie, 2 mafia_goon".'
SET_HELP = "Change a single rule; may be given many times."


def chosen_rules(
    preset: str, *, roles: str = "", first_phase: str = "", settings: Iterable[str] = ()
) -> Rules:
    """Build the rules that a command line asks for; a later and narrower option wins.

    An empty text leaves the preset's value. Raise UsageError that says what is wrong.
    """
    changes = dict(_split(setting) for setting in settings)
    changes |= {"first_phase": first_phase} if first_phase else {}
    changes |= {"roles": roles} if roles else {}
    with wrong_usage():
        return Rules.preset(preset).with_settings(changes)


def _split(setting: str) -> tuple[str, str]:
    """Split KEY=VALUE."""
    name, equals, value = setting.partition("=")
    if not equals:
        raise UsageError(f"write --set KEY=VALUE, not --set {setting}")
    return name.strip(), value.strip()
