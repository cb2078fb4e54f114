"""What some outcomes of a best interests determination ask for in addition.

The outcome codes are those of the report (``cases.rules.reports``).
There is no adoption, no detention and no score here: they do not exist as values.

Source: DOM-3.6, DOM-R13, DOM-R20, DOM-R23, DOM-R29, DOM-R31.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from cases.rules.placements import CareType
from cases.rules.reports import DangerResult, Outcome
from core.errors import Gap
from core.worktime import add_months

ALWAYS_ABROAD: Final = frozenset(
    {Outcome.VOLUNTARY_REPATRIATION, Outcome.RESETTLEMENT, Outcome.COMPLEMENTARY_PATHWAY}
)
MAY_BE_ABROAD: Final = ALWAYS_ABROAD | {
    Outcome.FAMILY_REUNIFICATION,
    Outcome.CARE_PLACEMENT,
    Outcome.MEDICAL_TRANSFER,
}


@dataclass(frozen=True)
class Law:
    """What the country pack says about outcomes.

    Args:
        residential: kinds of care that are residential.
        residential_review_months: how soon such a placement is looked at again.
        only_after_tracing: kinds of care that wait until tracing ended without result.
        no_solution_review_months: how soon a child without a solution is looked at again.
        court_reference_for: outcomes that stand on a court's or authority's reference.
        decided_outside: another authority decides, or a court is only advised: every decision then
            names the reference of that authority's act.
    """

    residential: Collection[str] = frozenset(
        {CareType.RESIDENTIAL_SMALL, CareType.RESIDENTIAL_LARGE}
    )
    residential_review_months: int = 3
    only_after_tracing: Collection[str] = frozenset({CareType.KAFALA})
    no_solution_review_months: int = 12
    court_reference_for: Collection[str] = frozenset({Outcome.SEPARATION_FROM_CARER})
    decided_outside: bool = False


@dataclass(frozen=True)
class Destination:
    """Where the outcome sends the child, and in what kind of care.

    Args:
        outcome: the one outcome decided.
        country: ISO 3166-1 alpha-2 of the destination; the home country when nobody moves abroad.
        care_type: the kind of care when the outcome places the child; no value for detention exists.
    """

    outcome: Outcome
    country: str
    care_type: CareType | None = None

    def is_abroad(self, home: str) -> bool:
        """Whether carrying this out means crossing a border."""
        return self.country != home


@dataclass(frozen=True)
class Support:
    """What is on file for the outcome in question.

    Args:
        non_refoulement: result for exactly the destination decided; ``None`` when not checked.
        legal_authority: the law or order that allows separating the child, in the panel's words.
        court_reference: number of the court's file.
        family_care_not_possible: why no family can care for the child.
        review_on: the day set for looking at the decision again.
        tracing_closed: whether tracing ended as ``closed_no_result``.
    """

    non_refoulement: DangerResult | None = None
    legal_authority: str = ""
    court_reference: str = ""
    family_care_not_possible: str = ""
    review_on: date | None = None
    tracing_closed: bool = False


def outcome_gaps(
    destination: Destination, support: Support, law: Law, *, home: str, decided_on: date
) -> tuple[Gap, ...]:
    """Name everything that this particular outcome still lacks."""
    found = (
        _destination(destination, home),
        _non_refoulement(destination, support, home),
        *_separation(destination, support, law),
        _outside(support, law),
        *_residential(destination, support, law, decided_on),
        _after_tracing(destination, support, law),
        _care_type(destination),
        _no_solution(destination, support, law, decided_on),
    )
    return tuple(gap for gap in found if gap is not None)


def _destination(destination: Destination, home: str) -> Gap | None:
    """An outcome and its country must agree with each other."""
    if destination.outcome in ALWAYS_ABROAD and not destination.is_abroad(home):
        return Gap("destination_missing", {"outcome": destination.outcome.value})
    if destination.outcome not in MAY_BE_ABROAD and destination.is_abroad(home):
        return Gap("outcome_is_not_abroad", {"outcome": destination.outcome.value})
    return None


def _non_refoulement(destination: Destination, support: Support, home: str) -> Gap | None:
    """A child is sent only where the check says ``cleared`` for that place. Source: DOM-R23."""
    if not destination.is_abroad(home) or support.non_refoulement is DangerResult.CLEARED:
        return None
    result = support.non_refoulement.value if support.non_refoulement else "missing"
    return Gap("non_refoulement_not_cleared", {"country": destination.country, "result": result})


def _separation(destination: Destination, support: Support, law: Law) -> tuple[Gap | None, ...]:
    """Taking a child from a carer needs the law and a court's reference. Source: DOM-R13."""
    if destination.outcome not in {*law.court_reference_for, Outcome.SEPARATION_FROM_CARER}:
        return ()
    return (
        None if support.legal_authority.strip() else Gap("legal_authority_missing"),
        None if support.court_reference.strip() else Gap("court_reference_missing"),
    )


def _outside(support: Support, law: Law) -> Gap | None:
    """Where others decide, the decision names their act. Source: DOM-9 (competent decider)."""
    if law.decided_outside and not support.court_reference.strip():
        return Gap("decider_reference_missing")
    return None


def _residential(
    destination: Destination, support: Support, law: Law, decided_on: date
) -> tuple[Gap | None, ...]:
    """Residential care is the last resort and short. Source: DOM-R29."""
    if destination.care_type not in law.residential:
        return ()
    months = law.residential_review_months
    latest = add_months(decided_on, months)
    soon = support.review_on is not None and support.review_on <= latest
    return (
        None if support.family_care_not_possible.strip() else Gap("family_care_reason_missing"),
        None if soon else Gap("residential_review_too_late", {"months": months}),
    )


def _after_tracing(destination: Destination, support: Support, law: Law) -> Gap | None:
    """Kafala is never a first option: tracing must have ended without result. Source: DOM-R31."""
    if destination.care_type in law.only_after_tracing and not support.tracing_closed:
        return Gap("care_before_tracing_closed", {"care": str(destination.care_type)})
    return None


def _care_type(destination: Destination) -> Gap | None:
    """A placement says in what kind of care. Source: DOM-3.6, DOM-R27."""
    if destination.outcome is Outcome.CARE_PLACEMENT and destination.care_type is None:
        return Gap("care_type_missing")
    return None


def _no_solution(
    destination: Destination, support: Support, law: Law, decided_on: date
) -> Gap | None:
    """No solution yet means looking again within twelve months. Source: DOM-3.6."""
    if destination.outcome is not Outcome.NO_SOLUTION_YET_REVIEW or support.review_on is None:
        return None
    if support.review_on <= add_months(decided_on, law.no_solution_review_months):
        return None
    return Gap("no_solution_review_too_late", {"months": law.no_solution_review_months})
