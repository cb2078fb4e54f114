"""`python -m benchmarks`: measure and write docs/benchmarks.md."""

import argparse
import sys
import time

from benchmarks import report
from benchmarks.figures import BenchmarkFailed
from benchmarks.run import NAMES, apart


def main() -> int:
    """Run what was asked for; 1 when a benchmark ended without figures."""
    asked = _arguments()
    failed = []
    for name in asked.only or NAMES:
        print(f"{name} …", flush=True)
        begun = time.monotonic()
        try:
            figures, versions = apart(name, quick=asked.quick)
        except BenchmarkFailed:
            failed.append(name)
            continue
        if asked.quick:
            print(report.table(figures), flush=True)
            continue
        text = report.section(figures, versions, time.monotonic() - begun)
        print(text, flush=True)
        report.write(name, text)
    for name in failed:
        print(f"{name} ended without figures; see above.", file=sys.stderr)
    return 1 if failed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--quick",
        action="store_true",
        help="tiny sizes, a smoke run: figures mean nothing and the page stays as it is",
    )
    parser.add_argument(
        "--only", action="append", choices=NAMES, metavar="NAME", help=", ".join(NAMES)
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
