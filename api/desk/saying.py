"""What an officer can say on a transfer now, each as a form; what is known already stands in it.

Which messages those are is said by the rules of transfers; writing and signing are judged by their services.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from api.desk.say_forms import SAY, forms_for, questions_form
from api.desk.visit import Visit
from api.portal.forms import MessageForm
from core.actors import Actor
from core.errors import NotThere
from transfers.rules.codes import MessageType
from transfers.rules.sayable import may_say
from transfers.service import board, messages, receipt_ladder
from transfers.service.board import Line, Sheet
from transfers.service.bodies import (
    FollowUpReport,
    InfoRequest,
    Question,
    TravelPlan,
)
from transfers.service.messages import MessageView
from transfers.service.record import OFFICERS

KNOWING: Final[Mapping[str, MessageType | None]] = {
    "answer": MessageType.INFO_REQUEST,
    "plan": MessageType.TRAVEL_PLAN,
    "confirm": MessageType.TRAVEL_PLAN,
    "handover": MessageType.TRAVEL_PLAN,
    "report": MessageType.FOLLOWUP_REPORT,
    "correct": None,
}
"""Forms that show what was said before, in messages of a type or in any of ours; opening such a form opens those."""
FIXED: Final[Mapping[str, Mapping[str, Any]]] = {
    "yes": {"answer": "positive"},
    "no": {"answer": "negative"},
}


@dataclass(frozen=True)
class Sayable:
    """One thing that can be said; ``is_next`` where the transfer waits for it."""

    code: str
    is_next: bool


@dataclass(frozen=True)
class Saying:
    """A form with everything its page needs.

    Args:
        form: its fields.
        fixed: what the officer does not choose.
        known: what stands in the form before anything is typed.
        questions: that it answers, in its order.
        reply_to: number of the message it answers; empty where none.
        options: words of choices that are no codes, by field.
    """

    form: MessageForm
    line: Line
    fixed: Mapping[str, Any]
    known: Mapping[str, str]
    questions: tuple[Question, ...] = ()
    reply_to: str = ""
    options: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


def sayable(actor: Actor, sheet: Sheet) -> tuple[Sayable, ...]:
    """Return what an officer can say now, what is waited for first; nobody else says anything."""
    if not actor.has(*OFFICERS):
        return ()
    line = sheet.line
    awaited = {step.message for step in sheet.steps if step.is_awaited}
    found = [
        Sayable(form.code, form.type in awaited)
        for form in forms_for(may_say(line.state, line.side, line.round))
    ]
    return tuple(sorted(found, key=lambda one: not one.is_next))


def saying(visit: Visit, transfer_id: str, code: str) -> Saying:
    """Return the form of a message that can be written now.

    Raises:
        NotThere: no such form, not where the transfer stands, or not yours.
    """
    sheet = board.read_transfer(visit.session, visit.actor, transfer_id, now=visit.now)
    if code not in {one.code for one in sayable(visit.actor, sheet)}:
        raise NotThere("form")
    said = read_of_type(visit, transfer_id, KNOWING[code]) if code in KNOWING else ()
    found = Saying(
        SAY[code],
        sheet.line,
        _fixed(visit, code),
        _moment("at", visit) | _known(visit, code, said),
        reply_to=_reply_to(code, said),
    )
    if code == "answer":
        return _answering(found, said)
    return _correcting(visit, found, said) if code == "correct" else found


def read_of_type(
    visit: Visit, transfer_id: str, type_: MessageType | None
) -> tuple[MessageView, ...]:
    """Open the messages of one type, or all of ours when none is named; no other message is opened."""
    session, actor, now = visit.session, visit.actor, visit.now
    heads = receipt_ladder.list_heads(session, actor, transfer_id, now=now)
    wanted = [one for one in heads if (one.is_ours if type_ is None else one.type == type_)]
    return tuple(messages.read_one(session, actor, one.id, now=now)[1] for one in wanted)


def _fixed(visit: Visit, code: str) -> dict[str, Any]:
    person = visit.actor.person_id
    mine: dict[str, dict[str, Any]] = {
        "seen": {"handled_by": person, "office.role": "A17"},
        "receipt": {"signed_by": person, "responsible": person},
        "responsible": {"officer": person},
    }
    return {**FIXED.get(code, {}), **mine.get(code, {})}


def _known(visit: Visit, code: str, said: tuple[MessageView, ...]) -> dict[str, str]:
    """Return what is known already: the agreed handover word for word, the next report, the own name."""
    if code == "receipt":
        return {"received_by": visit.name(visit.actor.person_id)}
    if code == "report":
        return {"no": str(1 + _highest_report(said))}
    plan = _newest_plan(said)
    if plan is None or code not in {"confirm", "handover", "plan"}:
        return {}
    agreed = plan.handover
    if code == "handover":
        return {"place": agreed.place, "to_person": agreed.person, "from_person": plan.escort.name}
    known = {"handover.person": agreed.person, "handover.place": agreed.place}
    return known | _at("handover.at", agreed.at, visit.zone)


def _moment(name: str, visit: Visit) -> dict[str, str]:
    return _at(name, visit.now, visit.zone)


def _at(name: str, moment: datetime, zone: str) -> dict[str, str]:
    local = moment.astimezone(ZoneInfo(zone))
    return _day(name, local.date()) | {f"{name}-time": f"{local:%H:%M}"}


def _day(name: str, on: date) -> dict[str, str]:
    return {
        f"{name}-day": str(on.day),
        f"{name}-month": str(on.month),
        f"{name}-year": str(on.year),
    }


def _highest_report(said: Iterable[MessageView]) -> int:
    return max((one.body.no for one in said if isinstance(one.body, FollowUpReport)), default=0)


def _newest_plan(said: tuple[MessageView, ...]) -> TravelPlan | None:
    for one in reversed(said):
        if isinstance(one.body, TravelPlan) and one.standing in {"signed", "admitted"}:
            return one.body
    return None


def _reply_to(code: str, said: tuple[MessageView, ...]) -> str:
    """Return the number of the open question an answer belongs to; an enquiry is answered by its type alone."""
    question = _question(said) if code == "answer" else None
    return question.no if question is not None else ""


def _question(said: tuple[MessageView, ...]) -> MessageView | None:
    return next(
        (
            one
            for one in reversed(said)
            if not one.is_ours
            and isinstance(one.body, InfoRequest)
            and one.body.questions
            and one.answered_at is None
        ),
        None,
    )


def _answering(found: Saying, said: tuple[MessageView, ...]) -> Saying:
    question = _question(said)
    body = question.body if question is not None else None
    if not isinstance(body, InfoRequest):
        raise NotThere("form")
    form, fixed = questions_form(one.no for one in body.questions)
    return replace(found, form=form, fixed=fixed, questions=body.questions)


def _correcting(visit: Visit, found: Saying, said: tuple[MessageView, ...]) -> Saying:
    """Only what we said ourselves, and still stands, is corrected by us."""
    options = tuple(
        (one.no, visit.words("heads.of_day", what=visit.words.of("message", one.type),
                             at=visit.words.at(one.signed_at or one.written_at, visit.zone)))
        for one in said
        if one.is_ours and one.standing == "signed" and one.taken_back is None
    )  # fmt: skip
    fields = tuple(
        replace(one, options=tuple(no for no, _ in options)) if one.name == "corrects" else one
        for one in found.form.fields
    )
    return replace(found, form=replace(found.form, fields=fields), options={"corrects": options})
