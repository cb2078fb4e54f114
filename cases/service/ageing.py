"""Watching over a child's coming of age: alerts, the plan for the time after, and whose word counts.

The birth date stays sealed in the case file. The sweep opens it for the machine alone, keeps only
when to look again, and says nothing but "so many months".

Source: DOM-R57.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlmodel import Session

from cases.errors import SamePersonApproves
from cases.rules.access import Level
from cases.rules.ageing import (
    ALERT_MONTHS,
    Consenter,
    Majority,
    Precision,
    alerts_due,
    is_adult,
    look_on,
    majority,
    majority_from_age,
    who_consents,
)
from cases.service import steps, tasks
from cases.service.access import case_for, reach_of
from cases.service.case_packs import pack_for
from cases.service.files import restricted_of
from cases.service.forms import RESTRICTED, open_value, seal_value
from cases.store import ageing as store
from cases.store import case_files
from cases.tables.ageing import ComingOfAgeRow, TransitionPlanRow
from cases.tables.case_file import CaseRow
from core import audit, outbox
from core.actors import Actor, Role, procedure_actor
from core.errors import NotThere, WrongState
from core.worktime import local_day

PLAN_TASK: Final = "plan_transition_to_adulthood"
CONSENT_TASK: Final = "ask_young_person_for_consent"


@dataclass(frozen=True)
class TransitionPlanView:
    """A plan for the time after majority, with its words."""

    id: str
    n: int
    written_by: str
    written_at: datetime
    agreed_by_young_person: bool
    approved_by: str | None
    approved_at: datetime | None
    words: str


def majority_of(session: Session, case: CaseRow, *, now: datetime) -> Majority | None:
    """Return when a child comes of age, or None when nothing is known; for services."""
    adult_at = pack_for(case, on=now.date()).ages.child_under
    facts = restricted_of(session, case)
    born = facts.get("birth_date")
    if born:
        precision = Precision(str(facts.get("birth_precision") or Precision.ESTIMATED))
        known = Precision.ESTIMATED if precision is Precision.UNKNOWN else precision
        return majority(date.fromisoformat(str(born)), known, adult_at=adult_at)
    age, stated = facts.get("age_years"), facts.get("age_stated_on")
    if age is None:
        return None
    on = date.fromisoformat(str(stated)) if stated else case.opened_at.date()
    return majority_from_age(int(age), on, adult_at=adult_at)


def consenter_for(session: Session, case_id: str, *, now: datetime) -> Consenter:
    """Return whose consent counts today: the guardian's with assent, or the young person's own.

    Raises:
        NotThere: no such case.

    Source: DOM-R57.
    """
    case = case_files.find_case(session, case_id)
    if case is None:
        raise NotThere("case")
    return who_consents(majority_of(session, case, now=now), _today(case, now))


def is_of_age(session: Session, case: CaseRow, *, now: datetime) -> bool:
    """Whether the person has certainly come of age; for services."""
    return is_adult(majority_of(session, case, now=now), _today(case, now))


def raise_alerts(session: Session, *, now: datetime, limit: int) -> int:
    """Say 12, 6 and 3 months before that a child comes of age, and on the day; return how many.

    The sweep calls this; each alert is said once. The first one also asks for a transition plan. On
    the day itself consent moves to the young person, who is asked for it; nothing else changes and
    the file stays.

    Source: DOM-R57.
    """
    ids = store.to_look_at(session, today=now.date(), limit=limit)
    return sum(_look(session, steps.lock(session, case_id), now) for case_id in ids)


def write_transition_plan(
    session: Session,
    actor: Actor,
    case_id: str,
    *,
    words: str,
    agreed_by_young_person: bool,
    now: datetime,
) -> str:
    """Write down what happens after majority: where to live, school or work, papers, whom to ask.

    Raises:
        NotThere: no such case, or not yours.
        RoleMayNot: not the worker or a supervisor.

    Source: DOM-R57.
    """
    roles = (Role.CASEWORKER, Role.SUPERVISOR)
    case = case_for(session, actor, case_id, roles=roles, now=now)
    row = TransitionPlanRow(
        case_id=case_id,
        n=len(store.plans_of(session, case_id)) + 1,
        written_by=actor.person_id,
        written_at=now,
        agreed_by_young_person=agreed_by_young_person,
    )
    row.restricted = seal_value(session, case_id, row, {"words": words}, RESTRICTED)
    session.add(row)
    session.flush()
    _note(session, actor, row.id, "transition_plan", "transition_plan.written", case, now)
    return row.id


def approve_transition_plan(session: Session, actor: Actor, case_id: str, *, now: datetime) -> str:
    """Approve the newest plan: a supervisor who did not write it.

    Raises:
        NotThere: no such case, not yours, or no plan.
        RoleMayNot: not a supervisor.
        SamePersonApproves: the supervisor wrote it.
        WrongState: it is approved already.

    Source: DOM-R57, DOM-2.3.
    """
    case = case_for(session, actor, case_id, roles=(Role.SUPERVISOR,), now=now)
    plans = store.plans_of(session, case_id)
    if not plans:
        raise NotThere("transition_plan")
    row = plans[-1]
    if row.approved_at is not None:
        raise WrongState(kind="transition_plan", state="approved", act="approve")
    if row.written_by == actor.person_id:
        raise SamePersonApproves
    row.approved_by, row.approved_at = actor.person_id, now
    session.add(row)
    session.flush()
    tasks.finish_task(session, case_id, PLAN_TASK, actor=actor, now=now)
    _note(session, actor, row.id, "transition_plan", "transition_plan.approved", case, now)
    return row.id


def has_approved_plan(session: Session, case_id: str) -> bool:
    """Whether the newest plan for the time after majority is approved."""
    plans = store.plans_of(session, case_id)
    return bool(plans) and plans[-1].approved_at is not None


def plans_of(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[TransitionPlanView, ...]:
    """Return the plans for the time after majority, and note that they were read.

    Raises:
        NotThere: no such case, or not enough of it is yours.
    """
    case = case_files.find_case(session, case_id)
    if case is None or reach_of(session, actor, case_id, now=now).level < Level.FULL:
        raise NotThere("case")
    audit.record(
        session,
        actor,
        "transition_plan.read",
        thing="case",
        thing_id=case_id,
        case_id=case_id,
        now=now,
    )
    return tuple(
        TransitionPlanView(
            id=row.id,
            n=row.n,
            written_by=row.written_by,
            written_at=row.written_at,
            agreed_by_young_person=row.agreed_by_young_person,
            approved_by=row.approved_by,
            approved_at=row.approved_at,
            words=str(open_value(session, case_id, row).get("words", "")),
        )
        for row in store.plans_of(session, case_id)
    )


def _look(session: Session, case: CaseRow, now: datetime) -> int:
    row = store.lock(session, case.id) or ComingOfAgeRow(case_id=case.id, checked_at=now)
    row.checked_at = now
    day, today = majority_of(session, case, now=now), _today(case, now)
    if day is None:
        row.look_on = None
        session.add(row)
        session.flush()
        return 0
    months = sorted({*ALERT_MONTHS, *pack_for(case, on=now.date()).ages.transition_alert_months})
    due = alerts_due(day, today=today, raised=row.raised, months=months)
    for before in due:
        _alert(session, case, before, now)
    row.raised = [*row.raised, *due]
    said = len(due) + _come_of_age(session, case, row, day, now)
    row.look_on = look_on(day, today=today, raised=row.raised, months=months)
    session.add(row)
    session.flush()
    return said


def _alert(session: Session, case: CaseRow, months: int, now: datetime) -> None:
    _tell(session, case, "ageing.months_left", months, now)
    tasks.open_task(
        session,
        case.id,
        PLAN_TASK,
        key=PLAN_TASK,
        actor=procedure_actor(case.country),
        now=now,
        role=Role.CASEWORKER,
        person_id=case.owner_person,
    )


def _come_of_age(
    session: Session, case: CaseRow, row: ComingOfAgeRow, day: Majority, now: datetime
) -> int:
    if row.consent_moved_at is not None or not is_adult(day, _today(case, now)):
        return 0
    row.consent_moved_at = now
    actor = procedure_actor(case.country)
    _tell(session, case, "ageing.consent_moved", 0, now)
    tasks.open_task(
        session,
        case.id,
        CONSENT_TASK,
        key=CONSENT_TASK,
        actor=actor,
        now=now,
        role=Role.CASEWORKER,
        person_id=case.owner_person,
    )
    _note(session, actor, case.id, "case", "case.consent_moved_to_young_person", case, now)
    return 1


def _tell(session: Session, case: CaseRow, topic: str, months: int, now: datetime) -> None:
    address: dict[str, Any] = (
        {"person": case.owner_person}
        if case.owner_person
        else {"role": Role.SUPERVISOR.value, "office": case.office}
    )
    outbox.post(
        session,
        topic=topic,
        key=f"ageing:{case.id}:{months}",
        subject=case.id,
        now=now,
        payload={**address, "months": months},
    )


def _today(case: CaseRow, now: datetime) -> date:
    return local_day(now, pack_for(case, on=now.date()).calendar(case.office))


def _note(  # noqa: PLR0917  private, all of it is needed
    session: Session,
    actor: Actor,
    thing_id: str,
    thing: str,
    action: str,
    case: CaseRow,
    now: datetime,
) -> None:
    audit.record(session, actor, action, thing=thing, thing_id=thing_id, case_id=case.id, now=now)
    steps.wake(session, case.id, now=now)
