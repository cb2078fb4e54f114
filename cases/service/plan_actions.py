"""The actions of a plan: who does what by when, done or replaced with a reason.

The plan itself is in ``plans``.

Source: DOM-4.3/plan_actions, DOM-3.3/T17.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from cases.errors import RoleMayNot
from cases.rules.access import Level
from cases.rules.machine import CaseState
from cases.rules.plans import Action, ActionKind, ActionStatus
from cases.service import prompts, steps
from cases.service.access import case_for, reach_of
from cases.service.case_packs import pack_for
from cases.service.forms import RESTRICTED, open_value, seal_value
from cases.store import plan as store
from cases.tables.case_file import CaseRow
from cases.tables.plan import PlanActionRow, PlanRow
from core import audit
from core.actors import Actor, Role
from core.db import check_version
from core.errors import Gap, Incomplete, NotThere, WrongState
from core.worktime import close_of_day

DRAFT: Final = "draft"


AGREED: Final = "agreed"


PLANNERS: Final = frozenset({Role.CASEWORKER, Role.SUPERVISOR})


@dataclass(frozen=True)
class NewAction:
    """An action as somebody orders it.

    Args:
        owner: person who is to do it.
    """

    kind: ActionKind
    what: str
    owner: str
    due_on: date | None


@dataclass(frozen=True)
class ActionView:
    """An action with its words."""

    id: str
    plan_id: str
    no: int
    kind: ActionKind
    what: str
    owner: str
    due_on: date | None
    status: ActionStatus
    result: str
    replaced_by: str | None
    settled_at: datetime | None
    version: int


def add_action(
    session: Session, actor: Actor, case_id: str, wanted: NewAction, *, now: datetime
) -> ActionView:
    """Add an action to the plan; one added to an agreed plan goes to its owner at once.

    Raises:
        NotThere: no plan, or not a case of this person.
        Incomplete: an agreed plan needs owner and date.
    """
    row = case_for(session, actor, case_id, roles=PLANNERS, now=now)
    plan = current_plan(session, case_id)
    if plan.status == AGREED and (not wanted.owner or wanted.due_on is None):
        raise Incomplete("add_action", (Gap("action_owner_or_date_missing"),))
    action = new_action(session, actor, plan, wanted, now=now)
    if plan.status == AGREED and row.state == CaseState.IMPLEMENTING:
        give_out(session, row, [action], now=now)
    steps.wake(session, case_id, now=now)
    return action_view(session, action)


def complete_action(
    session: Session,
    actor: Actor,
    case_id: str,
    action_id: str,
    result: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> ActionView:
    """Say that an action is done: its owner, a caseworker or a supervisor of the case.

    Raises:
        WrongState: it is settled already.
        StaleWrite: it changed since it was read.
    """
    action = _open_action(session, actor, case_id, action_id, "complete_action", now=now)
    check_version(action, "action", expected_version)
    _settle(session, actor, action, ActionStatus.DONE, result, now=now)
    return action_view(session, action)


def replace_action(
    session: Session,
    actor: Actor,
    case_id: str,
    action_id: str,
    reason: str,
    *,
    by: NewAction | None,
    now: datetime,
    expected_version: int | None = None,
) -> ActionView:
    """Give an action up with a reason, usually for another one.

    Raises:
        Incomplete: no reason was given.
        WrongState: it is settled already.
        StaleWrite: it changed since it was read.
    """
    action = _open_action(session, actor, case_id, action_id, "replace_action", now=now)
    check_version(action, "action", expected_version)
    if not reason.strip():
        raise Incomplete("replace_action", (Gap("replacement_reason_missing"),))
    if by is not None:
        row = steps.lock(session, case_id)
        plan = current_plan(session, case_id)
        new = new_action(session, actor, plan, by, now=now)
        action.replaced_by = new.id
        if row.state == CaseState.IMPLEMENTING:
            give_out(session, row, [new], now=now)
    _settle(session, actor, action, ActionStatus.REPLACED, reason, now=now)
    return action_view(session, action)


def current_plan(session: Session, case_id: str) -> PlanRow:
    """Return the plan in force or being drafted.

    Raises:
        NotThere: there is none.
    """
    plan = store.current(session, case_id)
    if plan is None:
        raise NotThere("plan")
    return plan


def new_action(
    session: Session, actor: Actor, plan: PlanRow, wanted: NewAction, *, now: datetime
) -> PlanActionRow:
    """Write an action into a plan."""
    action = PlanActionRow(
        case_id=plan.case_id,
        plan_id=plan.id,
        no=len(store.actions_of_plan(session, plan.id)) + 1,
        kind=wanted.kind.value,
        owner_person=wanted.owner,
        due_on=wanted.due_on,
        restricted=b"",
    )
    action.restricted = seal_value(session, plan.case_id, action, {"what": wanted.what}, RESTRICTED)
    session.add(action)
    session.flush()
    _record_action(session, actor, action, "plan.action_added", now)
    return action


def _open_action(
    session: Session, actor: Actor, case_id: str, action_id: str, act: str, *, now: datetime
) -> PlanActionRow:
    if reach_of(session, actor, case_id, now=now).level < Level.FULL:
        raise NotThere("case")
    steps.lock(session, case_id)
    action = store.find_action(session, case_id, action_id)
    if action is None:
        raise NotThere("action")
    if action.owner_person != actor.person_id and not actor.has(*PLANNERS):
        raise RoleMayNot
    if action.status != ActionStatus.OPEN:
        raise WrongState(kind="action", state=action.status, act=act)
    return action


def _settle(
    session: Session,
    actor: Actor,
    action: PlanActionRow,
    status: ActionStatus,
    words: str,
    *,
    now: datetime,
) -> None:
    action.status = status.value
    action.settled_at, action.settled_by_person = now, actor.person_id
    value = {**open_value(session, action.case_id, action), "result": words}
    action.restricted = seal_value(session, action.case_id, action, value, RESTRICTED)
    session.add(action)
    session.flush()
    _record_action(session, actor, action, f"plan.action_{status.value}", now)
    prompts.plan_action_settled(session, actor, action.case_id, action.id, now=now)
    steps.wake(session, action.case_id, now=now)


def give_out(
    session: Session, row: CaseRow, actions: Sequence[PlanActionRow], *, now: datetime
) -> None:
    """Put open actions on the lists of their owners."""
    calendar = pack_for(row, on=now.date()).calendar(row.office)
    for action in actions:
        if action.status == ActionStatus.OPEN and action.owner_person:
            due = close_of_day(action.due_on, calendar) if action.due_on else None
            prompts.plan_action(session, row, action.id, action.owner_person, due, now=now)


def action_value(session: Session, row: PlanActionRow) -> Action:
    """Return what the rules need to know of an action."""
    words = open_value(session, row.case_id, row)
    return Action(
        id=row.id,
        kind=ActionKind(row.kind),
        owner=row.owner_person,
        due_on=row.due_on,
        status=ActionStatus(row.status),
        replaced_because=bool(str(words.get("result", "")).strip()),
    )


def action_view(session: Session, row: PlanActionRow) -> ActionView:
    """Show an action with its words."""
    words = open_value(session, row.case_id, row)
    return ActionView(
        id=row.id,
        plan_id=row.plan_id,
        no=row.no,
        kind=ActionKind(row.kind),
        what=words["what"],
        owner=row.owner_person,
        due_on=row.due_on,
        status=ActionStatus(row.status),
        result=words.get("result", ""),
        replaced_by=row.replaced_by,
        settled_at=row.settled_at,
        version=row.version,
    )


def _record_action(
    session: Session, actor: Actor, row: PlanActionRow, action: str, now: datetime
) -> None:
    audit.record(
        session, actor, action, thing="plan_action", thing_id=row.id, case_id=row.case_id, now=now,
        codes={"kind": row.kind, "owner": row.owner_person, "status": row.status},
    )  # fmt: skip
