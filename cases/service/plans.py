"""The case plan: draft, agree, carry out action by action, and begin what a panel decided.

``issue_actions`` and ``begin_implementation`` are called by the panels for their decisions.

Source: DOM-4.3/plan_actions, DOM-3.3/T16, DOM-3.3/T17.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from cases.rules.access import Level
from cases.rules.machine import CaseState, Step
from cases.rules.participation import PlanVoice
from cases.rules.plans import Action, ActionKind, ActionStatus, agreement, completion
from cases.service import steps
from cases.service.access import case_for, reach_of
from cases.service.case_packs import pack_for
from cases.service.childfacts import bands_of, child_facts, today_of
from cases.service.forms import RESTRICTED, open_value, seal_value
from cases.service.placements import lives_somewhere
from cases.service.plan_actions import (
    AGREED,
    DRAFT,
    PLANNERS,
    ActionView,
    NewAction,
    action_value,
    action_view,
    add_action,
    complete_action,
    current_plan,
    give_out,
    new_action,
    replace_action,
)
from cases.store import plan as store
from cases.tables.case_file import CaseRow
from cases.tables.plan import PlanRow
from core import audit
from core.actors import Actor, Role
from core.db import check_version
from core.errors import Answer, Gap, Incomplete, NotThere, WrongState

__all__ = [
    "ActionView",
    "NewAction",
    "PlanView",
    "add_action",
    "agree_plan",
    "begin_implementation",
    "complete_action",
    "completion_of",
    "draft_from_assessment",
    "draft_plan",
    "is_agreed",
    "issue_actions",
    "open_actions",
    "read_plan",
    "replace_action",
]

SUPERSEDED: Final = "superseded"
_MOVES_CHILD: Final = frozenset(
    {ActionKind.PLACEMENT, ActionKind.CHANGE_OF_CARE, ActionKind.TRANSFER_ABROAD}
)


@dataclass(frozen=True)
class PlanView:
    """A plan as its workers see it; ``gaps``: what is missing before it can be agreed."""

    id: str
    case_id: str
    no: int
    status: str
    decision_id: str | None
    child_voice: PlanVoice
    child_words: str
    review_on: date | None
    agreed_at: datetime | None
    actions: tuple[ActionView, ...]
    gaps: tuple[Gap, ...]
    version: int


def draft_plan(
    session: Session,
    actor: Actor,
    case_id: str,
    actions: Sequence[NewAction] = (),
    *,
    now: datetime,
) -> PlanView:
    """Begin a plan; the one before stays readable.

    Raises:
        WrongState: a draft exists already.
    """
    row = case_for(session, actor, case_id, roles=PLANNERS, now=now)
    current = store.current(session, case_id)
    if current is not None and current.status == DRAFT:
        raise WrongState(kind="plan", state=DRAFT, act="draft_plan")
    plan = _new_plan(session, actor, case_id, now=now)
    for action in actions:
        new_action(session, actor, plan, action, now=now)
    steps.wake(session, case_id, now=now)
    return _view(session, row, plan, now=now)


def draft_from_assessment(
    session: Session, actor: Actor, case_id: str, actions: Sequence[NewAction], *, now: datetime
) -> None:
    """Begin a plan with the actions of the approved BIA, unless one is being drafted already."""
    current = store.current(session, case_id)
    if current is not None and current.status == DRAFT:
        return
    plan = _new_plan(session, actor, case_id, now=now)
    for action in actions:
        new_action(session, actor, plan, action, now=now)


def agree_plan(
    session: Session,
    actor: Actor,
    case_id: str,
    *,
    voice: PlanVoice,
    child_words: str,
    review_on: date | None,
    now: datetime,
    expected_version: int | None = None,
) -> PlanView:
    """Agree the plan with the child's word on it; the procedure then begins to carry it out.

    Raises:
        Incomplete: with everything missing; from 15 years the child signs or says no.
        WrongState: it is no draft.
        StaleWrite: it changed since it was read.

    Source: DOM-2.1/A5, DOM-3.7.
    """
    row = case_for(session, actor, case_id, roles={Role.SUPERVISOR}, now=now)
    plan = current_plan(session, case_id)
    check_version(plan, "plan", expected_version)
    if plan.status != DRAFT:
        raise WrongState(kind="plan", state=plan.status, act="agree_plan")
    plan.child_voice, plan.review_on = voice.value, review_on
    _agreement(session, row, plan, now=now).require()
    plan.status, plan.agreed_at, plan.agreed_by_person = AGREED, now, actor.person_id
    plan.restricted = seal_value(session, case_id, plan, {"child_words": child_words}, RESTRICTED)
    _keep(session, actor, plan, "plan.agreed", now)
    return _view(session, row, plan, now=now)


def read_plan(session: Session, actor: Actor, case_id: str, *, now: datetime) -> PlanView:
    """Read the plan in force or being drafted.

    Raises:
        NotThere: no plan, no such case, or not yours.
    """
    if reach_of(session, actor, case_id, now=now).level < Level.FULL:
        raise NotThere("case")
    row = steps.lock(session, case_id)
    plan = current_plan(session, case_id)
    _record(session, actor, plan, "plan.read", now)
    return _view(session, row, plan, now=now)


def issue_actions(
    session: Session,
    case_id: str,
    actions: Sequence[NewAction],
    *,
    decision_id: str,
    actor: Actor,
    now: datetime,
) -> tuple[str, ...]:
    """Make the actions of a signed decision the plan in force; asking twice issues them once.

    Owners hear of them when the decision begins to be carried out.

    Returns:
        Ids of the actions, in the order given.

    Raises:
        Incomplete: an action without owner or date, or none at all.

    Source: DOM-3.3/T13, DOM-4.6/decision.actions.
    """
    steps.lock(session, case_id)
    issued = store.of_decision(session, decision_id)
    if issued is None:
        _require_whole(actions)
        issued = _new_plan(session, actor, case_id, now=now, decision_id=decision_id)
        for action in actions:
            new_action(session, actor, issued, action, now=now)
        steps.wake(session, case_id, now=now)
    return tuple(action.id for action in store.actions_of_plan(session, issued.id))


def begin_implementation(session: Session, case_id: str, *, actor: Actor, now: datetime) -> None:
    """Begin to carry out what was decided, and give its actions to their owners.

    The caller has checked communication, appeal window and validity of the decision; the case
    machine allows it only from ``COMMUNICATED`` or ``UNDER_APPEAL``, or for an agreed plan from
    ``PLANNED``.

    Raises:
        NoSuchStep: the case is anywhere else, so nothing was decided and told.
        Incomplete: nothing was issued that could be carried out.

    Source: DOM-3.3/T16, DOM-R9.
    """
    row = steps.lock(session, case_id)
    planned = row.state == CaseState.PLANNED
    plan = store.current(session, case_id)
    step = Step.BEGIN_PLAN if planned else Step.IMPLEMENT
    steps.move(session, case_id, CaseState.IMPLEMENTING, transition=step, actor=actor, now=now)
    if plan is None or plan.status != AGREED:
        raise Incomplete("begin_implementation", (Gap("plan_not_agreed"),))
    give_out(session, row, store.actions_of(session, case_id), now=now)


def completion_of(session: Session, case_id: str) -> Answer:
    """Say whether everything was carried out: actions settled, and where the child lives on file.

    Source: DOM-3.3/T17.
    """
    actions = [action_value(session, row) for row in store.actions_of(session, case_id)]
    moves = any(action.kind in _MOVES_CHILD for action in actions if _counts(action))
    received = any(
        action.kind is ActionKind.TRANSFER_ABROAD and action.status is ActionStatus.DONE
        for action in actions
    )
    return completion(
        actions,
        placement_recorded=received or lives_somewhere(session, case_id),
        needs_placement=moves,
    )


def open_actions(session: Session, case_id: str) -> int:
    """Return how many actions are neither done nor replaced."""
    rows = store.actions_of(session, case_id)
    return sum(1 for row in rows if row.status == ActionStatus.OPEN)


def is_agreed(session: Session, case_id: str) -> bool:
    """Whether a plan is in force."""
    plan = store.current(session, case_id)
    return plan is not None and plan.status == AGREED


def _counts(action: Action) -> bool:
    return action.status is not ActionStatus.REPLACED


def _require_whole(actions: Sequence[NewAction]) -> None:
    gaps = [] if actions else [Gap("plan_actions_missing")]
    for no, action in enumerate(actions, start=1):
        if not action.owner:
            gaps.append(Gap("action_owner_missing", {"action": no}))
        if action.due_on is None:
            gaps.append(Gap("action_due_missing", {"action": no}))
    if gaps:
        raise Incomplete("issue_actions", tuple(gaps))


def _new_plan(
    session: Session, actor: Actor, case_id: str, *, now: datetime, decision_id: str | None = None
) -> PlanRow:
    before = store.current(session, case_id)
    if before is not None:
        before.status = SUPERSEDED
        session.add(before)
        session.flush()
    plan = PlanRow(
        case_id=case_id,
        no=store.next_number(session, case_id),
        status=AGREED if decision_id else DRAFT,
        decision_id=decision_id,
        author_person=actor.person_id,
        begun_at=now,
        agreed_at=now if decision_id else None,
        agreed_by_person=actor.person_id if decision_id else None,
    )
    return _keep(session, actor, plan, "plan.issued" if decision_id else "plan.drafted", now)


def _agreement(session: Session, row: CaseRow, plan: PlanRow, *, now: datetime) -> Answer:
    child = child_facts(session, row, today=today_of(row, now))
    return agreement(
        (action_value(session, action) for action in store.actions_of_plan(session, plan.id)),
        voice=PlanVoice(plan.child_voice),
        age_years=child.age_years,
        review_on=plan.review_on,
        bands=bands_of(pack_for(row, on=now.date())),
    )


def _view(session: Session, row: CaseRow, plan: PlanRow, *, now: datetime) -> PlanView:
    actions = store.actions_of_plan(session, plan.id)
    gaps = _agreement(session, row, plan, now=now).gaps if plan.status == DRAFT else ()
    return PlanView(
        id=plan.id,
        case_id=plan.case_id,
        no=plan.no,
        status=plan.status,
        decision_id=plan.decision_id,
        child_voice=PlanVoice(plan.child_voice),
        child_words=open_value(session, plan.case_id, plan).get("child_words", ""),
        review_on=plan.review_on,
        agreed_at=plan.agreed_at,
        actions=tuple(action_view(session, action) for action in actions),
        gaps=gaps,
        version=plan.version,
    )


def _keep(session: Session, actor: Actor, plan: PlanRow, action: str, now: datetime) -> PlanRow:
    session.add(plan)
    session.flush()
    _record(session, actor, plan, action, now)
    steps.wake(session, plan.case_id, now=now)
    return plan


def _record(session: Session, actor: Actor, plan: PlanRow, action: str, now: datetime) -> None:
    audit.record(
        session, actor, action, thing="case_plan", thing_id=plan.id, case_id=plan.case_id, now=now,
        codes={"status": plan.status, "decision": plan.decision_id},
    )  # fmt: skip
