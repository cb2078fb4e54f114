"""The checklist of the day of travel: fourteen lines, and nobody travels while one of them is open.

The first lines are judged by ``movement_gate``, which also serves a country that has no partner yet; this module
adds what only exists once two countries work together.

Source: DOM-5.10, DOM-R33, DOM-R38, DOM-R39, DOM-R40.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from core.errors import Answer, Gap, answer
from transfers.rules.movement_gate import Movement, may_move_abroad

CONFIRMED_DAYS: Final = 14

LINE_OF_GAP: Final[dict[str, int]] = {
    "move_without_decision": 1, "move_decision_not_final": 1, "move_decision_reversed": 1,
    "move_decision_expired": 1, "move_other_outcome": 1, "move_other_destination": 1,
    "move_not_accepted": 2, "move_acceptance_not_written": 2, "move_acceptance_expired": 2,
    "move_conditions_not_met": 2,
    "movement_held": 3, "move_asylum_claim": 3, "move_child_fears_return": 3,
    "move_place_not_checked": 4, "move_place_not_cleared": 4, "move_check_too_old": 4,
    "move_nobody_receives": 5, "move_carer_has_not_agreed": 5, "move_reception_is_custody": 5,
    "travel_carer_not_confirmed": 5, "travel_home_study_missing": 5, "travel_home_study_expired": 5,
    "move_child_not_asked": 6, "move_child_not_willing": 6, "move_child_asked_too_long_ago": 6,
    "travel_child_not_told": 6, "move_too_young_to_decide_alone": 6,
    "travel_guardian_not_informed": 7, "travel_guardian_objects": 7,
    "travel_document_missing": 8,
    "travel_escort_missing": 9, "travel_escort_not_checked": 9, "travel_escort_not_contactable": 9,
    "travel_not_fit": 10, "travel_medicines_missing": 10,
    "travel_handover_not_agreed": 11,
    "travel_no_receiving_caseworker": 12, "travel_no_visit_schedule": 12,
    "travel_package_not_opened": 13,
    "travel_cleared_by_requester": 14, "travel_not_confirmed_by_receiver": 11,
}  # fmt: skip
"""Which of the fourteen lines a missing thing belongs to, for the checklist."""
LINES: Final = 14


@dataclass(frozen=True)
class Escort:
    """Who travels with the child all the way. A parent or the guardian needs no check of identity papers twice.

    Args:
        named: a person is named.
        checked: identity and background were checked.
        contactable: a number under which the escort is reached on the way.
    """

    named: bool = False
    checked: bool = False
    contactable: bool = False


@dataclass(frozen=True)
class Handover:
    """Person, place and hour as both sides agreed."""

    person: str = ""
    place: str = ""
    at: datetime | None = None
    confirmed_by_receiver: bool = False


@dataclass(frozen=True)
class Journey:
    """Everything of the day of travel that ``Movement`` does not hold.

    Args:
        movement: decision, acceptance, check of the place, reception and the child's answer.
        carer_confirmed_on: carer or agency and address were confirmed again.
        home_study_until: last day of the home study; ``None``: there is none.
        needs_home_study: whether this kind of placement needs one.
        child_told: told where to, with whom and for how long.
        guardian_informed: the guardian, or adviser, knows the day.
        guardian_objects: an objection stands that nobody has ruled on.
        documents_missing: of the corridor's list for this kind of transfer.
        escort: who travels with the child.
        fit: a clinician's word that the child can travel.
        medicines_ready: packed with their list, or none needed.
        handover: who takes the child over, where and when.
        caseworker_named: the receiving side named one.
        visits_planned: the receiving side sent the schedule of visits.
        package_opened: a named officer over there opened the package.
        requested_by: person who wrote the request.
        cleared_by: person who clears now.
    """

    movement: Movement
    carer_confirmed_on: date | None = None
    home_study_until: date | None = None
    needs_home_study: bool = True
    child_told: bool = False
    guardian_informed: bool = False
    guardian_objects: bool = False
    documents_missing: Collection[str] = ()
    escort: Escort = Escort()
    fit: bool = False
    medicines_ready: bool = False
    handover: Handover = Handover()
    caseworker_named: bool = False
    visits_planned: bool = False
    package_opened: bool = False
    requested_by: str = ""
    cleared_by: str = ""


@dataclass(frozen=True)
class Line:
    """One line of the checklist, with what is missing on it."""

    number: int
    gaps: tuple[Gap, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing is missing on this line."""
        return not self.gaps


def may_travel(journey: Journey) -> Answer:
    """Say whether the child may travel on that day, or everything that is not true yet."""
    return answer("clear_to_travel", (*may_move_abroad(journey.movement).gaps, *_more(journey)))


def checklist(journey: Journey) -> tuple[Line, ...]:
    """Return the fourteen lines in order, each with what is missing on it."""
    gaps = may_travel(journey).gaps
    return tuple(
        Line(number, tuple(gap for gap in gaps if LINE_OF_GAP[gap.code] == number))
        for number in range(1, LINES + 1)
    )


def _more(journey: Journey) -> Iterator[Gap]:
    yield from _reception(journey)
    if not journey.child_told:
        yield Gap("travel_child_not_told")
    if not journey.guardian_informed:
        yield Gap("travel_guardian_not_informed")
    if journey.guardian_objects:
        yield Gap("travel_guardian_objects")
    yield from (Gap("travel_document_missing", {"document": d}) for d in journey.documents_missing)
    yield from _escort(journey.escort)
    yield from _health(journey)
    yield from _arrival(journey)
    if not journey.cleared_by or journey.cleared_by == journey.requested_by:
        yield Gap("travel_cleared_by_requester")


def _reception(journey: Journey) -> Iterator[Gap]:
    """Carer and address confirmed lately, home study valid on the day."""
    confirmed, day = journey.carer_confirmed_on, journey.movement.on
    if confirmed is None or not timedelta(0) <= day - confirmed <= timedelta(days=CONFIRMED_DAYS):
        yield Gap("travel_carer_not_confirmed", {"days": CONFIRMED_DAYS})
    if not journey.needs_home_study:
        return
    if journey.home_study_until is None:
        yield Gap("travel_home_study_missing")
    elif day > journey.home_study_until:
        yield Gap(
            "travel_home_study_expired", {"valid_until": journey.home_study_until.isoformat()}
        )


def _escort(escort: Escort) -> Iterator[Gap]:
    """Parent, guardian or specialised escort all the way. Source: DOM-R38."""
    if not escort.named:
        yield Gap("travel_escort_missing")
        return
    if not escort.checked:
        yield Gap("travel_escort_not_checked")
    if not escort.contactable:
        yield Gap("travel_escort_not_contactable")


def _health(journey: Journey) -> Iterator[Gap]:
    if not journey.fit:
        yield Gap("travel_not_fit")
    if not journey.medicines_ready:
        yield Gap("travel_medicines_missing")


def _arrival(journey: Journey) -> Iterator[Gap]:
    """Who takes the child over, and who looks after the child from then on. Source: DOM-R39, DOM-R40."""
    handover = journey.handover
    if not (handover.person and handover.place and handover.at):
        yield Gap("travel_handover_not_agreed")
    elif not handover.confirmed_by_receiver:
        yield Gap("travel_not_confirmed_by_receiver")
    if not journey.caseworker_named:
        yield Gap("travel_no_receiving_caseworker")
    if not journey.visits_planned:
        yield Gap("travel_no_visit_schedule")
    if not journey.package_opened:
        yield Gap("travel_package_not_opened")
