"""The case summary as officers read it: as it would go out now, as it left, or as it came.

Source: DOM-5.3, DOM-R44, DOM-R50, EXP-5.5.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Session

from core.actors import Actor
from core.errors import Gap, NotThere, WrongState
from transfers.service import drafting, record, viewing
from transfers.service.summaries import Written
from transfers.store import transfers as store
from transfers.tables.transfer import MessageRow


class Standing(StrEnum):
    """How far a summary is."""

    DRAFT = "draft"  # may still change, with every change of the file
    SENT = "sent"
    CAME = "came"


@dataclass(frozen=True)
class SummaryView:
    """One summary of a transfer.

    Args:
        standing: how far it is.
        body: the summary of the protocol; complete only without gaps.
        written: what an officer wrote into a draft; None once it left, and for one of theirs.
        gaps: what forbids a draft to leave.
        unmapped: values without a common code, as ``field: value``.
        written_by, checked_by, signed_by: persons of ours; empty where nobody did, and for one of theirs.
        at: when it was written, signed or taken in.
        version: of the transfer, for the next write.
    """

    standing: Standing
    message_id: str
    body: Mapping[str, Any]
    written: Written | None
    gaps: tuple[Gap, ...]
    unmapped: tuple[str, ...]
    written_by: str
    checked_by: str
    signed_by: str
    at: datetime
    version: int


def read_summary(session: Session, actor: Actor, transfer_id: str, *, now: datetime) -> SummaryView:
    """Return the draft, or the last summary that left or came, and note that it was read.

    Raises:
        NotThere: no such transfer, not yours, or nothing is written yet.
        WrongState: the other country took it back.
    """
    row = record.seen(session, actor, transfer_id, now=now)
    message = drafting.draft_message(session, row)
    if message is not None:
        draft = drafting.read_draft(session, actor, transfer_id, now=now)
        return _view(
            message, Standing.DRAFT, draft.body, version=row.version, gaps=draft.gaps,
            unmapped=draft.unmapped, written=drafting.written_of(session, row, message),
        )  # fmt: skip
    told = [one for one in store.messages(session, row.id) if one.summary is not None]
    if not told:
        raise NotThere("summary")
    last = told[-1]
    record.note(session, actor, row, "transfer.summary_read", now=now)
    if last.id in viewing.open_for(session, actor, [last], now=now):
        raise WrongState("summary", "taken back by its sender", "read_summary")
    body = record.open_in_message(session, row, last, "summary", last.summary or b"")
    standing = Standing.SENT if last.is_ours else Standing.CAME
    return _view(last, standing, body, version=row.version)


def _view(
    message: MessageRow,
    standing: Standing,
    body: Mapping[str, Any],
    *,
    version: int,
    written: Written | None = None,
    gaps: tuple[Gap, ...] = (),
    unmapped: tuple[str, ...] = (),
) -> SummaryView:
    return SummaryView(
        standing=standing, message_id=message.id, body=body, written=written, gaps=gaps,
        unmapped=unmapped, written_by=message.written_by, checked_by=message.checked_by,
        signed_by=message.signed_by, at=message.signed_at or message.written_at, version=version,
    )  # fmt: skip
