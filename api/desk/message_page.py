"""One message between two countries: what it says, its documents, how far it came, and what can be done with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from api.desk.visit import Visit
from cases.service import attachments
from core.errors import DomainError
from core.exchange.receipts import DECLINING
from transfers.rules.delivery import OutState
from transfers.rules.disclosure import CARRYING
from transfers.service import (
    board,
    document_reading,
    documents,
    messages,
    recall_list,
    receipt_ladder,
)
from transfers.service.board import Line
from transfers.service.document_reading import DocumentView
from transfers.service.documents import Chosen
from transfers.service.messages import MessageView
from transfers.service.paper_series import KINDS
from transfers.service.recall_list import Recall
from transfers.service.receipt_ladder import Head, Reached
from transfers.service.record import OFFICERS

STANDS_STILL: Final = frozenset({OutState.NEEDS_ATTENTION, OutState.EXPIRED, OutState.REFUSED})
INNER: Final = frozenset({
    "handled_by", "signed_by", "responsible", "officer", "corrects", "no", "decision_sha256", "grants",
    "grant", "replaces", "redeem",
})  # fmt: skip
"""What only machines need of a message: opaque ids and numbers."""


@dataclass(frozen=True)
class RungLine:
    """One rung in words: which, when, what it proves."""

    code: str
    name: str
    when: str
    proves: str
    is_told: bool


@dataclass(frozen=True)
class HeadLine:
    """One message in a list, unopened.

    Args:
        standing: whose it is and how far it is, in words.
        trouble: why it stands still; empty when it does not.
        next_step: what happens next or who has to act; empty when nothing is open.
    """

    id: str
    what: str
    by: str
    when: str
    is_ours: bool
    standing: str
    highest: str
    rungs: tuple[RungLine, ...]
    trouble: str
    next_step: str
    waits_for_signature: bool
    waits_for_answer: bool
    is_unread: bool
    is_taken_back: bool
    documents: int


@dataclass(frozen=True)
class MessagePage:
    """One opened message.

    Args:
        says: its body by field, without what only machines need.
        chosen: documents that travel with one of ours; None for one of theirs.
        choosable: documents of the child's file that may be chosen.
        arrived: documents that came with one of theirs.
        may_sign: it waits for a signature, and the reader is neither its writer nor chose its documents.
        recalls: what was asked back of it, and the answers to that.
        paper: last part of the address where the newest of its kind is printed; empty where none is.
    """

    line: Line
    head: HeadLine
    message: MessageView
    says: Mapping[str, Any]
    chosen: Chosen | None
    choosable: tuple[tuple[str, str], ...]
    arrived: tuple[DocumentView, ...]
    may_sign: bool
    may_discard: bool
    may_recall: bool
    recalls: tuple[tuple[str, str], ...]
    paper: str


def heads(visit: Visit, line: Line) -> tuple[HeadLine, ...]:
    """Return the messages of a transfer, newest first, without opening one."""
    found = receipt_ladder.list_heads(visit.session, visit.actor, line.id, now=visit.now)
    visit.names([name for one in found for name in (one.written_by, one.signed_by)])
    return tuple(_head(visit, line, one) for one in reversed(found))


def message_page(visit: Visit, message_id: str) -> MessagePage:
    """Open a message; that is on record, and for one of theirs signed towards the other country.

    Raises:
        NotThere: no such message, or not yours.
    """
    session, actor, now = visit.session, visit.actor, visit.now
    transfer_id, found = messages.read_one(session, actor, message_id, now=now)
    line = board.read_transfer(session, actor, transfer_id, now=now).line
    head = next(one for one in heads(visit, line) if one.id == message_id)
    is_officer = actor.has(*OFFICERS)
    is_draft = found.is_ours and found.standing == "written"
    chosen = documents.chosen_for(session, actor, message_id, now=now) if found.is_ours else None
    carries = is_draft and found.type in CARRYING and line.case_id is not None
    arrived = document_reading.list_documents(session, actor, transfer_id, now=now)
    is_said = found.is_ours and found.standing == "signed" and not head.is_taken_back
    return MessagePage(
        line=line,
        head=head,
        message=found,
        says={} if found.body is None else shown(found.body.model_dump(mode="json")),
        chosen=chosen,
        choosable=_choosable(visit, str(line.case_id)) if carries and is_officer else (),
        arrived=tuple(one for one in arrived if one.message_id == message_id),
        may_sign=is_draft and is_officer and actor.person_id != found.written_by,
        may_discard=is_draft and is_officer,
        may_recall=is_said and is_officer,
        recalls=_recalls(visit, message_id) if is_officer else (),
        paper=_paper_of(found, head),
    )


def _paper_of(found: MessageView, head: HeadLine) -> str:
    if head.is_taken_back or found.standing not in {"signed", "admitted"}:
        return ""
    kind = next((kind for kind, type_ in KINDS.items() if type_ == found.type), "")
    return kind.replace("_", "-")


def shown(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a message says to people: without ids, and without fields that were left empty."""
    found = {
        name: shown(value) if isinstance(value, dict) else _list(value)
        for name, value in body.items()
        if name not in INNER
    }
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}


