"""Queries about panels, the versions of their rules and terms, and their seats."""

from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, or_, select

from panels.store.values import table, values
from panels.tables.panel import PanelRow, PanelRulesRow, PanelTermsRow, SeatRow

_V: Final = table(PanelRulesRow)
_RULES: Final = sa.select(_V.c.rules).where(
    _V.c.panel_id == sa.bindparam("panel"), _V.c.number == sa.bindparam("number")
)


def find(session: Session, panel_id: str) -> PanelRow | None:
    """Return a panel."""
    return session.get(PanelRow, panel_id)


def lock(session: Session, panel_id: str) -> PanelRow | None:
    """Return a panel and hold it until the unit of work ends."""
    query = select(PanelRow).where(PanelRow.id == panel_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).first()


def by_code(session: Session, code: str) -> PanelRow | None:
    """Return the panel with this code."""
    return session.exec(select(PanelRow).where(PanelRow.code == code)).first()


def page(
    session: Session,
    *,
    countries: Collection[str],
    districts: Collection[str],
    ids: Collection[str],
    after: str,
    limit: int,
) -> Sequence[PanelRow]:
    """Return panels of these countries, districts or ids, by code, after a code."""
    query = (
        select(PanelRow)
        .where(
            or_(
                col(PanelRow.country).in_(countries),
                col(PanelRow.district).in_(districts),
                col(PanelRow.id).in_(ids),
            )
        )
        .where(PanelRow.code > after)
    )
    return session.exec(query.order_by(col(PanelRow.code)).limit(limit)).all()


def every(session: Session) -> Sequence[PanelRow]:
    """Return all panels by code; for the operator's command line."""
    return session.exec(select(PanelRow).order_by(col(PanelRow.code))).all()


def of_district(session: Session, country: str, district: str) -> Sequence[PanelRow]:
    """Return the panels that hear the children of a district, by code; review panels hear none first."""
    query = select(PanelRow).where(
        PanelRow.country == country, PanelRow.district == district, PanelRow.kind != "review"
    )
    return session.exec(query.order_by(col(PanelRow.code))).all()


def review_panel(session: Session, country: str) -> PanelRow | None:
    """Return the national review panel of a country."""
    query = select(PanelRow).where(PanelRow.country == country, PanelRow.kind == "review")
    return session.exec(query.order_by(col(PanelRow.code)).limit(1)).first()


def rules(session: Session, panel_id: str, number: int) -> dict[str, Any] | None:
    """Return one version of a panel's rules as it is kept; None when there is none."""
    found = values(session, _RULES, panel=panel_id, number=number)
    return found[0].rules if found else None


def all_rules(session: Session, panel_id: str) -> Sequence[PanelRulesRow]:
    """Return every version of a panel's rules, oldest first."""
    query = select(PanelRulesRow).where(PanelRulesRow.panel_id == panel_id)
    return session.exec(query.order_by(col(PanelRulesRow.number))).all()


def all_terms(session: Session, panel_id: str) -> Sequence[PanelTermsRow]:
    """Return every version of a panel's terms of reference, oldest first."""
    query = select(PanelTermsRow).where(PanelTermsRow.panel_id == panel_id)
    return session.exec(query.order_by(col(PanelTermsRow.number))).all()


def seats(session: Session, panel_id: str) -> Sequence[SeatRow]:
    """Return the seats of a panel, chair and deputy first (by role name), then by agency."""
    query = select(SeatRow).where(SeatRow.panel_id == panel_id)
    return session.exec(
        query.order_by(col(SeatRow.role), col(SeatRow.agency), col(SeatRow.id))
    ).all()


def seat(session: Session, seat_id: str) -> SeatRow | None:
    """Return a seat."""
    return session.get(SeatRow, seat_id)
