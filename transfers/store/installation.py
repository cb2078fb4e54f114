"""Queries about this installation, its keys and its own statements."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from transfers.tables.installation import ExchangeKeyRow, InstallationRow, OwnStatementRow


def own(session: Session, *, lock: bool = False) -> InstallationRow | None:
    """Return who we are; None before set-up. Locked, it is read again."""
    query = select(InstallationRow)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.exec(query).first()


def keys(session: Session) -> Sequence[ExchangeKeyRow]:
    """Return every key of ours, the oldest first."""
    query = select(ExchangeKeyRow)
    return session.exec(query.order_by(col(ExchangeKeyRow.begins_at), ExchangeKeyRow.kid)).all()


def key(session: Session, kid: str) -> ExchangeKeyRow | None:
    """Return one key of ours."""
    return session.get(ExchangeKeyRow, kid)


def keys_held(session: Session, use: str) -> Sequence[ExchangeKeyRow]:
    """Return the keys of one use whose private half is here, the youngest first."""
    query = select(ExchangeKeyRow).where(
        ExchangeKeyRow.use == use, col(ExchangeKeyRow.sealed).is_not(None)
    )
    return session.exec(query.order_by(col(ExchangeKeyRow.begins_at).desc())).all()


def statements(session: Session) -> Sequence[OwnStatementRow]:
    """Return every statement of ours, the newest first."""
    return session.exec(select(OwnStatementRow).order_by(col(OwnStatementRow.number).desc())).all()


def newest_statement(session: Session) -> OwnStatementRow | None:
    """Return the statement that is published."""
    query = select(OwnStatementRow).order_by(col(OwnStatementRow.number).desc())
    return session.exec(query.limit(1)).first()


def keys_retired_before(session: Session, moment: datetime) -> Sequence[ExchangeKeyRow]:
    """Return the keys whose private half is here and that were retired by then, the oldest first."""
    query = select(ExchangeKeyRow).where(
        col(ExchangeKeyRow.sealed).is_not(None), col(ExchangeKeyRow.retires_at) <= moment
    )
    return session.exec(query.order_by(col(ExchangeKeyRow.retires_at))).all()
