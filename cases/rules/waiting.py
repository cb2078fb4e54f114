"""Which human act a case waits for: one speaking name for each state of its way.

The names are what a worker or an operator reads beside a waiting case.
Nothing in them is about a child.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cases.rules.machine import CaseState


class Stage(StrEnum):
    """The stages of the procedure, in order."""

    ASSESSMENT = "assessment"
    SITTING = "sitting"
    DECISION = "decision"
    TRANSFER_OR_PLACEMENT = "transfer_or_placement"
    FOLLOW_UP = "follow_up"
    DONE = "done"


@dataclass(frozen=True)
class Waiting:
    """What the case waits for.

    Args:
        stage: the stage that is not closed yet.
        name: the human act, in words, e.g. "Awaiting BIA approval".
        holder: role code of whoever is to act; empty when nobody is.
    """

    stage: Stage
    name: str
    holder: str = ""


@dataclass(frozen=True)
class Progress:
    """What lies on file besides the state, as far as the name of the wait depends on it.

    Args:
        assessment: status of the newest assessment; empty when none was begun.
        plan_agreed: the case plan is agreed.
        open_actions: actions of the plan that are neither done nor replaced.
        placement_recorded: a placement or a receipt abroad is on file.
        visit_due: a planned visit is not yet done.
        nothing_planned: it is to be carried out, but not one action is on file.
        is_tied: the panel could not decide and referred it to the review panel.
    """

    assessment: str = ""
    plan_agreed: bool = False
    open_actions: int = 0
    placement_recorded: bool = False
    visit_due: bool = False
    nothing_planned: bool = False
    is_tied: bool = False


_BY_STATE: Final[Mapping[CaseState, Waiting]] = {
    CaseState.IDENTIFIED: Waiting(Stage.ASSESSMENT, "Awaiting registration", "caseworker"),
    CaseState.REGISTERED: Waiting(Stage.ASSESSMENT, "Awaiting allocation", "supervisor"),
    CaseState.REOPENED: Waiting(
        Stage.ASSESSMENT, "Awaiting allocation after reopening", "supervisor"
    ),
    CaseState.BID_REQUIRED: Waiting(Stage.SITTING, "Awaiting BID assessor", "supervisor"),
    CaseState.BID_REPORT_DRAFT: Waiting(Stage.SITTING, "Awaiting BID report", "assessor"),
    CaseState.BID_QUALITY_CHECK: Waiting(Stage.SITTING, "Awaiting quality check", "coordinator"),
    CaseState.BID_READY: Waiting(Stage.SITTING, "Awaiting listing", "secretary"),
    CaseState.BID_LISTED: Waiting(Stage.SITTING, "Awaiting sitting", "chair"),
    CaseState.BID_DEFERRED: Waiting(
        Stage.SITTING, "Awaiting answers to the panel's questions", "owner"
    ),
    CaseState.BID_IN_SITTING: Waiting(Stage.DECISION, "Awaiting panel decision", "chair"),
    CaseState.BID_DECIDED: Waiting(
        Stage.DECISION, "Awaiting communication to the child", "caseworker"
    ),
    CaseState.COMMUNICATED: Waiting(
        Stage.TRANSFER_OR_PLACEMENT, "Awaiting start after the appeal window", "coordinator"
    ),
    CaseState.UNDER_APPEAL: Waiting(Stage.DECISION, "Awaiting appeal decision", "appeal_body"),
    CaseState.ON_HOLD: Waiting(Stage.ASSESSMENT, "Awaiting review of the hold", "supervisor"),
    CaseState.TRANSFERRED_OUT: Waiting(
        Stage.FOLLOW_UP, "Awaiting final report from abroad", "secretariat"
    ),
    CaseState.CLOSED: Waiting(Stage.DONE, "Closed"),
    CaseState.NOT_ELIGIBLE: Waiting(Stage.DONE, "Not eligible"),
    CaseState.DUPLICATE: Waiting(Stage.DONE, "Merged with another case"),
}

_BY_ASSESSMENT: Final[Mapping[str, Waiting]] = {
    "": Waiting(Stage.ASSESSMENT, "Awaiting BIA", "caseworker"),
    "pending_interview": Waiting(Stage.ASSESSMENT, "Awaiting BIA interview", "caseworker"),
    "pending_recommendation": Waiting(
        Stage.ASSESSMENT, "Awaiting BIA recommendation", "caseworker"
    ),
    "pending_review": Waiting(Stage.ASSESSMENT, "Awaiting BIA approval", "supervisor"),
    "completed": Waiting(Stage.ASSESSMENT, "BIA approved, moving on", "procedure"),
}


def waiting(state: str, progress: Progress) -> Waiting:
    """Name the human act a case in this state waits for.

    Raises:
        ValueError: the state is none of the case machine's.

    Source: DOM-3.1, DOM-3.3.
    """
    if state == CaseState.BIA_IN_PROGRESS:
        return _BY_ASSESSMENT[progress.assessment]
    if state == CaseState.PLANNED:
        return _planned(progress)
    if state == CaseState.IMPLEMENTING:
        return _implementing(progress)
    if state == CaseState.FOLLOW_UP:
        return _follow_up(progress)
    if state == CaseState.BID_DEFERRED and progress.is_tied:
        return Waiting(Stage.SITTING, "Awaiting preparation for the review panel", "coordinator")
    return _BY_STATE[CaseState(state)]


def _planned(progress: Progress) -> Waiting:
    name = "Plan agreed, moving on" if progress.plan_agreed else "Awaiting agreed case plan"
    holder = "procedure" if progress.plan_agreed else "caseworker"
    return Waiting(Stage.TRANSFER_OR_PLACEMENT, name, holder)


def _implementing(progress: Progress) -> Waiting:
    stage = Stage.TRANSFER_OR_PLACEMENT
    if progress.open_actions:
        return Waiting(stage, "Awaiting actions of the plan", "action_owner")
    if progress.nothing_planned:
        return Waiting(stage, "Awaiting agreed case plan or placement", "caseworker")
    if not progress.placement_recorded:
        return Waiting(stage, "Awaiting placement or receipt", "caseworker")
    return Waiting(stage, "All actions done, moving on", "procedure")


def _follow_up(progress: Progress) -> Waiting:
    if progress.visit_due:
        return Waiting(Stage.FOLLOW_UP, "Awaiting follow-up visit", "caseworker")
    return Waiting(Stage.FOLLOW_UP, "Awaiting closing conditions", "caseworker")
