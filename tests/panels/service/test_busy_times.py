"""When members cannot come: said by themselves or the secretary, hours only, and nothing told to others."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from core.errors import BadInput, NotAllowed, NotThere
from panels.rules.planning import BusyKind
from panels.service import busy_times, plan_accepting, plans
from panels.service.busy_times import Hours
from panels.service.plan_rooms import full
from panels.store import planning as store
from panels.tables.planning import BusyTimeRow
from tests.builders.planning import a_draft, a_planned_court, waiting_children
from tests.builders.sittings import a_head
from tests.conftest import NOON
from tests.core.test_calendars import a_calendar

ON_ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
DAY = Hours(NOON + timedelta(days=1), NOON + timedelta(days=2))


@ON_ONE
def test_a_member_says_it_for_themself_and_the_secretary_for_others(session: Session) -> None:
    court = a_planned_court(session)
    chair = court.members["chair"]
    mine = busy_times.add_busy_time(
        session, court.people["chair"], chair, BusyKind.LEAVE, DAY, now=NOON
    )
    busy_times.add_busy_time(session, court.secretary, chair, BusyKind.DUTY, DAY, now=NOON)

    with pytest.raises(NotAllowed):
        busy_times.add_busy_time(
            session, court.people["police"], chair, BusyKind.LEAVE, DAY, now=NOON
        )
    with pytest.raises(NotThere):
        busy_times.list_busy_times(session, a_head("NA"), chair, now=NOON)
    busy_times.forget_busy_time(session, court.people["chair"], mine, now=NOON)

    found = busy_times.list_busy_times(session, court.secretary, chair, now=NOON)
    assert [one.kind for one in found] == [BusyKind.DUTY]


@ON_ONE
@pytest.mark.parametrize(
    ("start", "end", "code"),
    [(2, 1, "before_it_begins"), (-2, -1, "hour_has_passed"), (1, 500, "longer_than_a_year")],
)
def test_hours_that_cannot_be_meant_are_refused(
    session: Session, start: int, end: int, code: str
) -> None:
    court = a_planned_court(session)
    hours = Hours(NOON + timedelta(days=start), NOON + timedelta(days=end))

    with pytest.raises(BadInput) as refused:
        busy_times.add_busy_time(
            session, court.secretary, court.members["chair"], BusyKind.LEAVE, hours, now=NOON
        )

    assert refused.value.code == code


@ON_ONE
def test_a_calendar_is_read_in_place_of_the_one_before_and_only_its_hours_are_kept(
    session: Session,
) -> None:
    court = a_planned_court(session)
    chair, member = court.people["chair"], court.members["chair"]
    first = a_calendar(
        "DTSTART:20260303T080000Z\r\nDTEND:20260303T100000Z\r\nSUMMARY:Oncologist\r\nLOCATION:Ward 9",
        "DTSTART:20260304T080000Z\r\nDTEND:20260304T100000Z",
    )
    busy_times.add_busy_time(session, chair, member, BusyKind.LEAVE, DAY, now=NOON)

    assert busy_times.take_calendar(session, chair, member, first, now=NOON) == 2
    second = a_calendar("DTSTART:20260305T080000Z\r\nDTEND:20260305T100000Z")
    assert busy_times.take_calendar(session, chair, member, second, now=NOON) == 1

    rows = session.exec(select(BusyTimeRow)).all()
    assert sorted(one.kind for one in rows) == ["calendar", "leave"]
    assert "Oncologist" not in str([one.model_dump() for one in rows])


@ON_ONE
def test_what_is_no_calendar_leaves_the_one_before(session: Session) -> None:
    court = a_planned_court(session)
    chair, member = court.people["chair"], court.members["chair"]
    known = a_calendar("DTSTART:20260305T080000Z\r\nDTEND:20260305T100000Z")
    busy_times.take_calendar(session, chair, member, known, now=NOON)

    with pytest.raises(BadInput) as refused:
        busy_times.take_calendar(session, chair, member, b"nothing of the kind", now=NOON)

    assert refused.value.code == "not_a_calendar"
    assert len(busy_times.list_busy_times(session, chair, member, now=NOON)) == 1


@ON_ONE
def test_a_closed_room_is_closed_to_every_plan_of_the_district(session: Session) -> None:
    court = a_planned_court(session, rooms=("A",))
    waiting_children(session, 1)
    weeks = Hours(NOON, NOON + timedelta(days=100))

    busy_times.close_room(session, court.secretary, court.panel_id, "A", weeks, now=NOON)
    with pytest.raises(BadInput):
        busy_times.close_room(session, court.secretary, court.panel_id, "B", weeks, now=NOON)

    plan_id = a_draft(session, court)
    view = plans.show_plan(session, court.secretary, plan_id, now=NOON)
    assert "room" in str(view.document["unscheduled"])


@ON_ONE
def test_the_video_bridge_is_closed_only_while_others_use_all_of_it(session: Session) -> None:
    wishes = {"bridge": "national", "bridge_capacity": 1, "mode": "hybrid"}
    first = a_planned_court(session, **wishes)
    waiting_children(session, 1)
    plan_accepting.accept_plan(session, first.secretary, a_draft(session, first), now=NOON)
    second = a_planned_court(session, **wishes)
    waiting_children(session, 1)

    plan_id = a_draft(session, second)
    view = plans.show_plan(session, second.secretary, plan_id, now=NOON)

    [taken] = [one.starts_at for one in store.to_come(session, first.panel_id, now=NOON)]
    [other] = [one["slot"] for one in view.document["sittings"]]
    assert datetime.fromisoformat(view.slots[other]["start"]) > taken


@pytest.mark.parametrize(("capacity", "spans"), [(1, [(0, 3)]), (2, [(1, 2)]), (3, [])])
def test_hours_at_which_so_many_use_a_thing(capacity: int, spans: list[tuple[int, int]]) -> None:
    hour = lambda number: NOON + timedelta(hours=number)  # noqa: E731  a name for one line

    found = full([(hour(0), hour(2)), (hour(1), hour(3))], capacity)

    joined = [(hour(a), hour(b)) for a, b in spans]
    covered = [(begin, end) for begin, end in found]
    assert sum((e - b for b, e in covered), timedelta()) == sum(
        (e - b for b, e in joined), timedelta()
    )
