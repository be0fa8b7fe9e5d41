"""The command line as a whole: version, help, completion, exit codes, one-line errors."""

import sys
from collections.abc import Callable
from importlib import metadata
from subprocess import CompletedProcess
from types import SimpleNamespace

import pytest
import typer

from mafia_district_cli import main as command_line
from mafia_district_cli.errors import CommandError

Run = Callable[..., CompletedProcess[str]]


def test_version_is_the_distributions(run: Run) -> None:
    """Given --version, the installed distribution's version is printed."""
    finished = run("--version")
    assert finished.returncode == 0
    assert finished.stdout == f"mafia-district {metadata.version('mafia-district')}\n"


def test_help_lists_every_command(run: Run) -> None:
    """Given --help, every command is listed with its first line."""
    finished = run("--help")
    assert finished.returncode == 0
    for name in command_line.COMMANDS:
        assert f" {name} " in finished.stdout


def test_the_shell_completes_commands(run: Run) -> None:
    """Given the beginning of a command, the shell's completion names the rest."""
    finished = run(
        _MAFIA_DISTRICT_COMPLETE="complete_bash", COMP_WORDS="mafia-district od", COMP_CWORD="1"
    )
    assert finished.stdout.split() == ["odds"]


def test_an_unknown_command_is_wrong_usage(run: Run) -> None:
    """Given a command that does not exist, the exit code is 2 and the error names it."""
    finished = run("simulte")
    assert finished.returncode == 2
    assert finished.stdout == ""
    assert "No such command 'simulte'" in finished.stderr


@pytest.mark.parametrize(
    "command", ["odds 7 2", "rules classic", "items", "roles", "simulate --games 1"]
)
def test_a_local_command_starts_without_the_web_server(
    imports: Callable[..., set[str]], command: str
) -> None:
    """Given a command that needs no network, neither aiohttp nor the servers are imported."""
    modules = imports(*command.split())
    assert f"mafia_district_cli.{command.split()[0]}" in modules
    assert not {name for name in modules if name.startswith(("aiohttp", "mafia_district_servers"))}


@pytest.mark.parametrize(
    ("raised", "code", "line"),
    [
        (CommandError("no such preset 'x'"), 1, "no such preset 'x'"),
        (CommandError("two faults\n  one\n  two"), 1, "two faults\n  one\n  two"),
        (PermissionError(13, "Permission denied", "a.log"), 1, "Permission denied: 'a.log'"),
        (KeyError("x"), 1, "internal error, please report it: KeyError: 'x'"),
        (KeyboardInterrupt(), 130, ""),
    ],
    ids=["failure", "failures", "system", "bug", "interrupt"],
)
def test_whatever_a_command_raises_ends_in_a_line_for_each_fault(
    raised: BaseException,
    code: int,
    line: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Given a command that raises, the process ends with its code, and no traceback is seen."""
    app = typer.Typer()

    @app.command()
    def breaking() -> None:
        raise raised

    monkeypatch.setattr(command_line, "COMMANDS", ("breaking",))
    monkeypatch.setitem(sys.modules, "mafia_district_cli.breaking", SimpleNamespace(app=app))
    monkeypatch.setattr(sys, "argv", ["mafia-district", "breaking"])

    with pytest.raises(SystemExit) as end:
        command_line.main()

    assert end.value.code == code
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.endswith(f"{line}\n" if line else "")
    assert output.err.count("\n") == (line.count("\n") + 1 if line else 0)
