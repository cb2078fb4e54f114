"""Documents another country sent are noted one by one when their package is admitted; the bytes stay sealed in it.

Nothing of them is copied into a child's file here. Source: DOM-R46, EXP-5.2, EXP-7.2.
"""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from core.exchange.manifests import Manifest, Part, PartRole
from core.vault import Place, seal, unseal
from transfers.rules.codes import Redaction
from transfers.service import incoming
from transfers.store import disclosure as store
from transfers.tables.delivery import DeliveryInRow
from transfers.tables.disclosure import DocumentInRow, GrantHeldRow

_TABLE: Final = "document_in"


def keep(session: Session, row: DeliveryInRow, manifest: Manifest, *, now: datetime) -> int:
    """Note the documents of a delivery that is being admitted; returns how many there are.

    What names a person and came under a grant is read by whoever had the grant redeemed, and by nobody else
    (DOM-5.3: single reader).
    """
    if row.transfer_id is None or row.message_id is None:
        return 0
    letter = manifest.letter
    grant = (
        None if letter.grant is None
        else store.held_named(session, row.partner, letter.grant)
    )  # fmt: skip
    found = _documents(manifest)
    for part in found:
        kept = DocumentInRow(
            delivery_id=row.id, transfer_id=row.transfer_id, message_id=row.message_id,
            part=part.number, role=part.role.value, media=part.media, size=part.size,
            sha256=part.sha256, hs_grant=part.hs_grant, redaction=str(letter.redaction),
            purpose=str(letter.purpose), view_only=letter.handling.view_only,
            reader=_reader(letter.redaction.value, grant), came_at=now,
        )  # fmt: skip
        kept.restricted = seal(
            session, owner=incoming.owner_of(row), place=_place(kept), value={"name": part.name}
        )
        session.add(kept)
    session.flush()
    return len(found)


def name_of(session: Session, row: DeliveryInRow, document: DocumentInRow) -> str:
    """Return the name a document came under.

    Raises:
        Erased: the delivery it came in was destroyed.
    """
    known = unseal(
        session, owner=incoming.owner_of(row), place=_place(document), sealed=document.restricted
    )
    return str(known["name"])


def _documents(manifest: Manifest) -> list[Part]:
    """Everything after the message itself, which is the first part that is no summary."""
    others = [part for part in manifest.parts if part.role is not PartRole.SUMMARY]
    return others[1:]


def _reader(redaction: str, grant: GrantHeldRow | None) -> str:
    return grant.asked_by if grant is not None and redaction == Redaction.R1 else ""


def _place(document: DocumentInRow) -> Place:
    return Place(_TABLE, "restricted", document.id)
