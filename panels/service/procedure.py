"""What follows by itself from listing, deferring, deciding and telling; each step once, safe to run again.

A step looks at what people have stored, starts the clocks and posts the notices. None decides.

Source: DOM-3.2 (D8 to D12, D22), DOM-3.3 (T10 to T15).
"""

from datetime import datetime

from sqlmodel import Session

from cases.rules.machine import CaseState, Step, edge
from cases.service import clocks, effects, steps
from core import outbox
from core.actors import Actor, Role, procedure_actor
from panels.rules.determination import SIMPLIFIED
from panels.rules.items import ItemState
from panels.rules.simplified import is_sampled
from panels.service import decision_rows, proposals, reviews, telling
from panels.service.child import Child, child_of
from panels.store import communication as talks
from panels.store import deferral as deferrals
from panels.store import determination as determinations
from panels.store import item as items
from panels.store import panel as panels
from panels.store import sitting as sittings
from panels.tables.determination import DeterminationRow
from panels.tables.item import ItemRow


def tell_secretaries(session: Session, case_id: str, *, now: datetime) -> bool:
    """Tell the secretary of each panel of the case's district that it can be listed; once before each listing.

    A secretary sees no case before it is listed: this notice is where its id comes from.

    Source: DOM-3.3/T9, DOM-2.2.
    """
    child = child_of(session, case_id, now=now)
    if child.state != CaseState.BID_READY:
        return False
    times = len(items.of_case(session, case_id))
    if not effects.once(session, case_id, "tell_secretaries", occurrence=times, now=now):
        return False
    for panel in panels.of_district(session, child.country, child.office):
        outbox.post(
            session,
            topic="case.ready_for_listing",
            key=f"ready:{case_id}:{times}:{panel.id}",
            subject=case_id,
            now=now,
            payload={
                "role": Role.SECRETARY.value,
                "panel": panel.id,
                "office": child.office,
                "priority": child.priority,
            },
        )
        proposals.after_ready(session, panel.id, case_id, child.priority, now=now)
    return True


def call_to_sitting(session: Session, case_id: str, *, now: datetime) -> bool:
    """Invite whoever is asked to come for this child, and start the limit for the papers (D8).

    Source: DOM-3.3 (T10), DOM-3.2.
    """
    child = child_of(session, case_id, now=now)
    item = items.live_of_case(session, case_id)
    if child.state != CaseState.BID_LISTED or item is None:
        return False
    sitting = sittings.find(session, item.sitting_id)
    occurrence = len(items.of_case(session, case_id)) - 1
    if sitting is None or not effects.once(
        session, case_id, "call_to_sitting", occurrence=occurrence, now=now
    ):
        return False
    clocks.open_clock(
        session,
        case_id,
        "D8",
        started_at=item.listed_at,
        occurrence=occurrence,
        before=sitting.starts_at,
        now=now,
    )
    if item.papers_released_at is not None:
        clocks.meet_clock(session, case_id, "D8", now=item.papers_released_at)
    for invited in items.invitations(session, item.id):
        outbox.post(
            session,
            topic="item.invited",
            key=f"invitation:{invited.id}",
            subject=case_id,
            now=now,
            payload={
                "item": item.id,
                "kind": invited.kind,
                "person": invited.person_id,
                "office": child.office,
            },
        )
    return True


def follow_deferral(session: Session, case_id: str, *, now: datetime) -> bool:
    """Start the limit for bringing a deferred item back (D11) and tell those who owe an answer.

    Source: DOM-3.3 (T12), DOM-3.2.
    """
    child = child_of(session, case_id, now=now)
    put_off = [one for one in items.of_case(session, case_id) if _is_deferred(one)]
    if child.state != CaseState.BID_DEFERRED or not put_off:
        return False
    occurrence = len(put_off) - 1
    if not effects.once(session, case_id, "follow_deferral", occurrence=occurrence, now=now):
        return False
    deferral = deferrals.latest(session, case_id)
    mine = deferral if deferral and deferral.item_id == put_off[-1].id else None
    clocks.open_clock(
        session,
        case_id,
        "D11",
        started_at=mine.deferred_at if mine else put_off[-1].finished_at or now,
        occurrence=occurrence,
        due_at=mine.due_at if mine and mine.is_emergency else None,
        now=now,
    )
    for question in deferrals.questions(session, mine.id) if mine else ():
        outbox.post(
            session,
            topic="deferral.question",
            key=f"question:{question.id}",
            subject=case_id,
            now=now,
            payload={
                "question": question.id,
                "person": question.owner_id,
                "due_on": question.due_on.isoformat(),
            },
        )
    return True


