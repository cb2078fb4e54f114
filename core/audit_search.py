"""Looking things up in the audit log: by case, person, kind of act and period, newest first.

Who may look, and what is closed to them, is decided by whoever calls. Rows are numbered in the order in which they were
stored, which is the order of their times but for moments; so a period is found by halving, without an index on time.

Source: DOM-R50.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.audit import AuditRow, head_of

BESIDE: Final = 10_000
"""So many rows beyond the ends of a period are looked at too: an act may be stored after a later one."""


class KindOfAct(StrEnum):
    """What somebody looks for."""

    SEEN = "seen"
    TAKEN_OUT = "taken_out"
    BY_FORCE = "by_force"
    REFUSED = "refused"
    RIGHTS = "rights"
    SIGN_IN = "sign_in"


_PATTERNS: Final[Mapping[KindOfAct, tuple[str, ...]]] = {
    KindOfAct.SEEN: ("%read", "%listed", "%viewed", "%searched"),
    KindOfAct.TAKEN_OUT: ("%printed", "%exported", "%downloaded", "%bundled", "%handed_as_file"),
    KindOfAct.BY_FORCE: ("access.glass%", "consent.override%"),
    KindOfAct.REFUSED: ("%refused",),
    KindOfAct.RIGHTS: ("access.%", "account.%", "grant.%", "token.%", "sensitive.%"),
    KindOfAct.SIGN_IN: ("session.%",),
}


@dataclass(frozen=True)
class Sought:
    """What is looked for; what is None is not asked.

    Args:
        case_id: whose file.
        accounts: through one of these accounts.
        kind: of the act.
        since: from this moment on.
        until: before this moment.
        without_cases: cases left out, because they are closed to the reader.
    """

    case_id: str | None = None
    accounts: Collection[str] | None = None
    kind: KindOfAct | None = None
    since: datetime | None = None
    until: datetime | None = None
    without_cases: Collection[str] = ()


@dataclass(frozen=True)
class Trace:
    """One thing somebody did or saw, by codes and ids."""

    n: int
    at: datetime
    person_id: str
    action: str
    thing: str
    thing_id: str
    case_id: str | None
    detail: Mapping[str, Any]


def search(
    session: Session, sought: Sought, *, before: int | None = None, limit: int = 50
) -> Sequence[Trace]:
    """Return what was found, newest first.

    Args:
        session: the unit of work.
        sought: what is looked for.
        before: number of the last row of the page before; None at the first page.
        limit: how many at most.
    """
    query = select(AuditRow).order_by(col(AuditRow.n).desc()).limit(limit)
    for condition in _conditions(session, sought):
        query = query.where(condition)
    if before is not None:
        query = query.where(col(AuditRow.n) < before)
    return [_trace(row) for row in session.exec(query)]


def last_of(session: Session, action: str, account_id: str) -> Trace | None:
    """Return the newest row of one action of an account; None when there is none."""
    query = select(AuditRow).where(AuditRow.account_id == account_id, AuditRow.action == action)
    row = session.exec(query.order_by(col(AuditRow.n).desc()).limit(1)).first()
    return None if row is None else _trace(row)


def last_by_thing(session: Session, action: str, cases: Collection[str]) -> Mapping[str, Trace]:
    """Return the newest row of one action about each thing of some cases, by its id."""
    query = select(AuditRow).where(
        col(AuditRow.case_id).in_(sorted(cases)), AuditRow.action == action
    )
    return {row.thing_id: _trace(row) for row in session.exec(query.order_by(col(AuditRow.n)))}


def _conditions(session: Session, sought: Sought) -> list[Any]:
    found: list[Any] = []
    if sought.case_id is not None:
        found.append(AuditRow.case_id == sought.case_id)
    if sought.accounts is not None:
        found.append(col(AuditRow.account_id).in_(sorted(sought.accounts)))
    if sought.kind is not None:
        found.append(sa.or_(*(col(AuditRow.action).like(one) for one in _PATTERNS[sought.kind])))
    if sought.since is not None:
        found.append(col(AuditRow.n) >= _number_at(session, sought.since) - BESIDE)
        found.append(col(AuditRow.at) >= sought.since)
    if sought.until is not None:
        found.append(col(AuditRow.n) <= _number_at(session, sought.until) + BESIDE)
        found.append(col(AuditRow.at) < sought.until)
    if sought.without_cases:
        open_ = col(AuditRow.case_id).not_in(sorted(sought.without_cases))
        found.append(sa.or_(col(AuditRow.case_id).is_(None), open_))
    return found


def _number_at(session: Session, moment: datetime) -> int:
    """Return the number of the first row stored at a moment or after it."""
    low, high = 1, head_of(session)[0] + 1
    while low < high:
        middle = (low + high) // 2
        at = session.exec(select(AuditRow.at).where(AuditRow.n == middle)).first()
        if at is not None and at < moment:
            low = middle + 1
        else:
            high = middle
    return low


def _trace(row: AuditRow) -> Trace:
    return Trace(
        row.n, row.at, row.person_id, row.action, row.thing, row.thing_id, row.case_id,
        json.loads(row.detail),
    )  # fmt: skip
