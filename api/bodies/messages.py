"""What officers write to and read from another country: one shape for each type of message.

The bodies are those of the exchange itself (docs/exchange-messages.json), so that nothing is said in two ways. They
are read as strictly here as when they come from abroad.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from api.bodies.as_written import AS_WRITTEN
from api.fields import Strict, View
from transfers.rules.codes import MessageType
from transfers.service import bodies
from transfers.service.bodies import MessageId
from transfers.service.messages import MessageView


class Said(Strict):
    """What every message to another country has; ``reply_to`` is the number (`no`) of the message it answers."""

    reply_to: MessageId | None = None


class SayAck(Said):
    """A person has seen it; no acceptance."""

    type: Literal["ACK"]
    body: Annotated[bodies.Ack, AS_WRITTEN]


class SayEnquiryReply(Said):
    """The answer to an enquiry."""

    type: Literal["ENQUIRY_REPLY"]
    body: Annotated[bodies.EnquiryReply, AS_WRITTEN]


class SayInfoRequest(Said):
    """Questions."""

    type: Literal["INFO_REQUEST"]
    body: Annotated[bodies.InfoRequest, AS_WRITTEN]


class SayInfoReply(Said):
    """Answers to the questions of one message."""

    type: Literal["INFO_REPLY"]
    body: Annotated[bodies.InfoReply, AS_WRITTEN]


class SayAccept(Said):
    """This country accepts the child."""

    type: Literal["ACCEPT"]
    body: Annotated[bodies.Accept, AS_WRITTEN]


class SayDecline(Said):
    """This country does not accept the child."""

    type: Literal["DECLINE"]
    body: Annotated[bodies.Decline, AS_WRITTEN]


class SayWithdraw(Said):
    """The request is taken back, or the movement called off."""

    type: Literal["WITHDRAW"]
    body: Annotated[bodies.Withdraw, AS_WRITTEN]


class SayPackage(Said):
    """What the attached parts are."""

    type: Literal["PACKAGE"]
    body: Annotated[bodies.Package, AS_WRITTEN]


class SayTravelPlan(Said):
    """How the child travels."""

    type: Literal["TRAVEL_PLAN"]
    body: Annotated[bodies.TravelPlan, AS_WRITTEN]


class SayTravelConfirm(Said):
    """Day, person and what follows are confirmed."""

    type: Literal["TRAVEL_CONFIRM"]
    body: Annotated[bodies.TravelConfirm, AS_WRITTEN]


class SayHandoverNotice(Said):
    """The child was given into somebody's hands."""

    type: Literal["HANDOVER_NOTICE"]
    body: Annotated[bodies.HandoverNotice, AS_WRITTEN]


class SayReceipt(Said):
    """Signed for the child."""

    type: Literal["RECEIPT"]
    body: Annotated[bodies.Receipt, AS_WRITTEN]


class SayFollowUpReport(Said):
    """How the child is."""

    type: Literal["FOLLOWUP_REPORT"]
    body: Annotated[bodies.FollowUpReport, AS_WRITTEN]


class SayPlacementChange(Said):
    """Care changed, or broke down."""

    type: Literal["PLACEMENT_CHANGE"]
    body: Annotated[bodies.PlacementChange, AS_WRITTEN]


class SayIncidentAlert(Said):
    """Something both sides must know at once."""

    type: Literal["INCIDENT_ALERT"]
    body: Annotated[bodies.IncidentAlert, AS_WRITTEN]


class SayResponsibilityChange(Said):
    """Another officer answers for the child."""

    type: Literal["RESPONSIBILITY_CHANGE"]
    body: Annotated[bodies.ResponsibilityChange, AS_WRITTEN]


class SayClose(Said):
    """This side closes its file."""

    type: Literal["CLOSE"]
    body: Annotated[bodies.Close, AS_WRITTEN]


class SayReopen(Said):
    """A closed transfer is taken up again."""

    type: Literal["REOPEN"]
    body: Annotated[bodies.Reopen, AS_WRITTEN]


class SayCorrection(Said):
    """What an earlier message said wrongly."""

    type: Literal["CORRECTION"]
    body: Annotated[bodies.Correction, AS_WRITTEN]


class SayWrongRecipient(Said):
    """It was sent to the wrong place."""

    type: Literal["WRONG_RECIPIENT_NOTICE"]
    body: Annotated[bodies.WrongRecipientNotice, AS_WRITTEN]


NewMessage = Annotated[
    SayAck
    | SayEnquiryReply
    | SayInfoRequest
    | SayInfoReply
    | SayAccept
    | SayDecline
    | SayWithdraw
    | SayPackage
    | SayTravelPlan
    | SayTravelConfirm
    | SayHandoverNotice
    | SayReceipt
    | SayFollowUpReport
    | SayPlacementChange
    | SayIncidentAlert
    | SayResponsibilityChange
    | SayClose
    | SayReopen
    | SayCorrection
    | SayWrongRecipient,
    Field(discriminator="type"),
]
"""Every message but enquiry and request, which are written as a summary."""


class MessageOut(View):
    """One message, ours or theirs; ``body`` is as its type asks, empty for a draft and for one taken back.

    ``standing`` of ours: draft, written, signed, discarded; of theirs: admitted, or crossed when it came too late to
    change anything. ``no`` is the number both countries know it by. ``taken_back`` is the sender's reason where
    the sender took it back: it has no body any more.
    """

    id: str
    no: str
    type: MessageType
    is_ours: bool
    standing: str
    reply_to: str | None
    written_by: str
    written_at: datetime
    checked_by: str
    signed_by: str
    signed_at: datetime | None
    answered_at: datetime | None
    taken_back: str | None
    body: dict[str, Any] | None
    version: int

    @classmethod
    def of(cls, found: MessageView) -> "MessageOut":
        """Show what the service found."""
        body = None if found.body is None else found.body.model_dump(mode="json")
        names = set(cls.model_fields) - {"body"}
        return cls(body=body, **{name: getattr(found, name) for name in names})


class MessagesView(View):
    """The messages of a transfer, as they were written or came in."""

    items: list[MessageOut]


class SignedView(View):
    """Where the transfer stands once a message was said."""

    state: str
