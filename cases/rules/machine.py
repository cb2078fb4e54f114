"""The states of a child's case and every step between them, as data.

Preconditions of a step live with its subject (``assessment``, ``closing``, ...); this table only
says which steps exist and who takes them. ``EMERGENCY_ACTION`` is not a state: it is a record
beside the case and never waits for one.

Source: DOM-3.1, DOM-3.3.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.actors import Role


class CaseState(StrEnum):
    """Where a child's case stands. Source: DOM-3.1."""

    IDENTIFIED = "identified"
    REGISTERED = "registered"
    BIA_IN_PROGRESS = "bia_in_progress"
    PLANNED = "planned"
    BID_REQUIRED = "bid_required"
    BID_REPORT_DRAFT = "bid_report_draft"
    BID_QUALITY_CHECK = "bid_quality_check"
    BID_READY = "bid_ready"
    BID_LISTED = "bid_listed"
    BID_IN_SITTING = "bid_in_sitting"
    BID_DEFERRED = "bid_deferred"
    BID_DECIDED = "bid_decided"
    COMMUNICATED = "communicated"
    UNDER_APPEAL = "under_appeal"
    IMPLEMENTING = "implementing"
    FOLLOW_UP = "follow_up"
    ON_HOLD = "on_hold"
    TRANSFERRED_OUT = "transferred_out"
    CLOSED = "closed"
    REOPENED = "reopened"
    NOT_ELIGIBLE = "not_eligible"
    DUPLICATE = "duplicate"


class Step(StrEnum):
    """Codes of the steps: T-numbers of DOM-3.3, and names where DOM-3.1 has a step without one."""

    REGISTER = "T2"
    ALLOCATE = "T5"
    APPROVE_ASSESSMENT = "T6"
    REQUIRE_BID = "T7"
    NAME_ASSESSOR = "ASSESSOR_NAMED"
    SUBMIT_REPORT = "T8"
    PASS_QUALITY_CHECK = "T9"  # noqa: S105 (a step, not a secret)
    RETURN_REPORT = "RETURNED"
    LIST = "T10"
    TAKE_OFF_LIST = "NOT_REACHED"
    CALL = "T11"
    LOSE_QUORUM = "LOST_QUORUM"
    DEFER = "T12"
    ANSWER_QUESTIONS = "ANSWERS_IN"
    DECIDE = "T13"
    DECIDE_SIMPLIFIED = "T13_SIMPLIFIED"
    COMMUNICATE = "T14"
    APPEAL = "T15"
    SEND_BACK = "APPEAL_RETURNED"
    IMPLEMENT = "T16"
    BEGIN_PLAN = "PLAN_BEGUN"
    FOLLOW_UP = "T17"
    CLOSE = "T18"
    REOPEN = "T19"
    REOPEN_BID = "BID_REOPENED"
    HOLD = "HELD"
    RESUME = "RESUMED"
    TRANSFER_OUT = "TRANSFERRED"
    NOT_A_CHILD = "NOT_ELIGIBLE"
    MERGE = "MERGED"


@dataclass(frozen=True)
class Transition:
    """One step of the procedure.

    Args:
        code: the step.
        sources: states from which it exists.
        to: the state it leads to; ``None``: the state the case was held from.
        who: roles that may take it; scope is checked by the service.
    """

    code: Step
    sources: frozenset[CaseState]
    to: CaseState | None
    who: frozenset[Role]


S = CaseState
ENDED: Final = frozenset({S.CLOSED, S.NOT_ELIGIBLE, S.DUPLICATE})
OPEN_STATES: Final = frozenset(CaseState) - ENDED
# A determination is being prepared, or the panel has still to give it.
TO_BE_DETERMINED: Final = frozenset(
    {
        S.BID_REQUIRED,
        S.BID_REPORT_DRAFT,
        S.BID_QUALITY_CHECK,
        S.BID_READY,
        S.BID_LISTED,
        S.BID_IN_SITTING,
        S.BID_DEFERRED,
        S.UNDER_APPEAL,
    }
)
# A panel that has the child's item in its hands finishes or defers it first.
_OUTSIDE_THE_SITTING: Final = OPEN_STATES - {S.BID_IN_SITTING}
_DECIDED: Final = frozenset({S.BID_DECIDED, S.COMMUNICATED, S.IMPLEMENTING, S.FOLLOW_UP})

_WORKER: Final = frozenset({Role.CASEWORKER})
_SUPERVISOR: Final = frozenset({Role.SUPERVISOR})
_ENGINE: Final = frozenset({Role.PROCEDURE})
_COORDINATOR: Final = frozenset({Role.COORDINATOR})
_PANEL: Final = frozenset({Role.CHAIR, Role.MEMBER, Role.SECRETARY, Role.PROCEDURE})
_REOPENERS: Final = frozenset({Role.SUPERVISOR, Role.COORDINATOR, Role.SECRETARIAT_HEAD})
_CHILDS_SIDE: Final = frozenset({Role.GUARDIAN, Role.LAWYER, Role.CASEWORKER})
_STATE: Final = frozenset({Role.SECRETARIAT, Role.SECRETARIAT_HEAD, Role.PROCEDURE})


def _step(
    code: Step,
    sources: CaseState | frozenset[CaseState],
    to: CaseState | None,
    who: frozenset[Role],
) -> Transition:
    found = frozenset({sources}) if isinstance(sources, CaseState) else sources
    return Transition(code, found, to, who)


