"""Every query about accounts, so that each is answered by an index. Takes the session first."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from core.accounts.tables import (
    ACTIVE,
    OFFICER,
    AccountRow,
    InvitationRow,
    MachineGrantRow,
    MachineTokenRow,
    PersonRow,
    RoleGrantRow,
    SessionRow,
)

Row = TypeVar("Row", bound=SQLModel)


def account(session: Session, account_id: str, *, lock: bool = False) -> AccountRow | None:
    """Return one account; locked, it is read again."""
    query = select(AccountRow).where(AccountRow.id == account_id)
    return session.exec(_locked(query) if lock else query).first()


def officer_of(
    session: Session, account_id: str, country: str, *, lock: bool = False
) -> AccountRow | None:
    """Return an account of an officer of a country: recipients abroad are kept by whoever gives them something."""
    row = account(session, account_id, lock=lock)
    is_theirs = row is not None and row.country == country and row.kind == OFFICER
    return row if is_theirs else None


def account_by_login(session: Session, login_key: str) -> AccountRow | None:
    """Return the account that signs in with this name."""
    return session.exec(select(AccountRow).where(AccountRow.login_key == login_key)).first()


def accounts_page(session: Session, country: str, *, after: str, limit: int) -> list[AccountRow]:
    """Return accounts of officers of a country in order of id, after the one given."""
    query = select(AccountRow).where(
        AccountRow.country == country, AccountRow.kind == OFFICER, AccountRow.id > after
    )
    return list(session.exec(query.order_by(AccountRow.id).limit(limit)).all())


def accounts_of_person(session: Session, person_id: str) -> list[AccountRow]:
    """Return every account of a person."""
    return list(session.exec(select(AccountRow).where(AccountRow.person_id == person_id)).all())


def person(session: Session, person_id: str, *, lock: bool = False) -> PersonRow | None:
    """Return one person; locked while their roles are decided, so that two givers do not both win."""
    query = select(PersonRow).where(PersonRow.id == person_id)
    return session.exec(_locked(query) if lock else query).first()


def persons(session: Session, person_ids: Collection[str]) -> list[PersonRow]:
    """Return these persons, in no order."""
    return list(session.exec(select(PersonRow).where(col(PersonRow.id).in_(person_ids))).all())


def open_grants(session: Session, account_ids: Iterable[str]) -> list[RoleGrantRow]:
    """Return grants that nobody ended, whether they have begun or lapsed or not."""
    query = select(RoleGrantRow).where(
        col(RoleGrantRow.account_id).in_(list(account_ids)), col(RoleGrantRow.ended_at).is_(None)
    )
    return list(session.exec(query.order_by(col(RoleGrantRow.given_at), RoleGrantRow.id)).all())


def grants_in_force(session: Session, account_id: str, *, now: datetime) -> list[RoleGrantRow]:
    """Return the grants of an account that count at this moment."""
    query = select(RoleGrantRow).where(RoleGrantRow.account_id == account_id, *_in_force(now))
    return list(session.exec(query).all())


def has_ended_grant(session: Session, account_id: str, *, since: datetime, now: datetime) -> bool:
    """Return whether a grant of an account ended or lapsed since a moment."""
    query = select(RoleGrantRow.id).where(
        RoleGrantRow.account_id == account_id,
        sa.or_(col(RoleGrantRow.ended_at) >= since, col(RoleGrantRow.ends_at).between(since, now)),
    )
    return session.exec(query.limit(1)).first() is not None


def grants_to_come(session: Session, person_id: str, *, now: datetime) -> list[RoleGrantRow]:
    """Return grants of a person, through any account, that count now or will."""
    query = select(RoleGrantRow).where(
        RoleGrantRow.person_id == person_id,
        col(RoleGrantRow.ended_at).is_(None),
        sa.or_(col(RoleGrantRow.ends_at).is_(None), col(RoleGrantRow.ends_at) > now),
    )
    return list(session.exec(query).all())


def holders(session: Session, role: str, scope: str, ref: str, *, now: datetime) -> list[str]:
    """Return the persons who hold exactly this grant now through an account in use, ordered by id."""
    query = (
        select(RoleGrantRow.person_id)
        .join(AccountRow, col(AccountRow.id) == RoleGrantRow.account_id)
        .where(RoleGrantRow.role == role, RoleGrantRow.scope == scope, RoleGrantRow.ref == ref)
        .where(AccountRow.state == ACTIVE, *_in_force(now))
        .distinct()
        .order_by(RoleGrantRow.person_id)
    )
    return list(session.exec(query).all())


def session_by_hash(session: Session, token_hash: str) -> SessionRow | None:
    """Return the session a cookie belongs to, ended or not."""
    return session.exec(select(SessionRow).where(SessionRow.token_hash == token_hash)).first()


def live_sessions(session: Session, account_id: str, *, now: datetime) -> list[SessionRow]:
    """Return sessions of an account that are neither ended nor past their last hour, newest first."""
    query = select(SessionRow).where(
        SessionRow.account_id == account_id,
        col(SessionRow.ended_at).is_(None),
        SessionRow.ends_at > now,
    )
    return list(session.exec(query.order_by(col(SessionRow.started_at).desc())).all())


def invitation_by_hash(session: Session, token_hash: str) -> InvitationRow | None:
    """Return the invitation a one-time token belongs to, locked."""
    query = select(InvitationRow).where(InvitationRow.token_hash == token_hash)
    return session.exec(_locked(query)).first()


def newest_invitation(session: Session, account_id: str, *, by: datetime) -> InvitationRow | None:
    """Return the last one-time token of an account made by a moment, used or not."""
    query = select(InvitationRow).where(
        InvitationRow.account_id == account_id, InvitationRow.made_at <= by
    )
    newest = query.order_by(col(InvitationRow.made_at).desc(), InvitationRow.id)
    return session.exec(newest.limit(1)).first()


def token_by_hash(session: Session, token_hash: str) -> MachineTokenRow | None:
    """Return the machine token with this hash, revoked or not."""
    query = select(MachineTokenRow).where(MachineTokenRow.token_hash == token_hash)
    return session.exec(query).first()


def machine_token(session: Session, token_id: str) -> MachineTokenRow | None:
    """Return one machine token, locked."""
    return session.exec(
        _locked(select(MachineTokenRow).where(MachineTokenRow.id == token_id))
    ).first()


def machine_tokens(
    session: Session, country: str, *, after: str, limit: int
) -> list[MachineTokenRow]:
    """Return the machine tokens of a country in order of id."""
    query = select(MachineTokenRow).where(
        MachineTokenRow.country == country, MachineTokenRow.id > after
    )
    return list(session.exec(query.order_by(MachineTokenRow.id).limit(limit)).all())


def machine_tokens_of(
    session: Session, account_id: str, *, after: str, limit: int
) -> list[MachineTokenRow]:
    """Return the machine tokens an account answers for, in order of id."""
    query = select(MachineTokenRow).where(
        MachineTokenRow.answered_by == account_id, MachineTokenRow.id > after
    )
    return list(session.exec(query.order_by(MachineTokenRow.id).limit(limit)).all())


def machine_grants(session: Session, token_ids: Collection[str]) -> list[MachineGrantRow]:
    """Return the roles of these machine tokens."""
    query = select(MachineGrantRow).where(col(MachineGrantRow.token_id).in_(token_ids))
    return list(session.exec(query).all())


def machine_names(session: Session, token_ids: Collection[str]) -> dict[str, str]:
    """Return the names of machine tokens by id."""
    query = select(MachineTokenRow).where(col(MachineTokenRow.id).in_(token_ids))
    return {row.id: row.name for row in session.exec(query)}


def _in_force(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(RoleGrantRow.ended_at).is_(None),
        col(RoleGrantRow.starts_at) <= now,
        sa.or_(col(RoleGrantRow.ends_at).is_(None), col(RoleGrantRow.ends_at) > now),
    )


def _locked(query: SelectOfScalar[Row]) -> SelectOfScalar[Row]:
    return query.with_for_update().execution_options(populate_existing=True)
