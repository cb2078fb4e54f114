"""What comes in and goes out about transfers between two countries: corridors, boards, summaries, sending."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from api.bodies.as_written import AS_WRITTEN
from api.bodies.assessments import GapView, gap_views
from api.fields import Country, Day, Id, Strict, Text, View
from core.actors import Role
from transfers.rules.codes import (
    AskedOfPartner,
    CorridorStatus,
    Direction,
    MessageType,
    Round,
    Side,
    TransferKind,
    TransferReason,
)
from transfers.rules.machine import Step, TransferState
from transfers.rules.responsibility import Ground
from transfers.service import board, summary_views
from transfers.service.bodies import Terms
from transfers.service.drafting import NewTransfer
from transfers.service.sending import RequestTerms
from transfers.service.summaries import Draft, Written
from transfers.service.summary_views import Standing

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)]
Why = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Installation = Annotated[
    str, StringConstraints(pattern=r"^[A-Z]{2}\.[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])$")
]


class StatusBody(Strict):
    """What becomes of a corridor, and why; nothing about a child."""

    status: CorridorStatus
    reason: Why


class CorridorOut(View):
    """A corridor today; ``changed_by`` is empty while it stands as the arrangement began it."""

    name: str
    title: str
    version: int
    status: CorridorStatus
    reason: str
    changed_by: str
    changed_at: AwareDatetime | None


class CorridorsView(View):
    """The corridors that begin or end in this country, by name."""

    items: list[CorridorOut]


class NewTransferBody(Strict):
    """What somebody wants to begin; ``officer`` of the secretariat takes it on, you yourself when left out."""

    destination: Country
    round: Round
    kind: TransferKind
    reason: TransferReason
    officer: Id | None = None

    def value(self) -> NewTransfer:
        """Return what the service takes."""
        return NewTransfer(self.destination, self.round, self.kind, self.reason, self.officer or "")


class SpanOut(View):
    """One stretch in which one officer answered for the child."""

    side: Side
    officer: str
    since: AwareDatetime
    until: AwareDatetime | None
    ground: Ground
    ref: str


class LineOut(View):
    """One transfer in a list.

    ``side`` is ours; ``turn`` says whose turn it is, ``interrupted`` where it goes back to.
    """

    id: str
    ref: str
    case_id: str | None
    side: Side
    direction: Direction
    origin: str
    destination: str
    partner: str
    round: Round
    kind: TransferKind
    reason: str
    state: TransferState
    state_since: AwareDatetime
    interrupted: TransferState | None
    is_open: bool
    priority: str
    taken_back_at: AwareDatetime | None
    turn: list[Side]
    is_our_turn: bool
    reply_due: date | None
    is_late: bool
    due_code: str
    due_at: AwareDatetime | None
    accepted_until: date | None
    responsible: SpanOut | None
    opened_at: AwareDatetime
    version: int


class BoardView(View):
    """One page of open transfers, longest standing first; ``cursor`` leads to the next."""

    items: list[LineOut]
    cursor: str | None


class TransfersView(View):
    """The transfers of a child, oldest first."""

    items: list[LineOut]


class TakenOut(View):
    """One step a transfer took; ``person_id`` is empty for a step of the other country."""

    seq: int
    at: AwareDatetime
    step: Step
    source: TransferState
    state: TransferState
    side: Side
    person_id: str
    message_id: str | None


class OpenStepOut(View):
    """One step our side has now: where it leads, by which message, whose it is; the awaited one carries it on."""

    step: Step
    to: TransferState
    message: MessageType | None
    who: list[Role]
    is_yours: bool
    is_awaited: bool


class TransferView(View):
    """One transfer as a whole, without what its messages say.

    ``faults`` are gaps and overlaps in who answered for the child; ``unanswered`` are ids of messages.
    """

    line: LineOut
    history: list[TakenOut]
    steps: list[OpenStepOut]
    spans: list[SpanOut]
    faults: list[GapView]
    unanswered: list[str]
    corridor_version: int
    opened_by: str
    receiver_checked_by: str
    determination_id: str | None

    @classmethod
    def of(cls, found: board.Sheet) -> "TransferView":
        """Show what the service found."""
        names = set(cls.model_fields) - {"faults"}
        values = {name: getattr(found, name) for name in names}
        return cls.model_validate(values | {"faults": gap_views(found.faults)})


class ContactBody(Strict):
    """An office to ask, of either side."""

    office: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    role: Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9_.-]{1,60}$")]
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=30)] = ""
    email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)] = ""

    def value(self) -> dict[str, str]:
        """Return what there is to write down."""
        return {name: str(text) for name, text in self.model_dump().items() if text}


class SummaryBody(Strict):
    """What an officer adds to the facts of the file: no names, no places below the district, no details of harm."""

    reason: Text
    asked: Annotated[list[AskedOfPartner], Field(min_length=1, max_length=10)]
    reply_due: Day
    contacts: Annotated[list[ContactBody], Field(min_length=1, max_length=4)]
    child_view: Words = ""
    communication: Literal["speech", "sign", "assisted", "other"] = "speech"
    trigger: Annotated[str, StringConstraints(pattern=r"^([a-zA-Z0-9_.-]{1,60})?$")] = ""

    def value(self) -> Written:
        """Return what the service takes."""
        return Written(
            reason=self.reason,
            asked=tuple(dict.fromkeys(one.value for one in self.asked)),
            reply_due=self.reply_due,
            contacts=tuple(one.value() for one in self.contacts),
            child_view=self.child_view,
            communication=self.communication,
            trigger=self.trigger,
        )


class DraftView(View):
    """The summary as it would go out now; complete only without ``missing``.

    ``unmapped`` are values the two countries have no common code for, as ``field: value``.
    """

    body: dict[str, Any]
    missing: list[GapView]
    unmapped: list[str]

    @classmethod
    def of(cls, found: Draft) -> "DraftView":
        """Show what the service found."""
        return cls(
            body=dict(found.body), missing=gap_views(found.gaps), unmapped=list(found.unmapped)
        )


class WrittenOut(View):
    """What an officer wrote into a draft."""

    reason: str
    asked: list[str]
    reply_due: date
    contacts: list[dict[str, str]]
    child_view: str
    communication: str
    trigger: str


class SummaryOut(View):
    """The summary of a transfer: the draft as it would go out now, or as it was sent, or as it came.

    ``written`` is there for a draft; persons are ours and empty for one of theirs.
    """

    standing: Standing
    message_id: str
    body: dict[str, Any]
    written: WrittenOut | None
    missing: list[GapView]
    unmapped: list[str]
    written_by: str
    checked_by: str
    signed_by: str
    at: AwareDatetime
    version: int

    @classmethod
    def of(cls, found: summary_views.SummaryView) -> "SummaryOut":
        """Show what the service found."""
        names = set(cls.model_fields) - {"missing"}
        values = {name: getattr(found, name) for name in names}
        return cls.model_validate(values | {"missing": gap_views(found.gaps)})


class ReceiverBody(Strict):
    """The installation that was found to be the right receiver."""

    installation: Installation


class TermsBody(Strict):
    """What a request says besides its summary; the corridor says which terms it asks for."""

    decided_on: Day
    reasons_included: bool
    terms: Annotated[Terms, AS_WRITTEN] = Terms()

    def value(self) -> RequestTerms:
        """Return what the service takes."""
        return RequestTerms(self.decided_on, self.reasons_included, self.terms)


class SendingBody(Strict):
    """The head's word. An enquiry needs nothing more; a request says its terms."""

    request: TermsBody | None = None


class ConditionsView(View):
    """What keeps an enquiry or a request here; it may be sent when nothing is missing."""

    may_be_sent: bool
    missing: list[GapView]
