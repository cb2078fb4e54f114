"""First sign-in: a one-time token with which a person chooses a password and sets up the second factor.

The same way leads back after a forgotten password or a lost phone: a reset takes both away and ends with a new token.
The keeper who hands a token over never learns the password; the data protection officers are told of each reset.

Source: EXP-10.1, EXP-TT60, EXP-TT65.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col

from core import audit
from core.accounts import passwords, second_factor, sessions, store
from core.accounts.credentials import digest_of, new_secret
from core.accounts.errors import InvitationRefused
from core.accounts.people import contact_of, kept_by, login_name_of, tell_data_protection
from core.accounts.second_factor import Enrolment
from core.accounts.tables import ACTIVE, INVITED, OFFICER, AccountRow, InvitationRow
from core.actors import Actor
from core.errors import WrongState

GOOD_FOR: Final = timedelta(hours=72)


@dataclass(frozen=True)
class Invitation:
    """A one-time token to hand over; shown once and not kept."""

    token: str
    ends_at: datetime
    person_id: str


@dataclass(frozen=True)
class Welcome:
    """What somebody with a one-time token sees: the login name, and what the authenticator app needs."""

    login: str
    enrolment: Enrolment


def invite(session: Session, actor: Actor, account_id: str, *, now: datetime) -> Invitation:
    """Make the one-time token of an account that cannot sign in yet; an earlier one stops working.

    Raises:
        NotThere: no such account, or not the actor's to keep.
        ActOnOneself: one's own account.
        HigherAccount: it holds a role the actor could not give.
        WrongState: the account signs in already, or is suspended.
    """
    account = kept_by(session, actor, account_id, now=now)
    if account.state != INVITED:
        raise WrongState(kind="account", state=account.state, act="invite")
    return _new_token(session, actor, account, now)


def invite_guest(
    session: Session, actor: Actor, account: AccountRow, *, now: datetime
) -> Invitation:
    """Make the one-time token of a recipient abroad; officers keep these accounts, not their keepers here.

    The caller has asked who may. An earlier token stops working.
    """
    return _new_token(session, actor, account, now)


def reset(session: Session, actor: Actor, account_id: str, *, now: datetime) -> Invitation:
    """Take password and second factor away, end every session, and make a new one-time token.

    Raises:
        NotThere: no such account, or not the actor's to keep.
        ActOnOneself: one's own account.
        HigherAccount: a lower role cannot reset a higher one.
        WrongState: suspended; restore it first.
    """
    account = kept_by(session, actor, account_id, now=now)
    if account.state not in {ACTIVE, INVITED}:
        raise WrongState(kind="account", state=account.state, act="reset")
    account.state, account.password_hash, account.changed_at = INVITED, None, now
    session.add(account)
    second_factor.remove(session, account.id)
    sessions.end_all_of(session, account.id, why="reset", now=now)
    audit.record(session, actor, "account.reset", thing="account", thing_id=account.id, now=now)
    tell_data_protection(session, actor, account.id, "account_reset", now=now)
    return _new_token(session, actor, account, now)


def open_invitation(session: Session, token: str, *, kind: str = OFFICER, now: datetime) -> Welcome:
    """Show what the person needs to set up their app; looking twice shows the same and uses nothing up.

    ``kind``: of account that is set up at this door; a token for another door does not count here.

    Raises:
        InvitationRefused: one answer for unknown, used, withdrawn and too old.
    """
    account, _ = _claimed(session, token, kind, now)
    login = login_name_of(session, account)
    enrolment = second_factor.pending(session, account, login=login)
    if enrolment is None:
        enrolment = second_factor.begin(session, account, login=login, now=now)
    return Welcome(login, enrolment)


def accept_invitation(
    session: Session, token: str, *, password: str, code: str, kind: str = OFFICER, now: datetime
) -> tuple[str, ...]:
    """Choose the password, prove the app with its first code, and use the token up; return recovery codes.

    ``kind``: as for ``open_invitation``.

    Raises:
        InvitationRefused: the token does not count, or was used by somebody else meanwhile.
        CodeRefused: the code does not belong to the secret shown; the token still counts.
        Incomplete: what is wrong with the password.
    """
    account, invitation = _claimed(session, token, kind, now)
    check_new_password(session, account, password)
    codes = second_factor.confirm(session, account, code.strip().replace(" ", ""), now=now)
    invitation.used_at = now
    account.password_hash, account.state = passwords.hash_of(password), ACTIVE
    account.changed_at = now
    session.add_all([invitation, account])
    session.flush()
    actor = Actor(account.id, account.person_id, account.country)
    audit.record(session, actor, "account.set_up", thing="account", thing_id=account.id, now=now)
    return codes


def set_up_at_console(
    session: Session, actor: Actor, account_id: str, *, password: str, now: datetime
) -> tuple[Enrolment, tuple[str, ...]]:
    """Give an account its password and second factor at once: for the operator at the server's console.

    Raises:
        NotThere: no such account.
        Incomplete: what is wrong with the password.
        WrongState: suspended.
    """
    account = kept_by(session, actor, account_id, now=now)
    if account.state not in {ACTIVE, INVITED}:
        raise WrongState(kind="account", state=account.state, act="set up")
    check_new_password(session, account, password)
    account.password_hash, account.state = passwords.hash_of(password), ACTIVE
    account.changed_at = now
    session.add(account)
    sessions.end_all_of(session, account.id, why="reset", now=now)
    withdraw(session, account.id, now=now)
    audit.record(session, actor, "account.set_up", thing="account", thing_id=account.id, now=now)
    login = login_name_of(session, account)
    return second_factor.enrol_at_console(session, account, login=login, now=now)


def check_new_password(session: Session, account: AccountRow, password: str) -> None:
    """Refuse a password that is short, common, or made of the person's own names.

    Raises:
        Incomplete: with everything that is wrong.
    """
    person = store.person(session, account.person_id)
    words = contact_of(session, person).name.split() if person is not None else []
    passwords.judge(password, login=login_name_of(session, account), words=words).require()


def withdraw(session: Session, account_id: str, *, now: datetime) -> None:
    """Make every unused one-time token of an account worthless."""
    session.exec(
        sa.update(InvitationRow)
        .where(col(InvitationRow.account_id) == account_id, col(InvitationRow.used_at).is_(None))
        .values(used_at=now)
        .execution_options(synchronize_session="fetch")
    )


def newest_of(session: Session, account_id: str, *, by: datetime) -> InvitationRow | None:
    """Return the token by which an account was last set up, as of a moment: whoever made it was shown it."""
    return store.newest_invitation(session, account_id, by=by)


def _new_token(session: Session, actor: Actor, account: AccountRow, now: datetime) -> Invitation:
    withdraw(session, account.id, now=now)
    token = new_secret()
    row = InvitationRow(
        account_id=account.id, token_hash=digest_of(token), made_by=actor.person_id,
        made_at=now, ends_at=now + GOOD_FOR,
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(session, actor, "account.invited", thing="account", thing_id=account.id, now=now)
    return Invitation(token, row.ends_at, account.person_id)


def _claimed(
    session: Session, token: str, kind: str, now: datetime
) -> tuple[AccountRow, InvitationRow]:
    row = store.invitation_by_hash(session, digest_of(token))
    if row is None or row.used_at is not None or now >= row.ends_at:
        raise InvitationRefused
    account = store.account(session, row.account_id, lock=True)
    if account is None or account.kind != kind or account.state != INVITED:
        raise InvitationRefused
    return account, row
