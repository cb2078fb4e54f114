"""The two limits that run from the alert: the first protective response and registration."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session

from cases.rules.assessments import AssessmentKind
from cases.rules.children import AgeBasis, Alert, Child, Names, Priority, Sex, Source, Tri
from cases.rules.consent import NotAskedReason
from cases.rules.detention import DetentionPlace
from cases.rules.machine import CaseState
from cases.rules.placements import CareType
from cases.service import assessments, clocks, detention, emergency, placements, registration, steps
from cases.service.clock_views import clocks_of
from cases.service.forms import plain
from cases.service.placements import PlacementRequest
from core.actors import Actor
from tests.builders.assessments import TODAY, an_assessment
from tests.builders.case_life import a_release, an_emergency
from tests.builders.cases import OFFICE, a_caseworker, a_supervisor
from tests.builders.procedure import Team, a_team
from tests.conftest import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ALERT = Alert(office=OFFICE, source=Source.BORDER, in_danger=Tri.NO, in_detention=Tri.NO)
A_BOY = Child(
    names=Names(given="Amani"),
    sex=Sex.MALE,
    age_years=13,
    age_stated_on=date(2026, 3, 1),
    age_basis=AgeBasis.STATED,
)
NOT_ASKED = NotAskedReason.NO_COMMON_LANGUAGE


def an_alert(session: Session, alert: Alert = ALERT) -> tuple[Actor, str]:
    """A worker and the case they just opened."""
    worker = a_caseworker()
    return worker, registration.raise_alert(session, worker, alert, now=NOON).case_id


def status(session: Session, worker: Actor, case_id: str) -> dict[str, str]:
    """Every limit of a case by its code."""
    return {one.code: one.status for one in clocks_of(session, worker, case_id, now=NOON)}


def raised(session: Session, now: datetime) -> list[tuple[str, int]]:
    """Raise what is due."""
    return [
        (due.code, due.level)
        for due in clocks.due_levels(session, now=now, limit=100)
        if clocks.raise_level(session, due.deadline_id, due.level, now=now)
    ]


def test_response_and_registration_are_awaited_from_the_moment_of_the_alert(
    session: Session,
) -> None:
    worker, case_id = an_alert(session)

    due = {one.code: one.due.utc for one in clocks_of(session, worker, case_id, now=NOON)}

    assert due == {
        "D1": NOON + 7 * DAY,
        "D2": NOON + 3 * DAY,
    }  # medium, as long as nobody knows more


@pytest.mark.rule("R34")
def test_alert_that_nobody_follows_is_said_at_every_level_and_stays_an_alert(
    session: Session,
) -> None:
    _, case_id = an_alert(session)

    said = [raised(session, NOON + n * DAY) for n in (2, 3, 4.5, 6, 7, 10.5, 14, 30)]

    assert said == [
        [], [("D2", 75), ("D2", 100)], [("D2", 150)], [("D1", 75), ("D2", 200)],
        [("D1", 100)], [("D1", 150)], [("D1", 200)], [],
    ]  # fmt: skip
    assert steps.lock(session, case_id).state == CaseState.IDENTIFIED


@pytest.mark.rule("R34")
def test_child_in_danger_is_late_at_once_and_the_ladder_takes_an_hour(session: Session) -> None:
    an_alert(session, replace(ALERT, in_danger=Tri.YES))

    said = [raised(session, NOON + n * HOUR) for n in (0, 0.5, 1)]

    assert said == [[("D1", 75), ("D1", 100)], [("D1", 150)], [("D1", 200)]]


def test_registration_ends_its_limit_and_leaves_the_response_awaited(session: Session) -> None:
    worker, case_id = an_alert(session)

    registration.register_child(
        session,
        worker,
        case_id,
        A_BOY,
        not_asked=NOT_ASKED,
        priority=Priority.HIGH,
        now=NOON + HOUR,
    )

    views = {one.code: one for one in clocks_of(session, worker, case_id, now=NOON + HOUR)}
    assert (views["D2"].status, views["D2"].due.utc) == ("met", NOON + 3 * DAY)
    assert (views["D1"].status, views["D1"].due.utc) == ("running", NOON + DAY)


@pytest.mark.rule("R4")
def test_urgent_act_is_the_first_response_also_before_registration(session: Session) -> None:
    worker, case_id = an_alert(session)

    emergency.record_emergency_action(session, worker, case_id, an_emergency(), now=NOON + HOUR)

    found = status(session, worker, case_id)
    assert (found["D1"], found["D2"]) == ("met", "running")


@pytest.mark.rule("R27")
def test_release_from_a_cell_is_the_first_response(session: Session) -> None:
    worker, case_id = an_alert(
        session,
        replace(ALERT, in_detention=Tri.YES, detention_place=DetentionPlace.POLICE_CELL,
                detained_since=NOON - DAY),
    )  # fmt: skip

    detention.record_release(session, worker, case_id, a_release(), now=NOON)

    assert status(session, worker, case_id)["D1"] == "met"


def a_team_awaited(session: Session) -> Team:
    """A case being assessed to which nobody has responded yet."""
    team = a_team(session)
    clocks.open_clock(session, team.case_id, "D1", started_at=NOON)
    return team


def test_assessment_is_the_first_response_once_it_is_handed_in(session: Session) -> None:
    team = a_team_awaited(session)
    begun = assessments.begin_assessment(
        session, team.worker, team.case_id, AssessmentKind.SHORT, now=NOON
    )
    changes = plain(an_assessment())
    assessments.save_assessment(session, team.worker, team.case_id, begun.id, changes, now=NOON)
    before = status(session, team.worker, team.case_id)

    assessments.submit_assessment(session, team.worker, team.case_id, begun.id, now=NOON)

    assert before["D1"] == "running"
    assert status(session, team.worker, team.case_id)["D1"] == "met"


def test_child_who_moves_in_somewhere_was_responded_to(session: Session) -> None:
    team = a_team_awaited(session)

    with_mother = PlacementRequest(
        CareType.PARENT, TODAY, TODAY + timedelta(days=80), carer="Zawadi"
    )
    placements.start_placement(session, team.worker, team.case_id, with_mother, now=NOON)

    assert status(session, team.worker, team.case_id)["D1"] == "met"


def test_alert_that_was_not_about_a_child_stops_reminding(session: Session) -> None:
    worker, case_id = an_alert(session)

    registration.set_aside(session, a_supervisor(), case_id, now=NOON)

    assert status(session, worker, case_id) == {"D1": "closed", "D2": "closed"}
    assert raised(session, NOON + 30 * DAY) == []
