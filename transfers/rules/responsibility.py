"""Who answers for the child: one officer at every moment, on the whole history, in both countries.

Until the child is received the sender answers for its safety. Where responsibility moves on receipt, it moves
with the signed receipt of the child and with nothing else: not with an acceptance, not with a message that
arrived. Where a court has to move it, the receipt moves nothing.

Source: DOM-5.6, DOM-R37.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from core.errors import Answer, Gap, answer
from transfers.rules.codes import ResponsibilityModel, Side


class Ground(StrEnum):
    """What moved the responsibility."""

    OPENED = "opened"
    HANDED_TO_COLLEAGUE = "handed_to_colleague"
    SIGNED_RECEIPT = "signed_receipt"
    COURT_REFERENCE = "court_reference"
    RETURNED = "returned"


@dataclass(frozen=True)
class Span:
    """One stretch of the history.

    Args:
        side: whose officer.
        officer: person id on our side; the partner's own opaque id on the other.
        since: from when.
        until: the end, exclusive; ``None`` while it lasts.
        ground: what began it.
        ref: hash of the signed receipt, or the court's reference.
    """

    side: Side
    officer: str
    since: datetime
    until: datetime | None
    ground: Ground
    ref: str = ""


def moves_on_receipt(model: ResponsibilityModel) -> bool:
    """Whether the signed receipt of the child moves the responsibility."""
    return model is ResponsibilityModel.MOVES_ON_RECEIPT


def may_move(
    model: ResponsibilityModel, *, of: Side, to: Side, ground: Ground, ref: str, officer: str
) -> Answer:
    """Say whether responsibility may pass to an officer of a side on a ground.

    Between colleagues of one side it passes by naming the next officer. Between countries it needs the
    signed receipt (moves on receipt) or the reference of a court (court transfer); where the sender retains
    it, nothing moves it but a court.
    """
    wanted = {
        ResponsibilityModel.MOVES_ON_RECEIPT: Ground.SIGNED_RECEIPT,
        ResponsibilityModel.COURT_TRANSFER: Ground.COURT_REFERENCE,
        ResponsibilityModel.RETAINED_BY_SENDER: Ground.COURT_REFERENCE,
    }[model]
    is_own = of is to and ground is Ground.HANDED_TO_COLLEAGUE
    is_back = of is Side.RECEIVER and to is Side.SENDER and ground is Ground.RETURNED
    fits = is_own or is_back or (of is not to and ground is wanted)
    return answer(
        "move_responsibility",
        (
            None if officer else Gap("responsible_officer_missing"),
            None if fits else Gap("responsibility_needs", {"ground": wanted.value}),
            None if is_own or ref else Gap("responsibility_without_proof"),
        ),
    )


def faults(history: Sequence[Span]) -> tuple[Gap, ...]:
    """Name every gap and every overlap of a history, oldest first; empty when one officer answered throughout."""
    ordered = sorted(history, key=lambda span: span.since)
    if not ordered:
        return (Gap("nobody_responsible"),)
    found: list[Gap] = []
    for before, after in pairwise(ordered):
        if before.until is None or before.until > after.since:
            found.append(Gap("two_responsible", {"at": after.since.isoformat()}))
        elif before.until < after.since:
            found.append(Gap("nobody_responsible", {"at": before.until.isoformat()}))
    if ordered[-1].until is not None:
        found.append(Gap("nobody_responsible", {"at": ordered[-1].until.isoformat()}))
    return tuple(found)


def responsible_at(history: Sequence[Span], moment: datetime) -> Span | None:
    """Return who answered at a moment; ``None`` before the history begins."""
    return next(
        (s for s in history if s.since <= moment and (s.until is None or moment < s.until)), None
    )
