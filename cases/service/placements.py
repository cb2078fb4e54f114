"""Where a child lives: home studies, exceptions, starting and ending a placement.

Source: DOM-4.7, DOM-R27, DOM-R29, DOM-R30, DOM-R31, DOM-R32.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from cases.rules.access import Level, Reach
from cases.rules.clocks import ClockCode
from cases.rules.facilities import Facility, FacilityException
from cases.rules.machine import ENDED
from cases.rules.placements import (
    AfterBreakdown,
    BackgroundCheck,
    CareType,
    EndReason,
    HomeStudy,
    NoFamilyCare,
    PlacementFacts,
    StudyResult,
    after_end,
    placement,
)
from cases.rules.triggers import Trigger
from cases.service import clocks, prompts, steps
from cases.service.access import case_for, reach_of
from cases.service.case_packs import pack_for
from cases.service.childfacts import child_facts, today_of
from cases.service.facilities import facility_of
from cases.service.forms import RESTRICTED, SENSITIVE, open_value, seal_value
from cases.service.home_studies import PLACERS, record
from cases.service.tracing import is_exhausted
from cases.service.triggers import note_triggers
from cases.store import facility as facilities
from cases.store import placement as store
from cases.tables.case_file import CaseRow
from cases.tables.placement import PlacementRow
from core.actors import Actor
from core.db import check_version
from core.errors import BadInput, Gap, Incomplete, NotThere, WrongState
from core.worktime import add_months


@dataclass(frozen=True)
class PlacementRequest:
    """What somebody records when a child moves in.

    Args:
        carer: name of the carer; for care in a family.
        check_reason: why no background check can be had.
        family_care_words: more on why no family could care.
        legal_order: reference of the protection measure or court order; ``legal_order_until`` its end.
        sibling_reason: why siblings are apart.
        decision_id: the determination this carries out; empty for interim care.
    """

    care: CareType
    started_on: date
    review_due: date | None
    facility_id: str | None = None
    carer: str = ""
    address: str = ""
    home_study_id: str | None = None
    background: BackgroundCheck | None = None
    check_reason: str = ""
    no_family_care: NoFamilyCare | None = None
    family_care_words: str = ""
    legal_order: str = ""
    legal_order_until: date | None = None
    sibling_reason: str = ""
    decision_id: str | None = None


@dataclass(frozen=True)
class PlacementView:
    """A placement as one person may see it; the address only where DOM-2.2 shows it."""

    id: str
    case_id: str
    care: CareType
    facility_id: str | None
    carer: str
    address: str
    started_on: date
    review_due: date
    no_family_care: str | None
    legal_order: str
    legal_order_until: date | None
    sibling_reason: str
    decision_id: str | None
    ended_on: date | None
    end_reason: str | None
    end_words: str
    version: int


def start_placement(
    session: Session, actor: Actor, case_id: str, wanted: PlacementRequest, *, now: datetime
) -> PlacementView:
    """Let a child move in, if every condition holds; a place in a facility is taken in the same act.

    Raises:
        Incomplete: with everything that stands against it, a facility that has filled up included.
        WrongState: the child lives somewhere already; end that first. Or the case has ended.
        NotThere: not a case of this person, or no such facility or home study.

    Source: DOM-4.7, DOM-R27 to DOM-R32.
    """
    row = case_for(session, actor, case_id, roles=PLACERS, now=now)
    _check_free(session, row, wanted, now=now)
    facts = _facts(session, row, wanted, now=now)
    placement(facts).require()
    if wanted.facility_id is not None and not facilities.take_place(session, wanted.facility_id):
        raise Incomplete("start_placement", (Gap("facility_full"),))
    kept = _row(session, actor, case_id, wanted, facts, now=now)
    session.add(kept)
    session.flush()
    record(session, actor, "placement.started", kept.id, case_id=case_id, now=now, code=kept.care)
    clocks.meet_clock(session, case_id, ClockCode.FIRST_RESPONSE, now=now, actor=actor)
    steps.wake(session, case_id, now=now)
    return _view(session, kept, reach_of(session, actor, case_id, now=now))


def end_placement(
    session: Session,
    actor: Actor,
    case_id: str,
    placement_id: str,
    *,
    ended_on: date,
    reason: EndReason,
    words: str,
    now: datetime,
    expected_version: int | None = None,
) -> PlacementView:
    """End a placement with its reason; a breakdown asks for a new BIA, and B6 after a determination.

    Raises:
        WrongState: it has ended already.
        BadInput: it would end before it began, or in the future.
        StaleWrite: it changed since it was read.

    Source: DOM-4.7/end_reason, DOM-3.3/T19, DOM-3.4/B6.
    """
    row = case_for(session, actor, case_id, roles=PLACERS, now=now)
    kept = store.find(session, case_id, placement_id)
    if kept is None:
        raise NotThere("placement")
    check_version(kept, "placement", expected_version)
    if kept.ended_on is not None:
        raise WrongState(kind="placement", state="ended", act="end_placement")
    if not kept.started_on <= ended_on <= today_of(row, now):
        raise BadInput(pointer="/ended_on", code="outside_placement")
    kept.ended_on, kept.end_reason = ended_on, reason.value
    kept.ended_by_person = actor.person_id
    value = {**open_value(session, case_id, kept), "end_words": words}
    kept.restricted = seal_value(session, case_id, kept, value, RESTRICTED)
    session.add(kept)
    session.flush()
    if kept.facility_id is not None:
        facilities.give_place_back(session, kept.facility_id)
    record(session, actor, "placement.ended", kept.id, case_id=case_id, now=now, code=reason.value)
    _follow_breakdown(session, actor, row, kept, reason, now=now)
    steps.wake(session, case_id, now=now)
    return _view(session, kept, reach_of(session, actor, case_id, now=now))


def list_placements(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[PlacementView, ...]:
    """Read every placement of a child, oldest first.

    Raises:
        NotThere: no such case, or not yours.
    """
    seen = reach_of(session, actor, case_id, now=now)
    if seen.level < Level.FULL:
        raise NotThere("case")
    record(session, actor, "placement.read", case_id, case_id=case_id, now=now)
    return tuple(_view(session, row, seen) for row in store.of_case(session, case_id))


def lives_somewhere(session: Session, case_id: str) -> bool:
    """Whether a running placement is on file."""
    return store.running(session, case_id) is not None


def _check_free(session: Session, row: CaseRow, wanted: PlacementRequest, *, now: datetime) -> None:
    if row.state in ENDED:
        raise WrongState(kind="case", state=row.state, act="start_placement")
    if store.running(session, row.id) is not None:
        raise WrongState(kind="placement", state="running", act="start_placement")
    if wanted.started_on > today_of(row, now):
        raise BadInput(pointer="/started_on", code="lies_ahead")


def _facts(
    session: Session, row: CaseRow, wanted: PlacementRequest, *, now: datetime
) -> PlacementFacts:
    care = pack_for(row, on=now.date()).care
    return PlacementFacts(
        care=wanted.care,
        on=wanted.started_on,
        allowed=frozenset(str(one) for one in care.allowed),
        residential=frozenset(str(one) for one in care.residential),
        after_tracing=frozenset(str(one) for one in care.only_after_tracing),
        authorisation_required=care.facility_authorisation_required,
        facility=_facility(session, row, wanted),
        exception=_exception(session, row, wanted),
        carer_named=bool(wanted.carer.strip()),
        home_study=_study(session, row, wanted),
        background=wanted.background,
        check_reason=bool(wanted.check_reason.strip()),
        no_family_care=wanted.no_family_care,
        review_due=wanted.review_due,
        review_days=_days(wanted.started_on, care.residential_review_months),
        protection_measure=_order_holds(wanted),
        measure_required=care.order_before_shelter,
        tracing_exhausted=is_exhausted(session, row.id),
        splits_siblings=_splits_siblings(session, row, wanted, now=now),
        sibling_reason=bool(wanted.sibling_reason.strip()),
    )


def _days(start: date, months: int) -> int:
    return (add_months(start, months) - start) // timedelta(days=1)


def _order_holds(wanted: PlacementRequest) -> bool:
    until = wanted.legal_order_until
    return bool(wanted.legal_order.strip()) and (until is None or until >= wanted.started_on)


def _facility(session: Session, row: CaseRow, wanted: PlacementRequest) -> Facility | None:
    if wanted.facility_id is None:
        return None
    found = facilities.lock(session, wanted.facility_id)
    if found is None or found.country != row.country:
        raise NotThere("facility")
    return facility_of(found)


def _exception(
    session: Session, row: CaseRow, wanted: PlacementRequest
) -> FacilityException | None:
    if wanted.facility_id is None:
        return None
    found = store.newest_exception(session, row.id, wanted.facility_id)
    return FacilityException(found.inspected_on, found.granted_by_person) if found else None


def _study(session: Session, row: CaseRow, wanted: PlacementRequest) -> HomeStudy | None:
    if wanted.home_study_id is None:
        return None
    found = store.find_study(session, row.id, wanted.home_study_id)
    if found is None:
        raise NotThere("home_study")
    return HomeStudy(StudyResult(found.result), found.studied_on, found.valid_until)


def _splits_siblings(
    session: Session, row: CaseRow, wanted: PlacementRequest, *, now: datetime
) -> bool:
    """Whether a linked sibling lives somewhere else. Source: DOM-R32."""
    siblings = child_facts(session, row, today=today_of(row, now)).siblings
    for other in store.running_of(session, sorted(siblings)):
        if other.facility_id != wanted.facility_id:
            return True
        if other.facility_id is None and not _same_carer(session, other, wanted.carer):
            return True
    return False


def _same_carer(session: Session, other: PlacementRow, carer: str) -> bool:
    known = str(open_value(session, other.case_id, other).get("carer", ""))
    return known.casefold().split() == carer.casefold().split()


def _row(
    session: Session,
    actor: Actor,
    case_id: str,
    wanted: PlacementRequest,
    facts: PlacementFacts,
    *,
    now: datetime,
) -> PlacementRow:
    if wanted.review_due is None:  # the rule has refused that before
        raise Incomplete("start_placement", (Gap("placement_review_missing"),))
    row = PlacementRow(
        case_id=case_id,
        care=wanted.care.value,
        facility_id=wanted.facility_id,
        home_study_id=wanted.home_study_id,
        decision_id=wanted.decision_id,
        started_on=wanted.started_on,
        started_at=now,
        started_by_person=actor.person_id,
        review_due=wanted.review_due,
        background=wanted.background,
        no_family_care=wanted.no_family_care,
        exception_inspected_on=facts.exception.inspected_on if facts.exception else None,
        exception_by_person=facts.exception.granted_by if facts.exception else None,
        measure_until=wanted.legal_order_until,
        restricted=b"",
    )
    words = {
        "carer": wanted.carer,
        "check_reason": wanted.check_reason,
        "family_care_words": wanted.family_care_words,
        "legal_order": wanted.legal_order,
        "sibling_reason": wanted.sibling_reason,
    }
    row.restricted = seal_value(session, case_id, row, words, RESTRICTED)
    row.sensitive = seal_value(session, case_id, row, {"address": wanted.address}, SENSITIVE)
    return row


def _follow_breakdown(
    session: Session,
    actor: Actor,
    row: CaseRow,
    kept: PlacementRow,
    reason: EndReason,
    *,
    now: datetime,
) -> None:
    due = after_end(reason, rests_on_determination=kept.decision_id is not None)
    if AfterBreakdown.NEW_ASSESSMENT in due:
        prompts.reopening(session, row, kept.id, "breakdown", now=now)
    if AfterBreakdown.NEW_DETERMINATION in due:
        note_triggers(session, actor, row.id, (Trigger.REPLACES_DETERMINATION,), now=now)


def _view(session: Session, row: PlacementRow, seen: Reach) -> PlacementView:
    words = open_value(session, row.case_id, row)
    hidden = open_value(session, row.case_id, row, SENSITIVE) if seen.address else {}
    return PlacementView(
        id=row.id,
        case_id=row.case_id,
        care=CareType(row.care),
        facility_id=row.facility_id,
        carer=words["carer"],
        address=hidden.get("address", ""),
        started_on=row.started_on,
        review_due=row.review_due,
        no_family_care=row.no_family_care,
        legal_order=words["legal_order"],
        legal_order_until=row.measure_until,
        sibling_reason=words["sibling_reason"],
        decision_id=row.decision_id,
        ended_on=row.ended_on,
        end_reason=row.end_reason,
        end_words=words.get("end_words", ""),
        version=row.version,
    )
