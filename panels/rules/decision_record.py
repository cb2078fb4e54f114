"""The whole content of a decision as one plain record: what is signed, sealed, hashed and read again.

Source: DOM-4.6, DOM-R18, DOM-R22.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from cases.rules.placements import CareType
from cases.rules.plans import ActionKind
from cases.rules.reports import DangerResult, FactorGroup, Outcome
from core.errors import Answer, Gap, answer
from panels.rules.determination import Action, Draft, ViewsWeight, Weight
from panels.rules.outcomes import Destination, Support

MIN_CORRECTION_REASON: Final = 20


@dataclass(frozen=True)
class Dissent:
    """A member's disagreement, in the member's words."""

    person_id: str
    words: str


@dataclass(frozen=True)
class Made:
    """How a decision came about.

    Args:
        rule_used: a rule of ``voting``, ``simplified``, or ``appeal``.
        voters: persons who voted, or who decided without a panel.
        votes_for: votes for the option chosen.
        votes_other: votes for other options.
        abstained: abstentions.
        item_id: the agenda item; empty without a panel.
        sitting_id: its sitting; empty without a panel.
        quorum_ref: the entry of the quorum log at the moment of decision.
        dissents: in order of person id.
    """

    rule_used: str
    voters: tuple[str, ...]
    votes_for: int = 0
    votes_other: int = 0
    abstained: int = 0
    item_id: str = ""
    sitting_id: str = ""
    quorum_ref: str = ""
    dissents: tuple[Dissent, ...] = ()


@dataclass(frozen=True)
class Identity:
    """Which version of which decision this is, about which one child. Source: DOM-R2."""

    case_id: str
    report_id: str
    number: int
    decided_at: datetime
    decided_on: date
    corrects: str = ""
    correction_reason: str = ""
    supersedes: str = ""


def record_of(identity: Identity, draft: Draft, made: Made) -> dict[str, Any]:
    """Return the record that is sealed and hashed; the same input gives the same record."""
    return {
        "case": identity.case_id,
        "report": identity.report_id,
        "number": identity.number,
        "decided_at": identity.decided_at.isoformat(),
        "decided_on": identity.decided_on.isoformat(),
        "corrects": identity.corrects,
        "correction_reason": identity.correction_reason,
        "supersedes": identity.supersedes,
        "made": _made(made),
        "decision": words_of(draft),
    }


def words_of(draft: Draft) -> dict[str, Any]:
    """Return a decision as plain values."""
    support = draft.support
    return {
        "outcome": draft.destination.outcome.value,
        "country": draft.destination.country,
        "care_type": draft.destination.care_type.value if draft.destination.care_type else "",
        "option_ref": draft.option_ref,
        "secondary": draft.secondary.value if draft.secondary else "",
        "reasons": {group.value: draft.reasons.get(group, "") for group in FactorGroup},
        "weight": draft.weight.weight.value,
        "weight_explanation": draft.weight.explanation,
        "why_different": draft.weight.why_different,
        "child_version": draft.child_version,
        "child_version_language": draft.child_version_language,
        "interim_care": draft.interim_care,
        "actions": [
            {
                "kind": one.kind.value,
                "what": one.what,
                "who": one.who,
                "by_when": one.by_when.isoformat(),
            }
            for one in draft.actions
        ],
        "conditions": list(draft.conditions),
        "sibling_reason": draft.sibling_reason,
        "valid_until": draft.valid_until.isoformat(),
        "review_on": support.review_on.isoformat() if support.review_on else "",
        "non_refoulement": support.non_refoulement.value if support.non_refoulement else "",
        "legal_authority": support.legal_authority,
        "court_reference": support.court_reference,
        "family_care_not_possible": support.family_care_not_possible,
        "tracing_closed": support.tracing_closed,
    }


def draft_of(words: Mapping[str, Any]) -> Draft:
    """Read a decision back from plain values; ``words_of`` gives them again."""
    return Draft(
        destination=Destination(
            Outcome(words["outcome"]),
            words["country"],
            CareType(words["care_type"]) if words["care_type"] else None,
        ),
        option_ref=words["option_ref"],
        reasons={FactorGroup(group): text for group, text in words["reasons"].items()},
        weight=Weight(
            ViewsWeight(words["weight"]), words["weight_explanation"], words["why_different"]
        ),
        child_version=words["child_version"],
        child_version_language=words["child_version_language"],
        interim_care=words["interim_care"],
        actions=tuple(
            Action(
                one["what"],
                one["who"],
                date.fromisoformat(one["by_when"]),
                ActionKind(one["kind"]),
            )
            for one in words["actions"]
        ),
        support=_support(words),
        valid_until=date.fromisoformat(words["valid_until"]),
        conditions=tuple(words["conditions"]),
        secondary=Outcome(words["secondary"]) if words["secondary"] else None,
        sibling_reason=words["sibling_reason"],
    )


def grounded(draft: Draft, *, danger: DangerResult | None, tracing_closed: bool) -> Draft:
    """Put what is on file in place of what the request says about it."""
    support = replace(draft.support, non_refoulement=danger, tracing_closed=tracing_closed)
    return replace(draft, support=support)


def may_correct(before: Draft, after: Draft, reason: str) -> Answer:
    """Say whether a new version may stand in place of an earlier one.

    A correction mends words, dates and actions. Another outcome is another decision: it needs a
    panel and its votes.

    Source: DOM-R22.
    """
    return answer("correct_determination", _correction_gaps(before, after, reason))


def _correction_gaps(before: Draft, after: Draft, reason: str) -> Iterator[Gap]:
    if len(reason.strip()) < MIN_CORRECTION_REASON:
        yield Gap("correction_reason_missing", {"needed": MIN_CORRECTION_REASON})
    if (before.destination, before.option_ref, before.secondary) != (
        after.destination,
        after.option_ref,
        after.secondary,
    ):
        yield Gap("correction_changes_decision")


def _made(made: Made) -> dict[str, Any]:
    return {
        "rule_used": made.rule_used,
        "voters": sorted(made.voters),
        "votes_for": made.votes_for,
        "votes_other": made.votes_other,
        "abstained": made.abstained,
        "item": made.item_id,
        "sitting": made.sitting_id,
        "quorum_ref": made.quorum_ref,
        "dissents": [
            {"person": one.person_id, "words": one.words}
            for one in sorted(made.dissents, key=lambda dissent: dissent.person_id)
        ],
    }


def made_from(kept: Mapping[str, Any]) -> Made:
    """Read back how a decision came about."""
    return Made(
        rule_used=kept["rule_used"],
        voters=tuple(kept["voters"]),
        votes_for=kept["votes_for"],
        votes_other=kept["votes_other"],
        abstained=kept["abstained"],
        item_id=kept["item"],
        sitting_id=kept["sitting"],
        quorum_ref=kept["quorum_ref"],
        dissents=tuple(Dissent(one["person"], one["words"]) for one in kept["dissents"]),
    )


def _support(words: Mapping[str, Any]) -> Support:
    return Support(
        non_refoulement=DangerResult(words["non_refoulement"])
        if words["non_refoulement"]
        else None,
        legal_authority=words["legal_authority"],
        court_reference=words["court_reference"],
        family_care_not_possible=words["family_care_not_possible"],
        review_on=date.fromisoformat(words["review_on"]) if words["review_on"] else None,
        tracing_closed=words["tracing_closed"],
    )
