"""Printed papers of a transfer count as long as what they print: taken back, followed or stopped, they are superseded.

An escort who shows a travel plan at a border is asked by its code; the answer must not wait for the next print.

Source: DOM-R26, DOM-R39, DOM-R42, decision 0020.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from sqlmodel import Session

from core.papers.issuing import retire
from transfers.rules.answer_sheets import BY_MESSAGE
from transfers.rules.codes import MessageType
from transfers.rules.machine import TransferState
from transfers.tables.transfer import MessageRow

TRANSFER_REQUEST: Final = "transfer_request"
PACKAGE_COVER: Final = "package_cover"
TRAVEL: Final = "travel_plan"
RECEIPT: Final = "receipt_of_child"
FOLLOW_UP: Final = "follow_up_report"
ANSWER_FORM: Final = "answer_form"
KINDS: Final[Mapping[str, MessageType]] = {
    TRANSFER_REQUEST: MessageType.REQUEST,
    PACKAGE_COVER: MessageType.PACKAGE,
    TRAVEL: MessageType.TRAVEL_PLAN,
    RECEIPT: MessageType.RECEIPT,
    FOLLOW_UP: MessageType.FOLLOWUP_REPORT,
}
_FOLLOWED: Final = frozenset({TRANSFER_REQUEST, PACKAGE_COVER, TRAVEL})
_ANSWERED_BY: Final[Mapping[str, Collection[str]]] = {
    MessageType.ENQUIRY_REPLY: (MessageType.ENQUIRY,),
    MessageType.ACCEPT: (MessageType.REQUEST,),
    MessageType.DECLINE: tuple(BY_MESSAGE),
    MessageType.RECEIPT: (MessageType.TRAVEL_PLAN, MessageType.HANDOVER_NOTICE),
}
"""What of theirs ends which forms, however it came."""
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


def answer_series(transfer_id: str, message_type: str) -> str:
    """Return what an answer form is about: the newest message of a kind on a transfer."""
    return f"{transfer_id}|{ANSWER_FORM}|{message_type}"


def end_answer_forms(
    session: Session, transfer_id: str, types: Collection[str], *, now: datetime
) -> None:
    """Supersede the answer forms for messages of some kinds: nobody answers them by hand any more."""
    for type_ in types:
        series = answer_series(transfer_id, type_)
        retire(session, kinds=(ANSWER_FORM,), series=series, now=now)


def is_stopped(kind: str, state: str) -> bool:
    """Whether a paper of this kind counts no more where the transfer stands."""
    return TransferState(state) in _STOPPED_IN.get(kind, ())


def end_followed(session: Session, message: MessageRow, *, now: datetime) -> None:
    """Supersede what was printed of earlier messages, where this one takes their place; and forms it answers."""
    types = (message.type,) if message.is_ours else _ANSWERED_BY.get(message.type, ())
    end_answer_forms(session, message.transfer_id, types, now=now)
    if _kind_of(message) in _FOLLOWED:
        end_taken_back(session, message, now=now)


def end_taken_back(session: Session, message: MessageRow | None, *, now: datetime) -> None:
    """Supersede what was printed of a message that its sender took back; of none, nothing was."""
    kind = None if message is None else _kind_of(message)
    if message is not None:
        end_answer_forms(session, message.transfer_id, (message.type,), now=now)
    if message is not None and kind is not None:
        series = series_of(message.transfer_id, kind, message.id)
        retire(session, kinds=(kind,), series=series, now=now)


def end_where_stopped(session: Session, transfer_id: str, state: str, *, now: datetime) -> None:
    """Supersede what counts no more where the transfer stands now."""
    if state in _OVER:
        end_answer_forms(session, transfer_id, tuple(BY_MESSAGE), now=now)
    for kind in KINDS:
        if is_stopped(kind, state):
            series = series_of(transfer_id, kind, "")
            retire(session, kinds=(kind,), series=series, now=now)


def _kind_of(message: MessageRow) -> str | None:
    return next((kind for kind, type_ in KINDS.items() if type_ == message.type), None)
