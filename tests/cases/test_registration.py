"""From an alert to a registered child."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import chain, repeat

import pytest

from cases.errors import RoleMayNot
from cases.rules.children import (
    Accompaniment,
    AgeBasis,
    Alert,
    AsylumClaim,
    BirthPrecision,
    Child,
    ExternalId,
    ExternalIdKind,
    Names,
    Priority,
    Sex,
    Source,
    Tri,
)
from cases.rules.consent import Assent, GivenBy, NotAskedReason
from cases.rules.machine import CaseState
from cases.rules.movement import HoldOnMovement
from cases.service import details, movement, registration
from cases.service.consents import NewConsent, has_consent
from cases.service.files import open_file, restricted_of, sensitive_of
from cases.service.steps import lock
from core.actors import Role
from core.errors import BadInput, Incomplete, NotThere, StaleWrite
from tests.builders.cases import OFFICE, OTHER_OFFICE, a_caseworker, a_person, a_supervisor

ALERT = Alert(office=OFFICE, source=Source.BORDER, in_danger=Tri.NO, in_detention=Tri.NO)
NOT_ASKED = NotAskedReason.NO_COMMON_LANGUAGE
A_GIRL = Child(
    names=Names(given="Amani", family="Bahati"),
    sex=Sex.FEMALE,
    age_years=13,
    age_stated_on=date(2026, 3, 1),
    age_basis=AgeBasis.STATED,
    nationalities=("CD",),
    languages=("sw", "fr"),
    accompaniment=Accompaniment.UNACCOMPANIED,
)


def test_anybody_may_raise_an_alert_without_a_name_or_a_date(session, now):
    police = a_person(Role.FIRST_LINE)

    opened = registration.raise_alert(session, police, Alert(office=OFFICE), now=now)

    row = lock(session, opened.case_id)
    assert row.state == CaseState.IDENTIFIED
    assert row.child_code == opened.child_code
    assert restricted_of(session, row)["alert"]["reported_by"] == ""


@pytest.mark.rule("R27")
def test_a_child_in_a_cell_begins_as_an_emergency_with_a_running_counter(session, now):
    since = now - timedelta(days=2)

    opened = registration.raise_alert(
        session,
        a_person(Role.DETENTION_MONITOR),
        replace(ALERT, in_detention=Tri.YES, detained_since=since),
        now=now,
    )

    row = lock(session, opened.case_id)
    assert (row.priority, row.detained, row.detained_since) == ("emergency", True, since)


def test_a_child_in_danger_stays_an_emergency_when_the_worker_says_low(session, now):
    worker = a_caseworker()
    opened = registration.raise_alert(session, worker, replace(ALERT, in_danger=Tri.YES), now=now)

    done = registration.register_child(
        session, worker, opened.case_id, A_GIRL,
        not_asked=NOT_ASKED, priority=Priority.LOW, now=now,
    )  # fmt: skip

    assert done.priority == "emergency"


def test_nobody_knows_whether_there_is_danger_so_somebody_looks_soon(session, now):
    opened = registration.raise_alert(session, a_caseworker(), Alert(office=OFFICE), now=now)

    assert lock(session, opened.case_id).priority == "high"


@pytest.mark.rule("R49")
def test_a_child_code_that_is_taken_is_drawn_again(session, now):
    worker = a_caseworker()
    first = registration.raise_alert(session, worker, ALERT, now=now)
    draws = chain(repeat(first.child_code, 3), ["KQ7M-3RTX-9A"])

    second = registration.raise_alert(session, worker, ALERT, now=now, codes=lambda: next(draws))

    assert second.child_code == "KQ7M-3RTX-9A"


def test_an_office_the_country_does_not_have_is_refused(session, now):
    with pytest.raises(BadInput):
        registration.raise_alert(session, a_caseworker(), Alert(office="ZM-99-XXX"), now=now)


def test_a_child_of_whom_nothing_is_known_can_be_registered(session, now):
    worker = a_caseworker()
    opened = registration.raise_alert(session, worker, ALERT, now=now)

    registration.register_child(
        session, worker, opened.case_id, Child(), not_asked=NOT_ASKED, now=now
    )

    row = lock(session, opened.case_id)
    assert row.state == CaseState.REGISTERED
    assert (row.sex, row.age_band, row.accompaniment) == ("not_stated", "unknown", "unknown")
    assert row.nationality_code == "undetermined"


def test_what_is_known_is_sealed_and_only_codes_stay_in_clear(session, now):
    worker = a_caseworker()

    done = registration.register_new(session, worker, ALERT, A_GIRL, not_asked=NOT_ASKED, now=now)

    row = lock(session, done.case_id)
    assert row.age_band == "12-14"
    assert b"Amani" not in row.restricted
    assert open_file(session, worker, row.id, now=now).facts["names"]["given"] == "Amani"


def test_each_office_counts_its_own_cases_of_the_year(session, now):
    here, there = a_caseworker(), a_caseworker(OTHER_OFFICE)

    numbers = [
        registration.register_new(
            session, worker, replace(ALERT, office=office), Child(), not_asked=NOT_ASKED, now=now
        ).local_number
        for worker, office in ((here, OFFICE), (here, OFFICE), (there, OTHER_OFFICE))
    ]

    assert numbers == [f"{OFFICE}/2026/00001", f"{OFFICE}/2026/00002", f"{OTHER_OFFICE}/2026/00001"]


def test_registration_without_consent_or_a_reason_says_what_is_missing(session, now):
    worker = a_caseworker()
    opened = registration.raise_alert(session, worker, ALERT, now=now)

    with pytest.raises(Incomplete) as refusal:
        registration.register_child(session, worker, opened.case_id, A_GIRL, now=now)

    assert [gap.code for gap in refusal.value.gaps] == ["consent_or_reason_missing"]


def test_assent_given_at_registration_is_on_file(session, now):
    worker = a_caseworker()
    given = NewConsent(GivenBy.CHILD, Assent.YES, now.date(), purposes=("case_management",))

    done = registration.register_new(session, worker, ALERT, A_GIRL, consent=given, now=now)

    assert has_consent(session, done.case_id)


@pytest.mark.parametrize(
    ("child", "gap"),
    [
        (Child(age_years=9), "age_basis_missing"),
        (Child(birth_date=date(2027, 1, 1)), "birth_in_future"),
        (
            Child(
                birth_date=date(2001, 1, 1),
                birth_precision=BirthPrecision.DAY,
                age_basis=AgeBasis.DOCUMENT,
            ),
            "not_a_child",
        ),
    ],
)
def test_values_that_contradict_each_other_are_named(session, now, child, gap):
    with pytest.raises(Incomplete) as refusal:
        registration.register_new(
            session, a_caseworker(), ALERT, child, not_asked=NOT_ASKED, now=now
        )

    assert gap in [found.code for found in refusal.value.gaps]


def test_in_doubt_about_age_the_person_is_a_child(session, now):
    stated = Child(age_years=20, age_basis=AgeBasis.STATED)

    done = registration.register_new(
        session, a_caseworker(), ALERT, stated, not_asked=NOT_ASKED, now=now
    )

    assert lock(session, done.case_id).state == CaseState.REGISTERED


def test_a_worker_of_another_office_finds_nothing_to_register(session, now):
    opened = registration.raise_alert(session, a_caseworker(), ALERT, now=now)

    with pytest.raises(NotThere):
        registration.register_child(
            session, a_caseworker(OTHER_OFFICE), opened.case_id, A_GIRL,
            not_asked=NOT_ASKED, now=now,
        )  # fmt: skip


def test_a_supervisor_does_not_register(session, now):
    opened = registration.raise_alert(session, a_caseworker(), ALERT, now=now)

    with pytest.raises(RoleMayNot):
        registration.register_child(
            session, a_supervisor(), opened.case_id, A_GIRL, not_asked=NOT_ASKED, now=now
        )


def test_an_alert_that_was_not_about_a_child_is_set_aside_by_a_supervisor(session, now):
    opened = registration.raise_alert(session, a_caseworker(), ALERT, now=now)

    registration.set_aside(session, a_supervisor(), opened.case_id, now=now)

    row = lock(session, opened.case_id)
    assert (row.state, row.is_open) == (CaseState.NOT_ELIGIBLE, False)


@pytest.mark.rule("R26")
@pytest.mark.parametrize(
    ("child", "reason"),
    [
        (replace(A_GIRL, asylum_claim=AsylumClaim.WISHES), HoldOnMovement.ASYLUM),
        (replace(A_GIRL, asylum_claim=AsylumClaim.PENDING), HoldOnMovement.ASYLUM),
        (replace(A_GIRL, asylum_claim=AsylumClaim.RECOGNISED), HoldOnMovement.ASYLUM),
        (replace(A_GIRL, fear_of_return=Tri.YES), HoldOnMovement.FEAR_OF_RETURN),
    ],
)
def test_a_child_who_asks_for_protection_is_not_moved_to_the_origin(session, now, child, reason):
    done = registration.register_new(
        session, a_caseworker(), ALERT, child, not_asked=NOT_ASKED, now=now
    )

    assert reason in {hold.reason for hold in movement.open_holds(session, done.case_id)}


@pytest.mark.rule("R26")
def test_an_asylum_wish_voiced_later_suspends_movement_at_once(session, now):
    worker = a_caseworker()
    done = registration.register_new(session, worker, ALERT, A_GIRL, not_asked=NOT_ASKED, now=now)

    details.amend_child(session, worker, done.case_id, {"asylum_claim": "wishes"}, now=now)

    assert movement.open_holds(session, done.case_id)[0].reason is HoldOnMovement.ASYLUM


def test_the_second_of_two_workers_is_told_that_the_file_changed(session, now):
    worker = a_caseworker()
    done = registration.register_new(session, worker, ALERT, A_GIRL, not_asked=NOT_ASKED, now=now)
    details.amend_child(
        session, worker, done.case_id, {"languages": ["sw"]},
        expected_version=done.version, now=now,
    )  # fmt: skip

    with pytest.raises(StaleWrite):
        details.amend_child(
            session, worker, done.case_id, {"languages": ["fr"]},
            expected_version=done.version, now=now,
        )  # fmt: skip


def test_a_field_nobody_knows_is_refused_and_none_takes_a_value_away(session, now):
    worker = a_caseworker()
    done = registration.register_new(session, worker, ALERT, A_GIRL, not_asked=NOT_ASKED, now=now)

    with pytest.raises(BadInput):
        details.amend_child(session, worker, done.case_id, {"shoe_size": 38}, now=now)
    details.amend_child(session, worker, done.case_id, {"movement_status": None}, now=now)

    assert "movement_status" not in sensitive_of(session, lock(session, done.case_id))


@pytest.mark.rule("R47")
def test_a_danger_flag_suspends_movement_until_a_supervisor_lifts_it(session, now):
    worker = a_caseworker()
    done = registration.register_new(session, worker, ALERT, A_GIRL, not_asked=NOT_ASKED, now=now)

    details.flag_danger(session, worker, done.case_id, reason="uncle searches for her", now=now)

    assert movement.open_holds(session, done.case_id)[0].reason is HoldOnMovement.DANGER
    with pytest.raises(RoleMayNot):
        details.clear_danger(session, worker, done.case_id, now=now)
    details.clear_danger(session, a_supervisor(), done.case_id, now=now)
    assert movement.open_holds(session, done.case_id) == ()


def test_a_child_with_a_number_on_file_already_is_hinted_at(session, now):
    worker = a_caseworker()
    number = (ExternalId(ExternalIdKind.UNHCR_INDIVIDUAL, "772-00C12345"),)
    first = registration.register_new(
        session, worker, ALERT, replace(A_GIRL, external_ids=number), not_asked=NOT_ASKED, now=now
    )

    second = registration.register_new(
        session, worker, ALERT, Child(external_ids=number), not_asked=NOT_ASKED, now=now
    )

    assert [hint.row.child_code for hint in second.hints.seen] == [first.child_code]
