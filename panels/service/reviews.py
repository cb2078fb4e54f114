"""Looking at a decision again, and opening it anew.

A date that passes makes a task for a person (``ask_for_expired``); nothing here reopens, ends or
prolongs a decision by itself.

Source: DOM-3.3 (reopening), DOM-3.5 (late conflict), DOM-R58.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from cases.rules.machine import CaseState, Step, edge
from cases.rules.triggers import Trigger
from cases.service import effects, steps, tasks, triggers
from core import audit
from core.actors import Actor, Role, procedure_actor
from core.db import check_version
from core.errors import NotThere, WrongState
from core.ids import new_id
from core.vault import Place, seal, unseal
from core.worktime import add_working_days
from panels.rules.review import (
    BY_OTHERS,
    Conclusion,
    Ground,
    Request,
    may_conclude,
    may_request,
)
from panels.service import decision_rows
from panels.service.child import Child, child_for, child_of
from panels.service.decision_rows import Decided, taken
from panels.store import determination as determinations
from panels.store import review as store
from panels.tables.determination import DeterminationRow
from panels.tables.review import ReviewRow

TABLE: Final = "determination_review"
KIND: Final = "review"
ASKERS: Final = frozenset(
    {
        Role.CASEWORKER,
        Role.SUPERVISOR,
        Role.COORDINATOR,
        Role.CHAIR,
        Role.SECRETARY,
        Role.GUARDIAN,
        Role.LAWYER,
        Role.SECRETARIAT_HEAD,
    }
)
CONCLUDERS: Final = frozenset(
    {Role.SUPERVISOR, Role.COORDINATOR, Role.CHAIR, Role.SECRETARIAT_HEAD}
)


@dataclass(frozen=True)
class Finding:
    """What the reviewers found; ``reviewers`` are person ids."""

    conclusion: Conclusion
    reasons: str
    reviewers: tuple[str, ...]


@dataclass(frozen=True)
class ReviewView:
    """One review as it is shown."""

    id: str
    determination_id: str
    ground: str
    requested_at: datetime
    due_on: date | None
    what_is_new: str
    conclusion: str
    reasons: str
    concluded_at: datetime | None
    version: int


def request_review(
    session: Session, actor: Actor, determination_id: str, request: Request, *, now: datetime
) -> str:
    """Ask that a decision be looked at again; while that is open it is not carried out.

    Raises:
        NotThere: no such decision, or not yours.
        RoleMayNot: the role has no part in this.
        Incomplete: nothing new was said, or a review for this reason is open.
    """
    found = taken(session, actor, determination_id, roles=ASKERS, now=now)
    return _open(session, actor, found, request, now)


def flag_late_conflict(
    session: Session, actor: Actor, determination_id: str, *, now: datetime
) -> str:
    """Open the review that a conflict found after the decision asks for; heard by others.

    For the service that rules on conflicts. Asking twice gives the review there is.

    Source: DOM-3.5 (conflict of interest).
    """
    return _open_once(session, actor, determination_id, Ground.LATE_CONFLICT, now)


def open_sample(session: Session, actor: Actor, determination_id: str, *, now: datetime) -> str:
    """Let the panel look at one of the simplified decisions afterwards; it holds nothing up.

    Source: DOM-3.4 (simplified BID).
    """
    return _open_once(session, actor, determination_id, Ground.SAMPLE, now)


def _open_once(
    session: Session, actor: Actor, determination_id: str, ground: Ground, now: datetime
) -> str:
    row = determinations.find(session, determination_id)
    if row is None:
        raise NotThere(decision_rows.KIND)
    for standing in store.open_of(session, row.id):
        if standing.ground == ground:
            return standing.id
    found = Decided(row, child_of(session, row.case_id, now=now))
    return _open(session, actor, found, Request(ground, ground.value), now)


def conclude_review(
    session: Session,
    actor: Actor,
    review_id: str,
    finding: Finding,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """End a review: the decision stands, or the case goes back for a new determination (B6).

    Raises:
        NotThere: no such review, or not yours.
        RoleMayNot: the act belongs to another role.
        WrongState: it was concluded already.
        Incomplete: no reasons, or where others are needed, reviewers who voted or an actor who is none of them.
        StaleWrite: the caller read an older version.
    """
    row, child = _locked(session, actor, review_id, now)
    check_version(row, KIND, expected_version)
    if row.open_key is None:
        raise WrongState(KIND, row.conclusion, "conclude_review")
    decision = determinations.find(session, row.determination_id)
    if decision is None:
        raise NotThere(KIND)
    may_conclude(
        Ground(row.ground),
        finding.reasons,
        reviewers=finding.reviewers,
        voters=decision.voters,
        by_person=actor.is_human,
        by=actor.person_id,
    ).require()
    _end(session, actor, row, finding, now)
    if finding.conclusion is Conclusion.REOPEN:
        _reopen(session, actor, child, decision, row, now)
    steps.wake(session, child.case_id, now=now)


def reviews_of(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[ReviewView, ...]:
    """Return every review of a child's decisions, newest first, and note that they were read.

    Raises:
        NotThere: no such case, or not yours.
    """
    decision_rows.case_seen(session, actor, case_id, now=now)
    audit.record(
        session, actor, "review.read", thing="case", thing_id=case_id, case_id=case_id, now=now
    )
    return tuple(_view(session, row) for row in store.of_case(session, case_id))


def ask_for_expired(session: Session, *, now: datetime, limit: int = 100) -> int:
    """Ask a coordinator to look at decisions whose last day has passed; return how many were new.

    The decision itself is not touched: it simply cannot be used any more.

    Source: DOM-R58.
    """
    asked = 0
    for row in determinations.expired(session, on=now.date(), limit=limit):
        child = child_of(session, row.case_id, now=now)
        if child.today > row.valid_until and _ask(session, child, row, now):
            asked += 1
    return asked


def _ask(session: Session, child: Child, row: DeterminationRow, now: datetime) -> bool:
    """Open the review task of an expired decision once; False when it was asked for before."""
    if not effects.once(session, child.case_id, f"review:{row.id}", now=now):
        return False
    tasks.open_task(
        session,
        child.case_id,
        "review_expired_decision",
        key=f"review:{row.id}",
        actor=procedure_actor(child.country),
        now=now,
        role=Role.COORDINATOR,
        ref=row.id,
    )
    return True


def _open(session: Session, actor: Actor, found: Decided, request: Request, now: datetime) -> str:
    row, child = found.row, found.child
    same = [one for one in store.open_of(session, row.id) if one.ground == request.ground]
    may_request(request, has_open_review=bool(same)).require()
    review_id = new_id()
    place = Place(TABLE, "restricted", review_id)
    words = {"what_is_new": request.what_is_new}
    session.add(
        ReviewRow(
            id=review_id,
            case_id=child.case_id,
            determination_id=row.id,
            open_key=f"{row.id}:{request.ground.value}",
            ground=request.ground.value,
            requested_by=actor.person_id,
            requested_at=now,
            due_on=_due(child, request.ground),
            reviewers=[],
            restricted=seal(session, owner=child.case_id, place=place, value=words),
        )
    )
    session.flush()
    tasks.open_task(
        session,
        child.case_id,
        f"review_{request.ground.value}",
        key=f"review:{review_id}",
        actor=actor,
        now=now,
        role=Role.SECRETARIAT_HEAD if request.ground in BY_OTHERS else Role.COORDINATOR,
        ref=review_id,
    )
    audit.record(
        session,
        actor,
        "review.requested",
        thing=KIND,
        thing_id=review_id,
        case_id=child.case_id,
        now=now,
        codes={"ground": request.ground.value},
    )
    steps.wake(session, child.case_id, now=now)
    return review_id


def _due(child: Child, ground: Ground) -> date | None:
    if ground is not Ground.LATE_CONFLICT:
        return None
    days = child.pack.panel.late_conflict_review_working_days
    return add_working_days(child.today, days, child.calendar)


def _locked(
    session: Session, actor: Actor, review_id: str, now: datetime
) -> tuple[ReviewRow, Child]:
    row = store.find(session, review_id)
    if row is None:
        raise NotThere(KIND)
    try:
        child = child_for(session, actor, row.case_id, roles=CONCLUDERS, now=now)
    except NotThere as error:
        raise NotThere(KIND) from error
    session.refresh(row)
    return row, child


def _end(session: Session, actor: Actor, row: ReviewRow, finding: Finding, now: datetime) -> None:
    place = Place(TABLE, "answer", row.id)
    row.open_key = None
    row.conclusion = finding.conclusion.value
    row.concluded_by, row.concluded_at = actor.person_id, now
    row.reviewers = sorted(set(finding.reviewers))
    row.answer = seal(session, owner=row.case_id, place=place, value={"reasons": finding.reasons})
    session.add(row)
    session.flush()
    tasks.finish_task(session, row.case_id, f"review:{row.id}", actor=actor, now=now)
    audit.record(
        session,
        actor,
        "review.concluded",
        thing=KIND,
        thing_id=row.id,
        case_id=row.case_id,
        now=now,
        codes={"conclusion": row.conclusion, "ground": row.ground},
    )


def _reopen(  # noqa: PLR0917  private, all of it is needed
    session: Session,
    actor: Actor,
    child: Child,
    decision: DeterminationRow,
    row: ReviewRow,
    now: datetime,
) -> None:
    """Set the decision aside and ask for a new determination where the case stands in one."""
    decision_rows.end(session, decision, decision_rows.SET_ASIDE, now=now)
    triggers.note_triggers(session, actor, child.case_id, [Trigger.REPLACES_DETERMINATION], now=now)
    if edge(Step.REOPEN_BID, child.state) is not None:
        steps.move(
            session,
            child.case_id,
            CaseState.BID_REQUIRED,
            transition=Step.REOPEN_BID,
            actor=actor,
            now=now,
            facts={"review": row.id, "trigger": "B6", "ground": row.ground},
        )


def _view(session: Session, row: ReviewRow) -> ReviewView:
    place, answer_place = Place(TABLE, "restricted", row.id), Place(TABLE, "answer", row.id)
    words = unseal(session, owner=row.case_id, place=place, sealed=row.restricted)
    answer = (
        unseal(session, owner=row.case_id, place=answer_place, sealed=row.answer)
        if row.answer
        else {}
    )
    return ReviewView(
        id=row.id,
        determination_id=row.determination_id,
        ground=row.ground,
        requested_at=row.requested_at,
        due_on=row.due_on,
        what_is_new=words["what_is_new"],
        conclusion=row.conclusion,
        reasons=answer.get("reasons", ""),
        concluded_at=row.concluded_at,
        version=row.version,
    )
