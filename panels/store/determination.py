"""Queries about determinations, their signatures and dissents."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlmodel import Session, col, select

from panels.tables.determination import (
    DeterminationRow,
    DissentRow,
    FullPanelDemandRow,
    SignatureRow,
)
from panels.tables.sitting import RosterRow


def find(session: Session, determination_id: str) -> DeterminationRow | None:
    """Return one version of a decision."""
    return session.get(DeterminationRow, determination_id)


def current(session: Session, case_id: str) -> DeterminationRow | None:
    """Return the sealed decision in force for a child."""
    query = select(DeterminationRow).where(DeterminationRow.current_case == case_id)
    return session.exec(query).first()


def pending(session: Session, case_id: str) -> DeterminationRow | None:
    """Return the recorded decision that waits for signatures."""
    query = select(DeterminationRow).where(DeterminationRow.pending_case == case_id)
    return session.exec(query).first()


def of_case(session: Session, case_id: str) -> Sequence[DeterminationRow]:
    """Return every version of every decision about a child, newest first."""
    query = select(DeterminationRow).where(DeterminationRow.case_id == case_id)
    return session.exec(
        query.order_by(col(DeterminationRow.decided_at).desc(), col(DeterminationRow.number).desc())
    ).all()


def of_item(session: Session, item_id: str) -> DeterminationRow | None:
    """Return the newest version of what was decided under one agenda item."""
    query = select(DeterminationRow).where(DeterminationRow.item_id == item_id)
    return session.exec(query.order_by(col(DeterminationRow.number).desc())).first()


def of_sitting(session: Session, sitting_id: str) -> Sequence[DeterminationRow]:
    """Return every decision of a sitting, replaced versions too, in the order recorded."""
    query = select(DeterminationRow).where(DeterminationRow.sitting_id == sitting_id)
    return session.exec(
        query.order_by(col(DeterminationRow.recorded_at), col(DeterminationRow.id))
    ).all()


def unsigned_near(session: Session, member_ids: Collection[str]) -> Sequence[DeterminationRow]:
    """Return the decisions that wait for signatures, of sittings these members were called to, oldest first."""
    called = select(RosterRow.sitting_id).where(col(RosterRow.member_id).in_(member_ids))
    query = select(DeterminationRow).where(
        col(DeterminationRow.pending_case).is_not(None),
        col(DeterminationRow.sitting_id).in_(called),
    )
    return session.exec(
        query.order_by(col(DeterminationRow.decided_at), col(DeterminationRow.id))
    ).all()


def current_of_cases(session: Session, case_ids: Collection[str]) -> Sequence[DeterminationRow]:
    """Return what these children are decided for: awaiting signatures first, else in force."""
    if not case_ids:
        return []
    awaiting = session.exec(
        select(DeterminationRow).where(col(DeterminationRow.pending_case).in_(case_ids))
    ).all()
    rest = set(case_ids) - {row.case_id for row in awaiting}
    standing = session.exec(
        select(DeterminationRow).where(col(DeterminationRow.current_case).in_(rest))
    ).all()
    return [*awaiting, *standing]


def expired(session: Session, *, on: date, limit: int) -> Sequence[DeterminationRow]:
    """Return decisions in force whose last day has passed, oldest first."""
    query = select(DeterminationRow).where(
        col(DeterminationRow.current_case).is_not(None), col(DeterminationRow.valid_until) < on
    )
    return session.exec(query.order_by(col(DeterminationRow.valid_until)).limit(limit)).all()


def signatures(session: Session, determination_id: str) -> Sequence[SignatureRow]:
    """Return the signatures under one version, in the order given."""
    query = select(SignatureRow).where(SignatureRow.determination_id == determination_id)
    return session.exec(query.order_by(col(SignatureRow.signed_at), col(SignatureRow.id))).all()


def dissents(session: Session, determination_id: str) -> Sequence[DissentRow]:
    """Return the dissents kept with one version."""
    query = select(DissentRow).where(DissentRow.determination_id == determination_id)
    return session.exec(query.order_by(col(DissentRow.person_id))).all()


def demands(session: Session, case_id: str) -> Sequence[FullPanelDemandRow]:
    """Return everybody who demanded the full panel for a child."""
    query = select(FullPanelDemandRow).where(FullPanelDemandRow.case_id == case_id)
    return session.exec(query.order_by(col(FullPanelDemandRow.demanded_at))).all()
