"""The case plan and its actions: who does what by when, and when all of it is done."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cases.rules.participation import BANDS, Band, PlanVoice, plan_voice_gaps
from core.errors import Answer, Gap, answer


class ActionKind(StrEnum):
    """What an action is about."""

    PLACEMENT = "placement"
    CHANGE_OF_CARE = "change_of_care"
    SERVICE_REFERRAL = "service_referral"
    HEALTH = "health"
    EDUCATION = "education"
    PSYCHOSOCIAL = "psychosocial"
    LEGAL = "legal"
    DOCUMENTS = "documents"
    TRACING = "tracing"
    FAMILY_SUPPORT = "family_support"
    TRANSFER_ABROAD = "transfer_abroad"
    HOME_STUDY = "home_study"
    OTHER = "other"


class ActionStatus(StrEnum):
    """Where an action stands; nothing is ever dropped without a reason."""

    OPEN = "open"
    DONE = "done"
    REPLACED = "replaced"


@dataclass(frozen=True)
class Action:
    """One action as the rules see it.

    Args:
        owner: account of whoever is to do it.
        replaced_because: a reason is on file; needed when replaced.
    """

    id: str
    kind: ActionKind
    owner: str
    due_on: date | None
    status: ActionStatus = ActionStatus.OPEN
    replaced_because: bool = False


def agreement(
    actions: Iterable[Action],
    *,
    voice: PlanVoice,
    age_years: int | None,
    review_on: date | None,
    bands: Sequence[Band] = BANDS,
) -> Answer:
    """Say whether a plan may be agreed: actions with owner and date, a review, the child's word.

    Source: DOM-4.3/plan_actions, DOM-3.7.
    """
    return answer("agree_plan", _agreement_gaps(tuple(actions), voice, age_years, review_on, bands))


def _agreement_gaps(
    actions: tuple[Action, ...],
    voice: PlanVoice,
    age_years: int | None,
    review_on: date | None,
    bands: Sequence[Band],
) -> Iterator[Gap]:
    if not actions:
        yield Gap("plan_actions_missing")
    for no, action in enumerate(actions, start=1):
        if not action.owner:
            yield Gap("action_owner_missing", {"action": no})
        if action.due_on is None:
            yield Gap("action_due_missing", {"action": no})
    if review_on is None:
        yield Gap("plan_review_missing")
    yield from plan_voice_gaps(voice, age_years, bands)


def completion(
    actions: Iterable[Action], *, placement_recorded: bool, needs_placement: bool = True
) -> Answer:
    """Say whether follow-up may begin: actions done or replaced, and where the child lives on file.

    Nothing planned is not the same as everything done: without a single action only a placement or
    receipt on file lets follow-up begin.

    Args:
        actions: of the plan or decision.
        placement_recorded: a running placement, or a receipt abroad.
        needs_placement: whether the plan or decision places the child somewhere.

    Source: DOM-3.3/T17.
    """
    return answer(
        "enter_follow_up", _completion_gaps(tuple(actions), placement_recorded, needs_placement)
    )


def _completion_gaps(
    actions: tuple[Action, ...], placement_recorded: bool, needs_placement: bool
) -> Iterator[Gap]:
    waiting = [action for action in actions if not is_settled(action)]
    if waiting:
        yield Gap("actions_open", {"count": len(waiting)})
    if not actions and not placement_recorded:
        yield Gap("plan_actions_missing")
    if actions and needs_placement and not placement_recorded:
        yield Gap("placement_or_receipt_missing")


def is_settled(action: Action) -> bool:
    """Whether an action is done, or replaced with a reason. Source: DOM-3.3/T17."""
    if action.status is ActionStatus.REPLACED:
        return action.replaced_because
    return action.status is ActionStatus.DONE
