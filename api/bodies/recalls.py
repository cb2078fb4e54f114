"""What comes in and goes out about packages that are taken back."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from api.fields import Strict, View
from core.exchange.notices import Action
from transfers.rules.delivery import OutState

ReasonCode = Annotated[str, StringConstraints(pattern=r"^[a-z_]{3,60}$")]


class RecallBody(Strict):
    """Why it is taken back, as a code without anything about the child, and what the other country is asked to do."""

    reason: ReasonCode
    action: Action = Action.DELETE


class RecalledView(View):
    """``cancelled``: it never left. ``recall_sent``: the other country is told until it signs that it knows.

    ``recalled``: only recipients without an installation had it; it is closed for them, and somebody had read it.
    """

    state: OutState


class RecallAnswerBody(Strict):
    """``declined`` names the ground on which it is kept; without it the content is destroyed as asked."""

    declined: Literal["court_order", "decision_based_on_it", "child_safety"] | None = Field(None)


class RecallView(View):
    """One package that was taken back; ``transfer_id`` is empty where nobody here opened it."""

    id: str
    is_ours: bool
    installation: str
    transfer_id: str
    message_id: str
    reason: str
    action: Action
    state: str
    at: AwareDatetime
    by: str
    due_on: date | None
    is_late: bool
    decided_by: str
    decided_at: AwareDatetime | None
    kept_for: str


class RecallsView(View):
    """Recalls of both countries, the newest first."""

    items: list[RecallView]
