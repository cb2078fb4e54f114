"""Queries about partners, the steps of trusting them, and their statements."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from transfers.rules.partnership import State
from transfers.tables.partner import PartnerRow, PartnerStatementRow, PartnerStepRow


def find(session: Session, partner_id: str, *, lock: bool = False) -> PartnerRow | None:
    """Return one partner; locked, it is read again."""
    query = select(PartnerRow).where(PartnerRow.id == partner_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.exec(query).first()


def of_installation(
    session: Session, installation: str, *, lock: bool = False
) -> PartnerRow | None:
    """Return what an installation is to us now; one that was revoked is nothing."""
    query = select(PartnerRow).where(
        PartnerRow.installation == installation, PartnerRow.state != State.REVOKED.value
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.exec(query).first()


def ever(session: Session, installation: str) -> Sequence[PartnerRow]:
    """Return every row an installation ever had, the oldest first."""
    query = select(PartnerRow).where(PartnerRow.installation == installation)
    return session.exec(query.order_by(col(PartnerRow.opened_at))).all()


def every(session: Session) -> Sequence[PartnerRow]:
    """Return all partners, by name, the newest first."""
    query = select(PartnerRow)
    order = (col(PartnerRow.installation), col(PartnerRow.opened_at).desc())
    return session.exec(query.order_by(*order)).all()


def steps(session: Session, partner_id: str) -> Sequence[PartnerStepRow]:
    """Return what people did with a partner, in order."""
    query = select(PartnerStepRow).where(PartnerStepRow.partner_id == partner_id)
    return session.exec(query.order_by(col(PartnerStepRow.n))).all()


def statements(session: Session, partner_id: str) -> Sequence[PartnerStatementRow]:
    """Return the statements taken from a partner, in their order."""
    query = select(PartnerStatementRow).where(PartnerStatementRow.partner_id == partner_id)
    order = (col(PartnerStatementRow.seq), col(PartnerStatementRow.taken_at))
    return session.exec(query.order_by(*order)).all()
