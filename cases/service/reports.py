"""The BID report: name an assessor, write, submit, check, answer a panel's questions.

What the panel reads is in ``papers``. Nothing here scores, ranks or fills in a recommendation.

Source: DOM-4.4, DOM-3.3/T8, DOM-3.3/T9, DOM-R20.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from cases.errors import NotTheAuthor, OnlyAPersonDecides
from cases.rules.access import Basis, Level
from cases.rules.machine import CaseState, Step
from cases.rules.report_form import ReportForm
from cases.rules.reports import check_quality_checker
from cases.rules.triggers import Trigger
from cases.service import clocks, prompts, steps
from cases.service.access import case_for, grant_access
from cases.service.forms import RESTRICTED, changed, plain, seal_value
from cases.service.papers import (
    OptionForPanel,
    Papers,
    ReportForPanel,
    keep_snapshot,
    panel_papers,
    report_for_panel,
)
from cases.service.report_views import (
    DRAFT,
    PAPER,
    ReportView,
    form_of,
    keep_form,
    let_checker_in,
    listing_of,
    newest_report,
    read_report,
    record,
    view_of,
)
from cases.service.triggers import has_earlier_determination, in_force, take_up
from cases.store import report as store
from cases.tables.case_file import CaseRow
from cases.tables.report import ReportNoteRow, ReportRow
from core.actors import Actor, Role
from core.db import check_version
from core.errors import Gap, Incomplete, WrongState
from core.papers.issuing import retire

__all__ = [
    "OptionForPanel",
    "Papers",
    "ReportForPanel",
    "ReportView",
    "answer_questions",
    "name_assessor",
    "panel_papers",
    "pass_report",
    "prepare_again",
    "read_report",
    "report_for_panel",
    "return_report",
    "save_report",
    "submit_report",
]

SUBMITTED: Final = "submitted"
READY: Final = "ready"


def name_assessor(
    session: Session, actor: Actor, case_id: str, person_id: str, *, now: datetime
) -> ReportView:
    """Name who writes the report; the triggers that stand become its triggers.

    Raises:
        NoSuchStep: no determination is required.
        RoleMayNot: neither supervisor nor coordinator.

    Source: DOM-3.1/BID_REQUIRED, DOM-2.1/A6.
    """
    roles = {Role.SUPERVISOR, Role.COORDINATOR}
    row = case_for(session, actor, case_id, roles=roles, now=now, level=Level.CODED)
    steps.move(
        session, case_id, CaseState.BID_REPORT_DRAFT, transition=Step.NAME_ASSESSOR, actor=actor,
        now=now, facts={"assessor": person_id},
    )  # fmt: skip
    report = ReportRow(
        case_id=case_id,
        no=len(store.of_case(session, case_id)) + 1,
        status=DRAFT,
        triggers=[],
        assessor_person=person_id,
        named_by_person=actor.person_id,
        named_at=now,
        restricted=b"",
    )
    keep_form(session, report, _carried_over(session, case_id))
    session.add(report)
    session.flush()
    report.triggers = _triggers_for(session, row, report, now=now)
    grant_access(
        session, actor, case_id=case_id, person_id=person_id, basis=Basis.ASSESSOR, now=now
    )
    _keep(session, actor, report, "report.assessor_named", now)
    return view_of(session, row, report, now=now)


def save_report(
    session: Session,
    actor: Actor,
    case_id: str,
    changes: Mapping[str, Any],
    *,
    now: datetime,
    expected_version: int | None = None,
) -> ReportView:
    """Keep parts of the draft; parts not named stay as they are.

    Raises:
        NotTheAuthor: somebody else was named to write it.
        WrongState: it is not a draft.
        BadInput: a part the report does not have; a score or rank is such a part.
        StaleWrite: it changed since it was read.
    """
    row, report = _for_author(session, actor, case_id, "save_report", now=now)
    check_version(report, "report", expected_version)
    keep_form(session, report, changed(form_of(session, report), changes))
    _keep(session, actor, report, "report.saved", now, fields=sorted(changes))
    return view_of(session, row, report, now=now)


def submit_report(
    session: Session,
    actor: Actor,
    case_id: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> ReportView:
    """Hand the report to the quality check; child and report are frozen as they are now.

    Raises:
        Incomplete: with everything required for listing that is missing.
        NotTheAuthor: somebody else was named to write it.

    Source: DOM-3.3/T8, DOM-4.4/child_snapshot, DOM-R5, DOM-R6, DOM-R7.
    """
    row, report = _for_author(session, actor, case_id, "submit_report", now=now)
    check_version(report, "report", expected_version)
    form = form_of(session, report)
    listing_of(session, row, form, now=now).require()
    steps.move(
        session, case_id, CaseState.BID_QUALITY_CHECK, transition=Step.SUBMIT_REPORT, actor=actor,
        now=now, facts={"report": report.id},
    )  # fmt: skip
    report.snapshot_hash = keep_snapshot(session, actor, row, report, plain(form), now=now)
    report.status = SUBMITTED
    report.submitted_at = now
    _keep(session, actor, report, "report.submitted", now)
    return view_of(session, row, report, now=now)


def pass_report(
    session: Session,
    actor: Actor,
    case_id: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> ReportView:
    """Find the report complete: it may be listed from now on.

    The list of what is missing is made again, since checks of destinations age.

    Raises:
        AuthorChecksOwn: checker and author are one person.
        Incomplete: with everything that is missing by now.

    Source: DOM-3.3/T9, DOM-2.3.
    """
    row, report = _for_checker(session, actor, case_id, "pass_report", now=now)
    check_version(report, "report", expected_version)
    listing_of(session, row, form_of(session, report), now=now).require()
    steps.move(
        session, case_id, CaseState.BID_READY, transition=Step.PASS_QUALITY_CHECK, actor=actor,
        now=now, facts={"report": report.id},
    )  # fmt: skip
    report.status = READY
    report.ready_at = now
    report.checker_person = actor.person_id
    _keep(session, actor, report, "report.passed", now)
    clocks.meet_clock(session, case_id, "D6", now=now, actor=actor)
    return view_of(session, row, report, now=now)


def return_report(
    session: Session,
    actor: Actor,
    case_id: str,
    points: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> ReportView:
    """Give the report back to its author with points.

    Raises:
        AuthorChecksOwn: checker and author are one person.
        Incomplete: no points were given.
    """
    row, report = _for_checker(session, actor, case_id, "return_report", now=now)
    check_version(report, "report", expected_version)
    if not points.strip():
        raise Incomplete("return_report", (Gap("points_missing"),))
    steps.move(
        session, case_id, CaseState.BID_REPORT_DRAFT, transition=Step.RETURN_REPORT, actor=actor,
        now=now, facts={"report": report.id},
    )  # fmt: skip
    report.status = DRAFT
    _note(session, actor, report, "returned", points, now=now)
    _keep(session, actor, report, "report.returned", now)
    times = sum(1 for note in store.notes_of(session, report.id) if note.kind == "returned")
    prompts.returned_to_author(session, row, report.id, report.assessor_person, times, now=now)
    return view_of(session, row, report, now=now)


def answer_questions(
    session: Session,
    actor: Actor,
    case_id: str,
    answers: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> ReportView:
    """Answer what the panel asked when it deferred the case; it goes to the quality check again.

    The frozen report stays as it was; the answers lie beside it in the panel's papers.

    Raises:
        NoSuchStep: nothing was deferred.
        Incomplete: no answer was given.

    Source: DOM-3.1/BID_DEFERRED.
    """
    roles = {Role.ASSESSOR, Role.CASEWORKER, Role.COORDINATOR, Role.SECRETARIAT}
    row = case_for(session, actor, case_id, roles=roles, now=now)
    report = newest_report(session, case_id)
    check_version(report, "report", expected_version)
    if not answers.strip():
        raise Incomplete("answer_questions", (Gap("answers_missing"),))
    steps.move(
        session, case_id, CaseState.BID_QUALITY_CHECK, transition=Step.ANSWER_QUESTIONS,
        actor=actor, now=now, facts={"report": report.id},
    )  # fmt: skip
    report.status = SUBMITTED
    _note(session, actor, report, "answers", answers, now=now)
    _keep(session, actor, report, "report.questions_answered", now)
    return view_of(session, row, report, now=now)


def prepare_again(session: Session, actor: Actor, case_id: str, *, now: datetime) -> ReportView:
    """Take a report that tied a panel to the quality check again, on its way to the review panel.

    Nobody asked anything, so there is nothing to answer; the frozen report stays as it was.

    Raises:
        NoSuchStep: the case was not put off.

    Source: DOM-3.5 (tie).
    """
    roles = {Role.ASSESSOR, Role.CASEWORKER, Role.COORDINATOR, Role.SECRETARIAT}
    row = case_for(session, actor, case_id, roles=roles, now=now)
    report = newest_report(session, case_id)
    steps.move(
        session, case_id, CaseState.BID_QUALITY_CHECK, transition=Step.ANSWER_QUESTIONS,
        actor=actor, now=now, facts={"report": report.id},
    )  # fmt: skip
    report.status = SUBMITTED
    _keep(session, actor, report, "report.prepared_again", now)
    return view_of(session, row, report, now=now)


def _triggers_for(session: Session, row: CaseRow, report: ReportRow, *, now: datetime) -> list[str]:
    """Return why a panel is needed: what stands, else what the last report answered, and B6 after it.

    A case sent back by an appeal or a review has no new trigger; the old reasons still hold.
    """
    codes = set(take_up(session, row.id, report.id))
    if not codes:
        codes = {code for one in store.of_case(session, row.id) for code in one.triggers}
    again = Trigger.REPLACES_DETERMINATION.value
    if has_earlier_determination(session, row.id) and again in in_force(row, now=now):
        codes.add(again)
    return sorted(codes)


def _carried_over(session: Session, case_id: str) -> ReportForm:
    """A case that comes back begins with what was written last time, to be revised."""
    earlier = store.newest(session, case_id)
    return form_of(session, earlier) if earlier is not None else ReportForm()


def _for_author(
    session: Session, actor: Actor, case_id: str, act: str, *, now: datetime
) -> tuple[CaseRow, ReportRow]:
    row = case_for(session, actor, case_id, roles={Role.ASSESSOR}, now=now)
    report = newest_report(session, case_id)
    if not actor.is_human:
        raise OnlyAPersonDecides
    if report.assessor_person != actor.person_id:
        raise NotTheAuthor
    if report.status != DRAFT or row.state != CaseState.BID_REPORT_DRAFT:
        raise WrongState(kind="report", state=report.status, act=act)
    return row, report


def _for_checker(
    session: Session, actor: Actor, case_id: str, act: str, *, now: datetime
) -> tuple[CaseRow, ReportRow]:
    row = case_for(session, actor, case_id, roles={Role.COORDINATOR}, now=now, level=Level.CODED)
    report = newest_report(session, case_id)
    check_quality_checker(report.assessor_person, actor.person_id, is_human=actor.is_human)
    if row.state != CaseState.BID_QUALITY_CHECK:
        raise WrongState(kind="case", state=row.state, act=act)
    let_checker_in(session, actor, row, now=now)
    return row, report


def _note(
    session: Session, actor: Actor, report: ReportRow, kind: str, text: str, *, now: datetime
) -> None:
    note = ReportNoteRow(
        case_id=report.case_id,
        report_id=report.id,
        kind=kind,
        by_person=actor.person_id,
        at=now,
        restricted=b"",
    )
    note.restricted = seal_value(session, report.case_id, note, {"text": text}, RESTRICTED)
    session.add(note)
    session.flush()


def _keep(
    session: Session,
    actor: Actor,
    report: ReportRow,
    action: str,
    now: datetime,
    *,
    fields: list[str] | None = None,
) -> None:
    session.add(report)
    session.flush()
    retire(session, kinds=(PAPER,), series=report.id, now=now)
    record(session, actor, report, action, now, fields=fields)
    steps.wake(session, report.case_id, now=now)
