"""Documents of a child's file, and what two countries say until one of them asks for more."""

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session

from cases.rules.attachments import CHUNK, FileKind, Sensitivity
from cases.service import attachments
from cases.service.attachments import NewAttachment
from core.actors import Actor
from core.exchange.manifests import Purpose
from tests.builders.transfers import Office
from tests.conftest import NOON
from transfers.rules.codes import MessageType
from transfers.service import grants, messages
from transfers.service.grants import NewGrant

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\nstartxref\n9\n%%EOF\n"
WANTED = {
    "items": ["sensitive.health_for_care"], "purpose": "package", "office": "MGEPESW",
    "role": "A17",
}  # fmt: skip


def a_paper(
    session: Session,
    actor: Actor,
    case_id: str,
    folder: Path,
    *,
    kind: FileKind = FileKind.REPORT,
    sensitivity: Sensitivity = Sensitivity.RESTRICTED,
    media: str = "application/pdf",
    data: bytes = PDF,
    now: datetime = NOON,
) -> str:
    """A file kept with a case; returns its id."""
    new = NewAttachment(kind, sensitivity, media, "A paper of Amani Mwila", "amani-mwila.pdf")
    made = attachments.announce_attachment(session, actor, case_id, new, now=now)
    pieces = [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)] or [b""]
    for number, piece in enumerate(pieces, start=1):
        attachments.receive_chunk(
            session, actor, case_id, made, folder=folder, data=piece,
            is_last=number == len(pieces), largest=60 * CHUNK, now=now,
        )  # fmt: skip
    return made


def a_medical_paper(session: Session, actor: Actor, case_id: str, folder: Path, **more: Any) -> str:
    """A highly sensitive file."""
    return a_paper(
        session, actor, case_id, folder, kind=FileKind.MEDICAL,
        sensitivity=Sensitivity.HIGHLY_SENSITIVE, **more,
    )  # fmt: skip


def a_grant(
    office: Office,
    transfer_id: str,
    *items: str,
    purpose: Purpose = Purpose.PACKAGE,
    asked: str | None = None,
    now: datetime = NOON,
) -> str:
    """A grant one officer proposed and the head gave; returns its id."""
    made = a_proposal(office, transfer_id, *items, purpose=purpose, asked=asked, now=now)
    grants.answer(office.session, office.head, made, approve=True, now=now)
    return made


def a_proposal(
    office: Office,
    transfer_id: str,
    *items: str,
    purpose: Purpose = Purpose.PACKAGE,
    asked: str | None = None,
    now: datetime = NOON,
) -> str:
    """A grant one officer proposed."""
    new = NewGrant(items, purpose, "MGEPESW", "A17", "The clinic over there asks.", asked)
    return grants.propose(office.session, office.writer, transfer_id, new, now=now)


def a_written(office: Office, transfer_id: str, type_: MessageType, body: Any) -> str:
    """A message nobody has signed yet."""
    return messages.write(office.session, office.writer, transfer_id, type_, body, now=NOON)
