"""What comes in and goes out about decisions: worded, signed, corrected, read."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field, StringConstraints

from api.fields import Country, Id, Language, Strict, Text, View
from cases.rules.placements import CareType
from cases.rules.plans import ActionKind
from cases.rules.reports import FactorGroup, Outcome
from panels.rules.determination import Action, Draft, ViewsWeight, Weight
from panels.rules.minutes import Verification
from panels.rules.outcomes import Destination, Support
from panels.service.decision_views import DecisionLine, DecisionView

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=400)]
OptionRef = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,12}$")]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class ActionIn(Strict):
    """One action: what, who, by when."""

    kind: ActionKind
    what: Text
    who: Id
    by_when: date

    def value(self) -> Action:
        """Return the action for the rules."""
        return Action(self.what, self.who, self.by_when, self.kind)


class DecisionIn(Strict):
    """A decision about one child, as the panel words it. There is no field for a score or a rank."""

    outcome: Outcome
    destination_country: Country
    care_type: CareType | None = None
    option_ref: OptionRef
    secondary: Outcome | None = None
    reasons: dict[FactorGroup, Words]
    views_weight: ViewsWeight
    views_explanation: Words
    why_different: Words = ""
    child_version: Words
    child_version_language: Language
    interim_care: Words
    actions: Annotated[list[ActionIn], Field(max_length=50)]
    conditions: Annotated[tuple[Short, ...], Field(max_length=20)] = ()
    sibling_reason: Words = ""
    valid_until: date
    review_on: date
    legal_authority: Words = ""
    court_reference: Short = ""
    family_care_not_possible: Words = ""

    def value(self) -> Draft:
        """Return the decision for the rules."""
        return Draft(
            destination=Destination(self.outcome, self.destination_country, self.care_type),
            option_ref=self.option_ref,
            reasons=dict(self.reasons),
            weight=Weight(self.views_weight, self.views_explanation, self.why_different),
            child_version=self.child_version,
            child_version_language=self.child_version_language,
            interim_care=self.interim_care,
            actions=tuple(one.value() for one in self.actions),
            support=Support(
                legal_authority=self.legal_authority,
                court_reference=self.court_reference,
                family_care_not_possible=self.family_care_not_possible,
                review_on=self.review_on,
            ),
            valid_until=self.valid_until,
            conditions=self.conditions,
            secondary=self.secondary,
            sibling_reason=self.sibling_reason,
        )


class CorrectionIn(Strict):
    """A new version of a decision, and why it is needed."""

    decision: DecisionIn
    reason: Text


class SignatureIn(Strict):
    """The hash of the words the signer read; it is shown with them."""

    content_hash: Hash


class ReasonIn(Strict):
    """Why."""

    reason: Text


class SimplifiedIn(Strict):
    """A decision without the full panel, with what the reviewer found about its conditions."""

    decision: DecisionIn
    other_people: Annotated[list[Id], Field(min_length=1, max_length=4)]
    child_objects: bool
    both_sides_willing: bool
    parents_verified: bool
    no_concern_above_medium: bool


class ReviewersIn(Strict):
    """Who is to decide without the full panel."""

    people: Annotated[list[Id], Field(min_length=1, max_length=5)]


class MadeId(View):
    """What was made."""

    id: str


class SealedView(View):
    """Whether this act put it in force."""

    in_force: bool


class LineView(View):
    """One version of a decision in a list."""

    id: str
    case_id: str
    number: int
    state: str
    outcome: str
    destination: str
    is_abroad: bool
    decided_at: datetime
    sealed_at: datetime | None
    valid_until: date
    review_on: date
    is_current: bool
    corrects: str | None
    supersedes: str | None
    content_hash: str
    version: int


class LinesView(View):
    """Every version of every decision about a child, newest first."""

    decisions: list[LineView]

    @classmethod
    def of(cls, lines: tuple[DecisionLine, ...]) -> Self:
        """Show the lines."""
        return cls(decisions=[LineView.model_validate(line) for line in lines])


class ActionOut(View):
    """One action of a decision."""

    kind: str
    what: str
    who: str
    by_when: date


class DissentOut(View):
    """One member's disagreement."""

    person_id: str
    words: str


class MadeOut(View):
    """How the decision came about; for those who may see members' names and votes."""

    rule_used: str
    voters: list[str]
    votes_for: int
    votes_other: int
    abstained: int
    dissents: list[DissentOut]
    signers: list[str]


class DecisionOut(View):
    """A whole decision."""

    line: LineView
    care_type: str | None
    secondary: str | None
    option_ref: str
    reasons: dict[str, str]
    views_weight: str
    views_explanation: str
    why_different: str
    child_version: str
    child_version_language: str
    interim_care: str
    actions: list[ActionOut]
    conditions: list[str]
    sibling_reason: str
    legal_authority: str
    court_reference: str
    family_care_not_possible: str
    correction_reason: str
    signatures: int
    made: MadeOut | None

    @classmethod
    def of(cls, view: DecisionView) -> Self:
        """Show a decision."""
        draft = view.draft
        return cls(
            line=LineView.model_validate(view.line),
            care_type=draft.destination.care_type,
            secondary=draft.secondary,
            option_ref=draft.option_ref,
            reasons={group.value: text for group, text in draft.reasons.items()},
            views_weight=draft.weight.weight,
            views_explanation=draft.weight.explanation,
            why_different=draft.weight.why_different,
            child_version=draft.child_version,
            child_version_language=draft.child_version_language,
            interim_care=draft.interim_care,
            actions=[ActionOut.model_validate(one) for one in draft.actions],
            conditions=list(draft.conditions),
            sibling_reason=draft.sibling_reason,
            legal_authority=draft.support.legal_authority,
            court_reference=draft.support.court_reference,
            family_care_not_possible=draft.support.family_care_not_possible,
            correction_reason=view.correction_reason,
            signatures=view.signatures,
            made=_made(view),
        )


def _made(view: DecisionView) -> MadeOut | None:
    if view.made is None:
        return None
    return MadeOut(
        rule_used=view.made.rule_used,
        voters=list(view.made.voters),
        votes_for=view.made.votes_for,
        votes_other=view.made.votes_other,
        abstained=view.made.abstained,
        dissents=[DissentOut.model_validate(one) for one in view.made.dissents],
        signers=list(view.signers),
    )


class VerificationView(View):
    """Whether what was signed is unchanged; places that differ are JSON pointers, never values."""

    holds: bool
    sealed_hash: str
    found_hash: str
    differing: list[str]

    @classmethod
    def of(cls, found: Verification) -> Self:
        """Show a verification."""
        return cls.model_validate(found)