def _list(value: Any) -> Any:
    if isinstance(value, list):
        return [shown(one) if isinstance(one, dict) else one for one in value]
    return value


def recall_words(visit: Visit, one: Recall) -> str:
    """Return what became of a recall, in words."""
    kept = visit.words.of("kept_for", one.kept_for) if one.kept_for else ""
    return visit.words.of("recall", one.state) + (f": {kept}" if kept else "")


def grounds(visit: Visit) -> tuple[tuple[str, str], ...]:
    """Return the grounds on which content may be kept, with their words."""
    return tuple((one, visit.words.of("kept_for", one)) for one in sorted(DECLINING))


def _recalls(visit: Visit, message_id: str) -> tuple[tuple[str, str], ...]:
    found = recall_list.list_recalls(visit.session, visit.actor, only_open=False, now=visit.now)
    return tuple(
        (visit.words.at(one.at, visit.zone), recall_words(visit, one))
        for one in found
        if one.message_id == message_id
    )


def _choosable(visit: Visit, case_id: str) -> tuple[tuple[str, str], ...]:
    try:
        found = attachments.attachments_of(visit.session, visit.actor, case_id, now=visit.now)
    except DomainError:  # whoever does not see the file sends nothing of it
        return ()
    words = visit.words
    return tuple(
        (
            one.id,
            words(
                "document.choice", name=one.title or one.file_name,
                kind=words.of("file_kind", one.kind),
            ),
        )
        for one in found
    )  # fmt: skip


def _head(visit: Visit, line: Line, one: Head) -> HeadLine:
    words = visit.words
    theirs = words.country(line.destination if line.side == "sender" else line.origin)
    rungs = tuple(_rung(visit, one, reached) for reached in one.reached)
    return HeadLine(
        id=one.id,
        what=words.of("message", one.type),
        by=visit.name(one.written_by) if one.is_ours else theirs,
        when=words.at(one.signed_at or one.written_at, visit.zone),
        is_ours=one.is_ours,
        standing=words.of("message_standing", one.standing),
        highest=rungs[-1].name,
        rungs=rungs,
        trouble=_trouble(visit, one),
        next_step=_next(visit, one, theirs),
        waits_for_signature=one.is_ours and one.standing == "written",
        waits_for_answer=one.type in {"INFO_REQUEST", "ENQUIRY", "REQUEST"}
        and one.answered_at is None
        and not one.is_taken_back
        and one.standing in {"signed", "admitted"},
        is_unread=one.is_unread,
        is_taken_back=one.is_taken_back,
        documents=one.documents,
    )  # fmt: skip


def _rung(visit: Visit, one: Head, reached: Reached) -> RungLine:
    words, side = visit.words, "ours" if one.is_ours else "theirs"
    return RungLine(
        reached.rung.value,
        words.of(f"rung_{side}", reached.rung),
        words.at(reached.at, visit.zone),
        words.of(f"proves_{side}", reached.rung),
        reached.is_known_there,
    )


def _trouble(visit: Visit, one: Head) -> str:
    if one.state is None or one.state not in STANDS_STILL:
        return ""
    return visit.words("heads.trouble", state=visit.words.of("delivery", one.state))


def _next(visit: Visit, one: Head, theirs: str) -> str:
    words = visit.words
    if one.standing == "written" and one.is_ours:
        return words("heads.to_sign")
    if one.state in {OutState.QUEUED, OutState.TRANSFERRING, OutState.WAITING} and one.next_try_at:
        return words("heads.next_try", at=words.at(one.next_try_at, visit.zone), country=theirs)
    return ""
