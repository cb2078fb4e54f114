"""Putting a child's item off for named questions, and bringing it back when they are answered.

Source: DOM-3.3 (T12), DOM-R21, DOM-3.5 (emergency adjournment).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from cases.rules.access import Level
from cases.rules.machine import CaseState, Step
from cases.service import clocks, emergency, reports, steps, tasks
from cases.service.access import reach_of
from cases.service.papers import report_for_panel
from core import audit
from core.actors import Actor, Role
from core.db import check_version
from core.errors import BadInput, NotAllowed, NotThere, WrongState
from core.ids import new_id
from core.vault import Place, seal, unseal
from core.worktime import local_day
from panels.rules.deferral import Draft, Question, emergency_due_at, is_answered, may_defer
from panels.rules.items import ItemState, require_item_edge
from panels.service import referrals
from panels.service.agenda import lead_of, settle_item
from panels.service.child import Child, child_for
from panels.service.decision_rows import case_seen
from panels.service.hearings import hearing_of
from panels.service.standing import item_floor
from panels.store import deferral as store
from panels.tables.deferral import DeferralRow, QuestionRow
from panels.tables.item import ItemRow

TABLE: Final = "deferral"
QUESTION: Final = "deferral_question"
DEFERRERS: Final = frozenset({Role.CHAIR, Role.MEMBER, Role.SECRETARY})
RETURNERS: Final = frozenset({Role.ASSESSOR, Role.CASEWORKER, Role.COORDINATOR, Role.SECRETARIAT})


@dataclass(frozen=True)
class QuestionView:
    """One question as it is shown; ``answer`` is empty until there is one."""

    id: str
    number: int
    text: str
    owner: str
    due_on: date
    answer: str
    answered_at: datetime | None
    version: int


@dataclass(frozen=True)
class DeferralView:
    """One deferral as it is shown."""

    id: str
    case_id: str
    item_id: str
    number: int
    is_emergency: bool
    deferred_at: datetime
    due_at: datetime
    answered_at: datetime | None
    interim_care: str
    questions: tuple[QuestionView, ...]


def defer_item(
    session: Session,
    actor: Actor,
    item_id: str,
    draft: Draft,
    *,
    now: datetime,
    expected_version: int | None = None,
    emergency_id: str | None = None,
) -> str:
    """Put an item off, and return the deferral's id. Twice for one report is the most.

    Args:
        session: the unit of work.
        actor: the presiding member or the panel's secretary.
        item_id: the item, called, in deliberation or without quorum.
        draft: questions with owners and days, and the interim care.
        now: when.
        expected_version: version of the item that was read.
        emergency_id: the urgent act taken because the child is unsafe; the item is then back
            within 72 hours. The urgent act itself never waits for this.

    Raises:
        NotThere: no such item, or not yours.
        NotAllowed: neither presiding nor secretary, or a machine.
        WrongState: the item cannot be put off now.
        BadInput: no such urgent act for this child.
        Incomplete: with everything the deferral lacks; a third one always.
        StaleWrite: the caller read an older version of the item.

    Source: DOM-3.3 (T12), DOM-R21.
    """
    found, item = item_floor(session, actor, item_id, now=now)
    check_version(item, "agenda_item", expected_version)
    require_item_edge(ItemState(item.state), ItemState.DEFERRED)
    if not actor.is_human:
        raise NotAllowed("machine_decides")
    if not found.standing.is_clerk:
        lead_of(hearing_of(session, found.sitting, item, now=now), actor)
    child = child_for(session, actor, item.case_id, roles=DEFERRERS, now=now)
    report = report_for_panel(session, item.case_id, now=now)
    so_far = store.count_of_report(session, report.report_id)
    due_at = _due(session, actor, child, emergency_id, now)
    may_defer(
        draft,
        so_far=so_far,
        today=child.today,
        latest=local_day(due_at, child.calendar),
        most=child.pack.panel.max_deferrals,
    ).require()
    row = _keep(
        session, actor, item, report.report_id, so_far + 1, draft, due_at, emergency_id, now
    )
    settle_item(session, actor, item_id, ItemState.DEFERRED, now=now)
    steps.move(
        session,
        item.case_id,
        CaseState.BID_DEFERRED,
        transition=Step.DEFER,
        actor=actor,
        now=now,
        facts=_codes(row),
    )
    return row.id


def answer_question(
    session: Session,
    actor: Actor,
    question_id: str,
    text: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> bool:
    """Answer one question; True when it was the last and the case is back at the quality check.

    Raises:
        NotThere: no such question, or not yours.
        NotAllowed: it is somebody else's, and the actor is no coordinator of the case.
        WrongState: it was answered already.
        BadInput: no answer was given.
        StaleWrite: the caller read an older version.
    """
    row = _question_for(session, actor, question_id, now)
    steps.lock(session, row.case_id)
    session.refresh(row)
    check_version(row, QUESTION, expected_version)
    if row.answered_at is not None:
        raise WrongState(QUESTION, "answered", "answer_question")
    if not text.strip():
        raise BadInput("/answer", "empty")
    place = Place(QUESTION, "answer", row.id)
    row.answer = seal(session, owner=row.case_id, place=place, value={"text": text})
    row.answered_at, row.answered_by = now, actor.person_id
    session.add(row)
    session.flush()
    _note(session, actor, row.case_id, "deferral.question_answered", QUESTION, row.id, now)
    tasks.finish_task(session, row.case_id, f"question:{row.id}", actor=actor, now=now)
    steps.wake(session, row.case_id, now=now)
    deferral = store.find(session, row.deferral_id)
    return deferral is not None and _bring_back(session, actor, deferral, now)


def return_answered(session: Session, actor: Actor, case_id: str, *, now: datetime) -> None:
    """Bring a case back to the quality check when all its questions are answered.

    For the coordinator, when whoever gave the last answer may not move the case, or when the panel
    was tied: then nobody was asked anything, and the case goes on to the review panel.

    Raises:
        NotThere: no such case, not yours, or nothing was deferred.
        RoleMayNot: the act belongs to another role.
        WrongState: a question is open.
    """
    child_for(session, actor, case_id, roles=RETURNERS, now=now)
    if referrals.return_tied(session, actor, case_id, now=now):
        return
    deferral = store.latest(session, case_id)
    if deferral is None or deferral.answered_at is not None:
        raise NotThere(TABLE)
    if not _bring_back(session, actor, deferral, now):
        raise WrongState(TABLE, "open", "return_answered")


def deferrals_of(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[DeferralView, ...]:
    """Return every deferral of a child's case with its questions, oldest first.

    Raises:
        NotThere: no such case, or not yours.
    """
    case_seen(session, actor, case_id, now=now)
    _note(session, actor, case_id, "deferral.read", "case", case_id, now)
    return tuple(_view(session, row) for row in store.of_case(session, case_id))


def my_questions(session: Session, actor: Actor, *, now: datetime) -> tuple[QuestionView, ...]:
    """Return what the actor still has to find out, most urgent first; each reading is on record."""
    rows = [
        row
        for row in store.open_questions_of(session, actor.person_id)
        if reach_of(session, actor, row.case_id, now=now).sees
    ]
    for row in rows:
        _note(session, actor, row.case_id, "deferral.question_read", QUESTION, row.id, now)
    return tuple(_question_view(session, row) for row in rows)


def _due(
    session: Session, actor: Actor, child: Child, emergency_id: str | None, now: datetime
) -> datetime:
    if emergency_id is None:
        return child.due("D11", now)
    known = {one.id for one in emergency.actions_of(session, actor, child.case_id, now=now)}
    if emergency_id not in known:
        raise BadInput("/emergency", "unknown")
    return emergency_due_at(now, hours=child.pack.panel.unsafe_child_return_hours)


def _keep(  # noqa: PLR0917  private, all of it is needed
    session: Session,
    actor: Actor,
    item: ItemRow,
    report_id: str,
    number: int,
    draft: Draft,
    due_at: datetime,
    emergency_id: str | None,
    now: datetime,
) -> DeferralRow:
    row_id = new_id()
    place = Place(TABLE, "restricted", row_id)
    words = {"interim_care": draft.interim_care}
    row = DeferralRow(
        id=row_id,
        case_id=item.case_id,
        item_id=item.id,
        sitting_id=item.sitting_id,
        report_id=report_id,
        number=number,
        is_emergency=emergency_id is not None,
        emergency_id=emergency_id,
        deferred_at=now,
        due_at=due_at,
        deferred_by=actor.person_id,
        restricted=seal(session, owner=item.case_id, place=place, value=words),
    )
    session.add(row)
    session.flush()
    for index, question in enumerate(draft.questions, start=1):
        _ask(session, actor, row, index, question, now)
    _note(session, actor, item.case_id, "deferral.recorded", TABLE, row.id, now)
    return row


def _ask(  # noqa: PLR0917  private, all of it is needed
    session: Session,
    actor: Actor,
    deferral: DeferralRow,
    number: int,
    question: Question,
    now: datetime,
) -> None:
    row_id = new_id()
    place = Place(QUESTION, "restricted", row_id)
    session.add(
        QuestionRow(
            id=row_id,
            deferral_id=deferral.id,
            case_id=deferral.case_id,
            number=number,
            owner_id=question.owner,
            due_on=question.due_on,
            restricted=seal(
                session, owner=deferral.case_id, place=place, value={"text": question.text}
            ),
        )
    )
    session.flush()
    tasks.open_task(
        session,
        deferral.case_id,
        "answer_panel_question",
        key=f"question:{row_id}",
        actor=actor,
        now=now,
        person_id=question.owner,
        ref=row_id,
    )


def _question_for(session: Session, actor: Actor, question_id: str, now: datetime) -> QuestionRow:
    row = store.find_question(session, question_id)
    reach = reach_of(session, actor, row.case_id, now=now) if row else None
    if row is None or reach is None or not reach.sees:
        raise NotThere(QUESTION)
    if row.owner_id == actor.person_id:
        return row
    if reach.level < Level.FULL:
        raise NotThere(QUESTION)
    if not actor.has(Role.COORDINATOR):
        raise NotAllowed("question_of_another")
    return row


def _bring_back(session: Session, actor: Actor, row: DeferralRow, now: datetime) -> bool:
    """Hand the answers to the report when all are there; a coordinator does it if the actor may not."""
    questions = store.questions(session, row.id)
    if not is_answered(tuple(one.answered_at is not None for one in questions)):
        return False
    full = reach_of(session, actor, row.case_id, now=now).level >= Level.FULL
    if not full or not actor.has(*RETURNERS):
        tasks.open_task(
            session,
            row.case_id,
            "return_answered_deferral",
            key=f"answered:{row.id}",
            actor=actor,
            now=now,
            role=Role.COORDINATOR,
            ref=row.id,
        )
        return False
    views = [_question_view(session, one) for one in questions]
    text = "\n\n".join(f"{one.text}\n{one.answer}" for one in views)
    reports.answer_questions(session, actor, row.case_id, text, now=now)
    row.answered_at = now
    session.add(row)
    session.flush()
    clocks.meet_clock(session, row.case_id, "D11", now=now, actor=actor)
    tasks.finish_task(session, row.case_id, f"answered:{row.id}", actor=actor, now=now)
    return True


def _codes(row: DeferralRow) -> dict[str, str | int | bool | None]:
    return {"deferral": row.id, "number": row.number, "emergency": row.is_emergency}


def _view(session: Session, row: DeferralRow) -> DeferralView:
    place = Place(TABLE, "restricted", row.id)
    words = unseal(session, owner=row.case_id, place=place, sealed=row.restricted)
    return DeferralView(
        id=row.id,
        case_id=row.case_id,
        item_id=row.item_id,
        number=row.number,
        is_emergency=row.is_emergency,
        deferred_at=row.deferred_at,
        due_at=row.due_at,
        answered_at=row.answered_at,
        interim_care=words["interim_care"],
        questions=tuple(_question_view(session, one) for one in store.questions(session, row.id)),
    )


def _question_view(session: Session, row: QuestionRow) -> QuestionView:
    place, other = Place(QUESTION, "restricted", row.id), Place(QUESTION, "answer", row.id)
    words = unseal(session, owner=row.case_id, place=place, sealed=row.restricted)
    answer = (
        unseal(session, owner=row.case_id, place=other, sealed=row.answer)["text"]
        if row.answer
        else ""
    )
    return QuestionView(
        id=row.id,
        number=row.number,
        text=words["text"],
        owner=row.owner_id,
        due_on=row.due_on,
        answer=answer,
        answered_at=row.answered_at,
        version=row.version,
    )


def _note(  # noqa: PLR0917  private, all of it is needed
    session: Session,
    actor: Actor,
    case_id: str,
    action: str,
    thing: str,
    thing_id: str,
    now: datetime,
) -> None:
    audit.record(session, actor, action, thing=thing, thing_id=thing_id, case_id=case_id, now=now)