_ALL: Final = (
    _step(Step.REGISTER, S.IDENTIFIED, S.REGISTERED, _WORKER),
    _step(Step.ALLOCATE, frozenset({S.REGISTERED, S.REOPENED}), S.BIA_IN_PROGRESS, _SUPERVISOR),
    _step(Step.APPROVE_ASSESSMENT, S.BIA_IN_PROGRESS, S.PLANNED, _SUPERVISOR | _ENGINE),
    _step(
        Step.REQUIRE_BID,
        frozenset({S.BIA_IN_PROGRESS, S.PLANNED, S.IMPLEMENTING, S.FOLLOW_UP}),
        S.BID_REQUIRED,
        _SUPERVISOR | _ENGINE,
    ),
    _step(Step.NAME_ASSESSOR, S.BID_REQUIRED, S.BID_REPORT_DRAFT, _SUPERVISOR | _COORDINATOR),
    _step(Step.SUBMIT_REPORT, S.BID_REPORT_DRAFT, S.BID_QUALITY_CHECK, frozenset({Role.ASSESSOR})),
    _step(Step.PASS_QUALITY_CHECK, S.BID_QUALITY_CHECK, S.BID_READY, _COORDINATOR),
    _step(Step.RETURN_REPORT, S.BID_QUALITY_CHECK, S.BID_REPORT_DRAFT, _COORDINATOR),
    _step(Step.LIST, S.BID_READY, S.BID_LISTED, _COORDINATOR | {Role.SECRETARY}),
    _step(Step.TAKE_OFF_LIST, S.BID_LISTED, S.BID_READY, _PANEL | _COORDINATOR),
    _step(Step.CALL, S.BID_LISTED, S.BID_IN_SITTING, _PANEL),
    _step(Step.LOSE_QUORUM, S.BID_IN_SITTING, S.BID_READY, _PANEL),
    _step(Step.DEFER, S.BID_IN_SITTING, S.BID_DEFERRED, _PANEL),
    _step(
        Step.ANSWER_QUESTIONS,
        S.BID_DEFERRED,
        S.BID_QUALITY_CHECK,
        frozenset({Role.ASSESSOR, Role.CASEWORKER, Role.SECRETARIAT, Role.PROCEDURE})
        | _COORDINATOR,
    ),
    _step(Step.DECIDE, S.BID_IN_SITTING, S.BID_DECIDED, _PANEL),
    _step(Step.DECIDE_SIMPLIFIED, frozenset({S.BID_READY, S.BID_LISTED}), S.BID_DECIDED, _PANEL),
    _step(
        Step.COMMUNICATE,
        S.BID_DECIDED,
        S.COMMUNICATED,
        frozenset({Role.CASEWORKER, Role.GUARDIAN, Role.PROCEDURE}),
    ),
    _step(
        Step.APPEAL,
        frozenset({S.COMMUNICATED, S.IMPLEMENTING, S.FOLLOW_UP}),
        S.UNDER_APPEAL,
        _CHILDS_SIDE | _ENGINE,
    ),
    _step(Step.SEND_BACK, S.UNDER_APPEAL, S.BID_REQUIRED, _PANEL | _COORDINATOR | _STATE),
    _step(
        Step.IMPLEMENT,
        frozenset({S.COMMUNICATED, S.UNDER_APPEAL}),
        S.IMPLEMENTING,
        _COORDINATOR | _ENGINE,
    ),
    _step(Step.BEGIN_PLAN, S.PLANNED, S.IMPLEMENTING, _SUPERVISOR | _WORKER | _ENGINE),
    _step(Step.FOLLOW_UP, S.IMPLEMENTING, S.FOLLOW_UP, _WORKER | _ENGINE),
    _step(
        Step.CLOSE,
        _OUTSIDE_THE_SITTING - {S.IDENTIFIED, S.BID_LISTED, S.UNDER_APPEAL},
        S.CLOSED,
        _SUPERVISOR,
    ),
    _step(
        Step.REOPEN,
        frozenset({S.CLOSED, S.FOLLOW_UP, S.IMPLEMENTING, S.COMMUNICATED, S.TRANSFERRED_OUT}),
        S.REOPENED,
        _REOPENERS,
    ),
    _step(Step.REOPEN_BID, _DECIDED, S.BID_REQUIRED, _REOPENERS | {Role.CHAIR} | _ENGINE),
    _step(
        Step.HOLD,
        _OUTSIDE_THE_SITTING - {S.ON_HOLD},
        S.ON_HOLD,
        _WORKER | _SUPERVISOR,
    ),
    _step(Step.RESUME, S.ON_HOLD, None, _WORKER | _SUPERVISOR),
    _step(Step.TRANSFER_OUT, frozenset({S.IMPLEMENTING, S.FOLLOW_UP}), S.TRANSFERRED_OUT, _STATE),
    _step(Step.NOT_A_CHILD, S.IDENTIFIED, S.NOT_ELIGIBLE, _SUPERVISOR),
    _step(
        Step.MERGE,
        (_OUTSIDE_THE_SITTING | {S.CLOSED}) - {S.BID_LISTED},
        S.DUPLICATE,
        _SUPERVISOR,
    ),
)

TRANSITIONS: Final[dict[Step, Transition]] = {step.code: step for step in _ALL}


def edge(code: str, source: str) -> Transition | None:
    """Find the step of this code from this state; ``None`` when there is no such step."""
    found = TRANSITIONS.get(Step(code)) if code in set(Step) else None
    return found if found is not None and source in found.sources else None


def steps_from(source: str) -> tuple[Transition, ...]:
    """List every step that exists from a state, in the order of the procedure."""
    return tuple(step for step in _ALL if source in step.sources)


def state_rank(state: str) -> int:
    """Order states along the procedure, for lists."""
    return list(CaseState).index(CaseState(state))
