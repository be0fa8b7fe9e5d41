"""The reference pages say what the code says, and so do the numbers of the rulebook."""

import re
import shutil
from pathlib import Path
from types import ModuleType

import attrs
import pytest

from mafia_district.catalogue.records import RoleRow
from mafia_district.lab import case_file
from mafia_district.roles import Ability

LIST_MARK = re.compile(r"^\s*\d+\. ", re.MULTILINE)
NUMBER = re.compile(
    r"\d+|\b(?:three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|hundred)\b",
    re.IGNORECASE,
)


def numbers(text: str) -> list[str]:
    """List the digits of a text, and numbers in words from three on; a list's own are none."""
    return NUMBER.findall(LIST_MARK.sub("", text))


def test_the_reference_is_up_to_date(generate: ModuleType) -> None:
    """Given the code, when the pages are made anew, they are the pages that lie there."""
    assert generate.main("--check") == 0


def test_a_stale_number_is_noticed_and_mended(
    generate: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Given a rulebook with an old number, the check names the page, and to write it mends it."""
    for name in generate.PAGES:
        shutil.copy(generate.DOCS / name, tmp_path)
    monkeypatch.setattr(generate, "DOCS", tmp_path)
    page = tmp_path / "rules.md"
    right = page.read_text("utf-8")
    page.write_text(right.replace("| night | 60 s |", "| night | 61 s |"), "utf-8")

    assert generate.main("--check") == 1
    assert "docs/rules.md is out of date" in capsys.readouterr().err
    assert generate.main() == 0
    assert page.read_text("utf-8") == right


def test_the_rulebook_has_no_number_of_its_own(generate: ModuleType, marked: ModuleType) -> None:
    """Given the rulebook, no number stands in it outside the generated blocks."""
    page = (generate.DOCS / "rules.md").read_text("utf-8")
    assert numbers(marked.by_hand(page)) == []
    assert numbers("1. Six moves in 20 s, at parity.") == ["Six", "20"]


def test_every_block_has_its_place(generate: ModuleType, marked: ModuleType) -> None:
    """Given the blocks of the rulebook, the page uses each once; an unknown one is an error."""
    page = (generate.DOCS / "rules.md").read_text("utf-8")
    assert sorted(marked.names(page)) == sorted(generate.BLOCKS)
    with pytest.raises(ValueError, match="nothing writes the block 'weather'"):
        marked.fill("<!-- generated: weather -->\n<!-- end -->\n", generate.BLOCKS)


def test_the_page_on_roles_uses_every_block(generate: ModuleType, marked: ModuleType) -> None:
    """Given the blocks on roles of one's own, the page uses each once."""
    page = (generate.DOCS / "roles-of-your-own.md").read_text("utf-8")
    assert sorted(marked.names(page)) == sorted(generate.own_roles.BLOCKS)


def keys(page: str, head: str) -> list[str]:
    """List the names in the first column of the table below a line of a page."""
    table = page.split(f"\n{head}\n", 1)[1].split("|---|", 1)[1]
    rows = table.split("\n\n", 1)[0].splitlines()[1:]
    return [name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])]


def test_every_key_of_a_role_is_described(generate: ModuleType) -> None:
    """Given the tables of a role's keys and an ability's, they have those that a file may have."""
    page = (generate.DOCS / "roles-of-your-own.md").read_text("utf-8")
    assert sorted(keys(page, "## A role")) == sorted(attrs.fields_dict(RoleRow))
    assert sorted(keys(page, "## Abilities")) == sorted(attrs.fields_dict(Ability))


def test_every_key_of_a_case_is_described(generate: ModuleType) -> None:
    """Given the tables of a case's keys, an action's and an answer's, they have all there are."""
    page = (generate.DOCS / "cases.md").read_text("utf-8")
    known = (*case_file.PLAYED_KEYS, *case_file.NOTED_KEYS)
    assert sorted(keys(page, "The keys of a case:")) == sorted(known)
    assert sorted(keys(page, "The keys of an action:")) == sorted(case_file.STEP_KEYS)
    answer = "The answer, and so what may be expected:"
    assert sorted(keys(page, answer)) == sorted(case_file.EXPECTED)
