"""Benchmarks that are programs of their own and print their figures as lines of JSON."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from benchmarks.figures import BenchmarkFailed

ROOT: Final = Path(__file__).resolve().parents[1]


def printed_by(module: str, *arguments: object) -> list[dict[str, Any]]:
    """Run a module and return the objects it printed, also when it ends by saying that an aim was missed.

    Raises:
        BenchmarkFailed: it printed none.
    """
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if not found:
        raise BenchmarkFailed(module)
    return found
