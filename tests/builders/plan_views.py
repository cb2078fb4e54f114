"""What tests of plans look at: the instance, a case or member in it, notices, a plan as it is shown."""

from typing import Any

from sqlmodel import Session, select

from core.outbox import OutboxRow
from panels.service import plans
from panels.service.plans import Asking, Task
from tests.builders.sittings import Court
from tests.conftest import NOON


def instance_of(session: Session, court: Court) -> dict[str, Any]:
    """What a plan asked for now would be made of."""
    plans.ask_plan(session, court.secretary, court.panel_id, Asking(), now=NOON)
    task = plans.take_up(session, runner="test", now=NOON)
    assert isinstance(task, Task)
    return task.built.instance


def case_in(instance: dict[str, Any], case_id: str) -> dict[str, Any]:
    found: dict[str, Any] = {one["id"]: one for one in instance["cases"]}[case_id]
    return found


def member_in(instance: dict[str, Any], member_id: str) -> dict[str, Any]:
    found: dict[str, Any] = {one["id"]: one for one in instance["members"]}[member_id]
    return found


def topics(session: Session) -> list[str]:
    return sorted(session.exec(select(OutboxRow.topic)).all())


def shown(session: Session, court: Court, plan_id: str) -> plans.PlanView:
    return plans.show_plan(session, court.secretary, plan_id, now=NOON)
