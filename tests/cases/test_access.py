"""Opening files: who gets what, what stays shut, and that every opening is on record."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from cases.errors import BreakGlassNotYours, RoleMayNot, SamePersonApproves
from cases.rules.access import Basis, Level
from cases.rules.children import Relation
from cases.service import grants
from cases.service.access import (
    bar,
    case_for,
    close_access,
    grant_access,
    persons_related,
    reach_of,
    unbar,
)
from cases.service.files import Purpose, list_files, open_file, wanted
from cases.service.links import link_children
from cases.tables.access import CaseAccessRow
from core import audit
from core.actors import Actor, Grant, Role, ScopeKind
from core.errors import BadInput, NotThere, WrongState
from core.ids import new_id
from core.notices import recipient_of
from core.outbox import Message, OutboxRow
from tests.builders.cases import (
    OTHER_OFFICE,
    a_caseworker,
    a_person,
    a_person_of_the_country,
    a_person_on_own_cases,
    a_registered_case,
    a_supervisor,
)

SECRETS = {"trafficking": "told the worker", "hiv_status": "known", "exact_location": "house 4"}
REASON = "the child may be taken tonight"


def a_case(session: Any, **changes: Any) -> Any:
    return a_registered_case(session, sensitive=SECRETS, **changes)


def a_member(session: Any, row: Any, now: Any, *roles: Any) -> Any:
    """A panel member whose papers were released."""
    roles = roles or (Role.MEMBER,)
    member = Actor(
        new_id(), new_id(), "ZM", frozenset(Grant(role, ScopeKind.PANEL, "panel") for role in roles)
    )
    grant_access(
        session, a_supervisor(), case_id=row.id, person_id=member.person_id,
        basis=Basis.PANEL_ITEM, level=Level.FULL, ref="item", now=now,
    )  # fmt: skip
    return member


def test_the_caseworker_opens_the_whole_file_of_the_own_case(session, now):
    worker = a_caseworker()
    row = a_case(session, owner=worker)

    opened = open_file(session, worker, row.id, now=now)

    assert opened.sensitive == SECRETS
    assert opened.facts["names"] == {"given": "Amani"}


def test_a_colleague_of_the_same_office_sees_the_coded_row_and_nothing_else(session, now):
    row = a_case(session, owner=a_caseworker())

    opened = open_file(session, a_caseworker(), row.id, now=now)

    assert (opened.level, opened.facts, opened.sensitive) == (Level.CODED, {}, {})
    assert opened.local_number is None


def test_a_supervisor_states_a_purpose_before_highly_sensitive_parts_open(session, now):
    row, supervisor = a_case(session), a_supervisor()

    before = open_file(session, supervisor, row.id, now=now)
    after = open_file(session, supervisor, row.id, purpose=Purpose.REVIEW, now=now)

    assert (before.closed_parts, set(before.sensitive)) == ("purpose_needed", {"exact_location"})
    assert after.sensitive == SECRETS


def test_a_case_of_another_office_answers_like_one_that_does_not_exist(session, now):
    row, stranger = a_case(session), a_caseworker(OTHER_OFFICE)

    with pytest.raises(NotThere) as foreign:
        open_file(session, stranger, row.id, now=now)
    with pytest.raises(NotThere) as missing:
        open_file(session, stranger, new_id(), now=now)

    assert foreign.value.kind == missing.value.kind


@pytest.mark.parametrize(
    "role",
    [Role.ADMINISTRATOR, Role.STATISTICIAN, Role.DATA_PROTECTION, Role.AUDITOR, Role.IMMIGRATION],
)
def test_roles_without_casework_see_no_case_at_all(session, now, role):
    row, person = a_case(session), a_person_of_the_country(role)

    assert not reach_of(session, person, row.id, now=now).sees
    assert list_files(session, person, wanted(), now=now).rows == ()


@pytest.mark.rule("R50")
def test_every_opening_is_on_record_with_its_fields_and_purpose_but_no_content(session, now):
    row, supervisor = a_case(session), a_supervisor()

    open_file(session, supervisor, row.id, purpose=Purpose.SAFETY, now=now)

    entry = next(e for e in audit.recorded(session) if e.action == "case.read")
    assert entry.case_id == row.id
    assert "safety" in entry.detail
    assert "trafficking" in entry.detail
    assert "told the worker" not in entry.detail


def test_only_the_fields_asked_for_are_opened(session, now):
    worker = a_caseworker()
    row = a_case(session, owner=worker, restricted={"names": {}, "languages": ["sw"]})

    opened = open_file(session, worker, row.id, fields={"languages", "hiv_status"}, now=now)

    assert (set(opened.facts), set(opened.sensitive)) == ({"languages"}, {"hiv_status"})


def test_papers_open_the_file_to_a_member_without_highly_sensitive_parts(session, now):
    row = a_case(session)
    member = a_member(session, row, now)

    opened = open_file(session, member, row.id, now=now)

    assert (opened.facts["names"], opened.sensitive) == ({"given": "Amani"}, {})
    assert opened.closed_parts == "not_for_you"


def test_recalled_papers_close_the_file(session, now):
    row = a_case(session)
    member = a_member(session, row, now)

    close_access(session, a_supervisor(), case_id=row.id, ref="item", now=now)

    assert not reach_of(session, member, row.id, now=now).sees


@pytest.mark.rule("R14")
def test_a_recused_member_finds_no_file_no_row_in_the_list_and_no_search_hit(session, now):
    row = a_case(session)
    member = a_member(session, row, now, Role.MEMBER, Role.SUPERVISOR)
    office = Grant(Role.SUPERVISOR, ScopeKind.OFFICE, row.office)
    member = Actor(member.account_id, member.person_id, "ZM", member.grants | {office})
    assert list_files(session, member, wanted(), now=now).rows

    bar(session, a_supervisor(), case_id=row.id, person_id=member.person_id, ref="item",
        ground="arrest", now=now)  # fmt: skip

    with pytest.raises(NotThere):
        open_file(session, member, row.id, now=now)
    assert list_files(session, member, wanted(), now=now).rows == ()


@pytest.mark.rule("R14")
def test_a_bar_follows_the_person_into_another_account(session, now):
    row = a_case(session)
    first = a_supervisor()
    second = a_supervisor(person_id=first.person_id)

    bar(session, a_supervisor(), case_id=row.id, person_id=first.person_id, ref="item",
        ground="relative", now=now)  # fmt: skip

    assert not reach_of(session, second, row.id, now=now).sees


def test_a_bar_that_was_ruled_unfounded_is_lifted_and_may_be_set_again(session, now):
    row = a_case(session)
    member = a_member(session, row, now)
    who = {"case_id": row.id, "person_id": member.person_id, "ref": "item", "now": now}
    bar(session, a_supervisor(), ground="relative", **who)

    assert unbar(session, a_supervisor(), **who)
    assert reach_of(session, member, row.id, now=now).sees
    bar(session, a_supervisor(), ground="relative", **who)
    assert not reach_of(session, member, row.id, now=now).sees


def test_access_that_ran_out_shows_nothing(session, now):
    row, person = a_case(session), a_person_on_own_cases(Role.LAWYER)
    grant_access(
        session, a_supervisor(), case_id=row.id, person_id=person.person_id, basis=Basis.LAWYER,
        until=now + timedelta(days=1), now=now,
    )  # fmt: skip

    assert reach_of(session, person, row.id, now=now).sees
    assert not reach_of(session, person, row.id, now=now + timedelta(days=1)).sees


def test_granting_the_same_access_twice_keeps_one_row(session, now):
    row, worker = a_case(session), a_caseworker()
    again = {"case_id": row.id, "person_id": worker.person_id, "basis": Basis.ASSESSOR, "now": now}

    assert grant_access(session, worker, **again) == grant_access(session, worker, **again)


def test_a_role_for_another_office_does_not_act_on_a_case_seen_through_an_access_row(session, now):
    elsewhere = a_supervisor(OTHER_OFFICE)
    row = a_case(session)
    grant_access(
        session, elsewhere, case_id=row.id, person_id=elsewhere.person_id, basis=Basis.ASSESSOR,
        now=now,
    )  # fmt: skip

    with pytest.raises(RoleMayNot):
        case_for(session, elsewhere, row.id, roles={Role.SUPERVISOR}, now=now)


def test_everybody_tied_to_the_child_or_a_sibling_is_named_for_conflict_hints(session, now):
    worker, other, member = a_caseworker(), a_caseworker(), a_caseworker()
    row, sibling = a_case(session, owner=worker), a_case(session, owner=other)
    link_children(session, worker, row.id, other_id=sibling.id, relation=Relation.SIBLING, now=now)
    grant_access(session, worker, case_id=row.id, person_id=member.person_id,
                 basis=Basis.PANEL_ITEM, now=now)  # fmt: skip
    close_access(session, worker, case_id=row.id, person_id=worker.person_id, now=now)

    found = {
        (r.person_id, r.basis, r.is_sibling, r.is_open) for r in persons_related(session, row.id)
    }

    assert found == {
        (worker.person_id, "owner", False, False),
        (other.person_id, "owner", True, True),
    }


@pytest.mark.rule("R45")
def test_highly_sensitive_parts_open_part_by_part_by_a_second_person_and_for_a_time(session, now):
    supervisor = a_supervisor()
    row = a_case(session, supervisor=supervisor)
    member = a_member(session, row, now)
    until = now + timedelta(days=2)
    asked = grants.ask_sensitive(
        session, member, row.id, sections=["trafficking"], purpose=Purpose.DETERMINATION,
        reason="the item turns on it", until=until, now=now,
    )  # fmt: skip

    grants.answer_sensitive(session, supervisor, row.id, asked, approve=True, now=now)

    assert set(open_file(session, member, row.id, now=now).sensitive) == {"trafficking"}
    assert open_file(session, member, row.id, now=until).sensitive == {}


@pytest.mark.rule("R45")
def test_nobody_grants_highly_sensitive_parts_to_themselves(session, now):
    supervisor = a_supervisor()
    row = a_case(session, supervisor=supervisor)
    ask = {"sections": ["hiv_status"], "purpose": Purpose.CARE, "reason": "needed for care",
           "until": now + timedelta(days=1), "now": now}  # fmt: skip
    own = grants.ask_sensitive(session, supervisor, row.id, **ask)
    for_me = grants.ask_sensitive(
        session, a_supervisor(), row.id, person_id=supervisor.person_id, **ask
    )

    for request in (own, for_me):
        with pytest.raises(SamePersonApproves):
            grants.answer_sensitive(session, supervisor, row.id, request, approve=True, now=now)


def test_a_grant_is_answered_once_names_known_parts_and_ends(session, now):
    supervisor, worker = a_supervisor(), a_caseworker()
    row = a_case(session, owner=worker, supervisor=supervisor)
    ask = {"purpose": Purpose.CARE, "reason": "needed", "now": now}
    asked = grants.ask_sensitive(
        session, worker, row.id, sections=["hiv_status"], until=now + timedelta(days=1), **ask
    )
    grants.answer_sensitive(session, supervisor, row.id, asked, approve=False, now=now)

    with pytest.raises(WrongState):
        grants.answer_sensitive(session, supervisor, row.id, asked, approve=True, now=now)
    for sections, until in ((["shoe_size"], 1), ([], 1), (["hiv_status"], 0), (["hiv_status"], 91)):
        with pytest.raises(BadInput):
            grants.ask_sensitive(
                session, worker, row.id, sections=sections, until=now + timedelta(days=until), **ask
            )


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.CHAIR, Role.SECRETARIAT_HEAD])
def test_breaking_the_glass_opens_everything_for_a_day_and_tells_data_protection(
    session, now, role
):
    row, person = a_case(session), a_person(role, office=OTHER_OFFICE)

    grants.break_glass(session, person, row.child_code.lower(), reason=REASON, now=now)

    assert open_file(session, person, row.id, now=now).sensitive == SECRETS
    told = session.exec(select(OutboxRow).where(OutboxRow.topic == "access.glass_broken")).one()
    to = recipient_of(
        Message("", told.topic, told.key, told.subject, told.payload, 1), country="ZM"
    )
    assert (to.person_id, to.role, to.scope, to.ref) == (None, "data_protection", "country", "ZM")
    assert not reach_of(session, person, row.id, now=now + timedelta(hours=24)).sees


def test_the_reason_for_breaking_the_glass_is_typed_and_sealed(session, now):
    row, person = a_case(session), a_supervisor(OTHER_OFFICE)

    with pytest.raises(BadInput):
        grants.break_glass(session, person, row.child_code, reason="  urgent ", now=now)
    grants.break_glass(session, person, row.child_code, reason=REASON, now=now)

    kept = session.exec(select(CaseAccessRow).where(CaseAccessRow.basis == "break_glass")).one()
    assert REASON.encode() not in kept.restricted
    assert all(REASON not in entry.detail for entry in audit.recorded(session))


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.MEMBER, Role.ADMINISTRATOR])
def test_no_other_role_breaks_the_glass(session, now, role):
    with pytest.raises(BreakGlassNotYours):
        grants.break_glass(
            session, a_person(role), a_case(session).child_code, reason=REASON, now=now
        )


@pytest.mark.rule("R14")
def test_a_barred_chair_does_not_break_the_glass(session, now):
    row, chair = a_case(session), a_person(Role.CHAIR)
    bar(session, a_supervisor(), case_id=row.id, person_id=chair.person_id, ref="item",
        ground="relative", now=now)  # fmt: skip

    with pytest.raises(NotThere):
        grants.break_glass(session, chair, row.child_code, reason=REASON, now=now)
