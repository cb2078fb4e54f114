"""Rows of identity. Names, login names and contacts are sealed under the person; secrets are kept as hashes.

A login name is found through a keyed hash, so a stolen database names nobody. Source: EXP-10.1, EXP-TT66.
"""

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.accounts.waits import Count, Tally
from core.actors import Grant, Role, ScopeKind
from core.db import UtcDateTime, Versioned
from core.ids import new_id

INVITED: Final = "invited"
ACTIVE: Final = "active"
SUSPENDED: Final = "suspended"
OFFICER: Final = "officer"
GUEST: Final = "guest"
"""Whose account it is; each kind has a door of its own and does not come in by the other's."""


class PersonRow(Versioned, table=True):
    """A human being who works with the engine. ``restricted`` seals name, email and phone."""

    __tablename__ = "person"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    country: str = Field(max_length=2)
    restricted: bytes
    created_at: datetime = Field(sa_type=UtcDateTime)


class AccountRow(Versioned, table=True):
    """One way for a person to sign in. ``restricted`` seals the login name under the person."""

    __tablename__ = "account"
    __table_args__ = (sa.Index("ix_account_country_id", "country", "id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    person_id: str = Field(foreign_key="person.id", max_length=36, index=True)
    country: str = Field(max_length=2)
    login_key: str = Field(max_length=32, unique=True)
    restricted: bytes
    password_hash: str | None = Field(default=None, max_length=200)
    state: str = Field(default=INVITED, max_length=16)
    kind: str = Field(default=OFFICER, max_length=8, sa_column_kwargs={"server_default": OFFICER})
    created_at: datetime = Field(sa_type=UtcDateTime)
    created_by: str = Field(max_length=36)
    changed_at: datetime = Field(sa_type=UtcDateTime)


class RoleGrantRow(SQLModel, table=True):
    """A role an account holds, from when until when, and who gave it. Ended, never deleted."""

    __tablename__ = "role_grant"
    __table_args__ = (
        sa.Index(
            "uq_role_grant_open",
            "account_id",
            "role",
            "scope",
            "ref",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index("ix_role_grant_holders", "role", "scope", "ref", "ended_at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    account_id: str = Field(foreign_key="account.id", max_length=36, index=True)
    person_id: str = Field(foreign_key="person.id", max_length=36, index=True)
    role: str = Field(max_length=24)
    scope: str = Field(max_length=16)
    ref: str = Field(default="", max_length=64)
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    given_by: str = Field(max_length=36)
    given_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_by: str | None = Field(default=None, max_length=36)

    def to_grant(self) -> Grant:
        """Return the value the rules use."""
        return Grant(Role(self.role), ScopeKind(self.scope), self.ref)


class InvitationRow(SQLModel, table=True):
    """A one-time token with which an account gets its password and second factor; kept as a hash."""

    __tablename__ = "account_invitation"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    account_id: str = Field(foreign_key="account.id", max_length=36, index=True)
    token_hash: str = Field(max_length=64, unique=True)
    made_by: str = Field(max_length=36)
    made_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SecondFactorRow(SQLModel, table=True):
    """The shared secret of an authenticator app, sealed. ``last_step`` is the last code that was used."""

    __tablename__ = "second_factor"
    __table_args__ = (sa.UniqueConstraint("account_id", "is_confirmed"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    account_id: str = Field(foreign_key="account.id", max_length=36)
    sensitive: bytes
    is_confirmed: bool = Field(default=False)
    last_step: int = Field(default=0, sa_type=sa.BigInteger)
    made_at: datetime = Field(sa_type=UtcDateTime)


class RecoveryCodeRow(SQLModel, table=True):
    """A code on paper for the day the phone is lost; each works once."""

    __tablename__ = "recovery_code"
    __table_args__ = (sa.UniqueConstraint("account_id", "code_hash"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    account_id: str = Field(foreign_key="account.id", max_length=36)
    code_hash: str = Field(max_length=64)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ThrottleRow(SQLModel, table=True):
    """Failures of one account, address or pair; ``key`` is a keyed hash, so no address is readable."""

    __tablename__ = "sign_in_throttle"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    count: str = Field(max_length=16)
    key: str = Field(max_length=32, unique=True)
    failures: int = Field(default=0)
    first_failed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_failed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    known_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    made_at: datetime = Field(sa_type=UtcDateTime, index=True)

    def to_tally(self) -> Tally:
        """Return the value the rules use."""
        return Tally(Count(self.count), self.failures, self.last_failed_at, self.known_until)


class TicketRow(SQLModel, table=True):
    """The first of two steps is done: the password was right. Lives five minutes, dies of five wrong codes."""

    __tablename__ = "sign_in_ticket"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    account_id: str = Field(foreign_key="account.id", max_length=36, index=True)
    token_hash: str = Field(max_length=64, unique=True)
    ends_at: datetime = Field(sa_type=UtcDateTime, index=True)
    failures: int = Field(default=0)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SessionRow(SQLModel, table=True):
    """Somebody is signed in at a browser. The cookie is kept as a hash; ``rights`` is what it was opened under."""

    __tablename__ = "sign_in_session"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    account_id: str = Field(foreign_key="account.id", max_length=36, index=True)
    token_hash: str = Field(max_length=64, unique=True)
    csrf_hash: str = Field(max_length=64)
    device_hash: str = Field(default="", max_length=64)
    rights: str = Field(max_length=64)
    idle_seconds: int
    started_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_why: str | None = Field(default=None, max_length=24)


class MachineTokenRow(SQLModel, table=True):
    """A token under which another system calls the API. Never a person; a person answers for it."""

    __tablename__ = "machine_token"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    name: str = Field(max_length=60)
    country: str = Field(max_length=2, index=True)
    token_hash: str = Field(max_length=64, unique=True)
    answered_by: str = Field(foreign_key="account.id", max_length=36, index=True)
    made_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_by: str | None = Field(default=None, max_length=36)


class MachineGrantRow(SQLModel, table=True):
    """A role a machine acts under, with its reach."""

    __tablename__ = "machine_grant"
    __table_args__ = (sa.UniqueConstraint("token_id", "role", "scope", "ref"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    token_id: str = Field(foreign_key="machine_token.id", max_length=36)
    role: str = Field(max_length=24)
    scope: str = Field(max_length=16)
    ref: str = Field(default="", max_length=64)

    def to_grant(self) -> Grant:
        """Return the value the rules use."""
        return Grant(Role(self.role), ScopeKind(self.scope), self.ref)
