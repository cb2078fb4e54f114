"""Filled-in answer forms that came back on paper: scanned, read as a proposal, confirmed by a person or set aside.

Reading a form records nothing. Confirming it is the same as typing in a letter: the officer, with the paper before
their eyes, stands in for signature and seal, and the record says so. The scan is kept sealed under its transfer.

Source: DOM-2.3, DOM-5.9, DOM-R34, DOM-R36, DOM-R44, DOM-R50, EXP-10, decision 0020.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlmodel import Session

from core.actors import Actor
from core.db import check_version
from core.errors import BadInput, Gap, NotThere, WrongState
from core.exchange.encoding import b64
from core.exchange.names import name_fault
from core.papers.issuing import CHECK_PATH, Standing, check
from core.papers.press import FilledIn
from core.papers.sheet import Mark
from core.vault import Place, seal, unseal
from transfers.errors import AnswerFormRefused, SecondOfficerNeeded
from transfers.rules.answer_sheets import BECOMES, SHEETS, PaperAnswer, Proposal
from transfers.rules.codes import MessageType
from transfers.rules.guests import ReplyState, SetAside
from transfers.service import evidence, matching, paper_series, record
from transfers.service.bodies import Body, EnquiryReply, write_message
from transfers.service.guest_reading import answers_of
from transfers.service.guest_review import PaperContent
from transfers.service.paper_scans import (
    ACT,
    ReadPaper,
    code_on,
    count_of,
    keep,
    pieces_of,
    proposal_from,
    refused,
)
from transfers.store import paper_answers as store
from transfers.store import transfers as transfer_store
from transfers.tables.paper_answer import AnswerFormRow, PaperAnswerRow
from transfers.tables.transfer import TransferRow


@dataclass(frozen=True)
class Brought:
    """A filled-in form that came back.

    Args:
        proposal: what it seems to say; a person decides.
        answers: what of it can be said where the transfer stands.
        of_country: the country that answers.
    """

    id: str
    transfer_id: str
    of_country: str
    proposal: Proposal
    answers: tuple[PaperAnswer, ...]
    name: str
    came_at: datetime
    brought_by: str
    state: ReplyState
    version: int


def bring(
    session: Session,
    actor: Actor,
    transfer_id: str,
    came: ReadPaper,
    *,
    typed_code: str = "",
    address: str = "",
    folder: Path,
    now: datetime,
) -> str:
    """Keep the scan of a filled-in form as a proposal; returns its id. Nothing is said by it.

    Args:
        session: the unit of work.
        actor: an officer.
        transfer_id: whose form it should be.
        came: as it was read.
        typed_code: the check code as the officer reads it, where the scan does not show it.
        address: of this installation, as it stands on its papers.
        folder: where sealed files lie.
        now: when.

    Raises:
        NotThere, RoleMayNot: as ``record.held`` says.
        AnswerFormRefused: unknown, of another country or transfer, superseded, here already, or answered.
    """
    row = record.held(session, actor, transfer_id, now=now)
    code = code_on(came.filled, typed_code)
    if code is None:
        raise refused("form_code_differs" if typed_code.strip() else "form_code_not_read")
    form = _form(session, actor, row, code, came.filled, address, now=now)
    _require_counts(session, row, form)
    answer = PaperAnswerRow(
        country=row.country, transfer_id=row.id, message_id=form.message_id, code=code,
        sheet=form.sheet, media=came.media, size=len(came.paper.content),
        sha256=b64(sha256(came.paper.content).digest()), brought_by=actor.person_id, came_at=now,
        chunks=count_of(came.paper.content), state=ReplyState.WAITING.value, restricted=b"",
    )  # fmt: skip
    name = "paper" if name_fault(came.paper.name) else came.paper.name
    boxes = {box: mark.value for box, mark in came.filled.boxes.items() if mark is not Mark.EMPTY}
    owner = record.owner_of(row)
    answer.restricted = seal(
        session, owner=owner, place=_place(answer.id), value={"name": name, "boxes": boxes}
    )
    keep(session, folder, owner, answer.id, came.paper.content)
    keep(session, folder, owner, answer.picture_id, came.filled.picture)
    session.add(answer)
    session.flush()
    record.note(
        session, actor, row, "paper_answer.brought", now=now,
        codes={"answer": answer.id, "form": code},
    )  # fmt: skip
    return answer.id


def list_of(
    session: Session, actor: Actor, transfer_id: str, *, now: datetime
) -> tuple[Brought, ...]:
    """Return the forms that came back for a transfer, oldest first.

    Raises:
        NotThere, RoleMayNot: no such transfer, not yours, or not an officer.
    """
    row = _seen(session, actor, transfer_id, now=now)
    return tuple(_brought(session, row, one) for one in store.answers(session, row.id))


def read_answer(session: Session, actor: Actor, answer_id: str, *, now: datetime) -> Brought:
    """Return one form that came back with what it proposes; the reading is on record.

    Raises:
        NotThere, RoleMayNot: no such form, not yours, or not an officer.
    """
    answer, row = _found(session, actor, answer_id, now=now)
    record.note(session, actor, row, "paper_answer.read", now=now, codes={"answer": answer.id})
    return _brought(session, row, answer)


def open_scan(
    session: Session, actor: Actor, answer_id: str, *, folder: Path, now: datetime
) -> PaperContent:
    """Open the scan as it came, on record.

    Raises:
        NotThere, RoleMayNot: no such form, not yours, or not an officer.
        Unreadable: the file was changed or is gone.
    """
    answer, row = _found(session, actor, answer_id, now=now)
    pieces = pieces_of(session, folder, record.owner_of(row), answer.id, answer.chunks)
    record.note(session, actor, row, "paper_answer.opened", now=now, codes={"answer": answer.id})
    return PaperContent(_told(session, row, answer)["name"], answer.media, answer.size, pieces)


def open_picture(
    session: Session, actor: Actor, answer_id: str, *, folder: Path, now: datetime
) -> bytes:
    """Return the straightened page as a picture that this installation made; on record as the scan itself.

    Raises:
        NotThere, RoleMayNot: no such form, not yours, or not an officer.
        Unreadable: the file was changed or is gone.
    """
    answer, row = _found(session, actor, answer_id, now=now)
    record.note(session, actor, row, "paper_answer.opened", now=now, codes={"answer": answer.id})
    return b"".join(pieces_of(session, folder, record.owner_of(row), answer.picture_id, 1))


def confirm(
    session: Session,
    actor: Actor,
    answer_id: str,
    type_: MessageType,
    body: Body,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> str:
    """Take what a form says into the record, as an officer read it; returns the state of the transfer then.

    Args:
        session: the unit of work.
        actor: an officer who neither wrote or signed what was asked, nor printed this form.
        answer_id: which form.
        type_: the message it becomes.
        body: what it says, completed from what is written by hand.
        now: when.
        expected_version: of the form, as it was read.

    Raises:
        NotThere, RoleMayNot: as ``record.held`` says.
        StaleWrite: somebody settled it meanwhile.
        WrongState: confirmed or set aside before.
        SecondOfficerNeeded: the officer printed the form, or wrote or signed what it answers.
        AnswerFormRefused: this cannot be answered any more.
        BadInput: a consent in principle, which needs a signature over there.
    """
    came, row = _held(session, actor, answer_id, now=now, expected_version=expected_version)
    if actor.person_id in {one.printed_by for one in store.prints(session, came.code)}:
        raise SecondOfficerNeeded("form_printer_confirms")
    if type_ not in {BECOMES[one] for one in _answers_now(row, came.sheet)}:
        raise refused("form_answered")
    if isinstance(body, EnquiryReply) and body.consents:
        raise BadInput("/body/consents", "not_this_way")
    message = transfer_store.find_message(session, came.message_id)
    if message is None:
        raise NotThere("answer")
    raw = write_message(type_, body, ref=row.ref, no=came.id, reply_to=message.no)
    matching.take_paper(session, actor, record.other_country(row), raw, None, now=now)
    _settle(session, came, ReplyState.CONFIRMED, actor, now=now)
    paper_series.end_answer_forms(session, row.id, (message.type,), now=now)
    record.note(
        session, actor, row, "paper_answer.confirmed", now=now,
        codes={"answer": came.id, "type": type_.value},
    )  # fmt: skip
    evidence.note(
        session, "paper.answer-confirmed", subject=came.id, actor=actor.person_id, now=now,
        detail={"message": came.id, "form": came.code, "sha256": came.sha256, "stated_by": "paper"},
    )  # fmt: skip
    return row.state


def set_aside(
    session: Session, actor: Actor, answer_id: str, why: SetAside, *, now: datetime,
    expected_version: int | None = None,
) -> None:  # fmt: skip
    """Note that a form does not go into the record, and why; its scan is kept, and the form may come again.

    Raises:
        NotThere, RoleMayNot: as ``record.held`` says.
        StaleWrite: somebody settled it meanwhile.
        WrongState: confirmed or set aside before.
    """
    came, row = _held(session, actor, answer_id, now=now, expected_version=expected_version)
    came.settled_why = why.value
    _settle(session, came, ReplyState.SET_ASIDE, actor, now=now)
    record.note(session, actor, row, "paper_answer.set_aside", now=now, codes={"why": why.value})


def _form(  # noqa: PLR0917  what a form is held against
    session: Session,
    actor: Actor,
    row: TransferRow,
    code: str,
    filled: FilledIn,
    address: str,
    *,
    now: datetime,
) -> AnswerFormRow:
    """Return the form of this transfer that a code belongs to."""
    form = next(iter(store.prints(session, code)), None)
    if form is None or form.country != actor.country:
        is_web = urlsplit(filled.code).scheme in {"http", "https"}
        is_ours = filled.code.startswith(f"{address}{CHECK_PATH}/") if address else not is_web
        raise refused("form_unknown" if is_ours else "form_of_another")
    if form.transfer_id != row.id:
        try:
            other = record.seen(session, actor, form.transfer_id, now=now)
        except NotThere:
            raise refused("form_unknown") from None
        raise AnswerFormRefused(ACT, (Gap("form_of_another_transfer", {"ref": other.ref}),))
    if form.sheet != filled.sheet:
        raise refused("form_mixed")
    return form


def _require_counts(session: Session, row: TransferRow, form: AnswerFormRow) -> None:
    before = store.counting(session, form.code)
    if before is not None:
        is_waiting = before.state == ReplyState.WAITING
        raise refused("form_here_already" if is_waiting else "form_confirmed")
    if not _answers_now(row, form.sheet):
        raise refused("form_answered")
    if check(session, form.code).standing is not Standing.GENUINE:
        raise refused("form_superseded")


def _answers_now(row: TransferRow, sheet: str) -> tuple[PaperAnswer, ...]:
    open_now = set(answers_of(row))
    return tuple(one for one in SHEETS[sheet].answers if BECOMES[one] in open_now)


def _brought(session: Session, row: TransferRow, answer: PaperAnswerRow) -> Brought:
    told = _told(session, row, answer)
    return Brought(
        id=answer.id, transfer_id=row.id, of_country=record.other_country(row),
        proposal=proposal_from(answer.sheet, told["boxes"], answer.came_at),
        answers=_answers_now(row, answer.sheet), name=told["name"], came_at=answer.came_at,
        brought_by=answer.brought_by, state=ReplyState(answer.state), version=answer.version,
    )  # fmt: skip


def _told(session: Session, row: TransferRow, answer: PaperAnswerRow) -> dict[str, Any]:
    told: dict[str, Any] = unseal(
        session, owner=record.owner_of(row), place=_place(answer.id), sealed=answer.restricted
    )
    return told


def _place(answer_id: str) -> Place:
    return Place("paper_answer", "restricted", answer_id)


def _seen(session: Session, actor: Actor, transfer_id: str, *, now: datetime) -> TransferRow:
    row = record.seen(session, actor, transfer_id, now=now)
    record.require_officer(actor)
    return row


def _found(
    session: Session, actor: Actor, answer_id: str, *, now: datetime
) -> tuple[PaperAnswerRow, TransferRow]:
    answer = store.answer(session, answer_id)
    if answer is None:
        raise NotThere("answer")
    return answer, _seen(session, actor, answer.transfer_id, now=now)


def _held(
    session: Session, actor: Actor, answer_id: str, *, now: datetime, expected_version: int | None
) -> tuple[PaperAnswerRow, TransferRow]:
    found, _ = _found(session, actor, answer_id, now=now)
    row = record.held(session, actor, found.transfer_id, now=now)
    answer = store.answer(session, answer_id, lock=True)
    if answer is None:
        raise NotThere("answer")
    check_version(answer, "answer", expected_version)
    if answer.state != ReplyState.WAITING:
        raise WrongState("answer", answer.state, "settle")
    return answer, row


def _settle(
    session: Session, answer: PaperAnswerRow, state: ReplyState, actor: Actor, *, now: datetime
) -> None:
    answer.state, answer.settled_by, answer.settled_at = state.value, actor.person_id, now
    session.add(answer)
    session.flush()
