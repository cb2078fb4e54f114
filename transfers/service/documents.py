"""Documents of the child's file that travel with a message of ours: chosen by its writer, judged at every step.

They are judged when they are chosen, when the message is signed and when it is sealed: a file removed or withheld in
between stays here, and the message with it. Under which name they travel says nothing of the child.

Source: DOM-5.2/X8, DOM-R45, DOM-R48, DOM-R49, EXP-5.2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session

from cases.rules.access import Level
from cases.rules.consent import SharingPurpose
from cases.service import abroad, files_abroad
from cases.service.access import reach_of
from cases.service.files_abroad import FileAbroad
from core.actors import Actor
from core.errors import Gap, NotThere
from core.exchange.errors import CannotMake
from core.exchange.kinds import MAX_PART
from core.exchange.manifests import PartRole
from core.exchange.media import media_of_corridor, require_content
from core.exchange.packages import PlainPart
from transfers.errors import NotOurStep, NotSent
from transfers.rules import disclosure as rules
from transfers.rules.codes import MessageType, Redaction
from transfers.rules.disclosure import Paper
from transfers.service import grants_counting, record
from transfers.service.drafting import corridor_for
from transfers.service.saying import SIGNED, WRITTEN
from transfers.store import disclosure as store
from transfers.store import transfers as transfer_store
from transfers.tables.disclosure import DocumentOutRow
from transfers.tables.transfer import MessageRow, TransferRow

LARGEST_OF_ALL = 200 * 1024 * 1024 - 1024 * 1024
"""The message and its summary need room in the package too."""


@dataclass(frozen=True)
class Choice:
    """A document an officer chose.

    Args:
        attachment_id: of the child's file.
        role: what it is for over there; by the kind of the file when empty.
    """

    attachment_id: str
    role: PartRole | None = None


@dataclass(frozen=True)
class ChosenDocument:
    """A document as it would travel."""

    number: int
    attachment_id: str
    name: str
    role: str
    media: str
    size: int
    grant_id: str | None


@dataclass(frozen=True)
class Chosen:
    """What travels with a message of ours."""

    message_id: str
    redaction: str
    view_only: bool
    documents: tuple[ChosenDocument, ...]
    version: int


def choose(
    session: Session,
    actor: Actor,
    message_id: str,
    choices: Sequence[Choice],
    *,
    view_only: bool = True,
    files: Path,
    now: datetime,
) -> Chosen:
    """Say which documents travel with a message nobody has signed yet, instead of those chosen before.

    Args:
        session: the unit of work.
        actor: an officer who sees the child's file in full.
        message_id: a message of ours.
        choices: in the order in which they travel; none takes all off again.
        view_only: over there they are read and not kept.
        files: where sealed files of cases lie.
        now: when.

    Raises:
        NotThere, RoleMayNot: no such message, no such file, not yours, or not an officer's.
        NotOurStep: it is signed already, or documents do not travel with such a message.
        NotSent: with everything that stands against these documents.
        ContentRefused: a document is not of the format it is said to be.
    """
    found = transfer_store.find_message(session, message_id)
    if found is None or not found.is_ours:
        raise NotThere("message")
    row = record.held(session, actor, found.transfer_id, now=now)
    message = transfer_store.find_message(session, message_id)
    if message is None or row.case_id is None:
        raise NotThere("message")
    session.refresh(message)
    if message.standing != WRITTEN or MessageType(message.type) not in rules.CARRYING:
        raise NotOurStep("message", message.standing, "choose_documents")
    if reach_of(session, actor, row.case_id, now=now).level < Level.FULL:
        raise NotThere("case")
    _keep(session, actor, row, message, choices, now=now)
    papers = _papers(session, row, message, now=now)
    _require(session, row, message, papers, now=now)
    for one in choices:
        _require_content(session, row, one.attachment_id, files)
    message.redaction = rules.level_of(papers).value
    message.view_only = view_only
    flag_modified(message, "redaction")  # other documents are another version too
    session.add(message)
    session.flush()
    record.note(
        session, actor, row, "message.documents_chosen", now=now,
        codes={"count": len(choices), "redaction": message.redaction},
    )  # fmt: skip
    return _chosen(session, row, message)


def chosen_for(session: Session, actor: Actor, message_id: str, *, now: datetime) -> Chosen:
    """Return what travels with a message of ours, and note that it was read."""
    message = transfer_store.find_message(session, message_id)
    if message is None or not message.is_ours:
        raise NotThere("message")
    row = record.seen(session, actor, message.transfer_id, now=now)
    record.note(session, actor, row, "message.documents_read", now=now)
    return _chosen(session, row, message)


def choosers(session: Session, message_id: str) -> frozenset[str]:
    """Return who chose the documents of a message: none of them signs it."""
    return frozenset(one.chosen_by for one in store.documents_of(session, message_id))


def require_sendable(
    session: Session, row: TransferRow, message: MessageRow, *, now: datetime
) -> None:
    """Refuse to sign or seal a message whose documents may not leave now; one without documents passes.

    Raises:
        NotSent: with every gap.
    """
    if store.documents_of(session, message.id):
        _require(session, row, message, _papers(session, row, message, now=now), now=now)


def parts_for(
    session: Session, row: TransferRow, message: MessageRow, *, files: Path | None
) -> tuple[PlainPart, ...]:
    """Return the documents of a message as parts, read from where they lie while they are sealed.

    Args:
        session: the unit of work; the parts are good as long as it is.
        row: the transfer.
        message: of ours.
        files: where sealed files of cases lie.

    Raises:
        CannotMake: this process does not keep files, or one is gone.
    """
    parts = []
    for one in store.documents_of(session, message.id):
        file = _file(session, row, one.attachment_id)
        if files is None or file is None or row.case_id is None:
            raise CannotMake("document")
        content = files_abroad.open_file(session, row.case_id, file.id, folder=files)
        parts.append(
            PlainPart(
                rules.name_of(one.number, one.role, file.media), file.media, PartRole(one.role),
                content, one.grant_id,
            )
        )  # fmt: skip
    return tuple(parts)


def media_for(row: TransferRow, *, now: datetime) -> frozenset[str]:
    """Return the formats the two countries of a transfer take from each other."""
    return media_of_corridor(corridor_for(row, now=now).media)


def _keep(
    session: Session,
    actor: Actor,
    row: TransferRow,
    message: MessageRow,
    choices: Sequence[Choice],
    *,
    now: datetime,
) -> None:
    store.forget_documents(session, message.id)
    if len({one.attachment_id for one in choices}) < len(choices):
        raise NotSent("choose_documents", (Gap("document_twice"),))
    for number, one in enumerate(choices, start=1):
        file = _file(session, row, one.attachment_id)
        if file is None:
            raise NotThere("attachment")
        role = one.role or PartRole(rules.ROLE_OF_KIND.get(file.kind, PartRole.OTHER.value))
        if role is PartRole.SUMMARY:
            role = PartRole.OTHER
        grant = grants_counting.naming(
            session, row, rules.attachment_code(file.id), now=now
        )  # fmt: skip
        needs = file.is_sensitive or role in {PartRole.MEDICAL, PartRole.PHOTO}
        session.add(
            DocumentOutRow(
                message_id=message.id, number=number, attachment_id=file.id, role=role.value,
                grant_id=grant if needs else None, chosen_by=actor.person_id, chosen_at=now,
            )
        )  # fmt: skip
    session.flush()


def _papers(
    session: Session, row: TransferRow, message: MessageRow, *, now: datetime
) -> list[Paper]:
    """Judge the documents as they are now; one that is gone counts as withheld."""
    chosen = store.documents_of(session, message.id)
    files = {one.id: _file(session, row, one.attachment_id) for one in chosen}
    there = [file for file in files.values() if file is not None]
    _, withheld = files_abroad.withheld(
        session, str(row.case_id), there, country=record.other_country(row),
        purpose=SharingPurpose.PACKAGE, on=record.today_of(row, now),
    )  # fmt: skip
    return [
        _paper(
            session, row, one, files[one.id], withheld=withheld,
            is_signed=message.standing == SIGNED, now=now,
        )
        for one in chosen
    ]  # fmt: skip


def _paper(
    session: Session,
    row: TransferRow,
    one: DocumentOutRow,
    file: FileAbroad | None,
    *,
    withheld: frozenset[str],
    is_signed: bool,
    now: datetime,
) -> Paper:
    code = rules.attachment_code(one.attachment_id)
    if file is None:
        return Paper(code, one.role, "", 0, withheld=True)
    counts = one.grant_id is not None and grants_counting.counts(
        session, row, one.grant_id, code, is_used_here=is_signed, now=now
    )
    return Paper(
        code, one.role, file.media, file.size, file.is_sensitive, file.id in withheld,
        str(one.grant_id) if counts else "",
    )  # fmt: skip


def _require(
    session: Session,
    row: TransferRow,
    message: MessageRow,
    papers: Sequence[Paper],
    *,
    now: datetime,
) -> None:
    gaps = rules.document_gaps(
        papers, MessageType(message.type), media=media_for(row, now=now),
        highest=Redaction(corridor_for(row, now=now).highest_redaction), largest=MAX_PART,
        largest_of_all=LARGEST_OF_ALL,
    )  # fmt: skip
    gaps = (*gaps, *(telling_gaps(session, row, SharingPurpose.PACKAGE, now=now) if papers else ()))
    if gaps:
        raise NotSent("send_documents", gaps)


def telling_gaps(
    session: Session, row: TransferRow, purpose: SharingPurpose, *, now: datetime
) -> tuple[Gap, ...]:
    """Say what forbids telling the other country more about a child on file here. Source: DOM-R26, R47, R48."""
    if row.case_id is None:
        return ()
    country = record.other_country(row)
    standing = abroad.standing_abroad(session, row.case_id, country, now=now)
    consents, _ = files_abroad.withheld(
        session, row.case_id, (), country=country, purpose=purpose, on=standing.today
    )
    found = (
        None if consents else Gap("disclosure_without_consent"),
        Gap("disclosure_to_feared_country") if standing.fears else None,
        *(Gap("disclosure_dangerous", {"reason": one}) for one in standing.dangers),
    )
    return tuple(gap for gap in found if gap is not None)


def _require_content(session: Session, row: TransferRow, attachment_id: str, files: Path) -> None:
    file = _file(session, row, attachment_id)
    if file is None:
        raise NotThere("attachment")
    with files_abroad.open_file(session, str(row.case_id), file.id, folder=files) as content:
        require_content(file.media, content)


def _file(session: Session, row: TransferRow, attachment_id: str) -> FileAbroad | None:
    return None if row.case_id is None else files_abroad.find(session, row.case_id, attachment_id)


def _chosen(session: Session, row: TransferRow, message: MessageRow) -> Chosen:
    found = []
    for one in store.documents_of(session, message.id):
        file = _file(session, row, one.attachment_id)
        media, size = ("", 0) if file is None else (file.media, file.size)
        found.append(
            ChosenDocument(
                one.number, one.attachment_id, rules.name_of(one.number, one.role, media),
                one.role, media, size, one.grant_id,
            )
        )  # fmt: skip
    return Chosen(message.id, message.redaction, message.view_only, tuple(found), message.version)
