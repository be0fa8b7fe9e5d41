"""What a command could not do: a line for each fault, which names the fix."""

from collections.abc import Iterator
from contextlib import contextmanager


class CommandError(Exception):
    """The command was understood but cannot be done: a plain line for stderr for each fault."""

    exit_code = 1


class UsageError(CommandError):
    """The command line asks for something that cannot be."""

    exit_code = 2


@contextmanager
def wrong_usage() -> Iterator[None]:
    """Turn the library's ValueError about an argument into a usage error of the same words."""
    try:
        yield
    except ValueError as error:
        raise UsageError(str(error)) from error
