"""Panels, the versions of their rules and terms of reference, and their seats."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class PanelRow(Versioned, table=True):
    """A standing panel of one district, several countries (joint), or the national review panel."""

    __tablename__ = "panel"
    __table_args__ = (sa.Index("ix_panel_place", "country", "district"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    code: str = Field(max_length=40, unique=True)
    name: str = Field(max_length=200)
    kind: str = Field(max_length=20)
    country: str = Field(max_length=2)
    countries: list[str] = Field(sa_type=sa.JSON)
    district: str = Field(max_length=40)
    rules_number: int = Field(default=1)
    terms_number: int = Field(default=1)
    created_at: datetime = Field(sa_type=UtcDateTime)


class PanelRulesRow(SQLModel, table=True):
    """One version of a panel's rules; a change is a new row. Source: DOM-4.5/panel.rules."""

    __tablename__ = "panel_rules"
    __table_args__ = (sa.UniqueConstraint("panel_id", "number"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    panel_id: str = Field(foreign_key="panel.id", max_length=36)
    number: int
    rules: dict[str, Any] = Field(sa_type=sa.JSON)
    made_by: str = Field(max_length=36)
    made_at: datetime = Field(sa_type=UtcDateTime)


class PanelTermsRow(SQLModel, table=True):
    """One version of the written terms of reference; earlier ones stay readable.

    Source: DOM-4.5/panel.terms_of_reference.
    """

    __tablename__ = "panel_terms"
    __table_args__ = (sa.UniqueConstraint("panel_id", "number"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    panel_id: str = Field(foreign_key="panel.id", max_length=36)
    number: int
    text: str = Field(sa_type=sa.Text)
    sha256: str = Field(max_length=64)
    made_by: str = Field(max_length=36)
    made_at: datetime = Field(sa_type=UtcDateTime)


class SeatRow(SQLModel, table=True):
    """A place on a panel for one agency and profession. Source: DOM-4.5/member.seat."""

    __tablename__ = "panel_seat"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    panel_id: str = Field(foreign_key="panel.id", max_length=36, index=True)
    role: str = Field(max_length=20)
    agency: str = Field(max_length=60)
    sector: str = Field(max_length=40)
    country: str = Field(max_length=2)
    closed_on: date | None = Field(default=None)
