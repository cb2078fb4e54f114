"""What must be on the record before a panel's decision about one child stands.

One decision concerns one child. A person decides; nothing here computes, scores or proposes an
outcome. What an outcome needs in addition is in ``outcomes``.

Source: DOM-4.6, DOM-3.6, DOM-3.3 (T13), DOM-R2, DOM-R11, DOM-R17, DOM-R19, DOM-R20, DOM-R32.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from cases.rules.plans import ActionKind
from cases.rules.reports import FactorGroup, Outcome
from core.errors import Answer, Gap, answer
from core.languages import language, languages
from panels.rules.outcomes import Destination, Law, Support, outcome_gaps


class ViewsWeight(StrEnum):
    """How the child's views counted; a word, never a number."""

    FOLLOWED = "followed"
    FOLLOWED_IN_PART = "followed_in_part"
    NOT_FOLLOWED = "not_followed"
    NOT_KNOWN = "not_known"


SIMPLIFIED: Final = "simplified"
"""The rule used when no full panel decided; the others are in ``voting``. Source: DOM-4.6."""
NEEDS_ADULT: Final = frozenset({"unaccompanied", "separated"})
MIN_REASON_LENGTH: Final = 40
MIN_CHILD_VERSION_LENGTH: Final = 40


@dataclass(frozen=True)
class Action:
    """One thing somebody will do because of the decision; ``who`` is a person's id."""

    what: str
    who: str
    by_when: date
    kind: ActionKind = ActionKind.OTHER


@dataclass(frozen=True)
class Weight:
    """How the child's views were weighed, and why when the decision differs. Source: DOM-R19."""

    weight: ViewsWeight
    explanation: str
    why_different: str = ""


@dataclass(frozen=True)
class Draft:
    """A decision about exactly one child, as the panel words it.

    Args:
        destination: outcome, country and kind of care.
        option_ref: the option of the report that was chosen.
        reasons: the panel's reasons for each factor group.
        weight: how the child's views counted.
        child_version: the reasons in plain words, in the child's language.
        child_version_language: ISO 639 code of that language.
        interim_care: where the child is safe until the decision is carried out.
        actions: what is done, by whom, by when.
        support: legal authority, court reference, review date and other grounds of the outcome.
        valid_until: last day on which the decision may be carried out.
        conditions: what must hold, for example a positive home study.
        secondary: a second outcome next to the first, if any.
        sibling_reason: why linked children are decided differently.
    """

    destination: Destination
    option_ref: str
    reasons: Mapping[FactorGroup, str]
    weight: Weight
    child_version: str
    child_version_language: str
    interim_care: str
    actions: tuple[Action, ...]
    support: Support
    valid_until: date
    conditions: tuple[str, ...] = ()
    secondary: Outcome | None = None
    sibling_reason: str = ""


@dataclass(frozen=True)
class Offered:
    """An option of the report: what it is, and in which country."""

    outcome: Outcome
    country: str


@dataclass(frozen=True)
class LinkedDecision:
    """The current decision about a linked child."""

    case_id: str
    destination: Destination
    gives_sibling_reason: bool


@dataclass(frozen=True)
class Circumstances:
    """What the record says at the moment of deciding.

    Args:
        decided_on: the day of the decision where the panel sits.
        home: ISO 3166-1 alpha-2 of the deciding country.
        decided_by_person: False when a machine tries to decide.
        accompaniment: the child's accompaniment code.
        has_adult: a guardian or a recorded stop-gap adviser is on file today.
        languages: codes of the languages the child understands.
        options: outcome and country of each option in the report, by its reference.
        voted_for: the option the panel's votes settled on.
        latest_validity: last day a decision of this priority may stay valid (D22).
        quorum_gaps: what the quorum lacks at this moment; empty when it is met.
        allowed_outcomes: outcome codes the country pack knows.
        linked: current decisions about linked children.
        law: what the country pack says about outcomes.
        min_reason_length: shortest text that counts as a reason.
    """

    decided_on: date
    home: str
    decided_by_person: bool
    accompaniment: str
    has_adult: bool
    languages: Collection[str]
    options: Mapping[str, Offered]
    voted_for: str
    latest_validity: date
    quorum_gaps: tuple[Gap, ...] = ()
    allowed_outcomes: Collection[str] = field(default_factory=lambda: frozenset(Outcome))
    linked: tuple[LinkedDecision, ...] = ()
    law: Law = field(default_factory=Law)
    min_reason_length: int = MIN_REASON_LENGTH


def may_be_decided(draft: Draft, on: Circumstances) -> Answer:
    """Say whether this decision can stand, or everything that it lacks.

    Source: DOM-3.3 (T13).
    """
    return answer(
        "record_determination",
        (
            *_who_decides(on),
            *_choice(draft, on),
            *_reasons(draft, on),
            *_views(draft, on),
            *_child_version(draft, on),
            *_carrying_out(draft, on),
            *outcome_gaps(
                draft.destination, draft.support, on.law, home=on.home, decided_on=on.decided_on
            ),
            _siblings(draft, on),
        ),
    )


