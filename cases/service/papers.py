"""What a panel gets of a report: the frozen copy, who wrote and checked it, and the answers since.

``report_for_panel`` holds ids and codes for the panel's own rules (who may not vote, which options
exist); ``panel_papers`` holds the words, for members whose papers were released.

Source: DOM-4.4, DOM-R14, DOM-R15, DOM-R50.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlmodel import Session

from cases.rules.access import Level
from cases.rules.report_form import OptionNote, ReportForm
from cases.service.access import reach_of
from cases.service.childfacts import today_of
from cases.service.facilities import staff_of
from cases.service.files import restricted_of
from cases.service.forms import RESTRICTED, form_from, open_value, seal_value
from cases.service.non_refoulement import newest_checks
from cases.store import assessment as assessments
from cases.store import case_files
from cases.store import report as store
from cases.tables.case_file import CaseRow
from cases.tables.report import ReportRow, ReportSnapshotRow
from core import audit
from core.actors import Actor
from core.errors import NotThere
from core.ids import new_id


@dataclass(frozen=True)
class OptionForPanel:
    """An option as the panel votes on it.

    Args:
        ref: short reference within the report.
        code: outcome code.
        destination: ISO 3166-1 alpha-2; the acting country when nobody leaves it.
        feasible: as the assessor sees it.
        views: ``heard``, or the coded reason why the child was not heard on this option.
        cleared: whether the newest check clears the destination today; True inside the country.
    """

    ref: str
    code: str
    destination: str
    feasible: bool
    care: str
    facility: str
    views: str
    cleared: bool


@dataclass(frozen=True)
class ReportForPanel:
    """Facts about a report the panel's rules ask for. Ids and codes only, no words.

    Args:
        author: person who wrote the report; never votes on it.
        bia_author: author of the newest approved BIA; None when there is none.
        quality_checker: person who passed the report; None while nobody has.
        involved: everybody who wrote, approved or checked anything for it.
        proposed_facility: ids of facilities the options propose.
        facility_staff: persons who work there.
        siblings: ids of linked sibling cases.
    """

    report_id: str
    case_id: str
    status: str
    author: str
    bia_author: str | None
    bia_approver: str | None
    quality_checker: str | None
    involved: frozenset[str]
    options: tuple[OptionForPanel, ...]
    recommended: str
    proposed_facility: tuple[str, ...]
    facility_staff: frozenset[str]
    triggers: tuple[str, ...]
    siblings: frozenset[str]
    priority: str
    ready_since: datetime | None
    snapshot_hash: str | None

    @property
    def views(self) -> Mapping[str, str]:
        """How the child's views stand on each option, by its reference."""
        return {option.ref: option.views for option in self.options}


@dataclass(frozen=True)
class Papers:
    """What a member reads. ``child`` is the frozen copy of the file at submission."""

    report_id: str
    case_id: str
    child: Mapping[str, Any]
    report: ReportForm
    triggers: tuple[str, ...]
    answers: tuple[str, ...]
    cleared: Mapping[str, bool]
    frozen_at: datetime
    snapshot_hash: str


def report_for_panel(
    session: Session, case_id: str, *, now: datetime | None = None
) -> ReportForPanel:
    """Return what the panel's rules need of the newest report.

    Args:
        session: the unit of work.
        case_id: the child's case.
        now: the moment for which destinations count as cleared; the moment the report became
            ready when left out.

    Raises:
        NotThere: there is no report.
    """
    report, row = _newest(session, case_id)
    form = form_from(ReportForm, open_value(session, case_id, report))
    moment = now or report.ready_at or report.submitted_at or report.named_at
    bia = assessments.newest(session, case_id, approved=True)
    places = tuple(sorted({option.facility for option in form.options if option.facility}))
    cleared = _cleared(session, row, form, moment)
    links = case_files.links_of(session, case_id)
    return ReportForPanel(
        report_id=report.id,
        case_id=case_id,
        status=report.status,
        author=report.assessor_person,
        bia_author=bia.author_person if bia else None,
        bia_approver=bia.approver_person if bia else None,
        quality_checker=report.checker_person,
        involved=_involved(session, report),
        options=tuple(_option(note, cleared[note.destination]) for note in form.options),
        recommended=form.recommended,
        proposed_facility=places,
        facility_staff=frozenset().union(
            *(staff_of(session, place, on=today_of(row, moment)) for place in places)
        ),
        triggers=tuple(report.triggers),
        siblings=frozenset(link.other_id for link in links if link.relation == "sibling"),
        priority=row.priority,
        ready_since=report.ready_at,
        snapshot_hash=report.snapshot_hash,
    )


