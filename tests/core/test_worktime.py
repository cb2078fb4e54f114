"""When something is due, in the working calendar of the country that acts."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.worktime import (
    Limit,
    Unit,
    WorkingCalendar,
    add_working_days,
    due_at,
    elapsed_share,
    is_working_day,
    latest_before,
    moment_of_share,
)

WEEK = frozenset({1, 2, 3, 4, 5})


def a_calendar(*holidays: str, zone: str = "Africa/Lusaka", week=WEEK) -> WorkingCalendar:
    days = frozenset(date.fromisoformat(day) for day in holidays)
    return WorkingCalendar(zone, week, days.__contains__)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))
limits = st.builds(Limit, st.integers(0, 40), st.sampled_from(Unit))
zones = st.sampled_from(["Africa/Lusaka", "America/New_York", "America/Tijuana", "Africa/Windhoek"])


def test_an_emergency_report_due_in_24_hours_is_due_exactly_one_day_later():
    due = due_at(utc("2026-05-06T14:30:00"), Limit(24, Unit.HOURS), a_calendar())

    assert due == utc("2026-05-07T14:30:00")


def test_working_days_end_at_the_close_of_the_local_day():
    wednesday_evening = utc("2026-05-06T16:00:00")

    due = due_at(wednesday_evening, Limit(1, Unit.WORKING_DAYS), a_calendar())

    assert due == utc("2026-05-07T21:59:59")  # 23:59:59 in Lusaka


def test_an_alert_after_local_midnight_belongs_to_the_next_local_day():
    still_monday_in_utc = utc("2026-05-04T22:30:00")  # Tuesday 00:30 in Lusaka

    due = due_at(still_monday_in_utc, Limit(1, Unit.WORKING_DAYS), a_calendar())

    assert due == utc("2026-05-06T21:59:59")


def test_a_weekend_is_not_counted_in_working_days():
    friday = utc("2026-05-08T08:00:00")

    due = due_at(friday, Limit(2, Unit.WORKING_DAYS), a_calendar())

    assert due == utc("2026-05-12T21:59:59")  # Tuesday


def test_something_due_the_same_day_is_due_at_its_close_even_on_a_sunday():
    sunday = utc("2026-05-10T09:00:00")

    due = due_at(sunday, Limit(0, Unit.WORKING_DAYS), a_calendar())

    assert due == utc("2026-05-10T21:59:59")


@pytest.mark.rule("R59")
def test_a_holiday_in_one_country_moves_only_that_countrys_working_day_limits():
    zambia = a_calendar("2026-10-05", zone="Africa/Lusaka")  # a holiday there, not in Windhoek
    namibia = a_calendar(zone="Africa/Windhoek")
    friday = utc("2026-10-02T10:00:00")
    three = Limit(3, Unit.WORKING_DAYS)

    assert due_at(friday, three, zambia) == utc("2026-10-08T21:59:59")
    assert due_at(friday, three, namibia) == utc("2026-10-07T21:59:59")


@pytest.mark.rule("R59")
def test_a_holiday_does_not_move_a_limit_that_is_not_in_working_days():
    plain, with_holiday = a_calendar(), a_calendar("2026-10-05", "2026-10-06")
    friday = utc("2026-10-02T10:00:00")

    for unit in set(Unit) - {Unit.WORKING_DAYS}:
        assert due_at(friday, Limit(3, unit), plain) == due_at(friday, Limit(3, unit), with_holiday)


@pytest.mark.rule("R59")
def test_the_same_stamp_is_another_day_in_another_country():
    moment = utc("2026-06-01T23:30:00")  # Tuesday 01:30 in Lusaka, Monday 17:30 in El Salvador
    one = Limit(1, Unit.WORKING_DAYS)

    lusaka = due_at(moment, one, a_calendar())
    san_salvador = due_at(moment, one, a_calendar(zone="America/El_Salvador"))

    assert lusaka == utc("2026-06-03T21:59:59")
    assert san_salvador == utc("2026-06-03T05:59:59")


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        ("2026-01-31T10:00:00", Limit(1, Unit.MONTHS), "2026-02-28T10:00:00"),
        ("2028-01-31T10:00:00", Limit(1, Unit.MONTHS), "2028-02-29T10:00:00"),
        ("2026-08-31T10:00:00", Limit(6, Unit.MONTHS), "2027-02-28T10:00:00"),
        ("2028-02-29T10:00:00", Limit(1, Unit.YEARS), "2029-02-28T10:00:00"),
        ("2026-11-30T10:00:00", Limit(3, Unit.MONTHS), "2027-02-28T10:00:00"),
        ("2026-05-06T10:00:00", Limit(2, Unit.WEEKS), "2026-05-20T10:00:00"),
    ],
)
def test_a_limit_in_months_ends_on_the_last_day_of_a_shorter_month(start, limit, due):
    assert due_at(utc(start), limit, a_calendar()) == utc(due)


def test_days_keep_the_local_hour_when_the_clocks_go_forward():
    new_york = a_calendar(zone="America/New_York")
    saturday_noon = utc("2026-03-07T17:00:00")  # 12:00 EST; clocks change on the 8th

    assert due_at(saturday_noon, Limit(1, Unit.DAYS), new_york) == utc("2026-03-08T16:00:00")
    assert due_at(saturday_noon, Limit(24, Unit.HOURS), new_york) == utc("2026-03-08T17:00:00")


def test_an_hour_that_does_not_exist_locally_still_gives_a_due_time():
    new_york = a_calendar(zone="America/New_York")
    half_past_two = utc("2026-03-07T07:30:00")  # 02:30 EST; 02:30 is skipped on the 8th

    due = due_at(half_past_two, Limit(1, Unit.DAYS), new_york)

    assert due == utc("2026-03-08T07:30:00")  # 03:30 EDT


def test_of_an_hour_that_happens_twice_the_first_counts():
    new_york = a_calendar(zone="America/New_York")
    half_past_one = utc("2026-10-31T05:30:00")  # 01:30 EDT; on 1 November 01:30 happens twice

    due = due_at(half_past_one, Limit(1, Unit.DAYS), new_york)

    assert due == utc("2026-11-01T05:30:00")


def test_papers_three_working_days_before_a_thursday_sitting_are_out_by_the_close_of_monday():
    thursday = utc("2026-05-07T07:00:00")

    latest = latest_before(thursday, Limit(3, Unit.WORKING_DAYS), a_calendar())

    assert latest == utc("2026-05-04T21:59:59")


def test_papers_before_a_sitting_leave_out_a_holiday_in_between():
    thursday = utc("2026-05-07T07:00:00")

    latest = latest_before(thursday, Limit(3, Unit.WORKING_DAYS), a_calendar("2026-05-05"))

    assert latest == utc("2026-05-01T21:59:59")


def test_papers_for_an_extraordinary_sitting_are_out_24_hours_before():
    sitting = utc("2026-05-10T07:00:00")

    assert latest_before(sitting, Limit(24, Unit.HOURS), a_calendar()) == utc("2026-05-09T07:00:00")


def test_the_latest_moment_before_an_event_is_never_after_it():
    morning = utc("2026-05-07T07:00:00")

    assert latest_before(morning, Limit(0, Unit.WORKING_DAYS), a_calendar()) == morning


def test_a_country_whose_week_has_six_working_days_works_on_saturday():
    six_days = a_calendar(week=frozenset({1, 2, 3, 4, 5, 6}))

    assert is_working_day(date(2026, 5, 9), six_days)
    assert not is_working_day(date(2026, 5, 10), six_days)


def test_half_of_the_time_is_a_share_of_one_half():
    start, due = utc("2026-05-01T00:00:00"), utc("2026-05-03T00:00:00")

    assert elapsed_share(start, due, utc("2026-05-02T00:00:00")) == 0.5
    assert elapsed_share(start, due, due) == 1.0
    assert elapsed_share(start, due, utc("2026-05-05T00:00:00")) == 2.0
    assert elapsed_share(start, due, utc("2026-04-30T00:00:00")) == 0.0


def test_a_response_due_at_once_climbs_the_ladder_by_the_hour():
    alert = utc("2026-05-01T08:00:00")

    assert elapsed_share(alert, alert, alert - timedelta(minutes=1)) == 0.0
    assert elapsed_share(alert, alert, alert) == 1.0
    assert elapsed_share(alert, alert, alert + timedelta(minutes=30)) == 1.5
    assert moment_of_share(alert, alert, 75) == alert
    assert moment_of_share(alert, alert, 150) == alert + timedelta(minutes=30)


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        due_at(datetime(2026, 5, 1), Limit(1, Unit.DAYS), a_calendar())


def test_a_limit_that_runs_backwards_is_refused():
    with pytest.raises(ValueError, match="negative"):
        Limit(-1, Unit.DAYS)


def test_a_limit_in_an_unknown_unit_is_refused():
    with pytest.raises(ValueError, match="fortnights"):
        Limit(1, "fortnights")  # type: ignore[arg-type]


@pytest.mark.parametrize("week", [frozenset(), frozenset({0, 1}), frozenset({8})])
def test_a_working_week_of_impossible_days_is_refused(week):
    with pytest.raises(ValueError, match="working week"):
        a_calendar(week=week)


def test_a_calendar_without_any_working_day_is_refused_instead_of_searched_for_ever():
    never = WorkingCalendar("Africa/Lusaka", WEEK, lambda _day: True)

    with pytest.raises(ValueError, match="no working day"):
        add_working_days(date(2026, 5, 1), 1, never)


@given(start=moments, limit=limits, zone=zones)
def test_nothing_is_ever_due_before_it_starts(start, limit, zone):
    due = due_at(start, limit, a_calendar("2026-05-01", zone=zone))

    assert due.tzinfo is UTC
    assert due >= start


@given(start=moments, limit=limits, zone=zones)
def test_one_more_never_makes_something_due_earlier(start, limit, zone):
    calendar = a_calendar("2026-05-01", zone=zone)

    longer = Limit(limit.amount + 1, limit.unit)

    assert due_at(start, longer, calendar) > due_at(start, limit, calendar)


@given(start=moments, count=st.integers(1, 30), extra=st.dates(date(2026, 1, 1), date(2027, 1, 1)))
def test_another_holiday_never_makes_something_due_earlier(start, count, extra):
    limit = Limit(count, Unit.WORKING_DAYS)

    plain = due_at(start, limit, a_calendar())
    with_holiday = due_at(start, limit, a_calendar(extra.isoformat()))

    assert with_holiday >= plain


@given(day=st.dates(date(2020, 1, 1), date(2035, 1, 1)), count=st.integers(-40, 40))
def test_counting_working_days_lands_on_a_working_day_with_that_many_in_between(day, count):
    calendar = a_calendar("2026-01-01", "2026-05-01")

    end = add_working_days(day, count, calendar)

    first, last = min(day, end), max(day, end)
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    passed = [d for d in span if d != day and is_working_day(d, calendar)]
    assert len(passed) == abs(count)
    assert count == 0 or is_working_day(end, calendar)


@given(start=moments, hours=st.integers(0, 10_000), percent=st.sampled_from([100, 150, 200]))
def test_the_moment_of_a_share_is_when_that_share_has_elapsed(start, hours, percent):
    due = start + timedelta(hours=hours)

    moment = moment_of_share(start, due, percent)

    assert elapsed_share(start, due, moment) == pytest.approx(percent / 100)
