"""Markdown from code: tables, and the marked blocks of a page that is otherwise written by hand.

A block stands between two comments, which no reader sees. What stands in it is written anew each
time; what stands around it is never touched.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, TypeAlias

Lines: TypeAlias = Iterator[str]

BLOCK: Final = re.compile(
    r"^<!-- generated: (?P<name>\S+) -->$.*?^<!-- end -->$", re.MULTILINE | re.DOTALL
)


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> Lines:
    """Write a Markdown table."""
    titles = list(head)
    yield "| " + " | ".join(titles) + " |"
    yield "|" + "---|" * len(titles)
    for row in rows:
        yield "| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |"
    yield ""


def names(page: str) -> tuple[str, ...]:
    """List the names of a page's blocks, as they come."""
    return tuple(block["name"] for block in BLOCK.finditer(page))


def fill(page: str, blocks: Mapping[str, Callable[[], Lines]]) -> str:
    """Write every block of a page anew; raises ValueError for one that nobody writes."""

    def written(block: re.Match[str]) -> str:
        name = block["name"]
        if name not in blocks:
            raise ValueError(f"nothing writes the block {name!r}: known are {', '.join(blocks)}")
        text = "\n".join(blocks[name]()).rstrip()
        return f"<!-- generated: {name} -->\n\n{text}\n\n<!-- end -->"

    return BLOCK.sub(written, page)


def by_hand(page: str) -> str:
    """Give what stands outside the blocks."""
    return BLOCK.sub("", page)
