"""What comes in and goes out when a panel puts a decision off: questions, answers, waiting."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field, StringConstraints

from api.bodies.assessments import GapView, gap_views
from api.fields import Id, Strict, Text, View
from core.errors import Answer
from panels.rules.deferral import Draft as Deferral
from panels.rules.deferral import Question
from panels.service.deferrals import DeferralView

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]


Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=400)]


class QuestionIn(Strict):
    """What the panel still has to know, who finds out, and by when."""

    text: Text
    owner: Id
    due_on: date


class DeferralIn(Strict):
    """Questions, and where the child is safe meanwhile."""

    questions: Annotated[list[QuestionIn], Field(max_length=20)]
    interim_care: Words
    interim_care_is_safe: bool
    emergency_id: Id | None = None

    def value(self) -> Deferral:
        """Return the deferral for the rules."""
        return Deferral(
            questions=tuple(Question(one.text, one.owner, one.due_on) for one in self.questions),
            interim_care=self.interim_care,
            interim_care_is_safe=self.interim_care_is_safe,
        )


class WaitsView(View):
    """Whether an act is possible, or everything it waits for."""

    is_possible: bool
    missing: list[GapView]

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """Show an answer with its words."""
        return cls(is_possible=answer.is_possible, missing=gap_views(answer.gaps))


class QuestionOut(View):
    """One question of a panel."""

    id: str
    number: int
    text: str
    owner: str
    due_on: date
    answer: str
    answered_at: datetime | None
    version: int


class QuestionsView(View):
    """Questions, most urgent first."""

    questions: list[QuestionOut]


class DeferralOut(View):
    """One deferral."""

    id: str
    case_id: str
    item_id: str
    number: int
    is_emergency: bool
    deferred_at: datetime
    due_at: datetime
    answered_at: datetime | None
    interim_care: str
    questions: list[QuestionOut]


class DeferralsView(View):
    """Every deferral of a case, oldest first."""

    deferrals: list[DeferralOut]

    @classmethod
    def of(cls, found: tuple[DeferralView, ...]) -> Self:
        """Show deferrals."""
        return cls(deferrals=[DeferralOut.model_validate(one) for one in found])
