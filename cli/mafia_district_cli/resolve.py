"""`mafia-district resolve`: what comes of a night, a day or a table, and why.

It settles an argument: the cases of a file are played through the real engine, by the rules of the
house that each names or of another. With `--check` the answers are held against what the file
expects.
"""

import json
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer
from rich.table import Table

from mafia_district.catalogue import Catalogue
from mafia_district.house import HOUSES
from mafia_district.lab.cases import BadCase, Case, check, read, solve
from mafia_district_cli.errors import CommandError, UsageError
from mafia_district_cli.output import print_json, print_table, table_of
from mafia_district_cli.rule_options import CatalogueFile, catalogue_of

Answer: TypeAlias = dict[str, Any]

app = typer.Typer(add_completion=False)


def _complete(incomplete: str) -> list[str]:
    """Offer the houses that begin so."""
    return [name for name in HOUSES if name.startswith(incomplete)]


@app.command()
def resolve(
    file: Annotated[Path, typer.Argument(help="Cases as JSON; docs/cases.md has the format.")],
    house: Annotated[
        str,
        typer.Option(
            help="House rules for all cases, whatever each names.", autocompletion=_complete
        ),
    ] = "",
    catalogue: CatalogueFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    checked: Annotated[
        bool, typer.Option("--check", help="Compare with what the file expects; 1 if any differs.")
    ] = False,
) -> None:
    """Resolve the cases of a file and say why they end so."""
    try:
        cases = read(_load(file))
    except BadCase as fault:
        raise UsageError(f"{file}: {fault}") from None
    answers, faults = _solved(cases, house, catalogue_of(catalogue))
    if faults and not checked:
        raise UsageError("\n".join([f"{file}: {len(faults)} cannot be played", *faults.values()]))
    if as_json:
        print_json(list(answers.values()))
    elif not checked:
        print_table(_told(list(answers.values())))
    if checked:
        _compare(cases, answers, faults, quiet=as_json)


def _solved(
    cases: list[Case], house: str, catalogue: Catalogue
) -> tuple[dict[str, Answer], dict[str, str]]:
    """Play the cases; give the answers, and why others cannot be played, by their ids."""
    answers, faults = dict[str, Answer](), dict[str, str]()
    for case in cases:
        try:
            answers[case.id] = solve(case, house, catalogue)
        except BadCase as fault:
            faults[case.id] = str(fault)
    return answers, faults


def _load(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes())
    except OSError as fault:
        raise UsageError(f"{file}: {fault.strerror}") from None
    except (ValueError, RecursionError) as fault:
        raise UsageError(f"{file} is no JSON: {fault}") from None


def _told(answers: list[Answer]) -> Table:
    columns = ("case", "dead", "learnt", "winners", "why")
    table = table_of(columns, map(_cells, answers))
    table.show_lines = True
    return table


def _cells(answer: Answer) -> tuple[str, ...]:
    learnt = [f"{name}: {_words(word)}" for name, word in answer["results"].items()]
    return (
        answer["id"], ", ".join(answer["deaths"]), "\n".join(learnt),
        ", ".join(answer["winners"] or ()), "\n".join(answer["why"]),
    )  # fmt: skip


def _words(word: str | list[str]) -> str:
    return ", ".join(word) or "nobody" if isinstance(word, list) else word.replace("_", " ")


def _compare(
    cases: list[Case], answers: dict[str, Answer], faults: dict[str, str], *, quiet: bool
) -> None:
    """Say how many cases agree; raise CommandError with every disagreement."""
    lines = list(faults.values())
    differing = len(faults)
    for case in cases:
        found = check(case, answers[case.id]) if case.id in answers else []
        lines += [f"case {case.id}: {line}" for line in found]
        differing += bool(found)
    if differing:
        raise CommandError("\n".join([f"{differing} of {len(cases)} cases differ", *lines]))
    if not quiet:
        print(f"{len(cases)} of {len(cases)} cases agree")
