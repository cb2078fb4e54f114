"""Queries about case plans and their actions."""

import sqlalchemy as sa
from sqlmodel import Session, col, select

from cases.tables.plan import PlanActionRow, PlanRow


def current(session: Session, case_id: str) -> PlanRow | None:
    """Return the plan in force or being drafted, read afresh."""
    query = select(PlanRow).where(PlanRow.case_id == case_id, PlanRow.status != "superseded")
    return session.exec(query.execution_options(populate_existing=True)).first()


def of_case(session: Session, case_id: str) -> list[PlanRow]:
    """Return the plans of a case, oldest first."""
    query = select(PlanRow).where(PlanRow.case_id == case_id)
    return list(session.exec(query.order_by(col(PlanRow.no))))


def of_decision(session: Session, decision_id: str) -> PlanRow | None:
    """Return the plan that carries out a decision."""
    return session.exec(select(PlanRow).where(PlanRow.decision_id == decision_id)).first()


def next_number(session: Session, case_id: str) -> int:
    """Return the number of the next plan; call with the case locked."""
    query = select(sa.func.max(PlanRow.no)).where(PlanRow.case_id == case_id)
    return (session.exec(query).one() or 0) + 1


def actions_of(session: Session, case_id: str) -> list[PlanActionRow]:
    """Return every action of a case, by plan and number."""
    query = select(PlanActionRow).where(PlanActionRow.case_id == case_id)
    order = (col(PlanActionRow.plan_id), col(PlanActionRow.no))
    return list(session.exec(query.order_by(*order)))


def actions_of_plan(session: Session, plan_id: str) -> list[PlanActionRow]:
    """Return the actions of one plan, by number."""
    query = select(PlanActionRow).where(PlanActionRow.plan_id == plan_id)
    return list(session.exec(query.order_by(col(PlanActionRow.no))))


def find_action(session: Session, case_id: str, action_id: str) -> PlanActionRow | None:
    """Return one action of one case, read afresh."""
    query = select(PlanActionRow).where(PlanActionRow.case_id == case_id)
    query = query.where(PlanActionRow.id == action_id)
    return session.exec(query.execution_options(populate_existing=True)).first()
