"""What the record says at the moment of deciding; nothing of it is taken from the request.

Source: DOM-3.3 (T13), DOM-R11, DOM-R23, DOM-R32.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlmodel import Session

from cases.rules.placements import CareType
from cases.rules.reports import DangerResult, Outcome
from cases.service.guardians import has_guardian
from cases.service.non_refoulement import non_refoulement_of
from cases.service.papers import ReportForPanel
from cases.service.tracing import is_exhausted
from core.actors import Actor
from core.packs.models import Pack
from core.worktime import close_of_day, due_at, local_day
from panels.rules.decision_record import grounded
from panels.rules.determination import Circumstances, Draft, LinkedDecision, Offered
from panels.rules.outcomes import Destination, Law
from panels.service.child import Child
from panels.store import determination as store
from panels.tables.determination import DeterminationRow

ADVISORY: Final = "advisory_to_court"
"""The force of a decision that a court takes up; ``binding`` and ``administrative`` bind the product's
own workflow alike. Source: DOM-9."""


@dataclass(frozen=True)
class Chosen:
    """What was chosen, and on which day."""

    option: str
    on: date


def on_record(session: Session, child: Child, draft: Draft) -> Draft:
    """Put what is on file about the destination and the tracing in place of what the draft says."""
    closed = is_exhausted(session, child.case_id)
    return grounded(draft, danger=_danger(session, child, draft), tracing_closed=closed)


def options_of(report: ReportForPanel) -> Mapping[str, Offered]:
    """Return the options the panel had before it, by their reference."""
    return {
        option.ref: Offered(Outcome(option.code), option.destination) for option in report.options
    }


def circumstances(
    session: Session,
    actor: Actor,
    child: Child,
    options: Mapping[str, Offered],
    chosen: Chosen,
) -> Circumstances:
    """Gather what the rules ask for before a decision can stand."""
    return Circumstances(
        decided_on=chosen.on,
        home=child.country,
        decided_by_person=actor.is_human,
        accompaniment=child.accompaniment,
        has_adult=has_guardian(session, child.case_id, on=child.today),
        languages=child.languages,
        options=options,
        voted_for=chosen.option,
        latest_validity=latest_validity(child, chosen.on),
        allowed_outcomes=frozenset(code.value for code in child.pack.outcomes.allowed),
        linked=linked_decisions(session, child),
        law=law_of(child.pack),
        min_reason_length=child.pack.panel.reason_min_characters,
    )


def linked_decisions(session: Session, child: Child) -> tuple[LinkedDecision, ...]:
    """Return what the child's brothers and sisters are decided for now. Source: DOM-R32."""
    return tuple(
        LinkedDecision(row.case_id, destination_of(row), row.gives_sibling_reason)
        for row in store.current_of_cases(session, child.siblings)
        if row.valid_until >= child.today
    )


def destination_of(row: DeterminationRow) -> Destination:
    """Return where a decision sends the child."""
    care = CareType(row.care_type) if row.care_type else None
    return Destination(Outcome(row.outcome), row.destination, care)


def law_of(pack: Pack) -> Law:
    """Return what the country says about outcomes."""
    return Law(
        residential=frozenset(care.value for care in pack.care.residential),
        residential_review_months=pack.care.residential_review_months,
        only_after_tracing=frozenset(care.value for care in pack.care.only_after_tracing),
        no_solution_review_months=pack.outcomes.no_solution_review_months,
        court_reference_for=frozenset(code.value for code in pack.decider.court_reference_for),
        decided_outside=pack.decider.external or pack.decider.force == ADVISORY,
    )


def latest_validity(child: Child, decided_on: date) -> date:
    """Return the last day a decision of this priority may be used (D22). Source: DOM-3.2."""
    end = due_at(close_of_day(decided_on, child.calendar), child.limit("D22"), child.calendar)
    return local_day(end, child.calendar)


def _danger(session: Session, child: Child, draft: Draft) -> DangerResult | None:
    country = draft.destination.country
    if country == child.country:
        return None
    found = non_refoulement_of(session, child.case_id, country)
    if found is None:
        return None
    holds = found.qualified and found.checked_on <= child.today <= found.valid_until
    return found.result if holds else DangerResult.UNKNOWN
