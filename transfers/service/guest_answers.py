"""What a recipient sends back: an answer in the terms of both countries, or a scanned paper.

Neither changes the transfer. An answer waits, as a statement of the recipient, until an officer of ours confirms it
into the record the way a letter is typed in; a paper lies sealed and closed until an officer has looked at it.
Nothing a recipient says is a consent. Source: EXP-5.2, EXP-10, DOM-5.9, DOM-R34, DOM-R36.
"""

import io
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from sqlmodel import Session

from cases.service import filestore
from core import audit
from core.actors import Role
from core.errors import BadInput, NotThere
from core.exchange import media as formats
from core.exchange.encoding import b64
from core.exchange.errors import ContentRefused
from core.exchange.images import JPEG, PNG
from core.exchange.names import name_fault
from core.scanning import ScannerAway
from core.vault import Place, seal
from transfers.errors import NotToBeTaken, PaperNotLookedAt
from transfers.rules.codes import MessageType
from transfers.rules.guests import ReplyState
from transfers.service import officers, record
from transfers.service.bodies import Body, EnquiryReply, write_message
from transfers.service.guest_reading import Visitor, answers_of, loaded
from transfers.service.incoming import Scan
from transfers.store import guests as store
from transfers.tables.guest import GuestItemRow, GuestReplyRow, GuestUploadRow

LARGEST_PAPER: Final = 10 * 1024 * 1024
PAPERS: Final = (formats.PDF, JPEG, PNG)
"""What is taken from a scanner or a telephone; a text can be written as an answer."""
MOST: Final = 30
"""Answers, and papers, that one item takes."""
_CHUNK: Final = 1024 * 1024


@dataclass(frozen=True)
class Paper:
    """A file as it was sent: the name it had over there, and its bytes."""

    name: str
    content: bytes


def answer(
    session: Session,
    here: Visitor,
    item_id: str,
    type_: MessageType,
    body: Body,
    *,
    no: str,
    now: datetime,
) -> str:
    """Keep an answer and tell the officers; returns its id. The same one sent twice is kept once.

    Args:
        session: the unit of work.
        here: the recipient.
        item_id: what it answers.
        type_: what kind of message it becomes.
        body: what it says.
        no: id of the answer, given with the form.
        now: when.

    Raises:
        NotThere: no such item, or this cannot be answered where the transfer stands.
        BadInput: too many answers already.
    """
    item, row, message = loaded(session, here, item_id, now=now)
    before = store.reply_by_no(session, no)
    if before is not None and before.item_id == item.id:
        return before.id
    if before is not None or type_ not in answers_of(row):
        raise NotThere("answer")
    if isinstance(body, EnquiryReply) and body.consents:
        raise NotThere("answer")
    if len(store.replies_of_item(session, item.id)) >= MOST:
        raise BadInput("/answers", "too_many_answers")
    raw = write_message(type_, body, ref=row.ref, no=no, reply_to=message.no)
    reply = GuestReplyRow(
        country=row.country, item_id=item.id, transfer_id=row.id, no=no, type=type_.value,
        came_at=now, state=ReplyState.WAITING.value, restricted=b"",
    )  # fmt: skip
    reply.restricted = seal(
        session, owner=record.owner_of(row), place=reply_place(reply.id), value=raw.decode()
    )
    session.add(reply)
    session.flush()
    _note(session, here, item, "guest.answered", code=type_.value, case_id=row.case_id, now=now)
    if type_ is MessageType.INCIDENT_ALERT:
        _tell(session, "guest.alarm", item, reply.id, type_.value, now=now)
    else:
        _tell(session, "guest.answered", item, reply.id, type_.value, now=now)
    return reply.id


def take_paper(
    session: Session,
    here: Visitor,
    item_id: str,
    paper: Paper,
    *,
    folder: Path,
    scan: Scan | None = None,
    now: datetime,
) -> str:
    """Keep a paper sealed, closed to everybody until an officer has looked at it; returns its id.

    Raises:
        NotThere: no such item.
        NotToBeTaken: empty, too large, or not a PDF or picture from its first byte to its last.
        PaperNotLookedAt: the scanner found something in it, or does not answer.
        BadInput: too many papers already.
    """
    item, row, _ = loaded(session, here, item_id, now=now)
    if len(store.uploads_of_item(session, item.id)) >= MOST:
        raise BadInput("/papers", "too_many_answers")
    found = format_of(paper.content)
    require_harmless(scan, paper.content)
    chunks = [paper.content[at : at + _CHUNK] for at in range(0, len(paper.content), _CHUNK)]
    upload = GuestUploadRow(
        country=row.country, item_id=item.id, transfer_id=row.id, media=found,
        size=len(paper.content), sha256=b64(sha256(paper.content).digest()), chunks=len(chunks),
        came_at=now, state=ReplyState.WAITING.value, restricted=b"",
    )  # fmt: skip
    owner = record.owner_of(row)
    name = "paper" if name_fault(paper.name) else paper.name
    upload.restricted = seal(
        session, owner=owner, place=upload_place(upload.id), value={"name": name}
    )
    for number, data in enumerate(chunks):
        filestore.append_chunk(
            session, folder, case_id=owner, attachment_id=upload.id, number=number, data=data,
            is_last=number == len(chunks) - 1,
        )  # fmt: skip
    filestore.finish(folder, upload.id)
    session.add(upload)
    session.flush()
    _note(session, here, item, "guest.paper_sent", code=found, case_id=row.case_id, now=now)
    _tell(session, "guest.answered", item, upload.id, "paper", now=now)
    return upload.id


def reply_place(reply_id: str) -> Place:
    """Where an answer is sealed."""
    return Place("guest_reply", "restricted", reply_id)


def upload_place(upload_id: str) -> Place:
    """Where the name of a paper is sealed."""
    return Place("guest_upload", "restricted", upload_id)


def format_of(content: bytes) -> str:
    """Say what a file is by its bytes; what it was called proves nothing.

    Raises:
        NotToBeTaken: empty, too large, or not a PDF or picture from its first byte to its last.
    """
    if not 0 < len(content) <= LARGEST_PAPER:
        raise NotToBeTaken
    for one in PAPERS:
        try:
            formats.require_content(one, io.BytesIO(content))
        except ContentRefused:
            continue
        return one
    raise NotToBeTaken


def require_harmless(scan: Scan | None, content: bytes) -> None:
    """Ask the scanner, where one is set; without its word nothing is kept.

    Raises:
        PaperNotLookedAt: it found something, or does not answer.
    """
    if scan is None:
        return
    try:
        harm = scan(io.BytesIO(content))
    except ScannerAway as away:
        raise PaperNotLookedAt from away
    if harm is not None:
        raise PaperNotLookedAt


def _note(
    session: Session,
    here: Visitor,
    item: GuestItemRow,
    action: str,
    *,
    code: str,
    case_id: str | None,
    now: datetime,
) -> None:
    audit.record(
        session, here.actor, action, thing="guest_item", thing_id=item.id, case_id=case_id,
        codes={"guest": here.guest_id, "type": code}, now=now,
    )  # fmt: skip


def _tell(
    session: Session, topic: str, item: GuestItemRow, occasion: str, code: str, *, now: datetime
) -> None:
    officers.tell(
        session, topic=topic, subject=item.id, occasion=occasion, now=now,
        persons=(item.given_by,), role=Role.SECRETARIAT,
        facts={"country": item.country, "transfer": item.transfer_id, "code": code},
    )  # fmt: skip
