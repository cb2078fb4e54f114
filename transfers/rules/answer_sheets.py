"""The answer form on paper: what can be ticked for which message, and what a filled-in form proposes.

A proposal is never an answer. What contradicts itself or cannot be seen clearly is named, and left to a person who has
the paper before their eyes. Names, words and signatures are read by people only.

Source: DOM-5.2, DOM-5.9, DOM-R34, EXP-10.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from transfers.rules.codes import ChildCondition, DeclineReason, MessageType


class PaperAnswer(StrEnum):
    """What one of the first boxes says."""

    SEEN = "seen"
    ASK = "ask"
    YES_TO_ENQUIRY = "yes-to-enquiry"
    NO_TO_ENQUIRY = "no-to-enquiry"
    ACCEPT = "accept"
    DECLINE = "decline"
    TRAVEL = "travel"
    RECEIPT = "receipt"


BECOMES: Final[Mapping[PaperAnswer, MessageType]] = {
    PaperAnswer.SEEN: MessageType.ACK,
    PaperAnswer.ASK: MessageType.INFO_REQUEST,
    PaperAnswer.YES_TO_ENQUIRY: MessageType.ENQUIRY_REPLY,
    PaperAnswer.NO_TO_ENQUIRY: MessageType.ENQUIRY_REPLY,
    PaperAnswer.ACCEPT: MessageType.ACCEPT,
    PaperAnswer.DECLINE: MessageType.DECLINE,
    PaperAnswer.TRAVEL: MessageType.TRAVEL_CONFIRM,
    PaperAnswer.RECEIPT: MessageType.RECEIPT,
}
ANSWER: Final = "answer"
TENS, UNITS, MONTH, YEAR = "day_tens", "day_units", "month", "year"
DATE_ROWS: Final[Mapping[str, tuple[str, ...]]] = {
    TENS: tuple("0123"),
    UNITS: tuple("0123456789"),
    MONTH: tuple(str(month) for month in range(1, 13)),
    YEAR: tuple("0123456789"),
}
_PAPERS: Final = (
    "decision", "consents", "identity", "travel_paper", "medical", "school_record", "other",
)  # fmt: skip
_YEARS_BACK: Final = 1


@dataclass(frozen=True)
class Question:
    """Boxes about one field of the answer.

    Args:
        field: its place in the body of the message.
        options: codes.
        of: the answers it belongs to.
        is_many: whether several may be ticked.
    """

    field: str
    options: tuple[str, ...]
    of: frozenset[PaperAnswer]
    is_many: bool = False


@dataclass(frozen=True)
class AnswerSheet:
    """What is asked on the form for one kind of message.

    Args:
        name: as the marks of the page call it; another layout gets another name.
        answers: to be chosen from, one of them.
        questions: in the order of the page.
        date_field: which field the date is; empty where none is asked for.
    """

    name: str
    message: MessageType
    answers: tuple[PaperAnswer, ...]
    questions: tuple[Question, ...] = ()
    date_field: str = ""


class Fault(StrEnum):
    """Why a person has to look more closely at a form."""

    NOTHING_TICKED = "nothing_ticked"
    SEVERAL_ANSWERS = "several_answers"
    SEVERAL_TICKED = "several_ticked"
    UNCLEAR_BOX = "unclear_box"
    NOT_OF_THIS_ANSWER = "not_of_this_answer"
    DATE_UNCLEAR = "date_unclear"
    DATE_IS_NONE = "date_is_none"


@dataclass(frozen=True)
class Doubt:
    """One thing about a form that a person must settle, and which field it is about."""

    fault: Fault
    field: str = ""
    option: str = ""


@dataclass(frozen=True)
class Proposal:
    """What a filled-in form seems to say.

    Args:
        answer: the one that was ticked; None where it is none, several, or not clear.
        values: what was ticked for each field of it; several codes only where several may be ticked.
        on: the date that was ticked.
        doubts: in the order of the page.
    """

    sheet: str
    answer: PaperAnswer | None
    values: Mapping[str, tuple[str, ...]]
    on: date | None
    doubts: tuple[Doubt, ...]


_A = PaperAnswer
_ACCEPT: Final = frozenset({_A.ACCEPT})
_RECEIPT: Final = frozenset({_A.RECEIPT})
_ENQUIRY: Final = frozenset({_A.YES_TO_ENQUIRY, _A.NO_TO_ENQUIRY})
_ON_RECEIPT: Final = (
    Question("condition", tuple(ChildCondition), _RECEIPT),
    Question("documents_received", _PAPERS, _RECEIPT, is_many=True),
)
_ALL: Final = (
    AnswerSheet(
        "E1",
        MessageType.ENQUIRY,
        (_A.YES_TO_ENQUIRY, _A.NO_TO_ENQUIRY, _A.ASK, _A.SEEN),
        (Question("family", ("confirmed", "partly", "not_confirmed", "not_asked"), _ENQUIRY),),
    ),
    AnswerSheet(
        "R1",
        MessageType.REQUEST,
        (_A.ACCEPT, _A.DECLINE, _A.ASK, _A.SEEN),
        (
            Question("reason", tuple(DeclineReason), frozenset({_A.DECLINE})),
            Question("carer.kind", ("parent", "relative", "foster", "agency", "other"), _ACCEPT),
            Question("carer.regime", ("family", "open"), _ACCEPT),
        ),
        "valid_until",
    ),
    AnswerSheet("T1", MessageType.TRAVEL_PLAN, (_A.TRAVEL, _A.RECEIPT), _ON_RECEIPT, "at"),
    AnswerSheet("H1", MessageType.HANDOVER_NOTICE, (_A.RECEIPT,), _ON_RECEIPT, "at"),
)
SHEETS: Final[Mapping[str, AnswerSheet]] = {one.name: one for one in _ALL}
BY_MESSAGE: Final[Mapping[MessageType, AnswerSheet]] = {one.message: one for one in _ALL}


def propose(
    sheet: AnswerSheet, ticked: Iterable[str], unclear: Iterable[str], *, near: date
) -> Proposal:
    """Say what a filled-in form seems to mean, and everything about it that is in doubt.

    Args:
        sheet: which form.
        ticked: names of the boxes that are ticked, ``group:option``.
        unclear: names of the boxes of which nobody can say.
        near: about when it was filled in; the year on it is one figure.
    """
    by_group, hazy = _grouped(ticked), _grouped(unclear)
    doubts: list[Doubt] = [
        Doubt(Fault.UNCLEAR_BOX, field, option)
        for field, options in hazy.items()
        if field not in DATE_ROWS
        for option in options
    ]
    answer = _answer(by_group.get(ANSWER, ()), hazy.get(ANSWER, ()), doubts)
    values: dict[str, tuple[str, ...]] = {}
    for question in sheet.questions:
        found = by_group.get(question.field, ())
        if found and (answer is None or answer not in question.of):
            doubts.append(Doubt(Fault.NOT_OF_THIS_ANSWER, question.field))
        elif len(found) > 1 and not question.is_many:
            doubts.append(Doubt(Fault.SEVERAL_TICKED, question.field))
        elif found and (question.is_many or not hazy.get(question.field)):
            values[question.field] = found
    on = _day(by_group, hazy, doubts, near)
    return Proposal(sheet.name, answer, values, on, tuple(doubts))


def _answer(
    ticked: tuple[str, ...], hazy: tuple[str, ...], doubts: list[Doubt]
) -> PaperAnswer | None:
    if len(ticked) > 1:
        doubts.append(Doubt(Fault.SEVERAL_ANSWERS, ANSWER))
    if not ticked and not hazy:
        doubts.append(Doubt(Fault.NOTHING_TICKED, ANSWER))
    return PaperAnswer(ticked[0]) if len(ticked) == 1 and not hazy else None


def _day(
    ticked: Mapping[str, tuple[str, ...]],
    hazy: Mapping[str, tuple[str, ...]],
    doubts: list[Doubt],
    near: date,
) -> date | None:
    """Return the day that was ticked: one figure in each row, and nothing hazy."""
    if not any(ticked.get(row) or hazy.get(row) for row in DATE_ROWS):
        return None
    if any(len(ticked.get(row, ())) != 1 or hazy.get(row) for row in DATE_ROWS):
        doubts.append(Doubt(Fault.DATE_UNCLEAR, "date"))
        return None
    tens, units, month, figure = (int(ticked[row][0]) for row in DATE_ROWS)
    first = near.year - _YEARS_BACK
    year = first + (figure - first) % 10
    try:
        return date(year, month, tens * 10 + units)
    except ValueError:
        doubts.append(Doubt(Fault.DATE_IS_NONE, "date"))
        return None


def _grouped(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name in names:
        group, _, option = name.partition(":")
        found.setdefault(group, []).append(option)
    return {group: tuple(options) for group, options in found.items()}
