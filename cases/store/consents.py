"""Queries about consents, withheld items and overrides."""

from sqlmodel import Session, col, select

from cases.tables.consent import ConsentRow, OverrideRow, WithholdRow


def consents_of(session: Session, case_id: str) -> list[ConsentRow]:
    """Return every consent of a case, withdrawn ones included, newest first."""
    query = select(ConsentRow).where(ConsentRow.case_id == case_id)
    return list(session.exec(query.order_by(col(ConsentRow.recorded_at).desc())))


def lock_consent(session: Session, case_id: str, consent_id: str) -> ConsentRow | None:
    """Return one consent of a case and hold it."""
    query = select(ConsentRow).where(ConsentRow.id == consent_id, ConsentRow.case_id == case_id)
    return session.exec(query.with_for_update()).first()


def withheld_of(session: Session, case_id: str) -> list[WithholdRow]:
    """Return what the child wants withheld now."""
    query = select(WithholdRow).where(
        WithholdRow.case_id == case_id, col(WithholdRow.lifted_at).is_(None)
    )
    return list(session.exec(query.order_by(col(WithholdRow.asked_at), col(WithholdRow.id))))


def lock_withhold(session: Session, case_id: str, withhold_id: str) -> WithholdRow | None:
    """Return one withheld item of a case and hold it."""
    query = select(WithholdRow).where(WithholdRow.id == withhold_id, WithholdRow.case_id == case_id)
    return session.exec(query.with_for_update()).first()


def overrides_of(session: Session, case_id: str) -> list[OverrideRow]:
    """Return the overrides of a case, newest first."""
    query = select(OverrideRow).where(OverrideRow.case_id == case_id)
    return list(session.exec(query.order_by(col(OverrideRow.asked_at).desc())))


def lock_override(session: Session, case_id: str, override_id: str) -> OverrideRow | None:
    """Return one override of a case and hold it."""
    query = select(OverrideRow).where(OverrideRow.id == override_id, OverrideRow.case_id == case_id)
    return session.exec(query.with_for_update()).first()
