"""Urgent protection: what is recorded, by whom, and which duties follow. It waits for nothing.

An emergency action is no state of the case. It may be recorded in any state, without a consent,
an assessment or a decision. Only the crossing of a border needs the word of both duty officers.

Source: DOM-3.3/T3, DOM-5.9, DOM-R4.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from core.actors import Actor, Role
from core.errors import Answer, Gap, NotAllowed, answer


class Danger(StrEnum):
    """Why something had to be done at once."""

    VIOLENCE = "violence"
    SEXUAL_VIOLENCE = "sexual_violence"
    TRAFFICKING = "trafficking"
    DETENTION = "detention"
    MEDICAL = "medical"
    NO_CARE = "no_care"
    ARMED_CONFLICT = "armed_conflict"
    DISASTER = "disaster"
    RETURN_AT_RISK = "return_at_risk"
    OTHER = "other"


class Measure(StrEnum):
    """What was done at once."""

    PLACE_OF_SAFETY = "place_of_safety"
    MEDICAL_CARE = "medical_care"
    REMOVED_FROM_DANGER = "removed_from_danger"
    RELEASED_FROM_DETENTION = "released_from_detention"
    POLICE_PROTECTION = "police_protection"
    MOVED_INSIDE_COUNTRY = "moved_inside_country"
    EMERGENCY_CROSSING = "emergency_crossing"
    OTHER = "other"


class Duty(StrEnum):
    """What must follow an emergency action; each becomes a task."""

    SHORT_ASSESSMENT = "short_assessment_after_emergency"
    DETERMINATION = "determination_after_emergency"
    WRITTEN_CONSENT = "written_consent_after_crossing"


MAY_ACT: Final = frozenset(
    {
        Role.FIRST_LINE,
        Role.CASEWORKER,
        Role.SUPERVISOR,
        Role.ASSESSOR,
        Role.COORDINATOR,
        Role.CHAIR,
    }
)
CROSSING_DANGERS: Final = frozenset(
    {Danger.MEDICAL, Danger.ARMED_CONFLICT, Danger.DISASTER, Danger.VIOLENCE}
)
WRITTEN_WITHIN: Final = timedelta(hours=24)
ASSESSED_WITHIN: Final = timedelta(hours=72)
DETERMINED_WITHIN: Final = timedelta(days=14)
TRIGGERS: Final = frozenset({"B1", "B2", "B3", "B4", "B5", "B6"})


@dataclass(frozen=True)
class Crossing:
    """The word of the two duty officers by telephone before a border was crossed.

    Args:
        destination: ISO 3166-1 alpha-2 of the country entered.
        ours: person id of our duty officer, empty when nobody agreed.
        ours_at: when ours agreed.
        theirs_named: whether the name of the other duty officer is on record (sealed).
        theirs_at: when the other side agreed.
    """

    destination: str
    ours: str
    ours_at: datetime | None
    theirs_named: bool
    theirs_at: datetime | None


@dataclass(frozen=True)
class FollowUpDuty:
    """One duty and the moment by which it must be done; None leaves the moment to the pack."""

    duty: Duty
    role: Role
    due_at: datetime | None


def require_responder(actor: Actor) -> None:
    """Refuse anybody who is not first line, caseworker, supervisor, assessor, coordinator or chair.

    Raises:
        NotAllowed: for every other role, and for machines.

    Source: DOM-3.3/T3.
    """
    if not actor.is_human or not actor.has(*MAY_ACT):
        raise NotAllowed("emergency_action_role")


def may_cross(danger: Danger, crossing: Crossing, *, now: datetime) -> Answer:
    """Answer whether the emergency exception covers the crossing of a border.

    The only way around the other country's written consent: life-saving medical need or sudden
    evacuation, with both duty officers agreeing by telephone, in writing within 24 hours.

    Source: DOM-5.9, DOM-R33.
    """
    moments = [at for at in (crossing.ours_at, crossing.theirs_at) if at is not None]
    return answer(
        "emergency_crossing",
        (
            None if danger in CROSSING_DANGERS else Gap("crossing_not_life_saving"),
            None if crossing.destination else Gap("crossing_destination_missing"),
            None if crossing.ours and crossing.ours_at else Gap("crossing_our_officer_missing"),
            None
            if crossing.theirs_named and crossing.theirs_at
            else Gap("crossing_their_officer_missing"),
            Gap("crossing_consent_in_future") if any(at > now for at in moments) else None,
        ),
    )


def duties(
    *, acted_at: datetime, is_crossing: bool, triggers: Collection[str]
) -> tuple[FollowUpDuty, ...]:
    """Return what must follow: always a short assessment, and a determination while a trigger is true.

    After a crossing the terms are fixed (24 hours, 72 hours, 14 days) and the determination is
    always due, because the State moved the child.

    Source: DOM-3.3/T3, DOM-5.9, DOM-R4.
    """
    if is_crossing:
        return (
            FollowUpDuty(Duty.WRITTEN_CONSENT, Role.SECRETARIAT, acted_at + WRITTEN_WITHIN),
            FollowUpDuty(Duty.SHORT_ASSESSMENT, Role.CASEWORKER, acted_at + ASSESSED_WITHIN),
            FollowUpDuty(Duty.DETERMINATION, Role.ASSESSOR, acted_at + DETERMINED_WITHIN),
        )
    assessment = FollowUpDuty(Duty.SHORT_ASSESSMENT, Role.CASEWORKER, None)
    if not triggers:
        return (assessment,)
    return (
        assessment,
        FollowUpDuty(Duty.DETERMINATION, Role.ASSESSOR, acted_at + DETERMINED_WITHIN),
    )
