"""`python -m benchmarks [NAME…] [--markdown]`: run the benchmarks (default: all) and print their tables."""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from collections.abc import Sequence

from benchmarks.table import as_markdown, as_text

BENCHMARKS = ("startup", "identify", "matching", "report", "intake", "store", "sweep", "recall")


def main(arguments: Sequence[str] | None = None) -> int:
    """Tables to standard output as they come, what is going on to standard error."""
    options = _parser().parse_args(arguments)
    for name in options.names or BENCHMARKS:
        sys.stderr.write(f"{name} …\n")
        start = time.monotonic()
        for table in importlib.import_module(f"benchmarks.{name}").run():
            sys.stdout.write((as_markdown(table) if options.markdown else as_text(table)) + "\n")
            sys.stdout.flush()
        sys.stderr.write(f"{name}: {time.monotonic() - start:.0f} s\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure Camcensus; see docs/benchmarks.md."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[*BENCHMARKS, []], help=", ".join(BENCHMARKS))
    parser.add_argument("--markdown", action="store_true", help="the tables as they stand in docs/benchmarks.md")
    return parser


if __name__ == "__main__":
    sys.exit(main())
