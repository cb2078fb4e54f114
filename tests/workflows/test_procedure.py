"""The procedure read from top to bottom, run as plain functions: no Prefect server is needed."""

import asyncio

import pytest
from sqlmodel import select

from cases.rules.machine import CaseState
from cases.rules.waiting import Stage
from cases.tables.case_file import CaseRow
from core.audit import AuditRow
from core.db import Database
from core.outbox import OutboxRow
from tests.builders.procedure import a_team, an_agreed_plan, an_approved_assessment
from workflows import procedure


def advance(case_id: str):
    return asyncio.run(procedure.advance_plainly(case_id))


def state_of(database: Database, case_id: str) -> str:
    with database.unit_of_work() as session:
        return session.exec(select(CaseRow.state).where(CaseRow.id == case_id)).one()


def effects_on(database: Database) -> tuple[int, int]:
    with database.unit_of_work() as session:
        audit = session.exec(select(AuditRow.n)).all()
        return len(audit), len(session.exec(select(OutboxRow.id)).all())


@pytest.mark.rule("R3")
def test_child_with_a_trigger_goes_to_the_panel_once_the_assessment_is_approved(
    standing: Database,
) -> None:
    with standing.unit_of_work() as session:
        team = a_team(session)
        an_approved_assessment(session, team, considered=("durable_solution",), bid_required=True)

    waiting = advance(team.case_id)

    assert state_of(standing, team.case_id) == CaseState.BID_REQUIRED
    assert waiting.stage is Stage.SITTING
    assert waiting.name == "Awaiting BID assessor"


def test_child_without_a_trigger_gets_a_plan_and_the_procedure_waits_for_its_agreement(
    standing: Database,
) -> None:
    with standing.unit_of_work() as session:
        team = a_team(session)
        an_approved_assessment(session, team, considered=("services_only",), bid_required=False)

    waiting = advance(team.case_id)

    assert state_of(standing, team.case_id) == CaseState.PLANNED
    assert waiting.name == "Awaiting agreed case plan"


def test_agreed_plan_is_begun_without_anybody_asking(standing: Database) -> None:
    with standing.unit_of_work() as session:
        team = a_team(session)
        an_approved_assessment(session, team, considered=("services_only",), bid_required=False)
    advance(team.case_id)
    with standing.unit_of_work() as session:
        an_agreed_plan(session, team)

    advance(team.case_id)

    assert state_of(standing, team.case_id) == CaseState.IMPLEMENTING


def test_going_through_the_procedure_again_repeats_nothing(standing: Database) -> None:
    with standing.unit_of_work() as session:
        team = a_team(session)
        an_approved_assessment(session, team, considered=("durable_solution",), bid_required=True)
    first = advance(team.case_id)
    before = effects_on(standing)

    again = advance(team.case_id)

    assert again == first
    assert effects_on(standing) == before


@pytest.mark.rule("R34")
@pytest.mark.parametrize("state", list(CaseState))
def test_new_code_takes_a_case_on_from_its_rows_in_every_state(
    standing: Database, state: CaseState
) -> None:
    """Nothing waits inside Prefect, so a case of an older release is only its rows."""
    with standing.unit_of_work() as session:
        team = a_team(session, state=state)

    advance(team.case_id)
    settled = (state_of(standing, team.case_id), effects_on(standing))
    advance(team.case_id)

    assert (state_of(standing, team.case_id), effects_on(standing)) == settled
    assert settled[0] == state  # no human act is on file that would let it move


def test_wake_up_of_something_that_is_no_case_does_no_harm(standing: Database) -> None:
    assert advance("00000000-0000-4000-8000-00000000dead").name == "No such case"
