"""Lists of cases: in order, page by page, and only what one may know of."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from cases.rules.access import Basis
from cases.rules.machine import CaseState
from cases.service.access import grant_access
from cases.service.files import id_of_code, list_files, wanted
from cases.store import case_files
from cases.store.case_files import After, Wanted
from core.actors import Role
from core.errors import BadInput, NotThere
from tests.builders.cases import (
    OFFICE,
    OTHER_OFFICE,
    a_caseworker,
    a_person_of_the_country,
    a_person_on_own_cases,
    a_registered_case,
    a_supervisor,
)


def test_a_list_shows_the_most_urgent_first_and_then_the_longest_waiting(session, now):
    old = a_registered_case(session, priority="high", opened_at=now - timedelta(days=3))
    new = a_registered_case(session, priority="high", opened_at=now)
    urgent = a_registered_case(session, priority="emergency", opened_at=now)

    page = list_files(session, a_caseworker(), wanted(), now=now)

    assert [row.id for row in page.rows] == [urgent.id, old.id, new.id]


def test_pages_show_every_case_once_also_when_many_began_at_the_same_moment(session, now):
    ids = {a_registered_case(session, opened_at=now).id for _ in range(7)}
    worker = a_caseworker()

    seen, cursor = [], None
    while True:
        page = list_files(session, worker, wanted(), limit=3, cursor=cursor, now=now)
        seen += [row.id for row in page.rows]
        cursor = page.cursor
        if cursor is None:
            break

    assert len(seen) == 7
    assert set(seen) == ids


def test_own_cases_of_another_office_are_in_the_list_and_foreign_ones_are_not(session, now):
    worker = a_caseworker()
    mine = a_registered_case(session, owner=worker, office=OTHER_OFFICE)
    a_registered_case(session, office=OTHER_OFFICE)

    assert [row.id for row in list_files(session, worker, wanted(), now=now).rows] == [mine.id]


def test_a_national_secretariat_sees_coded_rows_of_every_office(session, now):
    ids = {a_registered_case(session, office=office).id for office in (OFFICE, OTHER_OFFICE)}

    page = list_files(session, a_person_of_the_country(Role.SECRETARIAT), wanted(), now=now)

    assert {row.id for row in page.rows} == ids


def test_lists_are_narrowed_by_state_priority_detention_and_to_ones_own(session, now):
    worker = a_caseworker()
    ready = a_registered_case(session, state=CaseState.BID_READY)
    held = a_registered_case(session, priority="emergency", detained=True)
    closed = a_registered_case(session, state=CaseState.CLOSED)
    mine = a_registered_case(session, owner=worker)

    def ids(**changes: Any) -> Any:
        return {row.id for row in list_files(session, worker, wanted(**changes), now=now).rows}

    assert ids(state=CaseState.BID_READY) == {ready.id}
    assert ids(priority="emergency") == {held.id}
    assert ids(detained=True) == {held.id}
    assert ids(ended=True) == {closed.id}
    assert ids(mine=True) == {mine.id}


def test_a_task_sheet_is_not_a_case_in_the_list(session, now):
    row, escort = a_registered_case(session), a_person_on_own_cases(Role.ESCORT)
    grant_access(session, a_supervisor(), case_id=row.id, person_id=escort.person_id,
                 basis=Basis.TASK, now=now)  # fmt: skip

    assert list_files(session, escort, wanted(), now=now).rows == ()


@pytest.mark.parametrize("cursor", ["x", "AAAA", "OXwyMDI2fGE", "MXwyMDI2LTAxLTAxfGE"])
def test_a_cursor_that_is_not_ours_is_refused(session, now, cursor):
    with pytest.raises(BadInput):
        list_files(session, a_caseworker(), wanted(), cursor=cursor, now=now)


def test_a_child_code_resolves_only_for_those_who_may_know_of_the_case(session, now):
    row = a_registered_case(session)

    assert id_of_code(session, a_caseworker(), f" {row.child_code.lower()} ", now=now) == row.id
    with pytest.raises(NotThere):
        id_of_code(session, a_caseworker(OTHER_OFFICE), row.child_code, now=now)


@pytest.mark.parametrize(
    ("person", "which"),
    [
        (a_caseworker(), Wanted()),
        (a_caseworker(), Wanted(state="bid_ready")),
        (a_person_of_the_country(Role.SECRETARIAT), Wanted()),
        (a_person_of_the_country(Role.SECRETARIAT), Wanted(state="bid_ready")),
        (a_caseworker(), Wanted(mine=True)),
    ],
)
def test_every_list_is_answered_from_an_index_without_sorting_the_whole_table(
    session, now, person, which
):
    if session.get_bind().dialect.name != "sqlite":
        return  # PostgreSQL chooses by size; the benchmark looks at 100,000 rows there
    after = After(1, now, "00000000-0000-4000-8000-000000000000")

    for query in case_files.page_queries(person, which, after=after, limit=50, now=now):
        text = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        plan = [str(row[3]) for row in session.execute(sa.text(f"EXPLAIN QUERY PLAN {text}"))]
        own = "sqlite_autoindex_case_file" in " ".join(plan)  # few rows, found by id, then sorted
        in_order = any("case_file USING INDEX ix_case_" in step for step in plan)
        assert own or (in_order and not any("ORDER BY" in step for step in plan)), plan
