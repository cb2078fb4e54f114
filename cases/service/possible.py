"""What somebody may do next with a case: acts by name, as role, reach and what is on file allow them now.

A list to lead people, not a permission: every service judges its act again. Nothing of the file is opened.

Source: DOM-2.1, DOM-2.2, DOM-3.3.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlmodel import Session

from cases.errors import RoleMayNot
from cases.rules.access import Level
from cases.rules.assessments import AssessmentStatus
from cases.rules.emergency import MAY_ACT
from cases.rules.followup import VisitStatus
from cases.rules.machine import CaseState, Step, edge
from cases.rules.movement import MAY_PLACE
from cases.rules.plans import ActionStatus
from cases.service.access import reach_of, require_role
from cases.service.assessments import NOT_ASSESSABLE, WRITERS
from cases.service.closing import ASKERS
from cases.service.consents import RECORDERS
from cases.service.contacts import CALLERS
from cases.service.details import EDITORS
from cases.service.detention import MAY_RECORD
from cases.service.followup import VISITORS
from cases.service.guardians import APPOINTERS, OFFERERS, STOP_GAPS
from cases.service.holding import MAY_HOLD
from cases.service.home_studies import PLACERS
from cases.service.interpreters import ASSIGNERS
from cases.service.non_refoulement import MAY_CHECK
from cases.service.plan_actions import AGREED, DRAFT, PLANNERS
from cases.store import assessment as assessments
from cases.store import case_files, closing, consents, followup
from cases.store import detention as detentions
from cases.store import placement as placements
from cases.store import plan as plans
from cases.store import report as reports
from cases.tables.case_file import CaseRow
from core.actors import Actor, Role


class Act(StrEnum):
    """Acts on a case: what the procedure waits for first, then what may come up at any time."""

    RELEASE = "release"
    REGISTER = "register"
    ALLOCATE = "allocate"
    BEGIN_ASSESSMENT = "begin_assessment"
    WRITE_ASSESSMENT = "write_assessment"
    JUDGE_ASSESSMENT = "judge_assessment"
    NAME_ASSESSOR = "name_assessor"
    WRITE_REPORT = "write_report"
    CHECK_REPORT = "check_report"
    AGREE_PLAN = "agree_plan"
    ADD_ACTION = "add_action"
    ACTION_DONE = "action_done"
    HOME_STUDY = "home_study"
    PLACEMENT = "placement"
    VISIT = "visit"
    MISS_VISIT = "miss_visit"
    FOLLOW_UP_REPORT = "follow_up_report"
    EMERGENCY = "emergency"
    FACTS = "facts"
    RECORD_CONSENT = "record_consent"
    WITHDRAW_CONSENT = "withdraw_consent"
    WITHHOLD = "withhold"
    PROTECTION = "protection"
    UNWILLING = "unwilling"
    CHECK_DESTINATION = "check_destination"
    LEGAL_OFFER = "legal_offer"
    GUARDIAN = "guardian"
    INTERPRETER = "interpreter"
    CONTACT = "contact"
    DETENTION = "detention"
    END_PLACEMENT = "end_placement"
    HOLD = "hold"
    RESUME = "resume"
    ASK_TO_CLOSE = "ask_to_close"
    ANSWER_CLOSING = "answer_closing"
    REOPEN = "reopen"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True)
class Possible:
    """One act that is possible now.

    Args:
        ref: id of the thing it is about; empty: the case itself.
        no: its number among its like.
        version: of what the act changes.
    """

    act: Act
    ref: str = ""
    no: int = 0
    version: int = 0


@dataclass(frozen=True)
class Begun:
    """An assessment, as far as it is told without opening it."""

    id: str
    kind: str
    status: str


@dataclass(frozen=True)
class Records:
    """What there is to read of a case: assessments, oldest first, and whether there is a report."""

    assessments: tuple[Begun, ...]
    has_report: bool


@dataclass(frozen=True)
class _Facts:
    session: Session
    actor: Actor
    row: CaseRow
    level: Level

    def may(self, roles: Collection[Role], level: Level = Level.FULL) -> bool:
        try:
            require_role(self.actor, self.row, roles)
        except RoleMayNot:
            return False
        return self.level >= level

    def steps(self, code: Step) -> bool:
        step = edge(code, self.row.state)
        return step is not None and self.actor.has(*step.who)


def possible_acts(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[Possible, ...]:
    """Return what this person may do with a case now, the most pressing first; nothing where it is not theirs.

    Source: DOM-2.2, DOM-3.3.
    """
    row = case_files.find_case(session, case_id)
    level = reach_of(session, actor, case_id, now=now).level
    if row is None or row.erased_at is not None or not actor.is_human or level < Level.CODED:
        return ()
    facts = _Facts(session, actor, row, level)
    found = [
        Possible(act, version=row.version) for act, is_open in _SIMPLE.items() if is_open(facts)
    ]
    found += [*_of_detention(facts), *_of_care(facts)]
    found += [*_of_assessments(facts), *_of_reports(facts), *_of_plan(facts)]
    found += [*_of_visits(facts, now), *_of_consents(facts), *_of_closing(facts)]
    order = list(Act)
    return tuple(sorted(found, key=lambda one: (order.index(one.act), one.no)))


def records_to_read(session: Session, actor: Actor, case_id: str, *, now: datetime) -> Records:
    """Return which assessments and report of a case are open to this person; none is opened here.

    Source: DOM-2.2.
    """
    if reach_of(session, actor, case_id, now=now).level < Level.FULL:
        return Records((), has_report=False)
    found = assessments.of_case(session, case_id)
    return Records(
        tuple(Begun(one.id, one.kind, one.status) for one in found),
        has_report=reports.newest(session, case_id) is not None,
    )


def _of_assessments(facts: _Facts) -> Iterator[Possible]:
    newest = assessments.newest(facts.session, facts.row.id)
    if newest is None or newest.status == AssessmentStatus.COMPLETED:
        if facts.may(WRITERS) and facts.row.state not in NOT_ASSESSABLE:
            yield Possible(Act.BEGIN_ASSESSMENT)
        return
    is_own = newest.author_person == facts.actor.person_id
    if newest.status == AssessmentStatus.PENDING_REVIEW:
        if facts.may({Role.SUPERVISOR}) and not is_own:
            yield Possible(Act.JUDGE_ASSESSMENT, newest.id)
    elif facts.may(WRITERS) and is_own:
        yield Possible(Act.WRITE_ASSESSMENT, newest.id)


def _of_reports(facts: _Facts) -> Iterator[Possible]:
    if facts.row.state not in {CaseState.BID_REPORT_DRAFT, CaseState.BID_QUALITY_CHECK}:
        return
    newest = reports.newest(facts.session, facts.row.id)
    is_own = newest is not None and newest.assessor_person == facts.actor.person_id
    if facts.row.state == CaseState.BID_REPORT_DRAFT:
        if is_own and facts.may({Role.ASSESSOR}):
            yield Possible(Act.WRITE_REPORT)
    elif not is_own and facts.may({Role.COORDINATOR}, Level.CODED):
        yield Possible(Act.CHECK_REPORT)


def _of_detention(facts: _Facts) -> Iterator[Possible]:
    if not facts.may(MAY_RECORD, Level.CODED):
        return
    for held in detentions.of_case(facts.session, facts.row.id):
        if held.released_at is None:
            yield Possible(Act.RELEASE, held.id, version=held.version)


def _of_care(facts: _Facts) -> Iterator[Possible]:
    if not facts.row.is_open or facts.row.state == CaseState.IDENTIFIED:
        return
    if not facts.may(PLACERS):
        return
    running = placements.running(facts.session, facts.row.id)
    yield Possible(Act.HOME_STUDY, version=facts.row.version)
    if running is None:
        yield Possible(Act.PLACEMENT, version=facts.row.version)
    else:
        yield Possible(Act.END_PLACEMENT, running.id, version=running.version)


def _of_plan(facts: _Facts) -> Iterator[Possible]:
    plan = plans.current(facts.session, facts.row.id)
    if plan is None or not facts.row.is_open or facts.level < Level.FULL:
        return
    if plan.status == DRAFT and facts.may({Role.SUPERVISOR}):
        yield Possible(Act.AGREE_PLAN, version=plan.version)
    if plan.status in {DRAFT, AGREED} and facts.may(PLANNERS):
        yield Possible(Act.ADD_ACTION)
    for action in plans.actions_of_plan(facts.session, plan.id):
        is_theirs = action.owner_person == facts.actor.person_id or facts.actor.has(*PLANNERS)
        if plan.status == AGREED and action.status == ActionStatus.OPEN and is_theirs:
            yield Possible(Act.ACTION_DONE, action.id, action.no, action.version)


def _of_visits(facts: _Facts, now: datetime) -> Iterator[Possible]:
    if not facts.may(VISITORS):
        return
    for visit in followup.visits_of(facts.session, facts.row.id):
        if visit.status == VisitStatus.PLANNED:
            yield Possible(Act.VISIT, visit.id, visit.no, visit.version)
            yield Possible(Act.MISS_VISIT, visit.id, visit.no, visit.version)
    for report in followup.reports_of(facts.session, facts.row.id):
        if report.written_at is None and report.due_on <= now.date():
            yield Possible(Act.FOLLOW_UP_REPORT, report.id, report.no, report.version)


def _of_consents(facts: _Facts) -> Iterator[Possible]:
    if not facts.may(RECORDERS):
        return
    standing = [
        one for one in consents.consents_of(facts.session, facts.row.id) if one.withdrawn_at is None
    ]
    for number, consent in enumerate(standing, start=1):
        yield Possible(Act.WITHDRAW_CONSENT, consent.id, number, consent.version)


def _of_closing(facts: _Facts) -> Iterator[Possible]:
    if not facts.row.is_open or facts.level < Level.FULL:
        return
    asked = [one for one in closing.requests_of(facts.session, facts.row.id) if not one.answer]
    if not asked and facts.may(ASKERS) and edge(Step.CLOSE, facts.row.state) is not None:
        yield Possible(Act.ASK_TO_CLOSE, version=facts.row.version)
    for one in asked:
        if one.asked_by != facts.actor.person_id and facts.may({Role.SUPERVISOR}):
            yield Possible(Act.ANSWER_CLOSING, one.id, version=one.version)


def _emergency(facts: _Facts) -> bool:
    return facts.level >= Level.CODED and facts.actor.has(*MAY_ACT)


def _guardian(facts: _Facts) -> bool:
    return facts.row.is_open and facts.may(APPOINTERS | STOP_GAPS)


_SIMPLE: Final[dict[Act, Callable[[_Facts], bool]]] = {
    Act.EMERGENCY: _emergency,
    Act.REGISTER: lambda f: f.steps(Step.REGISTER) and f.may({Role.CASEWORKER}, Level.CODED),
    Act.ALLOCATE: lambda f: f.steps(Step.ALLOCATE) and f.may({Role.SUPERVISOR}, Level.CODED),
    Act.NAME_ASSESSOR: lambda f: (
        f.steps(Step.NAME_ASSESSOR) and f.may({Role.SUPERVISOR, Role.COORDINATOR}, Level.CODED)
    ),
    Act.FACTS: lambda f: f.row.is_open and f.row.state != CaseState.IDENTIFIED and f.may(EDITORS),
    Act.RECORD_CONSENT: lambda f: f.row.is_open and f.may(RECORDERS),
    Act.WITHHOLD: lambda f: f.row.is_open and f.may(RECORDERS - {Role.GUARDIAN}),
    Act.PROTECTION: lambda f: f.row.is_open and f.may(EDITORS, Level.SENSITIVE),
    Act.UNWILLING: lambda f: f.row.is_open and f.may(MAY_PLACE, Level.SUMMARY),
    Act.CHECK_DESTINATION: lambda f: f.row.is_open and f.may(MAY_CHECK),
    Act.LEGAL_OFFER: lambda f: f.row.is_open and f.may(OFFERERS),
    Act.GUARDIAN: _guardian,
    Act.INTERPRETER: lambda f: f.row.is_open and f.may(ASSIGNERS, Level.CODED),
    Act.CONTACT: lambda f: f.row.is_open and f.may(CALLERS),
    Act.DETENTION: lambda f: (
        f.row.is_open and not f.row.detained and f.may(MAY_RECORD, Level.CODED)
    ),
    Act.HOLD: lambda f: f.steps(Step.HOLD) and f.may(MAY_HOLD),
    Act.RESUME: lambda f: f.steps(Step.RESUME) and f.may(MAY_HOLD),
    Act.REOPEN: lambda f: f.steps(Step.REOPEN) and f.level >= Level.CODED,
    Act.SET_ASIDE: lambda f: f.steps(Step.NOT_A_CHILD) and f.may({Role.SUPERVISOR}, Level.CODED),
}
