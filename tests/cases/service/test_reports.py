"""People write, check and read a BID report."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from cases.errors import AuthorChecksOwn, NoSuchStep, NotTheAuthor, OnlyAPersonDecides
from cases.rules.access import Basis, Level
from cases.rules.children import Relation
from cases.rules.machine import CaseState, Step
from cases.rules.reports import DangerResult, Part
from cases.service import non_refoulement, papers, procedure, reports, steps
from cases.service.access import bar, grant_access, reach_of
from cases.service.forms import plain
from cases.service.links import link_children
from cases.service.non_refoulement import Qualification
from cases.tables.report import ReportRow, ReportSnapshotRow
from core.actors import Role
from core.errors import BadInput, Incomplete, NotThere, StaleWrite
from tests.builders.assessments import TODAY, a_report, an_option, an_option_abroad
from tests.builders.cases import a_person, a_person_on_own_cases
from tests.builders.procedure import a_case_at_report, a_ready_report, a_submitted_report, a_team


def state_of(session: Any, team: Any) -> Any:
    return steps.lock(session, team.case_id).state


def a_check(session: Any, team: Any, now: Any, **changed: Any) -> Any:
    values = {
        "destination": "NA",
        "result": DangerResult.CLEARED,
        "basis": "Country report.",
        "qualification": Qualification.LAWYER,
        "checked_on": TODAY,
        **changed,
    }
    return non_refoulement.record_check(session, team.assessor, team.case_id, now=now, **values)


def test_naming_an_assessor_begins_the_report_with_its_triggers(session, now):
    team = a_case_at_report(session)

    view = reports.read_report(session, team.assessor, team.case_id, now=now)

    assert state_of(session, team) == CaseState.BID_REPORT_DRAFT
    assert (view.assessor, view.triggers) == (team.assessor.person_id, ("B1",))


def test_nobody_names_an_assessor_where_no_determination_is_required(session, now):
    team = a_team(session, CaseState.PLANNED)

    with pytest.raises(NoSuchStep):
        reports.name_assessor(session, team.supervisor, team.case_id, "somebody", now=now)


def test_the_draft_is_saved_in_parts(session, now):
    team = a_case_at_report(session)
    reports.save_report(session, team.assessor, team.case_id, {"recommended": "O1"}, now=now)

    view = reports.save_report(
        session, team.assessor, team.case_id, {"parts": {"journey": "By bus."}}, now=now
    )

    assert (view.form.recommended, view.form.parts[Part.JOURNEY]) == ("O1", "By bus.")


@pytest.mark.rule("R20")
@pytest.mark.parametrize("field", ["score", "ranking", "weights"])
def test_a_report_has_no_place_for_a_score(session, now, field):
    team = a_case_at_report(session)

    with pytest.raises(BadInput):
        reports.save_report(session, team.assessor, team.case_id, {field: 1}, now=now)


@pytest.mark.rule("R20")
def test_a_score_inside_an_option_is_refused(session, now):
    team = a_case_at_report(session)
    scored = {**plain(an_option()), "score": 7}

    with pytest.raises(BadInput):
        reports.save_report(session, team.assessor, team.case_id, {"options": [scored]}, now=now)


@pytest.mark.rule("R20")
def test_a_machine_writes_no_report(session, now):
    team = a_case_at_report(session)
    machine = a_person(Role.ASSESSOR, person_id=team.assessor.person_id, is_human=False)

    with pytest.raises(OnlyAPersonDecides):
        reports.save_report(session, machine, team.case_id, {"recommended": "O1"}, now=now)


def test_a_second_writer_is_told(session, now):
    team = a_case_at_report(session)
    read = reports.read_report(session, team.assessor, team.case_id, now=now)
    reports.save_report(session, team.assessor, team.case_id, {"recommended": "O1"}, now=now)

    with pytest.raises(StaleWrite):
        reports.save_report(
            session, team.assessor, team.case_id, {"recommended": "O2"}, now=now,
            expected_version=read.version,
        )  # fmt: skip


@pytest.mark.rule("R5")
@pytest.mark.rule("R6")
def test_an_unfinished_report_is_blocked_with_every_gap(session, now):
    team = a_case_at_report(session)

    with pytest.raises(Incomplete) as refused:
        reports.submit_report(session, team.assessor, team.case_id, now=now)

    assert {"options_missing", "factor_group_empty"} <= {gap.code for gap in refused.value.gaps}
    assert state_of(session, team) == CaseState.BID_REPORT_DRAFT


def test_another_assessor_does_not_write_in_it(session, now):
    team = a_case_at_report(session)
    other = a_person(Role.ASSESSOR)
    grant_access(
        session, team.supervisor, case_id=team.case_id, person_id=other.person_id,
        basis=Basis.ASSESSOR, now=now,
    )  # fmt: skip

    with pytest.raises(NotTheAuthor):
        reports.save_report(session, other, team.case_id, {"recommended": "O1"}, now=now)


def test_submitting_freezes_child_and_report_under_a_hash(session, now):
    team = a_case_at_report(session)
    a_submitted_report(session, team)

    copy = session.exec(select(ReportSnapshotRow)).one()

    assert state_of(session, team) == CaseState.BID_QUALITY_CHECK
    assert len(copy.hash) == 64
    assert b"Amani" not in copy.restricted
    assert papers.snapshots_hold(session, team.case_id)


@pytest.mark.rule("R22")
def test_a_frozen_copy_that_was_changed_is_found_out(session, now):
    team = a_case_at_report(session)
    a_submitted_report(session, team)
    copy = session.exec(select(ReportSnapshotRow)).one()

    copy.hash = "0" * 64
    session.add(copy)
    session.flush()

    assert not papers.snapshots_hold(session, team.case_id)


def test_the_author_never_checks_the_own_report_whatever_the_role(session, now):
    team = a_case_at_report(session)
    a_submitted_report(session, team)
    both = a_person(Role.COORDINATOR, Role.ASSESSOR, person_id=team.assessor.person_id)

    with pytest.raises(AuthorChecksOwn):
        reports.pass_report(session, both, team.case_id, now=now)


def test_a_report_that_passes_may_be_listed(session, now):
    team = a_ready_report(session)

    facts = reports.report_for_panel(session, team.case_id)

    assert state_of(session, team) == CaseState.BID_READY
    assert facts.ready_since == now


def test_a_report_goes_back_with_points_and_comes_again(session, now):
    team = a_case_at_report(session)
    a_submitted_report(session, team)

    back = reports.return_report(session, team.coordinator, team.case_id, "Ask the aunt.", now=now)
    reports.submit_report(session, team.assessor, team.case_id, now=now)

    assert back.notes == (("returned", "Ask the aunt."),)
    assert len(session.exec(select(ReportSnapshotRow)).all()) == 2


@pytest.mark.rule("R23")
def test_an_option_abroad_waits_for_the_check_of_its_destination(session, now):
    team = a_case_at_report(session)
    form = plain(a_report(options=(an_option(), an_option_abroad())))
    reports.save_report(session, team.assessor, team.case_id, form, now=now)

    with pytest.raises(Incomplete) as refused:
        reports.submit_report(session, team.assessor, team.case_id, now=now)
    a_check(session, team, now)
    reports.submit_report(session, team.assessor, team.case_id, now=now)

    assert [gap.code for gap in refused.value.gaps] == ["non_refoulement_missing"]
    assert reports.report_for_panel(session, team.case_id).options[1].cleared


@pytest.mark.rule("R23")
def test_a_check_that_aged_stops_the_report_at_the_quality_check(session, now):
    team = a_case_at_report(session)
    a_check(session, team, now)
    a_submitted_report(session, team, options=(an_option(), an_option_abroad()))

    with pytest.raises(Incomplete) as refused:
        reports.pass_report(session, team.coordinator, team.case_id, now=now + timedelta(days=15))

    assert [gap.code for gap in refused.value.gaps] == ["non_refoulement_expired"]


@pytest.mark.rule("R23")
def test_only_the_newest_check_of_a_destination_counts(session, now):
    team = a_case_at_report(session)
    a_check(session, team, now, checked_on=TODAY - timedelta(days=1))
    a_check(session, team, now, result=DangerResult.RISK)

    found = non_refoulement.non_refoulement_of(session, team.case_id, "NA")

    assert found is not None
    assert not found.clears(TODAY)


def test_a_check_of_the_own_country_is_refused(session, now):
    team = a_case_at_report(session)

    with pytest.raises(BadInput):
        a_check(session, team, now, destination="ZM")


@pytest.mark.rule("R15")
def test_the_panel_learns_who_wrote_approved_and_checked(session, now):
    team = a_ready_report(session)

    facts = reports.report_for_panel(session, team.case_id)

    assert facts.author == team.assessor.person_id
    assert facts.bia_author == team.worker.person_id
    assert facts.bia_approver == team.supervisor.person_id
    assert facts.quality_checker == team.coordinator.person_id
    assert [option.code for option in facts.options] == ["CARE_PLACEMENT", "MAINTAIN_CURRENT_CARE"]
    assert facts.views == {"O1": "heard", "O2": "heard"}


@pytest.mark.rule("R14")
def test_papers_are_for_those_to_whom_they_were_released_and_for_nobody_recused(session, now):
    team = a_ready_report(session)
    member = a_person_on_own_cases(Role.MEMBER)

    with pytest.raises(NotThere):
        reports.panel_papers(session, member, team.case_id, now=now)
    grant_access(
        session, team.coordinator, case_id=team.case_id, person_id=member.person_id,
        basis=Basis.PANEL_ITEM, level=Level.FULL, now=now,
    )  # fmt: skip
    read = reports.panel_papers(session, member, team.case_id, now=now)
    bar(
        session, team.coordinator, case_id=team.case_id, person_id=member.person_id, ref="item",
        ground="relative", now=now,
    )  # fmt: skip

    assert read.report.recommended == "O1"
    with pytest.raises(NotThere):
        reports.panel_papers(session, member, team.case_id, now=now)


def test_papers_hold_nothing_highly_sensitive(session, now):
    team = a_ready_report(session)

    read = reports.panel_papers(session, team.coordinator, team.case_id, now=now)

    assert "movement_status" not in read.child
    assert "exact_location" not in read.child


def test_answers_bring_a_deferred_case_back_to_the_quality_check(session, now):
    team = a_ready_report(session)
    chair = a_person(Role.CHAIR, Role.SECRETARY)
    for to, step in (
        (CaseState.BID_LISTED, Step.LIST),
        (CaseState.BID_IN_SITTING, Step.CALL),
        (CaseState.BID_DEFERRED, Step.DEFER),
    ):
        steps.move(session, team.case_id, to, transition=step, actor=chair, now=now)

    reports.answer_questions(session, team.assessor, team.case_id, "The aunt agrees.", now=now)
    reports.pass_report(session, team.coordinator, team.case_id, now=now)

    read = reports.panel_papers(session, team.coordinator, team.case_id, now=now)
    assert read.answers == ("The aunt agrees.",)
    assert state_of(session, team) == CaseState.BID_READY


@pytest.mark.rule("R32")
def test_the_report_of_a_child_with_siblings_speaks_of_them(session, now):
    team = a_case_at_report(session)
    sister = a_team(session)
    link_children(
        session,
        team.supervisor,
        case_id=team.case_id,
        other_id=sister.case_id,
        relation=Relation.SIBLING,
        now=now,
    )
    reports.save_report(session, team.assessor, team.case_id, plain(a_report()), now=now)

    with pytest.raises(Incomplete) as refused:
        reports.submit_report(session, team.assessor, team.case_id, now=now)

    assert [gap.code for gap in refused.value.gaps] == ["siblings_not_addressed"]


def test_a_ready_report_is_offered_for_listing_once(session, now):
    team = a_ready_report(session)

    assert procedure.offer_for_listing(session, team.case_id, now=now)
    assert not procedure.offer_for_listing(session, team.case_id, now=now)


def test_no_word_of_a_report_is_stored_in_clear(session, now):
    team = a_case_at_report(session)
    reports.save_report(session, team.assessor, team.case_id, {"recommended": "Giraffe"}, now=now)

    assert b"Giraffe" not in session.exec(select(ReportRow)).one().restricted


def test_coordinator_of_the_office_who_takes_up_the_check_reads_the_file_from_then_on(session, now):
    team = a_case_at_report(session)
    stranger = a_person(Role.COORDINATOR)
    with pytest.raises(NotThere):
        reports.read_report(session, stranger, team.case_id, now=now)
    a_submitted_report(session, team)

    read = reports.read_report(session, stranger, team.case_id, now=now)
    reports.pass_report(session, stranger, team.case_id, now=now)

    assert read.status == "submitted"
    assert reach_of(session, stranger, team.case_id, now=now).level == Level.SENSITIVE


def test_coordinator_of_another_office_does_not_reach_the_report(session, now):
    team = a_case_at_report(session)
    a_submitted_report(session, team)
    elsewhere = a_person(Role.COORDINATOR, office="ZM-03-CHP")

    with pytest.raises(NotThere):
        reports.read_report(session, elsewhere, team.case_id, now=now)
