"""What the country's pack says changes what happens to a case; each value is changed once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from cases.rules.children import Alert, Tri
from cases.rules.clocks import PauseReason
from cases.rules.closing import ClosureReason, ContactMethod
from cases.rules.followup import VisitMethod
from cases.rules.machine import CaseState
from cases.rules.placements import CareType, NoFamilyCare
from cases.rules.reports import DangerResult
from cases.service import (
    ageing,
    clocks,
    closing,
    contacts,
    endings,
    followup,
    guardians,
    holding,
    merging,
    non_refoulement,
    placements,
    registration,
    steps,
)
from cases.service.clock_views import clocks_of, late
from cases.service.guardians import GuardianKind, NewGuardian
from cases.service.non_refoulement import Qualification
from cases.service.placements import PlacementRequest
from core.errors import Incomplete
from tests.builders.assessments import TODAY
from tests.builders.case_life import a_closing, a_hold
from tests.builders.cases import OFFICE, a_caseworker, a_registered_case, a_supervisor
from tests.builders.own_pack import Says, country
from tests.builders.procedure import a_team
from tests.cases.service.test_follow_through import a_report_of_a_visit, a_visit_due
from tests.cases.service.test_placements import a_home, a_request
from tests.conftest import NOON

__all__ = ["country"]
DAY = timedelta(days=1)


def gaps(act: Callable[..., Any], *given: Any, **named: Any) -> list[str]:
    """What the engine says is missing; nothing when it lets the act happen."""
    try:
        act(*given, **named)
    except Incomplete as refused:
        return [gap.code for gap in refused.gaps]
    return []


def test_hold_is_looked_at_again_within_the_longest_pause_of_the_country(
    session: Session, country: Says
) -> None:
    country("[pause]\nmax_days = 10\n")
    team = a_team(session)

    def held(days: int) -> list[str]:
        hold = a_hold(TODAY + timedelta(days=days))
        return gaps(holding.hold_case, session, team.worker, team.case_id, hold, now=NOON)

    assert (held(11), held(10)) == (["review_date_too_far"], [])


@pytest.mark.rule("R34")
def test_clock_nobody_resumes_runs_by_itself_after_the_longest_pause_of_the_country(
    session: Session, country: Says
) -> None:
    country("[pause]\nmax_days = 10\n")
    team = a_team(session, priority="high")
    clocks.open_clock(session, team.case_id, "D4", started_at=NOON)  # 48 hours
    clocks.pause_all(session, team.worker, team.case_id, review_on=TODAY + 9 * DAY, now=NOON)

    def heard(days: int) -> list[int]:
        return [one.level for one in clocks.due_levels(session, now=NOON + days * DAY, limit=9)]

    assert (heard(11), heard(12)) == ([], [75, 100])
    assert late(session, team.worker, now=NOON + 11 * DAY).clocks == ()
    assert len(late(session, team.worker, now=NOON + 13 * DAY).clocks) == 1


def test_hold_stops_no_clock_where_it_is_no_reason_to(session: Session, country: Says) -> None:
    country('[pause]\nreasons = ["question_with_other_side"]\n')
    team = a_team(session)
    clocks.open_clock(session, team.case_id, "D4", started_at=NOON)

    holding.hold_case(session, team.worker, team.case_id, a_hold(), now=NOON)
    asked = gaps(
        clocks.pause_clock, session, team.worker, team.case_id, "D4",
        reason=PauseReason.ON_HOLD, review_on=TODAY + DAY, now=NOON,
    )  # fmt: skip

    assert [one.status for one in clocks_of(session, team.worker, team.case_id, now=NOON)] == [
        "running"
    ]
    assert asked == ["pause_reason_not_here"]


@pytest.mark.rule("R55")
def test_country_may_search_longer_and_more_often_before_a_case_closes_without_the_child(
    session: Session, country: Says
) -> None:
    country('[limits.D24]\nhigh = "6 months"\n[follow_up]\nno_contact_min_attempts = 4\n')
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker, state=CaseState.FOLLOW_UP, priority="high")
    for n in (1, 2, 3):
        contacts.record_contact_attempt(
            session,
            worker,
            case.id,
            tried_at=NOON + n * DAY,
            method=ContactMethod.VISIT,
            reached=False,
            now=NOON + n * DAY,
        )
    wish = a_closing(
        reason=ClosureReason.NOT_CONTACTABLE, last_visit_on=None, last_contact_on=TODAY
    )

    def missing(days: int) -> list[str]:
        now = NOON + timedelta(days=days)
        return gaps(closing.ask_to_close, session, worker, case.id, wish, now=now)

    assert missing(100) == ["not_contactable_too_early", "contact_attempts_missing"]
    assert missing(184) == ["contact_attempts_missing"]


@pytest.mark.rule("R57")
def test_country_may_ask_for_more_words_before_coming_of_age_than_the_usual_three(
    session: Session, country: Says
) -> None:
    country("[ages]\ntransition_alert_months = [2]\n")
    born = {"birth_date": "2009-01-20", "birth_precision": "day"}  # of age in January 2027
    a_registered_case(session, owner=a_caseworker(), restricted=born, state=CaseState.FOLLOW_UP)

    def said(day: date) -> int:
        now = NOON.replace(year=day.year, month=day.month, day=day.day)
        return ageing.raise_alerts(session, now=now, limit=10)

    days = (date(2026, 3, 2), date(2026, 10, 20), date(2026, 11, 19), date(2026, 11, 20))
    assert [said(day) for day in days] == [1, 2, 0, 1]  # 12; 6 and 3; nothing; 2 months before


@pytest.mark.rule("R30")
def test_registry_is_enough_where_no_authorisation_exists(session: Session, country: Says) -> None:
    country("[care]\nfacility_authorisation_required = false\n")
    team = a_team(session)

    def moved_in(**facility: Any) -> list[str]:
        home = a_home(session, NOON, authorised_until=None, name=str(facility), **facility)
        wish = a_request(home)
        return gaps(placements.start_placement, session, team.worker, team.case_id, wish, now=NOON)

    assert moved_in(registry_number="") == ["facility_not_authorised"]
    assert moved_in(registry_number="R-9") == []


@pytest.mark.rule("R29")
def test_country_may_ask_for_reason_and_review_of_other_care_too(
    session: Session, country: Says
) -> None:
    country(
        '[care]\nresidential = ["residential_small", "residential_large", "emergency_safe_space"]\n'
    )
    team = a_team(session)
    wish = a_request(a_home(session, NOON), care=CareType.EMERGENCY_SAFE_SPACE, no_family_care=None)

    def moved_in(wanted: PlacementRequest) -> list[str]:
        place = placements.start_placement
        return gaps(place, session, team.worker, team.case_id, wanted, now=NOON)

    assert moved_in(wish) == ["no_family_care_reason_missing"]
    assert moved_in(replace(wish, no_family_care=NoFamilyCare.NO_FAMILY_FOUND)) == []


@pytest.mark.rule("R31")
def test_country_says_which_care_waits_until_tracing_is_closed(
    session: Session, country: Says
) -> None:
    country('[care]\nonly_after_tracing = ["kafala", "residential_small"]\n')
    team = a_team(session)
    wish = a_request(a_home(session, NOON))

    found = gaps(placements.start_placement, session, team.worker, team.case_id, wish, now=NOON)

    assert found == ["tracing_not_exhausted"]


def an_adviser() -> NewGuardian:
    return NewGuardian(
        GuardianKind.STOP_GAP_ADVISER, "Grace", "+260 97", "office", TODAY, independent=True
    )


@pytest.mark.rule("R11")
@pytest.mark.parametrize(
    ("allowed", "missing"), [("true", []), ("false", ["stop_gap_not_allowed"])]
)
def test_adviser_stands_in_for_a_guardian_only_where_the_law_has_it(
    session: Session, country: Says, allowed: str, missing: list[str]
) -> None:
    country(f"[guardianship]\nstop_gap_allowed = {allowed}\n")
    team = a_team(session)
    act = guardians.appoint_guardian

    assert gaps(act, session, team.worker, team.case_id, an_adviser(), now=NOON) == missing


@pytest.mark.parametrize(
    ("says", "missing"),
    [
        ("seen_alone_expected = true", ["not_alone_reason_missing"]),
        ("seen_alone_expected = false", []),
        (
            'methods = ["call"]\nseen_alone_expected = false',
            ["visit_method_not_here"],
        ),
    ],
)
def test_country_says_how_a_child_is_followed_and_whether_seen_alone(
    session: Session, country: Says, says: str, missing: list[str]
) -> None:
    country(f"[follow_up]\n{says}\n")
    team, visit = a_visit_due(session, NOON)
    report = a_report_of_a_visit(method=VisitMethod.VISIT, seen_alone=False)
    act = followup.record_visit

    found = gaps(act, session, team.worker, team.case_id, visit.id, report, now=NOON)

    assert found == missing


@pytest.mark.rule("R23")
def test_check_of_a_country_holds_as_long_as_the_country_says(
    session: Session, country: Says
) -> None:
    country("[travel]\nnon_refoulement_days = 5\n")
    team = a_team(session)

    check = non_refoulement.record_check(
        session, team.supervisor, team.case_id, destination="NA", result=DangerResult.CLEARED,
        basis="Report.", qualification=Qualification.LAWYER, checked_on=TODAY, now=NOON,
    )  # fmt: skip

    assert check.valid_until == TODAY + 5 * DAY


@pytest.mark.rule("R54")
@pytest.mark.parametrize("years", [1, 3])
def test_alert_that_was_not_about_a_child_is_kept_as_long_as_the_country_says(
    session: Session, country: Says, years: int
) -> None:
    country(f"[retention]\nnot_eligible_years = {years}\n")
    alert = Alert(office=OFFICE, in_danger=Tri.NO, in_detention=Tri.NO)
    opened = registration.raise_alert(session, a_caseworker(), alert, now=NOON)

    registration.set_aside(session, a_supervisor(), opened.case_id, now=NOON)

    kept = steps.lock(session, opened.case_id).retain_until
    assert kept == TODAY.replace(year=TODAY.year + years)


@pytest.mark.rule("R53", "R54")
def test_file_that_was_merged_is_kept_as_long_as_the_one_it_went_into(session: Session) -> None:
    first, second = a_supervisor(), a_supervisor()
    losing, kept = a_registered_case(session), a_registered_case(session)
    proposed = merging.propose_merge(session, first, losing.id, kept_id=kept.id, now=NOON)
    merging.answer_merge(session, second, proposed, confirm=True, now=NOON)
    before = steps.lock(session, losing.id).retain_until

    endings.keep_until(session, steps.lock(session, kept.id), TODAY + DAY)

    assert before is None
    assert steps.lock(session, losing.id).retain_until == TODAY + DAY
