"""Queries about guardians, offers of a lawyer, and interpreters."""

from sqlmodel import Session, col, select

from cases.tables.guardian import GuardianRow, InterpreterRow, LegalOfferRow


def guardians_of(session: Session, case_id: str) -> list[GuardianRow]:
    """Return guardians and advisers of a case, ended ones included, newest first."""
    query = select(GuardianRow).where(GuardianRow.case_id == case_id)
    return list(session.exec(query.order_by(col(GuardianRow.recorded_at).desc())))


def lock_guardian(session: Session, case_id: str, guardian_id: str) -> GuardianRow | None:
    """Return one guardian of a case and hold the row."""
    query = select(GuardianRow).where(GuardianRow.id == guardian_id, GuardianRow.case_id == case_id)
    return session.exec(query.with_for_update()).first()


def legal_offers_of(session: Session, case_id: str) -> list[LegalOfferRow]:
    """Return the offers of a legal representative, newest first."""
    query = select(LegalOfferRow).where(LegalOfferRow.case_id == case_id)
    return list(session.exec(query.order_by(col(LegalOfferRow.recorded_at).desc())))


def interpreters_of(session: Session, case_id: str) -> list[InterpreterRow]:
    """Return interpreters assigned to a case, ended ones included, newest first."""
    query = select(InterpreterRow).where(InterpreterRow.case_id == case_id)
    return list(session.exec(query.order_by(col(InterpreterRow.recorded_at).desc())))


def lock_interpreter(session: Session, case_id: str, interpreter_id: str) -> InterpreterRow | None:
    """Return one assignment of an interpreter and hold the row."""
    query = select(InterpreterRow).where(
        InterpreterRow.id == interpreter_id, InterpreterRow.case_id == case_id
    )
    return session.exec(query.with_for_update()).first()
