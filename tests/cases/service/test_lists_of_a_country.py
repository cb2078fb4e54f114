"""Whoever looks over a whole country sees what is late and what is to be done in it, bars excepted."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from cases.service import clock_views, clocks, tasks
from cases.service.access import bar
from cases.tables.case_file import CaseRow
from core.actors import Actor, Role
from tests.builders.cases import (
    OTHER_OFFICE,
    a_caseworker,
    a_person_of_the_country,
    a_registered_case,
    a_supervisor,
)
from tests.conftest import NOON

MUCH_LATER = NOON + timedelta(days=60)


def a_late_case(session: Session, office: str) -> CaseRow:
    """A case whose assessment is overdue and waits for a coordinator."""
    row = a_registered_case(session, owner=a_caseworker(office=office), office=office)
    clocks.open_clock(session, row.id, "D4", started_at=NOON)
    tasks.open_task(
        session, row.id, code="check", key="check", actor=a_supervisor(office=office), now=NOON,
        role=Role.COORDINATOR,
    )  # fmt: skip
    return row


def seen_by(session: Session, actor: Actor, now: datetime) -> tuple[list[str], list[str]]:
    """Cases among what is late, and among the tasks."""
    late = clock_views.late(session, actor, now=now).clocks
    found = tasks.my_tasks(session, actor, now=now).tasks
    return sorted(clock.case_id for clock in late), sorted(task.case_id for task in found)


def test_coordinator_of_a_country_sees_what_is_late_and_to_do_in_every_office(
    session: Session,
) -> None:
    both = sorted(
        row.id for row in (a_late_case(session, "ZM-07-LIV"), a_late_case(session, OTHER_OFFICE))
    )

    seen = seen_by(session, a_person_of_the_country(Role.COORDINATOR), MUCH_LATER)

    assert seen == (both, both)


@pytest.mark.rule("R14")
def test_barred_coordinator_of_a_country_sees_nothing_of_that_case(session: Session) -> None:
    open_to, closed_to = a_late_case(session, "ZM-07-LIV"), a_late_case(session, OTHER_OFFICE)
    coordinator = a_person_of_the_country(Role.COORDINATOR)
    bar(
        session, a_supervisor(), case_id=closed_to.id, person_id=coordinator.person_id,
        ref="item", ground="family_tie", now=NOON,
    )  # fmt: skip

    seen = seen_by(session, coordinator, MUCH_LATER)

    assert seen == ([open_to.id], [open_to.id])


def test_coordinator_of_another_country_sees_none_of_it(session: Session) -> None:
    a_late_case(session, OTHER_OFFICE)

    seen = seen_by(session, a_person_of_the_country(Role.COORDINATOR, country="NA"), MUCH_LATER)

    assert seen == ([], [])