def panel_papers(session: Session, actor: Actor, case_id: str, *, now: datetime) -> Papers:
    """Read the papers of a case; every reading is on record.

    Raises:
        NotThere: no papers, or not for this person (not released, recused, no undertaking).

    Source: DOM-R14, DOM-R16, DOM-R50.
    """
    if reach_of(session, actor, case_id, now=now).level < Level.FULL:
        raise NotThere("papers")
    report, row = _newest(session, case_id)
    copies = store.snapshots_of(session, report.id)
    if not copies:
        raise NotThere("papers")
    value = open_value(session, case_id, copies[-1])
    form = form_from(ReportForm, value["report"])
    audit.record(
        session, actor, "papers.read", thing="bid_report", thing_id=report.id, case_id=case_id,
        now=now, codes={"copy": copies[-1].no},
    )  # fmt: skip
    return Papers(
        report_id=report.id,
        case_id=case_id,
        child=value["child"],
        report=form,
        triggers=tuple(report.triggers),
        answers=_answers(session, report),
        cleared=_cleared(session, row, form, now),
        frozen_at=copies[-1].at,
        snapshot_hash=copies[-1].hash,
    )


def keep_snapshot(
    session: Session,
    actor: Actor,
    row: CaseRow,
    report: ReportRow,
    form: Mapping[str, Any],
    *,
    now: datetime,
) -> str:
    """Freeze child and report as they are, and return the hash of the copy.

    A random value inside keeps the hash from telling anything about its content.

    Source: DOM-4.4/child_snapshot.
    """
    value = {
        "salt": new_id(),
        "child": _child(session, row),
        "report": dict(form),
        "triggers": list(report.triggers),
    }
    copy = ReportSnapshotRow(
        case_id=row.id,
        report_id=report.id,
        no=len(store.snapshots_of(session, report.id)) + 1,
        at=now,
        by_person=actor.person_id,
        hash=_digest(value),
        restricted=b"",
    )
    copy.restricted = seal_value(session, row.id, copy, value, RESTRICTED)
    session.add(copy)
    session.flush()
    return copy.hash


def snapshots_hold(session: Session, case_id: str) -> bool:
    """Whether every frozen copy of a case still has the hash it was given. Source: DOM-R22."""
    copies = [
        copy
        for report in store.of_case(session, case_id)
        for copy in store.snapshots_of(session, report.id)
    ]
    return all(_digest(open_value(session, case_id, copy)) == copy.hash for copy in copies)


def _newest(session: Session, case_id: str) -> tuple[ReportRow, CaseRow]:
    report = store.newest(session, case_id)
    row = case_files.find_case(session, case_id)
    if report is None or row is None:
        raise NotThere("report")
    return report, row


def _involved(session: Session, report: ReportRow) -> frozenset[str]:
    persons = {report.assessor_person, report.named_by_person, report.checker_person}
    for bia in assessments.of_case(session, report.case_id):
        persons |= {bia.author_person, bia.approver_person}
    notes = store.notes_of(session, report.id)
    persons |= {note.by_person for note in notes}
    return frozenset(person for person in persons if person)


def _option(note: OptionNote, cleared: bool) -> OptionForPanel:
    heard = bool(note.views.words.strip())
    return OptionForPanel(
        ref=note.ref,
        code=note.outcome.value,
        destination=note.destination,
        feasible=note.feasible,
        care=note.care,
        facility=note.facility,
        views="heard" if heard else str(note.views.reason or "missing"),
        cleared=cleared,
    )


def _cleared(
    session: Session, row: CaseRow, form: ReportForm, moment: datetime
) -> Mapping[str, bool]:
    checks = newest_checks(session, row.id)
    today = today_of(row, moment)
    found = {place: check.clears(today) for place, check in checks.items()}
    wanted = {option.destination for option in form.options}
    return {place: place == row.country or found.get(place, False) for place in wanted}


def _child(session: Session, row: CaseRow) -> dict[str, Any]:
    """The file as the panel reads it: codes and restricted fields, nothing highly sensitive."""
    return {
        "child_code": row.child_code,
        "sex": row.sex,
        "age_band": row.age_band,
        "accompaniment": row.accompaniment,
        "nationality": row.nationality_code,
        "priority": row.priority,
        "district": row.district,
        **restricted_of(session, row),
    }


def _answers(session: Session, report: ReportRow) -> tuple[str, ...]:
    return tuple(
        open_value(session, report.case_id, note)["text"]
        for note in store.notes_of(session, report.id)
        if note.kind == "answers"
    )


def _digest(value: Mapping[str, Any]) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
