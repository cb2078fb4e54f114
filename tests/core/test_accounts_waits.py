"""How long a next try waits: rules alone."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.accounts.waits import (
    FORGOTTEN_AFTER,
    PATIENCE,
    Count,
    Tally,
    alarm_level,
    network_of,
    seconds_to_wait,
    wait_after,
)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@given(st.sampled_from(Count), st.integers(0, 10_000))
def test_waits_only_grow_and_always_end(count: Count, failures: int) -> None:
    assert wait_after(count, failures) <= wait_after(count, failures + 1)
    assert wait_after(count, failures) <= PATIENCE[count].longest


def test_three_mistakes_cost_nothing_and_the_fourth_two_seconds() -> None:
    assert wait_after(Count.ACCOUNT, 3) == timedelta(0)
    assert wait_after(Count.ACCOUNT, 4) == timedelta(seconds=2)
    assert wait_after(Count.ACCOUNT, 7) == timedelta(seconds=16)


def test_the_longest_of_the_waits_counts() -> None:
    tallies = [Tally(Count.ACCOUNT, 5, NOON), Tally(Count.ADDRESS, 23, NOON)]

    assert seconds_to_wait(tallies, now=NOON) == 8
    assert seconds_to_wait(tallies, now=NOON + timedelta(seconds=7.5)) == 1
    assert seconds_to_wait(tallies, now=NOON + timedelta(seconds=8)) == 0


def test_a_guesser_elsewhere_does_not_keep_people_at_their_own_desk_out() -> None:
    attacked = Tally(Count.ACCOUNT, 90, NOON)
    noisy = Tally(Count.ADDRESS, 90, NOON)
    desk = Tally(Count.PAIR, 0, None, known_until=NOON + timedelta(days=3))

    assert seconds_to_wait([attacked, noisy, desk], now=NOON) == 0
    assert seconds_to_wait([attacked, noisy], now=NOON) == 900


def test_a_known_desk_still_waits_for_its_own_mistakes() -> None:
    desk = Tally(Count.PAIR, 5, NOON, known_until=NOON + timedelta(days=3))

    assert seconds_to_wait([desk], now=NOON) == 4


def test_a_desk_not_used_for_a_month_is_a_stranger_again() -> None:
    attacked = Tally(Count.ACCOUNT, 90, NOON)
    desk = Tally(Count.PAIR, 0, None, known_until=NOON)

    assert seconds_to_wait([attacked, desk], now=NOON) == 900


def test_a_clock_set_back_makes_nobody_wait_longer() -> None:
    tally = Tally(Count.ACCOUNT, 5, NOON + timedelta(days=8))

    assert seconds_to_wait([tally], now=NOON) == 4


def test_a_quiet_day_forgets_failures() -> None:
    tally = Tally(Count.ACCOUNT, 50, NOON)

    assert tally.current(NOON + FORGOTTEN_AFTER - timedelta(seconds=1)) == 50
    assert tally.current(NOON + FORGOTTEN_AFTER) == 0


def test_the_alarm_is_raised_at_ten_and_at_a_hundred() -> None:
    assert [n for n in range(1, 300) if alarm_level(n)] == [10, 100]


def test_the_network_of_one_customer_counts_as_one_address() -> None:
    assert network_of("2001:db8:1:2:aaaa::1") == network_of("2001:db8:1:2:bbbb::9")
    assert network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1")
    assert network_of("::ffff:192.0.2.1") == "192.0.2.1"
    assert network_of("not an address") == "unknown"
