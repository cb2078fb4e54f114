"""Wake-ups: nothing that happened is forgotten, and one runner at a time works on a case."""

from datetime import datetime, timedelta

from sqlmodel import Session

from core import wakeups

LEASE = timedelta(seconds=60)


def test_a_case_woken_while_it_is_worked_on_stays_pending(session: Session, now: datetime) -> None:
    wakeups.wake(session, "case-1", now=now)
    claims = wakeups.claim(session, runner="a", now=now, lease=LEASE, limit=10)
    wakeups.wake(session, "case-1", now=now)

    wakeups.done(session, claims, runner="a")

    assert wakeups.waiting_count(session, now=now) == 1


def test_two_runners_never_hold_the_same_case(session: Session, now: datetime) -> None:
    wakeups.wake(session, "case-1", now=now)
    wakeups.claim(session, runner="a", now=now, lease=LEASE, limit=10)

    other = wakeups.claim(session, runner="b", now=now, lease=LEASE, limit=10)

    assert other == []


def test_a_lease_that_ran_out_lets_another_runner_take_over(
    session: Session, now: datetime
) -> None:
    wakeups.wake(session, "case-1", now=now)
    wakeups.claim(session, runner="a", now=now, lease=LEASE, limit=10)

    later = now + LEASE + timedelta(seconds=1)
    taken = wakeups.claim(session, runner="b", now=later, lease=LEASE, limit=10)

    assert [item.subject for item in taken] == ["case-1"]


def test_a_finished_case_is_not_claimed_again(session: Session, now: datetime) -> None:
    wakeups.wake(session, "case-1", now=now)
    claims = wakeups.claim(session, runner="a", now=now, lease=LEASE, limit=10)

    wakeups.done(session, claims, runner="a")

    assert wakeups.claim(session, runner="a", now=now, lease=LEASE, limit=10) == []


def test_a_failed_case_is_tried_again_later_and_never_dropped(
    session: Session, now: datetime
) -> None:
    wakeups.wake(session, "case-1", now=now)
    (claim,) = wakeups.claim(session, runner="a", now=now, lease=LEASE, limit=10)

    wakeups.fail(session, claim, runner="a", retry_at=now + timedelta(minutes=1))

    assert wakeups.claim(session, runner="a", now=now, lease=LEASE, limit=1) == []
    later = now + timedelta(minutes=2)
    assert len(wakeups.claim(session, runner="a", now=later, lease=LEASE, limit=1)) == 1


def test_a_case_woken_twice_in_one_act_is_worked_on_once(session: Session, now: datetime) -> None:
    wakeups.wake(session, "case-1", now=now)
    wakeups.wake(session, "case-1", now=now)
    claims = wakeups.claim(session, runner="a", now=now, lease=LEASE, limit=10)

    wakeups.done(session, claims, runner="a")

    assert wakeups.waiting_count(session, now=now) == 0


def test_a_wake_up_taken_back_with_its_savepoint_is_left_again_by_the_next_act(
    session: Session, now: datetime
) -> None:
    inner = session.begin_nested()
    wakeups.wake(session, "case-1", now=now)
    inner.rollback()

    wakeups.wake(session, "case-1", now=now)

    assert wakeups.waiting_count(session, now=now) == 1
