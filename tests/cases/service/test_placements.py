"""People place a child, end a placement, trace a family, and keep the registry of facilities."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from cases.errors import RoleMayNot
from cases.rules.children import Relation
from cases.rules.facilities import Regime
from cases.rules.machine import CaseState
from cases.rules.placements import (
    BackgroundCheck,
    CareType,
    EndReason,
    NoFamilyCare,
    StudyResult,
)
from cases.rules.reports import TracingResult
from cases.rules.tracing import ActionResult, SafeToTrace
from cases.service import facilities, home_studies, placements, tasks, tracing, triggers
from cases.service.facilities import FacilityDetails
from cases.service.links import link_children
from cases.service.placements import PlacementRequest
from cases.tables.facility import FacilityRow
from cases.tables.placement import PlacementRow
from core.actors import Role
from core.errors import BadInput, Incomplete, NotThere, StaleWrite, WrongState
from tests.builders.assessments import TODAY
from tests.builders.cases import OFFICE, OTHER_OFFICE, a_person, a_person_of_the_country
from tests.builders.procedure import a_team

HOME = FacilityDetails(
    name="Sunrise home",
    place=OFFICE,
    regime=Regime.OPEN,
    capacity=1,
    registry_number="R-7",
    authorised_until=TODAY + timedelta(days=365),
)


def a_home(session: Any, now: Any, **changed: Any) -> Any:
    keeper = a_person_of_the_country(Role.SECRETARIAT)
    return facilities.register_facility(session, keeper, replace(HOME, **changed), now=now)


def a_request(home: Any, **changed: Any) -> Any:
    ordinary = PlacementRequest(
        care=CareType.RESIDENTIAL_SMALL,
        started_on=TODAY,
        review_due=TODAY + timedelta(days=80),
        facility_id=home.id if home else None,
        no_family_care=NoFamilyCare.NO_FAMILY_FOUND,
    )
    return replace(ordinary, **changed)


def placed(session: Any, team: Any, now: Any, home: Any = None, **changed: Any) -> Any:
    wanted = a_request(home or a_home(session, now), **changed)
    return placements.start_placement(session, team.worker, team.case_id, wanted, now=now)


def codes_of(refused: Any) -> Any:
    return [gap.code for gap in refused.value.gaps]


def test_a_child_moves_into_an_authorised_open_home_and_takes_a_place(session, now):
    team = a_team(session)
    home = a_home(session, now)

    placed(session, team, now, home)

    keeper = a_person_of_the_country(Role.SECRETARIAT)
    assert facilities.read_facility(session, keeper, home.id, now=now).free == 0
    assert placements.lives_somewhere(session, team.case_id)


@pytest.mark.rule("R27")
@pytest.mark.rule("R28")
def test_a_closed_facility_can_be_registered_but_never_used(session, now):
    team = a_team(session)
    closed = a_home(session, now, regime=Regime.CLOSED)

    with pytest.raises(Incomplete) as refused:
        placed(session, team, now, closed)

    assert codes_of(refused) == ["facility_closed_regime"]
    assert session.exec(select(PlacementRow)).all() == []


@pytest.mark.rule("R30")
def test_an_unauthorised_home_needs_a_supervisor_who_had_it_inspected(session, now):
    team = a_team(session)
    home = a_home(session, now, authorised_until=None)

    with pytest.raises(Incomplete) as refused:
        placed(session, team, now, home)
    home_studies.grant_exception(
        session, team.supervisor, team.case_id, home.id, inspected_on=TODAY, because="Only one.",
        now=now,
    )  # fmt: skip
    placed(session, team, now, home)

    assert codes_of(refused) == ["facility_not_authorised"]


@pytest.mark.rule("R30")
def test_a_caseworker_grants_no_exception(session, now):
    team = a_team(session)
    home = a_home(session, now, authorised_until=None)

    with pytest.raises(RoleMayNot):
        home_studies.grant_exception(
            session, team.worker, team.case_id, home.id, inspected_on=TODAY, because="x", now=now
        )


@pytest.mark.rule("R29")
def test_residential_care_without_the_reason_is_refused(session, now):
    team = a_team(session)

    with pytest.raises(Incomplete) as refused:
        placed(session, team, now, no_family_care=None, review_due=TODAY + timedelta(days=120))

    assert codes_of(refused) == ["no_family_care_reason_missing", "placement_review_too_late"]


def test_foster_care_needs_a_home_that_was_seen(session, now):
    team = a_team(session)
    wanted = a_request(None, care=CareType.FOSTER, carer="Mrs B", background=BackgroundCheck.CLEAR)

    with pytest.raises(Incomplete) as refused:
        placements.start_placement(session, team.worker, team.case_id, wanted, now=now)
    study = home_studies.record_home_study(
        session, team.worker, team.case_id, result=StudyResult.POSITIVE, studied_on=TODAY,
        valid_until=TODAY + timedelta(days=180), carer="Mrs B", findings="Clean.", conditions="",
        now=now,
    )  # fmt: skip
    placements.start_placement(
        session, team.worker, team.case_id, replace(wanted, home_study_id=study.id), now=now
    )

    assert codes_of(refused) == ["home_study_missing"]


@pytest.mark.rule("R31")
def test_kafala_is_refused_where_the_country_does_not_have_it_and_before_tracing_ends(session, now):
    team = a_team(session)
    wanted = a_request(None, care=CareType.KAFALA, carer="A family")

    with pytest.raises(Incomplete) as refused:
        placements.start_placement(session, team.worker, team.case_id, wanted, now=now)

    assert {"care_type_not_allowed", "tracing_not_exhausted"} <= set(codes_of(refused))


@pytest.mark.rule("R32")
def test_splitting_siblings_needs_a_reason(session, now):
    brother, sister = a_team(session), a_team(session)
    link_children(
        session, brother.supervisor, case_id=brother.case_id, other_id=sister.case_id,
        relation=Relation.SIBLING, now=now,
    )  # fmt: skip
    placed(session, brother, now)
    other = a_home(session, now, name="Moonrise home")

    with pytest.raises(Incomplete) as refused:
        placed(session, sister, now, other)
    placed(session, sister, now, other, sibling_reason="The brother hurt her.")

    assert codes_of(refused) == ["placement_sibling_reason_missing"]


def test_a_child_lives_in_one_place_at_a_time(session, now):
    team = a_team(session)
    placed(session, team, now)

    with pytest.raises(WrongState):
        placed(session, team, now, a_home(session, now, name="Moonrise home"))


def test_nobody_is_placed_in_a_case_that_has_ended(session, now):
    team = a_team(session, CaseState.CLOSED)

    with pytest.raises(WrongState):
        placed(session, team, now)


def test_two_children_never_take_the_last_place(database, now):
    with database.unit_of_work() as session:
        one, two = a_team(session), a_team(session)
        home = a_home(session, now)

    def try_it(team):
        try:
            with database.unit_of_work() as session:
                placed(session, team, now, home)
        except Incomplete as refused:
            return [gap.code for gap in refused.gaps]
        return "placed"

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(try_it, (one, two)))

    assert sorted(map(str, answers)) == ["['facility_full']", "placed"]
    with database.unit_of_work() as session:
        assert session.exec(select(FacilityRow.occupancy)).one() == 1


def test_a_breakdown_gives_the_place_back_and_asks_for_a_new_assessment(session, now):
    team = a_team(session, CaseState.FOLLOW_UP)
    home = a_home(session, now)
    kept = placed(session, team, now, home, decision_id="4f0d6a50-0000-4000-8000-000000000001")

    placements.end_placement(
        session, team.worker, team.case_id, kept.id, ended_on=TODAY, reason=EndReason.BREAKDOWN,
        words="Ran away.", now=now,
    )  # fmt: skip

    open_codes = {task.code for task in tasks.tasks_of(session, team.worker, team.case_id, now=now)}
    assert session.exec(select(FacilityRow.occupancy)).one() == 0
    assert "reopen_breakdown" in open_codes
    assert triggers.requirement_of(session, team.case_id).codes == ("B6",)


def test_a_placement_ends_once_and_never_before_it_began(session, now):
    team = a_team(session)
    kept = placed(session, team, now)
    ending = {"reason": EndReason.MOVED, "words": "", "now": now}

    with pytest.raises(BadInput):
        placements.end_placement(
            session,
            team.worker,
            team.case_id,
            kept.id,
            ended_on=TODAY - timedelta(days=1),
            **ending,
        )
    with pytest.raises(StaleWrite):
        placements.end_placement(
            session,
            team.worker,
            team.case_id,
            kept.id,
            ended_on=TODAY,
            expected_version=9,
            **ending,
        )
    placements.end_placement(session, team.worker, team.case_id, kept.id, ended_on=TODAY, **ending)
    with pytest.raises(WrongState):
        placements.end_placement(
            session, team.worker, team.case_id, kept.id, ended_on=TODAY, **ending
        )


def test_the_address_is_sealed_and_not_for_a_coordinator_of_another_case(session, now):
    team = a_team(session)
    placed(session, team, now, address="7 Baobab road", carer="")

    row = session.exec(select(PlacementRow)).one()
    shown = placements.list_placements(session, team.worker, team.case_id, now=now)

    assert b"Baobab" not in row.sensitive
    assert shown[0].address == "7 Baobab road"
    with pytest.raises(NotThere):
        placements.list_placements(
            session, a_person(Role.CASEWORKER, office=OTHER_OFFICE), team.case_id, now=now
        )


def test_capacity_never_falls_below_the_children_who_live_there(session, now):
    team = a_team(session)
    home = a_home(session, now)
    placed(session, team, now, home)
    keeper = a_person_of_the_country(Role.SECRETARIAT)

    with pytest.raises(BadInput):
        facilities.change_facility(session, keeper, home.id, replace(HOME, capacity=0), now=now)


def test_the_registry_is_kept_by_the_secretariat_or_the_supervisor_of_the_place(session, now):
    with pytest.raises(RoleMayNot):
        facilities.register_facility(session, a_person(Role.CASEWORKER), HOME, now=now)
    with pytest.raises(RoleMayNot):
        facilities.register_facility(
            session, a_person(Role.SUPERVISOR, office=OTHER_OFFICE), HOME, now=now
        )

    facilities.register_facility(session, a_person(Role.SUPERVISOR), HOME, now=now)


def test_staff_of_a_facility_are_known_for_conflicts_of_interest(session, now):
    home = a_home(session, now)
    keeper = a_person_of_the_country(Role.SECRETARIAT)
    person = "4f0d6a50-0000-4000-8000-000000000002"

    facilities.add_staff(session, keeper, home.id, person, since=TODAY, now=now)

    assert facilities.staff_of(session, home.id, on=TODAY) == {person}
    assert facilities.staff_of(session, home.id, on=TODAY - timedelta(days=1)) == frozenset()


def a_search(session: Any, team: Any, now: Any, safe: Any = SafeToTrace.YES) -> Any:
    return tracing.open_tracing(
        session,
        team.worker,
        team.case_id,
        sought="The aunt",
        safe=safe,
        because="Said so.",
        now=now,
    )


def a_step(session: Any, team: Any, found: Any, now: Any) -> Any:
    return tracing.add_tracing_action(
        session, team.worker, team.case_id, found.id, done_on=TODAY, place="Village",
        what="Asked the headman.", result=ActionResult.NOTHING, now=now,
    )  # fmt: skip


@pytest.mark.rule("R47")
@pytest.mark.parametrize("safe", [SafeToTrace.NO, SafeToTrace.NOT_YET])
def test_nobody_searches_where_it_could_endanger_someone(session, now, safe):
    team = a_team(session)
    found = a_search(session, team, now, safe)

    with pytest.raises(Incomplete) as refused:
        a_step(session, team, found, now)

    assert codes_of(refused) == ["tracing_not_safe"]
    assert not tracing.is_safe_to_trace(session, team.case_id)


@pytest.mark.rule("R31")
def test_tracing_is_exhausted_only_after_somebody_tried(session, now):
    team = a_team(session)
    found = a_search(session, team, now)
    close = (session, team.worker, team.case_id, found.id, TracingResult.CLOSED_NO_RESULT)

    with pytest.raises(Incomplete) as refused:
        tracing.close_tracing(*close, now=now)
    a_step(session, team, found, now)
    tracing.close_tracing(*close, now=now)

    assert codes_of(refused) == ["tracing_never_tried"]
    assert tracing.is_exhausted(session, team.case_id)


def test_a_search_that_ended_stays_as_it_is(session, now):
    team = a_team(session)
    found = a_search(session, team, now)
    a_step(session, team, found, now)
    tracing.close_tracing(
        session, team.worker, team.case_id, found.id, TracingResult.VERIFIED, now=now
    )

    with pytest.raises(WrongState):
        a_step(session, team, found, now)
