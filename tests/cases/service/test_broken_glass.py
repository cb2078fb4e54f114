"""Why somebody opened a file by force is read by data protection of the own country, on record."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from cases.errors import RoleMayNot, SamePersonApproves
from cases.service import broken_glass, grants
from cases.service.access import bar
from cases.service.broken_glass import Finding
from cases.tables.access import CaseAccessRow
from core import audit
from core.actors import Actor, Role
from core.errors import NotThere
from core.outbox import OutboxRow
from tests.builders.cases import (
    a_caseworker,
    a_person,
    a_person_of_the_country,
    a_registered_case,
    a_supervisor,
)
from tests.conftest import NOON

REASON = "The mother is on her way with a knife."
OTHERS = [role for role in Role if role not in {Role.DATA_PROTECTION, Role.PROCEDURE}]


def an_officer(country: str = "ZM") -> Actor:
    return a_person_of_the_country(Role.DATA_PROTECTION, country=country)


def opened(session: Session, *, minutes: int = 0) -> tuple[str, Actor]:
    """A supervisor of the office opened a file by force."""
    case, boss = a_registered_case(session, owner=a_caseworker()), a_supervisor()
    now = NOON + timedelta(minutes=minutes)
    return grants.break_glass(session, boss, case.child_code, reason=REASON, now=now), boss


def the_opening(session: Session) -> broken_glass.BrokenGlass:
    return broken_glass.list_broken_glass(session, an_officer(), now=NOON)[0]


@pytest.mark.rule("R50")
def test_officer_lists_who_opened_what_and_reads_the_reason_apart(session: Session) -> None:
    case_id, boss = opened(session)
    listed = the_opening(session)

    read = broken_glass.read_reason(session, an_officer(), listed.id, now=NOON)

    assert (listed.case_id, listed.opened_by) == (case_id, boss.person_id)
    assert listed.until_at == NOON + timedelta(hours=24)
    assert (read.opening, read.reason) == (listed, REASON)


@pytest.mark.rule("R50")
def test_reading_a_reason_is_on_record_with_the_case_and_without_the_words(
    session: Session,
) -> None:
    case_id, boss = opened(session)
    officer, opening = an_officer(), the_opening(session)

    broken_glass.read_reason(session, officer, opening.id, now=NOON)

    last = audit.recorded(session)[-1]
    assert (last.action, last.case_id, last.thing_id) == (
        "access.glass_reason_read", case_id, opening.id,
    )  # fmt: skip
    assert last.person_id == officer.person_id
    assert "knife" not in str(audit.recorded(session))
    assert boss.person_id in str(last)


@pytest.mark.parametrize("role", OTHERS)
def test_no_other_role_learns_of_it_not_even_over_the_whole_country(
    session: Session, role: Role
) -> None:
    opened(session)
    opening, other = the_opening(session), a_person_of_the_country(role)

    with pytest.raises(RoleMayNot):
        broken_glass.list_broken_glass(session, other, now=NOON)
    with pytest.raises(NotThere):
        broken_glass.read_reason(session, other, opening.id, now=NOON)


def test_officer_of_another_country_of_one_office_or_a_machine_finds_nothing(
    session: Session,
) -> None:
    opened(session)
    opening = the_opening(session)
    abroad, of_an_office = an_officer("NA"), a_person(Role.DATA_PROTECTION)
    machine = Actor("m", "m", "ZM", an_officer().grants, is_human=False)

    assert broken_glass.list_broken_glass(session, abroad, now=NOON) == ()
    for actor in (abroad, of_an_office, machine):
        with pytest.raises(NotThere):
            broken_glass.read_reason(session, actor, opening.id, now=NOON)


def test_officer_who_is_barred_from_a_case_finds_nothing_of_it(session: Session) -> None:
    case_id, _ = opened(session)
    officer, opening = an_officer(), the_opening(session)
    bar(session, a_supervisor(), case_id=case_id, person_id=officer.person_id, ref="",
        ground="relative", now=NOON)  # fmt: skip

    assert broken_glass.list_broken_glass(session, officer, now=NOON) == ()
    with pytest.raises(NotThere):
        broken_glass.read_reason(session, officer, opening.id, now=NOON)


def test_newest_is_first_and_a_page_goes_on_where_the_last_one_ended(session: Session) -> None:
    ids = [opened(session, minutes=n)[0] for n in (0, 1, 2)]
    officer = an_officer()

    first = broken_glass.list_broken_glass(session, officer, now=NOON, limit=2)
    rest = broken_glass.list_broken_glass(session, officer, now=NOON, after=first[-1].id)

    assert [one.case_id for one in (*first, *rest)] == ids[::-1]


def test_ordinary_access_is_no_opening_by_force(session: Session) -> None:
    opened(session)
    owner = session.exec(select(CaseAccessRow).where(CaseAccessRow.basis == "owner")).one()

    with pytest.raises(NotThere):
        broken_glass.read_reason(session, an_officer(), owner.id, now=NOON)


def test_what_was_found_stays_on_record_and_the_last_finding_counts(session: Session) -> None:
    opened(session)
    officer, access_id = an_officer(), the_opening(session).id
    for finding in (Finding.ASKED_FURTHER, Finding.NOT_JUSTIFIED):
        broken_glass.review(session, officer, access_id, finding, now=NOON)
        audit.flush(session)

    found = the_opening(session)

    assert (found.finding, found.found_by) == (Finding.NOT_JUSTIFIED, officer.person_id)
    told = session.exec(select(OutboxRow).where(OutboxRow.topic == "access.glass_not_justified"))
    assert [row.payload["role"] for row in told] == [Role.SECRETARIAT_HEAD]


def test_nobody_reviews_their_own_opening_nor_one_of_another_country(session: Session) -> None:
    _, boss = opened(session)
    access_id = the_opening(session).id
    both = replace(an_officer(), person_id=boss.person_id)

    with pytest.raises(SamePersonApproves):
        broken_glass.review(session, both, access_id, Finding.JUSTIFIED, now=NOON)
    for stranger in (an_officer("NA"), boss):
        with pytest.raises(NotThere):
            broken_glass.review(session, stranger, access_id, Finding.JUSTIFIED, now=NOON)
