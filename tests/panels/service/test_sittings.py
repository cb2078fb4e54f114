"""Sittings from plan to archive, on the database."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from api.problems.catalogue import gap_sentence
from cases.rules.access import Level
from cases.service.access import reach_of
from core.actors import Role
from core.errors import BadInput, Incomplete, NotAllowed, NotThere, StaleWrite, WrongState
from panels.errors import AlreadyListed
from panels.rules.attendance import Movement
from panels.rules.items import Invited, ItemState
from panels.rules.sittings import SittingState, SittingType
from panels.service import (
    agenda,
    attendance,
    listing,
    members,
    minutes,
    papers,
    sitting_views,
    sittings,
)
from panels.service.listing import Invitation
from panels.service.members import NewMember
from panels.store import item as items
from panels.store import sitting as sitting_store
from tests.builders.procedure import a_ready_report
from tests.builders.sittings import (
    SEATS,
    STARTS,
    Court,
    a_court,
    a_listed_item,
    a_sitting,
    arrive,
    convened,
    declare,
    in_deliberation,
    leave,
    of_panel,
    opened,
)
from tests.conftest import NOON

INVITED = (Invitation(Invited.GUARDIAN), Invitation(Invited.INTERPRETER))


def state_of(session: Session, court: Court) -> str:
    assert court.team is not None
    session.refresh(court.team.row)
    return court.team.row.state


def test_listing_names_everything_that_is_missing(session: Session) -> None:
    court = a_sitting(session, a_court(session), starts_at=NOON + timedelta(hours=30))
    team = a_ready_report(session)

    with pytest.raises(Incomplete) as missing:
        listing.list_case(session, court.secretary, court.sitting_id, team.case_id, now=NOON)

    assert {gap.code for gap in missing.value.gaps} >= {"papers_too_late", "guardian_not_invited"}


def test_an_extraordinary_sitting_is_not_held_to_the_papers_timetable(session: Session) -> None:
    court = a_sitting(
        session,
        a_court(session),
        starts_at=NOON + timedelta(hours=3),
        type=SittingType.EXTRAORDINARY,
    )

    a_listed_item(session, court)

    assert state_of(session, court) == "bid_listed"


def test_a_case_stands_on_one_agenda_only(session: Session) -> None:
    court = a_listed_item(session, a_sitting(session, a_court(session)))
    other = a_sitting(session, a_court(session))
    assert court.team is not None

    with pytest.raises(AlreadyListed):
        listing.list_case(
            session,
            other.secretary,
            other.sitting_id,
            court.team.case_id,
            invited=INVITED,
            now=NOON,
        )


def test_convening_locks_the_agenda_and_releases_papers(session: Session) -> None:
    court = convened(session)
    assert court.team is not None

    reach = reach_of(session, court.people["chair"], court.team.case_id, now=NOON)

    assert reach.level is Level.FULL
    with pytest.raises(Incomplete):
        listing.list_case(
            session, court.secretary, court.sitting_id, a_ready_report(session).case_id,
            invited=INVITED, now=NOON,
        )  # fmt: skip


def test_before_papers_are_released_a_member_sees_no_case(session: Session) -> None:
    court = a_listed_item(session, a_sitting(session, a_court(session)))
    assert court.team is not None

    assert (
        reach_of(session, court.people["chair"], court.team.case_id, now=NOON).level is Level.NONE
    )
    with pytest.raises(NotThere):
        papers.open_papers(session, court.people["chair"], court.item_id, now=NOON)


@pytest.mark.rule("R16")
def test_without_a_valid_undertaking_there_are_no_papers(session: Session) -> None:
    court = convened(session)
    later = NOON + timedelta(days=400)  # undertakings hold twelve months

    with pytest.raises(NotThere):
        papers.open_papers(session, court.people["chair"], court.item_id, now=later)
    assert court.team is not None
    assert (
        reach_of(session, court.people["chair"], court.team.case_id, now=later).level is Level.NONE
    )


def test_every_opening_of_the_papers_is_noted(session: Session) -> None:
    court = convened(session)

    papers.open_papers(session, court.people["police"], court.item_id, now=NOON)
    papers.open_papers(session, court.people["police"], court.item_id, now=NOON)

    row = items.paper_of(session, court.item_id, court.people["police"].person_id)
    assert row is not None
    assert (row.first_read_at, row.times_read) == (NOON, 2)


@pytest.mark.rule("R17")
def test_a_sitting_without_quorum_does_not_open(session: Session) -> None:
    court = convened(session)
    arrive(session, court, "chair", "welfare")

    with pytest.raises(Incomplete) as missing:
        sittings.open_sitting(session, court.people["chair"], court.sitting_id, now=STARTS)

    assert {gap.code for gap in missing.value.gaps} == {"voters_missing", "agencies_missing"}


def test_only_whoever_presides_opens_and_a_deputy_does_when_the_chair_is_away(
    session: Session,
) -> None:
    court = convened(session)
    arrive(session, court, "deputy", "welfare", "police")

    with pytest.raises(NotAllowed):
        sittings.open_sitting(session, court.people["police"], court.sitting_id, now=STARTS)
    sittings.open_sitting(session, court.people["deputy"], court.sitting_id, now=STARTS)

    found = sitting_views.show_sitting(session, court.secretary, court.sitting_id, now=STARTS)
    assert found.sitting.state == SittingState.OPEN


def test_an_item_is_called_only_after_every_member_present_declared(session: Session) -> None:
    court = opened(session)
    declare(session, court, "chair", "deputy", "welfare", "police")

    with pytest.raises(Incomplete) as missing:
        agenda.call_item(session, court.people["chair"], court.item_id, now=STARTS)

    assert [gap.facts["member"] for gap in missing.value.gaps] == [court.members["school"]]


def test_an_item_that_lost_its_quorum_can_be_called_again(session: Session) -> None:
    court = in_deliberation(session, "chair", "welfare", "police")
    leave(session, court, "police", now=STARTS + timedelta(minutes=5))
    later = STARTS + timedelta(minutes=9)
    arrive(session, court, "school", now=later)

    with pytest.raises(Incomplete):
        agenda.call_item(session, court.people["chair"], court.item_id, now=later)
    declare(session, court, "chair", "welfare", "school", now=later)
    agenda.call_item(session, court.people["chair"], court.item_id, now=later)

    assert state_of(session, court) == "bid_in_sitting"


def test_items_without_quorum_go_back_to_be_listed_when_the_sitting_ends(session: Session) -> None:
    court = in_deliberation(session, "chair", "welfare", "police")
    leave(session, court, "police", now=STARTS + timedelta(minutes=5))

    sittings.end_sitting(
        session, court.secretary, court.sitting_id, now=STARTS + timedelta(hours=1)
    )

    assert state_of(session, court) == "bid_ready"
    assert court.team is not None
    assert (
        reach_of(session, court.people["chair"], court.team.case_id, now=STARTS).level is Level.NONE
    )


def test_items_not_reached_are_ready_again_and_may_be_listed_again(session: Session) -> None:
    court = opened(session)

    sittings.end_sitting(session, court.people["chair"], court.sitting_id, now=STARTS)
    again = a_sitting(session, court, starts_at=STARTS + timedelta(days=30))
    assert court.team is not None
    listing.list_case(
        session, court.secretary, again.sitting_id, court.team.case_id, invited=INVITED, now=STARTS
    )

    assert state_of(session, court) == "bid_listed"


def test_a_sitting_does_not_end_while_an_item_is_in_hand(session: Session) -> None:
    court = in_deliberation(session)

    with pytest.raises(Incomplete):
        sittings.end_sitting(session, court.secretary, court.sitting_id, now=STARTS)


def test_cancelling_frees_every_case(session: Session) -> None:
    court = convened(session)

    sittings.cancel_sitting(session, court.secretary, court.sitting_id, "flood", now=NOON)

    assert state_of(session, court) == "bid_ready"


def test_an_inquorate_sitting_is_recorded_and_frees_its_cases(session: Session) -> None:
    court = convened(session)
    arrive(session, court, "chair")

    with pytest.raises(Incomplete):
        sittings.declare_inquorate(session, court.secretary, court.sitting_id, now=NOON)
    sittings.declare_inquorate(session, court.secretary, court.sitting_id, now=STARTS)

    assert state_of(session, court) == "bid_ready"
    assert sitting_store.quorum_log(session, court.sitting_id)[-1].moment == "inquorate"


def test_archiving_closes_the_file_to_the_members(session: Session) -> None:
    court = in_deliberation(session)
    agenda.settle_item(session, court.people["chair"], court.item_id, ItemState.DECIDED, now=STARTS)
    sittings.end_sitting(session, court.secretary, court.sitting_id, now=STARTS)
    sittings.mark_minutes_signed(session, court.secretary, court.sitting_id, now=STARTS)

    minutes.archive_sitting(session, court.secretary, court.sitting_id, now=STARTS)

    assert court.team is not None
    assert (
        reach_of(session, court.people["chair"], court.team.case_id, now=STARTS).level is Level.NONE
    )


def test_an_attendance_entry_is_corrected_by_a_further_one(session: Session) -> None:
    court = opened(session)
    first = attendance.timeline(session, court.secretary, court.sitting_id, now=STARTS)[0]

    attendance.correct_movement(
        session, court.secretary, first.id, Movement.VOID, reason="Mistaken identity.", now=STARTS
    )

    entries = attendance.timeline(session, court.secretary, court.sitting_id, now=STARTS)
    assert len(entries) == 6
    assert entries[0].kind == Movement.PRESENT
    view = sitting_views.show_sitting(session, court.secretary, court.sitting_id, now=STARTS)
    assert court.members["chair"] not in view.present


def test_a_decision_is_flagged_when_a_voter_turns_out_not_to_have_been_there(
    session: Session,
) -> None:
    court = in_deliberation(session)
    for name in court.people:
        court.vote(session, name, now=STARTS + timedelta(minutes=1))
    later = STARTS + timedelta(minutes=9)
    agenda.settle_item(session, court.people["chair"], court.item_id, ItemState.DECIDED, now=later)
    entry = next(
        one
        for one in attendance.timeline(session, court.secretary, court.sitting_id, now=later)
        if one.member_id == court.members["school"]
    )

    attendance.correct_movement(
        session, court.secretary, entry.id, Movement.VOID, reason="Was elsewhere.", now=later
    )

    item = items.find(session, court.item_id)
    assert item is not None
    assert item.flag_reason == "attendance_corrected"


def test_a_stale_write_is_told(session: Session) -> None:
    court = convened(session)

    with pytest.raises(StaleWrite):
        sittings.cancel_sitting(
            session, court.secretary, court.sitting_id, "flood", now=NOON, expected_version=99
        )


def test_voting_stops_while_a_sitting_is_adjourned(session: Session) -> None:
    court = opened(session)
    sittings.adjourn_sitting(session, court.secretary, court.sitting_id, now=STARTS)
    declare(session, court, "chair")

    with pytest.raises(WrongState):
        agenda.call_item(session, court.people["chair"], court.item_id, now=STARTS)
    sittings.open_sitting(session, court.people["chair"], court.sitting_id, now=STARTS)


def test_too_many_children_in_too_little_time_is_a_warning(session: Session) -> None:
    court = a_listed_item(session, a_sitting(session, a_court(session), minutes=5))

    warnings = sittings.convene_sitting(session, court.secretary, court.sitting_id, now=NOON)

    assert [gap.code for gap in warnings] == ["too_little_time_per_child"]


def test_convening_names_whoever_cannot_sit_on_the_day_as_things_stand(session: Session) -> None:
    court = a_court(session)
    unsigned = of_panel(court.panel_id, Role.MEMBER)
    new = NewMember(court.seats["school"], unsigned.person_id, 1, NOON.date(), None)
    member_id = members.add_member(session, court.head, court.panel_id, new, now=NOON)
    a_listed_item(session, a_sitting(session, court))

    warnings = sittings.convene_sitting(session, court.secretary, court.sitting_id, now=NOON)

    (warning,) = warnings
    assert (warning.code, warning.facts["member"]) == ("called_undertaking_missing", member_id)
    assert "{" not in gap_sentence(warning)


def test_no_sitting_is_planned_for_an_hour_that_has_passed(session: Session) -> None:
    court = a_court(session)

    with pytest.raises(BadInput) as refused:
        a_sitting(session, court, starts_at=NOON - timedelta(minutes=1))

    assert (refused.value.pointer, refused.value.code) == ("/starts_at", "hour_has_passed")


@pytest.mark.rule("R16")
@pytest.mark.parametrize("signs_first", [True, False])
def test_a_member_who_signs_the_undertaking_late_has_the_papers_before_the_child_is_called(
    session: Session, signs_first: bool
) -> None:
    court = a_court(session)
    late = of_panel(court.panel_id, Role.MEMBER)
    new = NewMember(court.seats["school"], late.person_id, 1, NOON.date(), None)
    member_id = members.add_member(session, court.head, court.panel_id, new, now=NOON)
    convened(session, court=court)
    court.people["late"], court.members["late"] = late, member_id
    with pytest.raises(NotThere):
        papers.open_papers(session, late, court.item_id, now=STARTS)

    if signs_first:
        _sign(session, court, member_id)
    here = [name for name in SEATS if name != "school"]  # whose alternate comes instead
    arrive(session, court, *here, "late")
    if signs_first:
        assert papers.open_papers(session, late, court.item_id, now=STARTS).case_id
    sittings.open_sitting(session, court.people["chair"], court.sitting_id, now=STARTS)
    declare(session, court, *here)
    if signs_first:
        declare(session, court, "late")
    agenda.call_item(session, court.people["chair"], court.item_id, now=STARTS)
    if not signs_first:
        _sign(session, court, member_id)
        attendance.record_movement(
            session, court.secretary, court.sitting_id, member_id, Movement.LEFT, now=STARTS
        )
        arrive(session, court, "late", now=STARTS + timedelta(minutes=1))

    assert papers.open_papers(session, late, court.item_id, now=STARTS + timedelta(minutes=2))


def _sign(session: Session, court: Court, member_id: str) -> None:
    members.record_undertaking(
        session, court.secretary, member_id, signed_on=NOON.date(), document_sha256="0" * 64, now=STARTS
    )  # fmt: skip
