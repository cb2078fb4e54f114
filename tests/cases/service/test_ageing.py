from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from cases.errors import SamePersonApproves
from cases.rules.ageing import Consenter
from cases.rules.machine import CaseState
from cases.service import ageing, steps, tasks
from cases.tables.ageing import ComingOfAgeRow
from core.errors import NotThere
from core.outbox import OutboxRow
from tests.builders.cases import a_caseworker, a_registered_case, a_supervisor
from tests.conftest import NOON

BORN = {"birth_date": "2009-01-20", "birth_precision": "day"}  # 18 on 20 January 2027


def _at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 9, 0, tzinfo=UTC)


@pytest.mark.rule("R57")
def test_alerts_come_twelve_six_and_three_months_before_and_once(session: Session) -> None:
    worker = a_caseworker()
    a_registered_case(
        session, owner=worker, restricted=BORN, now=_at(2025, 6, 1), state=CaseState.FOLLOW_UP
    )
    days = [
        _at(2025, 6, 2), _at(2026, 1, 19), _at(2026, 1, 20), _at(2026, 1, 21), _at(2026, 7, 20),
        _at(2026, 10, 19), _at(2026, 10, 20), _at(2027, 1, 19), _at(2027, 1, 20), _at(2027, 1, 21),
    ]  # fmt: skip

    said = [ageing.raise_alerts(session, now=day, limit=10) for day in days]

    assert said == [0, 0, 1, 0, 1, 0, 1, 0, 1, 0]
    months = [row.payload["months"] for row in session.exec(select(OutboxRow)).all()]
    assert sorted(months, key=int) == [0, 3, 6, 12]  # type: ignore[arg-type]


@pytest.mark.rule("R57")
def test_the_first_alert_asks_for_a_transition_plan(session: Session) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker, restricted=BORN)

    ageing.raise_alerts(session, now=NOON, limit=10)

    assert [t.code for t in tasks.tasks_of(session, worker, case.id, now=NOON)] == [
        "plan_transition_to_adulthood"
    ]


@pytest.mark.rule("R57")
def test_on_the_birthday_consent_moves_to_the_young_person_and_the_case_stays(
    session: Session,
) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker, restricted=BORN, state=CaseState.FOLLOW_UP)
    before = ageing.consenter_for(session, case.id, now=_at(2027, 1, 19))

    ageing.raise_alerts(session, now=_at(2027, 1, 20), limit=10)

    assert before is Consenter.GUARDIAN_WITH_ASSENT
    assert ageing.consenter_for(session, case.id, now=_at(2027, 1, 20)) is Consenter.YOUNG_PERSON
    assert steps.lock(session, case.id).state == CaseState.FOLLOW_UP


@pytest.mark.rule("R49")
def test_the_stored_day_does_not_give_the_birthday_away(session: Session) -> None:
    a_registered_case(session, restricted=BORN, now=_at(2025, 6, 1))

    ageing.raise_alerts(session, now=_at(2025, 6, 2), limit=10)

    row = session.exec(select(ComingOfAgeRow)).one()
    assert row.look_on == _at(2026, 1, 1).date()


@pytest.mark.rule("R57")
def test_a_birth_date_that_becomes_known_later_is_watched_from_then(session: Session) -> None:
    case = a_registered_case(session, restricted={})
    nothing = ageing.raise_alerts(session, now=NOON, limit=10)

    from cases.service.files import seal_into

    seal_into(session, case, restricted=BORN)
    later = NOON + timedelta(hours=1)
    steps.touch(session, case, actor=a_caseworker(), now=later)
    said = ageing.raise_alerts(session, now=later + timedelta(hours=1), limit=10)

    assert (nothing, said) == (0, 1)


@pytest.mark.rule("R57")
def test_a_stated_age_is_watched_too_and_in_doubt_the_person_stays_a_child(
    session: Session,
) -> None:
    case = a_registered_case(session, restricted={"age_years": 17, "age_stated_on": "2026-01-01"})

    said = ageing.raise_alerts(session, now=NOON, limit=10)

    assert said == 3
    assert (
        ageing.consenter_for(session, case.id, now=_at(2026, 12, 31))
        is Consenter.GUARDIAN_WITH_ASSENT
    )


def test_a_sweep_over_many_cases_takes_them_in_portions(session: Session) -> None:
    for _ in range(3):
        a_registered_case(session, restricted=BORN)

    said = [ageing.raise_alerts(session, now=NOON, limit=2) for _ in range(3)]

    assert said == [2, 1, 0]


def test_nobody_approves_the_plan_they_wrote(session: Session) -> None:
    boss = a_supervisor()
    case = a_registered_case(session, supervisor=boss)
    with pytest.raises(NotThere):
        ageing.approve_transition_plan(session, boss, case.id, now=NOON)
    ageing.write_transition_plan(
        session, boss, case.id, words="A room.", agreed_by_young_person=True, now=NOON
    )

    with pytest.raises(SamePersonApproves):
        ageing.approve_transition_plan(session, boss, case.id, now=NOON)

    assert ageing.plans_of(session, boss, case.id, now=NOON)[0].words == "A room."
