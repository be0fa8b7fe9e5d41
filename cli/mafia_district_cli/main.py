"""The command `mafia-district`: one file a command, each loaded only when it runs.

So `odds` answers without the weight of the web server, and a command that fails to load takes no
other with it. Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 130 interrupted.
"""

import signal
import sys
from importlib import import_module, metadata
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from mafia_district_cli.errors import CommandError
from mafia_district_cli.output import complain

COMMANDS = (
    "serve", "demo", "simulate", "odds", "resolve", "replay", "roles", "setups", "check-roles",
    "items", "rules", "admin",
)  # fmt: skip
"""Names of the commands; `check-roles` is the Typer application `app` of `check_roles`."""


class LazyCommands(TyperGroup):
    """A group of commands whose modules are imported when they are asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """List the names in the order of the help page."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import the command's module and return its command, None if there is no such name."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"mafia_district_cli.{cmd_name.replace('-', '_')}")
        return typer.main.get_command(module.app)


app = typer.Typer(cls=LazyCommands, no_args_is_help=True)


def _print_version(wanted: bool) -> None:
    """Print the version and end."""
    if wanted:
        print(f"mafia-district {metadata.version('mafia-district')}")
        raise typer.Exit


@app.callback()
def mafia_district(
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    """Host, play, simulate and replay games of Mafia."""


def main() -> None:
    """Run the command line and end the process with its exit code.

    A known failure is a line on stderr for each fault. So is an unknown one, which is a bug;
    `python -X dev` shows its traceback.
    """
    if sys.argv[1:2] == ["serve"]:  # there is nothing to drain until the server takes them over
        for stop in (signal.SIGINT, signal.SIGTERM):
            signal.signal(stop, lambda *_: sys.exit(0))
    command = typer.main.get_command(app)
    try:
        command(prog_name="mafia-district")
    except CommandError as error:
        complain(str(error))
        sys.exit(error.exit_code)
    except OSError as error:
        complain(str(error))
    except Exception as bug:
        if sys.flags.dev_mode:
            raise
        complain(f"internal error, please report it: {type(bug).__name__}: {bug}")
    sys.exit(1)
