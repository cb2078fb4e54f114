"""Documents that travel, grants, and what came from abroad, as officers send and see them."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from api.fields import Id, Strict, Text, View
from core.exchange.manifests import PartRole, Purpose
from transfers.service.documents import Choice
from transfers.service.grants import NewGrant

Item = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9_.-]{1,60}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,60}$")]


class ChoiceBody(Strict):
    """A document of the child's file; ``role`` says what it is for over there, by its kind when left out."""

    attachment_id: Id
    role: PartRole | None = None


class ChoicesBody(Strict):
    """The documents that travel, in order; ``view_only``: over there they are read and not kept."""

    documents: Annotated[list[ChoiceBody], Field(max_length=60)]
    view_only: bool = True

    def choices(self) -> tuple[Choice, ...]:
        """Return them as the service takes them."""
        return tuple(Choice(one.attachment_id, one.role) for one in self.documents)


class ChosenDocumentView(View):
    """A document as it would travel, under the name it would have."""

    number: int
    attachment_id: str
    name: str
    role: str
    media: str
    size: int
    grant_id: str | None


class ChosenView(View):
    """What travels with a message of ours."""

    message_id: str
    redaction: str
    view_only: bool
    documents: list[ChosenDocumentView]
    version: int


class DocumentOut(View):
    """A document the other country sent. ``needs_purpose``: opening it needs a coded reason."""

    id: str
    message_id: str
    name: str
    role: str
    media: str
    size: int
    redaction: str
    purpose: str
    view_only: bool
    came_at: AwareDatetime
    opened_by: str
    opened_at: AwareDatetime | None
    is_readable: bool
    needs_purpose: bool
    is_yours: bool


class DocumentsView(View):
    """Documents as they came."""

    items: list[DocumentOut]


class WordsView(View):
    """A document of plain words; shown escaped."""

    text: str


class NewGrantBody(Strict):
    """What another country would get, what for, and which office and role would read it; ``reason`` is sealed."""

    items: Annotated[list[Item], Field(max_length=99)]
    purpose: Purpose
    office: Item
    role: Item
    reason: Text
    asked: Id | None = None

    def value(self) -> NewGrant:
        """Return it as the service takes it."""
        return NewGrant(
            tuple(self.items), self.purpose, self.office, self.role, self.reason, self.asked
        )


class GrantAnswerBody(Strict):
    """Whether the grant is given."""

    approve: bool


class RevocationBody(Strict):
    """Why a grant is taken back, as a code."""

    reason: Code


class GrantOut(View):
    """A grant of ours."""

    id: str
    state: str
    items: list[str]
    redaction: str
    purpose: str
    office: str
    role: str
    reason: str
    asked: str | None
    proposed_by: str
    proposed_at: AwareDatetime
    answered_by: str
    expires_at: AwareDatetime | None
    redeemed_at: AwareDatetime | None
    revoked_by: str
    revoked_for: str
    record_version: int
    version: int


class GrantsView(View):
    """Grants of ours, oldest first."""

    items: list[GrantOut]


class GivenView(View):
    """What became of a proposal; ``message_id`` is the message that brings the grant over."""

    message_id: str | None


class HeldGrantOut(View):
    """A grant of the other country; ``asked_by`` had it redeemed."""

    id: str
    state: str
    items: list[str]
    redaction: str
    purpose: str
    office: str
    role: str
    expires_at: AwareDatetime
    came_at: AwareDatetime
    asked_by: str
    trouble: str


class HeldGrantsView(View):
    """Grants of the other country, oldest first."""

    items: list[HeldGrantOut]


class ArrivalOut(View):
    """What another country sent and may not be kept any longer, without what it says."""

    id: str
    partner: str
    transfer_id: str | None
    came_at: AwareDatetime | None
    retain_until: date | None
    documents: int


class ArrivalsView(View):
    """What has to be destroyed, the longest due first."""

    items: list[ArrivalOut]


class DestructionBody(Strict):
    """Why it is destroyed: its time is over, or the law here asks for it earlier."""

    reason: Literal["time_over", "national_rule"] = "time_over"
