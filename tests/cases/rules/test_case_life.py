"""Urgent acts, detention, holds, closing and coming of age, without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.ageing import (
    ALERT_MONTHS,
    Majority,
    Precision,
    alert_days,
    alerts_due,
    birthday,
    is_adult,
    look_on,
    majority,
    majority_from_age,
)
from cases.rules.closing import (
    Blocker,
    ClosingFacts,
    ClosureReason,
    may_close,
    not_contactable_gaps,
)
from cases.rules.detention import (
    DetentionPlace,
    TimeHeld,
    days_counted,
    days_held,
    time_held,
)
from cases.rules.emergency import Crossing, Danger, Duty, duties, may_cross
from cases.rules.packs import fingerprint
from core.packs.codes import CareType

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
DATES = st.dates(min_value=date(2000, 1, 1), max_value=date(2026, 12, 31))


@pytest.mark.rule("R4")
@given(st.booleans(), st.sets(st.sampled_from(["B1", "B2", "B3", "B4", "B5", "B6"])))
def test_every_urgent_act_is_followed_by_an_assessment_and_by_a_determination_if_needed(
    is_crossing: bool, triggers: set[str]
) -> None:
    owed = {duty.duty for duty in duties(acted_at=NOW, is_crossing=is_crossing, triggers=triggers)}

    assert Duty.SHORT_ASSESSMENT in owed
    assert (Duty.DETERMINATION in owed) == (is_crossing or bool(triggers))


@pytest.mark.rule("R33")
def test_convenience_is_no_emergency_at_the_border() -> None:
    agreed = Crossing("NA", "p", NOW, theirs_named=True, theirs_at=NOW)

    assert [g.code for g in may_cross(Danger.NO_CARE, agreed, now=NOW).gaps] == [
        "crossing_not_life_saving"
    ]
    assert may_cross(Danger.MEDICAL, agreed, now=NOW).is_possible


def test_consent_that_is_yet_to_come_is_no_consent() -> None:
    later = NOW + timedelta(minutes=1)
    crossing = Crossing("NA", "p", NOW, theirs_named=True, theirs_at=later)

    assert [g.code for g in may_cross(Danger.MEDICAL, crossing, now=NOW).gaps] == [
        "crossing_consent_in_future"
    ]


@pytest.mark.rule("R27")
def test_no_place_of_detention_is_a_form_of_care() -> None:
    held = {place.value for place in DetentionPlace}

    assert held.isdisjoint({care.value for care in CareType})


def test_days_and_hours_are_counted_from_the_lock_up() -> None:
    assert time_held(NOW - timedelta(hours=49), NOW) == TimeHeld(days=2, hours=1)
    assert days_counted(NOW - timedelta(hours=9), NOW) == 1
    assert days_counted(NOW - timedelta(hours=25), NOW) == 2


def test_days_of_several_children_are_summarised_without_naming_one() -> None:
    held = days_held([1, 2, 30])

    assert (held.children, held.median_days, held.longest_days) == (3, 2.0, 30)
    assert days_held([]).children == 0


@pytest.mark.rule("R55")
@pytest.mark.parametrize(
    ("last", "today", "gaps"),
    [
        (date(2026, 1, 1), date(2026, 3, 31), ["not_contactable_too_early"]),  # day 89
        (date(2026, 1, 1), date(2026, 4, 1), []),
        (
            date(2026, 2, 1),
            date(2026, 5, 1),
            ["not_contactable_too_early"],
        ),  # 89 days are three months
        (date(2026, 2, 1), date(2026, 5, 2), []),
        (None, date(2026, 5, 2), ["last_contact_missing"]),
    ],
)
def test_day_eighty_nine_is_too_early(last: date | None, today: date, gaps: list[str]) -> None:
    tried = [date(2026, 2, 10), date(2026, 3, 1), date(2026, 3, 20)]

    found = not_contactable_gaps(today=today, last_contact_on=last, attempts=tried)

    assert [gap.code for gap in found] == gaps


@pytest.mark.rule("R55")
def test_three_calls_on_one_day_are_one_attempt() -> None:
    tried = [date(2026, 2, 10)] * 3

    found = not_contactable_gaps(
        today=date(2026, 8, 1), last_contact_on=date(2026, 1, 1), attempts=tried
    )

    assert [(gap.code, gap.facts["recorded"]) for gap in found] == [("contact_attempts_missing", 1)]


def _facts(**changes: object) -> ClosingFacts:
    values: dict[str, object] = {
        "reason": ClosureReason.GOAL_MET,
        "today": TODAY,
        "last_visit_on": TODAY,
        "child_view_recorded": True,
        "words_given": True,
        **changes,
    }
    return ClosingFacts(**values)  # type: ignore[arg-type]


@pytest.mark.rule("R55")
@pytest.mark.parametrize("reason", list(ClosureReason))
@pytest.mark.parametrize(
    "blocker", [Blocker.OPEN_TRANSFER, Blocker.OPEN_APPEAL, Blocker.UNSIGNED_DECISION]
)
def test_no_reason_closes_over_an_open_transfer_appeal_or_unsigned_decision(
    reason: ClosureReason, blocker: Blocker
) -> None:
    answer = may_close(_facts(reason=reason, blockers=[blocker]))

    assert f"blocked_by_{blocker}" in [gap.code for gap in answer.gaps]


def test_nobody_is_asked_to_visit_a_child_who_died() -> None:
    facts = _facts(
        reason=ClosureReason.DEATH,
        last_visit_on=None,
        child_view_recorded=False,
        blockers=[Blocker.OPEN_ALARM, Blocker.OPEN_REPORT],
    )

    assert may_close(facts).is_possible


def test_a_blocker_of_another_part_of_the_system_has_words_too() -> None:
    gaps = may_close(_facts(blockers=["something_new", "something_new"])).gaps

    assert [(g.code, g.facts["count"]) for g in gaps] == [("blocked_by_other", 2)]


@pytest.mark.rule("R57")
def test_a_leap_day_child_stays_a_child_until_the_first_of_march() -> None:
    assert birthday(date(2008, 2, 29), 18) == date(2026, 3, 1)
    assert birthday(date(2008, 2, 29), 20) == date(2028, 2, 29)


@pytest.mark.rule("R57")
@given(
    DATES, st.sampled_from([Precision.DAY, Precision.MONTH, Precision.YEAR, Precision.ESTIMATED])
)
def test_in_doubt_alerts_come_early_and_majority_comes_late(born: date, how: Precision) -> None:
    exact = majority(born, Precision.DAY, adult_at=18)
    known = majority(born, how, adult_at=18)

    assert exact is not None
    assert known is not None
    assert known.earliest <= exact.earliest <= exact.certain <= known.certain


@pytest.mark.rule("R57")
def test_nobody_comes_of_age_whose_birth_is_unknown() -> None:
    assert majority(TODAY, Precision.UNKNOWN, adult_at=18) is None
    assert not is_adult(None, date(2090, 1, 1))


def test_a_stated_age_leaves_a_year_of_doubt() -> None:
    day = majority_from_age(15, date(2026, 1, 1), adult_at=18)

    assert day == Majority(date(2028, 1, 2), date(2029, 1, 1))


@pytest.mark.rule("R57")
@given(DATES, DATES)
def test_each_alert_is_due_from_its_day_and_not_before(born: date, today: date) -> None:
    day = majority(born, Precision.DAY, adult_at=18)
    assert day is not None
    days = alert_days(day)

    due = alerts_due(day, today=today, raised=())

    assert due == tuple(months for months in ALERT_MONTHS if days[months] <= today)


@pytest.mark.rule("R49")
@given(DATES, DATES)
def test_the_day_to_look_again_is_never_after_what_is_next_to_say(born: date, today: date) -> None:
    day = majority(born, Precision.DAY, adult_at=18)
    assert day is not None
    raised = alerts_due(day, today=today, raised=())
    again = look_on(day, today=today, raised=raised)
    ahead = [d for m, d in alert_days(day).items() if m not in raised]

    if again is None:
        assert today >= day.certain
        assert not ahead
    else:
        assert again > today
        assert again <= max(min([*ahead, day.certain]), today + timedelta(days=1))
        assert again.day == 1 or again == today + timedelta(days=1)


def test_a_fingerprint_changes_with_any_line() -> None:
    assert fingerprint(["a", "b"]) == fingerprint(["b", "a"])
    assert fingerprint(["a", "b"]) != fingerprint(["a", "c"])
