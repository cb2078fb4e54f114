"""Rows about something new are written together, and every answer is the one the database would have given."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from cases.tables.case_file import CaseRow, ExternalIdRow
from cases.tables.names import NameKeyRow
from core import gathering, wakeups
from core.db import Database
from core.gathering import AlreadyWritten
from core.ids import new_child_code, new_id
from core.wakeups import WakeupRow
from tests.conftest import NOON


@pytest.fixture
def statements(session: Session) -> Iterator[list[str]]:
    """The tables that statements wrote to, in order."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, text: str, *_rest: object) -> None:
        if text.startswith(("INSERT", "UPDATE")):
            found.append(text.split()[2 if text.startswith("INSERT") else 1])

    engine = session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", note)
    yield found
    sa.event.remove(engine, "before_cursor_execute", note)


def a_new_case(session: Session) -> CaseRow:
    """A case begun by this unit of work."""
    row = CaseRow(
        id=new_id(), child_code=new_child_code(), country="ZM", office="ZM-01-SES", priority="high",
        state="identified", opened_at=NOON, state_since=NOON, created_by="p", changed_by="p",
        changed_at=NOON,
    )  # fmt: skip
    session.add(row)
    gathering.begin(session, row.id, row)
    return row


def add_number(session: Session, row: CaseRow, key: str) -> None:
    """A number of another system, as a row of its own."""
    session.add(ExternalIdRow(case_id=row.id, kind="other", key=key))


def a_part_that_fails(session: Session, *, is_written: bool = False) -> None:
    """A case with rows of every kind, and then a refusal."""
    with gathering.part(session):
        row = a_new_case(session)
        add_number(session, row, "1")
        gathering.append(session, NameKeyRow, case_id=row.id, kind="exact", key="k")
        wakeups.wake(session, row.id, now=NOON)
        if is_written:
            session.exec(select(CaseRow.id)).all()
        raise LookupError


def a_block_that_fails(session: Session) -> None:
    """Something goes wrong while rows are gathered."""
    with gathering.gathering(session):
        a_new_case(session)
        raise LookupError


def test_rows_of_two_subjects_are_one_statement_for_each_table_and_what_is_pointed_at_comes_first(
    session: Session, statements: list[str]
) -> None:
    with gathering.gathering(session):
        for key in ("1", "2"):
            row = a_new_case(session)
            add_number(session, row, key)
            gathering.append(session, NameKeyRow, case_id=row.id, kind="exact", key=key)
            session.flush()
        assert statements == []

    assert sorted(statements) == ["case_external_id", "case_file", "case_name_key"]
    assert statements[0] == "case_file"


def test_a_question_about_what_was_begun_is_answered_without_the_database(
    session: Session, statements: list[str]
) -> None:
    with gathering.gathering(session):
        row = a_new_case(session)
        add_number(session, row, "1")

        assert [own.key for own in gathering.held(session, ExternalIdRow, row.id) or ()] == ["1"]
        assert gathering.held(session, ExternalIdRow, "another") is None
        assert gathering.count(session, ExternalIdRow, row.id) == 1
        assert statements == []


def test_any_other_question_is_answered_with_what_was_gathered_in_the_database(
    session: Session,
) -> None:
    with gathering.gathering(session):
        row = a_new_case(session)
        add_number(session, row, "1")

        assert session.exec(select(ExternalIdRow.key)).all() == ["1"]
        assert gathering.held(session, ExternalIdRow, row.id) is None  # from here on it is asked


def test_what_changes_after_it_was_written_is_written_too(session: Session) -> None:
    with gathering.gathering(session):
        row = a_new_case(session)
        session.exec(select(CaseRow.id)).all()
        row.district = "ZM-03-CHP"

    session.expire_all()
    assert session.exec(select(CaseRow.district)).one() == "ZM-03-CHP"


def test_rows_that_hold_no_changes_are_written_before_they_are_asked_for(session: Session) -> None:
    with gathering.gathering(session):
        row = a_new_case(session)
        gathering.append(session, NameKeyRow, case_id=row.id, kind="exact", key="k")

        assert gathering.held(session, NameKeyRow, row.id) is None
        assert session.exec(select(NameKeyRow.key)).all() == ["k"]


def test_a_part_that_fails_takes_back_its_own_rows_only(session: Session) -> None:
    with gathering.gathering(session):
        with gathering.part(session):
            kept = a_new_case(session)
            wakeups.wake(session, kept.id, now=NOON)
        with pytest.raises(LookupError):
            a_part_that_fails(session)

    assert session.exec(select(CaseRow.id)).all() == [kept.id]
    assert session.exec(select(WakeupRow.subject)).all() == [kept.id]
    assert not session.exec(select(ExternalIdRow)).all()
    assert not session.exec(select(NameKeyRow)).all()


def test_a_part_that_fails_after_it_was_written_says_so(session: Session) -> None:
    with gathering.gathering(session), pytest.raises(AlreadyWritten):
        a_part_that_fails(session, is_written=True)


def test_what_was_gathered_before_a_savepoint_outlives_it(session: Session) -> None:
    with gathering.gathering(session):
        row = a_new_case(session)
        savepoint = session.begin_nested()
        add_number(session, row, "1")
        savepoint.rollback()

    assert session.exec(select(CaseRow.id)).all() == [row.id]
    assert not session.exec(select(ExternalIdRow)).all()


def test_a_savepoint_that_is_kept_is_written(session: Session) -> None:
    with gathering.gathering(session):
        row = a_new_case(session)
        with session.begin_nested():
            add_number(session, row, "1")

    assert session.exec(select(ExternalIdRow.case_id)).all() == [row.id]


def test_gathering_within_gathering_ends_with_the_outer_one(
    session: Session, statements: list[str]
) -> None:
    with gathering.gathering(session):
        with gathering.gathering(session):
            a_new_case(session)
        assert statements == []

    assert statements == ["case_file"]


def test_a_question_that_is_apart_writes_nothing(session: Session, statements: list[str]) -> None:
    with gathering.gathering(session):
        a_new_case(session)
        with gathering.apart(session):
            assert session.exec(select(NameKeyRow.key)).all() == []
        assert statements == []


def test_a_block_that_fails_leaves_a_session_that_does_not_gather(session: Session) -> None:
    with pytest.raises(LookupError):
        a_block_that_fails(session)

    assert not gathering.is_gathering(session)


def test_an_ordinary_session_writes_as_ever(database: Database) -> None:
    with Session(database.engine) as ordinary:
        with gathering.gathering(ordinary), gathering.part(ordinary):
            row = a_new_case(ordinary)
            gathering.append(ordinary, NameKeyRow, case_id=row.id, kind="exact", key="k")
            assert not gathering.is_gathering(ordinary)
            assert gathering.held(ordinary, NameKeyRow, row.id) is None
            ordinary.flush()
        assert ordinary.exec(select(NameKeyRow.key)).all() == ["k"]
