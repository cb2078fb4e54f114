"""Which acts a page of a case offers, what their forms tell beforehand, and whom they let name.

The lists come from the services (``possible_acts``, ``next_about``); nothing is judged here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from api.desk.act_choices import OWN, row_of
from api.desk.case_forms import ANSWER, APPEAL, FORMS, TELL
from api.desk.fields import Asking, Choices, Field, Kind, typed_from
from api.desk.visit import Visit
from cases.service import (
    consent_views,
    followup,
    plans,
    possible,
)
from cases.service.closing import requests_of
from cases.service.files import CodedRow
from cases.service.possible import Act, Possible, Records
from core.actors import Role
from core.errors import NotThere, WrongState
from panels.rules.appeal import I_DISAGREE, AppealBy
from panels.service import child_notes, deferrals, next_acts
from panels.service.next_acts import NextAct

PAGES: Final[Mapping[str, str]] = {
    Act.REGISTER: "register",
    Act.FACTS: "facts",
    Act.WRITE_REPORT: "report",
    Act.CHECK_REPORT: "report",
}
_TODAY: Final[Mapping[str, str]] = {
    Act.EMERGENCY: "acted_at",
    Act.RELEASE: "released_at",
    Act.CONTACT: "tried_at",
    Act.VISIT: "done_on",
    TELL: "told_at",
}
FIRST: Final = 6
"""Acts shown at once; the others stand under a heading that opens."""


@dataclass(frozen=True)
class ActLine:
    """One act as a page offers it; ``code`` is the act, empty for what is only read."""

    text: str
    href: str
    about: str = ""
    code: str = ""


@dataclass(frozen=True)
class Shown:
    """What the page of a case offers: acts, records to read, papers to print."""

    acts: tuple[ActLine, ...]
    records: tuple[ActLine, ...]
    papers: tuple[ActLine, ...]


@dataclass(frozen=True)
class Found:
    """An act that may be asked for: the case, and the version of what it changes."""

    row: CodedRow
    version: int


def shown_of(visit: Visit, case_id: str) -> Shown:
    """Return what this person may do, read and print of a case."""
    row = row_of(visit, case_id)
    how = (visit.session, visit.actor, case_id)
    about = next_acts.next_about(*how, row.state, now=visit.now)
    records = possible.records_to_read(*how, now=visit.now)
    return Shown(
        _act_lines(visit, case_id, about.acts),
        _record_lines(visit, case_id, records),
        _paper_lines(visit, case_id, records, about.papers),
    )


def _act_lines(
    visit: Visit, case_id: str, about: tuple[next_acts.OfDecision, ...]
) -> tuple[ActLine, ...]:
    """Return what this person may do now, the most pressing first."""
    words = visit.words
    found = possible.possible_acts(visit.session, visit.actor, case_id, now=visit.now)
    abouts = _abouts(visit, case_id, found)
    path = f"/desk/cases/{case_id}/acts"
    return (
        *(
            ActLine(words(f"{one.act}.title"), f"{path}/{one.act}/{one.ref}", code=one.act)
            for one in about
        ),
        *(
            ActLine(
                words(f"{one.act}.title"), _href(case_id, one), abouts.get(one.ref, ""), one.act
            )
            for one in found
        ),
    )


def awaited(lines: tuple[ActLine, ...], waiting: str) -> ActLine | None:
    """Return the act the case waits for, where it is this person's; nothing where it is somebody else's."""
    wanted = _AWAITED.get(waiting, ())
    return next((one for one in lines if one.code in wanted), None)


_AWAITED: Final[Mapping[str, tuple[str, ...]]] = {
    "Awaiting registration": (Act.REGISTER,),
    "Awaiting allocation": (Act.ALLOCATE,),
    "Awaiting allocation after reopening": (Act.ALLOCATE,),
    "Awaiting BIA": (Act.BEGIN_ASSESSMENT,),
    "Awaiting BIA interview": (Act.WRITE_ASSESSMENT,),
    "Awaiting BIA recommendation": (Act.WRITE_ASSESSMENT,),
    "Awaiting BIA approval": (Act.JUDGE_ASSESSMENT,),
    "Awaiting BID assessor": (Act.NAME_ASSESSOR,),
    "Awaiting BID report": (Act.WRITE_REPORT,),
    "Awaiting quality check": (Act.CHECK_REPORT,),
    "Awaiting answers to the panel's questions": (NextAct.ANSWER,),
    "Awaiting communication to the child": (NextAct.TELL,),
    "Awaiting start after the appeal window": (NextAct.BEGIN,),
    "Awaiting agreed case plan": (Act.AGREE_PLAN,),
    "Awaiting agreed case plan or placement": (Act.PLACEMENT, Act.ADD_ACTION),
    "Awaiting actions of the plan": (Act.ACTION_DONE,),
    "Awaiting placement or receipt": (Act.PLACEMENT,),
    "Awaiting follow-up visit": (Act.VISIT,),
    "Awaiting closing conditions": (Act.ANSWER_CLOSING, Act.ASK_TO_CLOSE),
    "Awaiting review of the hold": (Act.RESUME,),
}


def _paper_lines(
    visit: Visit, case_id: str, records: Records, printable: next_acts.Printable | None
) -> tuple[ActLine, ...]:
    path, words = "/desk/papers", visit.words
    lines = []
    if records.has_report:
        lines.append(ActLine(words("paper.bid_report"), f"{path}/bid-report/{case_id}"))
    if printable is not None:
        of = printable.determination_id
        lines.append(ActLine(words("paper.letter"), f"{path}/letter/{of}"))
        if printable.child_page:
            lines.append(ActLine(words("paper.child_page"), f"{path}/child-page/{of}"))
    return tuple(lines)


def _record_lines(visit: Visit, case_id: str, records: Records) -> tuple[ActLine, ...]:
    words = visit.words
    lines = [
        ActLine(
            words.of("assessment_kind", one.kind),
            f"/desk/cases/{case_id}/assessments/{one.id}",
            words.of("assess_status", one.status),
        )
        for one in records.assessments
    ]
    if records.has_report:
        lines.append(ActLine(words("record.report"), f"/desk/cases/{case_id}/report"))
    return tuple(lines)


def act_of(visit: Visit, case_id: str, code: str, ref: str) -> Found:
    """Return an act that is possible now.

    Raises:
        NotThere: no such case, not yours, or no such act.
        WrongState: it is not possible now, or not for this person.
    """
    row = row_of(visit, case_id)
    if code not in FORMS:
        raise NotThere("act")
    about = next_acts.next_about(visit.session, visit.actor, case_id, row.state, now=visit.now)
    for one in about.acts:
        if (one.act, one.ref) == (code, ref):
            return Found(row, one.version)
    found = possible.possible_acts(visit.session, visit.actor, case_id, now=visit.now)
    open_now = next((act for act in found if (act.act, act.ref) == (code, ref)), None)
    if open_now is None:
        raise WrongState(kind="case", state=row.state, act=code)
    return Found(row, open_now.version)


def choices_of(visit: Visit, case_id: str, code: str) -> Mapping[str, Choices]:
    """Return the codes of the case at hand that the form of an act offers."""
    wanted = {one.of for one in FORMS[code].fields}
    return {of: make(visit, case_id) for of, make in OWN.items() if of in wanted}


def typed_before(visit: Visit, case_id: str, code: str, ref: str, asks: Asking) -> dict[str, str]:
    """Return what a form begins with: what is certain already, and today for what mostly happened today."""
    del case_id
    moment = _TODAY.get(code)
    today = typed_from((Field(moment, Kind.DAY),), {moment: _today(visit)}, asks) if moment else {}
    if code == TELL:
        note = child_notes.child_note(visit.session, visit.actor, ref, now=visit.now)
        return {**today, "note": note, "explained_by": visit.actor.person_id}
    if code == APPEAL:
        own = {Role.GUARDIAN: AppealBy.GUARDIAN, Role.LAWYER: AppealBy.LAWYER}
        by = next((str(said) for role, said in own.items() if visit.actor.has(role)), "")
        return {"by": by, "grounds": I_DISAGREE}
    return today


def _today(visit: Visit) -> str:
    return visit.now.astimezone(ZoneInfo(visit.zone)).date().isoformat()


def labels_of(visit: Visit, case_id: str, code: str, ref: str) -> tuple[tuple[str, str], ...]:
    """Return what an act is about, as facts to read before the form."""
    make = _TOLD.get(code)
    return make(visit, case_id, ref) if make is not None else ()


def _href(case_id: str, one: Possible) -> str:
    if one.act in {Act.WRITE_ASSESSMENT, Act.JUDGE_ASSESSMENT}:
        return f"/desk/cases/{case_id}/assessments/{one.ref}"
    if one.act in PAGES:
        return f"/desk/cases/{case_id}/{PAGES[one.act]}"
    path = f"/desk/cases/{case_id}/acts/{one.act}"
    return f"{path}/{one.ref}" if one.ref else path


def _abouts(visit: Visit, case_id: str, found: tuple[Possible, ...]) -> dict[str, str]:
    """Return what tells several of one act apart: which action, which visit, which consent."""
    acts = {one.act for one in found}
    words, how = visit.words, (visit.session, visit.actor, case_id)
    abouts: dict[str, str] = {}
    if Act.ACTION_DONE in acts:
        plan = plans.read_plan(*how, now=visit.now)
        abouts |= {one.id: f"{words.of('action', one.kind)}: {one.what}" for one in plan.actions}
    if Act.VISIT in acts:
        visits = followup.list_visits(*how, now=visit.now)
        abouts |= {one.id: words("about.due", day=words.day(one.due_on)) for one in visits}
    if Act.FOLLOW_UP_REPORT in acts:
        reports = followup.list_reports(*how, now=visit.now)
        abouts |= {one.id: words("about.due", day=words.day(one.due_on)) for one in reports}
    if Act.WITHDRAW_CONSENT in acts:
        given = consent_views.show_consents(*how, now=visit.now)[0]
        abouts |= {one.id: words("about.consent", day=words.day(one.given_on)) for one in given}
    return abouts


def _told_action(visit: Visit, case_id: str, ref: str) -> tuple[tuple[str, str], ...]:
    words = visit.words
    plan = plans.read_plan(visit.session, visit.actor, case_id, now=visit.now)
    one = next((action for action in plan.actions if action.id == ref), None)
    if one is None:
        return ()
    due = ((words("actions.due_on"), words.day(one.due_on)),) if one.due_on else ()
    return ((words.of("action", one.kind), one.what), *due)


def _told_visit(visit: Visit, case_id: str, ref: str) -> tuple[tuple[str, str], ...]:
    words = visit.words
    found = followup.list_visits(visit.session, visit.actor, case_id, now=visit.now)
    return tuple((words("visit.planned"), words.day(one.due_on)) for one in found if one.id == ref)


def _told_consent(visit: Visit, case_id: str, ref: str) -> tuple[tuple[str, str], ...]:
    words = visit.words
    given = consent_views.show_consents(visit.session, visit.actor, case_id, now=visit.now)[0]
    one = next((consent for consent in given if consent.id == ref), None)
    if one is None:
        return ()
    listed = (
        ("given_by", words.of("given_by", one.given_by)),
        ("given_on", words.day(one.given_on)),
        ("purposes", ", ".join(words.of("sharing", code) for code in one.purposes)),
        ("share_with", ", ".join(words.of("receiver", code) for code in one.share_with)),
    )
    return tuple((words(f"record_consent.{name}"), text) for name, text in listed if text)


def _told_closing(visit: Visit, case_id: str, ref: str) -> tuple[tuple[str, str], ...]:
    words = visit.words
    asked = requests_of(visit.session, visit.actor, case_id, now=visit.now)
    one = next((request for request in asked if request.id == ref), None)
    if one is None:
        return ()
    listed = (
        (words("answer_closing.asked_by"), visit.name(one.asked_by)),
        (words("ask_to_close.reason"), words.of("closure", one.reason)),
        (words("ask_to_close.words"), one.words),
        (words("ask_to_close.child_view"), one.child_view),
    )
    return tuple((label, text) for label, text in listed if text)


def _told_plan(visit: Visit, case_id: str, ref: str) -> tuple[tuple[str, str], ...]:
    del ref
    plan = plans.read_plan(visit.session, visit.actor, case_id, now=visit.now)
    return tuple((visit.words.of("action", one.kind), one.what) for one in plan.actions)


def _told_question(visit: Visit, case_id: str, ref: str) -> tuple[tuple[str, str], ...]:
    del case_id
    words = visit.words
    found = deferrals.my_questions(visit.session, visit.actor, now=visit.now)
    one = next((question for question in found if question.id == ref), None)
    if one is None:
        return ()
    return ((words("question.asked"), one.text), (words("actions.due_on"), words.day(one.due_on)))


_TOLD: Final[Mapping[str, Callable[[Visit, str, str], tuple[tuple[str, str], ...]]]] = {
    Act.ACTION_DONE: _told_action,
    Act.VISIT: _told_visit,
    Act.MISS_VISIT: _told_visit,
    Act.WITHDRAW_CONSENT: _told_consent,
    Act.ANSWER_CLOSING: _told_closing,
    Act.AGREE_PLAN: _told_plan,
    ANSWER: _told_question,
}
