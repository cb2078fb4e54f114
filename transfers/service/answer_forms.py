"""The answer form of a transfer on paper, for an office abroad that answers by hand; in its language.

It prints one message of ours that can be answered where the transfer stands, and counts until that message is answered,
followed, taken back or stopped. Only a country without an installation gets one: others answer under their own seal.

Source: DOM-5.9, DOM-R36, DOM-R50, EXP-10, decision 0020.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Final

from sqlmodel import Session

from core.actors import Actor
from core.errors import WrongState
from core.ids import new_id
from core.papers.issuing import Desk, Issued, issue
from core.papers.paper import TO_FILL_IN, Block, Paper, to_fill_in
from core.papers.sheet import Group, Sheet, lay_out
from core.papers.words import Words, words_in
from core.upsert import insert_once
from transfers.rules.answer_sheets import (
    ANSWER,
    BECOMES,
    BY_MESSAGE,
    DATE_ROWS,
    SHEETS,
    AnswerSheet,
)
from transfers.rules.codes import MessageType
from transfers.rules.guests import PAPER
from transfers.service import record
from transfers.service.guest_reading import answers_of
from transfers.service.paper_series import ANSWER_FORM, answer_series
from transfers.service.printing import language_of, zone_of
from transfers.service.saying import SIGNED, is_taken_back
from transfers.store import paper_answers as paper_store
from transfers.store import transfers as store
from transfers.tables.paper_answer import AnswerFormRow
from transfers.tables.transfer import MessageRow, TransferRow

MOST_FORMS: Final = 1000
"""Editions of the form for one message: each filled-in one that came back is followed by another with its own code."""
LINES: Final = ("name", "office", "phone", "place", "signature", "remarks", "more_remarks")


@cache
def laid_out() -> Mapping[str, Sheet]:
    """Return where everything is on the form for each kind of message."""
    return {name: _laid_out(sheet) for name, sheet in SHEETS.items()}


def printed_form(
    session: Session,
    actor: Actor,
    transfer_id: str,
    *,
    language: str,
    desk: Desk,
    now: datetime,
) -> Issued:
    """Print the form for the newest message of ours that can be answered on paper; who printed it is kept.

    Raises:
        NotThere, RoleMayNot: as ``record.held`` says.
        WrongState: their installation answers under its own seal, or nothing of ours waits for an answer.
        NotPrintable, PressFailed: as ``issue`` says.
    """
    row = record.held(session, actor, transfer_id, now=now)
    message = answerable(session, row)
    if message is None:
        raise WrongState("transfer", row.state, "print_answer_form")
    sheet = BY_MESSAGE[MessageType(message.type)]
    words = words_in(language, language_of(record.other_country(row), now.date()), "en")
    number = 1 + sum(one.message_id == message.id for one in paper_store.answers(session, row.id))
    paper = Paper(
        kind=ANSWER_FORM,
        language=words.code,
        title=words(f"answer.title.{sheet.name}"),
        issuer=words.country(row.country),
        about=words(
            "answer.about", ref=row.ref, origin=words.country(row.origin),
            destination=words.country(row.destination), number=number,
        ),
        at=message.signed_at or message.written_at,
        zone=zone_of(row.country, now.date()),
        blocks=(block_of(words, sheet),),
        series=answer_series(row.id, message.type),
        edition=_edition(session, row, message) * MOST_FORMS + number,
        template=TO_FILL_IN,
    )  # fmt: skip
    printed = issue(session, actor, paper, desk, thing_id=message.id, case_id=row.case_id, now=now)
    values = {
        "id": new_id(), "version": 1, "code": printed.code, "sheet": sheet.name, "country": row.country,
        "transfer_id": row.id, "message_id": message.id, "printed_by": actor.person_id,
        "printed_at": now,
    }  # fmt: skip
    insert_once(session, AnswerFormRow.__table__, values, unique=["code", "printed_by"])  # type: ignore[attr-defined]
    return printed


def answerable(session: Session, row: TransferRow) -> MessageRow | None:
    """Return the newest message of ours that can be answered on paper where the transfer stands."""
    if row.partner != f"{record.other_country(row)}.{PAPER}":
        return None
    open_now = set(answers_of(row))
    return next(
        (
            one
            for one in reversed(store.messages(session, row.id))
            if one.is_ours
            and one.standing == SIGNED
            and open_now & types_of(one.type)
            and not is_taken_back(session, one)
        ),
        None,
    )


def types_of(message_type: str) -> set[MessageType]:
    """Return what a form for a message can become; nothing where there is no form."""
    sheet = BY_MESSAGE.get(MessageType(message_type))
    return set() if sheet is None else {BECOMES[one] for one in sheet.answers}


def _edition(session: Session, row: TransferRow, message: MessageRow) -> int:
    said = [
        one for one in store.messages(session, row.id) if one.is_ours and one.type == message.type
    ]
    return said.index(message) + 1


def _laid_out(sheet: AnswerSheet) -> Sheet:
    groups = [Group(ANSWER, tuple(one.value for one in sheet.answers))]
    groups += [
        Group(one.field, tuple(str(option) for option in one.options)) for one in sheet.questions
    ]
    if sheet.date_field:
        groups += [Group(row, options, is_row=True) for row, options in DATE_ROWS.items()]
    return lay_out(sheet.name, groups)


def block_of(words: Words, sheet: AnswerSheet) -> Block:
    """Return what is printed of a form, in one language."""
    places = laid_out()[sheet.name]
    heads = {name: words(f"answer.head.{name}") for name in places.heads}
    if sheet.date_field:
        heads["day_tens"] = words(f"answer.date.{sheet.date_field}")
    labels = {}
    for box in places.boxes:
        group, _, option = box.name.partition(":")
        labels[box.name] = option if group in DATE_ROWS else words(f"answer.box.{group}.{option}")
    lines = [words(f"answer.line.{name}") for name in LINES]
    return to_fill_in(places, heads, labels, lines, words("answer.how"))
