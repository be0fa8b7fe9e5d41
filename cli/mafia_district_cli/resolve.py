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
from mafia_district.lab.cases import (
    OF_A_SETUP,
    BadCase,
    Case,
    check,
    no_house,
    read,
    solve,
)
from mafia_district.setups import published
from mafia_district_cli.errors import CommandError, UsageError, wrong_usage
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
    _require_house(house)
    try:
        cases = read(_load(file))
    except BadCase as fault:
        raise UsageError(_below(f"{file}: ", str(fault).splitlines())) from None
    answers, faults = _solved(cases, house, catalogue_of(catalogue))
    if checked:
        _compare(cases, answers, faults, as_json=as_json)
    elif faults:
        lines = [line for said in faults.values() for line in said.splitlines()]
        raise UsageError(_below(f"{file}: {len(faults)} cannot be played: ", lines))
    elif as_json:
        print_json(list(answers.values()))
    else:
        print_table(_told(list(answers.values())))


def _require_house(house: str) -> None:
    """Refuse a house that does not exist once, and not for each case."""
    if house.startswith(OF_A_SETUP):
        with wrong_usage():
            published(house.removeprefix(OF_A_SETUP))
    elif house and house not in HOUSES:
        raise UsageError(f"--house: {no_house(house)}")


def _below(head: str, lines: list[str]) -> str:
    """Put a single fault behind its head, and several below it."""
    return head + lines[0] if len(lines) == 1 else "\n".join([head.rstrip(": "), *lines])


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
        return json.loads(file.read_bytes(), object_pairs_hook=_once)
    except BadCase as fault:
        raise UsageError(f"{file}: {fault}") from None
    except OSError as fault:
        raise UsageError(f"{file}: {fault.strerror}") from None
    except (ValueError, RecursionError) as fault:
        raise UsageError(f"{file} is no JSON: {fault}") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of its pairs, of which no two may have one name: the first would be lost."""
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise BadCase(f"{name!r} stands twice in one object: give each its own name")
    return dict(pairs)


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
    cases: list[Case], answers: dict[str, Answer], faults: dict[str, str], *, as_json: bool
) -> None:
    """Say how many cases agree; raise CommandError with every disagreement."""
    checked = [_verdict(case, answers, faults) for case in cases]
    lines = [f"case {each['id']}: {line}" for each in checked for line in each["differences"]]
    if as_json:
        print_json(checked)
    told = _counted([each["agrees"] for each in checked])
    if lines:
        raise CommandError("\n".join([told, *lines]))
    if not as_json:
        print(told)


def _verdict(case: Case, answers: dict[str, Answer], faults: dict[str, str]) -> Answer:
    """Give a case's answer, and whether it is what is expected; None where nothing is."""
    if case.id in faults:
        said = [line.removeprefix(f"case {case.id}") for line in faults[case.id].splitlines()]
        differences = [f"cannot be played: {line.lstrip(':, ')}" for line in said]
        return {"id": case.id, "agrees": False, "differences": differences}
    differences = check(case, answers[case.id])
    agrees = not differences if case.expected else None
    return answers[case.id] | {"agrees": agrees, "differences": differences}


def _counted(verdicts: list[bool | None]) -> str:
    """Count the cases that agree, or those that differ if any does."""
    wrong, silent = verdicts.count(False), verdicts.count(None)
    said = f"{wrong} of {len(verdicts)} cases differ"
    if not wrong:
        said = f"{verdicts.count(True)} of {len(verdicts)} cases agree"
    return f"{said}, {silent} expect{'s' * (silent == 1)} nothing" if silent else said
