"""The rows of a list are written together: the same as one by one, in fewer statements, each whole or not at all."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from cases.service import files, registration
from cases.service.imports import taking
from cases.service.imports.taking import Outcome, Result
from cases.store.imported import contents
from cases.tables.case_file import CaseRow
from core import audit
from core.db import Database
from core.wakeups import WakeupRow
from tests.builders.lists import OFFICE, a_json_list, a_mapped_case, count, take


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_a_refused_row_in_a_list_costs_no_other_row_and_the_list_is_written_once(
    database: Database, folder: Path, now: datetime
) -> None:
    rows = [
        a_mapped_case(n, age=45 if n in {2, 5} else 12, name_first=f"Child {n}")
        for n in range(1, 9)
    ]

    with _counted(database) as counts:
        results = [o.result for o in take(database, a_json_list(folder, rows), now)]

    assert results == [Result.REFUSED if n in {2, 5} else Result.TAKEN for n in range(1, 9)]
    assert counts["INSERT INTO case_file"] == 1
    assert count(database) == count(database, "imported_row") == 6
    with database.unit_of_work() as session:
        assert audit.verify_database(session).holds


def test_a_list_needs_as_many_statements_however_long_it_is(
    database: Database, folder: Path, now: datetime
) -> None:
    names = [f"{one}a{other}o" for one in "bdfklmnpr" for other in "bdfklmnpr"]
    found = []
    for few in (range(3), range(3, 63)):
        rows = [a_mapped_case(n, name_first=names[n]) for n in few]
        with _counted(database) as counts:
            take(database, a_json_list(folder, rows), now)
        found.append(sum(counts.values()))

    assert found[1] <= found[0] + 3


DETAINED = {"protection_concerns": ["arrested_detained"]}


@pytest.mark.parametrize(
    "more",
    [[], [a_mapped_case(99, age=45, **DETAINED)]],
    ids=["refused before anything is written", "refused when some of it is written"],
)
def test_a_list_that_is_taken_together_leaves_the_same_as_one_taken_row_by_row(
    database: Database,
    folder: Path,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    more: list[dict[str, Any]],
) -> None:
    def rows(start: int) -> list[dict[str, Any]]:
        return [
            a_mapped_case(start + 1, risk_level="low", name_first="Abe"),
            a_mapped_case(start + 2, age=45, name_first="Bo"),
            a_mapped_case(start + 3, name_first="Chola", **DETAINED),
            a_mapped_case(start + 4, name_first="", name_last="", name="Lone"),
            a_mapped_case(start + 5, name_first="a b c d e f", name_last="g h k l m n"),
            a_mapped_case(start + 6, risk_level="high", owned_by="", name_first="Efa"),
            a_mapped_case(start + 6, name_first="The same row again"),
            a_mapped_case(start + 7, status="closed"),
            *more,
        ]

    together = take(database, a_json_list(folder, rows(10)), now)
    monkeypatch.setattr(taking, "_together", taking._one_by_one)
    apart = take(database, a_json_list(folder, rows(20)), now)

    assert [(o.result, o.complaints) for o in together] == [(o.result, o.complaints) for o in apart]
    one, other = (_left_by(database, outcomes) for outcomes in (together, apart))
    assert len(one) == 5
    assert one == other


def test_two_alike_children_in_one_list_are_hinted_at_for_the_later_one(
    database: Database, folder: Path, now: datetime
) -> None:
    rows = [a_mapped_case(n, name_first="Chanda", case_id_display=f"n{n}") for n in (1, 2, 3)]

    assert [o.hints for o in take(database, a_json_list(folder, rows), now)] == [0, 1, 2]


def test_a_row_that_stands_twice_in_a_list_is_taken_once(
    database: Database, folder: Path, now: datetime
) -> None:
    path = a_json_list(folder, [a_mapped_case(1), a_mapped_case(1), a_mapped_case(1, age=9)])

    results = [o.result for o in take(database, path, now)]

    assert results == [Result.TAKEN, Result.KNOWN, Result.CHANGED]
    assert count(database) == 1


def test_a_child_code_that_is_taken_is_drawn_again_for_a_list_too(
    database: Database, folder: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["KQ7M-3RTX-9A"] * 4 + ["KQ7M-3RTX-9C", "KQ7M-3RTX-9D"])
    monkeypatch.setattr(registration, "new_child_code", lambda: next(drawn))

    outcomes = take(database, a_json_list(folder, [a_mapped_case(1), a_mapped_case(2)]), now)

    assert [o.child_code for o in outcomes] == ["KQ7M-3RTX-9A", "KQ7M-3RTX-9C"]
    assert count(database) == 2


def test_a_list_that_another_import_took_meanwhile_is_known(
    database: Database, folder: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_json_list(folder, [a_mapped_case(1), a_mapped_case(2)])
    take(database, path, now)
    looked: list[int] = []

    def too_early(*args: Any, **named: Any) -> dict[str, str]:
        looked.append(1)
        return {} if len(looked) == 1 else contents(*args, **named)

    monkeypatch.setattr("cases.service.imports.taking.store.contents", too_early)

    assert [o.result for o in take(database, path, now)] == [Result.KNOWN, Result.KNOWN]
    assert count(database) == 2


def test_numbers_of_an_office_go_on_where_a_list_stopped(
    database: Database, folder: Path, now: datetime
) -> None:
    for start in (1, 4):
        rows = [a_mapped_case(start), a_mapped_case(start + 1, age=45), a_mapped_case(start + 2)]
        take(database, a_json_list(folder, rows), now)

    with database.engine.connect() as connection:
        found = connection.execute(sa.text("SELECT local_number FROM case_file")).scalars().all()
    assert sorted(found) == [f"{OFFICE}/2026/{n:05d}" for n in range(1, 5)]


@contextmanager
def _counted(database: Database) -> Iterator[Counter[str]]:
    """Count statements by their first words."""
    counts: Counter[str] = Counter()

    def count(_connection: object, _cursor: object, text: str, *_rest: object) -> None:
        counts[" ".join(text.split()[:3])] += 1

    sa.event.listen(database.engine, "before_cursor_execute", count)
    yield counts
    sa.event.remove(database.engine, "before_cursor_execute", count)


COMPARED = {
    "case_history": "n, transition, from_state, to_state, is_human, facts",
    "deadline": "code, occurrence, due_at, priority, met_at, closed_at, next_level_at",
    "case_access": "basis, level",
    "case_name_key": "kind, key",
    "imported_row": "mapping",
    "detention": "place_type, since, released_at",
    "task": "code, role, due_at, done_at",
    "audit": "action, thing",
}


def _left_by(database: Database, outcomes: list[Outcome]) -> list[Any]:
    """Everything in clear about the children of a list, without ids and numbers."""
    codes = [o.child_code for o in outcomes if o.result is Result.TAKEN]
    with database.unit_of_work() as session:
        return [_about(session, code) for code in codes]


def _about(session: Session, code: str) -> Any:
    row = session.exec(select(CaseRow).where(CaseRow.child_code == code)).one()
    clear = row.model_dump(
        exclude={"id", "child_code", "local_number", "version", "restricted", "sensitive"}
    )
    rows = {
        table: sorted(
            str(tuple(found))
            for found in session.execute(
                sa.text(f"SELECT {columns} FROM {table} WHERE case_id = :id"), {"id": row.id}
            )
        )
        for table, columns in COMPARED.items()
    }
    moved = sa.text(
        "SELECT kind, reason, due_before, due_after FROM deadline_change WHERE deadline_id IN "
        "(SELECT id FROM deadline WHERE case_id = :id)"
    )
    changes = sorted(str(tuple(found)) for found in session.execute(moved, {"id": row.id}))
    sealed = files.restricted_of(session, row), files.sensitive_of(session, row)
    sealed[0].pop("external_ids")
    woken = session.get(WakeupRow, row.id)
    assert woken is not None
    return clear, rows, changes, sealed, woken.is_pending
