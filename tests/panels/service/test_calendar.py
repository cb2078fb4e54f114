"""A member's own calendar: only their sittings, only when and which panel, and only under their own address."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from core.accounts import people
from core.accounts.errors import PersonNeeded
from core.actors import Actor, Role, procedure_actor
from core.errors import NotThere
from core.invitations import Standing
from core.outbox import OutboxRow
from panels.service import calendar, members, sittings
from panels.service.members import NewMember
from panels.tables.member import MemberRow
from tests.builders.accounts import Known, someone
from tests.builders.cases import a_person_of_the_country
from tests.builders.sittings import BEFORE, STARTS, Court, a_court, a_sitting, convened
from tests.conftest import NOON


def seated(session: Session, court: Court) -> tuple[Known, Actor]:
    """Somebody with an account, in office on the panel."""
    known = someone(session, NOON, "member")
    new = NewMember(court.seats["chair"], known.person_id, 1, BEFORE, None)
    members.add_member(session, court.head, court.panel_id, new, now=NOON)
    return known, known.actor()


def test_a_member_fetches_only_the_sittings_they_are_called_to(session: Session) -> None:
    court = a_court(session)
    known, actor = seated(session, court)
    a_sitting(session, court)
    other = a_sitting(session, a_court(session))
    secret = calendar.make_address(session, actor, now=NOON)

    found = calendar.read_calendar(session, secret, now=NOON)

    assert known.person_id == actor.person_id
    assert [one.id for one in found.meetings] == [court.sitting_id]
    assert other.sitting_id != court.sitting_id
    assert (found.meetings[0].starts_at, found.meetings[0].standing) == (STARTS, Standing.TENTATIVE)


@pytest.mark.rule("R50")
def test_a_calendar_says_nothing_about_place_case_or_people(session: Session) -> None:
    court = a_court(session)
    _, actor = seated(session, court)
    convened(session, court=court)
    secret = calendar.make_address(session, actor, now=NOON)

    (one,) = calendar.read_calendar(session, secret, now=NOON).meetings

    assert (one.title, one.standing) == ("Panel: sitting", Standing.CONFIRMED)
    assert "Boma" not in repr(one)
    assert court.team is not None
    assert court.team.case_id not in repr(one)


def test_a_sitting_called_off_stays_in_the_calendar_as_that_and_every_member_is_told(
    session: Session,
) -> None:
    court = a_court(session)
    _, actor = seated(session, court)
    convened(session, court=court)
    before = calendar.meeting_of(session, court.sitting_id, now=NOON)
    sittings.cancel_sitting(session, court.secretary, court.sitting_id, "no_room", now=NOON)
    secret = calendar.make_address(session, actor, now=NOON)

    (after,) = calendar.read_calendar(session, secret, now=NOON).meetings
    told = session.exec(select(OutboxRow).where(OutboxRow.topic == "sitting.called_off")).all()

    assert before is not None
    assert (after.id, after.standing) == (before.id, Standing.CANCELLED)
    assert after.number > before.number
    assert actor.person_id in {row.payload["person"] for row in told}
    assert {row.subject for row in told} == {court.sitting_id}


def test_an_address_stops_when_it_is_made_anew_ended_or_its_account_suspended(
    session: Session,
) -> None:
    known, actor = seated(session, a_court(session))
    first = calendar.make_address(session, actor, now=NOON)
    second = calendar.make_address(session, actor, now=NOON)
    calendar.read_calendar(session, second, now=NOON)

    for secret in (first, "x" * 43, ""):
        with pytest.raises(NotThere):
            calendar.read_calendar(session, secret, now=NOON)
    keeper = a_person_of_the_country(Role.ADMINISTRATOR)
    people.suspend(session, keeper, known.account_id, now=NOON)
    with pytest.raises(NotThere):
        calendar.read_calendar(session, second, now=NOON)

    calendar.end_address(session, actor, now=NOON)
    calendar.end_address(session, actor, now=NOON)


def test_what_is_long_past_is_gone_and_machines_have_no_calendar(session: Session) -> None:
    court = a_court(session)
    _, actor = seated(session, court)
    a_sitting(session, court)
    secret = calendar.make_address(session, actor, now=NOON)

    late = calendar.read_calendar(session, secret, now=STARTS + timedelta(days=61))

    assert late.meetings == ()
    with pytest.raises(PersonNeeded):
        calendar.make_address(session, procedure_actor("ZM"), now=NOON)


def test_what_is_after_the_end_of_a_term_is_no_sitting_of_theirs(session: Session) -> None:
    court = a_court(session)
    _, actor = seated(session, court)
    a_sitting(session, court)
    secret = calendar.make_address(session, actor, now=NOON)
    row = session.exec(select(MemberRow).where(MemberRow.person_id == actor.person_id)).one()
    members.end_term(session, court.head, row.id, STARTS.date() - timedelta(days=1), now=NOON)

    assert calendar.read_calendar(session, secret, now=NOON).meetings == ()
