"""The decision of a panel as a form: the votes chose the option, the form words it.

Nothing is filled in for the panel but what the votes decided. What is missing is said by the rules of determinations.
"""

from datetime import date
from typing import Final

from api.desk.forms import day_in
from api.desk.visit import Visit, given
from api.portal.door import Form
from cases.rules.placements import CareType
from cases.rules.plans import ActionKind
from cases.rules.reports import FactorGroup, Outcome
from core.errors import BadInput
from panels.rules.determination import Action, Draft, ViewsWeight, Weight
from panels.rules.outcomes import Destination, Support
from panels.service import ballots, determinations, room
from panels.service.room import Offered

ACTIONS: Final = 3


def record(visit: Visit, item_id: str, form: Form, version: int) -> None:
    """Record what the panel decided, in the words of the form.

    Raises:
        BadInput: a day or a choice is missing.
        Incomplete: everything the decision lacks.
    """
    determinations.record_determination(
        visit.session, visit.actor, item_id, _draft(form, _chosen(visit, item_id)),
        now=visit.now, expected_version=version,
    )  # fmt: skip


def _chosen(visit: Visit, item_id: str) -> Offered | None:
    found = ballots.show_round(visit.session, visit.actor, item_id, now=visit.now)
    options = room.show_room(visit.session, visit.actor, item_id, now=visit.now).options
    return next((one for one in options if one.ref == found.option), None)


def _draft(form: Form, chosen: Offered | None) -> Draft:
    if chosen is None:
        raise BadInput("/decide", "choose_one")
    care = CareType(chosen.care) if chosen.care else None
    return Draft(
        destination=Destination(Outcome(chosen.outcome), chosen.destination, care),
        option_ref=chosen.ref,
        reasons={group: given(form, f"reason-{group}") for group in FactorGroup},
        weight=Weight(
            _weight(form), given(form, "views_explanation"), given(form, "why_different")
        ),
        child_version=given(form, "child_version"),
        child_version_language=given(form, "child_language", 10),
        interim_care=given(form, "interim"),
        actions=tuple(
            _action(form, at) for at in range(1, ACTIONS + 1) if given(form, f"action-{at}")
        ),
        support=Support(
            legal_authority=given(form, "legal_authority"),
            court_reference=given(form, "court_reference", 200),
            family_care_not_possible=given(form, "family_care_not_possible"),
            review_on=_day(form, "review"),
        ),
        valid_until=_day(form, "valid"),
        sibling_reason=given(form, "sibling_reason"),
    )


def _weight(form: Form) -> ViewsWeight:
    try:
        return ViewsWeight(form.get("views_weight", ""))
    except ValueError as error:
        raise BadInput("/views_weight", "choose_one") from error


def _action(form: Form, at: int) -> Action:
    try:
        kind = ActionKind(form.get(f"kind-{at}", ""))
    except ValueError as error:
        raise BadInput(f"/kind-{at}", "choose_one") from error
    return Action(
        given(form, f"action-{at}"), given(form, f"who-{at}", 40), _day(form, f"by-{at}"), kind
    )


def _day(form: Form, name: str) -> date:
    found = day_in(form, name)
    if found is None:
        raise BadInput(f"/{name}-day", "day_needed")
    return found
