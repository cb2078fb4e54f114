"""Checks whether a child can safely be sent to a country; the result is highly sensitive.

Source: DOM-4.9/nonref, DOM-R23.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlmodel import Session

from cases.errors import OnlyAPersonDecides
from cases.rules.reports import DangerResult, NonRefoulement, valid_until
from cases.service import steps
from cases.service.access import case_for, reach_of
from cases.service.case_packs import pack_for
from cases.service.childfacts import today_of
from cases.service.files import Purpose
from cases.service.forms import SENSITIVE, open_value, seal_value, shows_sensitive
from cases.store import report as store
from cases.tables.report import NonRefoulementRow
from core import audit
from core.actors import Actor, Role
from core.errors import BadInput, NotThere

SECTION: Final = "asylum_claim"
MAY_CHECK: Final = frozenset(
    {Role.ASSESSOR, Role.SUPERVISOR, Role.LAWYER, Role.SECRETARIAT, Role.SECRETARIAT_HEAD}
)


class Qualification(StrEnum):
    """What qualifies a person to judge a destination."""

    PROTECTION_OFFICER = "protection_officer"
    LAWYER = "lawyer"
    COUNTRY_EXPERT = "country_expert"
    ASYLUM_AUTHORITY = "asylum_authority"
    NONE = "none"


@dataclass(frozen=True)
class CheckView:
    """One check as a person with the right to see it reads it."""

    id: str
    destination: str
    result: DangerResult
    basis: str
    qualification: Qualification
    checked_on: date
    valid_until: date
    by_person: str


def record_check(
    session: Session,
    actor: Actor,
    case_id: str,
    *,
    destination: str,
    result: DangerResult,
    basis: str,
    qualification: Qualification,
    checked_on: date,
    now: datetime,
) -> CheckView:
    """Keep a check of one destination; an earlier one stays readable.

    Raises:
        BadInput: the destination is the acting country, or the day lies ahead.
        OnlyAPersonDecides: a machine tried.

    Source: DOM-R23.
    """
    row = case_for(session, actor, case_id, roles=MAY_CHECK, now=now)
    if not actor.is_human:
        raise OnlyAPersonDecides
    if destination == row.country:
        raise BadInput(pointer="/destination", code="is_home")
    if checked_on > today_of(row, now):
        raise BadInput(pointer="/checked_on", code="lies_ahead")
    days = pack_for(row, on=now.date()).travel.non_refoulement_days
    check = NonRefoulementRow(
        case_id=case_id,
        destination=destination,
        checked_on=checked_on,
        valid_until=valid_until(checked_on, days),
        by_person=actor.person_id,
        recorded_at=now,
        sensitive=b"",
    )
    words = {"result": result.value, "basis": basis, "qualification": qualification.value}
    check.sensitive = seal_value(session, case_id, check, words, SENSITIVE)
    session.add(check)
    session.flush()
    audit.record(
        session, actor, "non_refoulement.checked", thing="non_refoulement_check", thing_id=check.id,
        case_id=case_id, now=now, codes={"destination": destination},
    )  # fmt: skip
    steps.wake(session, case_id, now=now)
    return _view(session, check)


def list_checks(
    session: Session, actor: Actor, case_id: str, *, now: datetime, purpose: Purpose | None = None
) -> tuple[CheckView, ...]:
    """Read the checks of a case, oldest first.

    Raises:
        NotThere: no such case, or highly sensitive parts are not for this person.
    """
    if not shows_sensitive(reach_of(session, actor, case_id, now=now), SECTION, purpose):
        raise NotThere("non_refoulement_check")
    rows = store.checks_of(session, case_id)
    audit.record(
        session, actor, "non_refoulement.read", thing="case", thing_id=case_id, case_id=case_id,
        now=now, codes={"count": len(rows), "purpose": str(purpose) if purpose else None},
    )  # fmt: skip
    return tuple(_view(session, row) for row in rows)


def newest_checks(session: Session, case_id: str) -> Mapping[str, NonRefoulement]:
    """Return the newest check of each destination, for rules of reports, decisions and travel."""
    return {
        row.destination: _value(_view(session, row)) for row in store.checks_of(session, case_id)
    }


def non_refoulement_of(session: Session, case_id: str, destination: str) -> NonRefoulement | None:
    """Return the newest check of one destination; None when nobody looked. Source: DOM-R23."""
    return newest_checks(session, case_id).get(destination)


def _value(view: CheckView) -> NonRefoulement:
    return NonRefoulement(
        destination=view.destination,
        result=view.result,
        checked_on=view.checked_on,
        valid_until=view.valid_until,
        qualified=view.qualification is not Qualification.NONE,
    )


def _view(session: Session, row: NonRefoulementRow) -> CheckView:
    words = open_value(session, row.case_id, row, SENSITIVE)
    return CheckView(
        id=row.id,
        destination=row.destination,
        result=DangerResult(words["result"]),
        basis=words["basis"],
        qualification=Qualification(words["qualification"]),
        checked_on=row.checked_on,
        valid_until=row.valid_until,
        by_person=row.by_person,
    )
