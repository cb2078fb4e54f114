"""Transfers between two countries: beginning one, the board, the summary up to its sending, the messages."""

from typing import Annotated, Final

from fastapi import Query, Response

from api.bodies.assessments import gap_views
from api.bodies.decisions import MadeId
from api.bodies.messages import MessageOut, MessagesView, NewMessage, SignedView
from api.bodies.transfers import (
    BoardView,
    ConditionsView,
    DraftView,
    LineOut,
    NewTransferBody,
    ReceiverBody,
    SendingBody,
    SummaryBody,
    SummaryOut,
    TransfersView,
    TransferView,
)
from api.dependencies import ActorDep, NowDep, PagingDep, SessionDep, VersionDep
from api.fields import IdPath
from api.routing import Reach, feature_router, reach
from transfers.rules.codes import Direction, MessageType
from transfers.rules.machine import TransferState
from transfers.service import (
    board,
    drafting,
    evidence_bundle,
    messages,
    sending,
    summary_views,
)
from transfers.service.board import Which

router = feature_router("", "transfers")
CASE: Final = reach(Reach.CASE)
LINES: Final = "application/x-ndjson"
Corridor = Annotated[
    str | None,
    Query(
        pattern="^[A-Z]{2}-[A-Z]{2}$",
        description="From and to, for example ZM-NA.",
    ),
]


