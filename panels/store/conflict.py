"""Queries about conflicts and declarations."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from panels.rules.conflicts import CLOSING, Conflict, ConflictState
from panels.store.values import table, values
from panels.tables.conflict import ConflictRow, DeclarationRow
from panels.tables.item import ItemRow

_C: Final = table(ConflictRow)
_D: Final = table(DeclarationRow)
_I: Final = table(ItemRow)
_CASE: Final = sa.select(_I.c.case_id).where(_I.c.id == sa.bindparam("item")).scalar_subquery()
_STATES: Final = (
    sa.select(_C.c.person_id, _C.c.state)
    .where(
        _C.c.case_id == _CASE,
        sa.or_(
            _C.c.item_id == sa.bindparam("item"), _C.c.state.in_([one.value for one in CLOSING])
        ),
    )
    .order_by(_C.c.raised_at, _C.c.id)
)
_DECLARED: Final = sa.select(_D.c.member_id).where(
    _D.c.item_id == sa.bindparam("item"), _D.c.call_no == sa.bindparam("call")
)


def find(session: Session, conflict_id: str) -> ConflictRow | None:
    """Return a conflict as it is now in the database."""
    query = select(ConflictRow).where(ConflictRow.id == conflict_id)
    return session.exec(query.execution_options(populate_existing=True)).first()


def of_item(session: Session, item_id: str) -> Sequence[ConflictRow]:
    """Return the conflicts of an item in the order they were raised."""
    query = select(ConflictRow).where(ConflictRow.item_id == item_id)
    return session.exec(query.order_by(col(ConflictRow.raised_at), col(ConflictRow.id))).all()


def states(session: Session, item_id: str) -> list[Conflict]:
    """Return the conflicts of an item as the rules see them.

    Whoever had one when the same child was heard before has it still, until a ruling says otherwise.

    Source: DOM-R14.
    """
    return [
        Conflict(row.person_id, ConflictState(row.state))
        for row in values(session, _STATES, item=item_id)
    ]


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
    return frozenset(
        row.member_id for row in values(session, _DECLARED, item=item_id, call=call_no)
    )
