"""A placement names a decision of this child that is in force, and a report facilities that exist."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from cases.rules.facilities import Regime
from cases.rules.placements import CareType, NoFamilyCare
from cases.service import facilities, reports
from cases.service.facilities import FacilityDetails
from cases.service.forms import plain
from cases.service.placements import PlacementRequest
from core.actors import Role
from core.errors import Incomplete, NotThere
from core.ids import new_id
from panels.service import placing
from tests.builders.assessments import a_report, an_option
from tests.builders.cases import OFFICE, a_person_of_the_country
from tests.builders.decided import TOLD, Decided, recorded, told
from tests.builders.procedure import a_case_at_report, a_submitted_report
from tests.conftest import NOON


def a_home(session: Session, country: str = "ZM") -> str:
    keeper = a_person_of_the_country(Role.SECRETARIAT, country=country)
    place = OFFICE if country == "ZM" else "NA-KA"
    until = TOLD.date() + timedelta(days=365)
    details = FacilityDetails(f"Home {new_id()[:8]}", place, Regime.OPEN, 5, "R-7", until)
    return facilities.register_facility(session, keeper, details, now=NOON).id


def a_wish(session: Session, decision_id: str | None, **changed: Any) -> PlacementRequest:
    ordinary = PlacementRequest(
        care=CareType.RESIDENTIAL_SMALL,
        started_on=TOLD.date(),
        review_due=TOLD.date() + timedelta(days=60),
        facility_id=a_home(session),
        no_family_care=NoFamilyCare.NO_FAMILY_FOUND,
        decision_id=decision_id,
    )
    return replace(ordinary, **changed)


def refused(session: Session, decided: Decided, decision_id: str) -> list[str]:
    wish = a_wish(session, decision_id)
    with pytest.raises(Incomplete) as found:
        placing.start_placement(session, decided.worker, decided.case_id, wish, now=TOLD)
    return [gap.code for gap in found.value.gaps]


def test_a_child_moves_in_under_the_decision_in_force(session: Session) -> None:
    decided = told(session)
    wish = a_wish(session, decided.determination_id)

    kept = placing.start_placement(session, decided.worker, decided.case_id, wish, now=TOLD)

    assert kept.decision_id == decided.determination_id


@pytest.mark.rule("R2")
def test_a_decision_about_another_child_and_one_nobody_took_are_refused_alike(
    session: Session,
) -> None:
    decided, other = told(session), told(session)

    assert refused(session, decided, other.determination_id) == ["decision_not_of_this_child"]
    assert refused(session, decided, new_id()) == ["decision_not_of_this_child"]


def test_a_decision_that_waits_for_signatures_is_not_carried_out(session: Session) -> None:
    decided = recorded(session)

    assert refused(session, decided, decided.determination_id) == ["decision_not_in_force"]


def test_whoever_sees_no_case_learns_nothing_of_its_decisions(session: Session) -> None:
    decided, other = told(session), told(session)
    wish = a_wish(session, decided.determination_id)

    with pytest.raises(NotThere):
        placing.start_placement(session, other.worker, decided.case_id, wish, now=TOLD)


@pytest.mark.parametrize("where", ["nowhere", "abroad"])
def test_a_report_proposes_no_facility_that_the_registry_does_not_have(
    session: Session, where: str
) -> None:
    team = a_case_at_report(session)
    place = new_id() if where == "nowhere" else a_home(session, "NA")
    options = (replace(an_option("O1"), facility=place), an_option("O2"))

    with pytest.raises(Incomplete) as found:
        a_submitted_report(session, team, options=options)

    assert [gap.code for gap in found.value.gaps] == ["facility_unknown"]
    known = (replace(options[0], facility=a_home(session)), options[1])
    reports.save_report(
        session, team.assessor, team.case_id, plain(a_report(options=known)), now=NOON
    )
    assert reports.submit_report(session, team.assessor, team.case_id, now=NOON)
