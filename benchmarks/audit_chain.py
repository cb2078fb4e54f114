"""How fast the audit log is verified: in the database, and from an exported file alone."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from benchmarks import grounds
from benchmarks.figures import Figure, median
from cli.audit import _lines
from core import audit
from core.audit import AuditHeadRow, AuditRow, Entry
from core.db import Database
from core.ids import new_id

MILLION: Final = 1_000_000
BEGUN: Final = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
ACTS: Final = ("case.read", "case.listed", "case.moved", "vote.cast", "papers.printed")
CHUNK: Final = 20_000
versions = grounds.versions


def measure(*, quick: bool) -> list[Figure]:
    """Write a log, export it, verify both; three times, the median counts."""
    count, repeats = (500, 1) if quick else (MILLION, 3)
    figures = []
    for dialect in grounds.DIALECTS:
        with grounds.fresh(dialect) as database, grounds.folder() as folder:
            _write_log(database, count)
            took = [_verify_database(database, count) for _ in range(repeats)]
            figures.append(_figure(f"audit log in the database, {dialect}", count, took))
            if dialect == "sqlite":
                file = folder / "audit.jsonl"
                _export(database, file)
                took = [_verify_file(file, count) for _ in range(repeats)]
                figures.append(_figure("audit log as an exported file", count, took))
    return figures


def _figure(what: str, count: int, took: Sequence[tuple[float, float]]) -> Figure:
    rate = count / median([seconds for seconds, _ in took])
    busy = median([processor for _, processor in took]) * MILLION / count
    note = f"{count:,} rows; 1,000,000 in {MILLION / rate:.0f} s, {busy:.0f} s of them at work"
    return Figure(f"verify the {what}", rate, "rows/s", at_least=MILLION / 60, note=note)


def _write_log(database: Database, count: int) -> None:
    """Append rows as ``record`` would, without the acts they speak of."""
    people, cases = [new_id() for _ in range(50)], [new_id() for _ in range(2_000)]
    number, prev = 0, audit.BEGINNING
    with database.engine.begin() as connection:
        for start in range(0, count, CHUNK):
            rows = []
            for _ in range(start, min(start + CHUNK, count)):
                number += 1
                at = BEGUN + timedelta(seconds=number)
                entry = _entry(number, at, people, cases)
                digest = audit.digest_of(number, prev, entry)
                rows.append(
                    {**asdict(entry), "at": at, "n": number, "prev_hash": prev, "hash": digest}
                )
                prev = digest
            connection.execute(sa.insert(AuditRow), rows)
        connection.execute(sa.insert(AuditHeadRow), [{"id": 1, "n": number, "hash": prev}])


def _entry(number: int, at: datetime, people: Sequence[str], cases: Sequence[str]) -> Entry:
    case_id = cases[number % len(cases)]
    detail = {"level": number % 5, "why": "owner", "fields": ["age_years", "languages", "names"]}
    return Entry(
        at=at.isoformat(timespec="microseconds"),
        account_id=people[number % len(people)],
        person_id=people[number % len(people)],
        action=ACTS[number % len(ACTS)],
        thing="case",
        thing_id=case_id,
        case_id=case_id,
        detail=json.dumps(detail, sort_keys=True, separators=(",", ":")),
        request_id=case_id,
    )


def _verify_database(database: Database, count: int) -> tuple[float, float]:
    begun = _now()
    with database.unit_of_work() as session:
        verdict = audit.verify_database(session)
    return _checked(verdict, count, begun)


def _verify_file(file: Path, count: int) -> tuple[float, float]:
    begun = _now()
    return _checked(audit.verify(_lines(file)), count, begun)


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _checked(verdict: audit.Verdict, count: int, begun: tuple[float, float]) -> tuple[float, float]:
    """Return seconds, and seconds this process was at work; a busy machine makes it wait."""
    ended = _now()
    if not verdict.holds or verdict.rows != count:
        msg = f"the log does not hold at row {verdict.first_bad}"
        raise RuntimeError(msg)
    return ended[0] - begun[0], ended[1] - begun[1]


def _export(database: Database, file: Path) -> None:
    with database.unit_of_work() as session, file.open("w", encoding="utf-8") as out:
        out.writelines(_as_lines(audit.rows_in_order(session)))


def _as_lines(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"
