"""Files kept with a child's case: announced, sent in chunks, opened and printed on record.

The bytes go through in chunks of one mebibyte, each sealed before it touches the disk and in a
short unit of work of its own, so that a slow line holds nobody up.

Source: DOM-4.4/attachments, DOM-R50.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlmodel import Session

from cases.rules.access import Level, Reach
from cases.rules.attachments import FileKind, Sensitivity, acceptable, begins_as
from cases.rules.children import ATTACHMENTS_PART
from cases.service import filestore, steps
from cases.service.access import case_for, reach_of
from cases.service.files import Purpose
from cases.service.notes import note, note_read, seal_words, words_of
from cases.store import attachments as store
from cases.store import erasures
from cases.tables.attachment import AttachmentRow
from core.actors import Actor, Role, procedure_actor
from core.errors import BadInput, NotThere, StaleWrite, WrongState

ATTACHERS: Final = frozenset(
    {
        Role.CASEWORKER,
        Role.SUPERVISOR,
        Role.ASSESSOR,
        Role.COORDINATOR,
        Role.SECRETARIAT,
        Role.GUARDIAN,
        Role.LAWYER,
    }
)
REMOVERS: Final = frozenset({Role.CASEWORKER, Role.SUPERVISOR})


@dataclass(frozen=True)
class NewAttachment:
    """A file as announced. Title and file name are sealed.

    Args:
        kind: what it is for.
        sensitivity: restricted or highly sensitive.
        media_type: one of ``cases.rules.attachments.MEDIA``.
        title: in words.
        file_name: as it was called where it came from.
    """

    kind: FileKind
    sensitivity: Sensitivity
    media_type: str
    title: str
    file_name: str = ""


@dataclass(frozen=True)
class AttachmentView:
    """A file as listed."""

    id: str
    kind: str
    sensitivity: str
    media_type: str
    size: int
    title: str
    file_name: str
    added_by: str
    added_at: datetime


@dataclass(frozen=True)
class Content:
    """A file that may be read now, chunk by chunk with ``read_chunk``."""

    case_id: str
    attachment_id: str
    folder: Path
    media_type: str
    size: int
    chunks: int


def announce_attachment(
    session: Session, actor: Actor, case_id: str, new: NewAttachment, *, now: datetime
) -> str:
    """Say that a file is coming and return its id; it is listed once it has arrived whole.

    Raises:
        NotThere: no such case, or not so much of it.
        Incomplete: a format that is not taken, or a class too low.
    """
    row = case_for(session, actor, case_id, roles=ATTACHERS, now=now)
    acceptable(new.media_type, new.kind, new.sensitivity).require()
    kept = AttachmentRow(
        case_id=row.id,
        kind=str(new.kind),
        sensitivity=str(new.sensitivity),
        media_type=new.media_type,
        size=0,
        chunks=0,
        added_by=actor.person_id,
        added_at=now,
    )
    seal_words(session, kept, {"title": new.title, "file_name": new.file_name})
    session.add(kept)
    session.flush()
    note(session, actor, "attachment.announced", kept, now=now, kind=kept.kind)
    return kept.id


def receive_chunk(
    session: Session,
    actor: Actor,
    case_id: str,
    attachment_id: str,
    *,
    folder: Path,
    data: bytes,
    is_last: bool,
    largest: int,
    now: datetime,
    after: int | None = None,
) -> None:
    """Take the next chunk of an announced file; the last one makes it part of the case.

    Args:
        session: a unit of work of its own for each chunk.
        actor: who announced it.
        case_id: the child's case.
        attachment_id: from ``announce_attachment``.
        folder: where sealed files lie.
        data: at most one mebibyte.
        is_last: whether the file ends here.
        largest: most bytes a file may have.
        now: when.
        after: how many chunks the sender has sent before; None does not ask.

    Raises:
        NotThere: not announced by this person, or complete already.
        StaleWrite: the same file is being sent twice at once, and the other one was faster.
        BadInput: too large, empty, or not what it was announced as.
    """
    case_for(session, actor, case_id, roles=ATTACHERS, now=now)
    kept = session.get(AttachmentRow, attachment_id)
    if kept is None or kept.case_id != case_id or kept.added_by != actor.person_id:
        raise NotThere("attachment")
    if kept.is_complete:
        raise NotThere("attachment")
    if after is not None and after != kept.chunks:
        raise StaleWrite(kind="attachment", expected=after, actual=kept.chunks)
    _check_chunk(kept, data, largest)
    filestore.append_chunk(
        session, folder, case_id=case_id, attachment_id=kept.id, number=kept.chunks,
        data=data, is_last=is_last,
    )  # fmt: skip
    kept.chunks += 1
    kept.size += len(data)
    if is_last:
        filestore.finish(folder, kept.id)
        kept.is_complete = True
        note(session, actor, "attachment.added", kept, now=now, kind=kept.kind, size=kept.size)
        steps.wake(session, case_id, now=now)
    session.add(kept)
    session.flush()


def restart_upload(
    session: Session, actor: Actor, case_id: str, attachment_id: str, *, now: datetime
) -> None:
    """Begin an announced file anew after a broken line; what had arrived is forgotten.

    Raises:
        NotThere: not announced by this person.
        WrongState: complete already; a file on record is never written over.
    """
    case_for(session, actor, case_id, roles=ATTACHERS, now=now)
    kept = session.get(AttachmentRow, attachment_id)
    if kept is None or kept.case_id != case_id or kept.added_by != actor.person_id:
        raise NotThere("attachment")
    if kept.is_complete:
        raise WrongState("attachment", "complete", "send_attachment")
    kept.chunks = kept.size = 0
    session.add(kept)
    session.flush()


def attachments_of(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[AttachmentView, ...]:
    """List the files of a case that the actor may open, oldest first.

    Raises:
        NotThere: no such case, or not so much of it.
    """
    seen = _full(session, actor, case_id, now)
    rows = [row for row in store.attachments_of(session, case_id) if _opens(seen, row, None)]
    note_read(session, actor, "attachment", case_id, now=now, count=len(rows))
    return tuple(_view(session, row) for row in rows)


def open_attachment(
    session: Session,
    actor: Actor,
    case_id: str,
    attachment_id: str,
    *,
    folder: Path,
    now: datetime,
    purpose: Purpose | None = None,
    is_print: bool = False,
) -> Content:
    """Open a file; reading and printing are on record apart.

    Args:
        session: the unit of work.
        actor: who reads.
        case_id: the child's case.
        attachment_id: the file.
        folder: where sealed files lie.
        now: when.
        purpose: why, for highly sensitive files of roles that must say it.
        is_print: whether it is opened to be printed or exported.

    Raises:
        NotThere: no such file, or its class is not for this person.
    """
    seen = _full(session, actor, case_id, now)
    kept = store.find_attachment(session, case_id, attachment_id)
    if kept is None or not _opens(seen, kept, purpose, strict=True):
        raise NotThere("attachment")
    action = "attachment.printed" if is_print else "attachment.read"
    note(session, actor, action, kept, now=now, purpose=str(purpose) if purpose else None)
    return Content(case_id, kept.id, folder, kept.media_type, kept.size, kept.chunks)


def read_chunk(session: Session, content: Content, number: int) -> bytes:
    """Read one chunk of a file that was opened; the first one is number 0.

    Raises:
        Unreadable: the stored file was cut, changed or exchanged.
    """
    return filestore.read_chunk(
        session, content.folder, case_id=content.case_id, attachment_id=content.attachment_id,
        number=number, chunks=content.chunks,
    )  # fmt: skip


def remove_attachment(
    session: Session, actor: Actor, case_id: str, attachment_id: str, *, now: datetime
) -> None:
    """Take a file out of the case; that it was there stays on record. Twice is once."""
    case_for(session, actor, case_id, roles=REMOVERS, now=now)
    kept = store.find_attachment(session, case_id, attachment_id)
    if kept is None:
        raise NotThere("attachment")
    kept.removed_at = now
    kept.removed_by = actor.person_id
    session.add(kept)
    session.flush()
    note(session, actor, "attachment.removed", kept, now=now)


def purge_files(session: Session, *, folder: Path, now: datetime, limit: int) -> int:
    """Delete the sealed bytes of erased cases, which no key opens any more; return how many files.

    The sweep calls this. Two people have ordered each erasure before; a process whose machine does not
    keep the files leaves them to one that does.

    Source: DOM-R54.
    """
    rows = erasures.bytes_left(session, limit=limit) if folder.is_dir() else []
    for row in rows:
        filestore.discard(folder, row.id)
        row.chunks = 0
        session.add(row)
        case = steps.lock(session, row.case_id)
        note(session, procedure_actor(case.country), "attachment.purged", row, now=now)
    session.flush()
    return len(rows)


def _check_chunk(kept: AttachmentRow, data: bytes, largest: int) -> None:
    if kept.size + len(data) > largest:
        raise BadInput(pointer="/body", code="file_too_large")
    if kept.chunks == 0 and not data:
        raise BadInput(pointer="/body", code="file_empty")
    if kept.chunks == 0 and not begins_as(kept.media_type, data[:16]):
        raise BadInput(pointer="/body", code="not_what_it_says")


def _full(session: Session, actor: Actor, case_id: str, now: datetime) -> Reach:
    seen = reach_of(session, actor, case_id, now=now)
    if seen.level < Level.FULL:
        raise NotThere("case")
    return seen


def _opens(
    seen: Reach, row: AttachmentRow, purpose: Purpose | None, *, strict: bool = False
) -> bool:
    """Highly sensitive files need the whole highly sensitive file, or a grant that names them."""
    if row.sensitivity != Sensitivity.HIGHLY_SENSITIVE:
        return True
    if strict and seen.purpose_needed and purpose is None:
        return False
    granted = seen.sections is None or ATTACHMENTS_PART in seen.sections
    return seen.level is Level.SENSITIVE and granted


def _view(session: Session, row: AttachmentRow) -> AttachmentView:
    words = words_of(session, row)
    return AttachmentView(
        id=row.id,
        kind=row.kind,
        sensitivity=row.sensitivity,
        media_type=row.media_type,
        size=row.size,
        title=str(words.get("title", "")),
        file_name=str(words.get("file_name", "")),
        added_by=row.added_by,
        added_at=row.added_at,
    )
