"""Installations of other countries: how far they are trusted, by whom, and what they said about their keys."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime, Versioned
from core.ids import new_id
from transfers.rules.partnership import Act, Channel, Half, Standing, State


class PartnerRow(Versioned, table=True):
    """An installation that was proposed, with the anchor pinned for it. One that was revoked stays for good."""

    __tablename__ = "partner"
    __table_args__ = (
        sa.Index(
            "uq_partner_open",
            "installation",
            unique=True,
            sqlite_where=sa.text("state <> 'revoked'"),
            postgresql_where=sa.text("state <> 'revoked'"),
        ),
        sa.Index("ix_partner_installation", "installation", "opened_at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    installation: str = Field(max_length=43)
    state: str = Field(max_length=16)
    anchor: dict[str, Any] = Field(sa_type=sa.JSON)
    half_act: str | None = Field(default=None, max_length=12)
    half_person: str | None = Field(default=None, max_length=36)
    half_channel: str | None = Field(default=None, max_length=16)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)

    def to_standing(self) -> Standing:
        """Return the value the rules use."""
        half = None
        if self.half_act is not None and self.half_person is not None:
            channel = None if self.half_channel is None else Channel(self.half_channel)
            half = Half(Act(self.half_act), self.half_person, channel)
        return Standing(State(self.state), half)

    def stand(self, standing: Standing) -> None:
        """Take over where the rules put it."""
        half = standing.half
        self.state = standing.state.value
        self.half_act = None if half is None else half.act.value
        self.half_person = None if half is None else half.person_id
        self.half_channel = None if half is None or half.channel is None else half.channel.value


class PartnerStepRow(SQLModel, table=True):
    """One step of trusting or distrusting: who, when, how; ``n`` is its row in the evidence log. Never changed."""

    __tablename__ = "partner_step"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    partner_id: str = Field(foreign_key="partner.id", max_length=36, index=True)
    step: str = Field(max_length=24)
    state: str = Field(max_length=16)
    person_id: str = Field(max_length=36)
    channel: str | None = Field(default=None, max_length=16)
    reason: str | None = Field(default=None, max_length=60)
    n: int = Field(sa_type=sa.BigInteger)
    at: datetime = Field(sa_type=UtcDateTime)


class PartnerStatementRow(SQLModel, table=True):
    """A key statement we took from a partner, word for word. Never changed."""

    __tablename__ = "partner_statement"
    __table_args__ = (sa.UniqueConstraint("partner_id", "seq", "anchor_kid"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    partner_id: str = Field(foreign_key="partner.id", max_length=36)
    seq: int = Field(sa_type=sa.BigInteger)
    anchor_kid: str = Field(max_length=43)
    text: str = Field(sa_type=sa.Text)
    taken_at: datetime = Field(sa_type=UtcDateTime)
