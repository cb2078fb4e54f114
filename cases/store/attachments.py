"""Queries about files kept with a case."""

from sqlmodel import Session, col, select

from cases.tables.attachment import AttachmentRow


def attachments_of(session: Session, case_id: str) -> list[AttachmentRow]:
    """Return the files of a case that are complete and not removed, oldest first."""
    query = select(AttachmentRow).where(
        AttachmentRow.case_id == case_id, col(AttachmentRow.removed_at).is_(None)
    )
    query = query.where(col(AttachmentRow.is_complete).is_(True))
    return list(session.exec(query.order_by(col(AttachmentRow.added_at), col(AttachmentRow.id))))


def find_attachment(session: Session, case_id: str, attachment_id: str) -> AttachmentRow | None:
    """Return one file of a case, unless it was removed or never arrived whole."""
    query = select(AttachmentRow).where(
        AttachmentRow.id == attachment_id,
        AttachmentRow.case_id == case_id,
        col(AttachmentRow.removed_at).is_(None),
        col(AttachmentRow.is_complete).is_(True),
    )
    return session.exec(query).first()
