"""A BID report as it is kept and shown: its sealed form, what is missing, what was said about it.

Writing, submitting and checking are in ``reports``; what the panel reads is in ``papers``.

Source: DOM-4.4, DOM-2.2.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.rules.access import Basis, Level
from cases.rules.machine import CaseState
from cases.rules.report_form import ReportForm, report_facts
from cases.rules.reports import listing
from cases.service import steps
from cases.service.access import grant_access, reach_of
from cases.service.childfacts import child_facts, today_of
from cases.service.forms import RESTRICTED, form_from, open_value, plain, seal_value
from cases.service.guardians import legal_offer_gaps
from cases.service.interpreters import assignments_of
from cases.service.non_refoulement import newest_checks
from cases.store import facility as facilities
from cases.store import report as store
from cases.tables.case_file import CaseRow
from cases.tables.report import ReportRow
from core import audit
from core.actors import Actor, Role
from core.errors import Answer, Gap, NotThere, answer

DRAFT: Final = "draft"
PAPER: Final = "bid_report"
"""What a printed report is called; one of an earlier state counts no more as soon as the report changes."""


@dataclass(frozen=True)
class ReportView:
    """A report as its author, checker or supervisor sees it.

    Args:
        notes: what was said about it, oldest first: (kind, text).
        gaps: what is missing before it may be submitted; empty once it was.
    """

    id: str
    case_id: str
    no: int
    status: str
    triggers: tuple[str, ...]
    assessor: str
    checker: str | None
    named_at: datetime
    submitted_at: datetime | None
    ready_at: datetime | None
    snapshot_hash: str | None
    form: ReportForm
    notes: tuple[tuple[str, str], ...]
    gaps: tuple[Gap, ...]
    version: int


def read_report(session: Session, actor: Actor, case_id: str, *, now: datetime) -> ReportView:
    """Read the newest report of a case; a coordinator who opens it for the quality check takes the case up.

    Raises:
        NotThere: no report, no such case, or not yours.

    Source: DOM-2.2, DOM-R50.
    """
    if reach_of(session, actor, case_id, now=now).level < Level.CODED:
        raise NotThere("case")
    row = steps.lock(session, case_id)
    let_checker_in(session, actor, row, now=now)
    if reach_of(session, actor, case_id, now=now).level < Level.FULL:
        raise NotThere("case")
    report = newest_report(session, case_id)
    record(session, actor, report, "report.read", now)
    return view_of(session, row, report, now=now)


def let_checker_in(session: Session, actor: Actor, row: CaseRow, *, now: datetime) -> None:
    """Open the file to the coordinator of the office who takes up the quality check; the case is theirs too then.

    Nobody else gains anything by this, the report's own author least of all.

    Source: DOM-2.2 (coordinator, own case), DOM-3.3/T9.
    """
    report = store.newest(session, row.id)
    is_checker = actor.is_human and actor.has_in(
        {Role.COORDINATOR}, office=row.office, country=row.country
    )
    if report is None or row.state != CaseState.BID_QUALITY_CHECK:
        return
    if is_checker and report.assessor_person != actor.person_id:
        grant_access(
            session,
            actor,
            case_id=row.id,
            person_id=actor.person_id,
            basis=Basis.COORDINATOR,
            now=now,
        )


def form_of(session: Session, report: ReportRow) -> ReportForm:
    """Return the words of a report to a service that has decided that it may."""
    return form_from(ReportForm, open_value(session, report.case_id, report))


def newest_report(session: Session, case_id: str) -> ReportRow:
    """Return the newest report of a case.

    Raises:
        NotThere: there is none.
    """
    report = store.newest(session, case_id)
    if report is None:
        raise NotThere("report")
    return report


def listing_of(session: Session, row: CaseRow, form: ReportForm, *, now: datetime) -> Answer:
    """Say what required for listing is missing today."""
    today = today_of(row, now)
    child = child_facts(session, row, today=today)
    facts = report_facts(
        form,
        age_years=child.age_years,
        child_languages=child.languages,
        home=row.country,
        checks=newest_checks(session, row.id),
        linked=child.siblings,
        assigned=assignments_of(session, row.id),
    )
    found = listing(facts, today)
    return answer(
        found.act,
        (*found.gaps, *legal_offer_gaps(session, row), *_unknown_facilities(session, row, form)),
    )


def _unknown_facilities(session: Session, row: CaseRow, form: ReportForm) -> Iterator[Gap]:
    """Name the options whose facility is not in the registry of the child's country."""
    for option in form.options:
        found = facilities.find(session, option.facility) if option.facility else None
        if option.facility and (found is None or found.country != row.country):
            yield Gap("facility_unknown", {"option": option.ref})


def keep_form(session: Session, report: ReportRow, form: ReportForm) -> None:
    """Seal the words of a report."""
    report.restricted = seal_value(session, report.case_id, report, plain(form), RESTRICTED)


def record(
    session: Session,
    actor: Actor,
    report: ReportRow,
    action: str,
    now: datetime,
    *,
    fields: list[str] | None = None,
) -> None:
    """Note an act or a reading of a report."""
    audit.record(
        session, actor, action, thing="bid_report", thing_id=report.id, case_id=report.case_id,
        now=now, fields=fields or (), codes={"status": report.status},
    )  # fmt: skip


def view_of(session: Session, row: CaseRow, report: ReportRow, *, now: datetime) -> ReportView:
    """Show a report; what is missing is listed while it is a draft."""
    form = form_of(session, report)
    notes = store.notes_of(session, report.id)
    return ReportView(
        id=report.id,
        case_id=report.case_id,
        no=report.no,
        status=report.status,
        triggers=tuple(report.triggers),
        assessor=report.assessor_person,
        checker=report.checker_person,
        named_at=report.named_at,
        submitted_at=report.submitted_at,
        ready_at=report.ready_at,
        snapshot_hash=report.snapshot_hash,
        form=form,
        notes=tuple((note.kind, open_value(session, row.id, note)["text"]) for note in notes),
        gaps=listing_of(session, row, form, now=now).gaps if report.status == DRAFT else (),
        version=report.version,
    )
