"""Queries about conflicts and declarations."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from panels.tables.conflict import ConflictRow, DeclarationRow


def find(session: Session, conflict_id: str) -> ConflictRow | None:
    """Return a conflict as it is now in the database."""
    query = select(ConflictRow).where(ConflictRow.id == conflict_id)
    return session.exec(query.execution_options(populate_existing=True)).first()


def of_item(session: Session, item_id: str) -> Sequence[ConflictRow]:
    """Return the conflicts of an item in the order they were raised."""
    query = select(ConflictRow).where(ConflictRow.item_id == item_id)
    return session.exec(query.order_by(col(ConflictRow.raised_at), col(ConflictRow.id))).all()


def of_case(session: Session, case_id: str) -> Sequence[ConflictRow]:
    """Return every conflict ever raised about a case."""
    query = select(ConflictRow).where(ConflictRow.case_id == case_id)
    return session.exec(query.order_by(col(ConflictRow.raised_at), col(ConflictRow.id))).all()


def declarations(session: Session, item_id: str) -> Sequence[DeclarationRow]:
    """Return the declarations made for an item."""
    query = select(DeclarationRow).where(DeclarationRow.item_id == item_id)
    return session.exec(query.order_by(col(DeclarationRow.declared_at))).all()


def declared(session: Session, item_id: str, call_no: int) -> frozenset[str]:
    """Return the members who answered for this call of the item."""
    query = select(DeclarationRow.member_id).where(
        DeclarationRow.item_id == item_id, DeclarationRow.call_no == call_no
    )
    return frozenset(session.exec(query))
