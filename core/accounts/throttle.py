"""Counting failures at sign-in, in the database so that all workers count together.

The three counts of an attempt are locked before the password is looked at: a hundred tries sent at once wait for one
another and are counted one by one. Names and addresses are kept as keyed hashes only. Source: EXP-10.1, EXP-TT65.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core import outbox
from core.accounts.tables import ThrottleRow
from core.accounts.waits import (
    FORGOTTEN_AFTER,
    KNOWN_FOR,
    Count,
    alarm_level,
    network_of,
    seconds_to_wait,
)
from core.actors import Role
from core.ids import new_id
from core.upsert import insert_for
from core.vault import keyed_hash, vault_of


@dataclass(frozen=True)
class Attempt:
    """The locked counts of one attempt."""

    rows: Sequence[ThrottleRow]

    def wait(self, now: datetime) -> int:
        """Return how many seconds this attempt comes too early."""
        return seconds_to_wait([row.to_tally() for row in self.rows], now=now)


def begin_attempt(session: Session, *, login_key: str, address: str, now: datetime) -> Attempt:
    """Lock the counts of this login name, this address and the two together."""
    index = vault_of(session).index_key(session, now=now)
    network = network_of(address)
    wanted = {
        keyed_hash(index, "throttle-account", login_key): Count.ACCOUNT,
        keyed_hash(index, "throttle-address", network): Count.ADDRESS,
        keyed_hash(index, "throttle-pair", f"{login_key}|{network}"): Count.PAIR,
    }
    rows = []
    for key, count in sorted(
        wanted.items()
    ):  # one order for everybody: no two attempts block each other
        _ensure(session, key, count, now)
        rows.append(_lock(session, key))
    return Attempt(rows)


def note_failure(session: Session, attempt: Attempt, *, subject: str, now: datetime) -> None:
    """Count a failure; raise the alarm at ten and at a hundred.

    Args:
        session: the unit of work, which the edge must commit although sign-in was refused.
        attempt: the counts locked before.
        subject: id of the account if there is one; the alarm names it, or the count's own id.
        now: when, aware.
    """
    for row in attempt.rows:
        if row.to_tally().current(now) == 0:
            row.failures, row.first_failed_at = 0, now
        row.failures += 1
        row.last_failed_at = now
        session.add(row)
        if row.count != Count.PAIR:
            _alarm(session, row, subject if row.count == Count.ACCOUNT else row.id, now)
    session.flush()


def note_success(session: Session, attempt: Attempt, *, now: datetime) -> None:
    """Forget the failures of this name from this address, and know the two together for thirty days.

    The counts of account and address stay: a guesser elsewhere is not freed by the owner's own sign-in.
    """
    for row in attempt.rows:
        if row.count == Count.PAIR:
            row.failures, row.last_failed_at = 0, None
            row.known_until = now + KNOWN_FOR
            session.add(row)
    session.flush()


def forget_old(session: Session, *, now: datetime) -> int:
    """Delete counts that mean nothing any more; return how many. For a daily sweep."""
    past = now - FORGOTTEN_AFTER
    gone = session.exec(
        sa.delete(ThrottleRow).where(
            col(ThrottleRow.made_at) < past,
            sa.or_(
                col(ThrottleRow.last_failed_at).is_(None), col(ThrottleRow.last_failed_at) < past
            ),
            sa.or_(col(ThrottleRow.known_until).is_(None), col(ThrottleRow.known_until) < now),
        )
    )
    return int(gone.rowcount)


def _alarm(session: Session, row: ThrottleRow, subject: str, now: datetime) -> None:
    level = alarm_level(row.failures)
    if level is None or row.first_failed_at is None:
        return
    outbox.post(
        session,
        topic="account.sign_in_alarm",
        key=f"sign_in_alarm:{row.id}:{int(row.first_failed_at.timestamp())}:{level}",
        subject=subject,
        payload={"role": Role.ADMINISTRATOR.value, "count": row.count, "level": level},
        now=now,
    )


def _ensure(session: Session, key: str, count: Count, now: datetime) -> None:
    table = ThrottleRow.__table__  # type: ignore[attr-defined]
    session.execute(
        insert_for(session)(table)
        .values(id=new_id(), count=count.value, key=key, failures=0, made_at=now)
        .on_conflict_do_nothing(index_elements=["key"])
    )


def _lock(session: Session, key: str) -> ThrottleRow:
    query = select(ThrottleRow).where(ThrottleRow.key == key).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).one()
