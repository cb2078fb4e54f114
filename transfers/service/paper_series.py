"""Printed papers of a transfer count as long as what they print: taken back, followed or stopped, they are superseded.

An escort who shows a travel plan at a border is asked by its code; the answer must not wait for the next print.

Source: DOM-R26, DOM-R39, DOM-R42, decision 0020.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from sqlmodel import Session

from core.papers.issuing import retire
from transfers.rules.codes import MessageType
from transfers.rules.machine import TransferState
from transfers.tables.transfer import MessageRow

TRANSFER_REQUEST: Final = "transfer_request"
PACKAGE_COVER: Final = "package_cover"
TRAVEL: Final = "travel_plan"
RECEIPT: Final = "receipt_of_child"
FOLLOW_UP: Final = "follow_up_report"
KINDS: Final[Mapping[str, MessageType]] = {
    TRANSFER_REQUEST: MessageType.REQUEST,
    PACKAGE_COVER: MessageType.PACKAGE,
    TRAVEL: MessageType.TRAVEL_PLAN,
    RECEIPT: MessageType.RECEIPT,
    FOLLOW_UP: MessageType.FOLLOWUP_REPORT,
}
_FOLLOWED: Final = frozenset({TRANSFER_REQUEST, PACKAGE_COVER, TRAVEL})
_OVER: Final = frozenset(
    {
        TransferState.DECLINED,
        TransferState.WITHDRAWN,
        TransferState.CANCELLED,
        TransferState.EXPIRED,
        TransferState.WRONG_RECIPIENT,
    }
)
_NOBODY_TRAVELS: Final = _OVER | {TransferState.SUSPENDED, TransferState.CHILD_MISSING}
_STOPPED_IN: Final[Mapping[str, Collection[TransferState]]] = {
    TRANSFER_REQUEST: _OVER,
    PACKAGE_COVER: _OVER,
    TRAVEL: _NOBODY_TRAVELS,
}


def series_of(transfer_id: str, kind: str, message_id: str) -> str:
    """Return what a paper is about: the plan of a transfer, which the next plan follows; or one message of its own."""
    return f"{transfer_id}|{kind}" if kind in _FOLLOWED else message_id


def is_stopped(kind: str, state: str) -> bool:
    """Whether a paper of this kind counts no more where the transfer stands."""
    return TransferState(state) in _STOPPED_IN.get(kind, ())


def end_followed(session: Session, message: MessageRow, *, now: datetime) -> None:
    """Supersede what was printed of earlier messages, where this one takes their place."""
    if _kind_of(message) in _FOLLOWED:
        end_taken_back(session, message, now=now)


def end_taken_back(session: Session, message: MessageRow | None, *, now: datetime) -> None:
    """Supersede what was printed of a message that its sender took back; of none, nothing was."""
    kind = None if message is None else _kind_of(message)
    if message is not None and kind is not None:
        series = series_of(message.transfer_id, kind, message.id)
        retire(session, kinds=(kind,), series=series, now=now)


def end_where_stopped(session: Session, transfer_id: str, state: str, *, now: datetime) -> None:
    """Supersede what counts no more where the transfer stands now."""
    for kind in KINDS:
        if is_stopped(kind, state):
            series = series_of(transfer_id, kind, "")
            retire(session, kinds=(kind,), series=series, now=now)


def _kind_of(message: MessageRow) -> str | None:
    return next((kind for kind, type_ in KINDS.items() if type_ == message.type), None)
