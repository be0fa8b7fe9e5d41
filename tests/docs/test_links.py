"""Every link inside the documents leads somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as the common renderers make them."""
    headings = HEADING.findall(FENCED.sub("", page.read_text("utf-8")))
    kept = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in kept}


def leads_nowhere(page: Path, link: str) -> bool:
    """Tell whether a relative link misses its file, or its heading within a page."""
    path, _, anchor = link.partition("#")
    target = page.parent / path if path else page
    return not target.exists() or bool(anchor and anchor not in anchors(target))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Given a page, each relative link names a file that exists and a heading in it."""
    links = LINK.findall(FENCED.sub("", page.read_text("utf-8")))
    inner = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in inner if leads_nowhere(page, link)] == []


def test_a_broken_link_is_noticed() -> None:
    """Given a link to a missing file or heading, the check says so."""
    page = ROOT / "docs" / "glossary.md"
    assert leads_nowhere(page, "missing.md")
    assert leads_nowhere(page, "#no-such-heading")
    assert not leads_nowhere(page, "rules.md#the-lobby")
