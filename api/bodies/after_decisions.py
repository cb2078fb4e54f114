"""What comes in and goes out after a decision: the talk with the child, appeals, reviews."""

from datetime import date, datetime
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from api.fields import Id, Language, Strict, View
from panels.rules.communication import Conversation, Reaction

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]


Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=400)]


class TalkIn(Strict):
    """The talk in which the decision was explained to the child."""

    told_at: AwareDatetime
    language: Language
    explained_by: Id
    present: Annotated[list[Short], Field(max_length=20)]
    reaction: Reaction
    reaction_words: Words
    note: Words
    complaint_route_explained: bool
    appeal_route_explained: bool
    interpreter: Id | None = None

    def value(self) -> Conversation:
        """Return the talk for the rules."""
        return Conversation(
            told_at=self.told_at,
            language=self.language,
            explained_by=self.explained_by,
            present=tuple(self.present),
            reaction=self.reaction,
            reaction_words=self.reaction_words,
            note=self.note,
            complaint_route_explained=self.complaint_route_explained,
            appeal_route_explained=self.appeal_route_explained,
            interpreter=self.interpreter or "",
        )


class TalkOut(View):
    """The talk in which a child was told."""

    id: str
    determination_id: str
    told_at: datetime
    language: str
    explained_by: str
    interpreter: str
    reaction: str
    reaction_words: str
    present: list[str]
    note: str
    window_ends_at: datetime
    waived_at: datetime | None
    version: int


class NoteView(View):
    """The note for the child, in plain text."""

    text: str


class AppealOut(View):
    """One appeal."""

    id: str
    determination_id: str
    by: str
    received_at: datetime
    is_late: bool
    suspensive: bool
    grounds: str
    reason_for_lateness: str
    result: str
    reasons: str
    decided_at: datetime | None
    replacement_id: str | None
    version: int


class AppealsView(View):
    """Every appeal of a case, newest first."""

    appeals: list[AppealOut]


class ReviewOut(View):
    """One review of a decision."""

    id: str
    determination_id: str
    ground: str
    requested_at: datetime
    due_on: date | None
    what_is_new: str
    conclusion: str
    reasons: str
    concluded_at: datetime | None
    version: int


class ReviewsView(View):
    """Every review of a child's decisions, newest first."""

    reviews: list[ReviewOut]
