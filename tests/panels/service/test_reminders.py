"""The panel is reminded the day before it meets, once for each date, and nothing happens by itself."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from core.outbox import OutboxRow
from panels.service import papers, reminders, sittings
from panels.service.reminders import Coming
from panels.store import sitting as store
from tests.builders.sittings import STARTS, Court, convened
from tests.conftest import NOON

THE_DAY_BEFORE = STARTS - timedelta(hours=20)


def told(session: Session, topic: str = reminders.TOPIC) -> list[dict[str, object]]:
    rows = session.exec(select(OutboxRow).where(col(OutboxRow.topic) == topic)).all()
    return [dict(row.payload) for row in rows]


def people(court: Court) -> set[str]:
    return {actor.person_id for actor in court.people.values()}


def remind(session: Session, now: datetime) -> int:
    return reminders.remind_of_sittings(session, now=now)


def test_members_and_secretary_are_reminded_once_the_day_before(session: Session) -> None:
    court = convened(session)

    first, again = remind(session, THE_DAY_BEFORE), remind(session, THE_DAY_BEFORE)

    assert (first, again) == (len(court.people) + 1, 0)
    assert {one["person"] for one in told(session) if "person" in one} == people(court)
    assert [one["panel"] for one in told(session) if "role" in one] == [court.panel_id]


def test_nobody_is_reminded_earlier_or_once_it_has_begun(session: Session) -> None:
    court = convened(session)

    assert remind(session, STARTS - timedelta(days=2)) == 0
    assert remind(session, STARTS) == 0
    assert reminders.remind_of_sitting(session, court.sitting_id, now=STARTS) == 0


def test_a_reminder_moves_nothing(session: Session) -> None:
    court = convened(session)

    remind(session, THE_DAY_BEFORE)

    row = store.find(session, court.sitting_id)
    assert row is not None
    assert row.state == "convened"


def test_a_cancelled_sitting_is_not_mentioned(session: Session) -> None:
    court = convened(session)
    sittings.cancel_sitting(session, court.secretary, court.sitting_id, "flood", now=THE_DAY_BEFORE)

    assert remind(session, THE_DAY_BEFORE) == 0
    assert reminders.remind_of_sitting(session, court.sitting_id, now=THE_DAY_BEFORE) == 0


def test_a_run_of_its_own_and_the_usual_look_remind_once_between_them(session: Session) -> None:
    court = convened(session)

    own = reminders.remind_of_sitting(session, court.sitting_id, now=THE_DAY_BEFORE)

    assert own == len(court.people) + 1
    assert remind(session, THE_DAY_BEFORE) == 0


def test_dates_to_come_are_known_two_weeks_ahead(session: Session) -> None:
    court = convened(session)
    near = reminders.to_come(
        session, now=STARTS - timedelta(days=10), within=timedelta(days=14), limit=10
    )
    far = reminders.to_come(
        session, now=STARTS - timedelta(days=40), within=timedelta(days=14), limit=10
    )

    assert near == [Coming(court.sitting_id, STARTS - timedelta(days=1))]
    assert far == []


def test_members_are_called_to_a_convened_sitting_by_name(session: Session) -> None:
    court = convened(session)

    assert {one["person"] for one in told(session, "sitting.convened")} == people(court)


def test_whoever_has_not_opened_the_papers_is_reminded_every_72_hours(session: Session) -> None:
    court = convened(session)
    papers.open_papers(session, court.people["chair"], court.item_id, now=NOON)
    hours = [timedelta(hours=count) for count in (71, 72, 100, 144)]

    new = [reminders.remind_of_papers(session, now=NOON + at) for at in hours]
    begun = reminders.remind_of_papers(session, now=STARTS)

    others = len(court.people) - 1
    assert (new, begun) == ([0, others, 0, others], 0)
    reminded = {one["person"] for one in told(session, reminders.UNREAD)}
    assert reminded == people(court) - {court.people["chair"].person_id}
