"""Officers read documents another country sent: one by one, on record, kept only where the sender allows it.

The first opening is signed for towards the sender. What is highly sensitive, or names a person under a grant, needs a
coded reason each time. Source: DOM-2.2, DOM-R46, DOM-R50, EXP-5.2, EXP-7.2.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO, Final

from sqlmodel import Session

from cases.service.files import Purpose
from core import audit
from core.actors import Actor
from core.errors import BadInput, NotThere
from core.exchange.errors import PackageRefused
from core.exchange.media import JSON, TEXT, may_be_shown
from core.vault import Erased
from transfers.errors import DocumentNotKept
from transfers.rules.delivery import READABLE
from transfers.rules.disclosure import SENSITIVE_ROLES
from transfers.service import admitting, documents_in, record, viewing
from transfers.service.storage import Store
from transfers.store import deliveries as delivery_store
from transfers.store import disclosure as store
from transfers.store import transfers as transfer_store
from transfers.tables.delivery import DeliveryInRow
from transfers.tables.disclosure import DocumentInRow

WORDS: Final = frozenset({TEXT, JSON})
"""Read as plain words; never a page of their own."""
LONGEST_WORDS: Final = 2 * 1024 * 1024


class Opening(StrEnum):
    """How a document is opened."""

    VIEW = "view"
    KEEP = "keep"


@dataclass(frozen=True)
class DocumentView:
    """A document that came, as listed.

    Args:
        is_readable: the package was not taken back, and its content is still here.
        needs_purpose: opening it needs a coded reason.
        is_yours: no grant keeps it for another reader.
    """

    id: str
    message_id: str
    name: str
    role: str
    media: str
    size: int
    redaction: str
    purpose: str
    view_only: bool
    came_at: datetime
    opened_by: str
    opened_at: datetime | None
    is_readable: bool
    needs_purpose: bool
    is_yours: bool


@dataclass(frozen=True)
class OpenDocument:
    """A document that may be read now, from a file without a name that vanishes when it is closed.

    Args:
        is_shown: a viewer may show it inside a page.
    """

    content: BinaryIO
    media: str
    size: int
    is_shown: bool


def list_documents(
    session: Session, actor: Actor, transfer_id: str, *, now: datetime
) -> tuple[DocumentView, ...]:
    """Return the documents the other country sent, as they came, and note that the list was read.

    Raises:
        NotThere: no such transfer, or not yours.
    """
    row = record.seen(session, actor, transfer_id, now=now)
    found = store.arrived(session, row.id)
    record.note(session, actor, row, "document.listed", now=now, codes={"count": len(found)})
    return tuple(_view(session, actor, one) for one in found)


def open_document(
    session: Session,
    actor: Actor,
    document_id: str,
    how: Opening,
    *,
    purpose: Purpose | None = None,
    storage: Store,
    now: datetime,
) -> OpenDocument:
    """Open a document that came, to read or to keep it; close its content after use.

    Raises:
        NotThere: no such document, not yours, taken back, destroyed, or for another reader.
        RoleMayNot: highly sensitive, or naming a person, and not an officer of the secretariat.
        BadInput: such a document needs a purpose.
        DocumentNotKept: its sender lets it be read and not kept, or no viewer shows this format.
    """
    return _opened(
        session, actor, document_id, how, shows=may_be_shown, purpose=purpose, storage=storage,
        now=now,
    )  # fmt: skip


def _opened(
    session: Session,
    actor: Actor,
    document_id: str,
    how: Opening,
    *,
    shows: Callable[[str], bool],
    purpose: Purpose | None,
    storage: Store,
    now: datetime,
) -> OpenDocument:
    """Open a document; one that may only be read is opened where ``shows`` says it is shown."""
    document = store.document(session, document_id)
    if document is None:
        raise NotThere("document")
    record.seen(session, actor, document.transfer_id, now=now)
    delivery = delivery_store.incoming_row(session, document.delivery_id)
    if delivery is None or delivery.state not in READABLE or not _is_for(actor, document):
        raise NotThere("document")
    if _needs_purpose(document):
        record.require_officer(actor)
        if purpose is None:
            raise BadInput("/purpose", "purpose_needed")
    is_shown = shows(document.media)
    if document.view_only and (how is Opening.KEEP or not is_shown):
        raise DocumentNotKept
    try:
        opened = admitting.open_part_again(
            session, delivery.id, document.part, storage=storage, now=now
        )
    except (FileNotFoundError, PackageRefused) as error:
        raise NotThere("document") from error
    _note(session, actor, document, how=how, purpose=purpose, now=now)
    return OpenDocument(opened.content, document.media, document.size, is_shown)


def read_words(
    session: Session,
    actor: Actor,
    document_id: str,
    *,
    purpose: Purpose | None = None,
    storage: Store,
    now: datetime,
) -> str:
    """Return a document of plain words, to be shown escaped.

    Raises:
        NotThere, RoleMayNot, DocumentNotKept: as ``open_document`` says.
        BadInput: it is no plain text, or needs a purpose.
    """
    opened = _opened(
        session, actor, document_id, Opening.VIEW, shows=WORDS.__contains__, purpose=purpose,
        storage=storage, now=now,
    )  # fmt: skip
    with opened.content as file:
        if opened.media not in WORDS or opened.size > LONGEST_WORDS:
            raise BadInput("/document_id", "not_words")
        return file.read().decode("utf-8")


def _note(
    session: Session,
    actor: Actor,
    document: DocumentInRow,
    *,
    how: Opening,
    purpose: Purpose | None,
    now: datetime,
) -> None:
    """Put the opening on record, and sign the first one; signing takes the head of the evidence log, so it is last."""
    if document.opened_at is None:
        document.opened_by, document.opened_at = actor.person_id, now
        session.add(document)
        session.flush()
    action = "document.kept" if how is Opening.KEEP else "document.viewed"
    audit.record(
        session, actor, action, thing="document", thing_id=document.id, case_id=_case_of(session, document),
        now=now, codes={"purpose": str(purpose) if purpose else None},
    )  # fmt: skip
    message = transfer_store.find_message(session, document.message_id)
    if message is not None:
        viewing.open_for(session, actor, [message], now=now)


def _case_of(session: Session, document: DocumentInRow) -> str | None:
    row = transfer_store.find(session, document.transfer_id)
    return None if row is None else row.case_id


def _view(session: Session, actor: Actor, document: DocumentInRow) -> DocumentView:
    delivery = delivery_store.incoming_row(session, document.delivery_id)
    is_readable = delivery is not None and delivery.state in READABLE
    return DocumentView(
        id=document.id, message_id=document.message_id,
        name=_name(session, delivery, document) if is_readable else "",
        role=document.role, media=document.media, size=document.size,
        redaction=document.redaction, purpose=document.purpose, view_only=document.view_only,
        came_at=document.came_at, opened_by=document.opened_by, opened_at=document.opened_at,
        is_readable=is_readable, needs_purpose=_needs_purpose(document),
        is_yours=_is_for(actor, document),
    )  # fmt: skip


def _name(session: Session, delivery: DeliveryInRow | None, document: DocumentInRow) -> str:
    if delivery is None:
        return ""
    try:
        return documents_in.name_of(session, delivery, document)
    except Erased:
        return ""


def _is_for(actor: Actor, document: DocumentInRow) -> bool:
    return document.reader in {"", actor.person_id}


def _needs_purpose(document: DocumentInRow) -> bool:
    return bool(document.hs_grant or document.reader or document.role in SENSITIVE_ROLES)
