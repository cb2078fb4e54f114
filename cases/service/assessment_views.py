"""A best interests assessment as it is kept and shown: its sealed form, what is missing, its triggers.

Writing, submitting and approving are in ``assessments``.

Source: DOM-4.3, DOM-2.2.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.rules.access import Level
from cases.rules.assessment_form import (
    SENSITIVE_FIELDS,
    AssessmentForm,
    assessment_facts,
    trigger_facts,
)
from cases.rules.assessments import (
    AssessmentKind,
    AssessmentStatus,
    submission,
)
from cases.rules.triggers import Considered, Trigger, mandatory_triggers
from cases.service import steps
from cases.service.access import reach_of
from cases.service.childfacts import child_facts, today_of
from cases.service.files import Purpose
from cases.service.forms import (
    RESTRICTED,
    SENSITIVE,
    form_from,
    open_value,
    plain,
    seal_value,
    shows_sensitive,
)
from cases.service.interpreters import assignments_of
from cases.service.triggers import (
    has_earlier_determination,
    in_force,
)
from cases.store import assessment as store
from cases.tables.assessment import AssessmentRow
from cases.tables.case_file import CaseRow
from core import audit
from core.actors import Actor
from core.errors import Answer, Gap, NotThere

SECTION: Final = "risk"


@dataclass(frozen=True)
class AssessmentView:
    """A BIA as one person may see it.

    Args:
        form: without the risk part unless ``shows_risk``.
        points: what a supervisor returned it with, oldest first.
        gaps: what is missing before it can be submitted; empty once it was.
        triggers: codes that follow from this form and the file.
    """

    id: str
    case_id: str
    no: int
    kind: str
    status: str
    author: str
    approver: str | None
    begun_at: datetime
    submitted_at: datetime | None
    approved_at: datetime | None
    form: AssessmentForm
    shows_risk: bool
    points: tuple[str, ...]
    gaps: tuple[Gap, ...]
    triggers: tuple[str, ...]
    version: int


def read_assessment(
    session: Session,
    actor: Actor,
    case_id: str,
    assessment_id: str,
    *,
    now: datetime,
    purpose: Purpose | None = None,
) -> AssessmentView:
    """Read a BIA; the risk part only for those who may see highly sensitive parts.

    Raises:
        NotThere: no such BIA, or not yours.

    Source: DOM-2.2, DOM-R50.
    """
    row = _readable(session, actor, case_id, now=now)
    found = store.find(session, case_id, assessment_id)
    if found is None:
        raise NotThere("assessment")
    view = view_of(session, actor, row, found, now=now, purpose=purpose)
    record(session, actor, found, "assessment.read", now, risk=view.shows_risk)
    return view


def list_assessments(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[AssessmentView, ...]:
    """Read every BIA of a case, oldest first, without risk parts.

    Raises:
        NotThere: no such case, or not yours.
    """
    row = _readable(session, actor, case_id, now=now)
    rows = store.of_case(session, case_id)
    for found in rows:
        record(session, actor, found, "assessment.read", now, risk=False)
    return tuple(view_of(session, actor, row, found, now=now, risk=False) for found in rows)


def approved_form(session: Session, case_id: str) -> tuple[AssessmentRow, AssessmentForm] | None:
    """Return the newest approved BIA with its form, for services that may; None when there is none."""
    found = store.newest(session, case_id, approved=True)
    return (found, form_of(session, found)) if found is not None else None


def _readable(session: Session, actor: Actor, case_id: str, *, now: datetime) -> CaseRow:
    if reach_of(session, actor, case_id, now=now).level < Level.FULL:
        raise NotThere("case")
    return steps.lock(session, case_id)


def form_of(session: Session, found: AssessmentRow) -> AssessmentForm:
    """Return the whole form, risk part included, to a service that has decided that it may."""
    values = open_value(session, found.case_id, found)
    return form_from(
        AssessmentForm, {**values, **open_value(session, found.case_id, found, SENSITIVE)}
    )


def keep_form(session: Session, found: AssessmentRow, form: AssessmentForm) -> None:
    """Seal the form, its risk part apart."""
    values = plain(form)
    risk = {name: values.pop(name) for name in SENSITIVE_FIELDS}
    found.restricted = seal_value(session, found.case_id, found, values, RESTRICTED)
    found.sensitive = seal_value(session, found.case_id, found, risk, SENSITIVE)


def submission_of(
    session: Session, row: CaseRow, found: AssessmentRow, form: AssessmentForm, *, now: datetime
) -> Answer:
    """Say what is missing before this BIA can be submitted."""
    child = child_facts(session, row, today=today_of(row, now))
    facts = assessment_facts(
        form,
        AssessmentKind(found.kind),
        age_years=child.age_years,
        child_languages=child.languages,
        assigned=assignments_of(session, row.id),
    )
    return submission(facts, triggers_from(session, row, form, now=now))


def triggers_from(
    session: Session, row: CaseRow, form: AssessmentForm, *, now: datetime
) -> frozenset[Trigger]:
    """Return the triggers that follow from a form and from what is registered."""
    reconsiders = bool(set(form.considered) - {Considered.SERVICES_ONLY})
    earlier = reconsiders and has_earlier_determination(session, row.id)
    facts = trigger_facts(form, accompaniment=row.accompaniment, earlier_determination=earlier)
    return mandatory_triggers(facts, in_force(row, now=now))


def view_of(
    session: Session,
    actor: Actor,
    row: CaseRow,
    found: AssessmentRow,
    *,
    now: datetime,
    purpose: Purpose | None = None,
    risk: bool = True,
) -> AssessmentView:
    """Show a BIA to this actor; ``risk=False`` leaves the risk part out for everybody."""
    form = form_of(session, found)
    seen = reach_of(session, actor, row.id, now=now)
    writes = found.author_person == actor.person_id
    shows = risk and (writes or shows_sensitive(seen, SECTION, purpose))
    is_open = found.status in {
        AssessmentStatus.PENDING_INTERVIEW,
        AssessmentStatus.PENDING_RECOMMENDATION,
    }
    notes = store.returns_of(session, found.id)
    return AssessmentView(
        id=found.id,
        case_id=found.case_id,
        no=found.no,
        kind=found.kind,
        status=found.status,
        author=found.author_person,
        approver=found.approver_person,
        begun_at=found.begun_at,
        submitted_at=found.submitted_at,
        approved_at=found.approved_at,
        form=form if shows else replace(form, risk_factors=(), risk_text=""),
        shows_risk=shows,
        points=tuple(open_value(session, row.id, note)["points"] for note in notes),
        gaps=submission_of(session, row, found, form, now=now).gaps if is_open else (),
        triggers=tuple(sorted(triggers_from(session, row, form, now=now))),
        version=found.version,
    )


def record(
    session: Session,
    actor: Actor,
    found: AssessmentRow,
    action: str,
    now: datetime,
    *,
    fields: list[str] | None = None,
    risk: bool | None = None,
) -> None:
    """Note an act or a reading of a BIA."""
    audit.record(
        session, actor, action, thing="assessment", thing_id=found.id, case_id=found.case_id,
        now=now, fields=fields or (), codes={"kind": found.kind, "status": found.status, "risk": risk},
    )  # fmt: skip