@router.post("/cases/{case_id}/transfers", status_code=201, openapi_extra=CASE)
def open_transfer(
    case_id: IdPath, body: NewTransferBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> MadeId:
    """Begin an enquiry or a request about a child; nothing leaves by this."""
    return MadeId(id=drafting.open_transfer(session, actor, case_id, body.value(), now=now))


@router.get("/cases/{case_id}/transfers", openapi_extra=CASE)
def list_case_transfers(
    case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> TransfersView:
    """Read the transfers of a child, ended ones too."""
    found = board.transfers_of(session, actor, case_id, now=now)
    return TransfersView(items=[LineOut.model_validate(one) for one in found])


@router.get("/transfers", openapi_extra=CASE)
def list_transfers(
    *,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    paging: PagingDep,
    direction: Direction | None = None,
    state: TransferState | None = None,
    corridor: Corridor = None,
    mine: Annotated[bool, Query()] = False,
) -> BoardView:
    """Read the open transfers of your country, longest standing first; for officers of the secretariat."""
    origin, _, destination = (corridor or "").partition("-")
    which = Which(direction, state, (origin, destination) if corridor else None, mine)
    page = board.list_open(session, actor, which, now=now, limit=paging.limit, cursor=paging.cursor)
    return BoardView(items=[LineOut.model_validate(one) for one in page.lines], cursor=page.cursor)


@router.get("/transfers/{transfer_id}", openapi_extra=CASE)
def read_transfer(
    transfer_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> TransferView:
    """Read one transfer: where it stands, whose turn it is, what you can do now, who answered for the child."""
    return TransferView.of(board.read_transfer(session, actor, transfer_id, now=now))


@router.put("/transfers/{transfer_id}/summary", openapi_extra=CASE)
def write_summary(
    *,
    transfer_id: IdPath,
    body: SummaryBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> DraftView:
    """Write the words of the summary, or write them again; answers with the summary as it would go out now."""
    found = drafting.write_summary(
        session, actor, transfer_id, body.value(), now=now, expected_version=version
    )
    return DraftView.of(found)


@router.get("/transfers/{transfer_id}/summary", openapi_extra=CASE)
def read_summary(
    transfer_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> SummaryOut:
    """Read the summary: as it would go out now, as it was sent, or as it came."""
    return SummaryOut.of(summary_views.read_summary(session, actor, transfer_id, now=now))


@router.post("/transfers/{transfer_id}/submissions", status_code=204, openapi_extra=CASE)
def submit_summary(
    transfer_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep, version: VersionDep
) -> None:
    """Give the summary to a second officer to check."""
    drafting.submit(session, actor, transfer_id, now=now, expected_version=version)


@router.post("/transfers/{transfer_id}/checks", status_code=204, openapi_extra=CASE)
def check_summary(
    transfer_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep, version: VersionDep
) -> None:
    """Say that you read the summary somebody else wrote and found it right."""
    drafting.check(session, actor, transfer_id, now=now, expected_version=version)


@router.post("/transfers/{transfer_id}/returns", status_code=204, openapi_extra=CASE)
def return_summary(
    transfer_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep, version: VersionDep
) -> None:
    """Give the summary back to be written again."""
    drafting.give_back(session, actor, transfer_id, now=now, expected_version=version)


@router.put("/transfers/{transfer_id}/receiver", status_code=204, openapi_extra=CASE)
def name_receiver(
    *,
    transfer_id: IdPath,
    body: ReceiverBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> None:
    """Say that this installation is the right receiver; you have made sure of it."""
    sending.name_receiver(
        session, actor, transfer_id, body.installation, now=now, expected_version=version
    )


@router.get("/transfers/{transfer_id}/conditions", openapi_extra=CASE)
def read_conditions(
    transfer_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> ConditionsView:
    """Read what keeps an enquiry or a request here; what a request says when it is sent counts as missing."""
    found = sending.what_is_missing(session, actor, transfer_id, now=now)
    return ConditionsView(may_be_sent=found.is_possible, missing=gap_views(found.gaps))


@router.post("/transfers/{transfer_id}/sendings", status_code=201, openapi_extra=CASE)
def send_transfer(
    *,
    transfer_id: IdPath,
    body: SendingBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> MadeId:
    """Sign an enquiry or a request and let it leave; the head of the secretariat, who did not write it."""
    terms = body.request.value() if body.request is not None else None
    made = sending.send(session, actor, transfer_id, terms=terms, now=now, expected_version=version)
    return MadeId(id=made)


@router.get("/transfers/{transfer_id}/messages", openapi_extra=CASE)
def list_messages(
    transfer_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> MessagesView:
    """Read what both countries said, in the order in which it was written or came in."""
    found = messages.list_messages(session, actor, transfer_id, now=now)
    return MessagesView(items=[MessageOut.of(one) for one in found])


@router.post("/transfers/{transfer_id}/messages", status_code=201, openapi_extra=CASE)
def write_message(
    transfer_id: IdPath, body: NewMessage, session: SessionDep, actor: ActorDep, now: NowDep
) -> MadeId:
    """Write a message to the other country; it is said when a second officer signs it."""
    made = messages.write(
        session, actor, transfer_id, MessageType(body.type), body.body, now=now,
        reply_to=body.reply_to,
    )  # fmt: skip
    return MadeId(id=made)


@router.post("/messages/{message_id}/signatures", openapi_extra=CASE)
def sign_message(
    message_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep, version: VersionDep
) -> SignedView:
    """Sign a message somebody else wrote: it is said from now on, with the documents chosen for it."""
    state = messages.sign(session, actor, message_id, now=now, expected_version=version)
    return SignedView(state=state)


@router.get(
    "/transfers/{transfer_id}/evidence",
    openapi_extra=CASE,
    response_class=Response,
    responses={200: {"content": {LINES: {"schema": {"type": "string"}}}}},
)
def take_evidence(
    transfer_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> Response:
    """Take the evidence of a transfer out as a file for `bid verify`: tokens, receipts, keys; nothing people wrote."""
    found = evidence_bundle.bundle_of(session, actor, transfer_id, now=now)
    headers = {"content-disposition": f'attachment; filename="evidence-{transfer_id}.jsonl"'}
    return Response(evidence_bundle.bundle_bytes(found), media_type=LINES, headers=headers)


@router.delete("/messages/{message_id}", status_code=204, openapi_extra=CASE)
def discard_message(message_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> None:
    """Take back a message nobody has signed; that it was written stays on record."""
    messages.discard(session, actor, message_id, now=now)
