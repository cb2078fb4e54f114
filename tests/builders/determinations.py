"""Ordinary decisions, deferrals, conversations and movements; a test changes what it is about."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from cases.rules.placements import CareType
from cases.rules.reports import DangerResult, FactorGroup, Outcome
from panels.rules.communication import Conversation, Listener, Reaction
from panels.rules.deferral import Draft as Deferral
from panels.rules.deferral import Question
from panels.rules.determination import (
    Action,
    Circumstances,
    Draft,
    Offered,
    ViewsWeight,
    Weight,
)
from panels.rules.outcomes import Destination, Support

TODAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOME = "ZM"
ABROAD = Destination(Outcome.FAMILY_REUNIFICATION, "NA", CareType.KINSHIP)

REASONS: Mapping[FactorGroup, str] = {
    FactorGroup.CHILD_VIEWS: "The child said clearly, in two talks, what would feel right and why.",
    FactorGroup.SAFE_ENVIRONMENT: "The place was visited and no danger was found for the child there.",
    FactorGroup.FAMILY: "The family is known, has cared before and wishes to do so again.",
    FactorGroup.DEVELOPMENT: "School, language and health care go on without interruption there.",
}
CHILD_VERSION = "We listened to you. You can live with your family. This is why we think so."


def a_draft(**changes: Any) -> Draft:
    """A complete decision: care with relatives in the child's own country."""
    draft = Draft(
        destination=Destination(Outcome.CARE_PLACEMENT, HOME, CareType.KINSHIP),
        option_ref="O1",
        reasons=dict(REASONS),
        weight=Weight(
            ViewsWeight.FOLLOWED, "The panel follows the wish of the child, stated freely twice."
        ),
        child_version=CHILD_VERSION,
        child_version_language="sw",
        interim_care="Stays with the present foster family until the move.",
        actions=(Action("Move to the relatives", "caseworker", TODAY + timedelta(days=10)),),
        support=Support(review_on=TODAY + timedelta(days=80)),
        valid_until=TODAY + timedelta(days=180),
    )
    return replace(draft, **changes)


def going_abroad(**changes: Any) -> Draft:
    """A complete decision: reunification with family in a neighbouring country."""
    support = Support(non_refoulement=DangerResult.CLEARED, review_on=TODAY + timedelta(days=80))
    return replace(a_draft(destination=ABROAD, support=support), **changes)


def circumstances(**changes: Any) -> Circumstances:
    """An unaccompanied child with a guardian, a quorate panel, a report with two options."""
    on = Circumstances(
        decided_on=TODAY,
        home=HOME,
        decided_by_person=True,
        accompaniment="unaccompanied",
        has_adult=True,
        languages=frozenset({"sw", "fr"}),
        options={
            "O1": Offered(Outcome.CARE_PLACEMENT, HOME),
            "O2": Offered(Outcome.LOCAL_INTEGRATION, HOME),
        },
        voted_for="O1",
        latest_validity=TODAY + timedelta(days=184),
    )
    return replace(on, **changes)


def circumstances_for(draft: Draft, **changes: Any) -> Circumstances:
    """Circumstances in which the panel voted for just what the draft says."""
    offered = Offered(draft.destination.outcome, draft.destination.country)
    return circumstances(options={draft.option_ref: offered}, **changes)


def a_deferral(**changes: Any) -> Deferral:
    """A complete deferral with one question."""
    deferral = Deferral(
        questions=(Question("Is the aunt willing?", "secretariat", TODAY + timedelta(days=10)),),
        interim_care="Foster family",
        interim_care_is_safe=True,
    )
    return replace(deferral, **changes)


def a_conversation(**changes: Any) -> Conversation:
    """The decision explained the day after, in the child's language, with the guardian there."""
    talk = Conversation(
        told_at=NOON + timedelta(days=1),
        language="sw",
        explained_by="person-caseworker",
        present=("guardian",),
        reaction=Reaction.AGREES,
        reaction_words="Smiled and asked when.",
        note=CHILD_VERSION,
        complaint_route_explained=True,
        appeal_route_explained=True,
    )
    return replace(talk, **changes)


def a_listener(**changes: Any) -> Listener:
    """A child who speaks Swahili, with a decision signed on Monday noon."""
    return replace(
        Listener(languages=frozenset({"sw"}), interpreter_needed=False, sealed_at=NOON), **changes
    )