def unexplained_splits(
    own: Destination, linked: Collection[LinkedDecision]
) -> tuple[LinkedDecision, ...]:
    """Return linked children decided differently whose own decision gives no reason for it.

    Asked when a decision is sealed: each sibling's decision has to explain the split.

    Source: DOM-R32.
    """
    return tuple(
        other
        for other in linked
        if not is_same_path(own, other.destination) and not other.gives_sibling_reason
    )


def is_same_path(one: Destination, other: Destination) -> bool:
    """Whether two children are sent the same way: same outcome and same country."""
    return one.outcome is other.outcome and one.country == other.country


def _who_decides(on: Circumstances) -> Iterator[Gap]:
    """Only a person decides, with a quorum, with an adult beside the child. DOM-R20, R17, R11."""
    if not on.decided_by_person:
        yield Gap("machine_may_not_decide")
    yield from on.quorum_gaps
    if on.accompaniment in NEEDS_ADULT and not on.has_adult:
        yield Gap("guardian_or_adviser_missing")


def _choice(draft: Draft, on: Circumstances) -> Iterator[Gap]:
    """The outcome is the option of the report that the panel voted for."""
    if draft.destination.outcome.value not in on.allowed_outcomes:
        yield Gap("outcome_unknown_to_pack", {"outcome": draft.destination.outcome.value})
    offered = on.options.get(draft.option_ref)
    if offered is None:
        yield Gap("option_not_in_report")
    elif offered != Offered(draft.destination.outcome, draft.destination.country):
        yield Gap("outcome_differs_from_option")
    if draft.option_ref != on.voted_for:
        yield Gap("option_not_voted")
    if draft.secondary is draft.destination.outcome:
        yield Gap("secondary_repeats_outcome")


def _reasons(draft: Draft, on: Circumstances) -> Iterator[Gap]:
    """Every factor group has reasons of its own. Source: DOM-R19."""
    for group in FactorGroup:
        length = len(draft.reasons.get(group, "").strip())
        if not length:
            yield Gap("reasons_missing", {"group": group.value})
        elif length < on.min_reason_length:
            yield Gap(
                "reasons_too_short",
                {"group": group.value, "length": length, "needed": on.min_reason_length},
            )


def _views(draft: Draft, on: Circumstances) -> Iterator[Gap]:
    """The decision says how the child's views counted, and why it differs. Source: DOM-R19."""
    if len(draft.weight.explanation.strip()) < on.min_reason_length:
        yield Gap("views_weight_missing", {"needed": on.min_reason_length})
    differs = draft.weight.weight in {ViewsWeight.NOT_FOLLOWED, ViewsWeight.FOLLOWED_IN_PART}
    if differs and len(draft.weight.why_different.strip()) < on.min_reason_length:
        yield Gap("why_different_missing", {"needed": on.min_reason_length})


def _child_version(draft: Draft, on: Circumstances) -> Iterator[Gap]:
    """There is a version for the child, in a language the child understands."""
    if len(draft.child_version.strip()) < MIN_CHILD_VERSION_LENGTH:
        yield Gap("child_version_missing")
    if language(draft.child_version_language) not in languages(on.languages):
        yield Gap("child_version_language", {"language": draft.child_version_language})


def _carrying_out(draft: Draft, on: Circumstances) -> Iterator[Gap]:
    """Safe care until then, named actions, and dates within D22. Source: DOM-4.6, DOM-3.2."""
    if not draft.interim_care.strip():
        yield Gap("interim_care_missing")
    yield from _actions(draft, on)
    if draft.valid_until < on.decided_on:
        yield Gap("valid_until_in_the_past")
    if draft.valid_until > on.latest_validity:
        yield Gap("valid_until_too_late", {"latest": on.latest_validity.isoformat()})
    yield from _review_date(draft, on)


def _actions(draft: Draft, on: Circumstances) -> Iterator[Gap]:
    if not draft.actions:
        yield Gap("actions_missing")
    for number, action in enumerate(draft.actions, start=1):
        if not action.what.strip() or not action.who.strip():
            yield Gap("action_incomplete", {"number": number})
        if action.by_when < on.decided_on:
            yield Gap("action_due_in_the_past", {"number": number})


def _review_date(draft: Draft, on: Circumstances) -> Iterator[Gap]:
    review_on = draft.support.review_on
    if review_on is None or review_on <= on.decided_on:
        yield Gap("review_date_missing")
    elif review_on > on.latest_validity:
        yield Gap("review_date_too_late", {"latest": on.latest_validity.isoformat()})


def _siblings(draft: Draft, on: Circumstances) -> Gap | None:
    """Children who belong together and go different ways need a reason. Source: DOM-R32."""
    split = any(not is_same_path(draft.destination, other.destination) for other in on.linked)
    if split and len(draft.sibling_reason.strip()) < on.min_reason_length:
        return Gap("sibling_reason_missing", {"needed": on.min_reason_length})
    return None
