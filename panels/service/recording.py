"""Writing one version of a decision, and sealing it once enough of those who decided have signed.

Who may decide is asked before (``determinations``, ``simplified``, ``appeals``); here it is kept.

Source: DOM-4.6, DOM-R2, DOM-R18, DOM-R22.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from cases.rules.access import Basis
from cases.rules.closing import Blocker
from cases.service import access, blockers, clocks, steps
from cases.service.papers import report_for_panel
from core import audit
from core.actors import Actor
from core.errors import Gap, Incomplete
from core.ids import new_id
from core.vault import Place, seal
from panels.rules.decision_record import Dissent, Identity, Made, grounded, record_of
from panels.rules.determination import (
    SIMPLIFIED,
    Draft,
    Offered,
    may_be_decided,
    unexplained_splits,
)
from panels.rules.sealing import seal_hash
from panels.service import decision_rows, hearers, telling
from panels.service.child import Child
from panels.service.circumstances import (
    Chosen,
    circumstances,
    destination_of,
    linked_decisions,
    on_record,
    options_of,
)
from panels.store import determination as store
from panels.tables.determination import DeterminationRow, DissentRow, SignatureRow


@dataclass(frozen=True)
class Earlier:
    """The version a correction replaces, what it says, and why it is replaced."""

    row: DeterminationRow
    draft: Draft
    reason: str


def decide(
    session: Session,
    actor: Actor,
    child: Child,
    draft: Draft,
    made: Made,
    *,
    option: str,
    now: datetime,
) -> DeterminationRow:
    """Ask the rules and keep the decision as waiting for signatures.

    Args:
        session: the unit of work.
        actor: who records it.
        child: the child's case, locked.
        draft: the decision as worded.
        made: how it came about.
        option: what the votes settled on.
        now: when.

    Raises:
        Incomplete: with everything the decision lacks.
    """
    if store.pending(session, child.case_id) is not None:
        raise Incomplete("record_determination", (Gap("decision_pending"),))
    report = report_for_panel(session, child.case_id, now=now)
    draft = on_record(session, child, draft)
    chosen = Chosen(option, child.today)
    on = circumstances(session, actor, child, options_of(report), chosen)
    before = store.current(session, child.case_id)
    identity = Identity(
        case_id=child.case_id,
        report_id=report.report_id,
        number=1,
        decided_at=now,
        decided_on=child.today,
        supersedes=before.id if before else "",
    )
    may_be_decided(draft, on).require()
    return _keep(session, actor, draft, identity, made, home=on.home, now=now)


def correct(
    session: Session,
    actor: Actor,
    child: Child,
    draft: Draft,
    made: Made,
    *,
    earlier: Earlier,
    now: datetime,
) -> DeterminationRow:
    """Keep a new version of a decision; what was chosen and when stays as it was.

    Raises:
        Incomplete: with everything the new version lacks.
    """
    row, said = earlier.row, earlier.draft.support
    draft = grounded(draft, danger=said.non_refoulement, tracing_closed=said.tracing_closed)
    offered = Offered(earlier.draft.destination.outcome, earlier.draft.destination.country)
    chosen = Chosen(row.option_ref, row.decided_on)
    on = circumstances(session, actor, child, {row.option_ref: offered}, chosen)
    identity = Identity(
        case_id=child.case_id,
        report_id=row.report_id,
        number=row.number + 1,
        decided_at=row.decided_at,
        decided_on=row.decided_on,
        corrects=row.id,
        correction_reason=earlier.reason,
        supersedes=row.supersedes_id or "",
    )
    may_be_decided(draft, on).require()
    return _keep(session, actor, draft, identity, made, home=on.home, now=now, root_id=row.root_id)


def decide_without_panel(
    session: Session,
    actor: Actor,
    child: Child,
    draft: Draft,
    *,
    rule_used: str,
    voters: Collection[str],
    now: datetime,
) -> str:
    """Keep a decision of named people who decided without a sitting; all of them have to sign.

    Raises:
        Incomplete: with everything the decision lacks.
    """
    made = Made(rule_used, tuple(sorted(set(voters))), votes_for=len(set(voters)))
    return decide(session, actor, child, draft, made, option=draft.option_ref, now=now).id


def seal_decision(
    session: Session, actor: Actor, child: Child, row: DeterminationRow, *, now: datetime
) -> None:
    """Put a decision in force: nothing in it changes from now on.

    Raises:
        Incomplete: a brother's or sister's decision goes another way and does not say why (R32).

    Source: DOM-R22, DOM-R32.
    """
    silent = unexplained_splits(destination_of(row), linked_decisions(session, child))
    if silent:
        gap = Gap("sibling_decision_silent", {"count": len(silent)})
        raise Incomplete("sign_determination", (gap,))
    before = store.current(session, child.case_id)
    if before is not None:
        decision_rows.end(session, before, decision_rows.REPLACED, now=now)
    row.state, row.sealed_at = decision_rows.SEALED, now
    row.pending_case, row.current_case = None, child.case_id
    session.add(row)
    session.flush()
    blockers.clear(session, child.case_id, Blocker.UNSIGNED_DECISION, row.id, now=now)
    note(session, actor, row, "determination.sealed", now=now)
    hearers.close_after_replacement(session, actor, row, now=now)
    close_to_reviewers(session, actor, row.case_id, now=now)
    telling.tell(
        session,
        telling.Holders(office=child.office, panel=telling.panel_of(session, row.item_id)),
        topic="determination.sealed",
        key=f"determination:{row.id}:sealed",
        subject=child.case_id,
        payload={"determination": row.id, "number": row.number},
        now=now,
    )
    steps.wake(session, child.case_id, now=now)


def close_to_reviewers(session: Session, actor: Actor, case_id: str, *, now: datetime) -> None:
    """Close a case to those who were to decide it without the full panel, if there are any."""
    access.close_access(
        session, actor, case_id=case_id, basis=Basis.PANEL_ITEM, ref=SIMPLIFIED, now=now
    )


def add_signature(session: Session, actor: Actor, row: DeterminationRow, *, now: datetime) -> None:
    """Keep one person's signature under exactly these words."""
    session.add(
        SignatureRow(
            determination_id=row.id,
            person_id=actor.person_id,
            content_hash=row.content_hash,
            signed_at=now,
        )
    )
    session.flush()
    note(session, actor, row, "determination.signed", now=now)
    steps.wake(session, row.case_id, now=now)


