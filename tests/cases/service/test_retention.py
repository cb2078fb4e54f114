"""Files that were kept long enough are listed for those who may erase them; nothing goes by itself."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from cases.errors import RoleMayNot
from cases.rules.machine import CaseState
from cases.service import erasure
from cases.service.erasure import ErasureGround
from cases.tables.case_file import CaseRow
from core import audit
from core.actors import Actor, Role
from core.outbox import OutboxRow
from core.vault import vault_of
from tests.builders.cases import a_person_of_the_country, a_registered_case, a_supervisor
from tests.conftest import NOON

TODAY = NOON.date()
DAY = timedelta(days=1)


def an_officer(country: str = "ZM") -> Actor:
    return a_person_of_the_country(Role.DATA_PROTECTION, country=country)


def kept_until(session: Session, day: date, **columns: Any) -> CaseRow:
    return a_registered_case(session, state=CaseState.CLOSED, retain_until=day, **columns)


@pytest.mark.rule("R54")
def test_officer_sees_the_own_country_s_files_whose_time_is_over_longest_first(
    session: Session,
) -> None:
    newer, older = kept_until(session, TODAY), kept_until(session, TODAY - 9 * DAY)
    kept_until(session, TODAY + DAY)
    kept_until(session, TODAY - DAY, country="NA", office="NA-KH")
    erasure.ask_erasure(
        session, an_officer(), older.child_code, ErasureGround.RETENTION_OVER, now=NOON
    )

    listed = erasure.list_due(session, an_officer(), now=NOON)

    assert [(one.case_id, one.is_asked) for one in listed] == [(older.id, True), (newer.id, False)]
    assert "case.retention_listed" in str(audit.recorded(session))
    second_page = erasure.list_due(session, an_officer(), now=NOON, limit=1, after=older.id)
    assert [one.case_id for one in second_page] == [newer.id]


@pytest.mark.rule("R54")
@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR])
def test_nobody_else_is_shown_what_may_be_erased(session: Session, role: Role) -> None:
    with pytest.raises(RoleMayNot):
        erasure.list_due(session, a_person_of_the_country(role), now=NOON)
    with pytest.raises(RoleMayNot):
        erasure.list_due(session, a_supervisor(), now=NOON)


@pytest.mark.rule("R54", "R34")
def test_end_of_retention_is_said_once_and_erases_nothing(session: Session) -> None:
    row = kept_until(session, TODAY)

    said = [erasure.tell_of_retention(session, now=NOON + n * DAY, limit=10) for n in (-1, 0, 0, 1)]

    assert said == [0, 1, 0, 0]
    [message] = session.exec(select(OutboxRow).where(OutboxRow.topic == "case.retention_over"))
    assert message.payload == {"role": "data_protection", "country": "ZM", "count": 1}
    assert row.erased_at is None
    assert not vault_of(session).is_erased(session, row.id)


@pytest.mark.rule("R54")
def test_further_files_are_a_further_message(session: Session) -> None:
    kept_until(session, TODAY)
    kept_until(session, TODAY + 5 * DAY)

    said = [erasure.tell_of_retention(session, now=NOON + n * DAY, limit=10) for n in (0, 4, 5)]

    assert said == [1, 0, 1]
