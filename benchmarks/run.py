"""Run benchmarks, each in a process of its own, so that none is measured in the litter of another."""

import importlib
import json
import subprocess
import sys
import warnings
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from benchmarks.figures import BenchmarkFailed, Figure

ROOT: Final = Path(__file__).resolve().parents[1]
NAMES: Final = (
    "act",
    "imports",
    "audit_chain",
    "case_lists",
    "power_cuts",
    "delivery",
    "exchange_storm",
    "sealed_files",
    "broken_files",
    "documents",
    "exchange",
    "papers",
    "planning",
    "planning_year",
)
MARK: Final = "figures: "


def apart(name: str, *, quick: bool) -> tuple[list[Figure], list[str]]:
    """Run one benchmark in a process of its own; returns its figures and the versions it met.

    Raises:
        BenchmarkFailed: it ended without figures.
    """
    command = [sys.executable, "-m", "benchmarks.run", name, *(["--quick"] if quick else [])]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    for line in reversed(done.stdout.splitlines()):
        if line.startswith(MARK):
            found = json.loads(line.removeprefix(MARK))
            return [Figure(**item) for item in found["figures"]], found["versions"]
    raise BenchmarkFailed(name)


def here(name: str, *, quick: bool) -> tuple[Sequence[Figure], Sequence[str]]:
    """Run one benchmark in this process."""
    module = importlib.import_module(f"benchmarks.{name}")
    figures: Sequence[Figure] = module.measure(quick=quick)
    return figures, getattr(module, "versions", list)()


def main(arguments: Sequence[str]) -> None:
    """Run the named benchmark and print its figures as one line of JSON."""
    warnings.simplefilter("ignore")
    figures, versions = here(arguments[0], quick="--quick" in arguments)
    found = {"figures": [asdict(figure) for figure in figures], "versions": list(versions)}
    print(MARK + json.dumps(found), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
