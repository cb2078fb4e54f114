"""Files of a case: announce, send, list, open, print, remove.

Sending streams: each mebibyte is sealed and kept in a short unit of work of its own, so that a slow
line neither fills the memory nor holds other writers up.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from api.bodies.case_views import AttachmentView, MadeView
from api.bodies.parties import AttachmentBody
from api.dependencies import ActorDep, NowDep, SessionDep, database_of, settings_of, signed_in
from api.fields import IdPath
from api.routing import Reach, feature_router, reach
from cases.rules.attachments import CHUNK
from cases.service import attachments
from cases.service.files import Purpose
from core.actors import Actor
from core.db import Database

router = feature_router("/cases/{case_id}/attachments", "attachments")
CASE = reach(Reach.CASE)
MEBIBYTE: Final = 1024 * 1024
_OCTETS: Final = {
    **CASE,
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    },
}


@router.get("", openapi_extra=CASE)
def list_attachments(
    case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[AttachmentView]:
    """List the files of a case that you may open."""
    rows = attachments.attachments_of(session, actor, case_id, now=now)
    return [AttachmentView.model_validate(row) for row in rows]


@router.post("", status_code=201, openapi_extra=CASE)
def announce_attachment(
    case_id: IdPath, body: AttachmentBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> MadeView:
    """Say that a file is coming; send its bytes to ``…/content`` next."""
    return MadeView(
        id=attachments.announce_attachment(session, actor, case_id, body.value(), now=now)
    )


@router.put("/{attachment_id}/content", status_code=204, openapi_extra=_OCTETS)
async def send_attachment(
    case_id: IdPath, attachment_id: IdPath, request: Request, now: NowDep
) -> Response:
    """Send the bytes of an announced file as ``application/octet-stream``; after a break, all again."""
    upload = _Upload(request, case_id, attachment_id, now)
    await run_in_threadpool(upload.begin)
    held = bytearray()
    async for part in request.stream():
        held += part
        while len(held) > CHUNK:
            await run_in_threadpool(upload.take, bytes(held[:CHUNK]), is_last=False)
            del held[:CHUNK]
    await run_in_threadpool(upload.take, bytes(held), is_last=True)
    return Response(status_code=204)


@router.get("/{attachment_id}/content", openapi_extra=CASE, response_class=StreamingResponse)
def open_attachment(
    *,
    case_id: IdPath,
    attachment_id: IdPath,
    request: Request,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    purpose: Purpose | None = None,
    is_print: bool = False,
) -> StreamingResponse:
    """Open a file. Reading, and opening to print, are on record apart."""
    folder = settings_of(request).files_dir
    opened = attachments.open_attachment(
        session, actor, case_id, attachment_id,
        folder=folder, purpose=purpose, is_print=is_print, now=now,
    )  # fmt: skip
    attachments.read_chunk(session, opened, 0)  # a damaged file is refused before the answer begins
    headers = {"content-disposition": "attachment", "content-length": str(opened.size)}
    body = _pieces(database_of(request), opened)
    return StreamingResponse(body, media_type=opened.media_type, headers=headers)


@router.delete("/{attachment_id}", status_code=204, openapi_extra=CASE)
def remove_attachment(
    case_id: IdPath, attachment_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> None:
    """Take a file out of the case; that it was there stays on record."""
    attachments.remove_attachment(session, actor, case_id, attachment_id, now=now)


class _Upload:
    """One file on its way in; every call is a unit of work of its own."""

    def __init__(self, request: Request, case_id: str, attachment_id: str, now: datetime) -> None:
        self._request = request
        self._case_id = case_id
        self._id = attachment_id
        self._now = now
        self._settings = settings_of(request)
        self._database: Database = database_of(request)
        self._actor: Actor | None = None
        self._taken = 0

    def begin(self) -> None:
        """Find out who sends, and forget what an earlier, broken attempt left."""
        with self._database.unit_of_work() as session:
            self._actor = signed_in(self._request, session, self._now).actor
            attachments.restart_upload(session, self._actor, self._case_id, self._id, now=self._now)

    def take(self, data: bytes, *, is_last: bool) -> None:
        """Keep one chunk."""
        if self._actor is None:
            raise TypeError
        with self._database.unit_of_work() as session:
            attachments.receive_chunk(
                session, self._actor, self._case_id, self._id,
                folder=self._settings.files_dir, data=data, is_last=is_last,
                largest=self._settings.max_file_mib * MEBIBYTE, now=self._now, after=self._taken,
            )  # fmt: skip
        self._taken += 1


def _pieces(database: Database, opened: attachments.Content) -> Iterator[bytes]:
    """Read the chunks after the answer has begun, each in its own short unit of work."""
    for number in range(opened.chunks):
        with database.unit_of_work() as session:
            yield attachments.read_chunk(session, opened, number)
