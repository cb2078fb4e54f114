"""Panels that plan their sittings, children that wait for them, and plans made the way the worker makes them."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from panels.rules.planning import HalfDay, Wishes
from panels.service import plan_making, plans
from panels.service.plan_wishes import set_wishes
from panels.service.plans import Asking, Task
from tests.builders.procedure import Team, a_ready_report
from tests.builders.sittings import Court, a_court, add_person
from tests.conftest import NOON

TUESDAY, THURSDAY = HalfDay(1, "09:00", 180), HalfDay(3, "14:00", 180)


def the_wishes(**given: Any) -> Wishes:
    """Tuesdays and Thursdays, for everybody half an hour, four weeks ahead."""
    values: dict[str, Any] = {
        "half_days": (TUESDAY, THURSDAY),
        "timezone": "Africa/Lusaka",
        "days_ahead": 42,
        "on_call": ("sw",),
    } | given
    return Wishes(**values)


def a_planned_court(session: Session, **wishes: Any) -> Court:
    """A panel of five seats with an alternate for the police, that plans its sittings."""
    court = a_court(session)
    add_person(session, court, "alternate", "police", rank=1)
    set_wishes(
        session, court.secretary, court.panel_id, the_wishes(**wishes), place="Boma", now=NOON
    )
    return court


def waiting_children(session: Session, count: int) -> list[Team]:
    """Children whose reports are ready."""
    return [a_ready_report(session) for _ in range(count)]


def made(session: Session, *, now: datetime = NOON, seconds: float = 1) -> str:
    """Take up the plan that waits longest, make it, keep it."""
    task = plans.take_up(session, runner="test", now=now)
    assert isinstance(task, Task), task
    done = plan_making.make(
        task.built.instance, beside=task.beside, seconds=seconds, seed=task.seed
    )
    assert plans.keep(session, task, done, now=now + timedelta(seconds=1))
    return task.plan_id


def a_draft(session: Session, court: Court, *, now: datetime = NOON, **asking: Any) -> str:
    """A plan somebody asked for and could accept."""
    plans.ask_plan(session, court.secretary, court.panel_id, Asking(**asking), now=now)
    return made(session, now=now)
