"""Shapes of answer forms that came back on paper."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field

from api.bodies.messages import (
    SayAccept,
    SayAck,
    SayDecline,
    SayEnquiryReply,
    SayInfoRequest,
    SayReceipt,
    SayTravelConfirm,
)
from api.fields import View
from transfers.rules.answer_sheets import Fault, PaperAnswer
from transfers.rules.guests import ReplyState
from transfers.service.paper_answers import Brought

PaperSaid = Annotated[
    SayAck
    | SayEnquiryReply
    | SayInfoRequest
    | SayAccept
    | SayDecline
    | SayTravelConfirm
    | SayReceipt,
    Field(discriminator="type"),
]
"""What an officer read on a form, as the message it becomes; ``reply_to`` is set by the form itself."""


class DoubtOut(View):
    """One thing about a form that a person must settle; ``field`` and ``option`` name the box, where it is one."""

    fault: Fault
    field: str
    option: str


class PaperAnswerOut(View):
    """A filled-in form that came back, and what it proposes. Nothing of it is on record before it is confirmed."""

    id: str
    transfer_id: str
    of_country: str
    sheet: str
    answer: PaperAnswer | None
    values: dict[str, list[str]]
    on: date | None
    doubts: list[DoubtOut]
    answers: list[PaperAnswer]
    name: str
    came_at: AwareDatetime
    brought_by: str
    state: ReplyState
    version: int

    @classmethod
    def of(cls, one: Brought) -> "PaperAnswerOut":
        """Return what the API shows of a form."""
        found = one.proposal
        return cls(
            id=one.id, transfer_id=one.transfer_id, of_country=one.of_country, sheet=found.sheet,
            answer=found.answer, values={name: list(many) for name, many in found.values.items()},
            on=found.on,
            doubts=[DoubtOut(fault=d.fault, field=d.field, option=d.option) for d in found.doubts],
            answers=list(one.answers), name=one.name, came_at=one.came_at, brought_by=one.brought_by,
            state=one.state, version=one.version,
        )  # fmt: skip


class PaperAnswersView(View):
    """The forms that came back for a transfer, oldest first."""

    items: list[PaperAnswerOut]
