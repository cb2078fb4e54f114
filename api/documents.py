"""Documents that travel with messages to another country, and those that came from there.

What came is never a page of ours: images and PDF go to a viewer of their own, plain words are shown escaped, everything
else is only downloaded, and only where its sender lets it be kept. Source: EXP-5.2.
"""

from collections.abc import Iterator
from typing import Annotated, BinaryIO, Final

from fastapi import Query, Request
from fastapi.responses import StreamingResponse

from api.bodies.disclosure import (
    ChoicesBody,
    ChosenView,
    DocumentOut,
    DocumentsView,
    WordsView,
)
from api.dependencies import ActorDep, NowDep, SessionDep, settings_of
from api.exchange_gate import ground_of
from api.fields import IdPath
from api.routing import Reach, feature_router, reach
from cases.service.files import Purpose
from transfers.service import document_reading, documents
from transfers.service.document_reading import Opening

router = feature_router("", "transfers")
CASE: Final = reach(Reach.CASE)
BLOCK: Final = 1024 * 1024
SANDBOX: Final = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
How = Annotated[Opening, Query(description="`view` to read it, `keep` to download it.")]
Why = Annotated[Purpose | None, Query(description="Why; needed where `needs_purpose` says so.")]


@router.put("/messages/{message_id}/documents", openapi_extra=CASE)
def choose_documents(
    *,
    message_id: IdPath,
    body: ChoicesBody,
    request: Request,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
) -> ChosenView:
    """Say which documents of the child's file travel with a message nobody has signed, instead of those before."""
    found = documents.choose(
        session, actor, message_id, body.choices(), view_only=body.view_only,
        files=settings_of(request).files_dir, now=now,
    )  # fmt: skip
    return ChosenView.model_validate(found)


@router.get("/messages/{message_id}/documents", openapi_extra=CASE)
def read_chosen_documents(
    message_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> ChosenView:
    """Read which documents travel with a message of ours; look at it before you sign."""
    return ChosenView.model_validate(documents.chosen_for(session, actor, message_id, now=now))


@router.get("/transfers/{transfer_id}/documents", openapi_extra=CASE)
def list_documents(
    transfer_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> DocumentsView:
    """List the documents the other country sent on a transfer."""
    found = document_reading.list_documents(session, actor, transfer_id, now=now)
    return DocumentsView(items=[DocumentOut.model_validate(one) for one in found])


@router.get(
    "/documents/{document_id}/content", openapi_extra=CASE, response_class=StreamingResponse
)
def open_document(
    *,
    document_id: IdPath,
    request: Request,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    how: How = Opening.VIEW,
    purpose: Why = None,
) -> StreamingResponse:
    """Open a document the other country sent, to read it in a viewer or, where its sender allows it, to keep it."""
    opened = document_reading.open_document(
        session, actor, document_id, how, purpose=purpose, storage=ground_of(request).storage,
        now=now,
    )  # fmt: skip
    is_inline = how is Opening.VIEW and opened.is_shown
    headers = {
        "content-disposition": "inline" if is_inline else "attachment",
        "content-length": str(opened.size),
        "content-security-policy": SANDBOX,
    }
    return StreamingResponse(blocks_of(opened.content), media_type=opened.media, headers=headers)


@router.get("/documents/{document_id}/words", openapi_extra=CASE)
def read_words(
    *,
    document_id: IdPath,
    request: Request,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    purpose: Why = None,
) -> WordsView:
    """Read a document of plain words the other country sent."""
    text = document_reading.read_words(
        session, actor, document_id, purpose=purpose, storage=ground_of(request).storage, now=now
    )
    return WordsView(text=text)


def blocks_of(content: BinaryIO) -> Iterator[bytes]:
    """Hand a file out a little at a time; it is closed at its end."""
    with content as file:
        while block := file.read(BLOCK):
            yield block
