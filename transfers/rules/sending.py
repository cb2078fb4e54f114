"""What must be true before anything about a child goes to another country.

Every line is judged, so that an officer sees at once all that is missing. An enquiry goes out before the
decision and never allows a movement; a request rests on a final decision for that very country.

Source: DOM-5.2/X0, X1, X4, X8, DOM-R26, DOM-R35, DOM-R44, DOM-R45, DOM-R47, DOM-R48.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.errors import Answer, Gap, answer
from transfers.rules.codes import ConsentOrder, CorridorStatus


class SafeToTrace(StrEnum):
    """Whether looking for the family endangers nobody. Source: DOM-4.7."""

    YES = "yes"
    NO = "no"
    NOT_YET = "not_yet"


@dataclass(frozen=True)
class Checked:
    """Who wrote a message and who checked it, as persons."""

    written_by: str
    checked_by: str = ""


@dataclass(frozen=True)
class Disclosure:
    """What every sending about a child to another country has to answer.

    Args:
        destination: ISO 3166-1 alpha-2 of the country that would learn of the child.
        corridor: what the corridor is today; ``None``: there is none.
        partner_active: two officers confirmed the partner, and nobody suspended it.
        receiver_checked: the receiving office was verified as the right one.
        consent: consent for this receiver and purpose stands, or an approved override does.
        fears_destination: the child fears that country, or asks or has asked protection from it.
        dangers: open reasons for which sending could itself harm.
        checked: author and checker of what is sent.
        unmapped: local values that the two countries have no common code for, as ``field: value``.
    """

    destination: str
    corridor: CorridorStatus | None
    partner_active: bool
    receiver_checked: bool
    consent: bool
    fears_destination: bool
    dangers: Collection[str] = ()
    checked: Checked | None = None
    unmapped: Collection[str] = ()


@dataclass(frozen=True)
class Ground:
    """What an enquiry or a request rests on.

    Args:
        assessment_approved: a BIA is approved.
        safe_to_trace: answer of the tracing safety question.
        decision_final: the decision is signed, and no appeal is open or possible with effect on it.
        decided_for: the country the decision names; empty without one.
        valid_until: last day of the decision.
        reasons_included: the report on the child and its reasons are in the request (HC96-33).
        terms_missing: what the corridor asks for besides, and what is not there (duration, funding ...).
        enquiry_answered_yes: the other State already consented in the first round, signed.
    """

    assessment_approved: bool = False
    safe_to_trace: SafeToTrace | None = None
    decision_final: bool = False
    decided_for: str = ""
    valid_until: date | None = None
    reasons_included: bool = False
    terms_missing: Collection[str] = ()
    enquiry_answered_yes: bool = False


def may_disclose(disclosure: Disclosure) -> Answer:
    """Say what forbids telling that country anything about this child."""
    return answer("send", _disclosure(disclosure))


def may_enquire(disclosure: Disclosure, ground: Ground) -> Answer:
    """Say what is missing before an enquiry goes out (X0)."""
    return answer(
        "send_enquiry",
        (
            *_disclosure(disclosure),
            None if ground.assessment_approved else Gap("transfer_assessment_not_approved"),
            None if ground.safe_to_trace is SafeToTrace.YES else Gap("transfer_tracing_not_safe"),
        ),
    )


def may_request(disclosure: Disclosure, ground: Ground, order: ConsentOrder, *, on: date) -> Answer:
    """Say what is missing before a request goes out (X1)."""
    return answer(
        "send_request",
        (
            *_disclosure(disclosure),
            *_decision(disclosure.destination, ground, on),
            None if ground.reasons_included else Gap("request_without_reasons"),
            *(Gap("request_term_missing", {"term": term}) for term in ground.terms_missing),
            None
            if order is ConsentOrder.DECISION_THEN_CONSENT or ground.enquiry_answered_yes
            else Gap("request_before_consent"),
        ),
    )


def _disclosure(disclosure: Disclosure) -> Iterator[Gap | None]:
    if disclosure.corridor is None:
        yield Gap("corridor_missing", {"country": disclosure.destination})
    elif disclosure.corridor is CorridorStatus.SUSPENDED:
        yield Gap("corridor_suspended", {"country": disclosure.destination})
    yield None if disclosure.partner_active else Gap("partner_not_active")
    yield None if disclosure.receiver_checked else Gap("receiver_not_checked")
    yield None if disclosure.consent else Gap("disclosure_without_consent")
    yield Gap("disclosure_to_feared_country") if disclosure.fears_destination else None
    yield from (Gap("disclosure_dangerous", {"reason": one}) for one in sorted(disclosure.dangers))
    yield from _checked(disclosure.checked)
    yield from (Gap("value_without_common_code", {"value": one}) for one in disclosure.unmapped)


def _checked(checked: Checked | None) -> Iterator[Gap]:
    """Two people, never one twice. Source: DOM-R44, EXP-TT56."""
    if checked is None or not checked.checked_by:
        yield Gap("summary_not_checked")
    elif checked.checked_by == checked.written_by:
        yield Gap("summary_checked_by_author")


def _decision(destination: str, ground: Ground, on: date) -> Iterator[Gap]:
    if not ground.decided_for:
        yield Gap("move_without_decision")
        return
    if not ground.decision_final:
        yield Gap("move_decision_not_final")
    if ground.decided_for != destination:
        yield Gap("move_other_destination", {"decided": ground.decided_for})
    if ground.valid_until is None or on > ground.valid_until:
        until = ground.valid_until.isoformat() if ground.valid_until else ""
        yield Gap("move_decision_expired", {"valid_until": until})