def enter_decision(session: Session, case_id: str, *, now: datetime) -> bool:
    """Move the case once its decision is signed; meet D9, start D10 and D22.

    Source: DOM-3.3 (T13), DOM-3.2.
    """
    row = determinations.current(session, case_id)
    if row is None or row.sealed_at is None:
        return False
    sealed = [one for one in determinations.of_case(session, case_id) if one.sealed_at]
    if not effects.once(session, case_id, "enter_decision", occurrence=len(sealed) - 1, now=now):
        return False
    child = child_of(session, case_id, now=now)
    actor = procedure_actor(child.country)
    clocks.meet_clock(session, case_id, "D9", now=row.sealed_at)
    told = decision_rows.talk_about(session, row) is not None
    _enter(session, actor, child, row, told=told, now=now)
    if effects.once(session, case_id, f"limits:{row.root_id}", now=now):
        _start_limits(session, child, row, told=told, now=now)
    if row.rule_used == SIMPLIFIED and _is_in_sample(child, row):
        reviews.open_sample(session, actor, row.id, now=now)
    return True


def open_appeal_window(session: Session, case_id: str, *, now: datetime) -> bool:
    """Start the appeal window (D12) once the child was told; its end changes nothing by itself.

    Source: DOM-3.3 (T15), DOM-3.2.
    """
    talk = talks.latest(session, case_id)
    if talk is None:
        return False
    occurrence = talks.count(session, case_id) - 1
    if not effects.once(session, case_id, "open_appeal_window", occurrence=occurrence, now=now):
        return False
    if talk.waived_at is not None:
        return True
    clocks.open_clock(
        session,
        case_id,
        "D12",
        started_at=talk.told_at,
        occurrence=occurrence,
        due_at=talk.window_ends_at,
        now=now,
    )
    telling.tell(
        session,
        telling.Holders(office=child_of(session, case_id, now=now).office),
        topic="appeal.window_opened",
        key=f"window:{talk.id}",
        subject=case_id,
        now=now,
        payload={
            "determination": talk.determination_id,
            "ends_at": talk.window_ends_at.isoformat(),
        },
    )
    return True


def _is_deferred(item: ItemRow) -> bool:
    return item.state == ItemState.DEFERRED


def _enter(
    session: Session,
    actor: Actor,
    child: Child,
    row: DeterminationRow,
    *,
    told: bool,
    now: datetime,
) -> None:
    """Take the step the case waits for; a correction finds it further on."""
    code = Step.DECIDE_SIMPLIFIED if row.rule_used == SIMPLIFIED else Step.DECIDE
    if edge(code, child.state) is None:
        return
    steps.move(
        session,
        child.case_id,
        CaseState.BID_DECIDED,
        transition=code,
        actor=actor,
        now=now,
        facts={"determination": row.id, "outcome": row.outcome},
    )
    if told:
        steps.move(
            session,
            child.case_id,
            CaseState.COMMUNICATED,
            transition=Step.COMMUNICATE,
            actor=actor,
            now=now,
            facts={"determination": row.id},
        )


def _start_limits(
    session: Session, child: Child, row: DeterminationRow, *, told: bool, now: datetime
) -> None:
    case_id = child.case_id
    sealed_at = row.sealed_at or now
    for code, start in (("D10", sealed_at), ("D22", row.decided_at)):
        occurrence = clocks.next_occurrence(session, case_id, code)
        clocks.open_clock(session, case_id, code, started_at=start, occurrence=occurrence, now=now)
    if told:
        clocks.meet_clock(session, case_id, "D10", now=now)


def _is_in_sample(child: Child, row: DeterminationRow) -> bool:
    return is_sampled(row.id, percent=child.pack.simplified.sample_percent)
