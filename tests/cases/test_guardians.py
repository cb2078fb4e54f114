"""Who stands beside the child: guardian, adviser, lawyer, interpreter, brothers and sisters."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cases.errors import GuardianNotIndependent, NoSuchStep, RoleMayNot
from cases.rules.children import Relation
from cases.rules.machine import CaseState
from cases.rules.report_form import ReportForm
from cases.service import allocation, guardians, interpreters, links
from cases.service.access import bar, reach_of
from cases.service.guardians import GuardianKind, LegalProcedure, NewGuardian, OfferAnswer
from cases.service.interpreters import NewInterpreter
from cases.service.report_views import listing_of
from cases.service.steps import lock
from core.actors import Role
from core.errors import BadInput, Incomplete, NotThere
from core.ids import new_id
from tests.builders.accounts import employ
from tests.builders.cases import (
    OTHER_OFFICE,
    a_caseworker,
    a_person_of_the_country,
    a_person_on_own_cases,
    a_registered_case,
    a_supervisor,
)
from tests.conftest import NOON

TODAY = NOON.date()
GUARDIAN = NewGuardian(
    GuardianKind.GUARDIAN, "Grace Phiri", "+260 97", "court", TODAY, independent=True
)
ADVISER = replace(GUARDIAN, kind=GuardianKind.STOP_GAP_ADVISER, appointed_by="office")
INTERPRETER = NewInterpreter(
    "Yusuf", ("sw", "so"), TODAY, TODAY + timedelta(days=30), is_tied=False, child_aware=True
)


@pytest.mark.rule("R11")
def test_a_stop_gap_adviser_stands_beside_the_child_until_a_guardian_does(session, now):
    worker = a_caseworker()
    row = a_registered_case(session, owner=worker)
    assert not guardians.has_guardian(session, row.id, on=TODAY)

    guardians.appoint_guardian(session, worker, row.id, ADVISER, now=now)
    assert guardians.guardian_kinds(session, row.id, on=TODAY) == {"stop_gap_adviser"}
    guardians.appoint_guardian(session, a_supervisor(), row.id, GUARDIAN, now=now)

    assert guardians.guardian_kinds(session, row.id, on=TODAY) == {"guardian"}


@pytest.mark.rule("R11")
def test_a_guardian_from_next_week_does_not_stand_beside_the_child_today(session, now):
    row = a_registered_case(session)
    later = replace(GUARDIAN, from_on=TODAY + timedelta(days=7))

    guardians.appoint_guardian(session, a_supervisor(), row.id, later, now=now)

    assert not guardians.has_guardian(session, row.id, on=TODAY)


def test_staff_of_the_body_that_decides_cannot_be_the_guardian(session, now):
    row = a_registered_case(session)

    with pytest.raises(GuardianNotIndependent):
        guardians.appoint_guardian(
            session, a_supervisor(), row.id, replace(GUARDIAN, independent=False), now=now
        )


def test_a_guardian_has_a_name_and_can_be_reached(session, now):
    row = a_registered_case(session)

    with pytest.raises(Incomplete) as refusal:
        guardians.appoint_guardian(
            session, a_supervisor(), row.id, replace(GUARDIAN, name="", contact=""), now=now
        )

    assert [gap.code for gap in refusal.value.gaps] == [
        "guardian_name_missing",
        "guardian_contact_missing",
    ]


def test_a_caseworker_names_an_adviser_but_appoints_no_guardian(session, now):
    worker = a_caseworker()
    row = a_registered_case(session, owner=worker)

    with pytest.raises(RoleMayNot):
        guardians.appoint_guardian(session, worker, row.id, GUARDIAN, now=now)


def test_a_former_guardian_sees_the_file_no_longer(session, now):
    supervisor, person = a_supervisor(), a_person_on_own_cases(Role.GUARDIAN)
    row = a_registered_case(session)
    named = replace(GUARDIAN, person_id=person.person_id)
    kept = guardians.appoint_guardian(session, supervisor, row.id, named, now=now)
    assert guardians.guardian_persons(session, row.id, on=TODAY) == {person.person_id}

    guardians.end_guardian(session, supervisor, row.id, kept, reason="moved", now=now)

    assert not reach_of(session, person, row.id, now=now).sees
    assert not guardians.has_guardian(session, row.id, on=TODAY)


def test_the_name_of_a_guardian_is_sealed_and_shown_with_the_file(session, now):
    worker = a_caseworker()
    row = a_registered_case(session, owner=worker)
    guardians.appoint_guardian(session, a_supervisor(), row.id, GUARDIAN, now=now)

    assert guardians.guardians_of(session, worker, row.id, now=now)[0].name == "Grace Phiri"
    with pytest.raises(NotThere):
        guardians.guardians_of(session, a_caseworker(), row.id, now=now)


@pytest.mark.rule("R12")
def test_the_offer_of_a_legal_representative_is_on_record_whatever_the_answer(session, now):
    worker, lawyer = a_caseworker(), a_person_on_own_cases(Role.LAWYER)
    row = a_registered_case(session, owner=worker)
    assert not guardians.was_offered_lawyer(session, row.id)

    for reply, person in ((OfferAnswer.LATER, None), (OfferAnswer.ACCEPTED, lawyer.person_id)):
        guardians.offer_legal_representative(
            session, worker, row.id, procedure=LegalProcedure.ASYLUM, offered_on=TODAY,
            reply=reply, person_id=person, now=now,
        )  # fmt: skip

    assert guardians.was_offered_lawyer(session, row.id)
    assert reach_of(session, lawyer, row.id, now=now).sees
    assert len(guardians.legal_offers_of(session, worker, row.id, now=now)) == 2


@pytest.mark.rule("R12")
@pytest.mark.parametrize(
    ("known", "detained", "missing"),
    [
        ({}, False, False),
        ({"asylum_claim": "none"}, False, False),
        ({"asylum_claim": "pending"}, False, True),
        ({"asylum_claim": "wishes"}, False, True),
        ({"justice_involvement": "witness"}, False, True),
        ({}, True, True),
    ],
)
def test_no_report_is_listed_while_a_procedure_runs_and_no_lawyer_was_offered(
    session, now, known, detained, missing
):
    worker = a_caseworker()
    row = a_registered_case(session, owner=worker, sensitive=known, detained=detained)

    def gaps() -> Any:
        return {gap.code for gap in listing_of(session, row, ReportForm(), now=now).gaps}

    assert ("legal_offer_missing" in gaps()) is missing
    guardians.offer_legal_representative(
        session, worker, row.id, procedure=LegalProcedure.IMMIGRATION, offered_on=TODAY,
        reply=OfferAnswer.DECLINED, now=now,
    )  # fmt: skip
    assert "legal_offer_missing" not in gaps()


@pytest.mark.rule("R10")
@pytest.mark.parametrize(
    ("new", "gap"),
    [
        (replace(INTERPRETER, undertaking_on=None), "interpreter_undertaking_missing"),
        (
            replace(INTERPRETER, undertaking_until=TODAY - timedelta(days=1)),
            "interpreter_undertaking_missing",
        ),
        (replace(INTERPRETER, languages=()), "interpreter_language_missing"),
        (replace(INTERPRETER, is_tied=True), "interpreter_tied"),
    ],
)
def test_an_interpreter_without_undertaking_or_tied_to_the_origin_is_refused(
    session, now, new, gap
):
    worker = a_caseworker()
    row = a_registered_case(session, owner=worker)

    with pytest.raises(Incomplete) as refusal:
        interpreters.assign_interpreter(session, worker, row.id, new, now=now)

    assert [found.code for found in refusal.value.gaps] == [gap]


@pytest.mark.rule("R10")
def test_a_case_that_needs_an_interpreter_is_allocated_once_there_is_one(session, now):
    supervisor, worker = a_supervisor(), a_caseworker()
    employ(session, worker)
    row = a_registered_case(session, restricted={"interpreter_needed": True})
    with pytest.raises(Incomplete):
        allocation.allocate(session, supervisor, row.id, owner_person=worker.person_id, now=now)

    interpreters.assign_interpreter(session, supervisor, row.id, INTERPRETER, now=now)
    allocation.allocate(session, supervisor, row.id, owner_person=worker.person_id, now=now)

    row = lock(session, row.id)
    assert (row.state, row.owner_person) == (CaseState.BIA_IN_PROGRESS, worker.person_id)
    assert row.supervisor_person == supervisor.person_id


@pytest.mark.rule("R10")
def test_an_interpreter_counts_for_the_languages_and_days_of_the_undertaking(session, now):
    worker = a_caseworker()
    row = a_registered_case(session, owner=worker)
    kept = interpreters.assign_interpreter(session, worker, row.id, INTERPRETER, now=now)

    def valid(day: Any, *languages: Any) -> Any:
        return interpreters.valid_interpreters(
            session, row.id, on=day, languages=frozenset(languages)
        )

    assert valid(TODAY, "sw") == (kept,)
    assert valid(TODAY, "swa") == (kept,)  # the same language, written otherwise
    assert valid(TODAY, "fr") == ()
    assert valid(TODAY + timedelta(days=31)) == ()
    interpreters.end_interpreter(session, worker, row.id, kept, now=now)
    assert valid(TODAY) == ()


def test_a_case_is_allocated_once_and_passed_on_after_that(session, now):
    supervisor, first, second = a_supervisor(), a_caseworker(), a_caseworker()
    employ(session, first, second)
    row = a_registered_case(session)
    allocation.allocate(session, supervisor, row.id, owner_person=first.person_id, now=now)

    with pytest.raises(NoSuchStep):
        allocation.allocate(session, supervisor, row.id, owner_person=second.person_id, now=now)
    allocation.reassign(session, supervisor, row.id, owner_person=second.person_id, now=now)

    assert reach_of(session, second, row.id, now=now).bases >= {"owner"}
    assert "owner" not in reach_of(session, first, row.id, now=now).bases


def test_brothers_and_sisters_are_linked_in_both_files(session, now):
    worker = a_caseworker()
    one, other = a_registered_case(session, owner=worker), a_registered_case(session)

    links.link_children(
        session, worker, one.id, other_id=other.id, relation=Relation.OWN_CHILD, now=now
    )

    found = links.linked_children(session, a_supervisor(), other.id, now=now)
    assert [(link.case_id, link.relation) for link in found] == [(one.id, "parent")]
    assert links.siblings_of(session, one.id) == frozenset()
    links.link_children(
        session, worker, one.id, other_id=other.id, relation=Relation.SIBLING, now=now
    )
    assert links.siblings_of(session, one.id) == {other.id}
    links.unlink_children(session, worker, one.id, other_id=other.id, now=now)
    assert links.siblings_of(session, other.id) == frozenset()


def test_a_child_is_not_linked_to_itself_nor_to_one_the_worker_cannot_know_of(session, now):
    worker = a_caseworker()
    row = a_registered_case(session, owner=worker)
    foreign = a_registered_case(session, office=OTHER_OFFICE)

    with pytest.raises(BadInput):
        links.link_children(
            session, worker, row.id, other_id=row.id, relation=Relation.SIBLING, now=now
        )
    with pytest.raises(NotThere):
        links.link_children(
            session, worker, row.id, other_id=foreign.id, relation=Relation.SIBLING, now=now
        )


@pytest.mark.rule("R14")
def test_a_case_is_given_to_nobody_but_a_caseworker_there_whom_nothing_bars(session, now):
    supervisor, worker, barred = a_supervisor(), a_caseworker(), a_caseworker()
    elsewhere, administrator = (
        a_caseworker(office="ZM-03-CHP"), a_person_of_the_country(Role.ADMINISTRATOR),
    )  # fmt: skip
    employ(session, worker, barred, elsewhere, administrator)
    row = a_registered_case(session)
    bar(
        session, supervisor, case_id=row.id, person_id=barred.person_id, ref="item",
        ground="recused", now=now,
    )  # fmt: skip

    for person, code in (
        (elsewhere.person_id, "no_caseworker_there"),
        (administrator.person_id, "no_caseworker_there"),
        (new_id(), "no_caseworker_there"),
        (barred.person_id, "barred_from_case"),
    ):
        for give in (allocation.allocate, allocation.reassign):
            with pytest.raises(BadInput) as refused:
                give(session, supervisor, row.id, owner_person=person, now=now)
            assert refused.value.code == code
    allocation.allocate(session, supervisor, row.id, owner_person=worker.person_id, now=now)
    assert row.owner_person == worker.person_id
