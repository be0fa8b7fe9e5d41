"""Names that people give, to themselves and to their tables: to be shown, and nothing else."""

from mafia_district_servers.problems import Fault, Problem


def printable(name: str, most: int) -> str:
    """Trim a name; raises a `bad_request` problem for one that cannot be shown on one line."""
    trimmed = name.strip()
    if not 1 <= len(trimmed) <= most or not trimmed.isprintable():
        raise Problem(Fault.BAD_REQUEST, f"a name has 1 to {most} printable characters")
    return trimmed
