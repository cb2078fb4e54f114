"""The page docs/benchmarks.md: one table for each benchmark, between markers, written anew by a run."""

import os
import platform
import re
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks.figures import Figure, shown

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
HEAD: Final = "| figure | measured | aim | result |\n| --- | --- | --- | --- |"


def table(figures: Sequence[Figure]) -> str:
    """Return figures as a Markdown table."""
    return "\n".join([HEAD, *(_line(figure) for figure in figures)])


def section(figures: Sequence[Figure], versions: Sequence[str], seconds: float) -> str:
    """Return what stands between the markers of one benchmark: day, machine, table."""
    day = datetime.now(UTC).date().isoformat()
    return f"{day} · {machine(versions)} · took {seconds:,.0f} s\n\n{table(figures)}"


def machine(versions: Sequence[str] = ()) -> str:
    """Say what counts about this machine and nothing that names it."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    parts = [
        f"{os.cpu_count()} cores",
        f"load {load:.0f}",
        f"Python {platform.python_version()}",
        f"SQLite {sqlite3.sqlite_version}",
        *versions,
    ]
    return " · ".join(parts)


def write(name: str, text: str, page: Path = PAGE) -> None:
    """Put a section between its markers; everything else on the page stays as it is.

    Raises:
        ValueError: the page has no such markers.
    """
    before = page.read_text(encoding="utf-8")
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    after, count = pattern.subn(lambda _: f"{begin}\n{text}\n{end}", before)
    if count != 1:
        msg = f"docs/benchmarks.md needs the markers of {name} exactly once"
        raise ValueError(msg)
    page.write_text(after, encoding="utf-8")


def _line(figure: Figure) -> str:
    what = f"{figure.what} ({figure.note})" if figure.note else figure.what
    measured = f"{shown(figure.value)} {figure.unit}".strip()
    return f"| {what} | {measured} | {figure.aim} | {figure.verdict} |"
