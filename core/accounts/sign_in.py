"""Signing in, in two steps: name and password, then a code. The answer never says what was wrong.

Nothing here raises when somebody is not let in: a failure has to be counted and recorded, so the functions return
``Refused`` and the edge commits. An unknown name, a wrong password, an account not yet set up and a suspended one each
cost one Argon2id verification and get the same answer.

Source: EXP-10.1, EXP-TT61, EXP-TT65.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, select

from core import audit
from core.accounts import passwords, second_factor, sessions, store, throttle
from core.accounts.authenticate import actor_of
from core.accounts.credentials import digest_of, new_secret
from core.accounts.invitations import check_new_password
from core.accounts.people import login_key_of, login_name_of, login_of
from core.accounts.second_factor import Enrolment
from core.accounts.sessions import DEFAULT_LIFETIME, Lifetime, Opened
from core.accounts.system import stranger
from core.accounts.tables import ACTIVE, OFFICER, AccountRow, TicketRow
from core.actors import Actor
from core.errors import BadInput, NotThere

TICKET_GOOD_FOR: Final = timedelta(minutes=5)
CODES_PER_TICKET: Final = 5


@dataclass(frozen=True)
class Refused:
    """Nobody was let in. ``wait_seconds`` above 0: the try came too early and was not looked at."""

    wait_seconds: int = 0


@dataclass(frozen=True)
class Ticket:
    """The password was right; good for five minutes and one code. Shown once and not kept."""

    token: str
    ends_at: datetime


@dataclass(frozen=True)
class SignedIn:
    """Both steps succeeded."""

    opened: Opened
    account_id: str
    person_id: str
    recovery_codes_left: int


@dataclass(frozen=True)
class PasswordChanged:
    """The new password counts; every other session is over and this one has a new id."""

    opened: Opened


def begin(
    session: Session,
    *,
    login: str,
    password: str,
    address: str,
    kind: str = OFFICER,
    now: datetime,
) -> Ticket | Refused:
    """First step: name and password.

    Args:
        session: the unit of work; commit it whatever the answer.
        login: as typed.
        password: as typed.
        address: network address of the browser, as the trusted proxy reports it.
        kind: whose door this is; the accounts of the other one are unknown here.
        now: when, aware.
    """
    key = _key_of(session, login, now)
    attempt = throttle.begin_attempt(session, login_key=key, address=address, now=now)
    wait = attempt.wait(now)
    if wait:
        return Refused(wait)
    account = store.account_by_login(session, key)
    fits = passwords.fits(account.password_hash if account is not None else None, password)
    if account is None or not fits or not _may_enter(session, account, kind):
        return _fail(session, attempt, account, "password", now)
    _refresh_hash(session, account, password)
    token = new_secret()
    row = TicketRow(
        account_id=account.id, token_hash=digest_of(token), ends_at=now + TICKET_GOOD_FOR
    )
    session.add(row)
    session.flush()
    return Ticket(token, row.ends_at)


def complete(
    session: Session,
    *,
    ticket: str,
    code: str,
    address: str,
    device: str = "",
    replaces: str | None = None,
    lifetime: Lifetime = DEFAULT_LIFETIME,
    kind: str = OFFICER,
    now: datetime,
) -> SignedIn | Refused:
    """Second step: a code from the app, or a recovery code.

    Args:
        session: the unit of work; commit it whatever the answer.
        ticket: from the first step.
        code: as typed.
        address: network address of the browser.
        device: the browser's own description, to which the session is bound.
        replaces: the session cookie the browser came with; ended, never continued.
        lifetime: from the settings.
        kind: whose door this is; the accounts of the other one are unknown here.
        now: when, aware.
    """
    row = _ticket(session, ticket, now)
    account = store.account(session, row.account_id) if row is not None else None
    key = account.login_key if account is not None else digest_of(ticket)
    attempt = throttle.begin_attempt(session, login_key=key, address=address, now=now)
    wait = attempt.wait(now)
    if wait:
        return Refused(wait)
    if row is None or account is None or not _may_enter(session, account, kind):
        return _fail(session, attempt, account, "ticket", now)
    factor = second_factor.spend(session, account, code, now=now)
    if factor is None:
        row.failures += 1
        session.add(row)
        return _fail(session, attempt, account, "code", now)
    row.used_at = now
    session.add(row)
    throttle.note_success(session, attempt, now=now)
    sessions.end_by_cookie(session, replaces, why="replaced", now=now)
    opened = sessions.open_session(session, account, device=device, lifetime=lifetime, now=now)
    left = second_factor.recovery_left(session, account.id)
    audit.record(
        session, _actor(account), "session.opened", thing="session", thing_id=opened.session_id,
        codes={"second_factor": factor, "recovery_codes_left": left}, now=now,
    )  # fmt: skip
    return SignedIn(opened, account.id, account.person_id, left)


def actor_for_session(
    session: Session, token: str, *, now: datetime, device: str | None = None
) -> Actor:
    """Return the actor behind a session cookie.

    Raises:
        NotSignedIn: it does not count, for whatever reason.
    """
    return actor_of(session, cookie=token, bearer=None, now=now, device=device).actor


def change_password(
    session: Session,
    actor: Actor,
    *,
    current: str,
    new: str,
    address: str,
    device: str = "",
    lifetime: Lifetime = DEFAULT_LIFETIME,
    now: datetime,
) -> PasswordChanged | Refused:
    """Change one's own password: every session ends and a new one begins.

    Returns ``Refused`` when the current password is wrong or the try comes too early; commit it.

    Raises:
        Incomplete: what is wrong with the new password.
        NotThere: machines have no password.
    """
    account = _own(session, actor)
    checked = _check_password(session, account, current, address, now)
    if checked is not None:
        return checked
    check_new_password(session, account, new)
    if passwords.fits(account.password_hash, new):
        raise BadInput(pointer="/new_password", code="same_as_before")
    account.password_hash, account.changed_at = passwords.hash_of(new), now
    session.add(account)
    sessions.end_all_of(session, account.id, why="password_changed", now=now)
    audit.record(
        session, actor, "account.password_changed", thing="account", thing_id=account.id, now=now
    )
    opened = sessions.open_session(session, account, device=device, lifetime=lifetime, now=now)
    return PasswordChanged(opened)


def begin_second_factor(
    session: Session, actor: Actor, *, password: str, address: str, now: datetime
) -> Enrolment | Refused:
    """Start replacing one's own authenticator app; the old one works until the new one is confirmed.

    Raises:
        NotThere: machines have no second factor.
    """
    account = _own(session, actor)
    checked = _check_password(session, account, password, address, now)
    if checked is not None:
        return checked
    login = login_name_of(session, account)
    return second_factor.begin(session, account, login=login, now=now)


def confirm_second_factor(
    session: Session,
    actor: Actor,
    *,
    code: str,
    device: str = "",
    lifetime: Lifetime = DEFAULT_LIFETIME,
    now: datetime,
) -> tuple[Opened, tuple[str, ...]]:
    """Put the new app into use; every session ends, a new one begins, and the old recovery codes are void.

    Raises:
        CodeRefused: the code does not belong to the new app.
        NotThere: machines have no second factor.
    """
    account = _own(session, actor)
    codes = second_factor.confirm(session, account, code.strip().replace(" ", ""), now=now)
    sessions.end_all_of(session, account.id, why="second_factor_changed", now=now)
    audit.record(
        session,
        actor,
        "account.second_factor_changed",
        thing="account",
        thing_id=account.id,
        now=now,
    )
    return sessions.open_session(session, account, device=device, lifetime=lifetime, now=now), codes


def _key_of(session: Session, login: str, now: datetime) -> str:
    """Return the key of a login name; a text that cannot be one still has a key that nobody owns."""
    try:
        name = login_of(login)
    except BadInput:
        name = f" {digest_of(login)}"
    return login_key_of(session, name, now=now)


def _ticket(session: Session, token: str, now: datetime) -> TicketRow | None:
    query = select(TicketRow).where(TicketRow.token_hash == digest_of(token)).with_for_update()
    row = session.exec(query.execution_options(populate_existing=True)).first()
    if row is None or row.used_at is not None or now >= row.ends_at:
        return None
    return row if row.failures < CODES_PER_TICKET else None


def _may_enter(session: Session, account: AccountRow, kind: str) -> bool:
    return (
        account.kind == kind
        and account.state == ACTIVE
        and second_factor.is_set_up(session, account.id)
    )


def _check_password(
    session: Session, account: AccountRow, password: str, address: str, now: datetime
) -> Refused | None:
    attempt = throttle.begin_attempt(session, login_key=account.login_key, address=address, now=now)
    wait = attempt.wait(now)
    if wait:
        return Refused(wait)
    if not passwords.fits(account.password_hash, password):
        return _fail(session, attempt, account, "password", now)
    return None


def _fail(
    session: Session,
    attempt: throttle.Attempt,
    account: AccountRow | None,
    step: str,
    now: datetime,
) -> Refused:
    subject = account.id if account is not None else "unknown"
    throttle.note_failure(session, attempt, subject=subject, now=now)
    audit.record(
        session, stranger(), "session.refused", thing="account", thing_id=subject,
        codes={"step": step}, now=now,
    )  # fmt: skip
    return Refused()


def _refresh_hash(session: Session, account: AccountRow, password: str) -> None:
    if account.password_hash is not None and passwords.is_outdated(account.password_hash):
        account.password_hash = passwords.hash_of(password)
        session.add(account)


def _own(session: Session, actor: Actor) -> AccountRow:
    account = store.account(session, actor.account_id, lock=True) if actor.is_human else None
    if account is None:
        raise NotThere("account")
    return account


def _actor(account: AccountRow) -> Actor:
    return Actor(account.id, account.person_id, account.country)
