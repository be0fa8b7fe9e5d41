"""Run the benchmarks: `python -m bench [--pairs N] [NAME ...]`; fails below a floor."""

import argparse
import asyncio
import sys
from collections.abc import Callable
from typing import Final

from bench import district, engine, http, night
from bench.common import report


def main() -> int:
    """Measure what was named, or everything; the exit code is 1 if a floor is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}")
    parser.add_argument("--pairs", type=int, default=9, help="measured pairs a figure")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(BENCHES):
        parser.error(f"there is no {', '.join(sorted(unknown))}: choose of {', '.join(BENCHES)}")
    names = asked.names or BENCHES
    held = [report(name, BENCHES[name](asked.pairs)) for name in names]
    return 0 if all(held) else 1


BENCHES: Final[dict[str, Callable[[int], dict[str, list[float]]]]] = {
    "engine": engine.measure,
    "district": district.measure,
    "night": night.measure,
    "http": lambda pairs: asyncio.run(http.measure(pairs)),
}


if __name__ == "__main__":
    sys.exit(main())
