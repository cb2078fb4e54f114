from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.clocks import (
    LADDER,
    LEVELS,
    MAX_PAUSE,
    NEVER_PAUSED,
    Clock,
    ClockCode,
    PauseReason,
    Recipient,
    level_at,
    levels_of,
    levels_reached,
    may_pause,
    next_level_at,
    percent,
    recipients,
    resumed,
)

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HOURS = st.integers(min_value=1, max_value=5000).map(lambda n: timedelta(hours=n))


def test_a_ten_day_limit_speaks_after_seven_and_a_half_ten_fifteen_and_twenty_days() -> None:
    clock = Clock(START, START + 10 * DAY)

    assert [level_at(clock, level) - START for level in LEVELS] == [
        7.5 * DAY,
        10 * DAY,
        15 * DAY,
        20 * DAY,
    ]


def test_at_once_is_late_at_once_and_climbs_within_the_hour() -> None:
    clock = Clock(START, START)

    assert levels_reached(clock, START) == (75, 100)
    assert levels_reached(clock, START + timedelta(minutes=30)) == (75, 100, 150)
    assert levels_reached(clock, START + timedelta(hours=1)) == LEVELS


@given(HOURS, HOURS)
def test_a_level_is_reached_exactly_when_its_moment_has_come(
    limit: timedelta, after: timedelta
) -> None:
    clock, now = Clock(START, START + limit), START + after

    reached = levels_reached(clock, now)

    assert reached == tuple(level for level in LEVELS if percent(clock, now) >= level)


@given(HOURS, HOURS, HOURS)
def test_a_pause_gives_back_exactly_the_time_it_took_and_never_more_than_thirty_days(
    limit: timedelta, until_pause: timedelta, pause: timedelta
) -> None:
    clock = Clock(START, START + limit)
    standing = Clock(START, START + limit, paused_at=START + until_pause)

    again = resumed(standing, START + until_pause + pause)

    assert again.due_at - clock.due_at == again.paused_for == min(pause, MAX_PAUSE)


@given(HOURS, HOURS, HOURS)
def test_a_standing_clock_uses_up_nothing(
    limit: timedelta, until_pause: timedelta, pause: timedelta
) -> None:
    standing = Clock(START, START + limit, paused_at=START + until_pause)
    within = min(pause, MAX_PAUSE)

    assert percent(standing, START + until_pause + within) == percent(standing, START + until_pause)


def test_a_clock_that_has_said_everything_is_not_looked_at_again() -> None:
    assert next_level_at(Clock(START, START + DAY, level=200)) is None


def test_a_period_that_simply_ends_makes_nobody_late() -> None:
    assert levels_of(ClockCode.APPEAL_WINDOW) == (75, 100)
    assert levels_of(ClockCode.SHORT_ASSESSMENT) == LEVELS


@pytest.mark.parametrize("code", [c for c in ClockCode if int(c.value[1:]) <= 12])
def test_another_country_never_hears_of_a_limit_inside_this_one(code: ClockCode) -> None:
    across = {Recipient.COUNTERPART, Recipient.BILATERAL_ITEM}

    told = {
        recipient
        for level in LEVELS
        for recipient in recipients(code, level, tells_counterpart=True)
    }

    assert not told & across


@pytest.mark.rule("R41")
def test_a_receipt_that_does_not_come_is_told_to_both_sides_and_ends_between_the_countries() -> (
    None
):
    told = [
        recipients(ClockCode.RECEIPT, level, ladder=LADDER, tells_counterpart=True)
        for level in LEVELS
    ]

    assert told == [
        (Recipient.OWNER,),
        (Recipient.SECRETARIAT,),
        (Recipient.SECRETARIAT_HEAD, Recipient.COUNTERPART),
        (Recipient.BILATERAL_ITEM,),
    ]


@pytest.mark.parametrize("code", sorted(NEVER_PAUSED))
def test_what_measures_an_absence_or_anothers_promise_never_stands_still(code: ClockCode) -> None:
    today = date(2026, 3, 2)

    answer = may_pause(
        code, PauseReason.ON_HOLD, question_ref="", review_on=today + DAY, today=today
    )

    assert [gap.code for gap in answer.gaps] == ["clock_never_pauses"]
