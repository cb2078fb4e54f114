"""Decisions that lead a child to another country, brought there by the people who would have done it."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from cases.rules.placements import CareType
from cases.rules.reports import DangerResult, Outcome
from cases.service import non_refoulement, reports
from cases.service.non_refoulement import Qualification
from panels.rules.items import Invited
from panels.rules.outcomes import Destination
from panels.service import communication, determinations, listing, procedure, sittings
from panels.service.listing import Invitation
from tests.builders.assessments import an_option, an_option_abroad
from tests.builders.decided import (
    DECIDED,
    SIGNED,
    TOLD,
    Decided,
    a_decision,
    a_talk,
    sign,
    with_guardian,
)
from tests.builders.procedure import Team, a_case_at_report, a_submitted_report
from tests.builders.sittings import Court, a_court, a_sitting, in_deliberation
from tests.conftest import NOON


def checked(session: Session, team: Team, country: str, *, now: datetime, **changes: Any) -> None:
    """Let a lawyer find a country safe for this child on a day."""
    values: dict[str, Any] = {
        "destination": country,
        "result": DangerResult.CLEARED,
        "basis": "Country report.",
        "qualification": Qualification.LAWYER,
        "checked_on": now.date(),
    } | changes
    non_refoulement.record_check(session, team.assessor, team.case_id, now=now, **values)


def in_deliberation_abroad(
    session: Session, country: str = "NA", outcome: Outcome = Outcome.FAMILY_REUNIFICATION
) -> Court:
    """An item whose first option leads to another country."""
    court = a_sitting(session, a_court(session))
    team = court.team = a_case_at_report(session)
    checked(session, team, country, now=NOON)
    options = (an_option_abroad("O1", country, outcome=outcome), an_option("O2"))
    a_submitted_report(session, team, options=options)
    reports.pass_report(session, team.coordinator, team.case_id, now=NOON)
    invited = (Invitation(Invited.GUARDIAN), Invitation(Invited.INTERPRETER))
    court.item_id = listing.list_case(
        session, court.secretary, court.sitting_id, team.case_id, invited=invited, now=NOON
    )
    sittings.convene_sitting(session, court.secretary, court.sitting_id, now=NOON)
    return in_deliberation(session, court=court)


def told_abroad(
    session: Session, country: str = "NA", outcome: Outcome = Outcome.FAMILY_REUNIFICATION
) -> Decided:
    """A decision that leads to another country, signed, and explained to the child."""
    court = in_deliberation_abroad(session, country, outcome)
    assert court.team is not None
    for name in court.people:
        court.vote(session, name)
    guardian = with_guardian(session, court)
    checked(session, court.team, country, now=DECIDED)
    destination = Destination(outcome, country, CareType.KINSHIP)
    found = determinations.record_determination(
        session,
        court.people["chair"],
        court.item_id,
        a_decision(destination=destination),
        now=DECIDED,
    )
    decided = Decided(court, found, guardian)
    sign(session, decided, "chair", "deputy", "welfare")
    procedure.enter_decision(session, decided.case_id, now=SIGNED)
    communication.communicate_determination(
        session, decided.worker, decided.determination_id, a_talk(), now=TOLD
    )
    procedure.open_appeal_window(session, decided.case_id, now=TOLD)
    return decided