def note(
    session: Session, actor: Actor, row: DeterminationRow, action: str, *, now: datetime
) -> None:
    """Put one act on a decision on record: codes only."""
    audit.record(
        session,
        actor,
        action,
        thing=decision_rows.KIND,
        thing_id=row.id,
        case_id=row.case_id,
        now=now,
        codes={"number": row.number, "rule": row.rule_used, "state": row.state},
    )


def _keep(
    session: Session,
    actor: Actor,
    draft: Draft,
    identity: Identity,
    made: Made,
    *,
    home: str,
    now: datetime,
    root_id: str = "",
) -> DeterminationRow:
    row = _row(session, actor, draft, identity, made, home=home, now=now, root_id=root_id)
    session.add(row)
    session.flush()
    for dissent in made.dissents:
        session.add(_dissent(session, row, dissent))
    case_id = identity.case_id
    if not identity.corrects:
        clocks.open_clock(
            session,
            case_id,
            "D9",
            started_at=now,
            occurrence=clocks.next_occurrence(session, case_id, "D9"),
        )
    blockers.block(session, case_id, Blocker.UNSIGNED_DECISION, row.id, now=now)
    note(session, actor, row, "determination.recorded", now=now)
    steps.wake(session, case_id, now=now)
    return row


def _row(
    session: Session,
    actor: Actor,
    draft: Draft,
    identity: Identity,
    made: Made,
    *,
    home: str,
    now: datetime,
    root_id: str,
) -> DeterminationRow:
    row_id = new_id()
    record = record_of(identity, draft, made)
    place = Place("determination", "restricted", row_id)
    return DeterminationRow(
        id=row_id,
        case_id=identity.case_id,
        item_id=made.item_id or None,
        sitting_id=made.sitting_id or None,
        root_id=root_id or row_id,
        number=identity.number,
        corrects_id=identity.corrects or None,
        supersedes_id=identity.supersedes or None,
        pending_case=identity.case_id,
        state=decision_rows.RECORDED,
        report_id=identity.report_id,
        outcome=draft.destination.outcome.value,
        secondary=draft.secondary.value if draft.secondary else "",
        destination=draft.destination.country,
        is_abroad=draft.destination.is_abroad(home),
        care_type=draft.destination.care_type.value if draft.destination.care_type else "",
        option_ref=draft.option_ref,
        views_weight=draft.weight.weight.value,
        gives_sibling_reason=bool(draft.sibling_reason.strip()),
        rule_used=made.rule_used,
        votes_for=made.votes_for,
        votes_other=made.votes_other,
        abstained=made.abstained,
        voters=sorted(made.voters),
        quorum_ref=made.quorum_ref,
        decided_at=identity.decided_at,
        decided_on=identity.decided_on,
        valid_until=draft.valid_until,
        review_on=draft.support.review_on or draft.valid_until,
        content_hash=seal_hash(record),
        recorded_by=actor.person_id,
        recorded_at=now,
        restricted=seal(session, owner=identity.case_id, place=place, value=record),
    )


def _dissent(session: Session, row: DeterminationRow, dissent: Dissent) -> DissentRow:
    dissent_id = new_id()
    place = Place("determination_dissent", "restricted", dissent_id)
    return DissentRow(
        id=dissent_id,
        determination_id=row.id,
        case_id=row.case_id,
        person_id=dissent.person_id,
        restricted=seal(session, owner=row.case_id, place=place, value={"words": dissent.words}),
    )
