"""The second factor: six digits from an authenticator app, or a code on paper when the phone is lost.

Each code works once, also for two requests at the same moment: the step of the last code is moved forward by one
guarded statement, and whoever comes second finds it moved. One step of clock difference is allowed either way.

Source: EXP-10.1, EXP-TT65.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pyotp
import sqlalchemy as sa
from sqlmodel import Session, col, select

from core import vault
from core.accounts.credentials import digest_of, new_recovery_code, plain_code
from core.accounts.errors import CodeRefused
from core.accounts.tables import AccountRow, RecoveryCodeRow, SecondFactorRow

STEP_SECONDS: Final = 30
DRIFT: Final = 1
RECOVERY_CODES: Final = 10


@dataclass(frozen=True)
class Enrolment:
    """What the person types or scans into the app; shown while setting up, never again."""

    secret: str
    uri: str


def begin(session: Session, account: AccountRow, *, login: str, now: datetime) -> Enrolment:
    """Make (or, before it is confirmed, make anew) the secret of an authenticator app.

    A confirmed one keeps working until the new one is confirmed.
    """
    _drop(session, account.id, confirmed=False)
    row = SecondFactorRow(account_id=account.id, sensitive=b"", made_at=now)
    secret = pyotp.random_base32()
    row.sensitive = vault.seal(
        session, owner=account.person_id, place=_place(row.id), value={"secret": secret}
    )
    session.add(row)
    session.flush()
    return _enrolment(secret, login, account.country)


def pending(session: Session, account: AccountRow, *, login: str) -> Enrolment | None:
    """Return the secret being set up, so that a page opened twice shows the same one."""
    row = _row(session, account.id, confirmed=False)
    if row is None:
        return None
    return _enrolment(_secret(session, account, row), login, account.country)


def confirm(session: Session, account: AccountRow, code: str, *, now: datetime) -> tuple[str, ...]:
    """Put the new secret into use once its first code is right; return fresh recovery codes, shown once.

    Raises:
        CodeRefused: the code does not belong to the secret being set up.
    """
    row = _row(session, account.id, confirmed=False)
    step = _step_of(_secret(session, account, row), code, now) if row is not None else None
    if row is None or step is None:
        raise CodeRefused
    return _put_in_use(session, row, step)


def enrol_at_console(
    session: Session, account: AccountRow, *, login: str, now: datetime
) -> tuple[Enrolment, tuple[str, ...]]:
    """Set up a second factor without asking for a first code: only for the operator at the server's console."""
    enrolment = begin(session, account, login=login, now=now)
    row = _row(session, account.id, confirmed=False)
    if row is None:
        raise CodeRefused
    return enrolment, _put_in_use(session, row, 0)


def is_set_up(session: Session, account_id: str) -> bool:
    """Whether the account has a second factor in use."""
    return _row(session, account_id, confirmed=True) is not None


def spend(session: Session, account: AccountRow, code: str, *, now: datetime) -> str | None:
    """Use up a code; return ``totp`` or ``recovery``, or None when it is wrong, too old or used before."""
    text = code.strip().replace(" ", "")
    if text.isascii() and text.isdigit():
        return "totp" if _spend_step(session, account, text, now) else None
    return "recovery" if _spend_recovery(session, account.id, code, now) else None


def recovery_left(session: Session, account_id: str) -> int:
    """Return how many recovery codes are unused."""
    query = select(sa.func.count()).select_from(RecoveryCodeRow)
    unused = query.where(
        RecoveryCodeRow.account_id == account_id, col(RecoveryCodeRow.used_at).is_(None)
    )
    return session.exec(unused).one()


def remove(session: Session, account_id: str) -> None:
    """Take every secret and recovery code away; the account needs a new invitation."""
    for confirmed in (True, False):
        _drop(session, account_id, confirmed=confirmed)
    session.exec(sa.delete(RecoveryCodeRow).where(col(RecoveryCodeRow.account_id) == account_id))


def _put_in_use(session: Session, row: SecondFactorRow, step: int) -> tuple[str, ...]:
    _drop(session, row.account_id, confirmed=True)
    row.is_confirmed, row.last_step = True, step
    session.add(row)
    session.flush()
    return _new_recovery_codes(session, row.account_id)


def _new_recovery_codes(session: Session, account_id: str) -> tuple[str, ...]:
    session.exec(sa.delete(RecoveryCodeRow).where(col(RecoveryCodeRow.account_id) == account_id))
    codes = tuple(new_recovery_code() for _ in range(RECOVERY_CODES))
    for code in codes:
        session.add(
            RecoveryCodeRow(account_id=account_id, code_hash=_recovery_hash(account_id, code))
        )
    session.flush()
    return codes


def _spend_step(session: Session, account: AccountRow, code: str, now: datetime) -> bool:
    row = _row(session, account.id, confirmed=True)
    step = _step_of(_secret(session, account, row), code, now) if row is not None else None
    if row is None or step is None:
        return False
    moved = session.exec(
        sa.update(SecondFactorRow)
        .where(col(SecondFactorRow.id) == row.id, col(SecondFactorRow.last_step) < step)
        .values(last_step=step)
        .execution_options(synchronize_session=False)
    )
    session.expire(row)
    return bool(moved.rowcount)


def _spend_recovery(session: Session, account_id: str, code: str, now: datetime) -> bool:
    used = session.exec(
        sa.update(RecoveryCodeRow)
        .where(
            col(RecoveryCodeRow.account_id) == account_id,
            col(RecoveryCodeRow.code_hash) == _recovery_hash(account_id, code),
            col(RecoveryCodeRow.used_at).is_(None),
        )
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    return bool(used.rowcount)


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the time step the code belongs to, within one step either way; looks at all of them."""
    middle = int(now.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    found = None
    for step in range(middle - DRIFT, middle + DRIFT + 1):
        if hmac.compare_digest(totp.generate_otp(step), code):
            found = step
    return found


def _recovery_hash(account_id: str, code: str) -> str:
    return digest_of(f"{account_id}|{plain_code(code)}")


def _enrolment(secret: str, login: str, country: str) -> Enrolment:
    uri = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=f"BID {country}")
    return Enrolment(secret, uri)


def _secret(session: Session, account: AccountRow, row: SecondFactorRow) -> str:
    opened = vault.unseal(
        session, owner=account.person_id, place=_place(row.id), sealed=row.sensitive
    )
    return str(opened["secret"])


def _row(session: Session, account_id: str, *, confirmed: bool) -> SecondFactorRow | None:
    query = select(SecondFactorRow).where(
        SecondFactorRow.account_id == account_id, col(SecondFactorRow.is_confirmed).is_(confirmed)
    )
    return session.exec(query).first()


def _drop(session: Session, account_id: str, *, confirmed: bool) -> None:
    row = _row(session, account_id, confirmed=confirmed)
    if row is not None:
        session.delete(row)
        session.flush()


def _place(row_id: str) -> vault.Place:
    return vault.Place("second_factor", "sensitive", row_id)
